from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bti_docs.archive import Archive, Checkpoint, Finding, checkpoint_lines, checkpoint_text, verify
from bti_docs.core.events import OFFICE, Act, ChainId, digest, event_bytes, parse_event
from bti_docs.errors import ArchiveError

PDF = "dokumenter/2026-11-22_SAM_7K3MQ2XP_utstedt.pdf"
DOCX = "dokumenter/2026-11-22_SAM_7K3MQ2XP_utstedt.docx"


def found(archive: Archive, checkpoint: Checkpoint | None = None) -> set[tuple[str, str, str]]:
    """(kind, path below the chain's folder, code) of everything that is no note."""
    report = verify(archive, checkpoint=checkpoint)
    serious = [f for f in report.findings if not f.note]
    assert report.ok == (not serious)
    return {(f.kind, _below(f), f.code) for f in serious}


def _below(finding: Finding) -> str:
    return finding.path.removeprefix(f"saker/{finding.chain}").strip("/")


@pytest.fixture
def folder(archive: Archive, case: ChainId) -> Path:
    return archive.folder(case)


def event(folder: Path, n: int) -> Path:
    return folder / "hendelser" / f"{n:06d}.json"


def payloads(folder: Path) -> Iterator[str]:
    for n in (1, 2):
        yield f"data/{parse_event(event(folder, n).read_bytes()).data}.json"


def test_an_untouched_archive_is_whole(archive: Archive, case: ChainId) -> None:
    archive.store_template(b"docx", b"toml")
    archive.keep_heap(b"%PDF", ".pdf")
    archive.tray_put("2026-11-22-1", ".pdf", b"%PDF", {}, {})
    archive.rewrite_logs({case: b"<html>"})
    (archive.root / "LES-MEG.txt").touch()
    told: list[tuple[int, int]] = []
    report = verify(archive, progress=lambda done, of: told.append((done, of)))
    assert report.findings == ()
    assert report.ok
    sizes = [(archive.folder(case) / path).stat().st_size for path in (PDF, DOCX)]
    assert (report.cases, report.documents, report.bytes) == (1, 2, sum(sizes))
    assert told == [(1, 2), (2, 2)]


def test_a_flipped_byte_a_truncation_and_an_emptied_file(archive: Archive, folder: Path) -> None:
    path = folder / PDF
    data = path.read_bytes()
    for changed in (bytes([data[0] ^ 1]) + data[1:], data[:-1], b""):
        path.write_bytes(changed)
        assert found(archive) == {("changed", PDF, "document_changed")}


def test_the_checksum_list_changed_together_with_the_document(
    archive: Archive, folder: Path
) -> None:
    data, changed = (folder / PDF).read_bytes(), b"something else"
    (folder / PDF).write_bytes(changed)
    listed = folder / "manifest-sha256.txt"
    listed.write_text(listed.read_text().replace(digest(data), digest(changed)))
    assert found(archive) == {
        ("changed", PDF, "document_changed"),
        ("changed", "manifest-sha256.txt", "manifest_changed"),
    }


def test_two_documents_swapped(archive: Archive, folder: Path) -> None:
    aside = folder / "aside"
    (folder / PDF).rename(aside)
    (folder / DOCX).rename(folder / PDF)
    aside.rename(folder / DOCX)
    assert found(archive) == {
        ("changed", PDF, "document_changed"),
        ("changed", DOCX, "document_changed"),
    }


def test_a_deletion_an_addition_and_a_renaming(archive: Archive, folder: Path) -> None:
    other = PDF.replace("utstedt", "UTSTEDT")
    (folder / PDF).rename(folder / other)
    (folder / DOCX).unlink()
    (folder / "notes.txt").touch()
    assert found(archive) == {
        ("missing", PDF, "document_missing"),
        ("missing", DOCX, "document_missing"),
        ("untracked", other, "file_unknown"),
        ("untracked", "notes.txt", "file_unknown"),
    }


def test_a_link_in_place_of_a_document_an_event_or_a_folder(archive: Archive, folder: Path) -> None:
    outside = archive.root.parent / "outside"
    outside.mkdir()
    for number, path in enumerate((folder / PDF, event(folder, 2))):
        path.rename(outside / str(number))
        path.symlink_to(outside / str(number))
    assert found(archive) >= {
        ("changed", PDF, "not_a_plain_file"),
        ("changed", "hendelser/000002.json", "not_a_plain_file"),
    }
    (folder / "hendelser").rename(outside / "hendelser")
    (folder / "hendelser").symlink_to(outside / "hendelser")
    assert ("untracked", "hendelser", "file_unknown") in found(archive)


def test_payloads_changed_and_gone(archive: Archive, folder: Path) -> None:
    first, second = payloads(folder)
    (folder / first).write_bytes(b"{}\n")
    (folder / second).unlink()
    assert found(archive) == {
        ("changed", first, "payload_changed"),
        ("missing", second, "payload_missing"),
        ("untracked", PDF, "file_unknown"),
        ("untracked", DOCX, "file_unknown"),
    }


def test_an_edited_event_is_disowned_by_its_successor(archive: Archive, folder: Path) -> None:
    path = event(folder, 2)
    path.write_bytes(path.read_bytes().replace(b"u-04", b"u-05"))
    assert found(archive) == {("chain", "hendelser/000002.json", "link_broken")}


def test_an_edited_last_event_contradicts_the_list(archive: Archive, folder: Path) -> None:
    path = event(folder, 3)
    path.write_bytes(path.read_bytes().replace(b"post", b"hand"))
    assert found(archive) == {("changed", "hendelser/000003.json", "event_changed")}


def test_events_swapped_torn_foreign_and_missing(archive: Archive, folder: Path) -> None:
    first, second, third = (event(folder, n) for n in (1, 2, 3))
    kept = {path: path.read_bytes() for path in (first, second, third)}
    second.write_bytes(kept[third])
    third.write_bytes(kept[second])
    assert {("chain", f"hendelser/00000{n}.json", "event_misplaced") for n in (2, 3)} <= found(
        archive
    )
    third.write_bytes(kept[third][:20])
    assert ("chain", "hendelser/000003.json", "event_unreadable") in found(archive)
    second.unlink()
    assert ("missing", "hendelser/000002.json", "event_missing") in found(archive)
    newer = kept[third].replace(b'"format":1', b'"format":2')
    third.write_bytes(newer)
    assert ("format", "hendelser/000003.json", "archive_newer_format") in found(archive)


def test_a_cut_tail_is_seen_by_the_list_and_by_a_checkpoint(archive: Archive, folder: Path) -> None:
    checkpoint = Checkpoint.parse(checkpoint_text(archive))
    event(folder, 3).unlink()
    assert found(archive) == {("missing", "hendelser/000003.json", "event_missing")}
    (folder / "manifest-sha256.txt").unlink()
    assert found(archive) == set()  # a chain alone cannot know
    assert found(archive, checkpoint) == {("head", "", "tail_cut")}


def test_a_rebuilt_chain_is_seen_by_a_checkpoint(
    archive: Archive, case: ChainId, folder: Path
) -> None:
    checkpoint = Checkpoint.parse(checkpoint_text(archive))
    before = ""
    for n in (1, 2, 3):
        data = event_bytes(
            replace(parse_event(event(folder, n).read_bytes()), prev=before, actor="u-66")
        )
        event(folder, n).write_bytes(data)
        before = digest(data)
    (folder / "manifest-sha256.txt").unlink()
    assert found(archive) == set()
    assert found(archive, checkpoint) == {("head", "", "chain_rebuilt")}
    assert [f.code for f in verify(archive, [case], checkpoint=checkpoint).findings] == [
        "chain_rebuilt"
    ]


def test_a_whole_case_that_is_gone_is_seen_by_a_checkpoint(archive: Archive, folder: Path) -> None:
    checkpoint = Checkpoint.parse(checkpoint_text(archive))
    shutil.rmtree(folder)
    assert found(archive) == set()
    assert found(archive, checkpoint) == {("head", "", "chain_gone")}


def test_a_chain_that_only_grew_agrees_with_its_checkpoint(
    archive: Archive, case: ChainId, at: datetime
) -> None:
    checkpoint = Checkpoint.parse(checkpoint_text(archive).replace(b"\n", b"\r\n"))
    archive.append(case, archive.head(case), Act("closed", "u-04"), at)
    archive.append(OFFICE, archive.head(OFFICE), Act("staff", "u-04"), at)
    assert found(archive, checkpoint) == set()


def test_a_checkpoint_is_lines_and_their_hash(archive: Archive, case: ChainId) -> None:
    head = archive.head(case)
    line = f"{case} 3 {head.hash}\n"
    text = checkpoint_text(archive)
    assert checkpoint_lines(archive) == (line.rstrip(),)
    assert text.decode() == f"{line}sha256 {digest(line.encode())}\n"
    for data in (b"", b"\xff", line.encode(), text.replace(b" 3 ", b" 2 ")):
        with pytest.raises(ArchiveError, match="checkpoint_unreadable"):
            Checkpoint.parse(data)


def test_what_a_lawful_act_removed_and_somebody_put_back(
    archive: Archive, case: ChainId, folder: Path, at: datetime
) -> None:
    second = list(payloads(folder))[1]
    kept = {path: (folder / path).read_bytes() for path in (second, PDF, DOCX)}
    act = Act("disposed", "u-04", codes={"of": [2], "ground": "kassasjon", "second": "u-07"})
    archive.append(case, archive.head(case), act, at)
    assert [f.code for f in verify(archive).findings] == ["removal_unfinished"]
    archive.remove_disposed(case)
    assert found(archive) == set()
    (folder / PDF).write_bytes(kept[PDF])
    assert found(archive) == {("untracked", PDF, "file_unknown")}
    (folder / second).write_bytes(kept[second])
    assert found(archive) == {("restored", second, "payload_restored")}


def test_what_systems_leave_behind_is_nothing(archive: Archive, folder: Path) -> None:
    for name in ("Thumbs.db", "desktop.ini", ".DS_Store", "._x", "~$m.docx", ".~lock.x#", ".tmp-1"):
        (folder / "dokumenter" / name).touch()
        (folder / name).touch()
    assert verify(archive).findings == ()


def test_a_clock_that_went_back_is_a_note(archive: Archive, case: ChainId, at: datetime) -> None:
    archive.append(case, archive.head(case), Act("closed", "u-04"), at - timedelta(minutes=1))
    report = verify(archive)
    assert report.ok
    assert [(f.kind, f.code, f.note) for f in report.findings] == [("clock", "clock_back", True)]


def test_files_outside_the_chains(archive: Archive, case: ChainId, at: datetime) -> None:
    docx, _ = archive.store_template(b"docx", b"toml")
    heap = archive.keep_heap(b"%PDF", ".pdf")
    act = Act("issued", "u-04", payload={"template": docx, "manifest": "0" * 64})
    archive.append(case, archive.head(case), act, at)
    archive.tray_put("2026-11-22-1", ".pdf", b"%PDF", {}, {})
    archive.template_path(docx, ".docx").write_bytes(b"changed")
    (archive.root / "bunker" / f"{heap}.pdf").write_bytes(b"changed")
    (archive.tray_folder("2026-11-22-1") / "original.pdf").write_bytes(b"changed")
    (archive.root / "saker" / "Ny mappe").mkdir()
    (archive.root / "serier" / "x.docx").touch()
    (archive.root / "x.docx").touch()
    assert {(f.kind, f.path, f.code) for f in verify(archive).findings} == {
        ("missing", f"saker/{case}/hendelser/000004.json", "template_missing"),
        ("changed", f"maler/{docx}.docx", "template_changed"),
        ("changed", f"bunker/{heap}.pdf", "heap_changed"),
        ("changed", "til-avklaring/2026-11-22-1", "tray_changed"),
        ("untracked", "saker/Ny mappe", "file_unknown"),
        ("untracked", "serier/x.docx", "file_unknown"),
        ("untracked", "x.docx", "file_unknown"),
    }


def test_only_chains_that_are_there_can_be_asked_for(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match="chain_missing"):
        verify(archive, [ChainId("2026-0999")])
