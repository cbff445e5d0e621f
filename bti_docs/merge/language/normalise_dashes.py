"""Tags with dashes: `{%-` joins its paragraph to the one before, `-%}` to the one after.

That is docxtpl's way of laying out a long sentence with conditions line by line. A dash within a
paragraph eats the white space beside it, as in Jinja2 (docxtpl eats the text there as well).
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from bti_docs.merge.language.noise import join_runs
from bti_docs.merge.language.normalise_marks import Marks
from bti_docs.merge.language.normalise_tree import own_nodes, take_out
from bti_docs.merge.word.xml import Element, W, inside

_SPACES: Final = " \t\r\n"
_TEXT: Final = W + "t"
_BETWEEN: Final = frozenset(
    W + name
    for name in (
        "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart",
        "permEnd",
    )
)  # fmt: skip


def join_paragraphs(root: Element, marks: Marks) -> None:
    """Eat white space beside dashes, and join paragraphs where one stands at an edge."""
    holders: dict[Element, Element] = {}
    for paragraph, (before, after) in _dashed(root, marks).items():
        if before and paragraph not in holders:
            previous = _neighbour(paragraph, marks, following=False)
            if previous is not None:
                _merge(previous, paragraph)
                holders[paragraph] = previous
        if after:
            holder = holders.get(paragraph, paragraph)
            following = _neighbour(holder, marks, following=True)
            if following is not None:
                _merge(holder, following)
                holders[following] = holder


def _dashed(root: Element, marks: Marks) -> dict[Element, tuple[bool, bool]]:
    """The paragraphs with dashes at their edges: at their beginning, at their end."""
    found: dict[Element, tuple[bool, bool]] = {}
    for node, number, sign in list(marks.standing(root)):
        if sign.scope or not (sign.joins_before or sign.joins_after):
            continue
        paragraph = next(node.iterancestors(W + "p"), None)
        if paragraph is not None:
            before, after = found.get(paragraph, (False, False))
            mark, joins = marks.written_as(number), sign.opening == "{%"
            before |= sign.joins_before and _eat(paragraph, node, mark, -1) and joins
            after |= sign.joins_after and _eat(paragraph, node, mark, 1) and joins
            found[paragraph] = before, after
    return found


def _eat(paragraph: Element, node: Element, mark: str, direction: int) -> bool:
    """Eat the white space on one side of a mark; whether that side then has nothing more."""
    items = _content(paragraph)
    head, _, tail = (node.text or "").partition(mark)
    if direction < 0:
        head = head.rstrip(_SPACES)
    else:
        tail = tail.lstrip(_SPACES)
    node.text = head + mark + tail
    if (head if direction < 0 else tail) != "":
        return False
    at = items.index(node)
    for item in items[:at][::-1] if direction < 0 else items[at + 1 :]:
        if item.tag != _TEXT:
            return False
        text = item.text or ""
        item.text = text.rstrip(_SPACES) if direction < 0 else text.lstrip(_SPACES)
        if item.text:
            return False
    return True


def _content(paragraph: Element) -> list[Element]:
    """What the paragraph shows, in order: texts, pictures, breaks, anchors."""
    return [
        node
        for node in own_nodes(paragraph)
        if not isinstance(node.tag, str) or (inside(node, W + "r") and node.tag != W + "rPr")
    ]


def _neighbour(paragraph: Element, marks: Marks, *, following: bool) -> Element | None:
    """The paragraph on one side, with only bookmarks and the like between; they move into it."""
    between: list[Element] = []
    sibling = paragraph
    while True:
        found = sibling.getnext() if following else sibling.getprevious()
        if found is None or found.tag not in {*_BETWEEN, W + "p"}:
            return None
        if found.tag == W + "p":
            break
        between.append(found)
        sibling = found
    if any(sign.scope not in {"", "r"} for _, _, sign in marks.standing(found)):
        return None
    first = paragraph if following else found
    if _section_of(first) is not None:
        return None
    first.extend(between if following else between[::-1])
    return found


def _merge(first: Element, second: Element) -> None:
    """Put what the second paragraph holds at the end of the first."""
    section = _section_of(second)
    properties = second.find(W + "pPr")
    if section is not None:
        _give_section(first, section)
    if properties is not None:
        second.remove(properties)
    first.extend(list(second))
    take_out(second)
    join_runs(first)


def _section_of(paragraph: Element) -> Element | None:
    return paragraph.find(f"{W}pPr/{W}sectPr")


def _give_section(paragraph: Element, section: Element) -> None:
    """The paragraph ends its section, as the one that it took in did."""
    properties = paragraph.find(W + "pPr")
    if properties is None:
        properties = etree.Element(W + "pPr")
        paragraph.insert(0, properties)
    changes = properties.find(W + "pPrChange")
    properties.insert(len(properties) if changes is None else properties.index(changes), section)
