"""A person's decisions on protection: set or lift a protected address, and «now they are told»."""

from __future__ import annotations

from bti_docs.app.office import Office
from bti_docs.app.relay import refresh_logs
from bti_docs.core.events import Act, Json
from bti_docs.core.model import Case
from bti_docs.core.person_codes import current_people, person_codes
from bti_docs.core.protection import CHILD, guardian_codes, with_protection
from bti_docs.core.records import CaseRecord, Protection
from bti_docs.errors import InputError


def set_protection(
    office: Office, case: Case, person: str, level: Protection, *, by: str, why: str
) -> Case:
    """Set or lift one person's protection; what tells where they are goes out of the record.

    Args:
        office: where.
        case: whose.
        person: `barn`, or a guardian's code.
        level: the protection from now on; `ingen` lifts it.
        by: the staff code of who has decided.
        why: the reason.

    Raises:
        InputError: the case has no such person, or its people were removed.
    """
    record = _record(case)
    codes = guardian_codes(current_people(case))
    if person != CHILD and person not in codes:
        raise InputError("unknown_person", person=person, case=case.chain)
    who = None if person == CHILD else codes.index(person)
    return _changed(office, case, with_protection(record, who, level), by=by, why=why)


def note_informed(office: Office, case: Case, *, by: str, why: str) -> Case:
    """Write that the guardians have been told: letters may go to them from now on.

    Raises:
        InputError: the people of the case were removed.
    """
    record = _record(case).model_copy(update={"guardians_not_informed": False})
    return _changed(office, case, record, by=by, why=why)


def _record(case: Case) -> CaseRecord:
    if case.record is None:
        raise InputError("unknown_person", person=CHILD, case=case.chain)
    return case.record


def _changed(office: Office, case: Case, record: CaseRecord, *, by: str, why: str) -> Case:
    codes = {"language": case.language, "on": office.today.isoformat(), "by": by}
    payload: Json = {
        "people": person_codes(record, case.people),
        "record": record.norwegian(),
        "why": why,
    }
    case = office.write(case, Act("changed", office.actor, codes=codes, payload=payload))
    refresh_logs(office, [case.chain])
    return case
