"""What waits in Til avklaring for a page that is missing, and what makes it whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bti_docs.app.office import Office
from bti_docs.app.taking.filing import Piece
from bti_docs.app.taking.holding import reasons_of
from bti_docs.app.taking.looking import Source
from bti_docs.app.taking.results import Filed
from bti_docs.core.events import Json
from bti_docs.core.grouping import Group, ScannedPage, gather
from bti_docs.core.references import ArchiveName
from bti_docs.inbox import read_file

_MISSING: Final = "page_missing"
_ONLY_WAITS: Final = frozenset({_MISSING, "signature_look", "already_settled"})
"""Reasons of an item that has nothing to say but that something is missing."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that waits for the other pages of its document."""

    item: str
    reference: str
    source: Source
    seen: frozenset[str] | None
    """The signers whose ink its pages show, when that was kept."""
    only_waits: bool
    """Whether nothing on it asks for a person's look."""

    def adds_nothing_to(self, filed: Filed) -> bool:
        """Whether a person would find nothing on it that the filed papers do not show."""
        shown = {code for code, seen in filed.signatures if seen}
        return self.only_waits and self.seen is not None and self.seen <= shown

    def piece(self) -> Piece:
        """Its file, as a part of the return that it made whole."""
        pages = tuple(page_body(page) for page in self.source.scanned())
        return Piece(self.source.data, self.source.suffix, "cut", pages)


def page_body(page: ScannedPage) -> Json:
    """A scanned page as a payload tells of it."""
    code = page.codes[0] if page.codes else None
    return {
        "page": code.page if code else 0,
        "of": code.pages if code else 0,
        "source": page.source,
        "source_page": page.number,
    }


def waiting_items(office: Office, source: Source) -> Iterator[Waiting]:
    """All that waits for a page of a document in *source*, the newest first.

    What this very file has left there waits for others.
    """
    refs = {code.reference for page in source.scanned() for code in page.codes}
    bodies = [(item, office.archive.tray_get(item) or {}) for item in office.archive.tray_items()]
    for item, body in sorted(bodies, key=lambda one: str(one[1].get("at", "")), reverse=True):
        ref = (body.get("guess") or {}).get("ref")
        codes = frozenset(reason.code for reason in reasons_of(body))
        if ref in refs and _MISSING in codes and body.get("source") != source.sha256:
            name, data = str(body.get("original", "")), office.archive.tray_original(item)
            waited = Source(name, data, read_file(data, name))
            seen = frozenset(body["seen"]) if "seen" in body else None
            only_waits = codes <= _ONLY_WAITS and not _is_by_hand(office, ref)
            yield Waiting(item, ref, waited, seen, only_waits)


def _is_by_hand(office: Office, ref: str) -> bool:
    """Whether the document is written on by hand, so that every scan may say something else."""
    chain = office.index.chain_of(ref)
    document = office.case(chain).document(ref) if chain else None
    return document is not None and document.by_hand


def completed(group: Group, waiting: Sequence[Waiting], archive: ArchiveName) -> Group:
    """The group with the pages that wait for just its pages, when it is not whole by itself.

    The newest scan of a page counts, but where a person should look at an older one: that page is
    in it twice then, and so it waits for a person.
    """
    if not waiting or _is_whole(group):
        return group
    sheets = list(group.sheets)
    for one in waiting:
        there = {sheet.page for sheet in sheets}
        groups = gather(one.source.scanned(), archive)
        early = [s for g in groups if g.reference == one.reference for s in g.sheets]
        sheets += [s for s in early if s.page not in there or not one.only_waits]
    return replace(group, sheets=tuple(sorted(sheets, key=lambda sheet: sheet.page)))


def _is_whole(group: Group) -> bool:
    pages = [sheet.page for sheet in group.sheets]
    return group.page_counts == {len(pages)} and pages == list(range(1, len(pages) + 1))
