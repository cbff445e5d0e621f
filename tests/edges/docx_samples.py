"""Small Word files made by hand, so that each test says exactly what stands in its document."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
WML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
DOCUMENT_TYPE = f"{WML}.document.main+xml"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId1"/>'
    '<w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1985" w:right="1134" w:bottom="1701" w:left="1134" w:header="567" '
    'w:footer="567" w:gutter="0"/></w:sectPr>'
)
STYLES = (
    f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Carlito" w:hAnsi="Carlito" w:cs="Carlito"/><w:sz w:val="22"/>'
    '<w:lang w:val="nb-NO"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
    "</w:style>"
    '<w:style w:type="character" w:styleId="Plassholder"><w:name w:val="Placeholder Text"/>'
    '<w:rPr><w:color w:val="6B6B6B"/></w:rPr></w:style></w:styles>'
)
FONTS = f'<w:fonts xmlns:w="{W}"><w:font w:name="Carlito"/></w:fonts>'
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010100000000376ef9240000000a49444154789c636800"
    "000082008177cd72b60000000049454e44ae426082"
)


def p(text: str, properties: str = "") -> str:
    """A paragraph with one run; `text` is plain."""
    return f"<w:p>{properties}{r(text)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def field(instruction: str, shown: str = "1") -> str:
    """A field as Word writes it, with a separate part and a result."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r(shown)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def sdt(tag: str, alias: str, content: str, kind: str = '<w:text w:multiLine="1"/>') -> str:
    """A content control around runs, paragraphs or a cell."""
    number = sum(tag.encode()) + len(alias)
    names = f"<w:alias w:val={quoteattr(alias)}/>" if alias else ""
    names += f"<w:tag w:val={quoteattr(tag)}/>" if tag else ""
    return (
        f'<w:sdt><w:sdtPr>{names}<w:id w:val="{number}"/>{kind}</w:sdtPr>'
        f"<w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


def tc(content: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr>{content}</w:tc>'


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr>{properties}{''.join(tc(cell) for cell in cells)}</w:tr>"


def tbl(*rows: str, columns: int = 3) -> str:
    grid = '<w:gridCol w:w="3000"/>' * columns
    return (
        '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def picture(description: str, millimetres: tuple[int, int] = (30, 10), number: int = 1) -> str:
    """An inline picture in a paragraph."""
    across, down = (side * 36000 for side in millimetres)
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:extent cx="{across}" cy="{down}"/>'
        f'<wp:docPr id="{number}" name="Bilde" descr={quoteattr(description)}/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        '<pic:nvPicPr><pic:cNvPr id="0" name="x.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        '<a:blip r:embed="rId9"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{across}" cy="{down}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def docx(
    body: str,
    *,
    header: str = "<w:p/>",
    footer: str = "<w:p/>",
    title: str = "",
    extra: Mapping[str, bytes | str] | None = None,
    relationships: str = "",
    settings: str = "",
) -> bytes:
    """A whole file. `extra` adds or replaces members, `relationships` adds to the document's."""
    document = f"<w:document {NAMESPACES}><w:body>{body}{SECTION}</w:body></w:document>"
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relationships(
            f'<Relationship Id="rId1" Type="{REL}/officeDocument" Target="word/document.xml"/>'
            '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/'
            'relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        ),
        "docProps/core.xml": _core(title),
        "word/document.xml": document,
        "word/header1.xml": f"<w:hdr {NAMESPACES}>{header}</w:hdr>",
        "word/footer1.xml": f"<w:ftr {NAMESPACES}>{footer}</w:ftr>",
        "word/styles.xml": STYLES,
        "word/settings.xml": f"<w:settings {NAMESPACES}>{settings}</w:settings>",
        "word/fontTable.xml": FONTS,
        "word/media/image1.png": PIXEL,
        "word/_rels/document.xml.rels": _relationships(
            f'<Relationship Id="rId1" Type="{REL}/header" Target="header1.xml"/>'
            f'<Relationship Id="rId2" Type="{REL}/footer" Target="footer1.xml"/>'
            f'<Relationship Id="rId3" Type="{REL}/styles" Target="styles.xml"/>'
            f'<Relationship Id="rId4" Type="{REL}/settings" Target="settings.xml"/>'
            f'<Relationship Id="rId5" Type="{REL}/fontTable" Target="fontTable.xml"/>'
            f'<Relationship Id="rId9" Type="{REL}/image" Target="media/image1.png"/>{relationships}'
        ),
        "word/_rels/header1.xml.rels": _relationships(
            f'<Relationship Id="rId9" Type="{REL}/image" Target="media/image1.png"/>'
        ),
        **(extra or {}),
    }
    return pack(members)


def pack(members: Mapping[str, bytes | str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def body_xml(content: bytes) -> str:
    return members(content)["word/document.xml"].decode()


def edited(content: bytes, old: str, new: str, part: str = "word/document.xml") -> bytes:
    """The same file after a replacement in one part's XML; the old text must be there."""
    parts: dict[str, bytes] = members(content)
    text = parts[part].decode()
    assert old in text, f"not in {part}: {old}"
    return pack({**parts, part: text.replace(old, new)})


def saved_by_word(content: bytes) -> bytes:
    """The marks that Word leaves when a person has edited a file: rsids, proofing, split runs."""
    parts: dict[str, bytes] = members(content)
    text = parts["word/document.xml"].decode()
    text = text.replace("<w:p>", '<w:p w:rsidR="00A1B2C3" w:rsidRDefault="00A1B2C3">')
    text = re.sub(
        r"<w:r>((?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?)<w:t(?: [^>]*)?>([^<]{2,})</w:t></w:r>",
        _split,
        text,
    )
    return pack({**parts, "word/document.xml": text})


def _split(run: re.Match[str]) -> str:
    looks, text = run[1], run[2]
    halves = re.fullmatch(r"((?:&\w+;|[^&]){1,4}?)((?:&\w+;|[^&])+)", text)
    if halves is None:
        return run[0]
    first, second = halves[1], halves[2]
    return (
        f'<w:r w:rsidR="00112233">{looks}<w:t xml:space="preserve">{first}</w:t></w:r>'
        '<w:proofErr w:type="spellStart"/><w:bookmarkStart w:id="77" w:name="_GoBack"/>'
        '<w:bookmarkEnd w:id="77"/>'
        f'<w:r>{looks}<w:lastRenderedPageBreak/><w:t xml:space="preserve">{second}</w:t></w:r>'
        '<w:proofErr w:type="spellEnd"/>'
    )


def _types() -> str:
    parts = {
        "word/document.xml": DOCUMENT_TYPE,
        "word/header1.xml": f"{WML}.header+xml",
        "word/footer1.xml": f"{WML}.footer+xml",
        "word/styles.xml": f"{WML}.styles+xml",
        "word/settings.xml": f"{WML}.settings+xml",
        "word/fontTable.xml": f"{WML}.fontTable+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in parts.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="png" ContentType="image/png"/>{overrides}</Types>'
    )


def _relationships(entries: str) -> str:
    uri = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{uri}">{entries}</Relationships>'


def _core(title: str) -> str:
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title></cp:coreProperties>"
    )
