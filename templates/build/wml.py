"""WordprocessingML by hand: paragraphs, runs, tables, fields and pictures as strings.

Every function returns well-formed XML for the body of a part; lengths come in as millimetres.
The element order inside each `…Pr` follows the ECMA-376 schema, or Word asks to repair the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final, Literal

ACCENT: Final = "0B4F5C"
"""Deep teal: headings and rules (contrast 9.3 : 1 on white)."""
TINT: Final = "E6F0F2"
"""Its tint, behind header rows and boxes."""
GREY: Final = "4A5560"
"""Quiet text (contrast 7.6 : 1 on white)."""
RULE: Final = "B7C6CA"
"""Thin rules between rows."""

Align = Literal["left", "center", "right"]


def twips(mm: float) -> int:
    """Millimetres as twentieths of a point."""
    return round(mm * 1440 / 25.4)


def emu(mm: float) -> int:
    """Millimetres as English metric units."""
    return round(mm * 36000)


def run(text: str, *, style: str = "", bold: bool = False) -> str:
    """A run of *text*, which may hold template tags."""
    look = f'<w:rStyle w:val="{style}"/>' if style else ""
    look += "<w:b/>" if bold else ""
    props = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{props}<w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'


def bold(text: str) -> str:
    """A run in bold."""
    return run(text, style="Strong")


def tick(text: str) -> str:
    """A box character, in the font that has it."""
    return run(text, style="Rute")


def tab() -> str:
    """A tab character."""
    return "<w:r><w:tab/></w:r>"


def field(instruction: str, style: str = "") -> str:
    """A complete field, as Word writes it: dxpdf shows nothing for a shorter form."""
    props = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    parts = (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {instruction} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    return "".join(f"<w:r>{props}{part}</w:r>" for part in parts)


def para(*content: str, style: str = "", align: Align = "left", keep: bool = False) -> str:
    """A paragraph; *keep* holds it on the page of the next one."""
    props = f'<w:pStyle w:val="{style}"/>' if style else ""
    props += "<w:keepNext/>" if keep else ""
    props += f'<w:jc w:val="{align}"/>' if align != "left" else ""
    return f"<w:p><w:pPr>{props}</w:pPr>{''.join(content)}</w:p>" if props else _plain(content)


def _plain(content: tuple[str, ...]) -> str:
    return f"<w:p>{''.join(content)}</w:p>"


def line(text: str, *, style: str = "", keep: bool = False) -> str:
    """A paragraph of plain text."""
    return para(run(text), style=style, keep=keep)


def tag(text: str) -> str:
    """A paragraph that holds one control tag and disappears when merged."""
    return para(run(text), style="Liten")


def each(item: str, values: str, *content: str) -> str:
    """Runs repeated in the line of text for each of *values*."""
    return run(f"{{%r for {item} in {values} %}}") + "".join(content) + run("{%r endfor %}")


def inline_if(condition: str, *content: str) -> str:
    """Runs and controls that are in the line of text only when *condition* holds."""
    return run(f"{{%r if {condition} %}}") + "".join(content) + run("{%r endif %}")


def either(condition: str, text: str, otherwise: str) -> str:
    """The one of two texts that holds, to stand in a run."""
    return f"{{% if {condition} %}}{text}{{% else %}}{otherwise}{{% endif %}}"


def when(condition: str, *content: str) -> str:
    """Paragraphs or tables that are there only when *condition* holds."""
    return tag(f"{{%p if {condition} %}}") + "".join(content) + tag("{%p endif %}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: its paragraphs and its look."""

    content: str
    span: int = 1
    fill: str = ""
    borders: str = ""
    """Edges drawn, of `top left bottom right`."""
    rule: str = RULE
    flush: bool = False
    """No margin on the left and right, so that text starts where the rule does."""
    bottom: bool = False
    """Text stands at the foot of the cell."""


def _borders(cell: Cell) -> str:
    if not cell.borders:
        return ""
    wanted = cell.borders.split()
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="{_weight(cell, edge)}" w:space="0" w:color="{cell.rule}"/>'
        for edge in ("top", "left", "bottom", "right")
        if edge in wanted
    )
    return f"<w:tcBorders>{edges}</w:tcBorders>"


def _weight(cell: Cell, edge: str) -> int:
    return 24 if edge == "left" and cell.rule == ACCENT else 6


def _cell(cell: Cell, width: float) -> str:
    props = f'<w:tcW w:w="{twips(width)}" w:type="dxa"/>'
    props += f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    props += _borders(cell)
    props += f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.fill}"/>' if cell.fill else ""
    if cell.flush:
        none = "".join(f'<w:{edge} w:w="0" w:type="dxa"/>' for edge in ("left", "right"))
        props += f"<w:tcMar>{none}</w:tcMar>"
    props += '<w:vAlign w:val="bottom"/>' if cell.bottom else ""
    return f"<w:tc><w:tcPr>{props}</w:tcPr>{cell.content}</w:tc>"


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; it never breaks over a page unless *splits*."""

    cells: tuple[Cell, ...]
    header: bool = False
    height: float = 0
    exact: bool = False
    splits: bool = False


def _row(row: Row, widths: tuple[float, ...]) -> str:
    props = "" if row.splits else "<w:cantSplit/>"
    if row.height:
        rule = "exact" if row.exact else "atLeast"
        props += f'<w:trHeight w:val="{twips(row.height)}" w:hRule="{rule}"/>'
    props += "<w:tblHeader/>" if row.header else ""
    cells, at = [], 0
    for cell in row.cells:
        cells.append(_cell(cell, sum(widths[at : at + cell.span])))
        at += cell.span
    head = f"<w:trPr>{props}</w:trPr>" if props else ""
    return f"<w:tr>{head}{''.join(cells)}</w:tr>"


def tag_row(text: str, columns: int) -> Row:
    """A row that holds one `{%tr … %}` tag and disappears when merged."""
    return Row((Cell(para(run(text), style="Liten"), span=columns),))


@dataclass(frozen=True, slots=True)
class Repeated:
    """A row for each in a list: a repeating section, so that Word's own «+» adds another."""

    key: str
    alias: str
    loop: tuple[Row, Row]
    """The rows with the loop's tags, which disappear when merged."""
    row: Row


def _repeated(part: Repeated, widths: tuple[float, ...]) -> str:
    begin, end = (_row(row, widths) for row in part.loop)
    item = _section("", "Item", _row(part.row, widths))
    names = f'<w:alias w:val="{escape(part.alias)}"/><w:tag w:val="{part.key}"/>'
    return _section(names, "", begin + item + end)


def _section(names: str, kind: str, content: str) -> str:
    return (
        f"<w:sdt><w:sdtPr>{names}<w15:repeatingSection{kind}/></w:sdtPr>"
        f"<w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


def table(
    widths: tuple[float, ...], *rows: Row | Repeated, style: str = "BTITabell", about: str = ""
) -> str:
    """A table of fixed column *widths*; *about* is its description for those who listen."""
    props = f'<w:tblStyle w:val="{style}"/><w:tblW w:w="{twips(sum(widths))}" w:type="dxa"/>'
    props += '<w:tblInd w:w="0" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
    first = int(any(isinstance(row, Row) and row.header for row in rows))
    props += f'<w:tblLook w:val="{"0420" if first else "0400"}" w:firstRow="{first}"'
    props += ' w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
    props += f'<w:tblDescription w:val="{escape(about)}"/>' if about else ""
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths)
    body = "".join(
        _row(row, widths) if isinstance(row, Row) else _repeated(row, widths) for row in rows
    )
    return f"<w:tbl><w:tblPr>{props}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"
