"""The cases of an input: children, guardians and relay holders, and what must not be told. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bti_docs.core.intake_dates import case_dates
from bti_docs.core.people import child_marks, disclosures, strictly_confidential
from bti_docs.core.problems import Place, Problem
from bti_docs.core.protection import maybe_in_protected_home
from bti_docs.core.raw import CASE, NUMBER, RawInput, Row
from bti_docs.core.records import CaseRecord
from bti_docs.core.rows import Rules, check_row
from bti_docs.core.values import quote

CASE_NUMBER: Final = re.compile(r"\d{4}-\d{4,6}")
"""A BTI-nummer, `2026-0147`."""


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """One case of the input, its values checked and typed."""

    key: str
    """The act's identity: workbook, sheet, Nr."""
    place: Place
    case_id: str | None
    """The BTI-nummer; None: a new case, or one known by its key."""
    record: CaseRecord


class WrongRows:
    """The rows that have an error: in themselves, in a child row, or in their sheet or file."""

    def __init__(self, raw: RawInput, problems: Iterable[Problem]) -> None:
        self._untrusted = raw.untrusted
        self._places = {(p.place.sheet, p.place.row) for p in problems if p.severity == "error"}

    def has(self, row: Row) -> bool:
        """Whether *row* must be left out."""
        places = {(None, None), (row.sheet, None), (row.sheet, row.number)}
        if row.type in self._untrusted or not places.isdisjoint(self._places):
            return True
        return any(self.has(child) for children in row.lists.values() for child in children)


def case_key(identity: str, row: Row) -> str:
    """The identity of the act that opens the case of *row*."""
    return f"{identity}/{CASE}/{row.id}"


def check_cases(raw: RawInput, rules: Rules, on: date) -> tuple[list[CaseEntry], list[Problem]]:
    """The cases that are in order on the day *on*, and the problems of all."""
    entries: list[CaseEntry] = []
    problems: list[Problem] = []
    for row in raw.cases:
        entry, found = _check_case(row, raw.identity, rules, on)
        entries.append(entry)
        problems += found
    problems += [*numbered_twice(raw.cases), *_same_twice(raw.cases, entries)]
    wrong = WrongRows(raw, (*raw.problems, *problems))
    pairs = zip(raw.cases, entries, strict=True)
    return [entry for row, entry in pairs if not wrong.has(row)], problems


def numbered_twice(rows: Iterable[Row]) -> Iterator[Problem]:
    """The rows whose Nr another row of the same type has already."""
    first: dict[tuple[str, str], Row] = {}
    for row in rows:
        other = first.setdefault((row.type, row.id), row)
        if other is not row:
            params: dict[str, str | int] = {"value": quote(row.id), "first": other.number}
            yield Problem("nr_twice", row.place(NUMBER), params)


def _check_case(row: Row, identity: str, rules: Rules, on: date) -> tuple[CaseEntry, list[Problem]]:
    checked = check_row(row, rules.case_manifest, rules)
    problems = list(checked.problems)
    case_id = checked.values.get("sak")
    if case_id is not None and not CASE_NUMBER.fullmatch(case_id):
        problems.append(Problem("bad_case_number", row.place("sak"), {"value": quote(case_id)}))
    record = _record(checked.values, rules)
    problems += _protection(row, record, rules)
    problems += _responsibility(row, record)
    problems += case_dates(row, record, on)
    return CaseEntry(case_key(identity, row), row.place(), case_id, record), problems


def _record(values: Mapping[str, Any], rules: Rules) -> CaseRecord:
    """The record, with blanks for names that are missing: their problem is told already."""
    nested: dict[str, Any] = {"barn": {"fornavn": "", "etternavn": ""}, "stafettholder": {}}
    for key, value in values.items():
        group, _, part = key.partition(".")
        if part:
            nested[group][part] = value
        elif key != "sak":
            nested[key] = value
    nested.setdefault("maalform", rules.profile.language)
    return CaseRecord.model_validate(nested)


def _protection(row: Row, record: CaseRecord, rules: Rules) -> Iterator[Problem]:
    guardians = row.lists.get("foresatte", ())
    for disclosure in disclosures(record):
        at = row if disclosure.guardian is None else guardians[disclosure.guardian]
        yield Problem("address_protected", at.place(disclosure.key))
    for index in maybe_in_protected_home(record):
        place = guardians[index].place("adressesperre")
        yield Problem("guardian_maybe_protected", place, {}, "warning")
    if rules.profile.strictly_confidential_allowed:
        return
    for who in strictly_confidential(record):
        place = row.place("barn.adressesperre")
        if who is not None:
            place = guardians[who].place("adressesperre")
        yield Problem("strictly_confidential", place)


def _responsibility(row: Row, record: CaseRecord) -> Iterator[Problem]:
    rows = row.lists.get("foresatte", ())
    for child, guardian in zip(rows, record.guardians, strict=True):
        if guardian.responsibility == "ikke_avklart":
            yield Problem("responsibility_unclear", child.place("foreldreansvar"), {}, "warning")


def _same_twice(rows: Iterable[Row], entries: Iterable[CaseEntry]) -> Iterator[Problem]:
    """The same case number, or the same child by number or by name and birth date, in two rows."""
    first: dict[str, Row] = {}
    for row, entry in zip(rows, entries, strict=True):
        if entry.case_id:
            other = first.setdefault(f"case:{entry.case_id}", row)
            if other is not row:
                params: dict[str, str | int] = {"value": entry.case_id, "first": other.number}
                yield Problem("case_twice", row.place("sak"), params)
                continue
        others = [first.setdefault(mark, row) for mark in child_marks(entry.record.child)]
        other_rows = [other for other in others if other is not row]
        if other_rows:
            found: dict[str, str | int] = {"first": other_rows[0].number}
            yield Problem("child_twice", row.place("barn.fornavn"), found)
