"""R242: the bytes of a table say nothing of how its inputs were stored."""

from pathlib import Path

from keepwell.contract.identity import Reading
from keepwell.engine.store.session import Session

ROWS = "SELECT * FROM (VALUES ('王', 'wang'), ('李', 'li')) AS given(letter, reading)"


def test_r242_required_columns_and_columns_that_might_hold_nulls_give_the_same_bytes(tmp_path: Path) -> None:
    with Session() as session:
        session.run("CREATE TABLE required (letter VARCHAR NOT NULL, reading VARCHAR NOT NULL)")
        session.run(f"INSERT INTO required {ROWS}")
        plain = session.write(Reading, ROWS, tmp_path / "plain.parquet")
        required = session.write(Reading, "FROM required", tmp_path / "required.parquet")
        parted = session.write(
            Reading,
            "FROM required UNION ALL SELECT NULL, NULL WHERE (SELECT count(*) FROM required) = 0",
            tmp_path / "parted.parquet",
        )
    assert plain.sha256 == required.sha256 == parted.sha256
