"""Who gets a letter, what it may say, and what happens when a row is handed in again."""

from __future__ import annotations

import io

import pypdf
import pytest

from bti_docs.app.cases import close_case, reopen_case
from bti_docs.app.issuing import IssueResult
from bti_docs.app.office import Office
from bti_docs.core.events import ChainId
from tests.flow.offices import (
    FATHER,
    MOTHER,
    assert_outbox_whole,
    assert_sound,
    batch,
    case,
    consent,
    guardian,
    invitation,
    issue_all,
    minutes,
    opened,
    papers,
    pdf_of,
)

TOGETHER = [MOTHER, guardian("Per Eksempel", tilknytning="far")]


def text_of(office: Office, ref: str) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf_of(office, ref))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def codes(result: IssueResult) -> list[str]:
    return [problem.code for problem in result.errors]


def test_one_letter_for_each_recipient_with_that_ones_name_and_address_only(office: Office) -> None:
    result = issue_all(office, batch([case()], [invitation()]))
    assert [(i.type, i.recipient) for i in result.issued] == [
        ("INV", "f1"), ("SVR", "f1"), ("INV", "f2"), ("SVR", "f2"),
    ]  # fmt: skip
    assert len({i.set for i in result.issued}) == 1
    mine, other = text_of(office, result.issued[0].ref), text_of(office, result.issued[2].ref)
    assert "Testveien 1" in mine
    assert "Testveien 1" not in other
    assert "Prøvegata 2" in other
    assert "Prøvegata 2" not in mine
    assert_sound(office)
    assert_outbox_whole(office)


def test_one_sheet_for_guardians_who_live_together(office: Office) -> None:
    issue_all(office, batch([case(guardians=TOGETHER)], [consent()]))
    ((_, sheet),) = papers(office, "SAM")
    assert sheet.signers == ("f1", "f2")
    assert [place.signer for place in sheet.places] == ["f1", "f2"]


def test_a_sheet_each_for_those_who_live_apart_in_one_set(office: Office) -> None:
    issue_all(office, batch([case()], [consent()]))
    sheets = [sheet for _, sheet in papers(office, "SAM")]
    assert [sheet.signers for sheet in sheets] == [("f1",), ("f2",)]
    assert len({sheet.set for sheet in sheets}) == 1


def test_a_guardian_without_responsibility_gets_nothing(office: Office) -> None:
    other = {**FATHER, "foreldreansvar": "nei"}
    issue_all(office, batch([case(guardians=[MOTHER, other])], [consent(), invitation()]))
    assert {d.recipient for kind in ("SAM", "INV") for _, d in papers(office, kind)} == {"f1"}


@pytest.mark.parametrize(
    ("child", "signers"),
    [
        ({"foedselsdato": "2011-11-23", "slag": "ungdom"}, ("f1", "f2", "barn")),
        ({"foedselsdato": "2011-11-24", "slag": "ungdom"}, ("f1", "f2")),
        ({"foedselsdato": "2008-11-23", "slag": "ungdom"}, ("barn",)),
        ({"foedselsdato": "1996-01-01", "slag": "gravid"}, ("barn",)),
    ],
)
def test_who_signs_by_age(office: Office, child: dict[str, str], signers: tuple[str, ...]) -> None:
    issue_all(office, batch([case(guardians=TOGETHER, child=child)], [consent()]))
    ((_, sheet),) = papers(office, "SAM")
    assert sheet.signers == signers
    assert tuple(place.signer for place in sheet.places) == signers


def test_a_recipient_who_is_not_in_the_case_is_a_problem(office: Office) -> None:
    known = issue_all(office, batch([case()], [consent()])).issued[0].case_id
    assert codes(issue_all(office, batch([], [invitation(sak=known, mottakere="f7")]))) == [
        "unknown_recipient"
    ]


def hidden(key: str = "s1") -> dict[str, object]:
    """A case with a protected address: no addresses in it, but a school and a unit."""
    bare = {**MOTHER, "adresse": "", "postnr": "", "poststed": "", "adressesperre": "fortrolig"}
    return case(key, [bare], {"fornavn": "Ida"}, enhet="E01")


def test_a_protected_case_is_left_out_of_a_bulk_run_and_the_others_are_made(office: Office) -> None:
    body = batch([hidden(), case("s2")], [consent(), consent("b", "s2")])
    result = issue_all(office, body)
    assert codes(result) == ["protected_alone"]
    assert [i.recipient for i in result.issued] == ["f1", "f2"]
    (chain,) = {chain for chain, _ in papers(office, "SAM")}
    assert chain == result.issued[0].case_id


def test_alone_it_needs_named_recipients_and_prints_no_place(office: Office) -> None:
    body = batch([hidden()], [invitation()])
    assert codes(issue_all(office, body)) == ["protected_name_recipients"]
    assert not office.archive.chains()
    named = issue_all(office, batch([hidden()], [invitation(mottakere="f1")]))
    assert not named.errors
    for made in named.issued:
        said = text_of(office, made.ref)
        for secret in (
            "Eksempelskogen",
            "5A",
            "Eksempel skole",
            "Skoleveien",
            "Møterom 2",
            "Rektor",
        ):
            assert secret not in said, (made.type, secret)
    again = issue_all(office, batch([hidden()], [invitation(mottakere="f1"), consent()]))
    assert again.skipped == 2
    assert codes(again) == ["protected_alone"]


def test_an_import_never_takes_a_protection_away(office: Office) -> None:
    issue_all(office, batch([hidden()], []))
    open_now = case("s1", [MOTHER], {"fornavn": "Ida"}, enhet="E01")
    result = issue_all(office, batch([open_now], []), replace_changed=True)
    assert codes(result) == ["protection_cleared"]


def test_guardians_who_are_not_informed_get_nothing_in_bulk(office: Office) -> None:
    quiet = case(foresatte_ikke_informert="ja")
    result = issue_all(office, batch([quiet], [consent(), invitation()]))
    assert codes(result) == ["not_informed_alone", "not_informed_alone"]
    assert not result.issued
    assert not issue_all(office, batch([quiet], [minutes()])).errors


def test_the_same_batch_twice_makes_nothing(office: Office) -> None:
    body = batch([case()], [invitation(), consent()])
    first = issue_all(office, body)
    head = {c: office.archive.head(c) for c in office.archive.chains()}
    second = issue_all(office, body)
    assert (second.issued, second.skipped, second.errors) == ((), len(first.issued), ())
    assert second.heap == first.heap
    assert head == {c: office.archive.head(c) for c in office.archive.chains()}


def test_a_changed_row_is_shown_and_made_again_only_when_asked(office: Office) -> None:
    first = issue_all(office, batch([case()], [invitation()]))
    changed = batch([case()], [invitation(day="2026-12-18")])
    result = issue_all(office, changed)
    assert set(codes(result)) == {"row_changed"}
    assert not result.issued
    with opened(office.settings.root, today=office.today.replace(day=25)) as later:
        again = issue_all(later, changed, replace_changed=True)
        assert len(again.issued) == 4
        assert "Denne erstatter brevet av 23. november" in text_of(later, again.issued[0].ref)
        found = later.case(ChainId(first.issued[0].case_id))
        old = [d for d in found.documents if d.ref in {i.ref for i in first.issued}]
        assert all(d.over and d.superseded_by for d in old)
        assert [meeting.date for meeting in found.meetings] == ["2026-12-18"]
        assert_outbox_whole(later)
        assert_sound(later)


def test_a_change_for_one_recipient_keeps_the_set_and_the_meeting(office: Office) -> None:
    first = issue_all(office, batch([case()], [invitation(), consent()]))
    renamed = case(guardians=[MOTHER, {**FATHER, "navn": "Per Prøve"}])
    assert codes(issue_all(office, batch([renamed], []))) == ["case_changed"]
    result = issue_all(office, batch([renamed], [invitation(), consent()]), replace_changed=True)
    assert {made.recipient for made in result.issued} == {"f3"}
    assert {made.set for made in result.issued} == {made.set for made in first.issued}
    found = office.case(ChainId(first.issued[0].case_id))
    assert [meeting.date for meeting in found.meetings] == ["2026-12-17"]


def test_only_the_rows_and_the_case_that_are_asked_for(office: Office) -> None:
    known = issue_all(office, batch([case()], [consent()])).issued[0].case_id
    body = batch(
        [{**case(), "sak": known}, case("s2", child={"fornavn": "Ola"})],
        [minutes(), consent("b", "s2")],
    )
    result = issue_all(office, body, only=known)  # type: ignore[arg-type]
    assert [(made.type, made.case_id) for made in result.issued] == [("REF", known)]
    assert office.archive.chains() == (known,)


def test_the_same_child_is_never_opened_twice(office: Office) -> None:
    issue_all(office, batch([case()], [], "en"))
    assert codes(issue_all(office, batch([case()], [], "to"))) == ["child_known"]


def test_nothing_is_made_in_a_case_that_has_ended(office: Office) -> None:
    body = batch([case()], [consent()])
    known = ChainId(issue_all(office, body).issued[0].case_id)
    ended = close_case(office, office.case(known), "Familien ønsker det", "Ikke lenger aktuelt")
    assert all(paper.over for paper in ended.documents)
    assert issue_all(office, body).skipped == 2
    more = batch([], [minutes(sak=known)])
    assert codes(issue_all(office, more)) == ["case_has_ended"]
    reopen_case(office, office.case(known), "Likevel")
    assert issue_all(office, more).issued
