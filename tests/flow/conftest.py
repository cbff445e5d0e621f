"""One office is made a session; every test begins from a copy of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bti_docs.app.office import Office
from tests.flow.offices import copy_office, new_office, opened


@pytest.fixture(scope="session")
def office_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office that nobody has worked in; tests copy it."""
    return new_office(tmp_path_factory.mktemp("kontor") / "nytt")


@pytest.fixture
def root(office_folder: Path, tmp_path: Path) -> Path:
    """An office of the test's own."""
    return copy_office(office_folder, tmp_path / "kontor")


@pytest.fixture
def office(root: Path) -> Iterator[Office]:
    """The office of `root`, opened."""
    with opened(root) as office:
        yield office
