"""A Word file's text in reading order: a table row as «heading: cell», so that it reads aloud."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Final

from lxml import etree

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WRAPPERS: Final = frozenset({f"{_W}sdtContent", f"{_W}ins", f"{_W}hyperlink", f"{_W}smartTag"})
_TEXT: Final = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_LABEL: Final = "Ledetekst"
"""The templates' style for what stands before a value."""
_SKIPPED: Final = frozenset({f"{_W}del", f"{_W}pPr", f"{_W}rPr", f"{_W}instrText"})


def word_text(data: bytes) -> str:
    """The body's text, an empty line between its parts; blank when the file is broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            document = package.read("word/document.xml")
        root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError):
        return ""
    body = root.find(f"{_W}body")
    return "\n".join(_blocks(body)).strip() if body is not None else ""


def _blocks(parent: etree._Element) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield from _paragraph(child)
        elif child.tag == f"{_W}tbl":
            yield from _table(child)
        elif child.tag == f"{_W}sdt":
            content = _content(child)
            if content is not None:
                yield from _blocks(content)
        elif child.tag in _WRAPPERS:
            yield from _blocks(child)


def _content(control: etree._Element) -> etree._Element | None:
    """What a content control holds; nothing when it only shows its «write here»."""
    if control.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None:
        return None
    return control.find(f"{_W}sdtContent")


def _paragraph(paragraph: etree._Element) -> Iterator[str]:
    text = "".join(_runs(paragraph)).strip()
    if not text:
        return
    if _is_heading(paragraph):
        yield ""
    yield text


def _is_heading(paragraph: etree._Element) -> bool:
    return _style(paragraph).startswith(("Heading", "Overskrift", "Title", "Tittel"))


def _style(paragraph: etree._Element | None) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle") if paragraph is not None else None
    return str(style.get(f"{_W}val")) if style is not None else ""


def _runs(parent: etree._Element) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _TEXT:
            yield _TEXT[str(child.tag)]
        elif child.tag == f"{_W}sdt":
            content = _content(child)
            yield from _runs(content) if content is not None else ()
        elif child.tag not in _SKIPPED and child.tag in {f"{_W}r", *_WRAPPERS}:
            yield from _runs(child)


def _table(table: etree._Element) -> Iterator[str]:
    rows = list(_inside(table, f"{_W}tr"))
    has_head = bool(rows) and rows[0].find(f"{_W}trPr/{_W}tblHeader") is not None
    head = _cells(rows[0]) if has_head else []
    for row in rows[1:] if has_head else rows:
        cells = _cells(row)
        if not any(cells):
            continue
        yield from _under(head, cells) if has_head else _side_by_side(row, cells)


def _under(head: list[str], cells: list[str]) -> Iterator[str]:
    """A row's cells, each after its column's heading."""
    yield ""
    for number, cell in enumerate(cells):
        label = head[number] if number < len(head) else ""
        if cell:
            yield f"{label}: {cell}" if label else cell


def _side_by_side(row: etree._Element, cells: list[str]) -> Iterator[str]:
    """A row of a form: each label with the value beside it, on a line of its own."""
    line: list[str] = []
    for cell, text in zip(_inside(row, f"{_W}tc"), cells, strict=True):
        if _style(cell.find(f".//{_W}p")) == _LABEL and text:
            yield from _joined(line)
            line = [f"{text}:"]
        elif text:
            line.append(text)
    yield from _joined(line)


def _joined(line: list[str]) -> Iterator[str]:
    if line and line[0].endswith(":"):
        yield " ".join(line)
    elif line:
        yield " · ".join(line)


def _cells(row: etree._Element) -> list[str]:
    return [" ".join(" ".join(_blocks(cell)).split()) for cell in _inside(row, f"{_W}tc")]


def _inside(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, also those in content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag == f"{_W}sdt":
            content = child.find(f"{_W}sdtContent")
            yield from _inside(content, tag) if content is not None else ()
