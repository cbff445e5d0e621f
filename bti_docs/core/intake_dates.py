"""Days and hours that do not go together: an end before its start, a day that has passed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from bti_docs.core.layout import parts_of
from bti_docs.core.loose import day
from bti_docs.core.manifest import Manifest, ManifestField
from bti_docs.core.moments import show_date
from bti_docs.core.problems import Problem
from bti_docs.core.raw import Row
from bti_docs.core.records import CaseRecord
from bti_docs.core.rows import Rules

REPLY_BY: Final = "svar.frist"
"""The field that says by when the family answers."""

ABOUT_NEW: Final = frozenset({"day_has_passed", "reply_after_meeting"})
"""What is worth saying of a letter that is to be made, and of no other."""


def case_dates(row: Row, record: CaseRecord, on: date) -> Iterator[Problem]:
    """What is wrong with the birth date of a case on the day *on*."""
    birth, place = record.child.birth_date, row.place("barn.foedselsdato")
    if birth and birth > on:
        yield Problem("birth_in_future", place, {"date": show_date(birth)})
    if birth is None and record.child.kind == "ungdom":
        yield Problem("signing_age_unknown", place, {}, "warning")


def document_dates(
    row: Row, manifest: Manifest, values: Mapping[str, Any], rules: Rules, on: date
) -> Iterator[Problem]:
    """What is wrong with the dates and hours of a document's row on the day *on*."""
    for field in manifest.fields:
        if field.type == "samtykke" and not field.repeated and field.key in values:
            yield from _consent(row, field, values[field.key], rules, on)
    facts = {field.fact: field for field in manifest.fact_fields("meeting")}
    begins, ends = facts.get("meeting.start"), facts.get("meeting.end")
    if begins and ends:
        start, end = values.get(begins.key), values.get(ends.key)
        if start and end and end < start:
            yield _before(row, ends.key, ends.label.of(rules.language), end, start)
    yield from _meeting_days(row, manifest, values, rules, on)


def _consent(
    row: Row, field: ManifestField, values: Mapping[str, Any], rules: Rules, on: date
) -> Iterator[Problem]:
    """A consent without a first day runs from the day it is made."""
    first, last = day(values.get("fra")) or on, day(values.get("til"))
    if last and last < first:
        part = next(p for p in parts_of(field, rules.case_manifest) if p.key == "til")
        label = part.label.of(rules.language)
        yield _before(row, f"{field.key}.til", label, show_date(last), show_date(first))


def _before(row: Row, key: str, label: str, end: str, start: str) -> Problem:
    params = {"label": label, "value": end, "start": start}
    return Problem("ends_before_start", row.place(key), params)


def _meeting_days(
    row: Row, manifest: Manifest, values: Mapping[str, Any], rules: Rules, on: date
) -> Iterator[Problem]:
    """The days of a letter that calls to a meeting; minutes are written of one that is over."""
    calls = "sent" in manifest.settled and "completed" not in manifest.settled
    meets = (f for f in manifest.fact_fields("meeting") if f.fact == "meeting.date")
    meeting, reply = next(meets, None), manifest.find(REPLY_BY)
    for field in (meeting, reply):
        when = values.get(field.key) if field and calls else None
        if field and when and when < on:
            params = {"label": field.label.of(rules.language), "date": show_date(when)}
            yield Problem("day_has_passed", row.place(field.key), params, "warning")
    if meeting and reply and calls:
        held, answered = values.get(meeting.key), values.get(reply.key)
        if held and answered and answered > held:
            params = {"label": reply.label.of(rules.language), "date": show_date(held)}
            yield Problem("reply_after_meeting", row.place(reply.key), params, "warning")
