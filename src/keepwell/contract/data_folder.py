"""The data folder, which both wings may make first: what its `.gitignore` says."""

from __future__ import annotations

LEFT_ALONE = "# Keepwell's data: nothing here belongs in a repository\n*\n"
