"""Staff codes: events name who acted by a code; the list of codes is in the office's own chain.

The list's payloads hold the login name, the person's name, post and service, so that events stay
without personal data and the list outlives a case (users.md rule 23).
"""

from __future__ import annotations

from collections.abc import Iterator

from bti_docs.app.office import Office
from bti_docs.core.events import OFFICE, Act, Json

STRANGER = "u-00"
"""Nobody in particular: a program that runs without a login."""

_ARCHIVES = frozenset({"salt", "documents"})
"""What the archive puts into a payload."""


def staff(office: Office) -> dict[str, Json]:
    """What the office knows of each staff code; the newest word counts."""
    return dict(_staff_entries(office))


def _staff_entries(office: Office) -> Iterator[tuple[str, Json]]:
    for entry in office.archive.history(OFFICE):
        if entry.event.kind == "staff":
            body = dict(entry.payload or {})
            said = {key: value for key, value in body.items() if key not in _ARCHIVES}
            yield str(entry.event.codes.get("staff", "")), said


def staff_code(office: Office, login: str) -> str:
    """The code of a login; a new login gets the next one."""
    if not login:
        return STRANGER
    known = staff(office)
    for code, body in known.items():
        if body.get("login") == login:
            return code
    numbers = range(1, len(known) + 2)
    code = next(free for n in numbers if (free := f"u-{n:02}") not in known)
    add_staff(office.acting_as(code), code, {"login": login})
    return code


def add_staff(office: Office, code: str, body: Json) -> None:
    """Write who a code is: login, name, title, service, phone. What is not said stays."""
    whole = {**staff(office).get(code, {}), **body}
    office.note(Act("staff", office.actor, codes={"staff": code}, payload=whole))


def staff_names(office: Office, *, names: bool) -> dict[str, str]:
    """Code to the name that people see; just the code when names are not wanted."""
    return {
        code: str(body.get("name") or code) if names else code
        for code, body in staff(office).items()
    }
