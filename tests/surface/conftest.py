"""One office with a week's work in it is made a session; every test begins from a copy of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bti_docs.cli.main import run
from bti_docs.simulate import as_pdf
from tests.flow import offices

Command = Callable[..., "Said"]


class Said:
    """What one command line said, and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:  # noqa: ANN401  (JSON)
        """The one JSON document on stdout."""
        return json.loads(self.out)


@pytest.fixture(scope="session")
def worked_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with one case: consent sheets, an invitation with its slips, minutes."""
    root = offices.new_office(tmp_path_factory.mktemp("kontor") / "nytt")
    with offices.opened(root) as office:
        body = offices.batch([offices.case()], [offices.consent(), offices.invitation()])
        assert not offices.issue_all(office, body).errors
    return root


@pytest.fixture
def root(worked_office: Path, tmp_path: Path) -> Path:
    """An office of the test's own."""
    return offices.copy_office(worked_office, tmp_path / "kontor")


@pytest.fixture
def bti(root: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command line in the office on the day it was made."""

    def command(*words: object, json_out: bool = False) -> Said:
        line = ["-C", str(root), "--actor", "u-04", "--today", offices.TODAY.isoformat()]
        line += ["--json"] if json_out else []
        capsys.readouterr()
        code = run([*line, *map(str, words)])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return command


@pytest.fixture
def refs(bti: Command) -> Callable[[str], list[str]]:
    """The references of a type in the one case."""

    def of(type_code: str) -> list[str]:
        documents = bti("case", "show", CASE, json_out=True).json["documents"]
        return [d["ref"] for d in documents if d["type"] == type_code]

    return of


@pytest.fixture
def drop(root: Path) -> Callable[..., Path]:
    """Lays a scan of documents in the inbox."""

    def lay(name: str, *wanted: str, signed: bool = True, pages: slice | None = None) -> Path:
        with offices.opened(root) as office:
            sheets = [
                page for ref in wanted for page in offices.scanned(office, ref, signed=signed)
            ]
        path = root / "inbox" / name
        path.write_bytes(as_pdf(sheets[pages or slice(None)]))
        return path

    return lay


CASE = "2026-0001"
