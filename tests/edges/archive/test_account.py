"""What came in is still there, or an event says how it left."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from bti_docs.archive import Archive, verify
from bti_docs.core.events import OFFICE, Act, digest
from bti_docs.errors import IntegrityError

ITEM = "2026-11-22-abc"
PAGES = [{"page": 1, "outcome": "filed"}, {"page": 2, "outcome": "filed"}]
Note = Callable[..., None]


def found(archive: Archive) -> set[tuple[str, str, bool]]:
    return {(f.path, f.code, f.note) for f in verify(archive).findings}


@pytest.fixture
def note(archive: Archive, at: datetime) -> Note:
    def write(kind: str, payload: dict[str, object], **codes: object) -> None:
        act = Act(kind, "u-04", codes=codes, payload=payload)
        archive.append(OFFICE, archive.head(OFFICE), act, at)

    return write


def test_an_item_leaves_the_tray_by_a_decision(archive: Archive, note: Note) -> None:
    archive.tray_put(ITEM, ".pdf", b"%PDF", {}, {})
    note("tray_in", {"key": f"tray:{ITEM}"}, item=ITEM)
    assert found(archive) == set()
    shutil.rmtree(archive.tray_folder(ITEM))
    assert found(archive) == {(f"til-avklaring/{ITEM}", "tray_missing", False)}
    note("tray_decided", {"key": f"decided:{ITEM}"}, item=ITEM, outcome="dismissed")
    assert found(archive) == set()


def test_an_item_whose_description_is_damaged(archive: Archive, note: Note) -> None:
    archive.tray_put(ITEM, ".pdf", b"%PDF", {}, {})
    note("tray_in", {"key": f"tray:{ITEM}"}, item=ITEM)
    for damaged in (b"{", b"[]", b"{}"):
        (archive.tray_folder(ITEM) / "item.json").write_bytes(damaged)
        assert found(archive) == {(f"til-avklaring/{ITEM}", "tray_changed", False)}
        with pytest.raises(IntegrityError, match="tray_changed"):
            archive.tray_get(ITEM)


def test_a_heap_leaves_by_an_event(archive: Archive, note: Note) -> None:
    sha256 = archive.keep_heap(b"%PDF", ".pdf")
    note("heap", {"key": f"file:{sha256}", "pages": PAGES}, sheets=2)
    assert found(archive) == set()
    archive.drop_heap(sha256)
    assert found(archive) == {(f"bunker/{sha256}", "heap_missing", False)}
    note("heap", {"key": f"heap-removed:{sha256}"}, removed="heap")
    assert found(archive) == set()


@pytest.mark.parametrize("pages", [PAGES[:1], [{"outcome": "tray"}], [{}, {}], None, 7])
def test_what_was_never_kept_is_not_missed(archive: Archive, note: Note, pages: object) -> None:
    note("heap", {"key": f"file:{digest(b'x')}", "pages": pages}, sheets=1)
    assert found(archive) == set()


def test_the_name_of_the_archive(archive: Archive) -> None:
    marker = archive.root / "bti-archive.toml"
    marker.write_text(marker.read_text().replace("K7QM", "k7qm!"), encoding="ascii")
    opened = Archive.open(archive.root, archive.disk)
    assert found(opened) == {("bti-archive.toml", "archive_name_bad", False)}


def test_an_empty_folder_among_the_cases_is_worth_a_word_after_a_day(archive: Archive) -> None:
    chain = archive.new_case(2026)
    (archive.folder(chain) / "hendelser").mkdir()
    assert found(archive) == set()
    age(archive.folder(chain))
    assert found(archive) == {(f"saker/{chain}", "folder_empty", True)}


def age(folder: Path) -> None:
    os.utime(folder, (0, 0))
