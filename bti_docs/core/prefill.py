"""What the office knows already, as values to start a new row from. Pure.

Nobody types what the office knows (users.md rule 12): open measures and the next agreed meeting
stand in the row, and what a person changes there is a change.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bti_docs.core.events import Json
from bti_docs.core.loose import day
from bti_docs.core.manifest import Manifest, ManifestField
from bti_docs.core.model import Case, Measure, Meeting
from bti_docs.core.records import Measure as MeasureBlock


def known_case(case: Case, manifests: Iterable[Manifest], on: date) -> Json:
    """A case as a workbook starts from it: its record, number, and a row for each document type."""
    record: Json = case.record_now.norwegian() if case.record_now else {}
    rows = {m.type: started_row(case, m, on) for m in manifests}
    return {**record, "sak": case.chain, "dokumenter": rows}


def started_row(case: Case, manifest: Manifest, on: date) -> Json:
    """The values of a document of this type that the case knows on the day *on*."""
    values: Json = {}
    for field in manifest.fields:
        if field.type == "tiltak" and field.repeated:
            values[field.key] = [_measure(m) for m in case.measures if m.open]
        elif field.fact and field.fact.startswith("meeting."):
            values |= _of_meeting(field, next_meeting(case, on))
    return {key: value for key, value in values.items() if value}


def next_meeting(case: Case, on: date) -> Meeting | None:
    """The first planned meeting from *on*."""
    ahead = (m for m in case.meetings if m.planned and (day(m.date) or date.min) >= on)
    return next(ahead, None)


def _of_meeting(field: ManifestField, meeting: Meeting | None) -> Json:
    part = (field.fact or "").partition(".")[2]
    value = getattr(meeting, part, "") if part in {"date", "type", "start", "end", "place"} else ""
    return {field.key: value}


def _measure(measure: Measure) -> Json:
    known = {"id": measure.id, "goal": measure.goal, "measure": measure.measure,
             "arena": measure.arena, "owner": measure.owner, "service": measure.service,
             "start": day(measure.start), "due": day(measure.due), "result": measure.result,
             "evaluation": measure.evaluation, "evaluate_on": day(measure.evaluate_on),
             "status": measure.status}  # fmt: skip
    return MeasureBlock.model_validate(known).norwegian()
