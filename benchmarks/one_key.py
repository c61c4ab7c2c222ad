"""What it costs when all records share one key: ten times the records may cost no more than twelve times the CPU.

``python benchmarks/one_key.py [--sizes 10000,100000]`` gives `keepwell.link` records that all bear one name, one phone
and one document number, so that every key and every block of the model holds all of them at once. Each size runs in a
process of its own; what a process costs before it has seen a record is measured with two records and told apart.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

import pyarrow as pa
from measure import own_cpu, row

from keepwell import link

NUMBER, PHONE = "11010519491231002X", "13912345678"


def main() -> None:
    """Link each size, print CPU seconds and what ten times the records cost; exit code 1 where that is over twelve."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--only", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only:
        print(linked(asked.only))
        return
    sizes = [int(size) for size in asked.sizes.split(",")]
    row("records under one key", "CPU s", "without what two records cost")
    row("---", "---", "---")
    least, *costs = [_cost(size) for size in (2, *sizes)]
    for size, cost in zip(sizes, costs, strict=True):
        row(f"{size:,}", f"{cost:.1f}", f"{cost - least:.1f}")
    ratio = (costs[-1] / costs[0]) / (sizes[-1] / sizes[0])
    print(f"{sizes[-1] / sizes[0]:.0f} times the records, {costs[-1] / costs[0]:.1f} times the CPU")
    if ratio > 1.2:
        sys.exit("more than a fifth beyond the records' own growth")


def _cost(size: int) -> float:
    command = [sys.executable, __file__, "--only", str(size)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def linked(n_records: int) -> float:
    """CPU seconds of linking so many records of one name, phone and document."""
    same = {"client_name": "王伟", "id_kind": "resident", "id_number": NUMBER, "phone": PHONE}
    records = pa.table(
        {
            "record_code": [f"{number:09d}" for number in range(n_records)],
            **{name: [value] * n_records for name, value in same.items()},
        }
    )
    before = own_cpu()
    link(records)
    return own_cpu() - before


if __name__ == "__main__":
    main()
