"""How what is said of meetings changes the case: planned, called to, held, moved. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Final

from bti_docs.core.events import Json
from bti_docs.core.loose import mappings
from bti_docs.core.model import Case, Happening, Meeting

_TEAM: Final = "team"
"""The kind of a meeting whose minutes name no kind: they are a form of the team's own."""


def meeting(case: Case, fact: Json, by: Happening) -> Case:
    """A meeting that a letter calls to, or that minutes tell of."""
    said = Meeting(
        date=str(fact.get("date", "")),
        type=str(fact.get("type", "")),
        start=str(fact.get("start", "")),
        end=str(fact.get("end", "")),
        place=str(fact.get("place", "")),
        planned=bool(fact.get("planned", False)),
        participants=mappings(fact.get("participants")),
        ref=by.ref,
    )
    return _with_planned(case, said) if said.planned else _with_held(case, said)


def next_meeting(case: Case, fact: Json, by: Happening) -> Case:
    """The next meeting as minutes agree on it: a day, seldom more."""
    date = str(fact.get("date", ""))
    if not date:
        return case
    said = Meeting(date=date, type=str(fact.get("type", "")), planned=True, ref=by.ref)
    return _with_planned(case, said)


def without_plans_of(case: Case, ref: str) -> Case:
    """*case* without what a letter that has been replaced called to."""
    meetings = tuple(m for m in case.meetings if not (m.planned and m.ref == ref))
    return replace(case, meetings=meetings)


def lineage(case: Case, ref: str | None) -> Iterator[str]:
    """The document itself, and those that it and its forerunners have replaced."""
    seen: set[str] = set()
    while ref and ref not in seen:
        yield ref
        seen.add(ref)
        document = case.document(ref)
        ref = document.supersedes if document else ""


def _with_planned(case: Case, new: Meeting) -> Case:
    """Letters to several people call to the same meeting; one that was held is planned no more."""
    if any(not m.planned and _fulfils(m, new) for m in case.meetings):
        return case
    same = next((m for m in case.meetings if m.planned and _is_one_plan(m, new)), None)
    return _with(case, same, _merged(same, new) if same else new)


def _with_held(case: Case, new: Meeting) -> Case:
    """Minutes replace the plan, and what they said before, or what they replace said."""
    earlier = set(lineage(case, new.ref))
    told = next((m for m in case.meetings if not m.planned and m.ref in earlier), None)
    if told is not None:
        return _with(case, told, new)
    plans = [m for m in case.meetings if m.planned and _fulfils(new, m)]
    plan = min(plans, key=lambda m: m.type != new.type, default=None)
    return _with(case, plan, _merged(plan, new) if plan else new)


def _fulfils(held: Meeting, plan: Meeting) -> bool:
    """Whether *held* is the meeting that was planned."""
    return held.date == plan.date and plan.type in {"", held.type or _TEAM}


def _is_one_plan(known: Meeting, new: Meeting) -> bool:
    pairs = ((known.type, new.type), (known.start, new.start))
    return known.date == new.date and all(a == b or not (a and b) for a, b in pairs)


def _merged(known: Meeting, new: Meeting) -> Meeting:
    """What *new* says, and what it leaves out as *known* said it."""
    kept = {f.name: getattr(new, f.name) or getattr(known, f.name) for f in fields(Meeting)}
    return Meeting(**{**kept, "planned": new.planned})


def _with(case: Case, old: Meeting | None, new: Meeting) -> Case:
    rest = (m for m in case.meetings if m is not old)
    return replace(case, meetings=tuple(sorted((*rest, new), key=lambda m: (m.date, m.start))))
