"""What the office knows already, as values to start a new row from. Pure.

Nobody types what the office knows (users.md rule 12): open measures and the next agreed meeting
stand in the row, and what a person changes there is a change.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from bti_docs.core.events import Json
from bti_docs.core.loose import day
from bti_docs.core.manifest import Manifest, ManifestField
from bti_docs.core.model import Case, Measure, Meeting
from bti_docs.core.records import Measure as MeasureBlock

_MEETING: Final = frozenset({"date", "type", "start", "end", "place"})


def known_case(case: Case, manifests: Iterable[Manifest], on: date) -> Json:
    """A case as a workbook starts from it: record, number, and a row for each of *manifests*."""
    record: Json = case.record_now.norwegian() if case.record_now else {}
    rows = {m.type: started_row(case, m, on) for m in manifests}
    return {**record, "sak": case.chain, "dokumenter": rows}


def started_row(case: Case, manifest: Manifest, on: date) -> Json:
    """The values of a document of this type that the case knows on the day *on*."""
    values: Json = {}
    for field in filter(is_prefilled, manifest.fields):
        if field.type == "tiltak":
            values[field.key] = [_measure(m) for m in case.measures if m.open]
        else:
            values |= _of_meeting(field, next_meeting(case, on))
    return {key: value for key, value in values.items() if value}


def is_prefilled(field: ManifestField) -> bool:
    """Whether the case can know a field's value before anybody writes the document."""
    if field.type == "tiltak":
        return field.repeated
    group, _, part = (field.fact or "").partition(".")
    return group == "meeting" and part in _MEETING


def next_meeting(case: Case, on: date) -> Meeting | None:
    """The first planned meeting from *on*."""
    ahead = (m for m in case.meetings if m.planned and (day(m.date) or date.min) >= on)
    return next(ahead, None)


def _of_meeting(field: ManifestField, meeting: Meeting | None) -> Json:
    part = (field.fact or "").partition(".")[2]
    return {field.key: getattr(meeting, part, "")}


def _measure(measure: Measure) -> Json:
    known = {"id": measure.id, "goal": measure.goal, "measure": measure.measure,
             "arena": measure.arena, "owner": measure.owner, "service": measure.service,
             "start": day(measure.start), "due": day(measure.due), "result": measure.result,
             "evaluation": measure.evaluation, "evaluate_on": day(measure.evaluate_on),
             "status": measure.status}  # fmt: skip
    return MeasureBlock.model_validate(known).norwegian()
