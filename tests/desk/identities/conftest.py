"""What commits for real: a data folder and a database of the test's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desk.own_database import own_database


@pytest.fixture
def data(tmp_path: Path, settings: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Path]:
    """A data folder and a database of this test alone."""
    settings.DATA = tmp_path
    with django_db_blocker.unblock(), own_database(tmp_path):
        yield tmp_path
