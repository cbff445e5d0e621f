"""Our own empty Word file: the parts, their relations, and a zip that is the same every time.

python-docx's default document fails openxml-audit, so the parts are written here from nothing.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from dataclasses import dataclass
from typing import Final

from letterhead import Paper, footer_xml, header_xml
from pictures import code_png, logo_png
from styles import W, styles_xml
from theme import theme_xml
from wml import twips

_REL: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PKG: Final = "http://schemas.openxmlformats.org/package/2006"
_WML: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MADE: Final = "2026-11-22T08:00:00Z"
SPACES: Final = (
    f'{W} xmlns:r="{_REL}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="w14 w15"'
)
_CONTROL: Final = re.compile(r"<w:sdtPr>(?:<w:alias [^>]*/>)?(?:<w:tag [^>]*/>)?")
_FIRST_CONTROL: Final = 1001
_PARTS: Final = (
    ("styles", "styles"),
    ("settings", "settings"),
    ("fontTable", "fontTable"),
    ("numbering", "numbering"),
    ("header1", "header"),
    ("footer1", "footer"),
    ("footer2", "footer"),
)


@dataclass(frozen=True, slots=True)
class Margins:
    """The page's margins in millimetres; they keep both code places free on every page."""

    top: float = 32
    right: float = 18
    bottom: float = 28
    left: float = 18
    header: float = 9
    footer: float = 8


def _types() -> str:
    defaults = "".join(
        f'<Default Extension="{ext}" ContentType="{kind}"/>'
        for ext, kind in (
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
            ("png", "image/png"),
        )
    )
    overrides = f'<Override PartName="/word/document.xml" ContentType="{_WML}.document.main+xml"/>'
    overrides += "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WML}.{kind}+xml"/>'
        for name, kind in _PARTS
    )
    overrides += (
        '<Override PartName="/word/theme/theme1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.theme+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        '<Override PartName="/docProps/app.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.extended-properties+xml"/>'
    )
    return f'<Types xmlns="{_PKG}/content-types">{defaults}{overrides}</Types>'


def _relations(*targets: tuple[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PKG}/relationships">{items}</Relationships>'


def _core(paper: Paper) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PKG}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{paper.title}</dc:title><dc:creator>bti-docs</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{_MADE}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{_MADE}</dcterms:modified>'
        f"<dc:language>{paper.locale}</dc:language></cp:coreProperties>"
    )


def _app() -> str:
    return (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        'extended-properties"><Application>bti-docs</Application></Properties>'
    )


def _settings(locale: str) -> str:
    modern = "http://schemas.microsoft.com/office/word"
    return (
        f'<w:settings {W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        f'<w:compatSetting w:name="compatibilityMode" w:uri="{modern}" w:val="15"/>'
        f'</w:compat><w:themeFontLang w:val="{locale}"/><w:decimalSymbol w:val=","/>'
        '<w:listSeparator w:val=";"/></w:settings>'
    )


def _fonts() -> str:
    fonts = (("Carlito", "Calibri", "swiss"), ("DejaVu Sans", "Segoe UI Symbol", "swiss"))
    items = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{twin}"/><w:charset w:val="00"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        for name, twin, family in fonts
    )
    return f"<w:fonts {W}>{items}</w:fonts>"


def _numbering() -> str:
    level = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
        '<w:pStyle w:val="ListBullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="284" w:hanging="284"/></w:pPr></w:lvl>'
    )
    return (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">'
        f'<w:multiLevelType w:val="singleLevel"/>{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


def _section(margins: Margins) -> str:
    header, footer, first = (f'r:id="rId{n}"' for n in (5, 6, 7))
    edges = " ".join(
        f'w:{edge}="{twips(getattr(margins, edge))}"'
        for edge in ("top", "right", "bottom", "left", "header", "footer")
    )
    return (
        f'<w:sectPr><w:headerReference w:type="default" {header}/>'
        f'<w:headerReference w:type="first" {header}/>'
        f'<w:footerReference w:type="default" {footer}/>'
        f'<w:footerReference w:type="first" {first}/>'
        '<w:pgSz w:w="11906" w:h="16838"/>'
        f'<w:pgMar {edges} w:gutter="0"/><w:cols w:space="708"/><w:titlePg/></w:sectPr>'
    )


def _numbered(body: str) -> str:
    """Each content control with an identifier of its own, as Word gives them."""
    numbers = itertools.count(_FIRST_CONTROL)
    return _CONTROL.sub(lambda names: f'{names[0]}<w:id w:val="{next(numbers)}"/>', body)


def _parts(paper: Paper, body: str) -> dict[str, str | bytes]:
    word = [(f"{_REL}/{kind}", f"{name}.xml") for name, kind in _PARTS]
    word.append((f"{_REL}/theme", "theme/theme1.xml"))
    pictures = [(f"{_REL}/image", f"media/{name}.png") for name in ("logo", "kode")]
    document = f"<w:document {SPACES}><w:body>{_numbered(body)}{_section(Margins())}"
    document += "</w:body></w:document>"
    return {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(
            (f"{_REL}/officeDocument", "word/document.xml"),
            (f"{_PKG}/relationships/metadata/core-properties", "docProps/core.xml"),
            (f"{_REL}/extended-properties", "docProps/app.xml"),
        ),
        "docProps/app.xml": _app(),
        "docProps/core.xml": _core(paper),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _relations(*word),
        "word/styles.xml": styles_xml(paper.locale, paper.body),
        "word/settings.xml": _settings(paper.locale),
        "word/theme/theme1.xml": theme_xml(),
        "word/fontTable.xml": _fonts(),
        "word/numbering.xml": _numbering(),
        "word/header1.xml": f"<w:hdr {SPACES}>{header_xml()}</w:hdr>",
        "word/_rels/header1.xml.rels": _relations(*pictures),
        "word/footer1.xml": f"<w:ftr {SPACES}>{footer_xml(paper, first=False)}</w:ftr>",
        "word/footer2.xml": f"<w:ftr {SPACES}>{footer_xml(paper, first=True)}</w:ftr>",
        "word/media/kode.png": code_png(),
        "word/media/logo.png": logo_png(),
    }


def package(paper: Paper, body: str) -> bytes:
    """A whole Word file round *body*, the same bytes for the same words."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _parts(paper, body).items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            data = content if isinstance(content, bytes) else (_XML + content).encode()
            archive.writestr(info, data)
    return out.getvalue()
