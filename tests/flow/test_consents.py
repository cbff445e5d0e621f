"""A consent from paper to force: signed is not read, and a withdrawal holds at once."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pypdfium2
import pytest

from bti_docs.app.consents import Spoken, note_consent
from bti_docs.app.office import Office
from bti_docs.app.settling import Answer, read_consent, settle
from bti_docs.app.taking.foreign import ForeignPaper, file_foreign
from bti_docs.app.taking.tray import dismiss, file_under_reference
from bti_docs.core.consent import covered_services, in_force
from bti_docs.core.events import ChainId
from bti_docs.core.model import Case, Document
from bti_docs.core.paper import Box, Place
from bti_docs.core.references import Reference
from bti_docs.errors import InputError
from bti_docs.simulate import as_pdf, scan
from tests.flow.offices import (
    QUICK,
    TODAY,
    assert_sound,
    batch,
    case,
    consent,
    drop,
    guardian,
    invitation,
    issue_all,
    papers,
    pdf_of,
    scanned,
)

Sheets = tuple[Document, Document]


@pytest.fixture
def sheets(office: Office) -> Sheets:
    """Two sheets of one consent: parents who live apart."""
    assert len(issue_all(office, batch([case()], [consent()])).issued) == 2
    (_, one), (_, two) = papers(office, "SAM")
    return one, two


def the_case(office: Office) -> Case:
    return office.case(office.archive.chains()[0])


def reasons(office: Office) -> list[str]:
    bodies = [office.archive.tray_get(item) or {} for item in office.archive.tray_items()]
    return [reason["code"] for body in bodies for reason in body["reasons"]]


def test_it_is_in_force_only_when_both_sheets_are_in_and_read(
    office: Office, sheets: Sheets
) -> None:
    one, two = (Reference(sheet.ref) for sheet in sheets)
    first = drop(office, "a.pdf", as_pdf(scanned(office, one)))
    assert [(f.ref, f.signed, f.signatures) for f in first.filed] == [(one, True, (("f1", True),))]
    assert not in_force(the_case(office), TODAY)
    read_consent(office, one)
    assert not in_force(the_case(office), TODAY)
    with pytest.raises(InputError, match="consent_not_returned"):
        read_consent(office, two)
    drop(office, "b.pdf", as_pdf(scanned(office, two, seed=2)))
    assert not in_force(the_case(office), TODAY)
    found = read_consent(office, two, without=["ppt"])
    assert covered_services(found, TODAY) == {"skole"}
    assert all(paper.over for paper in found.documents)
    assert not covered_services(found, TODAY + timedelta(days=366))
    assert_sound(office)


def test_an_unsigned_sheet_waits_and_a_person_answers_for_it(
    office: Office, sheets: Sheets
) -> None:
    blank = drop(office, "a.pdf", as_pdf(scanned(office, sheets[0].ref, signed=False)))
    assert not blank.filed
    assert reasons(office) == ["signature_look"]
    (item,) = blank.tray
    assert item.guess_ref == sheets[0].ref
    assert (office.archive.tray_folder(item.item) / "side-1.png").is_file()
    ref = Reference(item.guess_ref)
    filed = file_under_reference(office, item.item, ref, "Så underskriften", signed=["f1"])
    assert filed.signatures == (("f1", True),)
    assert not office.archive.tray_items()
    with pytest.raises(InputError, match="unknown_item"):
        file_under_reference(office, item.item, Reference(sheets[0].ref), "igjen")
    assert_sound(office)


def test_ink_outside_the_lines_is_for_a_person(office: Office, sheets: Sheets) -> None:
    struck = Place(None, "", 1, Box(30, 120, 120, 8))
    pages = scan(
        pdf_of(office, sheets[0].ref), seed=3, sign=sheets[0].places, strike=[struck], scanner=QUICK
    )
    assert not drop(office, "a.pdf", as_pdf(pages)).filed
    assert reasons(office) == ["ink_outside"]
    assert not in_force(the_case(office), TODAY)


def test_the_same_sheet_scanned_twice_is_a_duplicate_and_its_bytes_are_kept(
    office: Office, sheets: Sheets
) -> None:
    drop(office, "a.pdf", as_pdf(scanned(office, sheets[0].ref)))
    other = as_pdf(scanned(office, sheets[0].ref, seed=7))
    taken = drop(office, "b.pdf", other)
    assert (taken.filed, taken.tray, taken.duplicates) == ((), (), (sheets[0].ref,))
    assert [d.ref for d in the_case(office).documents if d.returned_on] == [sheets[0].ref]
    assert [event.kind for event in office.archive.events(the_case(office).chain)].count(
        "filed"
    ) == 1
    assert any(other == path.read_bytes() for path in (office.archive.root / "bunker").iterdir())


def test_pages_of_one_sheet_in_two_scans_find_each_other(office: Office, sheets: Sheets) -> None:
    first, second = scanned(office, sheets[0].ref)
    assert drop(office, "b.pdf", as_pdf([second])).tray
    assert reasons(office) == ["page_missing"]
    taken = drop(office, "a.pdf", as_pdf([first]))
    (filed,) = taken.filed
    assert (filed.signed, filed.pages) == (True, 2)
    assert not office.archive.tray_items()
    (paper,) = [d for d in the_case(office).documents if d.returned_on]
    assert [file.role for file in paper.files if file.role != "issued"] == ["cut", "received"]
    kinds = [e.kind for e in office.archive.events(ChainId("kontor"))]
    assert kinds[-4:] == ["tray_in", "heap", "tray_decided", "heap"]
    assert_sound(office)


def test_a_name_that_a_stopped_run_left_is_passed_by(office: Office, sheets: Sheets) -> None:
    name = f"{TODAY.isoformat()}_SAM_{sheets[0].ref}_retur.pdf"
    path = office.archive.document_path(the_case(office).chain, f"dokumenter/{name}")
    path.write_bytes(b"left by a run that was stopped, and another scan came")
    (filed,) = drop(office, "a.pdf", as_pdf(scanned(office, sheets[0].ref))).filed
    assert filed.document.endswith("_retur-2.pdf")


def test_refused_it_never_holds(office: Office, sheets: Sheets) -> None:
    one, two = (Reference(sheet.ref) for sheet in sheets)
    settle(office, one, Answer("refused", "Vil ikke", TODAY, by=("f1",)))
    drop(office, "b.pdf", as_pdf(scanned(office, two, seed=2)))
    found = read_consent(office, two)
    assert not in_force(found, TODAY)
    assert [c.outcome for c in found.consents] == ["refused"]


def test_a_withdrawal_holds_the_same_day(office: Office) -> None:
    issue_all(office, batch([case(guardians=[guardian()])], [consent()]))
    ref = Reference(papers(office, "SAM")[0][1].ref)
    drop(office, "a.pdf", as_pdf(scanned(office, ref)))
    found = read_consent(office, ref)
    assert covered_services(found, TODAY)
    part = Spoken("withdrawn", ("f1",), TODAY, "Ringte", ("ppt",))
    found = note_consent(office, found, part).case
    assert covered_services(found, TODAY) == {"skole"}
    whole = Spoken("withdrawn", ("f1",), TODAY, "Ringte igjen")
    found = note_consent(office, found, whole).case
    assert not covered_services(found, TODAY)


def test_a_sheet_signed_before_a_withdrawal_gives_nothing_when_it_is_read_after(
    office: Office, sheets: Sheets
) -> None:
    one = Reference(sheets[0].ref)
    drop(office, "en.pdf", as_pdf(scanned(office, one)))
    said = Spoken("withdrawn", ("f1",), TODAY, "Ringte")
    note_consent(office, the_case(office), said)
    with pytest.raises(InputError) as caught:
        read_consent(office, one)
    assert caught.value.code == "withdrawn_since"
    assert in_force(the_case(office), TODAY) == ()


def test_a_reply_slip_filled_by_hand_is_filed_and_a_second_one_is_looked_at(
    office: Office,
) -> None:
    issue_all(office, batch([case(guardians=[guardian()])], [invitation()]))
    ((_, slip),) = papers(office, "SVR")
    words = [Place(None, "", 1, Box(40, 150, 120, 10))]
    first = scan(pdf_of(office, slip.ref), seed=4, write=words, scanner=QUICK)
    (filed,) = drop(office, "a.pdf", as_pdf(first)).filed
    assert filed.ref == slip.ref
    assert the_case(office).document(slip.ref).waits_for == "read"  # type: ignore[union-attr]
    second = scan(pdf_of(office, slip.ref), seed=5, write=words, scanner=QUICK)
    assert drop(office, "b.pdf", as_pdf(second)).tray
    assert reasons(office) == ["already_settled"]


def test_papers_that_we_did_not_make(office: Office) -> None:
    issue_all(office, batch([case()], [consent()]))
    chain = the_case(office).chain
    letter = letter_from_home(6)
    (item,) = drop(office, "brev uten endelse", letter).tray
    assert [reason.code for reason in item.reasons] == ["no_code"]
    paper = ForeignPaper(chain, "INN", date(2026, 11, 20), "Mor")
    filed = file_foreign(office, item.item, paper, "Brev fra mor")
    assert filed.document.endswith("_mottatt.pdf")
    drawing = letter_from_home(8)
    (item,) = drop(office, "c.pdf", drawing).tray
    name = dismiss(office, item.item, "Ikke vårt")
    assert (office.settings.inbox / "ikke-vart" / name).read_bytes() == drawing
    assert_sound(office)


def letter_from_home(seed: int) -> bytes:
    """A sheet of paper that somebody has written on."""
    sheet, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    sheet.new_page(595, 842).close()
    sheet.save(out)
    sheet.close()
    lines = [Place(None, "", 1, Box(30, 40 + 15 * line, 140, 10)) for line in range(6)]
    return as_pdf(scan(out.getvalue(), seed=seed, write=lines, scanner=QUICK))


def test_a_sheet_to_one_of_two_guardians_is_not_enough(office: Office) -> None:
    only_one = consent(mottakere="f1")
    issue_all(office, batch([case()], [only_one]))
    ((_, sheet),) = papers(office, "SAM")
    drop(office, "a.pdf", as_pdf(scanned(office, sheet.ref)))
    assert not in_force(read_consent(office, Reference(sheet.ref)), TODAY)
    (made,) = issue_all(office, batch([case()], [consent(mottakere="f1 f2")])).issued
    assert (made.recipient, made.set) == ("f2", sheet.set)
    drop(office, "b.pdf", as_pdf(scanned(office, made.ref, seed=2)))
    assert in_force(read_consent(office, Reference(made.ref)), TODAY)


def test_the_whole_sheet_again_does_not_join_the_page_that_waited(
    office: Office, sheets: Sheets
) -> None:
    first, second = scanned(office, sheets[0].ref)
    assert drop(office, "a.pdf", as_pdf([first])).tray
    (filed,) = drop(office, "b.pdf", as_pdf([first, second])).filed
    assert filed.pages == 2
