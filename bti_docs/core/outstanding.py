"""What was issued and has not ended: overdue first. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bti_docs.core.events import Json
from bti_docs.core.model import Case, Document


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A document that somebody still has to do something with."""

    ref: str
    case_id: str
    type: str
    issued: date | None
    due: date | None
    days_overdue: int
    """0 when the deadline is not passed, or there is none."""
    waits_for: str
    """The first step of its manifest that is not done."""
    sent: date | None = None
    recipient: str | None = None
    missing: tuple[str, ...] = ()
    """Codes of the people whose signatures are not seen."""


def outstanding(cases: Iterable[Case], on: date) -> tuple[Outstanding, ...]:
    """What has not ended in *cases* on the day *on*, the longest overdue first."""
    found = [_line(case, d, on) for case in cases for d in case.documents if _waits(d)]
    return tuple(sorted(found, key=_urgency))


def as_json(lines: Iterable[Outstanding]) -> list[Json]:
    """The lines as other programs read them: no names."""
    return [
        {
            "ref": line.ref,
            "case_id": line.case_id,
            "type": line.type,
            "issued": _iso(line.issued),
            "due": _iso(line.due),
            "days_overdue": line.days_overdue,
            "waits_for": line.waits_for,
            "sent": _iso(line.sent),
            "recipient": line.recipient,
            "missing": list(line.missing),
        }
        for line in lines
    ]


def days_overdue(due: date | None, on: date) -> int:
    """Days since the deadline; 0 when it is not passed."""
    return max(0, (on - due).days) if due else 0


def _waits(document: Document) -> bool:
    return not (document.over or document.removed or document.blocked)


def _line(case: Case, document: Document, on: date) -> Outstanding:
    return Outstanding(
        ref=document.ref,
        case_id=case.chain,
        type=document.type,
        issued=document.issued_on,
        due=document.due,
        days_overdue=days_overdue(document.due, on),
        waits_for=document.waits_for or "",
        sent=document.sent_on,
        recipient=document.recipient,
        missing=document.missing_signers,
    )


def _urgency(line: Outstanding) -> tuple[int, date, str, str]:
    return -line.days_overdue, line.due or date.max, line.case_id, line.ref


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
