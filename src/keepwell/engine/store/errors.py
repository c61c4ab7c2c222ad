"""Everything the store can refuse, on one screen: each names the thing, the value found and the remedy."""

from __future__ import annotations

from pathlib import Path


class StoreError(Exception):
    """Base of what the store refuses."""


class BrokenTable(StoreError):
    """A decided table would break its contract; a fault of the rule, nothing was published."""

    def __init__(self, table: str, what: str, n_rows: int) -> None:
        super().__init__(
            f"{table}: {what} in {n_rows} rows; nothing was published. Mend the rule that writes it."
        )
        self.table = table
        self.what = f"{what} in {n_rows} rows"


class BrokenReturns(StoreError):
    """What came back from the desk is not whole, or breaks its contract."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"{path}: {what}. Nothing was published; write the returns again (the desk's command write_returns), "
            "then run again."
        )
        self.file, self.what = path.name, what


class KeyExposed(StoreError):
    """A key file that others may read and that is not ours to mend."""

    def __init__(self, path: Path, mode: int) -> None:
        super().__init__(
            f"{path} has mode {mode:04o}, so others may read this key, and it cannot be changed: "
            "give it to the user of the runs and call chmod 600."
        )


class RunInProgress(StoreError):
    """Another run holds the lock."""

    def __init__(self, holder: str, path: Path) -> None:
        super().__init__(f"another run is in progress ({holder}); wait for it or stop it. Lock: {path}")


class NoSuchRun(StoreError):
    """The run asked for is not in the data folder."""

    def __init__(self, run: str, known: list[str]) -> None:
        if not known:
            super().__init__("there is no run yet; start with keepwell run --extracts DIR --as-of DATE")
        else:
            super().__init__(f"run {run!r} does not exist; known runs: {', '.join(known)}")


class NoData(StoreError):
    """The as-of date has no data."""


class DiskFull(StoreError):
    """The disk is full; what was finished aside is kept, the current run stays."""

    def __init__(self) -> None:
        super().__init__(
            "the disk is full; nothing was published and the current run stays. Free space and run again: it goes on."
        )


class OutOfMemory(StoreError):
    """The memory allowed does not suffice, though what can be spilled was spilled."""

    def __init__(self, memory: str | None) -> None:
        allowed = f"--memory {memory}" if memory else "the machine's memory"
        super().__init__(
            f"{allowed} does not suffice; nothing was published. Allow more with --memory, or fewer --threads."
        )


class BrokenAnswers(StoreError):
    """A file of answers that cannot be read."""

    def __init__(self, path: Path, found: str) -> None:
        super().__init__(f"{path}: {found}; allowed: TOML 1.0 in UTF-8. Mend it, or run keepwell init again.")


class NoSuchClient(StoreError):
    """The client asked for is not in the run."""

    def __init__(self, client: str, run: str) -> None:
        super().__init__(
            f"run {run} has no client, customer number or account {client!r}; check the number, leading zeros included."
        )
