"""Taking elements out of a tree whose tails are content, and putting text where they stood.

lxml keeps the text after an element as the element's tail and loses it with the element. While a
part is made into a Jinja source, tags stand in tails, so nothing may be removed any other way.
"""

from __future__ import annotations

from typing import Final

from bti_docs.merge.word.xml import Element, W

_WRAPPERS: Final = frozenset(
    W + name for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml")
)


def put_before(element: Element, text: str) -> None:
    """Let *text* stand straight before the element."""
    previous, parent = element.getprevious(), element.getparent()
    if not text:  # an empty text is written in two tags where none is written in one
        return
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    elif parent is not None:
        parent.text = (parent.text or "") + text


def put_after(element: Element, text: str) -> None:
    """Let *text* stand straight after the element."""
    element.tail = text + (element.tail or "")


def take_out(element: Element) -> None:
    """Take the element out; the text after it stays."""
    parent = element.getparent()
    if parent is not None:
        put_before(element, element.tail or "")
        element.tail = None
        parent.remove(element)


def take_out_text(node: Element) -> None:
    """Take out a `w:t` that held nothing but a tag, and what is empty without it."""
    holder = node.getparent()
    take_out(node)
    while holder is not None and (holder.tag == W + "r" or holder.tag in _WRAPPERS):
        parent = holder.getparent()
        if not _is_empty(holder) or parent is None or _is_last_of_control(parent):
            return
        take_out(holder)
        holder = parent


def own_nodes(paragraph: Element, *tags: str) -> list[Element]:
    """The paragraph's elements of these kinds without those of paragraphs in its text boxes."""
    nodes = list(paragraph.iter(*tags))
    if next(paragraph.iterdescendants(W + "p"), None) is None:
        return nodes
    return [node for node in nodes if next(node.iterancestors(W + "p")) is paragraph]


def _is_empty(holder: Element) -> bool:
    return not (holder.text or "").strip() and all(
        child.tag == W + "rPr" and not (child.tail or "").strip() for child in holder
    )


def _is_last_of_control(parent: Element) -> bool:
    # a control keeps a run: its looks are those of the prompt or of what is typed there
    return parent.tag == W + "sdtContent" and len(parent) == 1
