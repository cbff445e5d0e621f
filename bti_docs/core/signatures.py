"""What digital signatures show: four facts, told apart and never added up to one verdict.

Intact, the whole document, who, when. Only a time stamp is evidence of a time; the time a signer's
own machine wrote is a claim. A name comes from a certificate, and says who it was issued to.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from bti_docs.core.filing import Reason

Answer = Literal["yes", "no", "unknown"]
Holder = Literal["person", "organisation", "unknown"]
Role = Literal["seal", "person", "attached", "stamp", "word"]
"""A service's seal, a person's own certificate, a signature in an attachment or container, a time
stamp on the whole document, and what lies in a Word file."""
Doubt = Literal["", "issuer", "expired", "revoked", "other"]
Trouble = Literal["", "unreadable", "too_large", "too_slow"]


@dataclass(frozen=True, slots=True)
class Certificate:
    """Whose certificate, without the number that identifies a person to the state."""

    name: str
    organisation: str
    holder: Holder
    issuer: str
    valid_from: datetime
    valid_to: datetime
    sha256: str
    pem: str = ""
    """The certificate itself, but not a person's: that lies in the signed file as it came."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature and its four facts."""

    role: Role
    intact: Answer = "unknown"
    whole: Answer = "unknown"
    """Whether it covers all of the document; in an attachment, the document we know of."""
    trusted: Answer = "unknown"
    """Whether the issuer is on the office's list and the certificate was good."""
    doubt: Doubt = ""
    """Why it is not trusted."""
    revocation: Answer = "unknown"
    """Whether it was checked, with what the file itself holds, that the certificate stands."""
    who: Certificate | None = None
    chain: tuple[Certificate, ...] = ()
    """The issuers' certificates up to the one on the list."""
    at: datetime | None = None
    stamped: bool = False
    """Whether `at` is a trusted time stamp's; otherwise it is the signer's claim."""
    place: str = ""
    """Where in the file it lies."""


@dataclass(frozen=True, slots=True)
class SignedFile:
    """Everything that was found out about the signatures of one file, at one moment."""

    sha256: str
    checked_at: datetime
    list_day: date | None = None
    """The day of the list of issuers; None: there is none, or it has no date."""
    list_size: int = 0
    signatures: tuple[Signature, ...] = ()
    trouble: Trouble = ""
    """Why nothing could be found out."""
    format: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence by its code, with what it needs."""

    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DigitalEvidence:
    """What a signed file says about a document's signers."""

    signers: frozenset[str]
    reasons: tuple[Reason, ...]
    """Why a person must look; none: its signatures hold, and cover our document."""


_SPOKEN_FOR: Final = frozenset({"seal", "person"})


def digital_evidence(
    signed: SignedFile, asked: Mapping[str, str], *, our_content: bool
) -> DigitalEvidence:
    """Whose signatures a PDF or container shows.

    Args:
        signed: what was found out about it.
        asked: those who are asked to sign, full name by code.
        our_content: whether its pages are known to be those we issued. A signature that lies in an
            attachment and names our document by its hash needs no such look.
    """
    reasons = dict.fromkeys(_doubts(signed))
    named = [one for one in signed.signatures if one.who and one.who.holder == "person"]
    if any(one.role == "person" for one in named) and not our_content:
        reasons["signed_other_content"] = None
    seen: set[str] = set()
    for one in named:
        codes = [code for code, name in asked.items() if one.who and same_name(one.who.name, name)]
        if len(codes) == 1:
            seen |= set(codes)
        else:
            reasons["signed_other_name"] = None
    return DigitalEvidence(frozenset(seen), tuple(Reason(code) for code in reasons))


def _doubts(signed: SignedFile) -> Iterator[str]:
    """Codes of all that keeps a file from being taken at its word."""
    if signed.trouble or not signed.signatures:
        yield "digital_signature_unchecked"
    for one in signed.signatures:
        if one.intact == "no":
            yield "signed_changed"
        if one.whole == "no":
            yield "signed_not_whole"
        if one.whole == "unknown" and one.role == "attached":
            yield "signed_other_content"
        if one.intact == "unknown" or (one.whole == "unknown" and one.role in _SPOKEN_FOR):
            yield "digital_signature_unchecked"
        if one.trusted != "yes" and one.intact != "no" and one.role != "stamp":
            yield "signed_issuer_unknown"


def same_name(one: str, other: str) -> bool:
    """Whether two full names have the same parts, in any order and in any case."""
    parts = _parts(one)
    return bool(parts) and parts == _parts(other)


def _parts(name: str) -> Counter[str]:
    return Counter(unicodedata.normalize("NFC", name).casefold().replace(",", " ").split())


def signature_lines(one: Signature) -> tuple[tuple[Line, ...], ...]:
    """The four facts of one signature, each of a sentence or more: intact, whole, who, when."""
    return (Line(_intact_code(one), {}),), (Line(_whole_code(one), {}),), _who(one), (_when(one),)


def _intact_code(one: Signature) -> str:
    if one.intact == "unknown":
        return "signed_intact_unknown"
    if one.intact == "yes" and one.whole == "no" and one.role != "attached":
        return "signed_intact_part"
    return f"signed_intact_{one.intact}_{_KIND[one.role]}"


_KIND: Final[Mapping[Role, str]] = {
    "seal": "seal",
    "person": "person",
    "word": "person",
    "attached": "attached",
    "stamp": "seal",
}


def _whole_code(one: Signature) -> str:
    if one.whole == "no" and one.role == "attached":
        return "signed_whole_other"
    return f"signed_whole_{one.whole}"


def _who(one: Signature) -> tuple[Line, ...]:
    if one.who is None:
        return (Line("signed_who_nobody", {}),)
    holder = "stamp" if one.role == "stamp" else one.who.holder
    own = Line(f"signed_who_{holder}", {"name": one.who.name})
    if one.trusted != "yes":
        params = {"issuer": one.who.issuer, "day": one.who.valid_to}
        return own, Line(f"signed_trust_{one.doubt or 'other'}", params)
    leads = Line("signed_trust_yes", {"issuer": one.who.issuer})
    unsure = (Line("signed_revocation_unknown", {}),) if one.revocation != "yes" else ()
    return own, leads, *unsure


def _when(one: Signature) -> Line:
    if one.at is None:
        return Line("signed_when_none", {})
    return Line("signed_when_stamp" if one.stamped else "signed_when_claim", {"at": one.at})


def list_line(signed: SignedFile) -> Line:
    """How old the list of issuers was when the file was checked."""
    if not signed.list_size:
        return Line("signed_list_none", {})
    if signed.list_day is None:
        return Line("signed_list_undated", {})
    age = max(0, (signed.checked_at.date() - signed.list_day).days)
    return Line("signed_list_age", {"day": signed.list_day, "age": age})
