"""The index is only a cache, and one broken case is only one broken case."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bti_docs import files
from bti_docs.app.listing import case_lines, outstanding_lines
from bti_docs.app.office import Office, index_path
from bti_docs.app.sweeping import Sweep, listing, take_in
from bti_docs.app.taking import take_in_file
from bti_docs.app.taking.filing import Piece, Return, file_return
from bti_docs.core.events import OFFICE, Act, ChainId, Event
from bti_docs.core.references import Reference
from bti_docs.errors import ArchiveError, InputError, IntegrityError
from bti_docs.index import Index
from bti_docs.simulate import as_pdf
from tests.flow import offices

FIRST, SECOND = ChainId("2026-0001"), ChainId("2026-0002")


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with two cases and a consent form in each."""
    root = offices.new_office(tmp_path_factory.mktemp("kontor") / "nytt")
    other = {"fornavn": "Ola", "etternavn": "Eksempel", "foedselsdato": "2014-01-02"}
    body = offices.batch(
        [offices.case(guardians=[offices.MOTHER]),
         offices.case("s2", [offices.FATHER], other)],
        [offices.consent(), offices.consent("sam2", "s2")],
    )  # fmt: skip
    with offices.opened(root) as office:
        assert not offices.issue_all(office, body).errors
    return root


@pytest.fixture
def root(worked: Path, tmp_path: Path) -> Path:
    return offices.copy_office(worked, tmp_path / "kontor")


@pytest.fixture
def office(root: Path) -> Iterator[Office]:
    with offices.opened(root) as office:
        yield office


def heaps(office: Office) -> list[Event]:
    return [e for e in office.archive.events(OFFICE) if e.kind == "heap"]


def consent_of(office: Office, chain: ChainId) -> Reference:
    return next(Reference(d.ref) for c, d in offices.papers(office, "SAM") if c == chain)


def lay(office: Office, name: str, ref: str) -> Path:
    path = office.settings.inbox / name
    path.write_bytes(as_pdf(offices.scanned(office, ref)))
    return path


def sweep(office: Office) -> Sweep:
    there = listing(office.settings.inbox)
    return take_in(office, there, sorted(there))


# --- the index ------------------------------------------------------------------------------


def with_index(root: Path, folder: Path) -> None:
    config = root / "config.toml"
    text = config.read_text(encoding="utf-8").replace('indeks = "indeks"', f'indeks = "{folder}"')
    config.write_text(text, encoding="utf-8")


def test_copies_of_an_office_do_not_share_an_index(root: Path, tmp_path: Path) -> None:
    """As with one user's cache folder: the copy has the archive's name, and as many events."""
    with_index(root, tmp_path / "indeks")
    copy = offices.copy_office(root, tmp_path / "kopi")
    with offices.opened(root) as one:
        offices.drop(one, "a.txt", b"a")
    with offices.opened(copy) as other:
        offices.drop(other, "b.txt", b"b")
        assert index_path(one.settings, "K7QM") != index_path(other.settings, "K7QM")
    with offices.opened(root) as one:
        path = one.settings.inbox / "b.txt"
        path.write_bytes(b"b")
        assert [item.file for item in take_in_file(one, path).tray] == ["b.txt"]


def test_an_archive_put_back_with_as_many_events_is_read_again(root: Path, tmp_path: Path) -> None:
    earlier = offices.copy_office(root / "archive", tmp_path / "sikkerhetskopi")
    with offices.opened(root) as office:
        offices.drop(office, "a.txt", b"a")
    (root / "archive").rename(tmp_path / "bort")
    earlier.rename(root / "archive")
    with offices.opened(root) as office:
        offices.drop(office, "b.txt", b"b")
        assert [item.file for item in offices.drop(office, "a.txt", b"a").tray] == ["a.txt"]


def test_no_paper_goes_on_the_word_of_the_index_alone(office: Office, root: Path) -> None:
    offices.drop(office, "a.txt", b"a")
    key = f"file:{offices.digest(b'a')}"
    assert office.act_in_archive(key)
    last = max((root / "archive" / "kontor" / "hendelser").iterdir())
    last.unlink()
    assert office.index.act(key)
    assert not office.act_in_archive(key)
    assert not office.act_in_archive("file:0")
    assert not offices.drop(office, "a.txt", b"a").duplicates


def test_without_a_place_to_write_the_index_is_in_memory(root: Path, tmp_path: Path) -> None:
    (tmp_path / "fil").touch()
    with_index(root, tmp_path / "fil" / "indeks")
    with offices.opened(root) as office:
        assert office.index.in_memory
        assert len(case_lines(office)) == 2
        assert len(offices.drop(office, "a.txt", b"a").tray) == 1
        assert offices.drop(office, "a.txt", b"a").duplicates == ("a.txt",)


def test_an_index_that_can_only_be_read_goes_on_in_memory(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not office.index.in_memory
    with closing(sqlite3.connect(f"file:{office.index.path}?mode=ro", uri=True)) as only_read:
        monkeypatch.setattr(office.index, "_db", only_read)
        offices.drop(office, "a.txt", b"a")
        assert office.index.in_memory
    assert offices.drop(office, "a.txt", b"a").duplicates == ("a.txt",)
    assert office.index.chain_of(consent_of(office, SECOND)) == SECOND


def test_a_damaged_index_is_made_anew(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "indeks.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with Index(path) as index:
        assert not index.in_memory
        assert index.refresh({FIRST: office.archive.head(FIRST)}, office.archive.history) == 1
        assert index.refresh({FIRST: office.archive.head(FIRST)}, office.archive.history) == 0


# --- two programs at once -------------------------------------------------------------------


def test_what_two_programs_note_is_noted_once(office: Office, root: Path) -> None:
    act = Act("heap", "u-04", codes={"sheets": 1}, payload={"key": "file:1"})
    with offices.opened(root) as other:
        first, second = office.note(act), other.note(act)
        assert first.event == second.event
        again = other.note(act, after=first.event.n)
        assert again.event.n == first.event.n + 1
    assert len(heaps(office)) == 2


def test_a_return_that_another_program_filed_is_told_as_it_lies_there(
    office: Office, root: Path
) -> None:
    ref = consent_of(office, FIRST)
    before, document = office.document(ref)
    back = Return("scan:1", (Piece(b"%PDF-1.4", ".pdf", "received", ({"page": 1},)),), ("f1",))
    with offices.opened(root) as other:
        theirs = file_return(other, *other.document(ref), back)
    ours = file_return(office, before, document, back)
    assert ours == theirs
    assert (ours.signed, ours.document.endswith("_retur.pdf")) == (True, True)


def test_the_same_file_taken_by_two_watchers_leaves_one_receipt(
    office: Office, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lay(office, "skann.pdf", consent_of(office, FIRST))
    data = path.read_bytes()
    with offices.opened(root) as other:
        read = files.read
        first = True

        def meanwhile(asked: Path) -> bytes | None:
            """Between reading the file and taking it in, the other program does it all."""
            nonlocal first
            if asked == path and first:
                first = False
                take_in_file(other, path)
                return data
            return read(asked)

        monkeypatch.setattr(files, "read", meanwhile)
        taken = take_in_file(office, path)
    assert taken.duplicates == ("skann.pdf",) or taken.filed[0].signed
    assert len(heaps(office)) == 1
    offices.assert_sound(office)


# --- one broken case ------------------------------------------------------------------------

Breaker = Callable[[Path], None]


def edit_payload(folder: Path) -> None:
    path = max((folder / "data").iterdir())
    path.write_bytes(path.read_bytes().replace(b"0", b"1", 1))


def tear_event(folder: Path) -> None:
    path = folder / "hendelser" / "000002.json"
    path.write_bytes(path.read_bytes()[:20])


def lose_event(folder: Path) -> None:
    (folder / "hendelser" / "000001.json").unlink()


@pytest.fixture(params=[edit_payload, tear_event, lose_event])
def broken(request: pytest.FixtureRequest, office: Office) -> Breaker:
    """Ways in which the first case may be broken."""
    lay(office, "ett.pdf", consent_of(office, FIRST))
    lay(office, "to.pdf", consent_of(office, SECOND))
    breaker: Breaker = request.param
    breaker(office.archive.folder(FIRST))
    return breaker


def test_the_other_cases_are_read_and_written(office: Office, root: Path, broken: Breaker) -> None:
    del broken
    with offices.opened(root) as again:
        assert [line.case_id for line in case_lines(again)] == [SECOND]
        assert {line.what.case_id for line in outstanding_lines(again, again.today)} == {SECOND}
        assert set(again.broken) == {FIRST}
        with pytest.raises(IntegrityError):
            again.case(FIRST)
        swept = sweep(again)
        assert [filed.case_id for filed in swept.taken.filed] == [SECOND]
        assert [one.file for one in swept.waiting] == ["ett.pdf"]
        assert swept.broken
    assert (office.settings.inbox / "ett.pdf").exists()


def test_what_is_unknown_of_a_broken_case_stops_the_search_for_rows(
    office: Office, root: Path, broken: Breaker
) -> None:
    del broken
    office.index.rebuild()
    body = offices.batch([offices.case()], [offices.consent()])
    with offices.opened(root) as again:
        if again.broken:
            with pytest.raises(IntegrityError):
                offices.issue_all(again, body)
        assert again.broken or again.index.knows(FIRST)


def test_the_chain_of_the_office_stops_everything(root: Path) -> None:
    edit_payload(root / "archive" / "kontor")
    (path,) = (root / "indeks").iterdir()
    path.unlink()
    with pytest.raises(IntegrityError):
        offices.opened(root)


# --- disks ----------------------------------------------------------------------------------


class FullDisk(files.Disk):
    """Takes no more bytes in the archive."""

    def write_temporary(self, path: Path, data: bytes) -> None:
        if "archive" in path.parts:
            raise OSError(28, "No space left on device")
        super().write_temporary(path, data)


def test_a_full_disk_is_a_reason_to_wait(root: Path) -> None:
    with offices.opened(root, disk=FullDisk()) as office:
        (office.settings.inbox / "a.txt").write_bytes(b"a")
        (one,) = sweep(office).waiting
    assert (one.file, one.reason) == ("a.txt", "disk_full")
    assert isinstance(one.error, ArchiveError)
    assert (root / "inbox" / "a.txt").exists()


def test_a_case_that_is_not_there_is_not_broken(office: Office) -> None:
    with pytest.raises(InputError, match="unknown_case"):
        replace(office, actor="u-05").case(ChainId("2026-0999"))
