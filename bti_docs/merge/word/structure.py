"""Putting right what loops and conditions leave behind, so that Word opens the file quietly."""

from __future__ import annotations

from typing import Final

from lxml import etree

from bti_docs.merge.word.tables import cells_of
from bti_docs.merge.word.xml import RANGE_ENDS, W14, WP, Element, W, detach, w

_NEEDS_PARAGRAPH: Final = frozenset(
    W + name for name in ("tc", "hdr", "ftr", "footnote", "endnote", "comment", "txbxContent")
)
_MOST_COLUMNS: Final = 63
"""What Word allows a table."""
_WIDEST: Final = 31_680
"""Twentieths of a point: 22 inches, Word's widest page."""
_DIGITS: Final = 9
_FIRST_ID: Final = 1_000_000
_PARAGRAPH_IDS: Final = (W14 + "paraId", W14 + "textId")


def make_whole(root: Element) -> None:
    """Remove what became empty, end each cell in a paragraph, and make identifiers unique."""
    for control in list(root.iter(W + "sdt")):
        content = control.find(W + "sdtContent")
        if content is not None and len(content) == 0:
            detach(control)
    for table in list(root.iter(W + "tbl")):
        if next(table.iter(W + "tr"), None) is None:
            detach(table)
    for holder in root.iter(*_NEEDS_PARAGRAPH):
        last = next((e for e in reversed(holder) if _is_content(e)), None)
        if last is None or last.tag not in {W + "p", W + "sdt"}:
            etree.SubElement(holder, W + "p")
    for table in root.iter(W + "tbl"):
        _fit_grid(table)
    _unique_ids(root)


def _is_content(element: Element) -> bool:
    return isinstance(element.tag, str) and element.tag not in RANGE_ENDS


def _fit_grid(table: Element) -> None:
    """Give a table whose rows have become longer or shorter as many columns, of the same width."""
    grid = table.find(W + "tblGrid")
    counts = [_columns(row) for row in table.findall(W + "tr")]
    if grid is None or not counts or not len(grid) or len(grid) == max(counts) or not min(counts):
        return
    if max(counts) > _MOST_COLUMNS:
        return
    if len(set(counts)) > 1 and max(counts) < len(grid):
        return  # rows that end early are Word's own, and take nothing from the grid
    width = sum(_number(w(column, "w")) for column in grid)
    share, rest = divmod(width, max(counts))
    for column in list(grid):
        grid.remove(column)
    for number in range(max(counts)):
        etree.SubElement(grid, W + "gridCol", {W + "w": str(share + (number < rest))})
    for row in table.findall(W + "tr"):
        for cell in row.findall(W + "tc"):
            _set_width(cell, share)


def _columns(row: Element) -> int:
    """How many columns of the grid the row covers, with those it leaves out at its ends."""
    properties = row.find(W + "trPr")
    edges = [] if properties is None else [*properties.iter(W + "gridBefore", W + "gridAfter")]
    return sum(map(_span, cells_of(row))) + sum(_number(w(edge, "val")) for edge in edges)


def _span(cell: Element) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    return 1 if span is None else max(1, _number(w(span, "val")))


def _number(text: str | None) -> int:
    """A count of columns or a width; what is none counts as 0, and nothing is wider than a page."""
    whole = (text or "").partition(".")[0]
    return min(int(whole), _WIDEST) if whole.isdigit() and len(whole) < _DIGITS else 0


def _set_width(cell: Element, share: int) -> None:
    width = cell.find(f"{W}tcPr/{W}tcW")
    if width is not None and w(width, "type") == "dxa":
        width.set(W + "w", str(share * _span(cell)))


def _unique_ids(root: Element) -> None:
    """Rows of a loop are copies, and copies share identifiers, which Word calls damage."""
    _renumber(list(root.iter(WP + "docPr")), "id")
    _renumber([e for s in root.iter(W + "sdtPr") for e in s.findall(W + "id")], W + "val")
    starts = list(root.iter(W + "bookmarkStart"))
    seen: set[str | None] = set()
    for start in starts:
        if start.get(W + "name") in seen:
            detach(start)
        seen.add(start.get(W + "name"))
    _drop_spare_ends(root)
    known: set[str] = set()
    for paragraph in root.iter(W + "p", W + "tr"):
        for name in _PARAGRAPH_IDS:
            value = paragraph.get(name)
            if value is not None and f"{name}{value}" in known:
                del paragraph.attrib[name]
            elif value is not None:
                known.add(f"{name}{value}")


def _drop_spare_ends(root: Element) -> None:
    open_ids: dict[str | None, int] = {}
    for mark in list(root.iter(W + "bookmarkStart", W + "bookmarkEnd")):
        name = mark.get(W + "id")
        if mark.tag == W + "bookmarkStart":
            open_ids[name] = open_ids.get(name, 0) + 1
        elif open_ids.get(name, 0) > 0:
            open_ids[name] -= 1
        else:
            detach(mark)


def _renumber(elements: list[Element], attribute: str) -> None:
    seen: set[str] = set()
    fresh = _FIRST_ID
    for element in elements:
        value = element.get(attribute, "")
        if value in seen:
            fresh += 1
            value = str(fresh)
            element.set(attribute, value)
        seen.add(value)
