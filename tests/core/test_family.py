"""The family's copy: one named person's, and silent about what is held back in silence."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bti_docs.core.events import ChainId
from bti_docs.core.family import FamilyCopy, Refusal, family_copy, settled_files
from bti_docs.core.fold import fold
from bti_docs.core.model import Case
from tests.any_events import EVENTS, Told, entries
from tests.case_stories import RECORD, WORD, Story, a_file, autumn, consent, measure, words

ON = date(2026, 11, 22)


def copy_for(
    case: Case,
    person: str = "f1",
    *,
    language: str = "nb",
    on: date = ON,
    since: date | None = None,
) -> FamilyCopy | Refusal:
    return family_copy(case, person, on=on, since=since, **words(language))


def given_to(case: Case, person: str = "f1", **more: Any) -> FamilyCopy:  # noqa: ANN401
    copy = copy_for(case, person, **more)
    assert isinstance(copy, FamilyCopy), copy
    return copy


def refused(case: Case, person: str, on: date = ON) -> str:
    copy = copy_for(case, person, on=on)
    assert isinstance(copy, Refusal)
    words()["say"](copy.code, **copy.params)
    return copy.code


def record(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """The invented case with some of it otherwise: `child`, `f1`, `f2` or keys of the record."""
    body = deepcopy(RECORD)
    for key, change in changes.items():
        if key == "child":
            body["barn"].update(change)  # type: ignore[attr-defined]
        elif key in {"f1", "f2"}:
            body["foresatte"][int(key[1]) - 1].update(change)  # type: ignore[index]
        else:
            body[key] = change
    return body


# --- who ------------------------------------------------------------------------------------


def test_a_guardian_with_responsibility_has_a_copy() -> None:
    assert given_to(autumn().case()).reader == "Kari Eksempel"


@pytest.mark.parametrize(
    ("changes", "person", "code"),
    [
        ({}, "f9", "family_unknown_person"),
        ({}, "d1", "family_not_family"),
        ({}, "barn", "family_too_young"),
        ({"child": {"foedselsdato": None}}, "barn", "family_age_unknown"),
        ({"child": {"foedselsdato": "2008-01-01"}}, "f1", "family_adult_decides"),
        ({"child": {"slag": "gravid", "foedselsdato": None}}, "f1", "family_adult_decides"),
        ({"f1": {"foreldreansvar": "nei"}}, "f1", "family_no_responsibility"),
        ({"f1": {"foreldreansvar": "ikke_avklart"}}, "f1", "family_responsibility_unclear"),
        ({"foresatte_ikke_informert": True}, "f1", "family_not_informed"),
        ({"f2": {"adressesperre": "fortrolig", "adresse": ""}}, "f1", "family_protected"),
    ],
)
def test_who_has_no_copy_and_why(changes: dict[str, Any], person: str, code: str) -> None:
    case = Story().opened(record(**changes)).case()
    assert refused(case, person) == code
    decided = Story().opened(record(**changes))
    decided.noted({"fact": "audience", "person": person, "audience": "family"}, why="Leder")
    if person in {"f1", "barn"}:
        given_to(decided.case(), person)


def test_a_recorded_no_is_a_no() -> None:
    story = Story().opened().noted({"fact": "audience", "person": "f1", "audience": "nobody"})
    assert refused(story.case(), "f1") == "family_decided_no"


def test_the_protected_parent_and_the_youth_have_their_own() -> None:
    protected = record(f2={"adressesperre": "fortrolig", "adresse": ""})
    given_to(Story().opened(protected).case(), "f2")
    youth = record(child={"foedselsdato": "2011-11-22"})
    copy = given_to(Story().opened(youth).case(), "barn")
    assert copy.youth
    assert refused(Story().opened(youth).case(), "barn", date(2026, 11, 21)) == "family_too_young"


def test_a_series_has_no_family() -> None:
    story = Story(chain="E07-TVT-2026").add("opened", None, None, kind="serie")
    assert refused(story.case(), "f1") == "family_series"


# --- what -----------------------------------------------------------------------------------


def test_only_own_letters_are_listed_and_numbered_from_one() -> None:
    copy = given_to(autumn().case())
    assert [(p.number, p.ref) for p in copy.papers] == [
        (1, "7K3MQ2XA"), (2, "7K3MQ2XC"), (3, "7K3MQ2XE"),
    ]  # fmt: skip
    other = given_to(autumn().case(), "f2")
    assert [p.ref for p in other.papers] == ["7K3MQ2XB", "7K3MQ2XD", "7K3MQ2XE"]


def test_nothing_of_the_other_parents_whereabouts_is_in_the_copy() -> None:
    said = repr(given_to(autumn().case()))
    assert "Lilleveien" not in said
    assert "00 00 00 12" not in said


def test_the_other_parents_sheet_counts_without_being_shown() -> None:
    copy = given_to(autumn().case())
    (line,) = copy.consents
    assert line.services == ("skole", "ppt", "helsestasjon")
    unread = autumn()
    unread.entries = [e for e in unread.entries if (e.event.kind, e.event.ref) != (
        "read", "7K3MQ2XB")]  # fmt: skip
    assert given_to(unread.case()).consents == ()


def test_what_waits_for_review_is_told_of_with_its_reason() -> None:
    (held,) = given_to(autumn().case()).held
    assert held.title == "Observasjon"
    assert "venter på gjennomgang" in held.reason


def test_a_told_decision_names_its_law_and_a_silent_one_nothing() -> None:
    fact = {"fact": "audience", "ref": "7K3MQ2XE", "audience": "nobody"}
    told = autumn().noted(
        {**fact, "told": True, "reason": "Det handler om en annen.", "ground": "fvl13"},
        ref="7K3MQ2XE",
    )
    held = given_to(told.case()).held
    assert held[0].title == "Referat fra møte"
    assert held[0].reason == "Det handler om en annen. Vi følger forvaltningsloven § 13."
    silent = given_to(autumn().noted(fact, ref="7K3MQ2XE").case())
    assert [h.title for h in silent.held] == ["Observasjon"]
    assert "7K3MQ2XE" not in repr(silent)
    assert "lesestund" not in repr(silent).lower()


def test_a_decision_can_open_what_was_not_for_the_reader() -> None:
    fact = {"fact": "audience", "ref": "7K3MQ2XF", "audience": "recipient", "person": "f1"}
    case = autumn().noted(fact, ref="7K3MQ2XF").case()
    assert "7K3MQ2XF" in {p.ref for p in given_to(case).papers}
    assert "7K3MQ2XF" not in {p.ref for p in given_to(case, "f2").papers}


def test_the_youths_own_are_only_the_youths() -> None:
    youth = Story().opened(record(child={"foedselsdato": "2010-01-01"}))
    case = youth.issued("SVR", "7K3MQ2XA", audience="youth").case()
    assert [p.ref for p in given_to(case, "barn").papers] == ["7K3MQ2XA"]
    assert given_to(case, "f1").papers == ()


def test_those_who_live_together_share_letters_to_the_family() -> None:
    shared = record(f2={"husstand": "a"})
    story = Story().opened(shared).issued("REF", "7K3MQ2XA", recipient="f1")
    story.issued("INV", "7K3MQ2XB", recipient="f1", audience="recipient")
    assert [p.ref for p in given_to(story.case(), "f2").papers] == ["7K3MQ2XA"]


def test_an_unknown_audience_is_nobodys() -> None:
    story = Story().opened().issued("REF", "7K3MQ2XA", audience="committee")
    assert given_to(story.case()).papers == ()
    assert given_to(story.case()).held == ()


def test_only_exports_to_the_reader_are_in_the_readers_story() -> None:
    story = Story().opened().add("exported", None, None, recipient="f2")
    assert "kopi" not in repr(given_to(story.case()).timeline)
    assert "Du fikk en kopi" in repr(given_to(story.case(), "f2").timeline)


def test_the_settled_version_is_the_one_that_is_given() -> None:
    story = Story().opened().issued("REF", "7K3MQ2XA", settles=("completed", "sent"))
    document = story.case().document("7K3MQ2XA")
    assert document is not None
    assert [f.role for f in settled_files(document)] == ["issued"]
    assert settled_files(document)[0].path.endswith(".pdf")
    story.filed("7K3MQ2XA", files=[a_file("dokumenter/a.docx", "received", WORD),
                                   a_file("dokumenter/a.pdf", "preservation")])  # fmt: skip
    story.filed("7K3MQ2XA", files=[a_file("dokumenter/b.pdf", "cut")])
    document = story.case().document("7K3MQ2XA")
    assert document is not None
    assert [f.path for f in settled_files(document)] == ["dokumenter/a.pdf", "dokumenter/b.pdf"]


def test_since_a_day_the_story_is_shorter_and_what_holds_now_is_whole() -> None:
    whole, late = given_to(autumn().case()), given_to(autumn().case(), since=date(2026, 10, 9))
    assert [p.ref for p in late.papers] == ["7K3MQ2XE"]
    assert [p.number for p in late.papers] == [1]
    assert late.timeline == whole.timeline[-len(late.timeline) :]
    assert (late.goals, late.consents) == (whole.goals, whole.consents)


def test_the_reader_is_told_what_we_wait_for() -> None:
    story = Story().opened()
    story.issued("SAM", "7K3MQ2XA", settles=("signed", "read"), signers=("f1",), due="2026-12-01")
    assert given_to(story.case()).waiting == ()
    story.sent("7K3MQ2XA")
    assert "Svar gjerne innen 1. desember 2026" in given_to(story.case()).waiting[0]
    story.filed("7K3MQ2XA", seen=("f1",))
    assert "Vi har ikke lest det ennå" in given_to(story.case()).waiting[0]


def test_notes_to_ourselves_stay_with_us() -> None:
    story = Story().opened().noted(why="Husk å ringe igjen")
    story.noted({"fact": "log", "log": "shared"}, why="Sa det til meg i gangen")
    said = repr(given_to(story.case()))
    assert "Husk" not in said
    assert "gangen" not in said


CALLED = {
    "fact": "meeting", "date": "2026-12-17", "start": "09:00", "type": "samarbeid", "planned": True,
}  # fmt: skip
YOUTH = record(child={"foedselsdato": "2010-01-01"})


def called(*hidden: str, moved: bool = False) -> Story:
    """Both parents are called to a meeting; the facts travel with the first letter."""
    story = Story().opened(YOUTH)
    letter = {"set": "s1", "audience": "recipient"}
    story.issued("INV", "7K3MQ2XA", recipient="f1", facts=[CALLED], **letter)
    story.issued("INV", "7K3MQ2XB", recipient="f2", **letter)
    if moved:
        later, letter["set"] = {**CALLED, "date": "2027-01-14"}, "s2"
        story.issued("INV", "7K3MQ2XC", recipient="f1", facts=[later], supersedes="7K3MQ2XA",
                     **letter)  # fmt: skip
        story.issued("INV", "7K3MQ2XD", recipient="f2", supersedes="7K3MQ2XB", **letter)
    for ref in hidden:
        story.noted({"fact": "audience", "ref": ref, "audience": "nobody"}, ref=ref)
    return story


@pytest.mark.parametrize("person", ["f1", "f2", "barn"])
def test_everybody_who_is_called_knows_of_the_meeting_and_so_does_the_youth(person: str) -> None:
    for moved, day in ((False, "17. desember 2026"), (True, "14. januar 2027")):
        copy = given_to(called(moved=moved).case(), person)
        (ahead,) = copy.next_meetings
        assert day in ahead.text
        told = [(moment.text, *moment.details) for moment in copy.timeline]
        assert sum(f"Møte er avtalt: {day}" in text for line in told for text in line) == 1
    assert [p.ref for p in given_to(called().case(), person).papers] == {
        "f1": ["7K3MQ2XA"], "f2": ["7K3MQ2XB"], "barn": [],
    }[person]  # fmt: skip


def test_whoever_is_not_called_is_not_told_and_a_decision_hides_what_it_names() -> None:
    story = Story().opened(YOUTH).issued(
        "INV", "7K3MQ2XA", recipient="f1", set="s1", audience="recipient", facts=[CALLED]
    )  # fmt: skip
    assert given_to(story.case(), "f2").next_meetings == ()
    assert given_to(called("7K3MQ2XA").case(), "f1").next_meetings == ()
    assert len(given_to(called("7K3MQ2XA").case(), "f2").next_meetings) == 1
    assert given_to(called("7K3MQ2XA", "7K3MQ2XB").case(), "barn").next_meetings == ()


@pytest.mark.parametrize("person", ["f2", "barn"])
def test_the_other_parents_letter_held_back_in_silence_tells_nothing(person: str) -> None:
    plain, hiding = (called(*hidden).case() for hidden in ((), ("7K3MQ2XA",)))
    assert without_head(given_to(plain, person)) == without_head(given_to(hiding, person))


def test_a_form_that_nobody_has_written_yet_is_not_in_the_copy() -> None:
    story = Story().opened().issued("REF", "7K3MQ2XA", settles=("completed", "sent"))
    story.issued("OBS", "7K3MQ2XB", settles=("completed",), audience="review")
    copy = given_to(story.case())
    assert (copy.papers, copy.held) == ((), ())
    assert [m.text for m in copy.timeline] == ["Vi åpnet en sak for å hjelpe."]
    never = given_to(story.settled("7K3MQ2XA", "cancelled").case())
    assert never.papers == ()
    done = given_to(story.filed("7K3MQ2XA", done=["completed"]).case())
    assert [p.ref for p in done.papers] == ["7K3MQ2XA"]


def test_the_services_own_minutes_are_the_familys_with_their_consent() -> None:
    def refs(story: Story, on: date = ON) -> list[str]:
        made = family_copy(story.case(), "f1", on=on, with_consent={"TVT"}, **words())
        assert isinstance(made, FamilyCopy)
        return [p.ref for p in made.papers]

    story = Story().opened().issued("TVT", "7K3MQ2XA", facts=[measure("Lesestund")])
    assert refs(story) == []
    hidden = Story().opened().issued("TVT", "7K3MQ2XA")
    hidden.noted(consent(("f1",), ("skole",)), audience="nobody")
    assert refs(hidden) == []
    story.later(5).noted(consent(("f1",), ("skole",), **{"from": "2026-09-06"}))
    assert refs(story) == ["7K3MQ2XA"]
    assert refs(story, date(2026, 9, 3)) == []
    story.later(5).issued("TVT", "7K3MQ2XB")
    story.later(5).noted({"fact": "consent", "outcome": "withdrawn", "by": ["f1"]})
    assert refs(story) == ["7K3MQ2XB"]


def test_numbers_that_the_log_gave_are_the_copys_own() -> None:
    def ids(story: Story) -> list[str]:
        told = story.noted(measure("Synlig"), measure("Med nummer", id="t7"), measure("Til"))
        return [m.id for goal in given_to(told.case()).goals for m in goal.measures]

    hiding = Story().opened().noted(measure("Skjult"), measure("Mer"), audience="nobody")
    assert ids(hiding) == ids(Story().opened()) == ["t1", "t7", "t3"]
    story = Story().opened().noted(measure("Synlig"), measure("Med nummer", id="t7"))
    assert [m.id for m in story.noted(measure("Til")).case().measures] == ["t1", "t7", "t3"]


def test_a_moved_paper_was_never_here() -> None:
    before = Story().opened()
    story = Story().opened().filed("7K3MQ2XA", type="INN", audience="family")
    story.add("moved", "7K3MQ2XA", None, of=[2], to="2026-0148")
    assert without_head(given_to(story.case())) == without_head(given_to(before.case()))


# --- silence --------------------------------------------------------------------------------


def without_head(copy: FamilyCopy) -> FamilyCopy:
    return replace(copy, head_hash="")


SILENT_FACTS = [
    measure("Noe ingen skal vite", goal="Nora leser med glede"),
    measure("Noe annet", id="hemmelig"),
    measure("Uten nummer", goal="Et annet mål"),
    {"fact": "meeting", "date": "2026-10-01", "start": "08:00", "planned": False},
    {"fact": "meeting", "date": "2026-10-08", "place": "Et hemmelig sted", "planned": True},
    {"fact": "next_meeting", "date": "2026-12-24"},
    {"fact": "decision", "text": "En hemmelig beslutning"},
    {"fact": "child_voice", "text": "En hemmelighet"},
    {"fact": "level", "level": "3"},
    consent(("f1",), ("nav",)),
    {"fact": "consent", "outcome": "withdrawn", "by": ["f2"]},
    {"fact": "baton", "holder": {"name": "En hemmelig holder"}, "accepted": True},
    {"fact": "log", "log": "own"},
]
SILENT = st.lists(
    st.tuples(
        st.integers(0, 18),
        st.sampled_from(["document", "event", "decided"]),
        st.lists(st.sampled_from(SILENT_FACTS), max_size=3),
    ),
    min_size=1,
    max_size=4,
)


class Interrupted(Story):
    """The autumn, with events between that are held back in silence."""

    def __init__(self, silent: list[tuple[int, str, list[dict[str, Any]]]]) -> None:
        super().__init__()
        self.silent = silent
        self.told = 0
        self.inside = False

    def add(self, *args: Any, **codes: Any) -> Story:  # noqa: ANN401
        super().add(*args, **codes)
        if self.inside or args[0] == "opened":
            return self
        self.inside = True
        for number, (place, way, facts) in enumerate(self.silent):
            if place == self.told:
                self._hide(f"0000000{number}", way, facts)
        self.told += 1
        self.inside = False
        return self

    def _hide(self, ref: str, way: str, facts: list[dict[str, Any]]) -> None:
        if way == "event":
            self.noted(*facts, audience="nobody")
            return
        audience = "nobody" if way == "document" else "family"
        if way == "decided":
            self.noted({"fact": "audience", "ref": ref, "audience": "nobody", "told": False})
        self.issued("OBS", ref, audience=audience, facts=facts).sent(ref)
        self.filed(ref, facts=facts).read(ref, *facts)


@given(SILENT, st.sampled_from(["f1", "f2"]), st.sampled_from(["nb", "nn", "en"]))
@settings(max_examples=60, deadline=None)
def test_what_is_silently_held_back_leaves_no_trace(
    silent: list[tuple[int, str, list[dict[str, Any]]]], person: str, language: str
) -> None:
    plain, hiding = (
        story.noted(measure("Uten nummer"), measure("Uten nummer heller")).case()
        for story in (autumn(), autumn(Interrupted(silent)))
    )
    assert hiding.head.count > plain.head.count
    copies = [given_to(case, person, language=language) for case in (plain, hiding)]
    assert without_head(copies[0]) == without_head(copies[1])
    assert copies[0].head_hash != copies[1].head_hash


@given(EVENTS)
@settings(max_examples=100, deadline=None)
def test_there_is_a_copy_or_a_refusal_whatever_stands_in_the_events(told: Told) -> None:
    opened = Story().opened().entries
    case = fold(ChainId("2026-0147"), [*opened, *entries(told)])
    for person in ("f1", "f2", "barn", "d1", ""):
        copy_for(case, person)
