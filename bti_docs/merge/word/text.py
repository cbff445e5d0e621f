"""A Word document's text as a person reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bti_docs.merge.word.xml import Element, W, w

_UNREAD: Final = frozenset(
    W + name
    for name in (
        "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr",
        "del", "moveFrom", "delText", "instrText", "delInstrText", "drawing", "pict", "object",
        "footnoteRef", "annotationRef",
    )
)  # fmt: skip
_MARKS: Final = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
_MATHS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_PICTURES: Final = (W + "drawing", W + "pict", W + "object")
_CODE: Final = re.compile(r"[0-9A-Fa-f]{4}")
_UNKNOWN: Final = "\ufffd"
_SYMBOLS: Final = {
    0xF04A: "☺",
    0xF04B: "😐",
    0xF04C: "☹",
    0xF0A7: "▪",
    0xF0B7: "•",
    0xF0DF: "←",
    0xF0E0: "→",
    0xF0E8: "➔",
    0xF0F3: "⇔",
    0xF0FB: "✗",
    0xF0FC: "✓",
    0xF0FD: "☒",
    0xF0FE: "☑",
}
"""Signs of Word's symbol fonts: what it writes for :) and -->, and what people mark with."""
_EXCERPT: Final = 40
_PARAGRAPH: Final = "\x00"
"""Between paragraphs while a text is put together; no document can hold it."""


def text_of(element: Element) -> str:
    r"""The text with `\n` between paragraphs and at line breaks, and `\t` for tabs."""
    return "".join(_pieces(element)).strip(_PARAGRAPH).replace(_PARAGRAPH, "\n")


def official_texts(element: Element) -> list[str]:
    """The texts of the paragraphs in *element*, without what controls hold and fields show."""
    return [
        official_text(paragraph)
        for paragraph in element.iter(W + "p")
        if not is_held(paragraph) and all(map(_is_read, paragraph.iterancestors()))
    ]


def is_held(element: Element) -> bool:
    """Whether a control holds the element."""
    return next(element.iterancestors(W + "sdt"), None) is not None


def official_text(paragraph: Element) -> str:
    """The text of one paragraph, without what controls hold and fields show."""
    pieces: list[str] = []
    depth = 0
    for run in _outside_controls(paragraph):
        change = run.find(W + "fldChar")
        kind = None if change is None else w(change, "fldCharType")
        depth += {"begin": 1, "end": -1}.get(kind or "", 0)
        if depth == 0:
            pieces += _pieces(run)
    return "".join(pieces).replace(_PARAGRAPH, " ")


def pictures(element: Element) -> int:
    """How many pictures, drawings and embedded objects there are."""
    return sum(1 for one in element.iter(*_PICTURES) if _is_outermost(one))


def same(one: str, other: str) -> bool:
    """Whether two texts are the same, white space apart."""
    return one.split() == other.split()


def shortened(text: str) -> str:
    """How a text begins, for messages."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _EXCERPT else f"{plain[: _EXCERPT - 1]}…"


def _pieces(element: Element) -> Iterator[str]:
    if element.tag in {W + "t", _MATHS}:
        yield element.text or ""
    elif element.tag == W + "sym":
        yield _symbol(w(element, "char") or "")
    elif element.tag in _MARKS:
        yield _MARKS[element.tag]
    elif element.tag == W + "br":
        if w(element, "type") in {None, "textWrapping"}:
            yield "\n"
    elif element.tag not in _UNREAD and _is_read(element):
        for child in element:
            yield from _pieces(child)
        if element.tag == W + "p":
            yield _PARAGRAPH


def _symbol(code: str) -> str:
    number = int(code, 16) if _CODE.fullmatch(code) else 0
    letter = chr(number)
    return _SYMBOLS.get(number) or (letter if letter.isprintable() else _UNKNOWN)


def _is_outermost(picture: Element) -> bool:
    """Whether it is not part of another picture, or the second telling of one."""
    return all(a.tag not in _PICTURES and _is_read(a) for a in picture.iterancestors())


def _is_read(element: Element) -> bool:
    # AlternateContent says everything twice
    return isinstance(element.tag, str) and not element.tag.endswith("}Fallback")


def _outside_controls(paragraph: Element) -> Iterator[Element]:
    """The paragraph's own runs, apart from those in controls and simple fields."""
    for child in paragraph:
        if child.tag == W + "r":
            yield child
        elif child.tag not in {W + "sdt", W + "fldSimple", *_UNREAD} and _is_read(child):
            yield from _outside_controls(child)
