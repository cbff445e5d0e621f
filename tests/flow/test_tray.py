"""What a person decides, and what the program must never take for something it is not."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bti_docs.app.moving import Target, move_document
from bti_docs.app.office import Office
from bti_docs.app.settling import read_consent
from bti_docs.app.sweeping import sweep_once
from bti_docs.app.taking import InTray, Taken
from bti_docs.app.taking.tray import file_under_reference, tray_items, unanswered
from bti_docs.core.consent import in_force
from bti_docs.core.events import OFFICE, digest
from bti_docs.core.model import Document
from bti_docs.core.paper import Box, Place
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
    drop,
    guardian,
    held_bytes,
    issue_all,
    papers,
    pdf_of,
    routine,
    scanned,
)
from tests.flow.test_foreign import without_codes

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
    ("mark", "where"),
    [
        ("strike", Box(0, -12, 45, 3)),
        ("write", Box(80, 2, 35, 7)),
        ("write", Box(-65, -12, 55, 6)),
    ],
    ids=["consent struck out", "a note beside", "a note above the date"],
)
def test_what_is_written_round_the_signatures_is_read_first(
    office: Office, sheet: Document, mark: str, where: Box
) -> None:
    place = sheet.places[0]
    there = [
        Place(
            None,
            "",
            place.page,
            Box(place.box.x + where.x, place.box.y + where.y, where.w, where.h),
        )
    ]
    pages = signed_by(office, sheet, "f1", "f2", **{mark: there})  # type: ignore[arg-type]
    (item,) = drop(office, "a.pdf", as_pdf(pages)).tray
    assert codes_of(item) == ["ink_outside"]
    assert item.seen == ("f1", "f2")


def test_place_and_date_are_welcome(office: Office, sheet: Document) -> None:
    lines = [Place(None, "", p.page, Box(20, p.box.y + 3, 60, 8)) for p in sheet.places]
    pages = signed_by(office, sheet, "f1", "f2", write=lines)
    assert drop(office, "a.pdf", as_pdf(pages)).filed


def test_the_sheet_of_the_second_signer_is_read_too(office: Office, sheet: Document) -> None:
    ref = Reference(sheet.ref)
    drop(office, "a.pdf", as_pdf(signed_by(office, sheet, "f1")))
    assert not in_force(read_consent(office, ref), TODAY)
    drop(office, "b.pdf", as_pdf(signed_by(office, sheet, "f2", seed=2)))
    found = now(office, sheet)
    assert found.unread_consent
    assert in_force(read_consent(office, ref), TODAY)


# --- pages ----------------------------------------------------------------------------------


def test_another_childs_page_is_nobodys_back(office: Office, sheet: Document) -> None:
    issue_all(office, batch([case("s2", [FATHER], {"fornavn": "Ola"})], [consent("to", "s2")]))
    other = next(d for _, d in papers(office, "SAM") if d.ref != sheet.ref)
    lost = without_codes(scanned(office, other.ref, seed=5)[0])
    taken = drop(office, "bunke.pdf", as_pdf([*signed_by(office, sheet, "f1", "f2"), lost]))
    (filed,), (item,) = taken.filed, taken.tray
    assert (filed.ref, filed.pages) == (sheet.ref, 2)
    assert codes_of(item) == ["no_code"]
    assert item.guess_ref in {None, other.ref}, "what is read of its foot may be nothing"


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
