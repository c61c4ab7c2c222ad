"""Locks carry hashes and name no registry: whoever installs chooses where packages come from."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.house.reading import ROOT, Source, sources

ADDRESS = re.compile(
    r"https?://|--(extra-)?index-url|--find-links|--trusted-host|\bresolved\b", re.IGNORECASE
)


def addresses(source: Source) -> Iterator[str]:
    text = source.text
    if source.path.endswith(".json"):  # npm keeps where to thank the authors; that is no registry
        lock = json.loads(text)
        for package in lock["packages"].values():
            package.pop("funding", None)
        text = json.dumps(lock, indent=1)
    yield from (f"{source.path}: {line.strip()}" for line in text.splitlines() if ADDRESS.search(line))


def test_no_lock_names_a_registry() -> None:
    locks = [*sources("requirements", ending=".txt"), *sources("package-lock.json", ".npmrc")]
    assert len(locks) > 4
    found = [line for lock in locks for line in addresses(lock)]
    assert found == [".npmrc: omit-lockfile-registry-resolved=true"]  # the setting that keeps addresses out


@pytest.mark.parametrize("name", ["boot", "base", "dev", "node", "bench"])
def test_every_locked_package_has_hashes(name: str) -> None:
    lock = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8").replace("\\\n", "")
    pins = [line for line in lock.splitlines() if line and not line.lstrip().startswith("#")]
    assert pins
    assert [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


PLANTED = '{"packages": {"a": {"resolved": "https://a.example/a.tgz"}}}'


@pytest.mark.parametrize(
    ("path", "text"), [("a.txt", "--index-url https://a.example/simple"), ("package-lock.json", PLANTED)]
)
def test_the_scan_can_fail(path: str, text: str) -> None:
    assert list(addresses(Source(path, text)))
