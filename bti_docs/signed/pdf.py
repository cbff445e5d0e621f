"""The signatures in a PDF: checked with pyHanko, offline, one after the other.

The file covers itself when the last signature in it holds and reaches to the last byte. What came
between an earlier one and that may be further signatures and their data, and nothing else.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    SignatureCoverageLevel,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import (
    CMSAlgorithmProtectionError,
    NoDSSFoundError,
    SignatureValidationError,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

from bti_docs.core.signatures import Answer, Role, Signature
from bti_docs.signed.certificates import certificate
from bti_docs.signed.chains import USAGES, Anchors, doubt_of, issuers

_UNREADABLE: Final = (PdfError, SignatureValidationError, CMSAlgorithmProtectionError)
_MOST: Final = 50
_MOST_ATTACHED: Final = 50
_ATTACHED_BYTES: Final = 16 * 1024 * 1024
_DEEPEST: Final = 10
_STAMP: Final = "/DocTimeStamp"


@dataclass(frozen=True, slots=True)
class _Checked:
    """What pyHanko says of one signature."""

    place: str
    stamp: bool
    """Whether it is a time stamp on the whole file."""
    status: Any
    """Of one of two kinds; None when nothing can be said."""
    revocation: Answer = "unknown"


async def check_pdf(data: bytes, anchors: Anchors) -> tuple[Signature, ...]:
    """The four facts of each signature and time stamp in a PDF, in the order they were made.

    Raises:
        PdfError: it cannot be read by the strict rules that checking demands.
    """
    reader = PdfFileReader(io.BytesIO(data), strict=True)
    found = sorted(reader.embedded_signatures, key=lambda one: int(one.signed_revision))[:_MOST]
    checked = [await _checked(reader, one, anchors) for one in found]
    reaches = bool(checked) and _reaches_the_end(checked[-1].status)
    form = not _only_signature_fields(reader)
    return tuple(_signature(one, reaches=reaches, form=form) for one in checked)


def attachments(data: bytes) -> dict[str, bytes]:
    """The files embedded in a PDF, by name, those within bounds.

    Raises:
        PdfError: it cannot be read.
    """
    found: dict[str, bytes] = {}
    names = _part(PdfFileReader(io.BytesIO(data)).root, "/Names", {})
    for spec in _leaves(_part(names, "/EmbeddedFiles", {}), 0):
        body = _part(_part(spec, "/EF", {}), "/F")
        name = str(_part(spec, "/UF") or _part(spec, "/F") or len(found))
        if body is not None and len(found) < _MOST_ATTACHED:
            found[name] = body.data if len(body.encoded_data) <= _ATTACHED_BYTES else b""
    return {name: body for name, body in found.items() if 0 < len(body) <= _ATTACHED_BYTES}


def _leaves(node: Any, depth: int) -> Iterator[Any]:  # noqa: ANN401  (a PDF object)
    """The values of a name tree."""
    names = _part(node, "/Names", ())
    yield from (names[at] for at in range(1, len(names), 2))
    for kid in _part(node, "/Kids", ()) if depth < _DEEPEST else ():
        yield from _leaves(kid.get_object(), depth + 1)


def _part(node: Any, key: str, otherwise: Any = None) -> Any:  # noqa: ANN401
    """An entry itself, also when the dictionary only points to it."""
    return node[key] if key in node else otherwise  # noqa: SIM401  (`get` does not follow it)


async def _checked(reader: PdfFileReader, one: EmbeddedPdfSignature, anchors: Anchors) -> _Checked:
    """At the time that is proven, where one is."""
    place = f"revision {int(one.signed_revision)}"
    stamp = one.sig_object_type == _STAMP
    try:
        status = await _asked(reader, one, anchors, None, hard=False)
        at, evidence = _when(status)
        if not status.trusted and at and evidence:
            status = await _asked(reader, one, anchors, at, hard=False)
        stands = await _stands(reader, one, anchors, at if evidence else None)
    except _UNREADABLE:
        return _Checked(place, stamp, None)
    return _Checked(place, stamp, status, "yes" if stands else "unknown")


async def _stands(
    reader: PdfFileReader, one: EmbeddedPdfSignature, anchors: Anchors, moment: datetime | None
) -> bool:
    """Whether the answers of issuers that the file holds show that nothing was revoked."""
    if "/DSS" not in reader.root:
        return False
    return bool((await _asked(reader, one, anchors, moment, hard=True)).trusted)


async def _asked(
    reader: PdfFileReader,
    one: EmbeddedPdfSignature,
    anchors: Anchors,
    moment: datetime | None,
    *,
    hard: bool,
) -> Any:  # noqa: ANN401
    settings = anchors.settings(moment=moment, hard=hard)
    try:
        context = DocumentSecurityStore.read_dss(reader).as_validation_context(settings)
    except NoDSSFoundError:
        context = ValidationContext(**settings)
    if one.sig_object_type == _STAMP:
        return await async_validate_pdf_timestamp(one, context)
    stamps = ValidationContext(**anchors.settings(moment=moment))
    return await async_validate_pdf_signature(one, context, stamps, key_usage_settings=USAGES)


def _reaches_the_end(status: Any) -> bool:  # noqa: ANN401
    if status is None or not (status.intact and status.valid):
        return False
    return bool(status.coverage == SignatureCoverageLevel.ENTIRE_FILE)


def _signature(one: _Checked, *, reaches: bool, form: bool) -> Signature:
    status = one.status
    if status is None:
        return Signature("stamp" if one.stamp else "seal", place=one.place)
    who = certificate(status.signing_cert)
    at, evidence = _when(status)
    unchanged = _unchanged(status, form=form)
    leads = status.validation_path is not None and status.trust_problem_indic is None
    role: Role = "stamp" if one.stamp else "person" if who.holder == "person" else "seal"
    return Signature(
        role,
        intact="yes" if unchanged else "no",
        whole=_whole(status, reaches=reaches, unchanged=unchanged),
        trusted="yes" if leads else "no",
        doubt="" if leads else doubt_of(status.trust_problem_indic),
        revocation=one.revocation,
        who=who,
        chain=issuers(status.validation_path),
        at=at,
        stamped=evidence,
        place=one.place,
    )


def _unchanged(status: Any, *, form: bool) -> bool:  # noqa: ANN401
    """Whether nothing but further signatures and their data came after it."""
    level = status.modification_level
    allowed = {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES}
    if not form:  # then the only fields are those of signatures
        allowed.add(ModificationLevel.FORM_FILLING)
    broken = not (status.intact and status.valid)
    return not broken and level in allowed and getattr(status, "docmdp_ok", True) is not False


def _whole(status: Any, *, reaches: bool, unchanged: bool) -> Answer:  # noqa: ANN401
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return "yes"
    earlier = status.coverage == SignatureCoverageLevel.ENTIRE_REVISION
    return "yes" if earlier and reaches and unchanged else "no"


def _when(status: Any) -> tuple[datetime | None, bool]:  # noqa: ANN401
    """Its time, and whether a trusted time stamp says so."""
    stamp = getattr(status, "timestamp_validity", None)
    if stamp is None and hasattr(status, "timestamp"):
        stamp = status
    if stamp is not None and stamp.valid and stamp.intact and stamp.trusted:
        return stamp.timestamp.astimezone(UTC), True
    claimed = getattr(status, "signer_reported_dt", None) or getattr(status, "timestamp", None)
    return (claimed.astimezone(UTC) if claimed else None), False


def _only_signature_fields(reader: PdfFileReader) -> bool:
    form = _part(reader.root, "/AcroForm", {})
    kinds = [_part(field.get_object(), "/FT") for field in _part(form, "/Fields", ())]
    return set(kinds) <= {"/Sig"} and "/XFA" not in form
