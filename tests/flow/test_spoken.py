"""Consent by word of mouth: from whom it counts, for what, and when it does not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bti_docs.app.consents import Noted, Spoken, note_consent
from bti_docs.app.office import Office
from bti_docs.app.settling import Answer, Settled, read_consent, settle
from bti_docs.core.consent import covered_services, in_force
from bti_docs.core.events import ChainId
from bti_docs.core.model import Case
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
    invitation,
    issue_all,
    papers,
    pdf_of,
)

TOGETHER = (MOTHER, guardian("Per Eksempel", tilknytning="far"))
STEPFATHER = guardian("Jens Oppdiktet", tilknytning="steforelder", foreldreansvar="nei")
UNCLEAR = guardian("Ida Uavklart", tilknytning="annen", foreldreansvar="ikke_avklart", husstand="C")


def sheet(office: Office, *guardians: Any, child: Any = None, **more: Any) -> Reference:  # noqa: ANN401
    """The first sheet of a consent that is out."""
    people = case(guardians=guardians or TOGETHER, child=child)
    assert not issue_all(office, batch([people], [consent(**more)])).errors
    return Reference(papers(office, "SAM")[0][1].ref)


def family(office: Office, *guardians: Any, child: Any = None) -> None:  # noqa: ANN401
    """A case without papers."""
    people = case(guardians=guardians or TOGETHER, child=child)
    assert issue_all(office, batch([people], [])).opened


def the_case(office: Office) -> Case:
    return office.case(office.archive.chains()[0])


def said(
    office: Office,
    ref: Reference,
    how: str,
    *by: str,
    on: date = TODAY,
    **more: Any,  # noqa: ANN401
) -> Settled:
    return settle(office, ref, Answer(how, "Ringte", on, by=by, **more))


def note(
    office: Office,
    outcome: str,
    *by: str,
    services: tuple[str, ...] = ("skole",),
    **more: Any,  # noqa: ANN401
) -> Noted:
    body = {"on": TODAY, "why": "Ringte", **more}
    return note_consent(office, the_case(office), Spoken(outcome, by, services=services, **body))


# --- on a paper that is out -----------------------------------------------------------------


def test_said_aloud_by_the_only_signer_it_holds_at_once_and_ends_the_paper(office: Office) -> None:
    ref = sheet(office, MOTHER)
    with pytest.raises(InputError, match="unknown_person"):
        said(office, ref, "oral", "f9")
    settled = said(office, ref, "oral")
    assert (settled.over, settled.consent, settled.missing) == (True, "given", ())
    assert covered_services(settled.case, TODAY) == {"skole", "ppt"}
    assert not in_force(settled.case, TODAY - timedelta(days=1))
    assert settled.case.documents[0].over
    with pytest.raises(InputError, match="already_settled"):
        said(office, ref, "oral", "f1")
    assert_sound(office)


def test_nobody_is_given_words_that_they_have_not_said(office: Office) -> None:
    settled = said(office, sheet(office), "oral")
    assert (settled.over, settled.consent) == (True, "")
    assert settled.case.consents == ()


def test_a_refusal_without_a_name_is_nobodys(office: Office) -> None:
    settled = said(office, sheet(office), "refused")
    assert (settled.over, settled.consent, settled.case.consents) == (True, "", ())


def test_the_yes_of_one_leaves_the_sheet_open_for_the_other(office: Office) -> None:
    ref = sheet(office)
    first = said(office, ref, "oral", "f1")
    assert (first.over, first.consent, first.missing) == (False, "given", ("f2",))
    assert not in_force(first.case, TODAY)
    (document,) = first.case.documents
    assert (document.waits_for, document.missing_signers) == ("signed", ("f2",))
    second = said(office, ref, "oral", "f2", on=TODAY)
    assert (second.over, second.missing) == (True, ())
    (whole,) = in_force(second.case, TODAY)
    assert (whole.by, whole.services) == ({"f1", "f2"}, ("skole", "ppt"))
    assert_sound(office)


def test_both_in_one_call_end_it(office: Office) -> None:
    settled = said(office, sheet(office), "oral", "f1", "f2")
    assert (settled.over, len(in_force(settled.case, TODAY))) == (True, 1)


def test_one_aloud_and_the_other_on_paper(office: Office) -> None:
    ref = sheet(office)
    said(office, ref, "oral", "f1")
    places = [place for place in papers(office, "SAM")[0][1].places if place.signer == "f2"]
    pages = scan(pdf_of(office, ref), seed=3, sign=places, scanner=QUICK)
    (filed,) = drop(office, "a.pdf", as_pdf(pages)).filed
    assert filed.signatures == (("f1", False), ("f2", True))
    assert the_case(office).documents[0].unread_consent
    assert not in_force(the_case(office), TODAY)
    found = read_consent(office, ref, without=["ppt"])
    assert found.documents[0].over
    assert covered_services(found, TODAY) == {"skole"}


def test_a_signature_that_nobody_has_read_is_no_answer_yet(office: Office) -> None:
    ref = sheet(office)
    places = [place for place in papers(office, "SAM")[0][1].places if place.signer == "f2"]
    pages = scan(pdf_of(office, ref), seed=3, sign=places, scanner=QUICK)
    assert drop(office, "a.pdf", as_pdf(pages)).filed
    settled = said(office, ref, "oral", "f1")
    assert (settled.over, settled.missing) == (False, ("f2",))
    assert settled.case.documents[0].unread_consent
    assert in_force(read_consent(office, ref), TODAY)


def test_the_other_home_is_still_asked(office: Office) -> None:
    ref = sheet(office, MOTHER, FATHER)
    settled = said(office, ref, "oral")
    assert (settled.over, settled.missing) == (True, ("f2",))
    assert not in_force(settled.case, TODAY)


@pytest.mark.parametrize("by", ["f2", "f3", "barn"])
def test_only_those_who_sign_may_answer(office: Office, by: str) -> None:
    ref = sheet(office, MOTHER, STEPFATHER, guardian("Ada Oppdiktet", foreldreansvar="nei"))
    for how in ("oral", "refused"):
        with pytest.raises(InputError, match="person_may_not_consent") as told:
            said(office, ref, how, by)
        assert told.value.params["known"] == "f1"
    assert the_case(office).head.count == 2


def test_a_guardian_does_not_answer_for_somebody_who_has_come_of_age(office: Office) -> None:
    ref = sheet(office, MOTHER, child={"foedselsdato": "2008-11-24"})
    grown = office.on(TODAY + timedelta(days=1), office.clock)
    with pytest.raises(InputError, match="person_may_not_consent"):
        said(grown, ref, "oral", "f1", on=grown.today)
    assert said(grown, ref, "oral", "f1", "barn", on=TODAY).consent == "given"


def test_a_partial_yes_says_what_it_is_to(office: Office) -> None:
    ref = sheet(office, MOTHER)
    with pytest.raises(InputError, match="service_not_in_consent"):
        said(office, ref, "partly", without=("barnevern",))
    with pytest.raises(InputError, match="consent_has_nothing_left"):
        said(office, ref, "partly", without=("skole", "PPT"))
    with pytest.raises(InputError, match="services_only_partly"):
        said(office, ref, "oral", without=("ppt",))
    settled = said(office, ref, "partly", without=("PPT",))
    assert (settled.over, settled.consent) == (True, "partly")
    assert covered_services(settled.case, TODAY) == {"skole"}


def test_a_partial_yes_may_name_the_services(office: Office) -> None:
    settled = said(office, sheet(office, MOTHER), "partly", services=("ppt",))
    assert covered_services(settled.case, TODAY) == {"ppt"}


def test_a_partial_yes_to_nobody_knows_what_gives_nothing(office: Office) -> None:
    settled = said(office, sheet(office, MOTHER), "partly", "f1")
    assert (settled.over, settled.consent, settled.case.consents) == (True, "", ())


def test_partly_of_one_and_yes_of_the_other_is_the_part(office: Office) -> None:
    ref = sheet(office)
    assert not said(office, ref, "partly", "f1", services=("ppt",)).over
    assert covered_services(said(office, ref, "oral", "f2").case, TODAY) == {"ppt"}


def test_a_shared_log_needs_everybody(office: Office) -> None:
    both = {"samtykke": {"formaal": "Skoledagen", "tjenester": ["skole"],
                         "omfang": ["stafettlogg"], "opplysninger": "Trivsel"}}  # fmt: skip
    ref = sheet(office, felter=both)
    assert said(office, ref, "oral", "f1").case.log == "own"
    assert said(office, ref, "oral", "f2").case.log == "shared"


@pytest.mark.parametrize("why", ["", "  "])
def test_an_answer_has_a_reason_and_a_day(office: Office, why: str) -> None:
    ref = sheet(office, MOTHER)
    with pytest.raises(InputError, match="why_is_empty"):
        settle(office, ref, Answer("cancelled", why, TODAY))
    with pytest.raises(InputError, match="day_to_come"):
        said(office, ref, "oral", on=TODAY + timedelta(days=1))
    with pytest.raises(InputError, match="why_is_empty"):
        note(office, "given", "f1", why=why)
    with pytest.raises(InputError, match="day_to_come"):
        note(office, "given", "f1", on=TODAY + timedelta(days=1))
    assert the_case(office).head.count == 2


def test_a_form_that_has_run_out_gives_nothing(office: Office) -> None:
    short = {"samtykke": {"formaal": "Skoledagen", "tjenester": ["skole"], "omfang": ["dele"],
                          "opplysninger": "Trivsel", "til": "2026-11-30"}}  # fmt: skip
    ref = sheet(office, MOTHER, felter=short)
    late = office.on(date(2026, 12, 1), office.clock)
    with pytest.raises(InputError, match="consent_ends_first"):
        said(late, ref, "oral", on=late.today)


def test_another_paper_ends_with_anybodys_word(office: Office) -> None:
    issue_all(office, batch([case()], [invitation()]))
    ((_, letter), *_) = papers(office, "SVR")
    with pytest.raises(InputError, match="services_only_partly"):
        said(office, Reference(letter.ref), "partly", services=("ppt",))
    settled = said(office, Reference(letter.ref), "oral", "f1", "barn")
    assert (settled.over, settled.consent) == (True, "")


# --- without a paper ------------------------------------------------------------------------


def test_a_note_holds_when_everybody_who_must_has_said_yes(office: Office) -> None:
    family(office, MOTHER, FATHER, STEPFATHER)
    first = note(office, "given", "f1", services=("PPT", "skole"))
    assert first.missing == ("f2",)
    assert not in_force(first.case, TODAY)
    with pytest.raises(InputError, match="person_may_not_consent"):
        note(office, "given", "f3", services=("ppt",))
    other = note(office, "given", "f2", services=("ppt",))
    assert other.missing == ("f1",)
    both = note(office, "given", "f2", services=("skole", "ppt"))
    assert both.missing == ()
    (whole,) = in_force(both.case, TODAY)
    assert (whole.by, set(whole.services)) == ({"f1", "f2"}, {"skole", "ppt"})
    assert_sound(office)


def test_two_in_one_note_hold_at_once_and_for_as_long_as_the_profile_says(office: Office) -> None:
    family(office)
    (whole,) = in_force(note(office, "given", "f1", "f2").case, TODAY)
    assert (whole.valid_from, whole.valid_to) == (TODAY, date(2027, 11, 23))
    (short,) = in_force(note(office, "given", "f1", "f2", services=("ppt",),
                             until=date(2027, 1, 1)).case, date(2026, 12, 31))[1:]  # fmt: skip
    assert short.valid_to == date(2027, 1, 1)
    with pytest.raises(InputError, match="consent_ends_first"):
        note(office, "given", "f1", "f2", until=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("born", "needed"),
    [("2015-08-17", ("f1",)), ("2011-11-23", ("f1", "barn")), ("2008-11-23", ("barn",))],
)
def test_age_decides_who_must_say_yes(office: Office, born: str, needed: tuple[str, ...]) -> None:
    family(office, MOTHER, child={"foedselsdato": born})
    for code in {"f1", "barn"} - set(needed):
        with pytest.raises(InputError, match="person_may_not_consent"):
            note(office, "given", code)
    for code in needed[:-1]:
        assert note(office, "given", code).missing == needed[-1:]
    assert in_force(note(office, "given", needed[-1]).case, TODAY)


def test_where_nobody_has_said_who_must_nobody_consents(office: Office) -> None:
    family(office, MOTHER, UNCLEAR)
    with pytest.raises(InputError, match="responsibility_not_clear") as told:
        note(office, "given", "f1")
    assert told.value.params["people"] == "f2"
    assert note(office, "refused", "f1").missing == ()


def test_where_nobody_has_responsibility_nobody_consents(office: Office) -> None:
    family(office, STEPFATHER)
    with pytest.raises(InputError, match="nobody_may_consent"):
        note(office, "given", "f1")


def test_whom_the_paper_names_may_answer_although_nothing_is_clear(office: Office) -> None:
    ref = sheet(office, UNCLEAR, mottakere="f1")
    assert said(office, ref, "oral", "f1").consent == "given"


def test_a_pregnant_woman_answers_alone(office: Office) -> None:
    family(office, MOTHER, child={"foedselsdato": "2009-01-02", "slag": "gravid"})
    with pytest.raises(InputError, match="person_may_not_consent"):
        note(office, "given", "f1")
    assert in_force(note(office, "given", "barn").case, TODAY)


def test_services_are_those_of_the_profile(office: Office) -> None:
    family(office)
    with pytest.raises(InputError, match="unknown_service") as told:
        note(office, "given", "f1", services=("Skole", "romfart"))
    assert told.value.params["service"] == "romfart"
    assert "ppt" in str(told.value.params["known"])


def test_what_nobody_has_said_yes_to_is_not_withdrawn(office: Office) -> None:
    family(office)
    note(office, "given", "f1", "f2")
    with pytest.raises(InputError, match="service_not_in_consent"):
        note(office, "withdrawn", "f1", services=("ppt",))
    assert not in_force(note(office, "withdrawn", "f2", services=()).case, TODAY)


def test_whoever_gave_it_may_take_it_back(office: Office) -> None:
    family(office, MOTHER, child={"foedselsdato": "2008-11-24"})
    note(office, "given", "f1", "barn")
    grown = office.on(TODAY + timedelta(days=1), office.clock)
    taken = Spoken("withdrawn", ("f1",), grown.today, "Ringte")
    assert not in_force(note_consent(grown, the_case(office), taken).case, grown.today)


def test_a_no_to_what_holds_is_a_withdrawal(office: Office) -> None:
    family(office)
    note(office, "given", "f1", "f2")
    for services in ((), ("skole",)):
        with pytest.raises(InputError, match="consent_is_in_force"):
            note(office, "refused", "f1", services=services)
    found = note(office, "refused", "f1", services=("ppt",)).case
    assert [c.outcome for c in found.consents] == ["given", "refused"]


def test_an_unfinished_yes_that_was_taken_back_is_not_completed(office: Office) -> None:
    family(office)
    note(office, "given", "f1")
    note(office, "withdrawn", "f1", services=())
    later = note(office, "given", "f2")
    assert later.missing == ("f1",)
    assert not in_force(later.case, TODAY)


def test_a_series_has_nobody_to_ask(office: Office) -> None:
    series = Case(ChainId("E07-TVT-2026"))
    with pytest.raises(InputError, match="unknown_person"):
        note_consent(office, series, Spoken("given", ("f1",), TODAY, "x", ("skole",)))
