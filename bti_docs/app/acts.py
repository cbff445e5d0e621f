"""What the acts share that people do by themselves: a reason, a day, and how they are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bti_docs.app.office import Office
from bti_docs.app.relay import refresh_logs
from bti_docs.core.events import Act, Json
from bti_docs.core.model import Case
from bti_docs.errors import InputError


def reason(why: str) -> str:
    """The reason as it is kept.

    Raises:
        InputError: it is blank.
    """
    if not why.strip():
        raise InputError("why_is_empty")
    return why.strip()


def check_day(office: Office, on: date) -> None:
    """Let nobody write today what is still to happen.

    Raises:
        InputError: *on* is after today.
    """
    if on > office.today:
        raise InputError("day_to_come")


def known_person(case: Case, code: str) -> None:
    """Let only the case's own people stand in an event.

    Raises:
        InputError: the case has no person with that code.
    """
    if code not in case.people:
        raise InputError("unknown_person", person=code, case=case.chain)


def open_case_only(case: Case) -> None:
    """Let nothing move in a case that has ended.

    Raises:
        InputError: the case is closed.
    """
    if not case.open:
        raise InputError("case_needs_reopening", case=case.chain)


def noted(
    office: Office,
    case: Case,
    facts: Sequence[Json],
    why: str,
    codes: Mapping[str, Any] | None = None,
    *,
    ref: str | None = None,
) -> Case:
    """Write facts that no document brought."""
    payload: Json = {"facts": list(facts)} | ({"why": why} if why else {})
    on = office.today.isoformat()
    return written(
        office, case, Act("noted", office.actor, ref, {"on": on, **(codes or {})}, payload)
    )


def written(office: Office, case: Case, act: Act) -> Case:
    """Write an act, and the page of the log anew."""
    case = office.write(case, act)
    refresh_logs(office, [case.chain])
    return case
