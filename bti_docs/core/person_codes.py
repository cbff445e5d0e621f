"""People's codes in a case: given once, never reused, and used wherever a name may not stand."""

from __future__ import annotations

from collections.abc import Mapping

from bti_docs.core.events import Json
from bti_docs.core.model import Case
from bti_docs.core.records import CaseRecord

_GUARDIAN, _PARTICIPANT = "f", "d"


def person_codes(record: CaseRecord, known: Mapping[str, Json]) -> dict[str, Json]:
    """Codes for the people of *record*: known ones keep theirs, new ones get the next number.

    A code is given once and never reused; people are recognised by name.
    """
    people: dict[str, Json] = {"barn": record.child.norwegian()}
    for letter, group in ((_GUARDIAN, record.guardians), (_PARTICIPANT, record.participants)):
        mine = [code for code in known if code[0] == letter and code[1:].isdigit()]
        number = max((int(code[1:]) for code in mine), default=0)
        for person in group:
            body = person.norwegian()
            code = next((c for c in mine if known[c].get("navn") == body["navn"]), None)
            if code is None:
                number += 1
                code = f"{letter}{number}"
            else:
                mine.remove(code)  # two people may have one name
            people[code] = body
    return people


def current_people(case: Case) -> Mapping[str, Json]:
    """The people whom the case's record names now; those who left keep their codes in the log."""
    return person_codes(case.record, case.people) if case.record else case.people
