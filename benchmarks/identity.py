"""Who is the same person: `keepwell.link` on any file whose truth is known, beside plain Splink on the same records.

``python benchmarks/identity.py --records FILE --truth FILE [--columns MAPPING] [--at 0.5 0.95]``. FILE is CSV or
Parquet; the truth has two columns, a record's number and whom it belongs to. MAPPING names the file's columns as
``record_code=rec_id,client_name=first+last,birth_on=dob``: the names of ``keepwell.link``, several columns joined by
``+`` into one text; ``truth=NAME`` takes the truth from a column of the records themselves. Keepwell runs once, with
the thresholds of the pack as it is signed. Splink is trained on the records and clustered at each threshold of
``--at``; where it is not installed (requirements/bench.txt) that is said. The last column is how many times Keepwell's
CPU a method takes. ``--memory 1GB`` bounds what Keepwell's database holds at a time.
Each runs in a process of its own: CPU and memory are that process's. Counted is everything
from the records in memory to the clients of all of them, with planning, learning or training, and all threads; to
import the libraries and to read the file is not, for either method: imports stand in a column of their own. Keepwell
runs twice: the first call ever makes its SQL and keeps it in the user's cache folder, here an empty one; the second
takes it over.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet as pq
from measure import own_cpu, row

COLUMNS = (
    "method", "P", "R", "F1", "B-cubed P", "B-cubed R", "largest",
    "imports CPU s", "CPU s", "peak GiB", "records / CPU s", "x Keepwell's CPU",
)  # fmt: skip
LIBRARIES = {"keepwell": ("keepwell.linking",), "splink": ("pandas", "splink", "splink.comparison_library")}
TEXTS = ("client_name", "birth_on", "id_number", "phone", "email", "address")


def main() -> None:
    """Link the records both ways, each in a process of its own, and print how right and how dear each is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=Path, required=True)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--columns", default="")
    parser.add_argument("--at", type=float, nargs="+", default=[0.5, 0.95])
    parser.add_argument("--merges-at", type=Decimal, help="instead of the pack's own threshold")
    parser.add_argument("--memory", help="what Keepwell's database may hold at a time, such as 1GB")
    parser.add_argument("--only", choices=("keepwell", "splink"), help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    told = dict(part.split("=") for part in asked.columns.split(",") if part)
    whole = _read(asked.records)
    truth = told.pop("truth", None)
    records = _persons(whole, told)
    if asked.only:
        _measure(asked, records)
        return
    owner = _truth(records, whole, truth, asked.truth)
    row(*COLUMNS)
    row(*["---"] * len(COLUMNS))
    with tempfile.TemporaryDirectory(prefix="keepwell-bench-") as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        _tell("keepwell", owner, len(records), called="keepwell, first call ever")
        own = _tell("keepwell", owner, len(records))
    if importlib.util.find_spec("splink") is None:
        print("plain Splink is not installed, so there is nothing to compare with: requirements/bench.txt")
    else:
        _tell("splink", owner, len(records), own=own)


def _read(path: Path) -> pa.Table:
    table = pq.read_table(path) if path.suffix == ".parquet" else pa.csv.read_csv(path)
    return table.rename_columns([name.strip() for name in table.column_names])


def _persons(whole: pa.Table, told: dict[str, str]) -> pa.Table:
    """The records under the names of `keepwell.link`; without a mapping those that the file has already."""
    named = told or {name: name for name in whole.column_names}
    return pa.table({name: _joined(whole, theirs.split("+")) for name, theirs in named.items()})


def _joined(whole: pa.Table, names: list[str]) -> pa.ChunkedArray:
    texts = [pa.compute.utf8_trim_whitespace(whole[name].cast(pa.string())) for name in names]
    if len(texts) == 1:
        return texts[0]
    return pa.compute.binary_join_element_wise(*(pa.compute.fill_null(text, "") for text in texts), " ")


def _truth(records: pa.Table, whole: pa.Table, column: str | None, path: Path | None) -> dict[str, Any]:
    codes = records["record_code"].to_pylist()
    if column:
        return dict(zip(codes, _owner(whole, column), strict=True))
    if path is None:
        raise SystemExit("--truth FILE, or truth=COLUMN in --columns")
    named = _read(path)
    first, second, *_others = named.column_names
    return dict(zip(named[first].cast(pa.string()).to_pylist(), named[second].to_pylist(), strict=True))


def _owner(whole: pa.Table, column: str) -> list[Any]:
    """A column as the truth; ``rec_id~-`` takes what stands between the first two dashes of it."""
    name, _tilde, sign = column.partition("~")
    values = whole[name].to_pylist()
    return [value.strip().split(sign)[1] for value in values] if sign else values


def _tell(
    method: str, owner: dict[str, Any], n: int, *, own: float | None = None, called: str | None = None
) -> float:
    """Run a method in a process of its own, print its rows and answer its CPU seconds; ``own`` are Keepwell's."""
    with tempfile.TemporaryDirectory(prefix="keepwell-bench-") as folder:
        into = Path(folder) / "found.json"
        command = [sys.executable, __file__, *sys.argv[1:], "--only", method, "--into", str(into)]
        subprocess.run(command, check=True)
        found = json.loads(into.read_text(encoding="utf-8"))
    cpu = float(found["cpu"])
    for label, clients in found["clients"].items():
        told = [f"{value:.5f}" for value in rightness(clients, owner)]
        row(
            called or label,
            *told,
            max(Counter(clients.values()).values()),
            f"{found['imports']:.1f}",
            f"{cpu:.1f}",
            f"{found['gib']:.2f}",
            round(n / cpu),
            f"{cpu / (own or cpu):.1f}",
        )
    return cpu


def _measure(asked: argparse.Namespace, records: pa.Table) -> None:
    import resource

    started = own_cpu()
    for name in LIBRARIES[asked.only]:
        importlib.import_module(name)
    before = own_cpu()
    clients = _keepwell(records, asked) if asked.only == "keepwell" else _splink(records, asked.at)
    cpu, peak = own_cpu() - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    found = {"clients": clients, "imports": before - started, "cpu": cpu, "gib": peak}
    asked.into.write_text(json.dumps(found), encoding="utf-8")


def _keepwell(records: pa.Table, asked: argparse.Namespace) -> dict[str, dict[str, str]]:
    from keepwell import link

    found = link(records, merges_at=asked.merges_at, memory=asked.memory)
    return {
        "keepwell": dict(
            zip(*(found[name].to_pylist() for name in ("record_code", "client_id")), strict=True)
        )
    }


def _splink(records: pa.Table, at: list[float]) -> dict[str, dict[str, str]]:
    """Splink as its own guide sets it up: blocks on each column, one comparison a column, weights by expectation."""
    held = [name for name in TEXTS if name in records.column_names]
    linker = _trained(records, held)
    scored = linker.inference.predict(threshold_match_probability=min(at))
    answer = {}
    for limit in at:
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(
            scored, threshold_match_probability=limit
        ).as_pandas_dataframe()
        answer[f"splink at {limit}"] = dict(
            zip(found["record_code"].astype(str), found["cluster_id"].astype(str), strict=True)
        )
    return answer


def _trained(records: pa.Table, held: list[str]) -> Any:
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    comparisons = _comparisons()
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_code",
        comparisons=[comparisons[name].configure(term_frequency_adjustments=True) for name in held],
        blocking_rules_to_generate_predictions=[
            *(block_on(name) for name in held if name != "client_name"),
            block_on("client_name", "substr(birth_on, 1, 4)"),
        ],
    )
    linker = Linker(DuckDBAPI().register(records.to_pandas()), settings, log_level=None)
    sure = [block_on(name) for name in ("id_number", "email", "phone") if name in held]
    rules = sure or [block_on("client_name", "birth_on")]
    linker.training.estimate_probability_two_random_records_match(rules, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in ("client_name", "birth_on"):
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(rule), record_sample_proportion=1.0
        )
    return linker


def _comparisons() -> dict[str, Any]:
    import splink.comparison_library as compare

    return {
        "client_name": compare.JaroWinklerAtThresholds("client_name", [0.92, 0.8]),
        "birth_on": compare.LevenshteinAtThresholds("birth_on", [1, 2]),
        "id_number": compare.LevenshteinAtThresholds("id_number", [1, 2]),
        "phone": compare.LevenshteinAtThresholds("phone", [1, 2]),
        "email": compare.JaroWinklerAtThresholds("email", [0.9]),
        "address": compare.JaroWinklerAtThresholds("address", [0.95, 0.85]),
    }


def rightness(clients: dict[str, str], owner: dict[str, Any]) -> tuple[float, float, float, float, float]:
    """Pairwise precision, recall and F1; B-cubed precision and recall."""
    both = Counter((client, owner[code]) for code, client in clients.items())
    found, true = Counter(clients.values()), Counter(owner[code] for code in clients)
    right, said, meant = _pairs(both), _pairs(found), _pairs(true)
    precision = right / said if said else 1.0
    recall = right / meant if meant else 1.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    n = len(clients)
    return (
        precision,
        recall,
        f1,
        sum(size * size / found[client] for (client, _), size in both.items()) / n,
        sum(size * size / true[person] for (_, person), size in both.items()) / n,
    )


def _pairs(sizes: Counter[Any]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


if __name__ == "__main__":
    main()
