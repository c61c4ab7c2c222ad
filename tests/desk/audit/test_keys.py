"""R233: keys are for their owner's eyes; one that others may read is closed to them, and somebody is told."""

import stat
from pathlib import Path
from typing import Any

import pytest

from keepwell.desk.audit.keys import KeyExposed, read, read_or_make
from keepwell.desk.clients import sealing, search


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def opened_to_others(path: Path) -> Path:
    path.write_text("a-key-that-is-long-enough", encoding="utf-8")
    path.chmod(0o644)
    return path


def test_r233_a_key_that_others_may_read_is_closed_and_said_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """R233: the log names the file, the mode found and what to do; the next reading has nothing to say."""
    path = opened_to_others(tmp_path / "audit_key")
    assert read_or_make(path) == "a-key-that-is-long-enough"
    assert mode(path) == 0o600
    assert f"{path} had mode 0644, so others could read this key; it has 0600 now" in caplog.text
    assert "a-key-that-is-long-enough" not in caplog.text
    caplog.clear()
    assert read(path)
    assert caplog.text == ""


@pytest.mark.parametrize("name", ["vault_key", "token_key"])
def test_r233_every_key_of_the_desk_is_read_so(settings: Any, tmp_path: Path, name: str) -> None:
    """R233: the vault's key and the key of the search words too."""
    settings.DATA = tmp_path
    path = opened_to_others(tmp_path / name)
    if name == "vault_key":
        assert sealing.add_key() == 2
    else:
        assert search.secret_word("phone", "5678")
    assert mode(path) == 0o600


def test_r233_a_key_that_cannot_be_closed_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R233: a file of another user is refused with its mode and the remedy."""
    path = opened_to_others(tmp_path / "audit_key")

    def refused(_path: Path, _mode: int) -> None:
        raise PermissionError(1, "not yours")

    monkeypatch.setattr(Path, "chmod", refused)
    with pytest.raises(KeyExposed, match=r"has mode 0644.*chmod 600"):
        read(path)
