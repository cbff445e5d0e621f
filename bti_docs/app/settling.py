"""Everything issued ends in exactly one way: settle without paper, approve, read a consent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bti_docs.app.acts import check_day, known_person, reason, written
from bti_docs.app.consents import check_say, check_term, consent_signers
from bti_docs.app.office import Office
from bti_docs.core.consent import service_key
from bti_docs.core.events import Act, Json
from bti_docs.core.fold_facts import YES
from bti_docs.core.loose import day
from bti_docs.core.model import Case, Consent, Document
from bti_docs.core.references import Reference, show_reference
from bti_docs.errors import InputError

HOW: Final = ("oral", "refused", "partly", "replaced", "cancelled", "other-channel", "not-returned")
_LOG: Final = "stafettlogg"
"""The scope that lets the log be shared."""
_OUTCOMES: Final = {"oral": "given", "refused": "refused", "partly": "partly"}


@dataclass(frozen=True, slots=True)
class Answer:
    """How a document ends without paper, and who says so."""

    how: str
    """One of `HOW`."""
    why: str
    on: date
    by: tuple[str, ...] = ()
    """Codes of those who answered. Without any, the only signer of a consent is meant."""
    services: tuple[str, ...] = ()
    """Of a partial yes: what it is to."""
    without: tuple[str, ...] = ()
    """Of a partial yes: what it is not to."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What an answer came to."""

    case: Case
    over: bool
    """Whether the document has ended; it stays open for signers who have not answered."""
    consent: str = ""
    """given, partly or refused; blank when no consent was noted."""
    missing: tuple[str, ...] = ()
    """Those whose answer the consent still waits for."""


def settle(office: Office, ref: Reference, answer: Answer) -> Settled:
    """End a document that will not come back on paper.

    A consent that was said or refused aloud is noted in the same act, and holds at once. A yes of
    some of its signers leaves it open for the others.

    Raises:
        InputError: no such document, it has ended already, somebody who has no say, a service it
            does not hold, or an empty reason.
    """
    case, document = office.document(ref)
    _still_open(document)
    check_day(office, answer.on)
    for code in answer.by:
        known_person(case, code)
    fact = _spoken_consent(office, case, document, answer)
    over = fact is None or fact["outcome"] == "refused" or _all_heard(case, document, fact)
    facts = _facts(case, document, fact) if fact else []
    case = written(office, case, _act(office, document, answer, facts, over=over))
    return _settled(case, document, fact, over=over)


def _act(
    office: Office, document: Document, answer: Answer, facts: Sequence[Json], *, over: bool
) -> Act:
    said = {"how": answer.how} if over else {"outcome": _OUTCOMES[answer.how]}
    codes: dict[str, Any] = {"on": answer.on.isoformat()} | said
    by = list(facts[0]["by"] if facts else answer.by)
    if by:
        codes["by"] = by if len(by) > 1 else by[0]
    payload: Json = {"why": reason(answer.why)} | ({"facts": list(facts)} if facts else {})
    return Act("settled" if over else "noted", office.actor, document.ref, codes, payload)


def _settled(case: Case, document: Document, fact: Json | None, *, over: bool) -> Settled:
    consent = _consent_of(case, document)
    if fact is None or consent is None:
        return Settled(case, over)
    missing = () if fact["outcome"] == "refused" else tuple(sorted(consent.asked - consent.by))
    return Settled(case, over, fact["outcome"], missing)


def _still_open(document: Document) -> None:
    if document.over:
        raise InputError("already_settled", ref=show_reference(Reference(document.ref)))


def is_consent(document: Document) -> bool:
    """Whether a document asks for consent."""
    return isinstance(document.record.get("samtykke"), Mapping)


def _consent_of(case: Case, document: Document) -> Consent | None:
    """What has been said to the set of sheets that *document* belongs to."""
    return next((c for c in case.consents if c.id == (document.set or document.ref)), None)


def _all_heard(case: Case, document: Document, fact: Json) -> bool:
    known = _consent_of(case, document)
    return set(document.signers) <= {*fact["by"], *(known.by if known else ())}


def _spoken_consent(office: Office, case: Case, document: Document, answer: Answer) -> Json | None:
    """What an oral yes or a refusal of a consent form says.

    None for other documents, and when it is not said whose answer it is, or what it is to: nobody
    is given words they have not said.
    """
    partly = is_consent(document) and answer.how == "partly"
    if not partly and (answer.services or answer.without):
        raise InputError("services_only_partly")
    if not is_consent(document) or answer.how not in _OUTCOMES:
        return None
    values = consent_values(document.record["samtykke"])
    who, services = _who(office, case, document, answer), _part(office, values, answer)
    if not who or not services:
        return None
    said = {"outcome": _OUTCOMES[answer.how], "how": "oral", "by": list(who)}
    return {**values, **said, **_from(values, answer), "services": services,
            "on": answer.on.isoformat()}  # fmt: skip


def _who(office: Office, case: Case, document: Document, answer: Answer) -> tuple[str, ...]:
    who = tuple(dict.fromkeys(answer.by))
    if not who and len(document.signers) == 1:
        who = document.signers
    able = consent_signers(office, case, answer.on, document.signers)
    check_say(case, who, [code for code in document.signers if code in able])
    return who


def _part(office: Office, values: Json, answer: Answer) -> list[str]:
    """The services that are answered; none when a partial yes does not say which.

    Raises:
        InputError: a service that the form does not hold, or none is left.
    """
    if answer.how != "partly":
        return list(values["services"])
    if not (answer.services or answer.without):
        return []
    named = {_service(office, name, values) for name in answer.services} or set(values["services"])
    away = {_service(office, name, values) for name in answer.without}
    left = [service for service in values["services"] if service in named - away]
    if not left:
        raise InputError("consent_has_nothing_left")
    return left


def _from(values: Json, answer: Answer) -> Json:
    """A yes counts from the day it is said, whatever the form has printed.

    Raises:
        InputError: the form's last day is past by then.
    """
    if answer.how == "refused":
        return {}
    start, end = max(day(values["from"]) or answer.on, answer.on), day(values["to"])
    if end:
        check_term(start, end)
    return {"from": start.isoformat()}


def consent_values(asked: Mapping[str, Any]) -> Json:
    """The consent that a form asks for, as a fact."""
    return {
        "fact": "consent",
        "services": list(asked.get("tjenester") or ()),
        "scope": list(asked.get("omfang") or ()),
        "sources": list(asked.get("kilder") or ()),
        "purpose": asked.get("formaal") or "",
        "information": asked.get("opplysninger") or "",
        "exclusions": asked.get("unntak") or "",
        "from": asked.get("fra") or "",
        "to": asked.get("til") or "",
    }


def read_consent(
    office: Office,
    ref: Reference,
    *,
    without: Sequence[str] = (),
    limits: Mapping[str, str] | None = None,
    until: date | None = None,
    why: str = "",
) -> Case:
    """A person has looked at the signed page and says what it gives (users.md rule 1).

    Raises:
        InputError: no such document, not a consent, not come back, a service it does not hold, or
            what it gives was withdrawn after it was made.
    """
    case, document = office.document(ref)
    shown = show_reference(ref)
    asked = document.record.get("samtykke")
    if not isinstance(asked, Mapping):
        raise InputError("not_a_consent", ref=shown)
    if document.returned_on is None:
        raise InputError("consent_not_returned", ref=shown)
    fact = consent_values(asked)
    away = {_service(office, name, fact) for name in without}
    fact["services"] = [service for service in fact["services"] if service not in away]
    withdrawn = _withdrawn_since(case, document) & set(fact["services"])
    if withdrawn:
        raise InputError("withdrawn_since", ref=shown, services=", ".join(sorted(withdrawn)))
    fact["limits"] = {_service(office, n, fact): t for n, t in (limits or {}).items()}
    fact["to"] = until.isoformat() if until else fact["to"]
    fact["by"] = sorted(document.signed_by)
    fact["outcome"] = "partly" if away or fact["limits"] else "given"
    payload: Json = {"facts": _facts(case, document, fact)} | ({"why": why} if why else {})
    codes = {"on": office.today.isoformat()}
    return written(office, case, Act("read", office.actor, document.ref, codes, payload))


def _withdrawn_since(case: Case, document: Document) -> set[str]:
    """Services that were taken back after the form was made: a withdrawal counts at once."""
    said = (
        fact
        for happening in case.happenings
        if happening.n > document.issued_n
        for fact in happening.facts
        if fact.get("fact") == "consent" and fact.get("outcome") == "withdrawn"
    )
    asked = consent_values(document.record.get("samtykke") or {})["services"]
    return {str(service) for fact in said for service in (fact.get("services") or asked)}


def _facts(case: Case, document: Document, consent: Json) -> list[Json]:
    """The consent, and the yes to a shared log when everybody who must say it has."""
    shares = consent["outcome"] in YES and _LOG in consent["scope"]
    known = _consent_of(case, document)
    stands = known is None or (known.outcome in YES and known.withdrawn_on is None)
    heard = {*consent["by"], *(known.by if known else ())}
    if not (shares and stands and _asked(case, document) <= heard):
        return [consent]
    return [consent, {"fact": "log", "log": "shared"}]


def _asked(case: Case, document: Document) -> set[str]:
    """All who must say yes on one of the sheets of the same consent."""
    together = (d for d in case.documents if document.set and d.set == document.set)
    sheets = (document, *(d for d in together if not d.superseded_by))
    return {code for sheet in sheets for code in (*sheet.signers, *sheet.asked)}


def read_paper(office: Office, ref: Reference, *, why: str = "") -> Case:
    """A person has read what was written by hand on a paper that came back.

    Raises:
        InputError: no such document, it needs no reading, is a consent, or has not come back.
    """
    case, document = office.document(ref)
    shown = show_reference(ref)
    if "read" not in document.settles:
        raise InputError("needs_no_reading", ref=shown)
    if is_consent(document):
        raise InputError("consent_is_read_apart", ref=shown)
    if document.returned_on is None:
        raise InputError("paper_not_returned", ref=shown)
    payload = {"why": why} if why else None
    codes = {"on": office.today.isoformat()}
    return written(office, case, Act("read", office.actor, document.ref, codes, payload))


def _service(office: Office, name: str, fact: Json) -> str:
    key = service_key(name, office.profile)
    if key not in fact["services"]:
        known = ", ".join(fact["services"])
        raise InputError("service_not_in_consent", service=name, known=known)
    return key


def approve_document(office: Office, ref: Reference, by: str, why: str = "") -> Case:
    """The one who answers for a document approves it.

    Raises:
        InputError: no such document, or it needs no approval.
    """
    case, document = office.document(ref)
    if "approved" not in document.settles:
        raise InputError("needs_no_approval", ref=show_reference(ref))
    codes = {"on": office.today.isoformat(), "by": by}
    payload = {"why": why} if why else None
    return written(office, case, Act("approved", office.actor, document.ref, codes, payload))
