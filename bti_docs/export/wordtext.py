"""A Word file's text in reading order: a table row as «heading: cell», so that it reads aloud.

What nobody has filled in is left out, with its label or heading: on a page to read it says nothing.
A form that is to be filled in by hand keeps its labels.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from bti_docs import messages

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WRAPPERS: Final = frozenset({f"{_W}sdtContent", f"{_W}ins", f"{_W}hyperlink", f"{_W}smartTag"})
_TEXT: Final = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_LABEL: Final = "Ledetekst"
"""The templates' style for what stands before a value."""
_SKIPPED: Final = frozenset({f"{_W}del", f"{_W}pPr", f"{_W}rPr", f"{_W}instrText"})
_HEADING: Final = re.compile(r"(?:Heading|Overskrift)(\d)|Title|Tittel")
_CLOCK: Final = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)\b")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a Word file; blank between its parts."""

    text: str
    level: int | None = None
    """A heading's level, 0 for the title; None for text."""


_GAP: Final = Line("")


def word_text(data: bytes, *, form: bool = False) -> str:
    """The body's text, an empty line between its parts; blank when the file is broken.

    *form*: also labels and headings without a value.
    """
    return "\n".join(line.text for line in word_lines(data, form=form))


def word_lines(data: bytes, *, form: bool = False) -> tuple[Line, ...]:
    """The same line by line; none when the file is broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            document = package.read("word/document.xml")
        root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError):
        return ()
    body = root.find(f"{_W}body")
    if body is None:
        return ()
    lines = list(_Reader(form=form).blocks(body))
    return tuple(_with_single_gaps(lines if form else _without_empty_parts(lines)))


def _with_single_gaps(lines: Iterable[Line]) -> Iterator[Line]:
    """One empty line between two parts, and none at the ends."""
    gap, begun = False, False
    for line in lines:
        if line.text:
            if gap and begun:
                yield _GAP
            yield line
        gap, begun = not line.text, begun or bool(line.text)


def _without_empty_parts(lines: list[Line]) -> Iterator[Line]:
    """Without the headings that nothing stands under."""
    for number, line in enumerate(lines):
        if line.level is None or _has_text(lines[number + 1 :], line.level):
            yield line


def _has_text(after: Iterable[Line], level: int) -> bool:
    for line in after:
        if line.level is not None and line.level <= level:
            return False
        if line.level is None and line.text:
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Reader:
    form: bool

    def blocks(self, parent: etree._Element) -> Iterator[Line]:
        for child in parent:
            if child.tag == f"{_W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                yield from self._table(child)
            elif child.tag == f"{_W}sdt":
                content = _content(child)
                if content is not None:
                    yield from self.blocks(content)
            elif child.tag in _WRAPPERS:
                yield from self.blocks(child)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[Line]:
        text = "".join(_runs(paragraph)).strip()
        asks = text.endswith(":") and paragraph.find(f".//{_W}sdt") is not None
        if not text or (asks and not self.form):
            return
        level = _level(paragraph)
        if level is not None:
            yield _GAP
            yield Line(" ".join(text.split()), level)
            return
        for line in text.splitlines():
            yield Line(_clock(" ".join(line.split())))

    def _table(self, table: etree._Element) -> Iterator[Line]:
        rows = list(_inside(table, f"{_W}tr"))
        has_head = bool(rows) and rows[0].find(f"{_W}trPr/{_W}tblHeader") is not None
        head = [" ".join(cell) for cell in self._cells(rows[0])] if has_head else []
        for row in rows[1:] if has_head else rows:
            cells = self._cells(row)
            if any(cells):
                yield from _under(head, cells) if has_head else self._side_by_side(row, cells)

    def _cells(self, row: etree._Element) -> list[tuple[str, ...]]:
        """Each cell's lines."""
        cells = _inside(row, f"{_W}tc")
        return [tuple(line.text for line in self.blocks(c) if line.text) for c in cells]

    def _side_by_side(self, row: etree._Element, cells: list[tuple[str, ...]]) -> Iterator[Line]:
        """A row of a form: each label with the value beside it, on lines of their own."""
        label, values = "", list[tuple[str, ...]]()
        for cell, lines in zip(_inside(row, f"{_W}tc"), cells, strict=True):
            if lines and _style(cell.find(f".//{_W}p")) == _LABEL:
                yield from self._labelled(label, values)
                label, values = " ".join(lines), []
            elif lines:
                values.append(lines)
        yield from self._labelled(label, values)

    def _labelled(self, label: str, values: list[tuple[str, ...]]) -> Iterator[Line]:
        if label and (values or self.form):
            yield from _after(label, tuple(line for value in values for line in value))
        elif not label and any(len(value) > 1 for value in values):
            for value in values:
                yield _GAP
                yield from map(Line, value)
        elif values and not label:
            yield Line(" · ".join(line for value in values for line in value))


def _under(head: list[str], cells: list[tuple[str, ...]]) -> Iterator[Line]:
    """A row's cells, each after its column's heading."""
    yield _GAP
    for number, cell in enumerate(cells):
        label = head[number] if number < len(head) else ""
        if cell and label:
            yield from _after(label, cell)
        else:
            yield from map(Line, cell)


def _after(label: str, lines: tuple[str, ...]) -> Iterator[Line]:
    """One line beside its label, several under it."""
    if len(lines) > 1:
        yield Line(f"{label}:")
        yield from map(Line, lines)
    else:
        yield Line(" ".join((f"{label}:", *lines)))


def _content(control: etree._Element) -> etree._Element | None:
    """What a content control holds; nothing when it only shows its «write here»."""
    if control.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None:
        return None
    content = control.find(f"{_W}sdtContent")
    said = "".join(map(str, content.itertext(f"{_W}t"))) if content is not None else ""
    return None if said.strip() in _prompts() else content


def _prompts() -> frozenset[str]:
    """What stands in a field that nobody has filled in, also when Word's mark of it is lost."""
    return frozenset(messages.text("write_here", language) for language in messages.LANGUAGES)


def _level(paragraph: etree._Element) -> int | None:
    """A heading's level; None for other paragraphs."""
    found = _HEADING.match(_style(paragraph))
    return int(found[1] or 0) if found else None


def _clock(text: str) -> str:
    """«kl. 9:30» as «kl. 9.30», as the rest of the page has it."""
    return _CLOCK.sub(r"\1.\2", text) if "kl." in text else text


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


def _inside(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, also those in content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag == f"{_W}sdt":
            content = child.find(f"{_W}sdtContent")
            yield from _inside(content, tag) if content is not None else ()
