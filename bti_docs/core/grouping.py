"""Pages of a heap become documents again: by the reference in their codes, not by their order.

A written page without a code is a back only where every second page of the file is one: it may
as well be a page of another child's whose code cannot be read. Nothing is dropped: every page given
is in exactly one group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

from bti_docs.core.references import ArchiveName, PageCode, Reference

GroupKind = Literal["document", "foreign", "disagreeing", "codeless", "blank"]


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One page as it was read."""

    source: str
    """The file's SHA-256."""
    number: int
    """Its place in the file, 1 for the first."""
    codes: tuple[PageCode, ...] = ()
    """What its codes say; the same text twice is the ordinary case."""
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with the backs that follow it."""

    page: int
    """What its code says: page x of the document; 0 without a code, or with a page-less one."""
    scan: ScannedPage
    backs: tuple[ScannedPage, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that belong together."""

    kind: GroupKind
    sheets: tuple[Sheet, ...]
    """A document's in the order of its page numbers, others as they came."""
    reference: Reference | None = None

    @property
    def page_counts(self) -> set[int]:
        """How many pages the codes say the document has: one answer, if all is well."""
        return {code.pages for sheet in self.sheets for code in sheet.scan.codes}

    @property
    def pages(self) -> tuple[ScannedPage, ...]:
        """All scanned pages in order, each followed by its backs."""
        return tuple(page for sheet in self.sheets for page in (sheet.scan, *sheet.backs))


def gather(pages: Iterable[ScannedPage], archive: ArchiveName) -> tuple[Group, ...]:
    """Group *pages* of one or several readings, in the order each document first shows itself.

    The same document scanned several times over, whole each time, gives a group for each copy;
    otherwise pages that come again stay in its one group.
    """
    sources: dict[str, list[ScannedPage]] = {}
    for page in pages:
        sources.setdefault(page.source, []).append(page)
    groups: dict[tuple[GroupKind, str], list[Sheet]] = {}
    for sheet in chain.from_iterable(map(_with_backs, sources.values())):
        kind, key = _belongs(sheet.scan, archive)
        groups.setdefault((kind, key), []).append(sheet)
    return tuple(
        group
        for (kind, _), members in groups.items()
        for group in (_copies(members) if kind == "document" else [Group(kind, tuple(members))])
    )


def _with_backs(pages: Iterable[ScannedPage]) -> list[Sheet]:
    """Each page of one file with what follows it: its blank pages, and in duplex its back.

    Blank pages before the first code lie face down: they belong to the page that follows.
    """
    sheets: list[Sheet] = []
    waiting: list[ScannedPage] = []
    scanned = tuple(pages)
    duplex = _is_duplex(scanned)
    for page in scanned:
        last = sheets[-1] if sheets else None
        if page.codes:
            sheets.append(Sheet(page.codes[0].page, page, tuple(waiting)))
            waiting = []
        elif last and (page.blank or duplex):
            sheets[-1] = replace(last, backs=(*last.backs, page))
        elif page.blank:
            waiting.append(page)
        else:
            sheets.append(Sheet(0, page))
    return sheets + [Sheet(0, page) for page in waiting]


def _is_duplex(pages: Sequence[ScannedPage]) -> bool:
    """Whether fronts with a code and backs without one take turns, and some back is blank."""
    fronts, backs = pages[::2], pages[1::2]
    in_turn = all(page.codes for page in fronts) and not any(page.codes for page in backs)
    return in_turn and len(fronts) == len(backs) and any(page.blank for page in backs)


def _belongs(page: ScannedPage, archive: ArchiveName) -> tuple[GroupKind, str]:
    """The kind of group a page is in, and what tells the group from others of its kind."""
    if not page.codes:
        kind: GroupKind = "blank" if page.blank else "codeless"
        return kind, page.source
    texts = {code.text() for code in page.codes}
    if len(texts) > 1:
        return "disagreeing", f"{page.source}/{page.number}"
    code = page.codes[0]
    if code.archive != archive:
        return "foreign", f"{page.source}/{code.archive}/{code.reference}"
    return "document", code.reference


def _copies(sheets: Sequence[Sheet]) -> list[Group]:
    """One group, or one for each whole copy."""
    reference = sheets[0].scan.codes[0].reference
    ordered = sorted(sheets, key=lambda sheet: sheet.page)
    counts = Counter(sheet.page for sheet in sheets)
    pages = sheets[0].scan.codes[0].pages
    times = set(counts.values())
    if len(counts) != pages or len(times) != 1:
        return [Group("document", tuple(ordered), reference)]
    copies = times.pop()
    return [Group("document", tuple(ordered[index::copies]), reference) for index in range(copies)]
