"""What the web server loads."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.umask(0o077)  # as the management commands do
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepwell.desk.site.settings")
application = get_wsgi_application()
