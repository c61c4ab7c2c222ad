"""The pages for clients as the browser's tests have them served: the real application under the tests' clock."""

from keepwell.desk.client_pages.wsgi import application
from tests import morning

__all__ = ["application"]
morning.settle()
