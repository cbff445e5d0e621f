"""Look at the pixels of a return: whose ink is where it is asked for, and is there other ink."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from bti_docs.app.office import Office
from bti_docs.app.outgoing import stamped_pdf
from bti_docs.core.filing import Evidence, Expected
from bti_docs.core.grouping import Group, ScannedPage
from bti_docs.core.model import Case, Document
from bti_docs.core.paper import PAGE, Box, Place
from bti_docs.core.references import Reference
from bti_docs.inbox import (
    PageReading,
    Reading,
    Sheet,
    align,
    foreign_ink,
    measure_ink,
    page_image,
    printed_page,
)

_SUFFIXES: Final[Mapping[str, tuple[str, ...]]] = {
    "pdf": (".pdf",),
    "docx": (".docx",),
    "image": (".jpg", ".jpeg", ".png", ".tif", ".tiff"),
}
_ABOVE_MM: Final = 8.0
_BELOW_MM: Final = 10.0


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
        document.signed_by,
        settled=document.over
        or (document.returned_on is not None and not document.missing_signers),
        by_hand=document.by_hand,
    )


def look(
    office: Office, case: Case, document: Document, group: Group, sources: Sources
) -> Evidence:
    """Measure the signatures of a group of pages, and look for ink where none is expected."""
    signatures: set[str] = set()
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
        signatures |= _signers(sheet, places)
        if not document.by_hand and 0 < leaf.page <= document.pages:
            printed = printed_page(issued, leaf.page)
            if foreign_ink(sheet, printed, _zones(places)) > 0:
                written_on |= {leaf.page}
    signed = any(sources[leaf.scan.source].reading.digital_signature for leaf in group.sheets)
    return Evidence(frozenset(signatures), frozenset(written_on), frozenset(not_aligned), signed)


def _signers(sheet: Sheet, places: list[Place]) -> set[str]:
    return {
        place.signer
        for place in places
        if place.signer and measure_ink(sheet, place.box).outcome == "seen"
    }


def _zones(places: list[Place]) -> list[Box]:
    """Whole rows: a pen goes past its line, and place and date stand beside it."""
    return [
        Box(0, place.box.y - _ABOVE_MM, PAGE.w, place.box.h + _ABOVE_MM + _BELOW_MM)
        for place in places
    ]
