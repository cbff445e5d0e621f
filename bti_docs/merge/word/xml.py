"""WordprocessingML's names, and reading and writing its XML without surprises."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from bti_docs.errors import MergeError

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
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"

_DOCTYPE: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def parse(content: bytes, part: str) -> Element:
    """The part's root element. Nothing is looked up outside the bytes.

    Raises:
        MergeError: `docx_doctype` for a document type declaration, `docx_xml` when it is not XML.
    """
    if _DOCTYPE.search(content) or (b"\x00" in content and _declares_doctype_wide(content)):
        raise MergeError("docx_doctype", part=part)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_pis=False, huge_tree=False
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise MergeError("docx_xml", part=part) from error


def _declares_doctype_wide(content: bytes) -> bool:
    return _DOCTYPE.search(content.replace(b"\x00", b"")) is not None


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
