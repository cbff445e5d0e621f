"""A table's own rows and a row's own cells: those in controls too, those of inner tables not."""

from __future__ import annotations

from bti_docs.merge.word.xml import Element, W


def rows_of(table: Element) -> list[Element]:
    """The table's rows, in order."""
    return [row for row in table.iter(W + "tr") if next(row.iterancestors(W + "tbl")) is table]


def cells_of(row: Element) -> list[Element]:
    """The row's cells, in order."""
    return [cell for cell in row.iter(W + "tc") if next(cell.iterancestors(W + "tr")) is row]
