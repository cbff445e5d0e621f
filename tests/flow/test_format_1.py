"""An archive that an earlier program wrote is read, told and verified; a newer one is refused."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bti_docs.archive import Archive, verify
from bti_docs.core.consent import covered_services, in_force
from bti_docs.core.events import ChainId
from bti_docs.core.fold import fold
from bti_docs.errors import ArchiveError
from bti_docs.files import Disk

OFFICE = Path(__file__).parents[1] / "archives" / "office-format-1"
CASE = ChainId("2026-0001")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    shutil.copytree(OFFICE, tmp_path / "archive")
    return Archive.open(tmp_path / "archive", Disk())


def test_it_verifies(archive: Archive) -> None:
    report = verify(archive)
    assert (report.ok, report.findings, report.cases) == (True, (), 1)
    assert report.documents == 6


def test_the_case_is_told_as_it_was(archive: Archive) -> None:
    case = fold(CASE, archive.history(CASE))
    assert case.record
    assert case.record.child.name == "Kari Prøvesen"
    assert [(d.type, d.waits_for) for d in case.documents] == [("SAM", None), ("REF", "sent")]
    assert (case.level, len(case.measures), len(case.meetings)) == ("3", 5, 2)
    assert [baton.holder.name for baton in case.batons] == ["Siv Stafett", "Nils Testesen"]
    assert covered_services(case, date(2026, 11, 24)) == {"skole"}
    (consent,) = in_force(case, date(2026, 11, 24))
    assert consent.limits == {"ppt": "bare lesing"}
    assert all(archive.document(CASE, f.path) for d in case.documents for f in d.files)


def test_what_waits_is_still_there(archive: Archive) -> None:
    (item,) = archive.tray_items()
    body = archive.tray_get(item)
    assert body is not None
    assert "already_settled" in [reason["code"] for reason in body["reasons"]]
    assert archive.tray_original(item)


def test_a_newer_archive_is_refused_before_anything_is_read(archive: Archive) -> None:
    marker = archive.root / "bti-archive.toml"
    marker.write_bytes(marker.read_bytes().replace(b"format = 1", b"format = 2"))
    with pytest.raises(ArchiveError, match="archive_newer_format"):
        Archive.open(archive.root, Disk())
