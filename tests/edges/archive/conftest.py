"""Disks that record and break, and a small archive with obviously invented contents."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bti_docs.archive import Archive
from bti_docs.core.events import EMPTY, Act, ChainId, NewDocument
from bti_docs.core.references import ArchiveName
from bti_docs.files import Disk

AT = datetime(2026, 11, 22, 7, 13, 5, tzinfo=UTC)


class Killed(BaseException):
    """The process is gone: no `except Exception` and no `finally` may do anything more."""


class BreakingDisk(Disk):
    """Counts its steps, and from step *at* on does nothing but die."""

    Killed = Killed

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.steps: list[tuple[str, Path]] = []

    def _step(self, name: str, path: Path) -> None:
        if not self.survived:
            raise Killed
        self.steps.append((name, path))

    @property
    def survived(self) -> bool:
        """Whether the step to die at has not come."""
        return self.at is None or len(self.steps) < self.at


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def breaking_disk() -> type[BreakingDisk]:
    return BreakingDisk


@pytest.fixture
def make_archive() -> Callable[[Path], Archive]:
    """Makes archives with salts that count, so that the same acts give the same bytes."""

    def make(root: Path) -> Archive:
        numbers = itertools.count(1)
        made = Archive.create(root, name=ArchiveName("K7QM"), at=AT, disk=Disk())
        return Archive(made.root, made.name, made.disk, lambda: f"{next(numbers):064x}")

    return make


@pytest.fixture
def archive(tmp_path: Path, make_archive: Callable[[Path], Archive]) -> Archive:
    return make_archive(tmp_path / "archive")


def issued_act(number: int = 1, *, ref: str = "7K3MQ2XP") -> Act:
    """An act that brings two documents."""
    stem = f"2026-11-22_SAM_{ref}_utstedt"
    documents = tuple(
        NewDocument(
            f"{stem}{suffix}", f"{suffix} {ref} {number}".encode() * 100, media, "issued",
            ({"page": 1, "of": 1},),
        )
        for suffix, media in ((".docx", "application/x-docx"), (".pdf", "application/pdf"))
    )  # fmt: skip
    return Act(
        kind="issued",
        actor="u-04",
        ref=ref,
        codes={"type": "SAM", "language": "nb", "signers": ["f1", "f2"], "pages": 2},
        payload={"key": f"row-{number}", "record": {"barn": {"navn": "Kari Prøvesen"}}},
        documents=documents,
    )


@pytest.fixture
def issued() -> Callable[..., Act]:
    return issued_act


@pytest.fixture
def case(archive: Archive) -> ChainId:
    """A case with three events: opened, issued, sent (which has no payload)."""
    chain = archive.new_case(2026)
    opened = Act("opened", "u-04", codes={"kind": "sak"}, payload={"key": "row-0"})
    archive.append(chain, EMPTY, opened, AT)
    archive.append(chain, archive.head(chain), issued_act(), AT)
    sent = Act("sent", "u-04", ref="7K3MQ2XP", codes={"how": "post"})
    archive.append(chain, archive.head(chain), sent, AT)
    return chain
