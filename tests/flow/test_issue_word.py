"""Letters that leave as Word files only, many at a time."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from bti_docs.app.issuing import IssueResult, issue
from bti_docs.app.office import Office
from bti_docs.app.outgoing import mark_sent, print_heap
from bti_docs.core.references import PageCode
from bti_docs.errors import InputError
from bti_docs.files import listing
from bti_docs.merge import print_form
from bti_docs.pdf import convert, page_count, stamp
from bti_docs.simulate import as_pdf, scan
from tests.flow.kills import kill, sample, steps_of
from tests.flow.offices import (
    QUICK,
    TODAY,
    DyingDisk,
    assert_sound,
    batch,
    case,
    consent,
    copy_office,
    docx_of,
    drop,
    issue_all,
    minutes,
    opened,
    papers,
    raw,
    sets,
    story,
    written,
)

BATCH = batch(
    [case(), case("s2", [], {"fornavn": "Ola", "foedselsdato": "2005-01-02"})],
    [consent(), minutes("ref", "s2")],
)


def issue_word(office: Office) -> IssueResult:
    return issue(office, raw(office, BATCH), pdf=False)


def assert_copied(office: Office) -> None:
    """Every letter lies in the outbox as it does in its case, and nothing else lies there."""
    kept = {
        file.path.rpartition("/")[2]: office.archive.document(found.chain, file.path)
        for found in map(office.case, office.archive.chains())
        for document in found.documents
        for file in document.files
    }
    outbox = map(office.settings.outbox.joinpath, listing(office.settings.outbox))
    assert {p.name: p.read_bytes() for p in outbox if p.suffix != ".txt"} == kept


def test_word_files_only(office: Office) -> None:
    made = issue_word(office)
    assert len(made.issued) == 3
    assert {(i.pdf, i.pages) for i in made.issued} == {(None, 0)}
    assert all(i.docx.endswith(".docx") for i in made.issued)
    assert (made.heap, made.heaps) == (None, ())
    assert_sound(office)
    assert_copied(office)
    again = issue_word(office)
    assert (again.issued, again.skipped, again.heaps) == ((), 3, ())


def test_they_are_sent_and_cannot_be_printed_here(office: Office, tmp_path: Path) -> None:
    refs = [made.ref for made in issue_word(office).issued if made.type == "SAM"]
    with pytest.raises(InputError, match="document_has_no_pdf"):
        print_heap(office, refs, tmp_path / "bunke.pdf", reminder=False)
    assert mark_sent(office, refs, "post", TODAY).now == tuple(refs)


def test_one_finished_in_word_comes_back(office: Office) -> None:
    issue_word(office)
    [(_, paper)] = papers(office, "REF")
    texts = {"moete.slutt": "10:00", "moete.referent": "Rita Test"}
    taken = drop(office, "ferdig.docx", written(docx_of(office, paper.ref), texts, {}))
    found = (*taken.filed, *taken.tray)
    assert len(found) == 1
    assert_sound(office)


def test_one_printed_from_word_and_scanned_waits_with_a_guess(office: Office) -> None:
    issue_word(office)
    chain, paper = papers(office, "SAM")[0]
    pdf = convert(print_form(docx_of(office, paper.ref)))
    code = PageCode(office.archive.name, paper.ref, 0, 0).text()
    printed = stamp(pdf, [code] * page_count(pdf), title="Samtykke", language="nb")
    taken = drop(office, "SCAN0001.pdf", as_pdf(scan(printed, seed=1, scanner=QUICK)))
    [held] = taken.tray
    item = office.archive.tray_get(held.item)
    assert item is not None
    text = json.dumps(item)
    assert "pageless_code" in text
    assert "unknown_reference" not in text
    assert chain in text or paper.ref in text


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every letter is a round, and everything is synced as if it were many."""
    monkeypatch.setattr(import_module("bti_docs.app.issuing.run"), "WORD_ROUND", 1)
    monkeypatch.setattr("bti_docs.files.disk._TOGETHER", 1)


def check_all(base: Path, tmp_path: Path, wanted: int) -> None:
    whole = copy_office(base, tmp_path / "whole")
    steps = steps_of(whole, issue_word)
    with opened(whole) as office:
        expected, together = story(office), sets(office)
        assert_copied(office)
    for step in sample(steps, wanted):
        root = copy_office(base, tmp_path / str(step))
        kill(root, step, issue_word)
        with opened(root) as office:
            issue_word(office)
            assert (story(office), sets(office)) == (expected, together), step
            assert_sound(office)
            assert_copied(office)


@pytest.mark.usefixtures("one_by_one")
def test_killed_between_any_two_steps(office_folder: Path, tmp_path: Path) -> None:
    check_all(office_folder, tmp_path, 8)


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.usefixtures("one_by_one")
def test_killed_at_every_step(office_folder: Path, tmp_path: Path) -> None:
    check_all(office_folder, tmp_path, 10_000)


def test_numbers_follow_the_rows_of_the_cases(office: Office) -> None:
    children = [case(f"s{n}", [], {"fornavn": f"Barn {n}"}) for n in range(1, 6)]
    rows = [minutes(f"r{n}", f"s{n}") for n in (4, 2, 5)]
    made = issue(office, raw(office, batch(children, rows)), pdf=False)
    assert made.opened == tuple(f"2026-{n:04}" for n in range(1, 6))
    assert [i.case_id for i in made.issued] == ["2026-0004", "2026-0002", "2026-0005"]
    for chain in office.archive.chains():
        assert (office.archive.folder(chain) / "stafettlogg.html").is_file()


def test_what_the_index_is_told_is_what_it_would_read(root: Path) -> None:
    with opened(root) as office:
        issue_word(office)
        issue_all(office, batch([], [minutes("r9", "2026-0001")], "uke-49"))
        told = tuple(office.index._db.iterdump())
        office.index.rebuild()
        office.refresh()
        assert sorted(office.index._db.iterdump()) == sorted(told)


def test_a_round_costs_no_more_syncs_than_a_letter(root: Path, tmp_path: Path) -> None:
    def syncs(count: int) -> int:
        disk = DyingDisk()
        children = [case(f"s{n}", [], {"fornavn": f"Barn {n}"}) for n in range(count)]
        rows = [minutes(f"r{n}", f"s{n}") for n in range(count)]
        with opened(copy_office(root, tmp_path / str(count)), disk=disk) as office:
            issue(office, raw(office, batch(children, rows)), pdf=False)
        return sum(name.startswith("sync") for name in disk.names)

    few = syncs(40)
    if few > 100:
        pytest.skip("this file system is made durable file by file")
    assert syncs(80) == few
