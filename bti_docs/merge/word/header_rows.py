"""A table's header rows and its first row on one page, for PDF engines that do not see to it."""

from __future__ import annotations

from typing import Final

from lxml import etree

from bti_docs.merge.word.xml import Element, W, on

_NO_WIDTH: Final = {W + "w": "0", W + "type": "dxa"}


def hold_header_rows(root: Element) -> None:
    """Tie the header rows of each table to the row that follows, by a column of no width.

    Measured: dxpdf leaves a header row alone at the foot of a page, whatever "keep with next" says
    in it; the only rows it holds together are those that share a cell down the table. LibreOffice
    keeps them together as they are, and is not disturbed.
    """
    for table in list(root.iter(W + "tbl")):
        rows = table.findall(W + "tr")
        heads = next((n for n, row in enumerate(rows) if not is_header(row)), 0)
        grid = table.find(W + "tblGrid")
        if heads and grid is not None:
            etree.SubElement(grid, W + "gridCol", {W + "w": "0"})
            for number, row in enumerate(rows[: heads + 1]):
                _tie(row, {W + "val": "continue" if number else "restart"})


def is_header(row: Element) -> bool:
    """Whether the row comes again on every page."""
    return on(row.find(f"{W}trPr/{W}tblHeader"))


def _tie(row: Element, merged: dict[str, str]) -> None:
    cell = etree.SubElement(row, W + "tc")
    properties = etree.SubElement(cell, W + "tcPr")
    etree.SubElement(properties, W + "tcW", _NO_WIDTH)
    etree.SubElement(properties, W + "vMerge", merged)
    etree.SubElement(cell, W + "p")
