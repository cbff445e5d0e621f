"""Tags outside the paragraphs' shown texts: alternative texts, Word's own fields, formulas.

Each is read like a paragraph of its own with the place of the paragraph that it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bti_docs.merge.language.tags import Paragraph, paragraphs
from bti_docs.merge.word.findings import Place
from bti_docs.merge.word.text import shortened
from bti_docs.merge.word.xml import Element, W

_FIELD: Final = W + "instrText"


def aside_paragraphs(root: Element, label: str) -> tuple[Paragraph, ...]:
    """The texts of a part that hold tags and are no paragraph's own, in order."""
    return tuple(_found(root, label))


def _found(root: Element, label: str) -> Iterator[Paragraph]:
    for number, paragraph in enumerate(root.iter(W + "p"), start=1):
        for text in _texts(paragraph):
            if "{{" in text or "{%" in text:
                yield _read(text, paragraph, Place(label, number, shortened(text)))


def _texts(paragraph: Element) -> Iterator[str]:
    """Attributes one by one; what a field is told, which Word cuts into pieces, in one."""
    own = [one for one in paragraph.iter() if _owner(one) is paragraph]
    for element in own:
        yield from (str(value) for value in element.attrib.values())
    yield "".join(element.text or "" for element in own if element.tag == _FIELD)


def _owner(element: Element) -> Element | None:
    return next((e for e in (element, *element.iterancestors()) if e.tag == W + "p"), None)


def _read(text: str, paragraph: Element, place: Place) -> Paragraph:
    """The text's tags, with the paragraph that they really stand in."""
    holder = paragraph.makeelement(W + "p")
    run = paragraph.makeelement(W + "r")
    shown = paragraph.makeelement(W + "t")
    shown.text = text
    run.append(shown)
    holder.append(run)
    (read,) = paragraphs(holder, place.part)
    tags = tuple(replace(tag, paragraph=paragraph, place=place) for tag in read.tags)
    return replace(read, element=paragraph, place=place, tags=tags)
