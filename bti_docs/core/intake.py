"""The check of an input: rows in, typed cases and documents out, and all problems at once. Pure.

A case or document with an error is left out of the result; a warning is shown and leaves it in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bti_docs.core.intake_cases import (
    CASE_NUMBER,
    CaseEntry,
    WrongRows,
    case_key,
    check_cases,
    numbered_twice,
)
from bti_docs.core.intake_dates import document_dates
from bti_docs.core.layout import options_of
from bti_docs.core.manifest import Language, Manifest
from bti_docs.core.moments import Fault
from bti_docs.core.problems import Place, Problem
from bti_docs.core.profile import Profile
from bti_docs.core.raw import CASE_OF, LANGUAGE, RECIPIENTS, RawInput, Row
from bti_docs.core.records import CaseRecord
from bti_docs.core.rows import Rules, check_row
from bti_docs.core.values import as_text, parse_choice, quote

__all__ = ["CaseEntry", "Checked", "DocumentEntry", "check"]

_RECIPIENT: Final = re.compile(r"barn|[fd][1-9]\d?")
_EVERYBODY: Final = frozenset({"alle", "all"})


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """One document to make, its values checked and typed."""

    key: str
    """Identity of the act: the same row is known again."""
    place: Place
    type: str
    case_id: str | None
    """The BTI-nummer, when the row or its case has one."""
    case_key: str | None
    """The key of the case's own row in this input, when there is one."""
    language: Language | None
    """None: the case's."""
    recipients: tuple[str, ...] | None
    """Person codes; None: everybody the manifest names."""
    values: Mapping[str, Any]
    """By manifest key: str, date, `HH:MM`, int, bool, tuple of choices, block or tuple of blocks
    (dicts by Norwegian keys, dates as ISO text). Blank fields are left out."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What an input holds that is in order, and everything that is not."""

    cases: tuple[CaseEntry, ...]
    documents: tuple[DocumentEntry, ...]
    problems: tuple[Problem, ...]


def check(
    raw: RawInput,
    manifests: Mapping[str, Manifest],
    case_manifest: Manifest,
    profile: Profile,
    language: str,
    *,
    on: date,
    case: str | None = None,
) -> Checked:
    """Check everything before anything is made.

    Args:
        raw: the rows as a reader found them.
        manifests: the document types by code.
        case_manifest: what a case's row may hold, and the parts of the blocks.
        profile: levels, services and choices of the municipality.
        language: for the labels in problems: nb, nn or en.
        on: the day it is.
        case: the BTI-nummer of documents whose row names no case.
    """
    rules = Rules(manifests, case_manifest, profile, language)
    cases, problems = check_cases(raw, rules, on)
    known = _Cases(raw, {entry.key: entry.record for entry in cases}, case)
    entries: list[DocumentEntry | None] = []
    for row in raw.documents:
        entry, found = _check_document(row, rules, known, on)
        entries.append(entry)
        problems += found
    problems = [*raw.problems, *problems, *numbered_twice(raw.documents), *_no_rows(raw)]
    wrong = WrongRows(raw, problems)
    pairs = zip(raw.documents, entries, strict=True)
    documents = tuple(entry for row, entry in pairs if entry and not wrong.has(row))
    return Checked(tuple(cases), documents, tuple(problems))


def _no_rows(raw: RawInput) -> Iterator[Problem]:
    """That there is nothing in the file, when nothing else says why."""
    told = any(problem.severity == "error" for problem in raw.problems)
    if not (raw.cases or raw.documents or told):
        yield Problem("no_rows", severity="warning")


class _Cases:
    """The cases a document's row may name: by their row's Nr, by BTI-nummer, or as the only one."""

    def __init__(
        self, raw: RawInput, records: Mapping[str, CaseRecord], default: str | None
    ) -> None:
        self.identity = raw.identity
        self.records = records
        self._default = default
        self._told: set[str] = set()
        self._rows = {row.id: row for row in reversed(raw.cases)}
        self._only = raw.cases[0] if len(raw.cases) == 1 else None
        self._by_number = {
            as_text(row.cells["sak"]).strip(): row for row in raw.cases if row.cells.get("sak")
        }

    def find(self, row: Row) -> tuple[str | None, Row | None] | Problem:
        """The BTI-nummer and the case row that a document's row belongs to."""
        named = as_text(row.cells.get(CASE_OF)).strip()
        if not named and self._only and self._default is None:
            return self._number(self._only), self._only
        if not named and self._default:
            return self._default, self._by_number.get(self._default)
        if not named:
            return Problem("case_needed", row.place(CASE_OF))
        found = self._rows.get(named) or self._by_number.get(named)
        if found:
            return self._number(found), found
        if CASE_NUMBER.fullmatch(named):
            return named, None
        return Problem("case_not_in_input", row.place(CASE_OF), {"value": quote(named)})

    def first_of(self, key: str) -> bool:
        """Whether no row before has asked of the case with this *key*."""
        first = key not in self._told
        self._told.add(key)
        return first

    @staticmethod
    def _number(row: Row) -> str | None:
        return as_text(row.cells.get("sak")).strip() or None


def _check_document(
    row: Row, rules: Rules, known: _Cases, on: date
) -> tuple[DocumentEntry | None, list[Problem]]:
    manifest = rules.manifests.get(row.type)
    if manifest is None:
        return None, [_unknown_type(row, rules)]
    checked = check_row(row, manifest, rules)
    problems = [*checked.problems, *document_dates(row, manifest, checked.values, rules, on)]
    nameless = manifest.chain == "serie" or _is_anonymous(manifest, checked.values)
    case_id, case_row, found = _case_of(row, known, nameless=nameless)
    problems += found
    if nameless:
        problems += _names_a_child(row, checked.values, known.records.values())
    key = case_key(known.identity, case_row) if case_row else None
    wrong_case = key is not None and key not in known.records
    if key and wrong_case and known.first_of(key):  # once a case: it is put right once
        problems.append(Problem("case_has_errors", row.place(CASE_OF)))
    language = _language(row, rules)
    recipients = _recipients(row, known.records.get(key) if key else None)
    problems += [p for p in (language, recipients) if isinstance(p, Problem)]
    if wrong_case or isinstance(language, Problem) or isinstance(recipients, Problem):
        return None, problems
    return DocumentEntry(
        key=f"{known.identity}/{row.type}/{row.id}",
        place=row.place(),
        type=row.type,
        case_id=case_id,
        case_key=key,
        language=language,
        recipients=recipients,
        values=checked.values,
    ), problems


def _unknown_type(row: Row, rules: Rules) -> Problem:
    types = ", ".join(sorted(rules.manifests))
    return Problem("unknown_type", row.place("type"), {"value": quote(row.type), "options": types})


def _is_anonymous(manifest: Manifest, values: Mapping[str, Any]) -> bool:
    """Whether the row says that the document names nobody and belongs to a series."""
    key, _, choice = (manifest.anonymous or "").partition("=")
    return bool(key) and values.get(key) == choice


def _case_of(
    row: Row, known: _Cases, *, nameless: bool
) -> tuple[str | None, Row | None, list[Problem]]:
    if nameless:
        named = as_text(row.cells.get(CASE_OF)).strip()
        return None, None, [Problem("series_takes_no_case", row.place(CASE_OF))] if named else []
    found = known.find(row)
    if isinstance(found, Problem):
        return None, None, [found]
    return *found, []


def _names_a_child(
    row: Row, values: Mapping[str, Any], records: Iterable[CaseRecord]
) -> Iterator[Problem]:
    """Texts of a nameless document that name a child of this input, in full or by number."""
    known = list(records)
    children = [record.child for record in known]
    full = [child.name for child in children]
    full += [guardian.name for record in known for guardian in record.guardians]
    names = [name.casefold() for name in full if " " in name]
    numbers = [child.id_number for child in children if child.id_number]
    for key, value in values.items():
        text = " ".join(" ".join(_texts(value)).casefold().split())
        if any(name in text for name in names) or any(n in text for n in numbers):
            yield Problem("anonymous_names_child", row.place(key))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, Sequence):
        for part in value:
            yield from _texts(part)


def _language(row: Row, rules: Rules) -> Language | Problem | None:
    text = as_text(row.cells.get(LANGUAGE)).strip()
    if not text:
        return None
    field = next(f for f in rules.case_manifest.block("dokument") if f.key == "maalform")
    found = parse_choice(text, options_of(field, rules.profile), rules.language)
    if isinstance(found, Fault):
        label = field.label.of(rules.language)
        return Problem(found.code, row.place(LANGUAGE), {**found.params, "label": label})
    return "nn" if found == "nn" else "nb"


def _recipients(row: Row, record: CaseRecord | None) -> tuple[str, ...] | Problem | None:
    """The person codes of the cell; a code beyond the case's own lists is a problem."""
    words = re.split(r"[\s;,]+", as_text(row.cells.get(RECIPIENTS)).strip().casefold())
    codes = tuple(dict.fromkeys(word for word in words if word))
    if not codes or set(codes) <= _EVERYBODY:
        return None
    for code in codes:
        if not _RECIPIENT.fullmatch(code):
            return Problem("bad_recipient", row.place(RECIPIENTS), {"value": quote(code)})
        people = {"f": "guardians", "d": "participants"}.get(code[0])
        if record and people and int(code[1:]) > len(getattr(record, people)):
            return Problem("unknown_recipient", row.place(RECIPIENTS), {"value": code})
    return codes
