"""``make bench``: every benchmark with small defaults, one after the other; any that failed are named at the end.

The sizes of the bars (1e6 clients) are asked of each benchmark by itself; ``benchmarks/README.md`` says how.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from measure import ROOT

SMALL: tuple[tuple[str, ...], ...] = (
    ("same_bytes.py", "--clients", "2000"),
    ("ingest.py", "--megabytes", "50"),
    ("features.py", "--events", "1e6"),
    ("features_peers.py", "--sizes", "1e5,1e6"),
    ("pipeline.py", "--sizes", "2000,20000"),
    ("night.py", "--clients", "5000", "--months", "6"),
    ("intake.py", "--clients", "20000"),
    ("audit.py", "--seconds", "10"),
    ("pairs.py", "--pairs", "5000"),
    ("pages.py", "--clients", "20000", "--larger", "200000"),
)


def main() -> None:
    """Run each as a process of its own, in this order."""
    failed = []
    for name, *arguments in SMALL:
        print(f"\n## {name} {' '.join(arguments)}\n", flush=True)
        begun = time.monotonic()
        command = [sys.executable, str(ROOT / "benchmarks" / name), *arguments]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        failed += [name] if code else []
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        print(
            f"\n{name}: exit code {code}, {time.monotonic() - begun:.0f} s; load of the machine {load}",
            flush=True,
        )
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
