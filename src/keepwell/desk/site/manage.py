"""The desk's management commands: `python -m keepwell.desk.site.manage COMMAND`."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command that stands on the command line."""
    os.umask(0o077)  # database and generations hold clients and log-ins: for the owner's eyes alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepwell.desk.site.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
