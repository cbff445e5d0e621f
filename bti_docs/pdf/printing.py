"""One print copy from a converted document: is it whole, where is it signed, its codes, PDF/A."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bti_docs.core.paper import Place
from bti_docs.core.references import MAX_PAGES, ArchiveName, Reference, page_codes
from bti_docs.errors import MergeError
from bti_docs.pdf.stamp import stamp
from bti_docs.pdf.text import UnclearLabels, find_places, page_count, texts_missing

ANOTHER_ENGINE: Final = frozenset(
    {"pdf_text_missing", "pdf_engine_crashed", "pdf_engine_refused", "pdf_engine_missing"}
    | {"pdf_damaged", "pdf_not_archivable"}
)
"""Codes of `NoPrintCopy` that another engine may do better."""


@dataclass(frozen=True, slots=True)
class PrintJob:
    """A document to convert, check and stamp."""

    docx: bytes
    """What `bti_docs.merge.print_form` made."""
    expected: tuple[str, ...]
    """Texts that the pages must show: `bti_docs.merge.visible_texts`."""
    labels: Mapping[str, str]
    """Signer code → the unique label under the signer's line."""
    archive: ArchiveName
    ref: Reference | None
    """None: a trial, which is checked and gets no codes."""
    title: str
    language: str
    """`nb`, `nn` or `en`."""


@dataclass(frozen=True, slots=True)
class PrintCopy:
    """The stamped PDF/A-2b (a trial's is as converted), its pages, and where people sign."""

    pdf: bytes
    pages: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class NoPrintCopy:
    """Why there is none, by code.

    `pdf_text_missing`, `too_many_pages`, `signature_place_missing`, or a code of `convert`
    (`pdf_engine_…`) or of `stamp` (`pdf_damaged`, `pdf_not_a4`, `pdf_not_archivable`).
    """

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


def print_copy(job: PrintJob, pdf: bytes) -> PrintCopy | NoPrintCopy:
    """Check what a converter made of *job* and stamp it. Same input, same bytes."""
    try:
        return _print_copy(job, pdf)
    except MergeError as error:
        return NoPrintCopy(error.code, dict(error.params))


def _print_copy(job: PrintJob, pdf: bytes) -> PrintCopy | NoPrintCopy:
    if texts_missing(pdf, job.expected):
        return NoPrintCopy("pdf_text_missing")
    places = find_places(pdf, job.labels)
    if isinstance(places, UnclearLabels):
        return NoPrintCopy("signature_place_missing")
    pages = page_count(pdf)
    if job.ref is None:
        return PrintCopy(pdf, pages, places)
    if pages > MAX_PAGES:
        return NoPrintCopy("too_many_pages", {"pages": pages})
    codes = page_codes(job.archive, job.ref, pages)
    stamped = stamp(pdf, codes, title=job.title, language=job.language)
    return PrintCopy(stamped, pages, places)
