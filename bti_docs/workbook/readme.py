"""The first sheet, «Les meg først»: how the workbook is filled, which sheets there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties

from bti_docs.core.profile import Profile
from bti_docs.messages import text
from bti_docs.workbook import looks

_STEPS: Final = (
    "wb_step_cases",
    "wb_step_documents",
    "wb_step_children",
    "wb_step_dates",
    "wb_step_ticks",
    "wb_step_hidden",
    "wb_step_again",
    "wb_step_private",
)
_WRAP: Final = Alignment(wrap_text=True, vertical="top")
_LINE_LENGTH: Final = 105
_LINE_HEIGHT: Final = 15.5


def write_readme(
    sheet: Any,  # noqa: ANN401  (openpyxl types the first sheet as any kind of sheet)
    names: Sequence[str],
    profile: Profile,
    language: str,
) -> None:
    """Fill the workbook's first sheet."""
    sheet.title = text("wb_sheet_readme", language)
    sheet.sheet_view.showGridLines = False
    sheet.column_dimensions["A"].width = 3
    sheet.column_dimensions["B"].width = 100
    page = _Page(sheet)
    page.write(text("wb_title", language), looks.TITLE)
    page.write(profile.municipality.name, looks.HINT)
    page.gap()
    for number, code in enumerate(_STEPS, 1):
        page.write(f"{number}. {text(code, language)}", looks.BODY)
    page.gap()
    page.write(text("wb_colours", language), looks.HEADING)
    page.write(text("wb_colour_required", language), looks.HEADER_REQUIRED, looks.FILL_REQUIRED)
    page.write(text("wb_colour_plain", language), looks.HEADER_PLAIN, looks.FILL_PLAIN)
    page.write(text("wb_colour_example", language), looks.EXAMPLE)
    page.gap()
    page.write(text("wb_sheets", language), looks.HEADING)
    for name in names:
        page.link(name)
    page.gap()
    _write_urgent(page, profile, language)
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write_urgent(page: _Page, profile: Profile, language: str) -> None:
    """The profile's «Når det haster», which no page of the office is without."""
    lines = [f"{line.phone}  {line.text(language)}" for line in profile.urgent]
    if profile.urgent_staff:
        lines.append(profile.urgent_staff.of(language))
    if lines:
        page.write(text("wb_urgent", language), looks.HEADING, looks.FILL_URGENT)
    for line in lines:
        page.write(line, looks.BODY, looks.FILL_URGENT)


class _Page:
    """Writes down a column, line by line."""

    def __init__(self, sheet: Any) -> None:  # noqa: ANN401  (see write_readme)
        self._sheet = sheet
        self._row = 0

    def gap(self) -> None:
        """An empty line."""
        self._row += 1

    def write(self, line: str, font: Font, fill: PatternFill | None = None) -> None:
        """One line of text, as high as it needs."""
        self._row += 1
        cell = self._sheet.cell(self._row, 2, line)
        cell.font, cell.alignment = font, _WRAP
        if fill:
            cell.fill = fill
        height = _LINE_HEIGHT * (1 + len(line) // _LINE_LENGTH)
        self._sheet.row_dimensions[self._row].height = max(height, 1.5 * (font.size or 11))

    def link(self, name: str) -> None:
        """A sheet's name that opens the sheet."""
        self.write(name, looks.LINK)
        self._sheet.cell(self._row, 2).hyperlink = f"#'{name}'!A1"
