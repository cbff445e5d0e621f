"""Tags in paragraphs: each is put whole into one text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from bti_docs.merge.language.normalise_scan import Sign, scan
from bti_docs.merge.language.normalise_tree import own_nodes, take_out_text
from bti_docs.merge.word.xml import XML_SPACE, Element, W, inside, w

_BREAKS: Final = {
    W + "br": " ",
    W + "cr": " ",
    W + "tab": " ",
    W + "noBreakHyphen": "-",
    W + "softHyphen": "\u00ad",
}
"""What an element within a tag stands for: a long tag may be written on two lines."""
_OTHERS: Final = (
    W + "instrText",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}t",
)
PARAGRAPH_TEXTS: Final = frozenset({W + "t", *_OTHERS})
"""The texts of paragraphs, in which tags may be cut into pieces: shown, of fields, of formulas."""

Piece = tuple[Element, str]
"""An element, and what a tag reads there."""


def text_pieces(paragraph: Element) -> list[Piece]:
    """The paragraph's own texts, line breaks and tabs, in order."""
    return [
        (node, (node.text or "") if node.tag == W + "t" else _BREAKS[node.tag])
        for node in own_nodes(paragraph, W + "t", *_BREAKS)
        if _is_text(node)
    ]


def join_tags(root: Element, name: Callable[[Sign], str]) -> None:
    """Put each tag whole into the text it begins in, and take its rest out of the others.

    Bookmarks, comments and everything else that stands between the pieces stays. A run goes only
    when it held nothing but a piece of a tag.

    Args:
        root: A part; it is changed.
        name: What to write for a tag.
    """
    for paragraph in list(root.iter(W + "p")):
        join_pieces(text_pieces(paragraph), name)
        for tag in _OTHERS:
            join_pieces([(node, node.text or "") for node in own_nodes(paragraph, tag)], name)


def _is_text(node: Element) -> bool:
    # w:tab is also a tab stop's name, and a page break is content wherever it stands
    return inside(node, W + "r") and w(node, "type") in {None, "textWrapping"}


def join_pieces(pieces: Sequence[Piece], name: Callable[[Sign], str]) -> None:
    """Put each tag of one paragraph's text whole into the piece it begins in."""
    text = "".join(piece for _, piece in pieces)
    signs = tuple(scan(text)) if "{" in text or "_}" in text else ()
    if not signs:
        return
    for (node, before), (after, holds) in zip(
        pieces, _shared_out(pieces, text, signs, name), strict=True
    ):
        if before and not after:
            take_out_text(node)
        elif before != after:
            node.text = after
        if holds or (after != before and after != after.strip()):
            node.set(XML_SPACE, "preserve")  # a space that stood inside the text stands at its edge


def _shared_out(
    pieces: Sequence[Piece], text: str, signs: Sequence[Sign], name: Callable[[Sign], str]
) -> Iterator[tuple[str, bool]]:
    """The pieces' texts with every tag in the piece it begins in; and whether one begins there."""
    number = start = 0
    for _, piece in pieces:
        end = start + len(piece)
        at, written, holds = start, "", False
        while number < len(signs) and signs[number].start < end:
            sign = signs[number]
            if sign.start >= start:
                written += text[at : sign.start] + name(sign)
                holds = True
            at = min(sign.end, end)
            if sign.end > end:
                break
            number += 1
        yield written + text[at:end], holds
        start = end
