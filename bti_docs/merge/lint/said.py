"""What every document of a template says, whatever its values are, for all to read."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Final

from bti_docs.merge.language.empties import Policy, apply_policies
from bti_docs.merge.language.normalise_paragraphs import text_pieces
from bti_docs.merge.language.normalise_scan import Sign, scan
from bti_docs.merge.lint.alone import CLOSING, OPENING
from bti_docs.merge.lint.ink import ink_of
from bti_docs.merge.lint.whole import Whole
from bti_docs.merge.word.parts import TextPart
from bti_docs.merge.word.xml import Element, W, on

_GAP: Final = "\x00"
"""Where something is that is not always said: what stands around it is no one sentence."""
_RUNNING: Final = frozenset({"header", "footer"})


def always_said(whole: Whole, empties: Mapping[str, Policy]) -> str:
    """The text that stands in every document and can be read in it, words parted by single spaces.

    It is cut where a value, a condition, a remark or hidden text stands.

    Args:
        whole: The template.
        empties: What stands for fields without a value: some take their paragraph with them.
    """
    pieces: list[str] = []
    for part, root in whole.shown():
        if _is_on_every_paper(whole, part, root):
            changed = copy.deepcopy(root)
            apply_policies(changed, empties)
            pieces += [*_of_part(whole, changed), _GAP]
    return " ".join("".join(pieces).split())


def _is_on_every_paper(whole: Whole, part: TextPart, root: Element) -> bool:
    """Notes are; a header is when no page has another one."""
    if part.kind not in _RUNNING:
        return True
    first = next(root.iter(W + "p"), None)
    place = None if first is None else whole.atlas.paragraphs.get(first)
    body = next(one for kind, one in whole.shown() if kind.kind == "body")
    several = any(on(mark) for mark in body.iter(W + "titlePg")) or (
        whole.looks.settings is not None and on(whole.looks.settings.find(W + "evenAndOddHeaders"))
    )
    return place is not None and place.role == "default" and not several


def _of_part(whole: Whole, root: Element) -> Iterator[str]:
    depth = 0
    for paragraph in root.iter(W + "p"):
        pieces = text_pieces(paragraph)
        signs = list(scan("".join(text for _, text in pieces)))
        if _is_aside(paragraph):
            yield _GAP
            continue
        for text, inside in _parted(pieces, signs):
            depth = max(0, depth + _step(inside))
            seen = (
                depth == 0 and not isinstance(inside, Sign) and ink_of(inside, whole.looks).readable
            )
            yield text if seen else _GAP
        yield " "


def _step(piece: Element | Sign) -> int:
    if not isinstance(piece, Sign):
        return 0
    return (piece.word in OPENING) - (piece.word in CLOSING)


def _parted(
    pieces: list[tuple[Element, str]], signs: list[Sign]
) -> Iterator[tuple[str, Element | Sign]]:
    """The paragraph's text with where each stretch stands: in an element, or a tag."""
    at, end, waiting = 0, 0, list(signs)
    for node, piece in pieces:
        start, end = end, end + len(piece)
        at = max(at, start)
        while waiting and waiting[0].start < end:
            sign = waiting.pop(0)
            yield piece[at - start : sign.start - start], node
            yield "", sign
            at = max(at, sign.end)
        yield piece[at - start :] if at < end else "", node


def _is_aside(paragraph: Element) -> bool:
    """Whether it may be lost on paper, or is there to be written over."""
    for around in paragraph.iterancestors():
        if around.tag == W + "txbxContent" or str(around.tag).endswith("}Fallback"):
            return True
        if around.tag == W + "sdt" and on(around.find(f"{W}sdtPr/{W}showingPlcHdr")):
            return True
    return False
