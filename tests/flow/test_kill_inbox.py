"""Killed between any two steps of taking a file in: nothing twice, missing or lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bti_docs.app.office import Office
from bti_docs.app.taking import take_in_file
from bti_docs.core.events import digest
from bti_docs.core.references import ArchiveName, PageCode, Reference
from bti_docs.simulate import as_pdf, draw_form, scan
from tests.flow.kills import kill, sample, steps_of
from tests.flow.offices import (
    FATHER,
    MOTHER,
    NOW,
    QUICK,
    assert_sound,
    batch,
    case,
    consent,
    copy_office,
    docx_of,
    drop,
    held_bytes,
    issue_all,
    minutes,
    opened,
    papers,
    scanned,
    story,
    written,
)

WRITTEN = {
    "moete.slutt": "10:00", "moete.referent": "Rita Test, Skole", "stemme.tekst": "Det går bra.",
    "stemme.hvordan": "Samtale", "hjemmet.syn": "Roligere morgener", "situasjon.naa": "Bedre",
    "situasjon.vurdering": "Det virker", "beslutning.tekst": "Vi fortsetter",
    "informeres": "Siv forteller Kari", "nivaa.videre": "Nivå 2 – samarbeid med andre tjenester",
    "neste_moete.dato": "21.01.2027", "kopi_til": "Foresatte",
}  # fmt: skip
ROWS = {
    "deltakere": [{"navn": "Siv Stafett", "rolle": "Stafettholder", "tjeneste": "Skole"}],
    "tiltak": [{"nr": "1", "maal": "Trygg start", "tiltak": "Møte ved porten",
                "ansvarlig": "Siv Stafett, Skole", "frist": "01.12.2026"}],
}  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """An office with letters out, and what has come back of them."""

    folder: Path
    heap: bytes
    first: bytes
    second: bytes
    word: bytes


@pytest.fixture(scope="module")
def desk(office_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    root = copy_office(office_folder, tmp_path_factory.mktemp("ute") / "kontor")
    with opened(root) as office:
        body = batch(
            [case(guardians=[MOTHER]), case("s2", [FATHER], {"fornavn": "Ola"})],
            [consent("a"), consent("b", "s2"), minutes("ref", "s2")],
        )
        assert len(issue_all(office, body).issued) == 3
        (_, one), (_, two) = papers(office, "SAM")
        mine, other = scanned(office, one.ref), scanned(office, two.ref, seed=2)
        ref = papers(office, "REF")[0][1].ref
        heap = as_pdf([mine[0], other[1], stranger(), mine[1], other[0]])
        word = written(docx_of(office, ref), WRITTEN, ROWS)
        return Desk(root, heap, as_pdf(mine[:1]), as_pdf(mine[1:]), word)


def stranger() -> bytes:
    code = PageCode(ArchiveName("XXXX"), Reference("7K3MQ2XP"), 1, 1)
    return scan(draw_form([code]), seed=9, scanner=QUICK)[0]


def check_all(
    desk: Desk, tmp_path: Path, name: str, data: bytes, wanted: int,
    before: Callable[[Office], object] = lambda _: None,
) -> Office:  # fmt: skip
    base = copy_office(desk.folder, tmp_path / "base")
    with opened(base) as office:
        before(office)
        dropped = {digest(data)} | held_bytes(office)
        (office.settings.inbox / name).write_bytes(data)

    def act(office: Office) -> object:
        return take_in_file(office, office.settings.inbox / name)

    whole = copy_office(base, tmp_path / "whole")
    steps = steps_of(whole, act)
    with opened(whole) as office:
        expected = story(office)
        assert digest(data) in held_bytes(office)
    for step in sample(steps, wanted):
        root = copy_office(base, tmp_path / str(step))
        kill(root, step, act)
        with opened(root) as office:
            assert digest(data) in held_bytes(office)
            act(office)
            assert story(office) == expected, step
            assert not (office.settings.inbox / name).exists()
            assert dropped <= held_bytes(office)
            assert_sound(office)
    return opened(whole)


EVERY = pytest.mark.parametrize(
    "wanted", [7, pytest.param(10_000, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])]
)


@EVERY
def test_a_heap_with_two_consents_and_a_strangers_page(
    desk: Desk, tmp_path: Path, wanted: int
) -> None:
    with check_all(desk, tmp_path, "SCAN0001.pdf", desk.heap, wanted) as office:
        assert all(d.signed_by for _, d in papers(office, "SAM"))
        (item,) = office.archive.tray_items()
        body = office.archive.tray_get(item)
        assert body is not None
        assert [reason["code"] for reason in body["reasons"]] == ["foreign_archive"]
        assert office.archive.heap_path(digest(desk.heap)) is not None


@EVERY
def test_a_finished_word_file(desk: Desk, tmp_path: Path, wanted: int) -> None:
    with check_all(desk, tmp_path, "Referat.docx", desk.word, wanted) as office:
        (chain, paper), = papers(office, "REF")  # fmt: skip
        assert "completed" in paper.done
        assert [m.measure for m in office.case(chain).measures] == ["Møte ved porten"]  # type: ignore[arg-type]


@EVERY
def test_the_second_page_comes_a_day_later(desk: Desk, tmp_path: Path, wanted: int) -> None:
    def first(office: Office) -> None:
        assert drop(office, "forste.pdf", desk.first).tray[0].reasons[0].code == "page_missing"

    with check_all(desk, tmp_path, "andre.pdf", desk.second, wanted, first) as office:
        assert office.archive.tray_items() == ()
        assert office.clock() == NOW


def test_the_first_page_of_two(desk: Desk, tmp_path: Path) -> None:
    with check_all(desk, tmp_path, "forste.pdf", desk.first, 8) as office:
        (item,) = office.archive.tray_items()
        body = office.archive.tray_get(item)
        assert body is not None
        codes = [reason["code"] for reason in body["reasons"]]
        assert codes == ["page_missing"]
