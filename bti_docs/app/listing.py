"""Lists that people look through: names are read at that moment and nothing of it is logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bti_docs.app.cases import waiting
from bti_docs.app.office import Office
from bti_docs.app.relay import title_in
from bti_docs.core.events import ChainId
from bti_docs.core.model import Case
from bti_docs.core.naming import full_name
from bti_docs.core.outstanding import Outstanding, outstanding
from bti_docs.messages import text


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list."""

    case_id: str
    kind: str
    status: str
    """open or closed."""
    level: str
    unit: str
    outstanding: int
    child: str
    """Name and birth year."""
    holder: str
    """Who holds the baton, with a telephone number."""
    level_text: str
    status_text: str
    outstanding_text: str


def case_lines(office: Office, wanted: str = "") -> tuple[CaseLine, ...]:
    """The cases and series whose number or child's name holds *wanted*; all when it is blank."""
    chains = office.index.find_chains(wanted) if wanted else office.archive.chains()
    return tuple(_case_line(office, case) for case in office.cases(filter(_is_case, chains)))


def _is_case(chain: ChainId) -> bool:
    return chain != "kontor"


def _case_line(office: Office, case: Case) -> CaseLine:
    language = office.settings.language
    level = office.profile.level(case.level)
    count = len(waiting(case))
    return CaseLine(
        case_id=case.chain,
        kind=case.kind,
        status="open" if case.open else "closed",
        level=case.level,
        unit=case.record.unit if case.record else "",
        outstanding=count,
        child=child_of(case),
        holder=holder_of(case),
        level_text=level.label(language) if level else "",
        status_text="" if case.open else text("case_is_closed", language),
        outstanding_text=text("case_outstanding", language, count=count) if count else "",
    )


def child_of(case: Case) -> str:
    """Name and birth year; blank for a series or when the payload was removed."""
    child = case.record.child if case.record else None
    if child is None:
        return ""
    return f"{child.name} ({child.birth_date.year})" if child.birth_date else child.name


def holder_of(case: Case) -> str:
    """Who holds the baton, with the telephone number."""
    holder = case.baton.holder if case.baton else None
    if holder is None:
        return ""
    return " ".join(part for part in (holder.name, holder.phone) if part)


@dataclass(frozen=True, slots=True)
class OutstandingLine:
    """What waits, as people see it."""

    what: Outstanding
    title: str
    child: str
    step: str
    """What it waits for: a step of its manifest, or `reply` for a form that has not come back."""
    waits_for: tuple[str, ...]
    """Whose answer is missing."""
    holder: str


def outstanding_lines(office: Office, on: date) -> tuple[OutstandingLine, ...]:
    """Everything that was issued in open cases and has not ended, overdue first."""
    found = {case.chain: case for case in office.cases(office.index.chains_waiting())}
    return tuple(
        _outstanding_line(office, found[ChainId(what.case_id)], what)
        for what in outstanding(found.values(), on)
    )


def _outstanding_line(office: Office, case: Case, what: Outstanding) -> OutstandingLine:
    document = case.document(what.ref)
    away = what.waits_for == "read" and (document is None or document.returned_on is None)
    return OutstandingLine(
        what,
        title_in(office, what.type, office.settings.language),
        child_of(case),
        "reply" if away else what.waits_for,
        _names(case, what.missing or ([what.recipient] if what.recipient else [])),
        holder_of(case),
    )


def _names(case: Case, codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(full_name(case.people.get(code, {})) or code for code in codes)
