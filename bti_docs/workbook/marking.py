"""A copy of a faulty workbook: wrong cells coloured, all problems on a first sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from bti_docs.core.layout import LANGUAGES
from bti_docs.core.problems import Problem
from bti_docs.messages import text
from bti_docs.workbook import looks
from bti_docs.workbook.package import open_package
from bti_docs.workbook.saving import workbook_bytes

_AUTHOR: Final = "BTI – kontroll"
"""How our own comments are known again when a marked copy is checked once more."""

_MARKS: Final = frozenset({looks.ERROR_COLOUR, looks.WARNING_COLOUR})
_WIDTHS: Final = (30, 9, 12, 90)
_MOST_COMMENTS: Final = 2_000
"""More would be more than anybody reads, and slow to open."""


def mark_problems(
    xlsx: bytes, problems: Sequence[tuple[Problem, str]], language: str = "nb"
) -> bytes:
    """Copy *xlsx* with its problems shown where they are.

    Args:
        xlsx: the workbook as it was handed in.
        problems: each problem with its sentence.
        language: for the first sheet's own words.

    Raises:
        InputError: the bytes are no workbook.
    """
    open_package(xlsx).close()
    book = load_workbook(io.BytesIO(xlsx))
    _remove_old_marks(book)
    shown = [(p, sentence) for p, sentence in problems if p.severity != "note"]
    for problem, sentence in shown[:_MOST_COMMENTS]:
        _mark_cell(book, problem, sentence)
    _write_list(book, shown, language)
    return workbook_bytes(book)


def _remove_old_marks(book: Workbook) -> None:
    for name in {text("wb_sheet_problems", language) for language in LANGUAGES}:
        if name in book.sheetnames:
            del book[name]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.fill.fgColor.rgb in _MARKS and not isinstance(cell, MergedCell):
                    cell.fill = PatternFill()
                if cell.comment and cell.comment.author == _AUTHOR:
                    cell.comment = None


def _mark_cell(book: Workbook, problem: Problem, sentence: str) -> None:
    place = problem.place
    if place.sheet not in book.sheetnames or place.row is None:
        return
    sheet = book[place.sheet]
    if not isinstance(sheet, Worksheet):
        return
    cell = sheet[f"{place.column or 'A'}{place.row}"]
    if isinstance(cell, MergedCell):
        return
    cell.fill = looks.FILL_ERROR if problem.severity == "error" else looks.FILL_WARNING
    earlier = [cell.comment.text] if cell.comment and cell.comment.author == _AUTHOR else []
    comment = Comment("\n".join([*earlier, sentence]), _AUTHOR)
    comment.width, comment.height = 340, 110
    cell.comment = comment


def _write_list(book: Workbook, problems: Sequence[tuple[Problem, str]], language: str) -> None:
    sheet = book.create_sheet(text("wb_sheet_problems", language), 0)
    sheet["A1"] = text("wb_problems_title", language, count=len(problems))
    sheet["A1"].font = looks.TITLE
    sheet["A2"] = text("wb_problems_hint", language)
    sheet["A2"].font = looks.HINT
    heads = [text(code, language) for code in ("wb_sheet", "wb_cell", "wb_kind", "wb_what")]
    for column, (head, width) in enumerate(zip(heads, _WIDTHS, strict=True), 1):
        cell = sheet.cell(4, column, head)
        cell.font, cell.fill = looks.HEADER_REQUIRED, looks.FILL_REQUIRED
        sheet.column_dimensions[cell.column_letter].width = width
    for row, (problem, sentence) in enumerate(problems, 5):
        _write_problem(sheet, row, problem, sentence, language)
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet


def _write_problem(
    sheet: Worksheet, row: int, problem: Problem, sentence: str, language: str
) -> None:
    place = problem.place
    kind = text("wb_error" if problem.severity == "error" else "wb_warning", language)
    values: tuple[Any, ...] = (place.sheet, place.cell or place.row or place.column, kind, sentence)
    for column, value in enumerate(values, 1):
        cell = sheet.cell(row, column)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # a sentence may quote a text that begins with =
        cell.font = looks.BODY
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.border = looks.GRID
    lines = 1 + len(sentence) // _WIDTHS[-1]
    sheet.row_dimensions[row].height = lines * looks.LINE_HEIGHT
    sheet.cell(row, 3).fill = (
        looks.FILL_ERROR if problem.severity == "error" else looks.FILL_WARNING
    )
    if place.sheet and place.cell:
        target = place.sheet.replace("'", "''")
        sheet.cell(row, 2).hyperlink = f"#'{target}'!{place.cell}"
        sheet.cell(row, 2).font = looks.LINK
