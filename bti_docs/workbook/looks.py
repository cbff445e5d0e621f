"""How the workbook looks: colours, fonts, widths and number formats. Data for the builder."""

from __future__ import annotations

from typing import Final

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

FONT: Final = "Calibri"
INK: Final = "1F3A47"
ERROR_COLOUR: Final = "FFFFC7CE"
"""The fill of a wrong cell; also how a marked copy is known again."""

WARNING_COLOUR: Final = "FFFFEB9C"

TITLE: Final = Font(name=FONT, size=16, bold=True, color=INK)
HEADING: Final = Font(name=FONT, size=12, bold=True, color=INK)
BODY: Final = Font(name=FONT, size=11)
HINT: Final = Font(name=FONT, size=10, color="5B6B73")
EXAMPLE: Final = Font(name=FONT, size=11, italic=True, color="808080")
LINK: Final = Font(name=FONT, size=11, underline="single", color="1F5C99")
HEADER_REQUIRED: Final = Font(name=FONT, size=11, bold=True, color="FFFFFF")
HEADER_PLAIN: Final = Font(name=FONT, size=11, bold=True, color=INK)

FILL_REQUIRED: Final = PatternFill("solid", fgColor="1F5C73")
FILL_PLAIN: Final = PatternFill("solid", fgColor="D6E6EC")
FILL_NUMBER: Final = PatternFill("solid", fgColor="F3F7F9")
FILL_URGENT: Final = PatternFill("solid", fgColor="FBE9E7")
FILL_ERROR: Final = PatternFill("solid", fgColor=ERROR_COLOUR)
FILL_WARNING: Final = PatternFill("solid", fgColor=WARNING_COLOUR)

_LINE: Final = Side(style="thin", color="C9D6DC")
GRID: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
HEADER_ALIGN: Final = Alignment(wrap_text=True, vertical="center")
BODY_ALIGN: Final = Alignment(wrap_text=True, vertical="top")
TICK_ALIGN: Final = Alignment(horizontal="center", vertical="top")

TEXT_FORMAT: Final = "@"
"""Text: Excel leaves leading zeros, times and numbers as they are typed."""

NUMBER_FORMATS: Final = {"dato": "dd.mm.yyyy", "tall": "0"}
WIDTHS: Final = {"langtekst": 44, "dato": 13, "tid": 11, "tall": 10, "ja_nei": 14, "text": 22}
TICK_WIDTH: Final = 19
NUMBER_WIDTH: Final = 8
CASE_WIDTH: Final = 12
HEADER_HEIGHT: Final = 62
"""Points: four lines of a wrapped header."""

LINE_HEIGHT: Final = 15.0
"""Points a line of text takes; programs other than Excel do not work it out themselves."""
