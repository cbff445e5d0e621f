"""Values of several lines in content controls: a paragraph for each line.

LibreOffice moves the line breaks of a plain text control in front of the control, in what it
shows and in what it saves (measured, 7.4), but it keeps paragraphs.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Final

from lxml import etree

from bti_docs.merge.word.controls import Control, field_controls
from bti_docs.merge.word.xml import Element, W, inside, w

_SILENT: Final = frozenset(W + name for name in ("pPr", "proofErr", "bookmarkStart", "bookmarkEnd"))
_BEFORE_SPACING: Final = frozenset(
    W + name
    for name in (
        "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr",
        "suppressLineNumbers", "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap",
        "overflowPunct", "topLinePunct", "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd",
        "snapToGrid",
    )
)  # fmt: skip


def lines_to_paragraphs(root: Element) -> None:
    """Give each line in the part's controls its own paragraph, as close as the lines were."""
    for control in list(field_controls(root)):
        if any(_is_line_break(e) for e in control.content.iter(W + "br")):
            if inside(control.element, W + "p"):
                _lift(control)
            for paragraph in list(control.content.iter(W + "p")):
                _split(paragraph)
            _allow_paragraphs(control)


def _lift(control: Control) -> None:
    """Let a control that has its paragraph to itself hold the paragraph, not stand in it."""
    paragraph = control.element.getparent()
    if paragraph is None or any(
        child is not control.element and child.tag not in _SILENT for child in paragraph
    ):
        return
    holder = paragraph.getparent()
    if holder is None:
        return
    holder.replace(paragraph, control.element)
    runs = list(control.content)
    properties = paragraph.find(W + "pPr")
    lifted = etree.SubElement(control.content, W + "p")
    if properties is not None:
        lifted.append(properties)
    lifted.extend(runs)


def _allow_paragraphs(control: Control) -> None:
    properties = control.element.find(W + "sdtPr")
    plain = None if properties is None else properties.find(W + "text")
    if properties is not None and plain is not None:
        properties.remove(plain)


def _split(paragraph: Element) -> None:
    """One paragraph for each line of a paragraph of plain runs."""
    runs = [child for child in paragraph if child.tag not in _SILENT]
    parent = paragraph.getparent()
    if parent is None or any(run.tag != W + "r" for run in runs):
        return
    lines: list[list[Element]] = [[]]
    for run in runs:
        for number, piece in enumerate(_pieces(run)):
            if number:
                lines.append([])
            lines[-1].append(piece)
    if len(lines) == 1:
        return
    at = parent.index(paragraph)
    parent[at : at + 1] = [
        _paragraph(paragraph, line, first=number == 0, last=number == len(lines) - 1)
        for number, line in enumerate(lines)
    ]


def _pieces(run: Element) -> Iterator[Element]:
    """The run, cut at its line breaks."""
    properties = run.find(W + "rPr")
    piece = _run_like(properties)
    for child in list(run):
        if _is_line_break(child):
            yield piece
            piece = _run_like(properties)
        elif child is not properties:
            piece.append(child)
    yield piece


def _run_like(properties: Element | None) -> Element:
    run = etree.Element(W + "r")
    if properties is not None:
        run.append(copy.deepcopy(properties))
    return run


def _paragraph(model: Element, runs: list[Element], *, first: bool, last: bool) -> Element:
    paragraph = etree.Element(W + "p")
    properties = model.find(W + "pPr")
    own = (
        etree.SubElement(paragraph, W + "pPr") if properties is None else copy.deepcopy(properties)
    )
    if properties is not None:
        paragraph.append(own)
    spacing = own.find(W + "spacing")
    if spacing is None:
        spacing = etree.Element(W + "spacing")
        own.insert(sum(1 for child in own if child.tag in _BEFORE_SPACING), spacing)
    for side in [side for side, edge in (("before", first), ("after", last)) if not edge]:
        spacing.set(W + side, "0")
    paragraph.extend(runs)
    return paragraph


def _is_line_break(element: Element) -> bool:
    return element.tag == W + "br" and w(element, "type") in {None, "textWrapping"}
