"""Open a case, change what is known of it, and the acts that end or pass it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bti_docs.app.office import Office
from bti_docs.app.relay import refresh_logs
from bti_docs.core.events import EMPTY, Act, ChainId, Json
from bti_docs.core.loose import texts
from bti_docs.core.model import Case, Document
from bti_docs.core.person_codes import person_codes
from bti_docs.core.records import CaseRecord, Person
from bti_docs.core.references import Reference
from bti_docs.errors import InputError


def open_case(office: Office, record: CaseRecord, key: str) -> Case:
    """Make a new case by the next free number of the year.

    A number whose folder was made by somebody who was stopped before the first event is left as an
    empty folder; the next number is used.
    """
    chain = office.archive.new_case(office.today.year)
    codes: dict[str, Any] = {"kind": "sak", "language": record.language, "on": _iso(office.today)}
    if record.level:
        codes["level"] = record.level
    act = Act("opened", office.actor, codes=codes, payload=_people_payload(record, {}, key))
    return office.write(Case(chain, EMPTY), act)


def ensure_series(office: Office, chain: ChainId) -> Case:
    """The series with this name, opened when it is new. A series has no person."""
    office.archive.ensure_series(chain)
    if office.archive.exists(chain):
        return office.case(chain)
    codes = {"kind": "serie", "language": office.profile.language, "on": _iso(office.today)}
    return office.write(Case(chain, EMPTY), Act("opened", office.actor, codes=codes))


def change_case(office: Office, case: Case, record: CaseRecord) -> Case:
    """Write what is now known of the people and the case.

    A level that stands in the record as it did moves nothing: the log may have come further.
    """
    payload = _people_payload(record, case.people, "")
    codes: dict[str, Any] = {"language": record.language, "on": _iso(office.today)}
    if record.level and (case.record is None or record.level != case.record.level):
        codes["level"] = record.level
    return office.write(case, Act("changed", office.actor, codes=codes, payload=payload))


def _people_payload(record: CaseRecord, known: Mapping[str, Json], key: str) -> Json:
    body: Json = {"people": person_codes(record, known), "record": record.norwegian()}
    return body | ({"key": key} if key else {})


def set_level(office: Office, case: Case, level: str, why: str) -> Case:
    """Move the case to another level of the guide.

    Raises:
        InputError: the profile has no such level.
    """
    found = office.profile.level(level)
    if found is None:
        known = ", ".join(choice.key for choice in office.profile.levels)
        raise InputError("unknown_level", level=level, known=known)
    fact = {"fact": "level", "level": found.key, "on": _iso(office.today)}
    return _noted(office, case, (fact,), why, {"level": found.key})


def offer_baton(office: Office, case: Case, holder: Person, why: str) -> Case:
    """Offer the relay baton; it stays where it is until the new holder has taken it."""
    return _noted(office, case, (_baton_fact(office, holder, accepted=False, why=why),), why)


def accept_baton(office: Office, case: Case, why: str = "") -> Case:
    """The one it was offered to takes the baton.

    Raises:
        InputError: nobody has been offered it.
    """
    if case.offered is None:
        raise InputError("no_baton_offered", case=case.chain)
    fact = _baton_fact(office, case.offered.holder, accepted=True, why=why)
    return _noted(office, case, (fact,), why)


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
    return _noted(office, case, ({"fact": "log", "log": log},), why)


def set_audience(office: Office, case: Case, decision: Json, why: str) -> Case:
    """A recorded decision about who may have a document: ref, audience, person, told."""
    document = case.document(str(decision["ref"]))
    if document is None:
        raise InputError("unknown_reference", ref=str(decision["ref"]))
    if decision.get("person"):
        _known_person(case, str(decision["person"]))
    return _noted(office, case, ({"fact": "audience", **decision},), why, ref=document.ref)


def allow_printing(office: Office, case: Case, parts: Sequence[str], by: str, why: str) -> Case:
    """A named leader says yes to print what could give a protected address away."""
    fact = {"fact": "disclosure", "allow": list(parts), "by": by}
    return _noted(office, case, (fact,), why)


def set_copy_right(office: Office, case: Case, person: str, *, may: bool, why: str) -> Case:
    """A recorded decision on whether one person may have a copy of the case.

    Raises:
        InputError: the case has no person with that code.
    """
    _known_person(case, person)
    fact = {"fact": "audience", "person": person, "audience": "family" if may else "nobody"}
    return _noted(office, case, (fact,), why, {"audience": "nobody"})


def note_journal(office: Office, ref: Reference, number: str) -> Case:
    """Write the number that the municipality's own archive gave a document."""
    case, document = office.document(ref)
    fact = {"fact": "journal", "ref": document.ref, "number": number}
    return _noted(office, case, (fact,), "", {"audience": "nobody"}, ref=document.ref)


def note_consent(
    office: Office, case: Case, fact: Json, *, by: Sequence[str], on: date, why: str
) -> Case:
    """Oral consent, refusal or withdrawal: one act, which holds at once and needs no signature.

    Raises:
        InputError: a person's code is not one of the case's, or a service that is withdrawn is in
            no consent.
    """
    for code in by:
        _known_person(case, code)
    if fact["outcome"] == "withdrawn":
        _consented_to(case, texts(fact.get("services")))
    body = {"fact": "consent", "how": "oral", "by": list(by), "on": _iso(on), **fact}
    return _noted(office, case, (body,), why, {"outcome": str(fact["outcome"]), "by": list(by)})


def _known_person(case: Case, code: str) -> None:
    if code not in case.people:
        raise InputError("unknown_person", person=code, case=case.chain)


def _consented_to(case: Case, services: Sequence[str]) -> None:
    """Whether all that is withdrawn has been said yes to."""
    stands = (c for c in case.consents if c.withdrawn_on is None)
    known = {key for c in stands if c.outcome in {"given", "partly"} for key in c.services}
    strange = next((service for service in services if service not in known), None)
    if strange is not None:
        raise InputError("service_not_in_consent", service=strange, known=", ".join(sorted(known)))


def _noted(
    office: Office,
    case: Case,
    facts: Sequence[Json],
    why: str,
    codes: Mapping[str, Any] | None = None,
    *,
    ref: str | None = None,
) -> Case:
    payload: Json = {"facts": list(facts)} | ({"why": why} if why else {})
    act = Act("noted", office.actor, ref, {"on": _iso(office.today), **(codes or {})}, payload)
    return _written(office, case, act)


def _written(office: Office, case: Case, act: Act) -> Case:
    """Write an act that a person did by itself, and the page of the log anew."""
    case = office.write(case, act)
    refresh_logs(office, [case.chain])
    return case


def close_case(office: Office, case: Case, reason: str, settle_why: str | None) -> Case:
    """Close the case. What is outstanding is settled with a reason, one by one, never refused.

    Raises:
        InputError: something is outstanding and *settle_why* does not say why it ends so.
    """
    left = waiting(case)
    if left and settle_why is None:
        raise InputError("case_has_outstanding", case=case.chain, count=len(left))
    for document in left:
        codes = {"how": "cancelled", "on": _iso(office.today)}
        act = Act("settled", office.actor, document.ref, codes, {"why": settle_why})
        case = office.write(case, act)
    codes = {"on": _iso(office.today)}
    act = Act("closed", office.actor, codes=codes, payload={"why": reason})
    return _written(office, case, act)


def reopen_case(office: Office, case: Case, why: str) -> Case:
    """Work goes on after all."""
    codes = {"on": _iso(office.today)}
    return _written(office, case, Act("reopened", office.actor, codes=codes, payload={"why": why}))


def waiting(case: Case) -> tuple[Document, ...]:
    """The documents of a case that have not ended."""
    return tuple(document for document in case.documents if not document.over)


def _iso(day: date) -> str:
    return day.isoformat()
