"""Only look: what a scan or Word file shows, without changing anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.app.taking.looking import Source
from bti_docs.app.taking.results import shown_name
from bti_docs.app.taking.signed import look_at_signatures
from bti_docs.core.model import Document
from bti_docs.core.references import PageCode
from bti_docs.core.signatures import SignedFile
from bti_docs.errors import InputError
from bti_docs.inbox import PageReading, Reading, align, measure_ink, page_image, read_file
from bti_docs.merge import read_properties

_SEEN: Final = {"seen": True, "not_seen": False, "look": None}


@dataclass(frozen=True, slots=True)
class SignatureRead:
    """The ink in one signature box."""

    field: str
    """Whose box: a person's code in the case."""
    seen: bool | None
    """None: a person must look."""
    score: float
    """Ink in square millimetres."""


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page with what it shows."""

    reading: PageReading
    signatures: tuple[SignatureRead, ...]


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file."""

    file: str
    reading: Reading
    pages: tuple[PageRead, ...]
    ref: str | None = None
    """A Word file's own reference."""
    signed: SignedFile | None = None
    """What was found out about its digital signatures, when it has any."""


def look_at(office: Office, path: Path) -> FileRead:
    """Read one file: codes, rotation, pages, signatures. Nothing is written.

    Raises:
        InputError: there is no such file.
    """
    data = files.read(path) if path.is_file() else None
    if data is None:
        raise InputError("input_missing", file=shown_name(path.name))
    name = shown_name(path.name)
    reading = read_file(data, name)
    signed = look_at_signatures(office, Source(name, data, reading))
    if reading.kind == "docx" and not reading.problems:
        ref = read_properties(data).get("BTI-ref") or None
        return FileRead(name, reading, (), ref, signed)
    pages = tuple(
        PageRead(page, tuple(_signatures(office, data, name, page))) for page in reading.pages
    )
    return FileRead(name, reading, pages, signed=signed)


def _signatures(
    office: Office, data: bytes, name: str, page: PageReading
) -> Iterator[SignatureRead]:
    """The signature boxes of a page whose document we know."""
    code = _own_code(office, page)
    document = _document(office, code) if code else None
    places = [p for p in document.places if p.page == code.page] if document and code else []
    sheet = align(page_image(data, name, page), page.codes) if places else None
    for place in places:
        if place.signer and sheet is not None:
            ink = measure_ink(sheet, place.box)
            yield SignatureRead(place.signer, _SEEN[ink.outcome], round(ink.area_mm2, 1))
        elif place.signer:
            yield SignatureRead(place.signer, None, 0.0)


def _own_code(office: Office, page: PageReading) -> PageCode | None:
    codes = (seen.code for seen in page.codes if seen.code.archive == office.archive.name)
    return next(codes, None)


def _document(office: Office, code: PageCode) -> Document | None:
    chain = office.index.chain_of(code.reference)
    return office.case(chain).document(code.reference) if chain else None
