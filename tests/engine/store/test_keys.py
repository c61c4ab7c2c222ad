"""R233: the key of the hashed search words is for its owner's eyes."""

import stat
from pathlib import Path

import pytest

from keepwell.engine.store.errors import KeyExposed
from keepwell.engine.store.fingerprints import token_key


def test_r233_a_key_that_others_may_read_is_closed_and_said_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """R233: made for its owner alone; found open it is closed, and the mode found is told."""
    key, path = token_key(tmp_path), tmp_path / "token_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    assert token_key(tmp_path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "had mode 0640" in caplog.text
    assert key not in caplog.text


def test_r233_a_key_that_cannot_be_closed_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R233: a file of another user is refused with its mode and the remedy."""
    token_key(tmp_path)
    (tmp_path / "token_key").chmod(0o604)

    def refused(_path: Path, _mode: int) -> None:
        raise PermissionError(1, "not yours")

    monkeypatch.setattr(Path, "chmod", refused)
    with pytest.raises(KeyExposed, match=r"has mode 0604.*chmod 600"):
        token_key(tmp_path)
