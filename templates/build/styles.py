"""The styles of the letterhead: one sans serif, one accent colour, real headings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wml import ACCENT, GREY, RULE, TINT

W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@dataclass(frozen=True, slots=True)
class Look:
    """A paragraph style; sizes and spaces in points."""

    style_id: str
    name: str
    size: float = 0
    before: float = -1
    after: float = -1
    bold: bool = False
    colour: str = ""
    based: str = "Normal"
    following: str = ""
    keep_next: bool = False
    keep_lines: bool = False
    exact: float = 0
    """Exact line height in points; 0 follows the font."""
    outline: int = -1
    extra: str = ""
    """Paragraph properties that stand between spacing and outline level: ind, contextualSpacing."""
    lead: str = ""
    """Paragraph properties that stand before spacing: numPr, tabs."""


def _spacing(look: Look) -> str:
    before = f' w:before="{round(look.before * 20)}"' if look.before >= 0 else ""
    after = f' w:after="{round(look.after * 20)}"' if look.after >= 0 else ""
    exact = f' w:line="{round(look.exact * 20)}" w:lineRule="exact"' if look.exact else ""
    return f"<w:spacing{before}{after}{exact}/>" if before or after else ""


def _paragraph_style(look: Look) -> str:
    p = "<w:keepNext/>" if look.keep_next else ""
    p += "<w:keepLines/>" if look.keep_lines else ""
    p += look.lead + _spacing(look) + look.extra
    p += f'<w:outlineLvl w:val="{look.outline}"/>' if look.outline >= 0 else ""
    r = "<w:b/>" if look.bold else ""
    r += f'<w:color w:val="{look.colour}"/>' if look.colour else ""
    if look.size:
        half = round(look.size * 2)
        r += f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
    head = f'<w:name w:val="{look.name}"/><w:basedOn w:val="{look.based}"/>'
    head += f'<w:next w:val="{look.following}"/>' if look.following else ""
    body = (f"<w:pPr>{p}</w:pPr>" if p else "") + (f"<w:rPr>{r}</w:rPr>" if r else "")
    custom = ' w:customStyle="1"' if look.style_id in _OURS else ""
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{look.style_id}">'
        f"{head}<w:qFormat/>{body}</w:style>"
    )


_OURS: Final = frozenset(
    {"Liten", "Celle", "Tabellhode", "Ledetekst", "Etikett", "Adresse", "Ramme", "Luft", "Avstand",
     "Valg", "Avkryss", "Slutt", "Strek"}
)  # fmt: skip
_MARK_TABS: Final = '<w:tabs><w:tab w:val="left" w:pos="340"/></w:tabs>'
_MARK_INDENT: Final = '<w:ind w:left="340" w:hanging="340"/>'
_TICK_TABS: Final = '<w:tabs><w:tab w:val="left" w:pos="454"/></w:tabs>'
_TICK_INDENT: Final = '<w:ind w:left="454" w:hanging="454"/>'
_FOOT_INDENT: Final = '<w:ind w:left="567"/>'
_LINE: Final = (
    f'<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="0" w:color="{ACCENT}"/></w:pBdr>'
)
_FOOT_TABS: Final = '<w:tabs><w:tab w:val="right" w:pos="9752"/></w:tabs>'


def _heading(level: int, size: float, before: float, after: float) -> Look:
    return Look(
        f"Heading{level}",
        f"heading {level}",
        size,
        before,
        after,
        bold=True,
        colour=ACCENT,
        following="Normal",
        keep_next=True,
        keep_lines=True,
        outline=level - 1,
    )


def _looks(body: float) -> tuple[Look, ...]:
    small, table = body - 2, body - 0.5
    return (
        _heading(1, 20, 6, 4),
        _heading(2, body + 1.5, 9, 2),
        _heading(3, body, 6, 1),
        Look("Subtitle", "Subtitle", 13, 0, 6, colour=GREY, following="Normal"),
        Look("Celle", "Celle", table, 0, 0),
        Look("Tabellhode", "Tabellhode", table, 0, 0, bold=True, colour=ACCENT, based="Celle",
             keep_next=True),
        Look("Ledetekst", "Ledetekst", table, 0, 0, bold=True, colour=ACCENT, based="Celle"),
        Look("Valg", "Valg", body + 1, 4, 0, lead=_TICK_TABS, extra=_TICK_INDENT),
        Look("Avkryss", "Avkryss", lead=_MARK_TABS, extra=_MARK_INDENT, based="Celle"),
        Look("Etikett", "Etikett", 9, 2.5, 0, colour=GREY),
        Look("Liten", "Liten", small, 0, 2, colour=GREY),
        Look("Adresse", "Adresse", 11, 0, 0),
        Look("Ramme", "Ramme", table, 0, 1, based="Celle"),
        Look("Luft", "Luft", 4, 0, 0, exact=6),
        Look("Strek", "Strek", 8, 0, 0, exact=37, lead=_LINE),
        Look("Slutt", "Slutt", 1, 0, 0, exact=2),
        Look("Avstand", "Avstand", 8, 0, 0, exact=32),
        Look("Header", "header", 9, 0, 0, colour=GREY),
        Look("Footer", "footer", 8.5, 0, 0, colour=GREY, lead=_FOOT_TABS, extra=_FOOT_INDENT),
        Look(
            "ListBullet", "List Bullet", 0, 0, 2,
            lead='<w:numPr><w:numId w:val="1"/></w:numPr>',
            extra='<w:ind w:left="284" w:hanging="284"/><w:contextualSpacing/>',
        ),
    )  # fmt: skip


def _character(style_id: str, name: str, props: str) -> str:
    custom = ' w:customStyle="1"' if style_id in {"Rute", "Stor"} else ""
    return (
        f'<w:style w:type="character"{custom} w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:rPr>{props}</w:rPr></w:style>'
    )


def _edges(*edges: str) -> str:
    return "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="{RULE}"/>' for edge in edges
    )


def _margins(**points: float) -> str:
    """Cell margins in points, given in the schema's order: top, left, bottom, right."""
    edges = "".join(
        f'<w:{edge} w:w="{round(wide * 20)}" w:type="dxa"/>' for edge, wide in points.items()
    )
    return f"<w:tblCellMar>{edges}</w:tblCellMar>"


def _table_style(style_id: str, props: str, first_row: str = "") -> str:
    name = style_id.replace("BTI", "BTI ")
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr>{props}</w:tblPr>{first_row}</w:style>'
    )


def _table_styles() -> str:
    normal = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
        '<w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        f"{_margins(top=1.5, left=4.25, bottom=1, right=4.25)}</w:tblPr></w:style>"
    )
    first = (
        f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:shd w:val="clear" '
        f'w:color="auto" w:fill="{TINT}"/></w:tcPr></w:tblStylePr>'
    )
    all_rules = f"<w:tblBorders>{_edges('top', 'bottom', 'insideH')}</w:tblBorders>"
    below = f"<w:tblBorders>{_edges('bottom', 'insideH')}</w:tblBorders>"
    return (
        normal
        + _table_style("BTITabell", all_rules, first)
        + _table_style("BTIFakta", below)
        + _table_style("BTIOppsett", _margins(left=0, right=0))
        + _table_style("BTIRamme", _margins(top=4.25, left=8.5, bottom=4.25, right=8.5))
    )


def _defaults(locale: str, body: float) -> str:
    half = round(body * 2)
    return (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Carlito" w:hAnsi="Carlito" '
        'w:eastAsia="Carlito" w:cs="Carlito"/>'
        f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
        f'<w:lang w:val="{locale}" w:eastAsia="{locale}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="80" w:line="252" w:lineRule="auto"/></w:pPr>'
        "</w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    )


def _characters() -> str:
    box = '<w:rFonts w:ascii="DejaVu Sans" w:hAnsi="DejaVu Sans" w:cs="DejaVu Sans"/>'
    large = f'<w:b/><w:color w:val="{ACCENT}"/><w:sz w:val="28"/><w:szCs w:val="28"/>'
    return (
        _character("Strong", "Strong", "<w:b/>")
        + _character("Stor", "Stor", large)
        + _character("Rute", "Rute", box)
        + _character("PlaceholderText", "Placeholder Text", f'<w:color w:val="{GREY}"/>')
    )


def styles_xml(locale: str, body: float) -> str:
    """styles.xml for a document in *locale* (`nb-NO`) with *body* points of running text."""
    paragraphs = "".join(_paragraph_style(look) for look in _looks(body))
    start, characters = _defaults(locale, body), _characters()
    return f"<w:styles {W}>{start}{paragraphs}{characters}{_table_styles()}</w:styles>"
