"""A plain list as a workbook and as CSV: one header row, one line each, everything as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook

from bti_docs.workbook import looks
from bti_docs.workbook.saving import workbook_bytes

_WIDEST = 60


def list_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """An .xlsx with one sheet; the header stays in sight. Same input, same bytes."""
    book = Workbook()
    sheet = book.create_sheet(title, 0)
    del book[book.sheetnames[1]]
    widths = [len(name) for name in header]
    for number, row in enumerate((header, *rows), start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # a title may begin with =
                cell.number_format = "@"
            cell.font = looks.HEADER_REQUIRED if number == 1 else looks.BODY
            widths[column - 1] = max(widths[column - 1], len(str(value)))
    for column, width in enumerate(widths, start=1):
        letter = sheet.cell(1, column).column_letter
        sheet.column_dimensions[letter].width = min(width, _WIDEST) + 2
        sheet.cell(1, column).fill = looks.FILL_REQUIRED
    sheet.freeze_panes = "A2"
    return workbook_bytes(book)


def list_csv(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """CSV as Excel in Norway opens it: semicolons, UTF-8 with a byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _harmless(value: str | int) -> str | int:
    """A text that Excel would take for a formula gets a mark in front."""
    risky = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t"))
    return f"'{value}" if risky else value
