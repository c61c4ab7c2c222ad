"""The desk as the browser's tests have it served: the real application under the tests' clock."""

from keepwell.desk.site.wsgi import application
from tests import morning

__all__ = ["application"]
morning.settle()
