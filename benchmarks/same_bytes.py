"""The same input twice, and at 1 and 4 threads: every file of the run is the same, byte for byte.

``python benchmarks/same_bytes.py [--clients 5000] [--months 36]`` makes the firm at 1 and at 4 threads, then runs the
command line in fresh data folders that share nothing but the key of hashed words. Ends with an error at a difference.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from pathlib import Path

from measure import keepwell, row, whole_process

AS_OF = "2026-11-20"
PARTS = ("tables", "vault", "quarantine")
KEY = bytes(range(32)).hex()


def main() -> None:
    """Make, run, compare; exit code 1 when anything differs."""
    asked = _arguments()
    row("compared", "files", "bytes", "different")
    row("---", "---", "---", "---")
    with tempfile.TemporaryDirectory(prefix="keepwell-bench-") as scratch:
        root = asked.keep or Path(scratch)
        firms = [_firm(root / f"firm-{threads}", threads, asked) for threads in (1, 4)]
        runs = [
            _run(root / name, firms[0], threads)
            for name, threads in (("one", 1), ("four", 4), ("four again", 4))
        ]
        differ = [
            _compare("made-up firm, 1 and 4 threads", firms[0] / "extracts", firms[1] / "extracts", ("",)),
            _compare("run, 1 and 4 threads", runs[0], runs[1], PARTS),
            _compare("run, 4 threads, twice", runs[1], runs[2], PARTS),
        ]
    if any(differ):
        sys.exit("the same input did not give the same bytes")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=5_000)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--keep", type=Path, help="keep everything in this folder")
    return parser.parse_args()


def _firm(folder: Path, threads: int, asked: argparse.Namespace) -> Path:
    size = ("--clients", str(asked.clients), "--months", str(asked.months), "--threads", str(threads))
    whole_process(keepwell("simulate", "--data", str(folder), *size, "--json"), quiet=True)
    return folder


def _run(folder: Path, firm: Path, threads: int) -> Path:
    """Run in a fresh data folder; the key of hashed words is all that it shares with another."""
    folder.mkdir(parents=True)
    (folder / "token_key").write_text(KEY, encoding="utf-8")
    (folder / "token_key").chmod(0o600)
    extracts = ("--extracts", str(firm / "extracts"), "--as-of", AS_OF, "--threads", str(threads))
    whole_process(keepwell("run", "--data", str(folder), *extracts, "--json"), quiet=True)
    return folder / "runs" / (folder / "runs" / "current").read_text(encoding="utf-8").strip()


def _compare(title: str, one: Path, other: Path, parts: tuple[str, ...]) -> list[str]:
    """Print how many files are the same; answers the names of those that are not, or stand on one side alone."""
    first, second = _hashes(one, parts), _hashes(other, parts)
    differ = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    size = sum((one / name).stat().st_size for name in first)
    row(title, len(first), f"{size:,}", ", ".join(differ) or "none")
    return differ


def _hashes(folder: Path, parts: tuple[str, ...]) -> dict[str, str]:
    files = [path for part in parts for path in sorted((folder / part).rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


if __name__ == "__main__":
    main()
