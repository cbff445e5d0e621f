"""One sheet of the workbook: title, header, help, drop-downs, formats, example and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from bti_docs.core.layout import Column, Sheet, options_of
from bti_docs.core.profile import Profile
from bti_docs.core.raw import CASE_OF, NUMBER, TICK
from bti_docs.messages import text
from bti_docs.workbook import looks
from bti_docs.workbook.cells import CellValue, printed_columns
from bti_docs.workbook.scan import column_letters

HEADER_ROW: Final = 3
_LAST_ROW: Final = 5_000
"""Drop-downs reach this far."""

_LINED_ROWS: Final = 25
_CLOSED: Final = frozenset({"valg", "flervalg", "ja_nei"})
_COMMENT_AUTHOR: Final = "BTI"
_COMMENT_WIDTH: Final = 320
_LONGEST_PROMPT: Final = 250
_PER_CHARACTER: Final = 1.1


@dataclass(slots=True)
class Lists:
    """The hidden sheet with the choices of the drop-downs."""

    sheet: Worksheet
    _ranges: dict[tuple[str, ...], str] = field(default_factory=dict)

    def formula(self, labels: tuple[str, ...]) -> str:
        """The range that holds *labels*, written the first time it is asked for."""
        if labels not in self._ranges:
            column = len(self._ranges) + 1
            for row, label in enumerate(labels, 1):
                self.sheet.cell(row, column, label)
            letters = column_letters(column)
            self._ranges[labels] = f"'{self.sheet.title}'!${letters}$1:${letters}${len(labels)}"
        return self._ranges[labels]


@dataclass(frozen=True, slots=True)
class Content:
    """What one sheet is filled with: cells by key, a row each."""

    rows: Sequence[Mapping[str, CellValue]]
    example: Mapping[str, CellValue] | None
    """The row marked «Eks.»; None: no such row."""
    numbered: bool = False
    """Whether empty rows get their Nr in advance."""


def write_sheet(
    target: Worksheet, sheet: Sheet, content: Content, profile: Profile, lists: Lists, language: str
) -> None:
    """Draw *sheet* on the empty worksheet *target*."""
    columns = printed_columns(sheet, profile)
    _write_top(target, sheet, language)
    for number, column in enumerate(columns, 1):
        _write_header(target.cell(HEADER_ROW, number), column, language)
        _write_column(target, number, column, profile, language)
        _write_choices(target, number, column, profile, lists, language)
    row = HEADER_ROW
    if content.example is not None:
        row += 1
        _write_row(target, row, columns, content.example)
        for cell in target[row]:
            cell.font = looks.EXAMPLE
    for cells in content.rows:
        row += 1
        _write_row(target, row, columns, cells)
    _write_blanks(target, row, columns, len(content.rows), numbered=content.numbered)
    _set_up_view(target, sheet)


def _write_top(target: Worksheet, sheet: Sheet, language: str) -> None:
    target["A1"] = sheet.labels.of(language)
    target["A1"].font = looks.TITLE
    target["A2"] = text("wb_hint_child" if sheet.list_key else "wb_hint", language)
    target["A2"].font = looks.HINT
    target.row_dimensions[1].height = 26
    target.row_dimensions[HEADER_ROW].height = looks.HEADER_HEIGHT


def _write_header(cell: Cell | MergedCell, column: Column, language: str) -> None:
    required = column.field.required == "issue" and TICK not in column.key
    cell.value = column.labels.of(language) + (" *" if required else "")
    cell.font = looks.HEADER_REQUIRED if required else looks.HEADER_PLAIN
    cell.fill = looks.FILL_REQUIRED if required else looks.FILL_PLAIN
    cell.alignment = looks.HEADER_ALIGN
    cell.border = looks.GRID
    if column.field.help:
        comment = Comment(column.field.help.of(language), _COMMENT_AUTHOR)
        comment.width, comment.height = _COMMENT_WIDTH, 90
        cell.comment = comment


def _write_column(
    target: Worksheet, number: int, column: Column, profile: Profile, language: str
) -> None:
    dimension = target.column_dimensions[column_letters(number)]
    dimension.width = _width(column, profile, language)
    dimension.number_format = _format(column)
    dimension.font = looks.BODY
    dimension.alignment = _align(column)


def _width(column: Column, profile: Profile, language: str) -> float:
    if column.key == NUMBER:
        return looks.NUMBER_WIDTH if len(column.labels.of(language)) < looks.NUMBER_WIDTH else 14
    if column.key == CASE_OF:
        return looks.CASE_WIDTH
    if TICK in column.key:
        return looks.TICK_WIDTH
    labels = [option.label(language) for option in options_of(column.field, profile)]
    if labels:
        return min(34, max(14, _PER_CHARACTER * max(map(len, labels)) + 3))
    return looks.WIDTHS[column.field.type]


def _format(column: Column) -> str:
    if column.key == NUMBER:
        return "General"
    return looks.NUMBER_FORMATS.get(column.field.type, looks.TEXT_FORMAT)


def _align(column: Column) -> Alignment:
    centred = TICK in column.key or column.key in {NUMBER, CASE_OF}
    return looks.TICK_ALIGN if centred else looks.BODY_ALIGN


def _write_choices(
    target: Worksheet,
    number: int,
    column: Column,
    profile: Profile,
    lists: Lists,
    language: str,
) -> None:
    """A drop-down; a text field's list is open, so Excel does not insist."""
    labels = tuple(option.label(language) for option in options_of(column.field, profile))
    if column.field.type == "ja_nei":
        labels = (text("wb_yes", language), text("wb_no", language))
    if not labels:
        return
    formula = '"x"' if TICK in column.key else lists.formula(labels)
    choices = DataValidation("list", formula1=formula, allow_blank=True)
    choices.showErrorMessage = column.field.type in _CLOSED
    choices.errorTitle = text("wb_choice_title", language)
    choices.error = text("wb_choice_tick" if TICK in column.key else "wb_choice", language)
    if column.field.help:
        choices.showInputMessage = True
        choices.prompt = column.field.help.of(language)[:_LONGEST_PROMPT]
    letters = column_letters(number)
    choices.add(f"{letters}{HEADER_ROW + 1}:{letters}{_LAST_ROW}")
    target.add_data_validation(choices)


def _write_row(
    target: Worksheet, row: int, columns: Sequence[Column], cells: Mapping[str, Any]
) -> None:
    lines = 1
    for number, column in enumerate(columns, 1):
        cell = target.cell(row, number)
        value = cells.get(column.key)
        if value is not None:
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # a text that begins with = is a text
                width = target.column_dimensions[column_letters(number)].width
                lines = max(lines, sum(1 + int(len(p) // width) for p in value.split("\n")))
        cell.number_format = _format(column)
        cell.font = looks.BODY
        cell.alignment = _align(column)
        cell.border = looks.GRID
        if column.key == NUMBER:
            cell.fill = looks.FILL_NUMBER
    if lines > 1:
        target.row_dimensions[row].height = lines * looks.LINE_HEIGHT


def _write_blanks(
    target: Worksheet, last: int, columns: Sequence[Column], filled: int, *, numbered: bool
) -> None:
    """Lines for the rows to come, with their Nr where the sheet counts its own rows."""
    for offset in range(1, max(0, _LINED_ROWS - filled) + 1):
        cells = {NUMBER: filled + offset} if numbered else {}
        _write_row(target, last + offset, columns, cells)


def _set_up_view(target: Worksheet, sheet: Sheet) -> None:
    frozen = 1 + sum(1 for column in sheet.columns[:2] if column.is_base)
    target.freeze_panes = f"{column_letters(frozen)}{HEADER_ROW + 1}"
    target.sheet_view.zoomScale = 100
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = 9  # A4
    target.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    target.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    target.print_title_cols = f"A:{column_letters(frozen - 1)}"
