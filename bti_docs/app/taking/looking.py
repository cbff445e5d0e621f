"""Look at the pixels of a return: whose ink is where it is asked for, and is there other ink."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from bti_docs.app.office import Office
from bti_docs.app.outgoing import stamped_pdf
from bti_docs.core.filing import Evidence, Expected
from bti_docs.core.grouping import Group, ScannedPage
from bti_docs.core.model import Case, Document
from bti_docs.core.paper import Box, Place
from bti_docs.core.references import Reference
from bti_docs.inbox import (
    PageReading,
    Reading,
    align,
    foreign_ink,
    measure_ink,
    page_image,
    printed_page,
)

_SUFFIXES: Final[Mapping[str, tuple[str, ...]]] = {
    "pdf": (".pdf",),
    "docx": (".docx",),
    "image": (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".heif"),
    "asic": (".asice", ".asics", ".sce"),
    "mail": (".eml",),
    "zip": (".zip",),
}
_PAST_MM: Final = 3.0
"""How far a pen may go past the box of a signature."""
_DATE_LEFT_MM: Final = 18.0
_DATE_ABOVE_MM: Final = 10.0
"""The line for place and date stands left of the box, and one writes above it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that pages come from: the one just read, or an item that waited for its pages."""

    name: str
    data: bytes
    reading: Reading

    @property
    def sha256(self) -> str:
        """What pages call it."""
        return self.reading.sha256

    @property
    def suffix(self) -> str:
        """The ending of its name in the archive: what it is, also when its own name is silent."""
        suffix = PurePath(self.name).suffix.lower()
        fits = _SUFFIXES.get(self.reading.kind, ())
        return suffix if not fits or suffix in fits else fits[0]

    def page(self, number: int) -> PageReading:
        """The page's reading, 1 for the first."""
        return self.reading.pages[number - 1]

    def scanned(self) -> tuple[ScannedPage, ...]:
        """The pages as the core groups them."""
        return tuple(
            ScannedPage(self.sha256, p.number, tuple(c.code for c in p.codes), p.blank)
            for p in self.reading.pages
        )


Sources = Mapping[str, Source]


def expected_of(document: Document) -> Expected:
    """What the archive knows of a reference, for deciding on a scan of it."""
    return Expected(
        Reference(document.ref),
        document.pages,
        document.signers,
        document.signed_by | document.heard,
        {place.signer: place.page for place in document.places if place.signer},
        settled=document.over
        or (document.returned_on is not None and not document.missing_signers),
        by_hand=document.by_hand,
    )


def look(
    office: Office, case: Case, document: Document, group: Group, sources: Sources
) -> Evidence:
    """Measure the signatures of a group of pages, and look for ink where none is expected."""
    signatures: set[str] = set()
    doubtful: set[str] = set()
    written_on: set[int] = set()
    not_aligned: set[int] = set()
    issued = stamped_pdf(office, case, document)
    for leaf in group.sheets:
        source = sources[leaf.scan.source]
        reading = source.page(leaf.scan.number)
        sheet = align(page_image(source.data, source.name, reading), reading.codes)
        places = [place for place in document.places if place.page == leaf.page]
        if sheet is None:
            not_aligned |= {leaf.page}
            continue
        inks = {place.signer: measure_ink(sheet, place.box) for place in places if place.signer}
        signatures |= {signer for signer, ink in inks.items() if ink.outcome == "seen"}
        doubtful |= {signer for signer, ink in inks.items() if ink.outcome == "look"}
        if not document.by_hand and 0 < leaf.page <= document.pages:
            printed = printed_page(issued, leaf.page)
            if foreign_ink(sheet, printed, zones(places)) > 0:
                written_on |= {leaf.page}
    signed = any(sources[leaf.scan.source].reading.digital_signature for leaf in group.sheets)
    return Evidence(
        frozenset(signatures), frozenset(doubtful - signatures), frozenset(written_on),
        frozenset(not_aligned), signed,
    )  # fmt: skip


def zones(places: Sequence[Place]) -> list[Box]:
    """Where pens are welcome: each box, and the line for place and date left of it."""
    dates = (_date_line(place.box) for place in places)
    return [*(place.box.grown(_PAST_MM) for place in places), *(box for box in dates if box.w > 0)]


def _date_line(box: Box) -> Box:
    line = box.y + box.h
    return Box(
        _DATE_LEFT_MM, line - _DATE_ABOVE_MM, box.x - _PAST_MM - _DATE_LEFT_MM, _DATE_ABOVE_MM
    )
