"""What the web server of the pages for clients loads."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.umask(0o077)
os.environ["DJANGO_SETTINGS_MODULE"] = "keepwell.desk.client_pages.settings"  # never the desk's
application = get_wsgi_application()
