"""What a person decides, and what the program must never take for something it is not."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bti_docs.app.moving import Target, move_document
from bti_docs.app.office import Office
from bti_docs.app.sweeping import sweep_once
from bti_docs.app.taking import InTray, Taken
from bti_docs.app.taking.foreign import ForeignPaper, file_foreign
from bti_docs.app.taking.tray import dismiss, file_under_reference, tray_items, unanswered
from bti_docs.core.events import OFFICE, ChainId, digest
from bti_docs.core.model import Case, Document
from bti_docs.core.paper import CODE_BOTTOM_LEFT, CODE_TOP_RIGHT, Box, Place, quiet_zone
from bti_docs.core.references import Reference
from bti_docs.errors import InputError
from bti_docs.simulate import as_pdf, scan
from tests.flow.offices import (
    FATHER,
    MOTHER,
    QUICK,
    TODAY,
    assert_sound,
    batch,
    case,
    consent,
    docx_of,
    drop,
    guardian,
    held_bytes,
    issue_all,
    minutes,
    papers,
    pdf_of,
    routine,
    scanned,
    written,
)
from tests.flow.test_words import ROWS, TEXTS

TOGETHER = [MOTHER, guardian("Per Eksempel", tilknytning="far")]


@pytest.fixture
def sheet(office: Office) -> Document:
    """One consent form that two guardians sign."""
    issue_all(office, batch([case(guardians=TOGETHER)], [consent()]))
    ((_, found),) = papers(office, "SAM")
    assert found.signers == ("f1", "f2")
    return found


def now(office: Office, document: Document) -> Document:
    return office.document(Reference(document.ref))[1]


def signed_by(
    office: Office, document: Document, *codes: str, seed: int = 1, **how: object
) -> list[bytes]:
    places = [place for place in document.places if place.signer in codes]
    pdf = pdf_of(office, document.ref)
    return scan(pdf, seed=seed, sign=places, scanner=QUICK, **how)  # type: ignore[arg-type]


def codes_of(item: InTray) -> list[str]:
    return [reason.code for reason in item.reasons]


# --- signatures -----------------------------------------------------------------------------


def test_a_persons_decision_signs_for_nobody(office: Office, sheet: Document) -> None:
    note = [Place(None, "", 1, Box(60, 150, 60, 6))]
    first = signed_by(office, sheet, "f1", write=note)
    (item,) = drop(office, "a.pdf", as_pdf(first)).tray
    assert codes_of(item) == ["ink_outside", "signature_look"]
    assert item.seen == ("f1",)
    assert [one.seen for one in tray_items(office)] == [("f1",)]
    ref = Reference(sheet.ref)
    assert unanswered(office, item.item, ref) == ("f2",)
    filed = file_under_reference(office, item.item, ref, "Lest merknaden")
    assert (filed.signed, filed.missing) == (False, ("f2",))
    assert now(office, sheet).waits_for == "signed"
    (filed,) = drop(office, "b.pdf", as_pdf(signed_by(office, sheet, "f2", seed=2))).filed
    assert (filed.signed, filed.missing) == (True, ())
    assert now(office, sheet).waits_for == "read"
    assert_sound(office)


def test_what_is_seen_may_be_denied_and_what_is_not_may_be_answered_for(
    office: Office, sheet: Document
) -> None:
    note = [Place(None, "", 1, Box(60, 150, 60, 6))]
    (item,) = drop(office, "a.pdf", as_pdf(signed_by(office, sheet, "f1", write=note))).tray
    ref = Reference(sheet.ref)
    with pytest.raises(InputError, match="not_asked_to_sign"):
        file_under_reference(office, item.item, ref, "Sett", signed=["f3"])
    with pytest.raises(InputError, match="why_is_empty"):
        file_under_reference(office, item.item, ref, "  ")
    filed = file_under_reference(
        office, item.item, ref, "Far skrev i feil felt", signed=["f2"], unsigned=["f1"]
    )
    assert filed.signatures == (("f1", False), ("f2", True))


def test_another_documents_ink_signs_nothing(office: Office, sheet: Document) -> None:
    issue_all(office, batch([case("s2", [FATHER], {"fornavn": "Ola"})], [consent("to", "s2")]))
    other = next(d for _, d in papers(office, "SAM") if d.ref != sheet.ref)
    note = [Place(None, "", 1, Box(60, 150, 60, 6))]
    (item,) = drop(office, "a.pdf", as_pdf(signed_by(office, sheet, "f1", write=note))).tray
    filed = file_under_reference(office, item.item, Reference(other.ref), "Feil kode på arket")
    assert filed.missing == ("f1",)


def test_a_moved_paper_is_signed_by_those_whom_the_person_names(
    office: Office, sheet: Document
) -> None:
    issue_all(office, batch([case("s2", [FATHER], {"fornavn": "Ola"})], [consent("to", "s2")]))
    other = next(d for _, d in papers(office, "SAM") if d.ref != sheet.ref)
    drop(office, "a.pdf", as_pdf(signed_by(office, sheet, "f1", "f2")))
    move_document(office, Reference(sheet.ref), Target(Reference(other.ref)), "Feil barn")
    assert now(office, other).missing_signers == ("f1",)
    assert now(office, other).waits_for == "signed"
    assert now(office, sheet).missing_signers == ("f1", "f2")
    assert_sound(office)


def test_an_approval_is_the_approvers(office: Office) -> None:
    issue_all(office, batch([], [routine()]))
    ((_, paper),) = papers(office, "RUT")
    (item,) = drop(office, "a.pdf", as_pdf(scanned(office, paper.ref, signed=False))).tray
    filed = file_under_reference(office, item.item, Reference(paper.ref), "Ikke godkjent ennå")
    assert filed.missing == paper.signers
    assert now(office, paper).waits_for == "approved"


@pytest.mark.parametrize(
    ("mark", "dx", "dy", "w", "h"),
    [("strike", 0, -12, 45, 3), ("write", 80, 2, 35, 7), ("write", -65, -12, 55, 6)],
    ids=["consent struck out", "a note beside", "a note above the date"],
)
def test_what_is_written_round_the_signatures_is_read_first(
    office: Office, sheet: Document, mark: str, dx: float, dy: float, w: float, h: float
) -> None:
    place = sheet.places[0]
    there = [Place(None, "", place.page, Box(place.box.x + dx, place.box.y + dy, w, h))]
    pages = signed_by(office, sheet, "f1", "f2", **{mark: there})
    (item,) = drop(office, "a.pdf", as_pdf(pages)).tray
    assert codes_of(item) == ["ink_outside"]
    assert item.seen == ("f1", "f2")


def test_place_and_date_are_welcome(office: Office, sheet: Document) -> None:
    lines = [Place(None, "", p.page, Box(20, p.box.y + 3, 60, 8)) for p in sheet.places]
    pages = signed_by(office, sheet, "f1", "f2", write=lines)
    assert drop(office, "a.pdf", as_pdf(pages)).filed


# --- pages ----------------------------------------------------------------------------------


def without_codes(jpeg: bytes) -> bytes:
    """A page whose codes nobody can read any more."""
    with Image.open(io.BytesIO(jpeg)) as image:
        page, dpi = np.array(image.convert("L")), image.info["dpi"]
    per_mm = page.shape[1] / 210
    for code in (CODE_TOP_RIGHT, CODE_BOTTOM_LEFT):
        box = quiet_zone(code).grown(6)
        rows = slice(round(max(0, box.y) * per_mm), round((box.y + box.h) * per_mm))
        page[rows, round(max(0, box.x) * per_mm) : round((box.x + box.w) * per_mm)] = 240
    out = io.BytesIO()
    Image.fromarray(page).save(out, "JPEG", dpi=dpi)
    return out.getvalue()


def test_another_childs_page_is_nobodys_back(office: Office, sheet: Document) -> None:
    issue_all(office, batch([case("s2", [FATHER], {"fornavn": "Ola"})], [consent("to", "s2")]))
    other = next(d for _, d in papers(office, "SAM") if d.ref != sheet.ref)
    lost = without_codes(scanned(office, other.ref, seed=5)[0])
    taken = drop(office, "bunke.pdf", as_pdf([*signed_by(office, sheet, "f1", "f2"), lost]))
    (filed,), (item,) = taken.filed, taken.tray
    assert (filed.ref, filed.pages) == (sheet.ref, 2)
    assert (codes_of(item), item.guess_ref) == (["no_code"], None)


def test_a_whole_sheet_lets_go_of_the_page_that_waited_and_keeps_its_bytes(
    office: Office, sheet: Document
) -> None:
    first, second = signed_by(office, sheet, "f1", "f2")
    early = as_pdf([first])
    assert drop(office, "a.pdf", early).tray
    taken = drop(office, "b.pdf", as_pdf(signed_by(office, sheet, "f1", "f2", seed=3)))
    assert taken.filed
    assert len(taken.completed) == 1
    assert not office.archive.tray_items()
    assert digest(early) in held_bytes(office)
    outcomes = [e.codes.get("outcome") for e in office.archive.events(OFFICE)]
    assert outcomes.count("completed") == 1
    assert second


def test_a_waiting_page_that_says_more_than_the_whole_sheet_goes_on_waiting(
    office: Office, sheet: Document
) -> None:
    _, second = signed_by(office, sheet, "f2")
    assert drop(office, "a.pdf", as_pdf([second])).tray[0].seen == ("f2",)
    assert drop(office, "b.pdf", as_pdf(signed_by(office, sheet, "f1", seed=3))).filed
    assert len(office.archive.tray_items()) == 1


def test_of_a_page_that_came_twice_the_newest_counts(office: Office, sheet: Document) -> None:
    one, two = signed_by(office, sheet, "f1", "f2"), signed_by(office, sheet, "f1", "f2", seed=4)
    assert drop(office, "a.pdf", as_pdf(one[:1])).tray
    assert drop(office, "b.pdf", as_pdf(two[:1])).tray
    (filed,) = drop(office, "c.pdf", as_pdf(one[1:])).filed
    assert (filed.pages, filed.signed) == (2, True)
    assert not office.archive.tray_items()
    assert {digest(as_pdf(one[:1])), digest(as_pdf(two[:1]))} <= held_bytes(office)


def test_one_sweep_does_not_say_that_something_waits_which_it_completed(
    office: Office, sheet: Document
) -> None:
    first, second = signed_by(office, sheet, "f1", "f2")
    (office.settings.inbox / "a.pdf").write_bytes(as_pdf([first]))
    (office.settings.inbox / "b.pdf").write_bytes(as_pdf([second]))
    taken = sweep_once(office, pause=lambda _: None).taken
    assert len(taken.filed) == 1
    assert taken.tray == ()


def test_two_halves_add_up_in_one_result() -> None:
    item = InTray("x", "a.pdf", ())
    assert (Taken(tray=(item,)) + Taken(completed=("x",))).tray == ()
    assert (Taken(tray=(item,)) + Taken(completed=("y",))).tray == (item,)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_not_utf_8(office: Office, sheet: Document) -> None:
    name = os.fsencode(office.settings.inbox) + b"/skann \xe6.pdf"
    Path(os.fsdecode(name)).write_bytes(as_pdf(signed_by(office, sheet)))
    taken = sweep_once(office, pause=lambda _: None).taken
    assert [item.file for item in taken.tray] == ["skann \ufffd.pdf"]
    assert not list(office.settings.inbox.glob("*.pdf"))
    assert_sound(office)


# --- Word files -----------------------------------------------------------------------------


@pytest.fixture
def paper(office: Office) -> Document:
    """Minutes that are issued and not yet written."""
    issue_all(office, batch([case()], [minutes()]))
    return papers(office, "REF")[0][1]


def the_case(office: Office) -> Case:
    return office.case(office.archive.chains()[0])


def repacked(docx: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(docx)) as source:
        parts = {name: change(name, source.read(name)) for name in source.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            if data is not None:
                target.writestr(name, data)
    return out.getvalue()


def test_word_minutes_that_a_person_files_say_what_they_say(
    office: Office, paper: Document
) -> None:
    texts = {**TEXTS, "hjemmet.syn": "", "neste_moete.dato": "over nyttår"}
    (item,) = drop(office, "a.docx", written(docx_of(office, paper.ref), texts, ROWS)).tray
    found = {(r.code, str(r.params["label"])) for r in item.reasons}
    assert ("docx_field_missing", "hjemmet.syn") not in found
    wrong = [label for code, label in found if code == "docx_field_wrong"]
    missing = [label for code, label in found if code == "docx_field_missing"]
    assert len(wrong) == len(missing) == 1
    assert "." not in wrong[0] + missing[0]
    filed = file_under_reference(office, item.item, Reference(paper.ref), "Greit likevel")
    assert set(filed.unread) == {*wrong, *missing}
    assert len(the_case(office).measures) == 5
    finished = now(office, paper)
    assert finished.waits_for == "sent"
    assert [file.role for file in finished.files if file.role == "reading"] == ["reading"]
    assert finished.record["beslutning.tekst"] == "Vi fortsetter i seks uker."
    assert_sound(office)


def test_word_minutes_of_the_wrong_child_take_their_measures_along(
    office: Office, paper: Document
) -> None:
    issue_all(office, batch([case("s2", [FATHER], {"fornavn": "Ola"})], [minutes("to", "s2")]))
    (chain, other), = [(c, d) for c, d in papers(office, "REF") if d.ref != paper.ref]  # fmt: skip
    drop(office, "a.docx", written(docx_of(office, paper.ref), TEXTS, ROWS))
    move_document(office, Reference(paper.ref), Target(Reference(other.ref)), "Feil barn")
    assert len(office.case(ChainId(chain)).measures) == 5
    assert not office.case(office.index.chain_of(paper.ref) or OFFICE).measures
    assert sum(file.role == "reading" for file in now(office, other).files) == 1
    assert_sound(office)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda n, b: b[: len(b) // 2] if n == "word/document.xml" else b, "damaged"),
        (lambda n, b: b"junk" if n == "docProps/custom.xml" else b, "damaged"),
        (lambda n, b: b"<a>" + b" " * 300_000_000 if n == "word/document.xml" else b, "too_large"),
    ],
    ids=["half a document", "properties", "bomb"],
)
def test_a_broken_word_file_waits_with_its_reason(
    office: Office,
    paper: Document,
    change: Callable[[str, bytes], bytes | None],
    reason: str,
) -> None:
    (item,) = drop(office, "a.docx", repacked(docx_of(office, paper.ref), change)).tray
    assert codes_of(item) == [reason]


def test_a_word_file_with_a_password_waits_at_once(office: Office) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)
    (office.settings.inbox / "a.docx").write_bytes(data)
    (item,) = sweep_once(office, pause=lambda _: None).taken.tray
    assert codes_of(item) == ["encrypted"]


# --- papers we did not make -----------------------------------------------------------------


@pytest.fixture
def letter(office: Office, sheet: Document) -> str:
    """An item without a guess."""
    return (
        drop(office, "a.pdf", as_pdf([without_codes(scanned(office, sheet.ref)[0])])).tray[0].item
    )


@pytest.mark.parametrize(
    ("paper", "code"),
    [
        (ForeignPaper(OFFICE, "INN", TODAY, "Mor"), "unknown_case"),
        (ForeignPaper(ChainId("../kontor"), "INN", TODAY, "Mor"), "unknown_case"),
        (ForeignPaper(ChainId("2026-9999"), "INN", TODAY, "Mor"), "unknown_case"),
        (ForeignPaper(ChainId("2026-0001"), "inn", TODAY, "Mor"), "paper_type_unknown"),
        (ForeignPaper(ChainId("2026-0001"), "X" * 50, TODAY, "Mor"), "paper_type_unknown"),
        (ForeignPaper(ChainId("2026-0001"), "INN", date(2029, 1, 1), "Mor"), "day_to_come"),
    ],
)
def test_what_is_not_right_about_a_letter(
    office: Office, letter: str, paper: ForeignPaper, code: str
) -> None:
    with pytest.raises(InputError, match=code):
        file_foreign(office, letter, paper, "Brev")
    assert letter in office.archive.tray_items()


def test_a_series_takes_no_persons_paper(office: Office, letter: str) -> None:
    issue_all(office, batch([], [routine()]))
    ((chain, _),) = papers(office, "RUT")
    with pytest.raises(InputError, match="series_takes_no_paper"):
        file_foreign(office, letter, ForeignPaper(ChainId(chain), "INN", TODAY, "Mor"), "Brev")
    paper = ForeignPaper(the_case(office).chain, "MRK", TODAY, "Mor")
    with pytest.raises(InputError, match="why_is_empty"):
        file_foreign(office, letter, paper, "")
    with pytest.raises(InputError, match="why_is_empty"):
        dismiss(office, letter, " ")
    assert file_foreign(office, letter, paper, "Merknad").type == "MRK"
