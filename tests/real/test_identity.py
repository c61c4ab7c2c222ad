"""R210 on public data: precision comes first, on sets that the thresholds were not chosen on one by one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from keepwell import link


def read(path: Path) -> pa.Table:
    table = pa.csv.read_csv(path)
    return table.rename_columns([name.strip() for name in table.column_names])


def rightness(found: pa.Table, owners: list[Any]) -> tuple[float, float]:
    """Precision and recall over pairs; the answer is in the order of the records."""
    clients = found["client_id"].to_pylist()
    right, said, meant = (
        sum(size * (size - 1) // 2 for size in Counter(values).values())
        for values in (list(zip(clients, owners, strict=True)), clients, owners)
    )
    return right / said, right / meant


def test_r210_invented_persons_with_typing_errors(real_data: Path) -> None:
    table = read(real_data / "identity" / "fake_1000.csv")
    names = {
        "first_name": "given_name",
        "surname": "surname",
        "dob": "birth_on",
        "email": "email",
        "city": "address",
    }
    people = pa.table({told: table[name] for name, told in names.items()})
    precision, recall = rightness(link(people), table["cluster"].to_pylist())
    assert precision >= 0.999
    assert recall >= 0.7


def test_r210_persons_of_the_febrl_generator(real_data: Path) -> None:
    table = read(real_data / "identity" / "febrl" / "dataset1.csv")
    street = [
        pc.fill_null(table[name].cast("string"), "") for name in ("street_number", "address_1", "suburb")
    ]
    people = pa.table({
        "given_name": table["given_name"], "surname": table["surname"], "birth_on": table["date_of_birth"],
        "id_number": table["soc_sec_id"], "address": pc.binary_join_element_wise(*street, " "),
    })  # fmt: skip
    owners = [code.strip().split("-")[1] for code in table["rec_id"].to_pylist()]
    precision, recall = rightness(link(people), owners)
    assert precision >= 0.999
    assert recall >= 0.97
