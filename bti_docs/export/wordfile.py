"""A small Word file in memory: headings, paragraphs and list lines, the same bytes each time.

For a page or two of plain text that is to become PDF; the official documents have real templates.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

from bti_docs.export.front import Paragraph

_W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
_LANGUAGES: Final = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}

_TYPES: Final = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_MAIN}.styles+xml"/></Types>'
)
_RELATIONS: Final = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_DOCUMENT_RELATIONS: Final = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)

# style: name, half-points, space before and after in twentieths of a point, more
_STYLES: Final = {
    "Title": ("Title", 44, 0, 160, "<w:b/>", ""),
    "Heading1": ("heading 1", 32, 360, 120, "<w:b/>", '<w:outlineLvl w:val="0"/>'),
    "Heading2": ("heading 2", 26, 240, 60, "<w:b/>", '<w:outlineLvl w:val="1"/>'),
    "Heading3": ("heading 3", 23, 160, 40, "<w:b/>", '<w:outlineLvl w:val="2"/>'),
    "ListParagraph": ("List Paragraph", 23, 0, 80, "", '<w:ind w:left="340" w:hanging="227"/>'),
    "Window": ("Window", 4, 880, 0, "", ""),
    "Address": ("Address", 23, 0, 0, "", ""),
    "Small": ("Small", 20, 0, 100, '<w:color w:val="4A565B"/>', ""),
}
_INK: Final = '<w:color w:val="17505F"/>'


def word_file(paragraphs: Iterable[Paragraph], language: str) -> bytes:
    """The paragraphs as a .docx on upright A4."""
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": _document(paragraphs),
        "word/_rels/document.xml.rels": _DOCUMENT_RELATIONS,
        "word/styles.xml": _styles(_LANGUAGES[language]),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name, _EARLIEST), text)
    return out.getvalue()


def _document(paragraphs: Iterable[Paragraph]) -> str:
    body = "".join(_paragraph(p) for p in paragraphs)
    page = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1247" w:right="1247" w:bottom="1247" w:left="1247" '
        'w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )
    return f"{_HEAD}<w:document {_W}><w:body>{body}{page}</w:body></w:document>"


def _paragraph(paragraph: Paragraph) -> str:
    listed = paragraph.style == "ListParagraph"
    text = "• " + paragraph.text if listed else paragraph.text
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{paragraph.style}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(_printable(text))}</w:t></w:r></w:p>'
    )


def _printable(text: str) -> str:
    """Without the control characters that XML forbids."""
    return "".join(c if c.isprintable() else " " for c in text)


def _styles(language: str) -> str:
    default = (
        "<w:docDefaults><w:rPrDefault><w:rPr>"
        '<w:rFonts w:ascii="Carlito" w:hAnsi="Carlito" w:cs="Carlito"/>'
        f'<w:sz w:val="23"/><w:lang w:val="{language}"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="276" w:lineRule="auto"/></w:pPr>'
        '</w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" '
        'w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    )
    return f"{_HEAD}<w:styles {_W}>{default}{''.join(map(_style, _STYLES))}</w:styles>"


def _style(key: str) -> str:
    name, size, before, after, run, extra = _STYLES[key]
    heading = key.startswith("Heading")
    keep = "<w:keepNext/>" if heading else ""
    ink = _INK if heading or key == "Title" else ""
    indent, outline = ("", extra) if "outlineLvl" in extra else (extra, "")
    bold, colour = ("<w:b/>", ink) if run == "<w:b/>" else ("", run)
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr>{keep}<w:spacing w:before="{before}" '
        f'w:after="{after}"/>{indent}{outline}</w:pPr>'
        f'<w:rPr>{bold}{colour}<w:sz w:val="{size}"/></w:rPr></w:style>'
    )
