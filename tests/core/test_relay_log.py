"""The relay log: what it shows, what it keeps quiet about, and that it copes with anything."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from bti_docs.core.events import ChainId
from bti_docs.core.fold import fold
from bti_docs.core.model import Case
from bti_docs.core.outstanding import as_json as outstanding_json
from bti_docs.core.outstanding import outstanding
from bti_docs.core.relay_log import as_json, relay_log
from bti_docs.core.relay_model import RelayLog
from tests.any_events import EVENTS, Told, entries
from tests.case_stories import Story, autumn, consent, measure, words

ON = date(2026, 11, 22)
LANGUAGES = ("nb", "nn", "en")
NAMES = ("Nora", "Kari", "Ola Prøvesen", "Lise", "Per Prøve", "Berit")


def log_of(case: Case, language: str = "nb", *, names: bool = True, on: date = ON) -> RelayLog:
    return relay_log(case, on=on, names=names, **words(language))


@pytest.fixture(scope="module")
def case() -> Case:
    return autumn().case()


@given(EVENTS)
@settings(max_examples=150, deadline=None)
def test_there_is_a_log_whatever_stands_in_the_events(told: Told) -> None:
    case = fold(ChainId("2026-0147"), entries(told))
    for names in (True, False):
        log = log_of(case, names=names)
        assert [e.n for e in log.timeline] == [h.n for h in case.happenings]
        assert all(isinstance(e.whole, str) and e.text for e in log.timeline)
        json.dumps(as_json(log))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_event_has_a_sentence_of_its_own(language: str) -> None:
    story = autumn()
    for kind in ("changed", "accepted", "approved", "exported", "deposited", "closed", "reopened"):
        story.add(kind, "7K3MQ2XE" if kind in {"accepted", "approved"} else None)
    story.settled("7K3MQ2XF", "cancelled", "Skrevet to ganger").add("superseded", "7K3MQ2XE")
    story.add("moved", "7K3MQ2XZ", {"documents": []}, way="in", type="INN")
    story.add("disposed", None, None, of=[2], ground="kassasjon").add("blocked", None, None, of=[3])
    newer = words(language)["say"]("log_newer")
    told = [(e.kind, e.text) for e in log_of(story.case(), language).timeline]
    assert [kind for kind, text in told if text == newer] == []
    texts = {kind: text for kind, text in told if kind not in {"issued", "sent", "filed", "read"}}
    assert len(set(texts.values())) == len(texts)


def test_who_holds_the_baton_and_who_is_offered_it(case: Case) -> None:
    log = log_of(case)
    assert log.baton is not None
    assert (log.baton.holder, log.baton.phone) == ("Lise Lærer", "00 00 00 21")
    assert log.baton.text == "Lise Lærer har hatt stafettpinnen siden 1. september 2026."
    assert log.offered is not None
    assert "har ikke tatt imot ennå" in log.offered.text


def test_consents_in_force_with_limits_end_and_givers(case: Case) -> None:
    (line,) = log_of(case).consents
    assert line.service_labels[0] == "Skole"
    assert line.limits == ("PPT (pedagogisk-psykologisk tjeneste): bare lesing.",)
    assert line.valid_to == date(2027, 9, 1)
    assert line.by == ("f1", "f2")
    assert not line.ends_soon
    (soon,) = log_of(case, on=date(2027, 8, 15)).consents
    assert soon.ends_soon
    after = log_of(case, on=date(2027, 9, 2))
    assert after.consents == ()
    assert after.other_consents[0].text == "Samtykket gjaldt til og med 1. september 2027."


def test_signed_is_not_read() -> None:
    story = Story().opened()
    story.issued("SAM", "7K3MQ2XA", settles=("signed", "read"), signers=("f1",)).sent("7K3MQ2XA")
    log = log_of(story.later(4).filed("7K3MQ2XA", seen=("f1",)).case())
    assert log.consents == ()
    assert "kommet inn 5. september 2026, ikke lest" in log.unread[0]
    assert log.documents[0].state_text == "kommet inn, ikke lest"


def test_a_consent_that_waits_for_somebody_says_for_whom() -> None:
    story = Story().opened()
    for ref, signer in (("7K3MQ2XA", "f1"), ("7K3MQ2XB", "f2")):
        story.issued("SAM", ref, settles=("signed", "read"), signers=(signer,), set="s1")
    log = log_of(story.read("7K3MQ2XA", consent(("f1",), ("skole",))).case())
    assert log.consents == ()
    assert log.other_consents[0].text == "Gjelder ikke ennå: vi venter på Ola Prøvesen."


def test_a_withdrawal_is_told_and_is_no_consent_of_its_own() -> None:
    story = Story().opened().noted(consent(("f1",), ("skole", "ppt", "nav"), to="2027-09-01"))
    part = {"fact": "consent", "outcome": "withdrawn", "by": ["f1"], "services": ["nav"]}
    story.later(5).noted(part)
    story.later(5).noted({"fact": "consent", "outcome": "withdrawn", "by": ["f1"]})
    log = log_of(story.case())
    assert [e.details for e in log.timeline[2:]] == [
        ("Kari Eksempel har tatt NAV ut av samtykket. Det gjelder fra nå av.",),
        ("Kari Eksempel har trukket samtykket. Det gjelder fra nå av.",),
    ]
    assert log.consents == ()
    (line,) = as_json(log)["consents"]
    assert (line["outcome"], line["to"], line["withdrawn_on"]) == (
        "withdrawn", "2026-09-10", "2026-09-11",
    )  # fmt: skip
    (before,) = as_json(log_of(story.case(), on=date(2026, 9, 10)))["consents"]
    assert (before["outcome"], before["in_force"]) == ("partly", True)


def test_a_sheet_for_a_household_is_to_all_who_live_there() -> None:
    story = Story().opened()
    story.issued("SAM", "7K3MQ2XA", signers=("f1", "f2", "barn"), recipient="f1")
    log = log_of(story.case())
    assert log.timeline[1].text == "Samtykkeskjema til Kari Eksempel og Ola Prøvesen ble laget."
    assert log.documents[0].recipient == "Kari Eksempel og Ola Prøvesen"
    named = log_of(story.case(), names=False).documents[0].recipient
    assert named == "foresatt 1 (f1) og foresatt 2 (f2)"


def test_a_decision_about_a_person_names_the_person() -> None:
    story = Story().opened().issued("REF", "7K3MQ2XA")
    for audience in ("family", "nobody"):
        story.noted({"fact": "audience", "person": "f2", "audience": audience})
    only = {"fact": "audience", "ref": "7K3MQ2XA", "person": "f2", "audience": "recipient"}
    timeline = log_of(story.noted(only, ref="7K3MQ2XA").case()).timeline
    assert [e.details[0] for e in timeline[2:]] == [
        "Bestemt: Ola Prøvesen kan få familiens mappe.",
        "Bestemt: Ola Prøvesen får ikke familiens mappe.",
        "Bestemt: bare Ola Prøvesen kan få dette.",
    ]
    assert "(f2)" in log_of(story.case(), names=False).timeline[2].details[0]


def test_minutes_without_a_kind_of_meeting_are_known_by_their_title() -> None:
    held = {"fact": "meeting", "date": "2026-12-03", "planned": False}
    log = log_of(Story().opened().issued("OBS", "7K3MQ2XA", facts=[held]).case())
    assert [m.type for m in log.meetings] == ["Observasjon"]


def test_measures_stand_under_their_goals_with_what_is_late(case: Case) -> None:
    log = log_of(case, on=date(2026, 12, 2))
    assert [goal.goal for goal in log.goals] == ["Nora leser med glede"]
    first, second = log.goals[0].measures
    assert (first.overdue, first.evaluate_now) == (True, True)
    assert first.evaluate_text == "Skal evalueres 1. desember 2026"
    assert (second.overdue, second.evaluate_now) == (False, False)
    assert [goal.goal for goal in log.ended_goals] == ["Ro i timene"]


def test_a_planned_meeting_whose_day_is_past_lacks_minutes(case: Case) -> None:
    assert log_of(case).meetings[-1].text == "Avtalt: 3. desember 2026."
    late = log_of(case, on=date(2026, 12, 4)).meetings[-1]
    assert late.text == "Avtalt: 3. desember 2026. Referat mangler."


def test_replaced_documents_are_out_of_the_main_list() -> None:
    story = Story().opened().issued("INV", "7K3MQ2XA").issued("INV", "7K3MQ2XB")
    log = log_of(story.add("superseded", "7K3MQ2XA", None, by="7K3MQ2XB").case())
    assert [d.ref for d in log.documents] == ["7K3MQ2XB"]
    assert [(d.ref, d.state_text) for d in log.replaced] == [("7K3MQ2XA", "erstattet")]
    assert [d.ref for d in log.outstanding] == ["7K3MQ2XB"]


def test_states_in_the_words_of_the_house() -> None:
    story = Story().opened()
    story.issued("SAM", "7K3MQ2XA", settles=("signed", "read"), signers=("f1", "f2"))

    def state() -> tuple[str, str]:
        line = log_of(story.case()).documents[0]
        return line.state_text, line.missing_text

    assert state() == ("laget, ikke sendt", "Kari Eksempel og Ola Prøvesen")
    story.sent("7K3MQ2XA")
    assert state() == ("Venter på svar", "Kari Eksempel og Ola Prøvesen")
    story.filed("7K3MQ2XA", seen=("f1",))
    assert state() == ("kommet inn, mangler underskrift", "Ola Prøvesen")
    story.settled("7K3MQ2XA", "cancelled")
    assert state() == ("Ikke lenger aktuelt", "")


def test_what_is_removed_and_what_is_newer_is_said() -> None:
    story = autumn().add("festivity", None, {"facts": [{"fact": "cake"}]}).without_payload(2)
    timeline = log_of(story.case()).timeline
    assert timeline[1].details == ("Innholdet er slettet etter arkivreglene.",)
    assert timeline[-1].text.startswith("Noe nyere er skrevet her")
    assert len(timeline[-1].details) == 1


def test_a_moved_paper_leaves_only_that_it_was_moved() -> None:
    fact = {"fact": "decision", "text": "Om et annet barn"}
    story = Story().opened().filed("7K3MQ2XA", type="INN", facts=[fact])
    story.add("moved", "7K3MQ2XA", None, of=[2], to="2026-0148")
    log = log_of(story.case())
    assert log.documents == ()
    assert log.decisions == ()
    assert log.timeline[1].details == ("Papiret hørte til en annen sak og er ikke her lenger.",)
    assert "flyttet til en annen sak" in log.timeline[2].text


def test_of_what_is_blocked_only_that_it_is() -> None:
    story = autumn()
    minutes = [e.event.n for e in story.entries if e.event.ref == "7K3MQ2XE"]
    log = log_of(story.add("blocked", None, None, of=minutes[:1]).case())
    shown = [e for e in log.timeline if e.n in minutes]
    assert {(e.kind, e.text, e.details, e.ref) for e in shown} == {
        ("blocked", "Dette er sperret.", (), None)
    }
    assert "lesestund" not in json.dumps(as_json(log), ensure_ascii=False).lower()


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_names_nobody_of_the_case_is_named(case: Case, language: str) -> None:
    said = json.dumps(as_json(log_of(case, language, names=False)), ensure_ascii=False)
    assert [name for name in NAMES if name in said] == []
    named = json.dumps(as_json(log_of(case, language)), ensure_ascii=False)
    assert "Lise Lærer" in named


def test_without_names_a_role_and_a_code_stand_for_people(case: Case) -> None:
    log = log_of(case, names=False)
    assert log.timeline[1].text.startswith("Samtykkeskjema til foresatt 1 (f1) ble laget.")
    assert [m.owner for m in log.measures[:2]] == ["Kontaktlærer, Skole", "foresatt 1 (f1)"]
    assert log.timeline[0].by == "u-01"
    assert log.child == ""


def test_the_json_has_the_keys_of_the_contract(case: Case) -> None:
    body = as_json(log_of(case, names=False))
    assert {"case_id", "level", "relay_holder", "status", "head", "events"} <= set(body)
    assert set(body["events"][0]) >= {"n", "at", "by", "kind", "ref", "text"}
    assert set(body["measures"][0]) >= {
        "id", "goal", "measure", "arena", "owner", "service", "start", "due", "result",
        "evaluation", "status", "ref",
    }  # fmt: skip
    assert set(body["consents"][0]) >= {
        "id", "services", "scope", "from", "to", "outcome", "by", "ref",
    }  # fmt: skip
    assert body["head"] == {"count": case.head.count, "hash": case.head.hash}


def test_the_same_case_gives_the_same_log(case: Case) -> None:
    assert log_of(case) == log_of(autumn().case())


def test_a_series_has_a_log_without_a_person() -> None:
    story = Story(chain="E07-TVT-2026").add("opened", None, None, kind="serie", language="nb")
    log = log_of(story.issued("RUT", "7K3MQ2XA", settles=("approved",)).case())
    assert log.timeline[0].text == "Serien ble åpnet."
    assert log.documents[0].state_text == "Venter på godkjenning"


# --- outstanding ----------------------------------------------------------------------------


def test_outstanding_has_the_longest_overdue_first() -> None:
    story = Story().opened()
    for ref, due in (("7K3MQ2XA", "2026-12-24"), ("7K3MQ2XB", "2026-09-20"), ("7K3MQ2XC", None),
                     ("7K3MQ2XD", "2026-11-21")):  # fmt: skip
        story.issued("SAM", ref, settles=("signed", "read"), signers=("f1",), due=due)
    story.issued("INV", "7K3MQ2XE").sent("7K3MQ2XE")
    lines = outstanding([story.case()], ON)
    assert [(line.ref, line.days_overdue) for line in lines] == [
        ("7K3MQ2XB", 63), ("7K3MQ2XD", 1), ("7K3MQ2XA", 0), ("7K3MQ2XC", 0),
    ]  # fmt: skip
    assert [line["waits_for"] for line in outstanding_json(lines)] == ["signed"] * 4
    assert set(outstanding_json(lines)[0]) >= {
        "ref", "case_id", "type", "issued", "due", "days_overdue",
    }  # fmt: skip


def test_what_has_ended_or_is_blocked_is_not_outstanding() -> None:
    case = Story().opened().issued("SAM", "7K3MQ2XA", settles=("signed",), signers=("f1",)).case()
    assert len(outstanding([case], ON)) == 1
    closed = replace(case, documents=tuple(replace(d, blocked=True) for d in case.documents))
    assert outstanding([closed], ON) == ()
    ended = Story().opened().issued("SAM", "7K3MQ2XA", settles=("signed",), signers=("f1",))
    assert outstanding([ended.settled("7K3MQ2XA", "oral").case()], ON) == ()


def test_a_measure_that_ends_in_a_note_is_told() -> None:
    story = Story().opened().noted(measure("Lesestund", id="t1", owner="Lise Lærer, skolen"))
    story.noted(measure("", id="t1", status="avsluttes", result="Det går bra"))
    assert log_of(story.case()).timeline[-1].details == (
        "Tiltak: Lesestund. Resultat: Det går bra. Tiltaket er avsluttet.",
    )
