"""Open a case, change what is known of it, and the acts that end or pass it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bti_docs.app.acts import known_person, noted, open_case_only, reason, written
from bti_docs.app.office import Office
from bti_docs.core.events import EMPTY, Act, ChainId, Json
from bti_docs.core.manifest import same_text
from bti_docs.core.model import Case, Document
from bti_docs.core.person_codes import person_codes
from bti_docs.core.records import CaseRecord, Person
from bti_docs.core.references import Reference
from bti_docs.errors import InputError


def open_act(office: Office, record: CaseRecord, key: str) -> Act:
    """The first event of a case."""
    codes: dict[str, Any] = {"kind": "sak", "language": record.language, "on": _iso(office.today)}
    if record.level:
        codes["level"] = record.level
    return Act("opened", office.actor, codes=codes, payload=_people_payload(record, {}, key))


def ensure_series(office: Office, chain: ChainId) -> Case:
    """The series with this name, opened when it is new. A series has no person."""
    office.archive.ensure_series(chain)
    if office.archive.exists(chain):
        return office.case(chain)
    codes = {"kind": "serie", "language": office.profile.language, "on": _iso(office.today)}
    return office.write(Case(chain, EMPTY), Act("opened", office.actor, codes=codes))


def change_act(office: Office, case: Case, record: CaseRecord) -> Act:
    """The event of what is now known of the people and the case.

    A level that stands in the record as it did moves nothing: the log may have come further.
    """
    payload = _people_payload(record, case.people, "")
    codes: dict[str, Any] = {"language": record.language, "on": _iso(office.today)}
    if record.level and (case.record is None or record.level != case.record.level):
        codes["level"] = record.level
    return Act("changed", office.actor, codes=codes, payload=payload)


def _people_payload(record: CaseRecord, known: Mapping[str, Json], key: str) -> Json:
    body: Json = {"people": person_codes(record, known), "record": record.norwegian()}
    return body | ({"key": key} if key else {})


def set_level(office: Office, case: Case, level: str, why: str) -> Case:
    """Move the case to another level of the guide.

    Raises:
        InputError: the profile has no such level, or the case is closed.
    """
    open_case_only(case)
    found = office.profile.level(level)
    if found is None:
        known = ", ".join(choice.key for choice in office.profile.levels)
        raise InputError("unknown_level", level=level, known=known)
    fact = {"fact": "level", "level": found.key, "on": _iso(office.today)}
    return noted(office, case, (fact,), reason(why), {"level": found.key})


def hand_over(office: Office, case: Case, holder: Person | None, *, accept: bool, why: str) -> Case:
    """Offer the baton to *holder*, or take it for whom it is offered to, or both in one.

    Nobody takes a baton that is offered to somebody else: that offer is taken, or another is made
    in its place by itself.

    Raises:
        InputError: no baton is offered, it is offered to another, the holder has it already, or
            the case is closed.
    """
    if holder is None:
        return accept_baton(office, case, why) if accept else case
    standing = case.offered.holder if case.offered else None
    if standing is not None and same_text(standing.name, holder.name):
        said = {key: value for key, value in holder.model_dump().items() if value}
        holder = standing.model_copy(update=said | {"name": standing.name})
    elif standing is not None and accept:
        raise InputError("baton_offered_to_another", case=case.chain)
    if not (accept and holder == standing):
        case = offer_baton(office, case, holder, why)
    return accept_baton(office, case, why) if accept else case


def offer_baton(office: Office, case: Case, holder: Person, why: str) -> Case:
    """Offer the relay baton; it stays where it is until the new holder has taken it.

    Raises:
        InputError: *holder* has it already, or the case is closed.
    """
    open_case_only(case)
    if case.baton is not None and same_text(case.baton.holder.name, holder.name):
        raise InputError("baton_is_there", case=case.chain)
    fact = _baton_fact(office, holder, accepted=False, why=why)
    return noted(office, case, (fact,), reason(why))


def accept_baton(office: Office, case: Case, why: str = "") -> Case:
    """The one it was offered to takes the baton.

    Raises:
        InputError: nobody has been offered it, or the case is closed.
    """
    open_case_only(case)
    if case.offered is None:
        raise InputError("no_baton_offered", case=case.chain)
    fact = _baton_fact(office, case.offered.holder, accepted=True, why=why)
    return noted(office, case, (fact,), why)


def _baton_fact(office: Office, holder: Person, *, accepted: bool, why: str) -> Json:
    return {
        "fact": "baton",
        "holder": holder.model_dump(mode="json"),
        "on": _iso(office.today),
        "accepted": accepted,
        "reason": why,
    }


def set_log(office: Office, case: Case, log: str, why: str) -> Case:
    """Whether the family has said yes to a log that is shared (`shared`) or not (`own`)."""
    return noted(office, case, ({"fact": "log", "log": log},), reason(why))


def set_audience(office: Office, case: Case, decision: Json, why: str) -> Case:
    """A recorded decision about who may have a document: ref, audience, person, told."""
    document = case.document(str(decision["ref"]))
    if document is None:
        raise InputError("unknown_reference", ref=str(decision["ref"]))
    if decision.get("person"):
        known_person(case, str(decision["person"]))
    fact = {"fact": "audience", **decision}
    return noted(office, case, (fact,), reason(why), ref=document.ref)


def allow_printing(office: Office, case: Case, parts: Sequence[str], by: str, why: str) -> Case:
    """A named leader says yes to print what could give a protected address away."""
    fact = {"fact": "disclosure", "allow": list(parts), "by": by}
    return noted(office, case, (fact,), reason(why))


def set_copy_right(office: Office, case: Case, person: str, *, may: bool, why: str) -> Case:
    """A recorded decision on whether one person may have a copy of the case.

    Raises:
        InputError: the case has no person with that code.
    """
    known_person(case, person)
    fact = {"fact": "audience", "person": person, "audience": "family" if may else "nobody"}
    return noted(office, case, (fact,), reason(why), {"audience": "nobody"})


def note_journal(office: Office, ref: Reference, number: str) -> Case:
    """Write the number that the municipality's own archive gave a document."""
    case, document = office.document(ref)
    fact = {"fact": "journal", "ref": document.ref, "number": number}
    return noted(office, case, (fact,), "", {"audience": "nobody"}, ref=document.ref)


def close_case(office: Office, case: Case, why: str, settle_why: str | None) -> Case:
    """Close the case. What is outstanding is settled with a reason, one by one, never refused.

    Raises:
        InputError: it is closed already, or something is outstanding and *settle_why* does not say
            why it ends so.
    """
    if not case.open:
        raise InputError("case_closed_before", case=case.chain)
    left = waiting(case)
    if left and settle_why is None:
        raise InputError("case_has_outstanding", case=case.chain, count=len(left))
    payload = {"why": reason(why)}
    for document in left:
        codes = {"how": "cancelled", "on": _iso(office.today)}
        ends = {"why": reason(settle_why or "")}
        case = office.write(case, Act("settled", office.actor, document.ref, codes, ends))
    act = Act("closed", office.actor, codes={"on": _iso(office.today)}, payload=payload)
    return written(office, case, act)


def reopen_case(office: Office, case: Case, why: str) -> Case:
    """Work goes on after all.

    Raises:
        InputError: the case is open.
    """
    if case.open:
        raise InputError("case_is_open", case=case.chain)
    codes, payload = {"on": _iso(office.today)}, {"why": reason(why)}
    return written(office, case, Act("reopened", office.actor, codes=codes, payload=payload))


def waiting(case: Case) -> tuple[Document, ...]:
    """The documents of a case that have not ended."""
    return tuple(document for document in case.documents if not document.over)


def _iso(day: date) -> str:
    return day.isoformat()
