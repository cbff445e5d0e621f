"""WordprocessingML's names, and reading and writing its XML without surprises."""

from __future__ import annotations

import codecs
import re
from typing import Final

from lxml import etree

from bti_docs.errors import MergeError
from bti_docs.merge.word.member_names import place_of

Element = etree._Element  # noqa: SLF001  (lxml's own name for an element, public in its stubs)

W_URI: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NS: Final = {
    "w": W_URI,
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
}
W: Final = f"{{{W_URI}}}"
W14: Final = f"{{{NS['w14']}}}"
WP: Final = f"{{{NS['wp']}}}"
R: Final = f"{{{NS['r']}}}"
A: Final = f"{{{NS['a']}}}"
RANGE_ENDS: Final = {
    W + f"{name}{edge}": name
    for name in ("bookmark", "commentRange", "perm", "moveFromRange", "moveToRange")
    for edge in ("Start", "End")
}
"""Elements that only mark where a range begins or ends, and the range's kind."""
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"

MAX_MARKUP: Final = 3_000_000
"""Tags and attributes of one part. Measured: up to 175 bytes of memory for each of them."""
_DECLARED: Final = re.compile(rb"\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']*)[\"']")
_NARROW: Final = frozenset({b"utf-8", b"us-ascii", b"ascii"})
_WIDE: Final = frozenset({b"utf-16", b"utf-16le", b"utf-16be"})
_WIDE_BEGINNINGS: Final = {
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"<\x00": "utf-16-le",
    b"\x00<": "utf-16-be",
}
_DECLARATION: Final = 200
"""Where a declaration has ended."""


def parse(content: bytes, part: str) -> Element:
    """The part's root element. Nothing is looked up outside the bytes.

    Raises:
        MergeError: `docx_doctype` for a document type declaration, `docx_encoding` for another
            encoding than the format's UTF-8 and UTF-16, `docx_too_much_markup`, and `docx_xml`
            when it is not XML.
    """
    text = _utf8(content, part)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise MergeError("docx_doctype", part=place_of(part))
    if len(text) > MAX_MARKUP and text.count(b"<") + text.count(b"=") > MAX_MARKUP:
        raise MergeError("docx_too_much_markup", part=place_of(part))
    # the encoding is said, so that the parser does not find one of its own
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise MergeError("docx_xml", part=place_of(part)) from error


def _utf8(content: bytes, part: str) -> bytes:
    wide = _WIDE_BEGINNINGS.get(content[:2])
    try:
        text = content if wide is None else content.decode(wide).encode()
    except UnicodeError as error:
        raise MergeError("docx_xml", part=place_of(part)) from error
    text = text.removeprefix(codecs.BOM_UTF8)
    declared = _DECLARED.match(text, 0, _DECLARATION)
    if declared is not None and declared[1].lower() not in (_NARROW if wide is None else _WIDE):
        raise MergeError("docx_encoding", part=place_of(part))
    return text


def serialise(root: Element) -> bytes:
    """The part's bytes as Word writes them: UTF-8, declared, standalone."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def w(element: Element, name: str) -> str | None:
    """The value of the element's attribute `w:name`."""
    return element.get(W + name)


def detach(element: Element) -> None:
    """Take the element out of what holds it."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def inside(element: Element, tag: str) -> bool:
    """Whether the element stands directly in one of that tag."""
    parent = element.getparent()
    return parent is not None and parent.tag == tag


def on(element: Element | None) -> bool:
    """Whether an on/off property is there and on: `<w:strike/>`, not `<w:strike w:val="0"/>`."""
    return element is not None and w(element, "val") not in {"0", "false", "off", "none"}
