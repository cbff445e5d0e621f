from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bti_docs.archive import Archive, verify
from bti_docs.core.events import (
    EMPTY,
    Act,
    ChainId,
    NewDocument,
    digest,
)
from bti_docs.core.references import ArchiveName
from bti_docs.errors import ArchiveError, Conflict, IntegrityError
from bti_docs.files import Disk, NameTaken

Acts = Callable[..., Act]
Broken = Callable[..., Any]


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_opens_what_it_created(archive: Archive) -> None:
    again = Archive.open(archive.root, Disk())
    assert again.name == "K7QM"
    assert again.chains() == ()
    with pytest.raises(ArchiveError, match="archive_exists"):
        Archive.create(archive.root, name=ArchiveName("AAAA"), at=datetime.now(UTC), disk=Disk())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "archive_missing"),
        ('format = 2\narchive = "K7QM"\nnew = "shape"\n', "archive_newer_format"),
        ("not toml", "archive_unreadable"),
        ("format = 1\n", "archive_unreadable"),
        ("\xff", "archive_unreadable"),
    ],
)
def test_reads_the_format_before_anything_else(tmp_path: Path, text: str, code: str) -> None:
    if text is not None:
        (tmp_path / "bti-archive.toml").write_text(text, encoding="latin-1")
    with pytest.raises(ArchiveError) as caught:
        Archive.open(tmp_path, Disk())
    assert caught.value.code == code


def test_creation_can_be_killed_and_repeated(
    tmp_path: Path, breaking_disk: Broken, at: datetime
) -> None:
    for step in range(100):
        root = tmp_path / str(step)
        disk = breaking_disk(step)
        try:
            Archive.create(root, name=ArchiveName("K7QM"), at=at, disk=disk)
        except disk.Killed:
            if (root / "bti-archive.toml").exists():
                Archive.open(root, Disk())
                continue
            Archive.create(root, name=ArchiveName("K7QM"), at=at, disk=Disk())
        assert verify(Archive.open(root, Disk())).ok
        if disk.survived:
            return
    pytest.fail("never finished")


def test_cases_are_numbered_by_year_and_sorted_by_number(archive: Archive) -> None:
    assert [archive.new_case(2026) for _ in range(3)] == ["2026-0001", "2026-0002", "2026-0003"]
    assert archive.new_case(2027) == "2027-0001"
    (archive.root / "saker" / "2026-9999").mkdir()
    assert archive.new_case(2026) == "2026-10000"
    archive.ensure_series(ChainId("E07-TVT-2026"))
    assert archive.folders()[3:] == ("2026-9999", "2026-10000", "2027-0001", "E07-TVT-2026")
    assert archive.chains() == ()  # nothing is true before its first event
    assert not archive.exists(ChainId("2026-0001"))


@pytest.mark.parametrize("name", ["../x", "2026-1", "Kari Prøvesen", "", "con", "A/B-C", "E07"])
def test_only_neutral_names_can_be_chains(archive: Archive, name: str) -> None:
    assert not archive.exists(ChainId(name))
    with pytest.raises(ArchiveError, match="chain_name_bad"):
        archive.folder(ChainId(name))


def test_an_act_is_one_event_with_payload_and_documents(
    archive: Archive, case: ChainId, issued: Acts
) -> None:
    opened, made, sent = archive.history(case)
    assert [e.event.n for e in (opened, made, sent)] == [1, 2, 3]
    assert made.event.prev == opened.hash
    assert made.event.program.startswith("bti-docs ")
    assert made.event.codes["signers"] == ["f1", "f2"]
    assert made.payload is not None
    assert len(made.payload["salt"]) == 64
    assert made.payload["record"] == {"barn": {"navn": "Kari Prøvesen"}}
    document, act = made.payload["documents"][1], issued()
    assert document == {
        "path": "dokumenter/2026-11-22_SAM_7K3MQ2XP_utstedt.pdf",
        "sha256": digest(act.documents[1].data),
        "bytes": len(act.documents[1].data),
        "media": "application/pdf",
        "role": "issued",
        "pages": [{"page": 1, "of": 1}],
    }
    assert archive.document(case, document["path"]) == act.documents[1].data
    assert sent.event.data is None
    assert sent.payload is None
    assert not sent.removed
    assert archive.events(case) == (opened.event, made.event, sent.event)
    assert archive.head(case).count == 3
    assert archive.head(case).hash == sent.hash
    assert archive.exists(case)
    assert archive.chains() == (case,)


def test_what_append_returns_is_what_reading_gives(
    archive: Archive, case: ChainId, issued: Acts, at: datetime
) -> None:
    entry = archive.append(case, archive.head(case), issued(2, ref="AAAAAAAA"), at)
    assert archive.history(case)[-1] == entry


def test_events_hold_no_words_of_people(archive: Archive, case: ChainId) -> None:
    for path in (archive.folder(case) / "hendelser").iterdir():
        text = path.read_text("utf-8")
        assert "Kari" not in text
        assert "sha256" not in text


@pytest.mark.parametrize(
    "codes",
    [
        {"name": "Kari Prøvesen"},
        {"name": "Kåre"},
        {"list": ["f1", "Ola Eksempel"]},
        {"table": {"Ola Eksempel": "f1"}},
        {"Ola Eksempel": "f1"},
        {"score": 0.5},
        {"long": "x" * 101},
    ],
)
def test_only_neutral_values_enter_an_event(
    archive: Archive, case: ChainId, codes: dict[str, object], at: datetime
) -> None:
    with pytest.raises(ArchiveError, match="event_not_neutral") as caught:
        archive.append(case, archive.head(case), Act("noted", "u-04", codes=codes), at)
    assert "Kari" not in str(caught.value.params)
    assert archive.head(case).count == 3


def test_eleven_digits_in_a_hash_are_no_persons_number(
    archive: Archive, case: ChainId, at: datetime
) -> None:
    digest = "ab12345678901" + "c" * 51
    codes = {"source": digest, "act": f"file:{digest}"}
    archive.append(case, archive.head(case), Act("noted", "u-04", codes=codes), at)
    for number in ("12345678901", "file:12345678901", f"{digest}/12345678901"):
        with pytest.raises(ArchiveError, match="event_not_neutral"):
            archive.append(case, archive.head(case), Act("noted", "u-04", codes={"a": number}), at)


@pytest.mark.parametrize("name", ["Kåre.pdf", "a b.pdf", "../x.pdf", "x" * 121, ".x", "x.", "a..b"])
def test_only_neutral_names_can_be_documents(
    archive: Archive, case: ChainId, name: str, at: datetime
) -> None:
    act = Act("filed", "u-04", documents=(NewDocument(name, b"x", "application/pdf", "received"),))
    with pytest.raises(ArchiveError, match="file_name_bad"):
        archive.append(case, archive.head(case), act, at)


@pytest.mark.parametrize("path", ["hendelser/000001.json", "dokumenter/../x", "/etc/passwd", "x"])
def test_no_path_leads_out_of_the_documents(archive: Archive, case: ChainId, path: str) -> None:
    with pytest.raises(ArchiveError):
        archive.document(case, path)


def test_an_act_decided_on_an_old_head_is_a_conflict(
    archive: Archive, case: ChainId, issued: Acts, at: datetime
) -> None:
    old = archive.head(case)
    archive.append(case, old, Act("closed", "u-04"), at)
    before = tree(archive.root)
    with pytest.raises(Conflict):
        archive.append(case, old, issued(2, ref="AAAAAAAA"), at)
    assert tree(archive.root) == before


def test_two_identical_acts_at_the_same_second_are_two_or_a_conflict(
    archive: Archive, case: ChainId, at: datetime
) -> None:
    """The event without a payload would have the same bytes: still only one of them wins."""
    head = archive.head(case)
    sent = Act("sent", "u-04", ref="7K3MQ2XP", codes={"how": "post"})

    class Overtaken(Disk):
        def _step(self, name: str, path: Path) -> None:
            if name == "link" and path.parent.name == "hendelser":
                Archive(archive.root, archive.name, Disk()).append(case, head, sent, at)

    with pytest.raises(Conflict):
        Archive(archive.root, archive.name, Overtaken()).append(case, head, sent, at)
    assert archive.head(case).count == 4


def test_a_document_name_with_other_bytes_stops_the_act(
    archive: Archive, case: ChainId, issued: Acts, at: datetime
) -> None:
    with pytest.raises(NameTaken):
        archive.append(case, archive.head(case), issued(2), at)
    assert archive.head(case).count == 3


def test_many_acts_are_written_in_order_and_each_chain_gapless(
    archive: Archive, issued: Acts, at: datetime
) -> None:
    chains = [archive.new_case(2026) for _ in range(3)]
    steps = [(c, EMPTY, Act("opened", "u-04", payload={"key": c})) for c in chains]
    steps += [(c, EMPTY, issued(i, ref=f"AAAAAA{i:02}")) for i, c in enumerate(chains)]
    entries = archive.append_many([*steps, (chains[1], EMPTY, Act("closed", "u-04"))], at)
    assert [(e.event.chain, e.event.n) for e in entries] == [
        *[(c, 1) for c in chains], *[(c, 2) for c in chains], (chains[1], 3),
    ]  # fmt: skip
    for chain in chains:
        mine = tuple(e for e in entries if e.event.chain == chain)
        assert archive.history(chain) == mine
    assert verify(archive).ok


def test_the_reserved_payload_keys_are_the_archives(
    archive: Archive, case: ChainId, at: datetime
) -> None:
    act = Act("exported", "u-04", payload={"documents": []})
    with pytest.raises(ArchiveError, match="payload_key_reserved"):
        archive.append(case, archive.head(case), act, at)


def test_a_chain_must_be_claimed_first(archive: Archive, at: datetime) -> None:
    with pytest.raises(ArchiveError, match="chain_missing"):
        archive.append(ChainId("2026-0007"), EMPTY, Act("opened", "u-04"), at)


def test_reading_a_broken_chain_stops(archive: Archive, case: ChainId) -> None:
    events = archive.folder(case) / "hendelser"
    second = events / "000002.json"
    data = second.read_bytes()
    second.write_bytes(data.replace(b"u-04", b"u-05"))
    with pytest.raises(IntegrityError, match="link_broken"):
        archive.history(case)
    second.unlink()
    with pytest.raises(IntegrityError, match="event_missing"):
        archive.history(case)
    with pytest.raises(IntegrityError, match="event_missing"):
        archive.head(case)


def test_markers_tell_an_index_what_is_new(archive: Archive, case: ChainId, at: datetime) -> None:
    assert sorted(archive.marked(date(2026, 11, 22))) == [(case, 1), (case, 2), (case, 3)]
    assert list(archive.marked(date(2026, 11, 23))) == []
    shutil.rmtree(archive.root / "dager")
    archive.append(case, archive.head(case), Act("closed", "u-04"), at + timedelta(days=1))
    assert list(archive.marked(date(2026, 11, 1))) == [(case, 4)]


def test_templates_and_heaps_are_kept_once_by_hash(archive: Archive) -> None:
    names = archive.store_template(b"docx", b"toml")
    assert archive.store_template(b"docx", b"toml") == names
    assert archive.template_path(names[0], ".docx").read_bytes() == b"docx"
    heap = archive.keep_heap(b"%PDF", ".pdf")
    assert heap == digest(b"%PDF")
    path = archive.heap_path(heap)
    assert path is not None
    assert path.name == f"{heap}.pdf"
    archive.drop_heap(heap)
    archive.drop_heap(heap)
    assert archive.heap_path(heap) is None


def test_the_log_is_rewritten(archive: Archive, case: ChainId) -> None:
    archive.rewrite_logs({case: b"one"})
    archive.rewrite_logs({case: b"two"})
    assert (archive.folder(case) / "stafettlogg.html").read_bytes() == b"two"
