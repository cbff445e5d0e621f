"""Read a file from the inbox: its kind, its pages, their codes. Changes and writes nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from bti_docs.inbox.blank import is_blank
from bti_docs.inbox.codes import SeenCode, find_codes, rescue_codes, upright
from bti_docs.inbox.kinds import PAGED, Kind, is_locked_word, is_whole, kind_of, zip_names
from bti_docs.inbox.morphology import Grey
from bti_docs.inbox.pixels import PageSource, Unreadable, open_pages

_SIGNATURE_PARTS: Final = "_xmlsignatures/"


@dataclass(frozen=True, slots=True)
class PageReading:
    """What one page shows."""

    number: int
    """Its place in the file, 1 for the first."""
    codes: tuple[SeenCode, ...] = ()
    rotation: int = 0
    """Degrees anticlockwise that turn it upright: 0, 90, 180 or 270."""
    blank: bool = False
    size_px: tuple[int, int] = (0, 0)
    """Width and height of the upright page that `codes` and `page_image` speak of."""
    dpi: int = 0
    """The scan's resolution, as said or guessed."""
    problem: str | None = None
    """Why it could not be read, when it could not."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file shows. `problems` are reasons' codes of `bti_docs.core.filing`."""

    kind: Kind
    sha256: str
    pages: tuple[PageReading, ...] = ()
    problems: tuple[str, ...] = ()
    encrypted: bool = False
    digital_signature: bool = False
    """Whether it holds one; nobody has checked it."""


def read_file(data: bytes, name: str) -> Reading:
    """Read the bytes of a file called *name*. An unreadable file is a value with problems."""
    kind = kind_of(data, name)
    empty = Reading(kind, hashlib.sha256(data).hexdigest())
    problem = _problem_before_reading(data, kind)
    if problem:
        return replace(empty, problems=(problem,))
    if kind not in PAGED:
        signed = kind == "asic" or (kind == "docx" and _is_signed_word(data))
        return replace(empty, digital_signature=signed)
    try:
        with open_pages(data, kind) as source:
            pages = tuple(_read_page(source, number) for number in range(1, len(source) + 1))
    except Unreadable as error:
        encrypted = error.trouble == "encrypted"
        return replace(empty, problems=(error.trouble,), encrypted=encrypted)
    problems = tuple(dict.fromkeys(page.problem for page in pages if page.problem))
    signed = kind == "pdf" and _is_signed_pdf(data)
    return replace(empty, pages=pages, problems=problems, digital_signature=signed)


def page_image(data: bytes, name: str, page: PageReading) -> Grey:
    """The upright pixels of a page that was read: the very ones its codes' corners refer to.

    Raises:
        Unreadable: the page had a problem, so it has no pixels.
    """
    with open_pages(data, kind_of(data, name)) as source:
        return upright(source.page(page.number).grey, page.rotation)


def _read_page(source: PageSource, number: int) -> PageReading:
    try:
        pixels = source.page(number)
    except Unreadable as error:
        return PageReading(number, problem=error.trouble)
    found = find_codes(pixels.grey)
    blank = not found.codes and is_blank(pixels.grey, pixels.dpi)
    if not found.codes and not blank:
        found = rescue_codes(pixels.grey)
    height, width = pixels.grey.shape
    size = (width, height) if found.rotation % 180 == 0 else (height, width)
    return PageReading(number, found.codes, found.rotation, blank, size, round(pixels.dpi))


def _problem_before_reading(data: bytes, kind: Kind) -> str | None:
    if not data:
        return "empty_file"
    if kind == "other":
        return "unreadable_kind"
    if kind == "docx" and is_locked_word(data):
        return "encrypted"
    return None if is_whole(data, kind) else "damaged"


def _is_signed_word(docx: bytes) -> bool:
    return any(name.startswith(_SIGNATURE_PARTS) for name in zip_names(docx) or ())


def _is_signed_pdf(pdf: bytes) -> bool:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return int(pdfium.FPDF_GetSignatureCount(document.raw)) > 0
    finally:
        document.close()
