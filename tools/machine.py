"""See that the machine has what the whole suite needs: a browser, a Chinese font, PostgreSQL's programs.

As root on Debian what is missing is installed; otherwise the packages are named and the answer is 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# package: any one of these files shows that it is there
NEEDED = {
    "chromium": ("/usr/bin/chromium",),
    "fonts-noto-cjk": ("/usr/share/fonts/opentype/noto/NotoSansCJK*", "/usr/share/fonts/*/NotoSansCJK*"),
    "postgresql": ("/usr/lib/postgresql/*/bin/initdb",),
}


def missing() -> list[str]:
    """Name the Debian packages of which no file is there."""
    root = Path("/")
    return [
        name
        for name, patterns in NEEDED.items()
        if not any(path for pattern in patterns for path in root.glob(pattern.lstrip("/")))
    ]


def install(packages: list[str]) -> None:
    """Install Debian packages; raises `CalledProcessError` when apt-get fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"installing {', '.join(packages)} with apt-get", flush=True)
    subprocess.run(["apt-get", "update", "-qq"], env=environment, check=True)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    """Install or name what is missing; the exit code is 0 when nothing is."""
    packages = missing()
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        install(packages)
        packages = missing()
    if packages:
        print(f"The test suite needs: {' '.join(packages)}", file=sys.stderr)
        print(f"Install them first, for example: sudo apt-get install {' '.join(packages)}", file=sys.stderr)
    return 1 if packages else 0


if __name__ == "__main__":
    sys.exit(main())
