"""Find the weights of the identity pack from records alone: nobody's truth is read.

``python tools/train_identity.py --file FILE COLUMNS [--file FILE COLUMNS ...]``, where COLUMNS names the file's columns
as ``client_name=first+last,birth_on=dob``.

For each file: expectation and maximisation over the pairs that the pack's blocks bring together, scored by the pack's
own rules; how often records far apart in the file agree is counted beside it. The weights printed are those of all
files together, each file counting the same; a field that no file has keeps its weights. A person compares them with
the pack and signs.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from keepwell.contract import TABLES
from keepwell.engine.identity.rules import evidence, scores
from keepwell.engine.identity.stage import STAGE
from keepwell.engine.store.decide import Context, execute
from keepwell.engine.store.session import Session, compiled, unbound
from keepwell.linking import sources_of
from keepwell.policy.clients import Scoring, Weights
from keepwell.policy.packs import Packs, load_packs

Doubles = NDArray[np.float64]
Counts = dict[str, Doubles]
LEVELS = (evidence.SAME, evidence.CLOSE, evidence.NEAR, evidence.PART, evidence.DIFFERENT)
READ = ("record_identity", "investor", "bank_link", "account")
N_ROUNDS = 20
N_RANDOM = 1_000_000
LEAST = 0.002  # of one client's pairs at each level: what a file does not show may be there all the same
NOTHING = Decimal(0)


def main() -> None:
    """Read the files, count, print the weights as they stand in the pack."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--file", nargs=2, action="append", metavar=("FILE", "COLUMNS"), required=True)
    packs = load_packs(dt.datetime.now(tz=dt.UTC).date())
    found = [_counted(Path(file), columns, packs) for file, columns in parser.parse_args().file]
    for weights in packs.identity.scoring.weights:
        name = str(weights.field)
        having = [
            _bits(one[name], apart[name], packs.identity.scoring) for one, apart in found if one[name].any()
        ]
        if having:
            _tell(name, np.mean(having, axis=0))


def _tell(name: str, bits: Doubles) -> None:
    print("[[scoring.weights]]", f'field = "{name}"', "is_less_when_common = true", sep="\n")
    for level, value in zip(LEVELS, bits, strict=True):
        print(f'{level}_bits = "{value:.1f}"')
    print()


def _bits(one: Doubles, apart: Doubles, scoring: Scoring) -> Doubles:
    """Log2 of how much likelier each level is for one client; sameness is that of a value nobody else has."""
    unlikely = np.maximum(apart, 1 / N_RANDOM)
    unlikely[0] = 1 / scoring.n_known_records
    return np.asarray(np.log2(np.maximum(one, LEAST) / unlikely))


def _counted(file: Path, columns: str, packs: Packs) -> tuple[Counts, Counts]:
    """How often each field agrees how far: for pairs of one client, and for records that have nothing to do."""
    scoring = packs.identity.scoring
    with TemporaryDirectory(prefix="keepwell-train-") as folder, Session(2) as session:
        _standard(session, Path(folder), sources_of(_persons(file, columns)), packs)
        records, investor, bank_link, account = (unbound(TABLES[name]) for name in READ)
        stored = evidence.record_fact(records, investor, bank_link, account, packs)
        known = evidence.counted(evidence.facts(stored), stored, scoring)
        (n_records,) = session.rows("SELECT count(*) FROM record_identity")[0]
        session.run(f"CREATE TABLE distant AS {_distant(n_records)}")
        distant = ibis.table({"left_code": "string", "right_code": "string"}, name="distant")
        candidates = _compared(session, scores.couples(known, scoring), known, scoring)
        apart = _compared(session, distant, known, scoring)
    names = [str(one.field) for one in scoring.weights]
    seen = {name: _shares(apart[name], np.ones(len(apart))) for name in names}
    one = _expected(candidates, seen, scoring, n_records)
    print(f"# {file.name}: {n_records} records, {len(candidates)} pairs")
    return one, seen


def _persons(file: Path, columns: str) -> pa.Table:
    """The file with the columns of `keepwell.link`; several of its columns become one text."""
    table = pq.read_table(file) if file.suffix == ".parquet" else pa.csv.read_csv(file)
    table = table.rename_columns([name.strip() for name in table.column_names])
    told = dict(part.split("=") for part in columns.split(","))
    return pa.table({name: _joined(table, theirs.split("+")) for name, theirs in told.items()})


def _joined(table: pa.Table, names: list[str]) -> pa.ChunkedArray:
    texts = [pa.compute.fill_null(table[name].cast(pa.string()), "") for name in names]
    return texts[0] if len(texts) == 1 else pa.compute.binary_join_element_wise(*texts, " ")


def _standard(session: Session, folder: Path, sources: Mapping[str, pa.Table], packs: Packs) -> None:
    for name in ("customer_record", *READ[1:]):
        session.write_arrow(TABLES[name], sources[name], folder / f"{name}.parquet")
        session.view_files(TABLES[name], [folder / f"{name}.parquet"])
    for rule in STAGE.rules[:2]:
        execute(
            session, rule, Context(dt.date.max, packs, ""), lambda table: folder / f"{table.name}.parquet"
        )


def _distant(n_records: int) -> str:
    """Every record with some others, at steps through an order that has nothing to do with the facts."""
    n_steps = max(1, min(n_records - 1, N_RANDOM // n_records))
    placed = "SELECT record_code, row_number() OVER (ORDER BY sha256(record_code)) - 1 AS place FROM record_identity"
    steps = f"SELECT unnest(range(1, {n_steps + 1})) AS step"
    return (
        "SELECT a.record_code AS left_code, b.record_code AS right_code "  # noqa: S608 - numbers, and names of ours
        f"FROM ({placed}) a CROSS JOIN ({steps}) s JOIN ({placed}) b ON b.place = (a.place + s.step) % {n_records}"
    )


def _compared(session: Session, couples: Any, known: Any, scoring: Scoring) -> Any:
    """For each pair and field the level, and under ``less_`` names by how many bits commonness lowers sameness."""
    bare = replace(scoring, weights=tuple(_bare(one) for one in scoring.weights))
    pair = evidence.pairs(couples, known)
    levels = evidence.levels(pair)
    lowered = {f"less_{field}": bits.cast("float64") for field, bits in evidence.bits(pair, bare).items()}
    told = pair.select(**{str(field): level for field, level in levels.items()}, **lowered)
    return session.arrow(compiled(told)).to_pandas()


def _bare(one: Weights) -> Weights:
    return Weights(one.field, one.is_less_when_common, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)


def _expected(pairs: Any, apart: Counts, scoring: Scoring, n_records: int) -> Counts:
    """Expectation and maximisation, from the weights that the pack has now."""
    places = {name: _places(pairs[name]) for name in apart}
    lowered = sum(pairs[f"less_{name}"].to_numpy() for name in apart)
    before = -np.log2(max(n_records, scoring.n_strangers_at_least))
    bits = {str(one.field): _now(one) for one in scoring.weights}
    one: Counts = {}
    for _round in range(N_ROUNDS):
        total = before + lowered + sum(np.append(bits[name], 0.0)[places[name]] for name in apart)
        sure = 1 / (1 + np.exp2(-np.clip(total, -60, 60)))
        one = {name: _shares(pairs[name], sure) for name in apart}
        bits.update({name: _bits(one[name], apart[name], scoring) for name in apart if one[name].any()})
    return one


def _now(one: Weights) -> Doubles:
    return np.array(
        [one.same_bits, one.close_bits, one.near_bits, one.part_bits, one.different_bits], dtype=np.float64
    )


def _places(levels: Any) -> NDArray[np.int64]:
    """The place of each level; what is missing stands behind the last and weighs nothing."""
    order: Iterator[tuple[str, int]] = (
        (level, place) for place, level in enumerate((*LEVELS, evidence.MISSING))
    )
    return np.asarray(levels.map(dict(order)), dtype=np.int64)


def _shares(levels: Any, weights: Doubles) -> Doubles:
    """What share of the pairs in which both tell something agrees how far; all zero where no pair does."""
    counts = np.bincount(_places(levels), weights=weights, minlength=len(LEVELS) + 1)[:-1]
    return np.asarray(counts / max(counts.sum(), 1e-12), dtype=np.float64)


if __name__ == "__main__":
    main()
