"""What is said aloud, in the fold: who is asked, and which answers belong together."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bti_docs.core.consent import in_force
from bti_docs.core.letters import people_of, signers_of
from tests.case_stories import RECORD, Story, consent, profile

DAY = date(2026, 9, 2)


def aloud(by: str, services: tuple[str, ...] = ("skole",), **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return consent((by,), services, how="oral", asked=["f1", "f2"], **more)


def test_a_yes_waits_for_all_who_are_asked() -> None:
    story = Story().opened().noted(aloud("f1"))
    (waiting,) = story.case().consents
    assert (waiting.complete, waiting.asked, in_force(story.case(), DAY)) == (
        False, {"f1", "f2"}, (),
    )  # fmt: skip
    (whole,) = in_force(story.noted(aloud("f2")).case(), DAY)
    assert (whole.id, whole.by) == ("n2", {"f1", "f2"})


def test_an_older_program_did_not_say_who_is_asked() -> None:
    assert in_force(Story().opened().noted(consent(("f1",), ("skole",))).case(), DAY)


@pytest.mark.parametrize(
    "other",
    [aloud("f2", ("ppt",)), aloud("f2", scope=["moete"]), {**aloud("f2"), "outcome": "refused"}],
)
def test_answers_to_different_things_stay_apart(other: dict[str, Any]) -> None:
    case = Story().opened().noted(aloud("f1")).noted(other).case()
    assert len(case.consents) == 2
    assert in_force(case, DAY) == ()


def test_a_yes_that_has_run_out_is_not_completed() -> None:
    story = Story().opened().noted(aloud("f1", to="2026-09-05")).later(10).noted(aloud("f2"))
    assert [c.by for c in story.case().consents] == [{"f1"}, {"f2"}]


def test_a_complete_yes_is_not_joined_by_a_new_one() -> None:
    story = Story().opened().noted(aloud("f1")).noted(aloud("f2")).noted(aloud("f1"))
    assert [c.complete for c in story.case().consents] == [True, False]


def test_a_yes_on_an_open_sheet_is_no_step_of_it() -> None:
    story = Story().opened()
    story.issued("SAM", "7K3MQ2XA", settles=("signed", "noted"), signers=("f1", "f2"), set="s1")
    story.noted(consent(("f1",), ("skole",), how="oral"), ref="7K3MQ2XA")
    (document,) = story.case().documents
    assert (document.heard, document.done, document.missing_signers) == ({"f1"}, set(), ("f2",))
    story.noted({"fact": "decision", "text": "Vi venter"}, ref="7K3MQ2XA")
    assert story.case().documents[0].done == {"noted"}


@pytest.mark.parametrize(
    ("on", "signers"),
    [
        (date(2031, 4, 11), ("f1", "f2")),
        (date(2031, 4, 12), ("f1", "f2", "barn")),
        (date(2034, 4, 12), ("barn",)),
    ],
)
def test_who_must_say_yes(on: date, signers: tuple[str, ...]) -> None:
    first, second = RECORD["foresatte"]  # type: ignore[misc]
    bodies = {"barn": RECORD["barn"], "f1": first, "f2": second,
              "f3": {**first, "foreldreansvar": "ikke_avklart"}}  # type: ignore[dict-item]  # fmt: skip
    people = people_of(bodies)  # type: ignore[arg-type]
    assert people is not None
    assert signers_of(people, profile(), on) == signers
