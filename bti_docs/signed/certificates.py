"""A certificate as people may see it: a name, an issuer, two dates. Never a national number."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from asn1crypto import pem, x509

from bti_docs.core.signatures import Certificate, Holder

_LONG_NUMBER: Final = re.compile(r"\d(?:[ .-]?\d){10,}")
_HIDDEN: Final = "•••"
_FOR_SIGNATURES: Final = bytes.fromhex("060704008e46010601")
_FOR_SEALS: Final = bytes.fromhex("060704008e46010602")
"""The types of a qualified certificate in ETSI EN 319 412-5, as DER: for a person, for a body."""
_QC_STATEMENTS: Final = "1.3.6.1.5.5.7.1.3"
_MOST: Final = 200


def masked(text: str) -> str:
    """*text* without control characters, cut to length, its numbers of 11 digits or more hidden.

    An organisation's nine digits stay: they are public.
    """
    shown = "".join(c for c in text if c.isprintable())[:_MOST]
    return _LONG_NUMBER.sub(_HIDDEN, shown).strip()


def certificate(found: x509.Certificate) -> Certificate:
    """What is kept of a certificate. A person's own is not repeated: it is in the signed file.

    Raises:
        ValueError: it is not built as a certificate is.
    """
    subject = found.subject.native
    holder = _holder(found)
    name = _person(subject) if holder == "person" else _first(subject, "organization_name")
    return Certificate(
        name=masked(name or _first(subject, "common_name")),
        organisation=masked(_first(subject, "organization_name")),
        holder=holder,
        issuer=masked(_issuer(found.issuer.native)),
        valid_from=_utc(found.not_valid_before),
        valid_to=_utc(found.not_valid_after),
        sha256=found.sha256.hex(),
        pem=pem.armor("CERTIFICATE", found.dump()).decode() if holder == "organisation" else "",
    )


def _holder(found: x509.Certificate) -> Holder:
    """A person's or a body's, by what the certificate is for, then by how its name is built."""
    statements = b"".join(
        extension["extn_value"].native
        if isinstance(extension["extn_value"].native, bytes)
        else extension["extn_value"].contents
        for extension in found["tbs_certificate"]["extensions"]
        if extension["extn_id"].dotted == _QC_STATEMENTS
    )
    subject = found.subject.native
    if _FOR_SEALS in statements or "organization_identifier" in subject:
        return "organisation"
    if _FOR_SIGNATURES in statements or {"given_name", "surname"} <= subject.keys():
        return "person"
    if found.ca or ("organization_name" in subject and "serial_number" not in subject):
        return "organisation"
    return "unknown"


def _person(subject: dict[str, object]) -> str:
    parts = [_first(subject, part) for part in ("given_name", "surname")]
    return " ".join(parts) if all(parts) else _first(subject, "common_name")


def _issuer(issuer: dict[str, object]) -> str:
    return _first(issuer, "common_name") or _first(issuer, "organization_name")


def _first(name: dict[str, object], part: str) -> str:
    value = name.get(part, "")
    return str(value[0]) if isinstance(value, list) and value else str(value or "")


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
