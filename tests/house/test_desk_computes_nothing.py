"""At the desk money is a scaled integer and every act is a call: no means, no signals, no floats of money."""

from collections.abc import Iterator

import pytest

from tests.house.reading import Source, breaches, imported, sources

# Avg of a scaled integer is 100 times too large; the engine computes means and ratios.
MEANS = {"Avg", "StdDev", "Variance"}
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals", "django.db.backends.signals")
# A connection attaches the current generation when it opens; Django offers no other place for it.
CONNECTIONS = "src/keepwell/desk/generations/"


def computes(source: Source) -> Iterator[str]:
    for statement, name in imported(source):
        if name.startswith("django.db.models") and name.rsplit(".", 1)[-1] in MEANS:
            yield source.at(statement, f"imports {name}")
    if "models.Avg" in source.text:
        yield f"{source.path} uses models.Avg"


def listens(source: Source) -> Iterator[str]:
    for statement, name in imported(source):
        lawful = source.path.startswith(CONNECTIONS) and name.endswith("connection_created")
        if name.startswith(SIGNALS) and not lawful:
            yield source.at(statement, f"imports {name}")


def test_the_desk_takes_no_means() -> None:
    assert breaches(computes, sources("src/keepwell/desk")) == []


def test_no_signals() -> None:
    assert breaches(listens, sources("src/keepwell")) == []


@pytest.mark.parametrize("planted", ["from django.db.models import Avg", "models.Avg('a')"])
def test_the_scan_of_means_can_fail(planted: str) -> None:
    assert list(computes(Source("src/keepwell/desk/clients/queries.py", planted)))


@pytest.mark.parametrize(
    "planted", ["from django.dispatch import receiver", "from django.db.models.signals import post_save"]
)
def test_the_scan_of_signals_can_fail(planted: str) -> None:
    assert list(listens(Source("src/keepwell/desk/clients/models.py", planted)))
