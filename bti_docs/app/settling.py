"""Everything issued ends in exactly one way: settle without paper, approve, read a consent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from bti_docs.app.office import Office
from bti_docs.app.relay import refresh_logs
from bti_docs.core.consent import service_key
from bti_docs.core.events import Act, Json
from bti_docs.core.model import Case, Document
from bti_docs.core.references import Reference, show_reference
from bti_docs.errors import InputError

HOW: Final = ("oral", "refused", "partly", "replaced", "cancelled", "other-channel", "not-returned")


def settle(office: Office, ref: Reference, *, how: str, why: str, by: str | None, on: date) -> Case:
    """End a document that will not come back on paper.

    A consent that was said or refused aloud is noted in the same act, and holds at once.

    Raises:
        InputError: no such document, it has ended already, or no such person.
    """
    case, document = office.document(ref)
    _still_open(document)
    if by is not None and by not in case.people:
        raise InputError("unknown_person", person=by, case=case.chain)
    codes: dict[str, Any] = {"how": how, "on": on.isoformat()} | ({"by": by} if by else {})
    payload: Json = {"why": why}
    fact = _spoken_consent(document, how, by, on)
    if fact:
        payload["facts"] = [fact]
    case = office.write(case, Act("settled", office.actor, document.ref, codes, payload))
    refresh_logs(office, [case.chain])
    return case


def _still_open(document: Document) -> None:
    if document.over:
        raise InputError("already_settled", ref=show_reference(Reference(document.ref)))


def _spoken_consent(document: Document, how: str, by: str | None, on: date) -> Json | None:
    """What an oral yes or a refusal of a consent form says; None for other documents."""
    asked = document.record.get("samtykke")
    if how not in {"oral", "refused", "partly"} or not isinstance(asked, Mapping):
        return None
    signers = [by] if by else list(document.signers)
    outcome = {"oral": "given", "refused": "refused", "partly": "partly"}[how]
    return {**consent_values(asked), "outcome": outcome, "how": "oral", "by": signers,
            "on": on.isoformat()}  # fmt: skip


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
        InputError: no such document, not a consent, not come back, or a service it does not hold.
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
    fact["limits"] = {_service(office, n, fact): t for n, t in (limits or {}).items()}
    fact["to"] = until.isoformat() if until else fact["to"]
    fact["by"] = sorted(document.signed_by)
    fact["outcome"] = "partly" if away or fact["limits"] else "given"
    facts = [fact]
    if "stafettlogg" in fact["scope"] and _others_have_answered(case, document):
        facts.append({"fact": "log", "log": "shared"})
    payload: Json = {"facts": facts} | ({"why": why} if why else {})
    codes = {"on": office.today.isoformat()}
    case = office.write(case, Act("read", office.actor, document.ref, codes, payload))
    refresh_logs(office, [case.chain])
    return case


def _others_have_answered(case: Case, document: Document) -> bool:
    """Whether every other sheet of the same consent is in and read."""
    sheets = (d for d in case.documents if d.set == document.set and not d.superseded_by)
    return all("read" in d.done for d in sheets if d.ref != document.ref)


def read_paper(office: Office, ref: Reference, *, why: str = "") -> Case:
    """A person has read what was written by hand on a paper that came back.

    Raises:
        InputError: no such document, it needs no reading, is a consent, or has not come back.
    """
    case, document = office.document(ref)
    shown = show_reference(ref)
    if "read" not in document.settles:
        raise InputError("needs_no_reading", ref=shown)
    if isinstance(document.record.get("samtykke"), Mapping):
        raise InputError("consent_is_read_apart", ref=shown)
    if document.returned_on is None:
        raise InputError("paper_not_returned", ref=shown)
    payload = {"why": why} if why else None
    codes = {"on": office.today.isoformat()}
    case = office.write(case, Act("read", office.actor, document.ref, codes, payload))
    refresh_logs(office, [case.chain])
    return case


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
    case = office.write(case, Act("approved", office.actor, document.ref, codes, payload))
    refresh_logs(office, [case.chain])
    return case
