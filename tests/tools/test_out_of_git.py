"""A data folder inside a checkout, by whatever name, leaves `git status` clean."""

import sys
from pathlib import Path

import pytest

from keepwell.engine import cli
from keepwell.engine.store.answers import write_answers
from tests.processes import environment, manage, to_its_end

SMALL = ("--clients", "100", "--months", "2")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with nothing in it."""
    to_its_end(["git", "init", "--quiet", tmp_path])
    return tmp_path


def status(checkout: Path) -> str:
    """What git sees that was not committed."""
    return to_its_end(["git", "-C", checkout, "status", "--porcelain", "--untracked-files=all"])


def test_what_make_run_writes_is_not_seen_by_git(checkout: Path) -> None:
    """The calls of `make run DATA=other`: the made-up firm is made, the desk starts; a run writes there too."""
    data = checkout / "other"
    keepwell = [Path(sys.executable).parent / "keepwell"]
    to_its_end([*keepwell, "simulate", "--to", data / "extracts", *SMALL], env=environment(data))
    assert status(checkout) == ""
    manage(data, "shell", "--verbosity", "0", "--command", "pass")
    assert {"extracts", "truth", "secret_key"} <= {path.name for path in data.iterdir()}
    assert status(checkout) == ""


def test_a_run_and_the_desk_each_keep_a_folder_of_their_own_out_of_git(checkout: Path) -> None:
    manage(checkout / "desk", "shell", "--verbosity", "0", "--command", "pass")
    write_answers(checkout / "told" / "firm.toml", {"firm": "某证券"})
    empty = checkout / "files"
    empty.mkdir()
    asked = ["run", "--extracts", str(empty), "--as-of", "2026-10-20", "--data", str(checkout / "night")]
    assert cli.main(asked) != cli.DONE  # nothing was delivered, and the folder is there all the same
    assert [(checkout / name / ".gitignore").exists() for name in ("desk", "told", "night")] == [True] * 3
    assert status(checkout) == ""


def test_a_folder_that_holds_something_already_is_left_as_it_is(checkout: Path) -> None:
    """What a firm keeps there under its own rules is neither hidden from git nor written over."""
    for name in ("rules.toml", ".gitignore"):
        (checkout / name).write_text("# ours\n", encoding="utf-8")
    manage(checkout, "shell", "--verbosity", "0", "--command", "pass")
    write_answers(checkout / "firm.toml", {"firm": "某证券"})
    assert (checkout / ".gitignore").read_text(encoding="utf-8") == "# ours\n"
    assert "?? rules.toml" in status(checkout)
