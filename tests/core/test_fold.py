"""The fold: total on whatever stands in the events, and right on what we know of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bti_docs.core.consent import covered_services, covers, in_force
from bti_docs.core.events import ChainId, Head
from bti_docs.core.fold import fold, local_day
from bti_docs.core.outstanding import outstanding
from bti_docs.core.view import narrowed, without_blocked
from tests.any_events import EVENTS, Told, entries
from tests.case_stories import RECORD, Story, autumn, consent, measure, profile


@given(EVENTS)
@settings(max_examples=300, deadline=None)
def test_whatever_stands_in_the_events_something_comes_out(
    told: Told,
) -> None:
    case = fold(ChainId("2026-0147"), entries(told))
    assert case.head.count == len(told)
    assert [h.n for h in case.happenings] == list(range(1, len(told) + 1))
    assert narrowed(case, lambda _: True, lambda _: True).measures == case.measures
    without_blocked(case)
    outstanding([case], date(2026, 12, 1))


def test_an_empty_chain_is_an_empty_case() -> None:
    case = fold(ChainId("2026-0147"), [])
    assert case.head == Head(0, "")
    assert case.documents == ()
    assert case.baton is None


def test_told_again_in_full_the_case_is_the_same() -> None:
    story = autumn()
    story.issued("SAM", "7K3MQ2XK", settles=("signed", "read"), signers=("f1",), set="s9")
    story.add("superseded", "7K3MQ2XA", None, by="7K3MQ2XK")
    story.noted({"fact": "baton", "holder": {"name": "Per Prøve"}, "accepted": True})
    story.add("changed", None, {"record": RECORD}, level="3")
    plan = meeting("2027-01-08", planned=True)
    story.issued("INV", "7K3MQ2XM", set="s8", facts=[plan, measure("Uten nummer")])
    moved = [meeting("2027-01-15", planned=True)]
    story.issued("INV", "7K3MQ2XN", set="s8", supersedes="7K3MQ2XM", facts=moved)
    case = story.case()
    assert narrowed(case, lambda _: True, lambda _: True) == case
    assert [m.date for m in case.meetings if m.planned] == ["2026-12-03", "2027-01-15"]


def test_the_first_baton_is_the_holder_the_case_opened_with() -> None:
    case = Story().opened().case()
    assert case.baton is not None
    assert case.baton.holder.name == "Lise Lærer"
    assert case.baton.since == date(2026, 9, 1)


def test_a_baton_is_offered_and_then_taken() -> None:
    holder = {"name": "Per Prøve", "service": "ppt"}
    story = Story().opened().noted({"fact": "baton", "holder": holder, "accepted": False})
    offered = story.case()
    assert offered.baton is not None
    assert offered.baton.holder.name == "Lise Lærer"
    assert offered.offered is not None
    taken = story.later(2).noted({"fact": "baton", "holder": holder, "accepted": True}).case()
    assert taken.baton is not None
    assert taken.baton.holder.name == "Per Prøve"
    assert taken.offered is None
    assert taken.baton.since == date(2026, 9, 3)


# --- consent --------------------------------------------------------------------------------


def _two_sheets() -> Story:
    story = Story().opened()
    for ref, signer in (("7K3MQ2XA", "f1"), ("7K3MQ2XB", "f2")):
        story.issued("SAM", ref, settles=("signed", "read"), signers=(signer,), set="s1")
    return story.filed("7K3MQ2XA", seen=("f1",)).filed("7K3MQ2XB", seen=("f2",))


def test_signed_is_not_read() -> None:
    case = _two_sheets().case()
    assert in_force(case, date(2026, 9, 2)) == ()
    assert [d.waits_for for d in case.documents] == ["read", "read"]


def test_consent_holds_when_everybodys_sheet_is_read_and_only_for_what_all_agree_on() -> None:
    story = _two_sheets().read("7K3MQ2XA", consent(("f1",), ("skole", "ppt"), limits={"ppt": "a"}))
    assert in_force(story.case(), date(2026, 9, 2)) == ()
    story.read("7K3MQ2XB", consent(("f2",), ("ppt", "barnevern"), limits={"ppt": "b"}))
    case = story.case()
    (agreed,) = in_force(case, date(2026, 9, 2))
    assert agreed.services == ("ppt",)
    assert agreed.outcome == "partly"
    assert agreed.limits == {"ppt": "a; b"}
    assert covers(case, ["PPT", "Skole", ""], date(2026, 9, 2), profile()) == ("Skole",)
    assert covers(case, ["ppt"], date(2026, 9, 2), profile()) == ()


def test_one_refusal_in_a_set_is_a_refusal() -> None:
    story = _two_sheets().read("7K3MQ2XA", consent(("f1",), ("skole",)))
    story.read("7K3MQ2XB", {**consent(("f2",), ()), "outcome": "refused"})
    assert in_force(story.case(), date(2026, 9, 2)) == ()


def test_a_second_reading_of_the_same_sheet_stands() -> None:
    story = Story().opened().issued("SAM", "7K3MQ2XA", settles=("signed", "read"), signers=("f1",))
    story.filed("7K3MQ2XA", seen=("f1",)).read("7K3MQ2XA", consent(("f1",), ("skole",)))
    story.read("7K3MQ2XA", consent(("f1",), ("skole", "ppt")))
    assert covered_services(story.case(), date(2026, 9, 2)) == {"skole", "ppt"}


@pytest.mark.parametrize(
    ("day", "counts"),
    [(date(2026, 9, 9), False), (date(2026, 9, 10), True), (date(2026, 9, 20), True),
     (date(2026, 9, 21), False)],
)  # fmt: skip
def test_consent_has_a_first_and_a_last_day(day: date, counts: bool) -> None:  # noqa: FBT001
    said = consent(("f1",), ("skole",), **{"from": "2026-09-10", "to": "2026-09-20"})
    case = Story().opened().noted({**said, "how": "oral"}).case()
    assert bool(in_force(case, day)) is counts


def test_a_withdrawal_holds_from_its_day_and_deletes_nothing() -> None:
    story = Story().opened().noted(consent(("f1",), ("skole", "ppt")))
    story.later(5).noted({"fact": "consent", "outcome": "withdrawn", "by": ["f1"],
                          "on": "2026-09-04"})  # fmt: skip
    case = story.case()
    assert covered_services(case, date(2026, 9, 3)) == {"skole", "ppt"}
    assert covered_services(case, date(2026, 9, 4)) == frozenset()
    (withdrawn,) = case.consents
    assert (withdrawn.outcome, withdrawn.withdrawn_on) == ("given", date(2026, 9, 4))


@given(EVENTS, st.integers(0, 40))
@settings(max_examples=200, deadline=None)
def test_a_case_that_goes_on_is_the_case_told_from_the_start(told: Told, at: int) -> None:
    chain, whole = ChainId("2026-0147"), entries(told)
    if any(entry.event.kind == "moved" for entry in whole[at:]):
        return
    assert fold(chain, whole[at:], onto=fold(chain, whole[:at])) == fold(chain, whole)


def test_one_service_can_be_withdrawn() -> None:
    story = Story().opened().noted(consent(("f1",), ("skole", "ppt")))
    story.noted({"fact": "consent", "outcome": "withdrawn", "services": ["ppt"], "by": ["f1"]})
    story.noted({"fact": "consent", "outcome": "withdrawn", "services": ["nav"], "by": ["f1"]})
    (left,) = in_force(story.case(), date(2026, 9, 2))
    assert left.services == ("skole",)
    assert left.outcome == "partly"


def test_with_the_last_yes_the_sharing_of_the_log_ends() -> None:
    def log(*facts: dict[str, Any]) -> str:
        story = Story().opened().noted(*facts)
        return story.noted({"fact": "consent", "outcome": "withdrawn", "by": ["f1"]}).case().log

    shared = {"fact": "log", "log": "shared"}
    said = consent(("f1",), ("skole", "ppt"))
    assert log(said, shared) == "own"
    assert log({**said, "scope": []}, shared) == "own"
    assert log({**said, "scope": ["dele"]}, shared) == "shared"
    story = Story().opened().noted(said, shared)
    part = {"fact": "consent", "outcome": "withdrawn", "by": ["f1"], "services": ["ppt"]}
    assert story.noted(part).case().log == "shared"
    assert story.noted({**part, "services": ["skole"]}).case().log == "own"


# --- measures and meetings ------------------------------------------------------------------


def test_a_measure_is_the_same_by_its_number_or_by_its_words() -> None:
    story = Story().opened().noted(measure("Lesestund", goal="Lese"), measure("Lydbok", id="t5"))
    story.noted(measure("  lesestund ", goal="lese", result="Bedre"))
    story.noted(measure("Lydbok hver uke", id="t5"))
    case = story.case()
    assert [(m.id, m.measure, m.result) for m in case.measures] == [
        ("t1", "  lesestund ", "Bedre"),
        ("t5", "Lydbok hver uke", ""),
    ]


def test_a_measure_without_a_number_never_takes_anothers() -> None:
    case = Story().opened().noted(measure("En", id="t2"), measure("To"), measure("Tre")).case()
    assert len({m.id for m in case.measures}) == 3


def test_the_log_remembers_which_measure_an_event_spoke_of() -> None:
    story = Story().opened().noted(measure("En"), measure("To"))
    assert [f["id"] for f in story.case().happenings[-1].facts] == ["t1", "t2"]


def test_letters_and_minutes_tell_of_one_meeting() -> None:
    case = autumn().case()
    held = [m for m in case.meetings if m.date == "2026-10-08"]
    assert len(held) == 1
    assert not held[0].planned
    assert held[0].place == "Eksempel skole"
    assert [m.date for m in case.meetings if m.planned] == ["2026-12-03"]


def meeting(day: str = "2026-12-03", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"fact": "meeting", "date": day, "planned": False, **more}


def test_two_meetings_on_one_day_are_two() -> None:
    one, two = ([{"name": name, "status": "til_stede"}] for name in ("Kari", "Per"))
    story = Story().opened()
    plan = meeting(type="samarbeid", planned=True)
    story.issued("INV", "7K3MQ2XA", facts=[plan]).issued("INV", "7K3MQ2XB", facts=[plan])
    story.issued("TVT", "7K3MQ2XC", facts=[meeting(participants=two)])
    assert [(m.type, m.planned) for m in story.case().meetings] == [
        ("samarbeid", True), ("", False),
    ]  # fmt: skip
    story.issued("REF", "7K3MQ2XD", facts=[meeting(type="samarbeid", participants=one)])
    story.issued("INV", "7K3MQ2XE", facts=[plan])
    held = story.case().meetings
    assert sorted((m.type, m.participants[0]["name"], m.planned) for m in held) == [
        ("", "Per", False), ("samarbeid", "Kari", False),
    ]  # fmt: skip


def test_minutes_take_the_place_of_a_plan_of_their_kind_or_of_none() -> None:
    for planned, held, count in (("", "samarbeid", 1), ("team", "", 1), ("team", "samarbeid", 2)):
        story = Story().opened().noted({"fact": "next_meeting", "date": "2026-12-03"})
        if planned:
            story = Story().opened().noted(meeting(type=planned, planned=True))
        case = story.issued("REF", "7K3MQ2XA", facts=[meeting(type=held)]).case()
        assert len(case.meetings) == count, (planned, held)


def test_minutes_that_are_written_anew_tell_of_the_same_meeting() -> None:
    voice = {"fact": "child_voice", "text": "Jeg vil."}
    story = Story().opened().issued("REF", "7K3MQ2XA", facts=[meeting(place="Her"), voice])
    story.filed("7K3MQ2XA", facts=[meeting("2026-12-04", place="Der"), voice])
    story.issued("REF", "7K3MQ2XB", supersedes="7K3MQ2XA", facts=[meeting("2026-12-04"), voice])
    case = story.case()
    assert [(m.date, m.ref) for m in case.meetings] == [("2026-12-04", "7K3MQ2XB")]
    assert [(f["text"], f["at"]) for f in case.child_voice] == [("Jeg vil.", "2026-12-04")]


def test_words_have_the_day_of_their_meeting_else_of_their_paper() -> None:
    voice = {"fact": "child_voice", "text": "Jeg vil."}
    story = Story().opened().later(30).issued("SAM", "7K3MQ2XA", facts=[voice], on="2026-09-20")
    story.noted(voice, meeting("2026-09-25"), on="2026-09-29")
    story.noted(voice, meeting("2026-12-24", planned=True), on="2026-09-30")
    days = [fact["at"] for fact in story.case().child_voice]
    assert days == ["2026-09-20", "2026-09-25", "2026-09-30"]


# --- documents ------------------------------------------------------------------------------


def test_a_superseded_document_is_over() -> None:
    story = Story().opened().issued("SAM", "7K3MQ2XA", settles=("signed",), signers=("f1",))
    story.add("superseded", "7K3MQ2XA", None, by="7K3MQ2XB")
    document = story.case().document("7K3MQ2XA")
    assert document is not None
    assert document.over
    assert document.superseded_by == "7K3MQ2XB"


def test_what_was_moved_in_waits_for_review_and_what_was_moved_out_is_gone() -> None:
    story = Story().opened().filed("7K3MQ2XA", type="INN")
    story.add("moved", "7K3MQ2XA", None, of=[2], to="2026-0148")
    story.add("moved", "7K3MQ2XB", {"documents": []}, way="in", type="INN")
    case = story.without_payload(2).case()
    out, came = case.documents
    assert out.moved
    assert out.files == ()
    assert came.audience == "review"


def test_disposed_content_shows_as_removed() -> None:
    story = autumn().add("disposed", None, None, of=[2], ground="kassasjon").without_payload(2)
    case = story.case()
    assert case.documents[0].removed
    assert case.happenings[1].removed
    assert not case.happenings[2].removed


def test_a_block_closes_the_document_and_what_it_said() -> None:
    story = autumn()
    minutes = next(e.event.n for e in story.entries if e.event.ref == "7K3MQ2XE")
    case = story.add("blocked", None, None, of=[minutes]).case()
    seen = without_blocked(case)
    assert case.document("7K3MQ2XE") is not None
    assert seen.document("7K3MQ2XE") is None
    assert [m.id for m in seen.measures] == ["t3"]
    assert seen.decisions == ()
    assert seen.head == case.head


def test_the_day_is_the_one_in_norway() -> None:
    assert local_day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2027, 1, 1)
    assert local_day(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == date(2026, 7, 1)
