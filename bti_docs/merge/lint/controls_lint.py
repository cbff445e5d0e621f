"""What a person writes in a control must be readable again: one control, one field."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bti_docs.merge.language.tags import paragraphs
from bti_docs.merge.lint.alone import CLOSING, OPENING
from bti_docs.merge.lint.whole import Whole
from bti_docs.merge.word.controls import Control, field_controls
from bti_docs.merge.word.findings import Finding, Place
from bti_docs.merge.word.parts import TextPart
from bti_docs.merge.word.text import shortened
from bti_docs.merge.word.xml import Element, W, w

LOCKED: Final = frozenset({"contentLocked", "sdtContentLocked"})
"""Locks that keep people from writing."""


@dataclass(frozen=True, slots=True)
class ControlPlace:
    """A content control that holds a field."""

    tag: str
    alias: str
    place: Place
    locked: bool = False
    """Whether nobody can write in it."""


def control_places(whole: Whole) -> Iterator[ControlPlace]:
    """The controls with a field, in the file's order."""
    for part, root in whole.roots.items():
        for one in field_controls(root):
            place = whole.atlas.of(one.element, part)
            yield ControlPlace(one.tag, one.alias, place, lock_of(one) in LOCKED)


def lock_of(control: Control) -> str:
    """What the control forbids: `sdtLocked`, `contentLocked`, `sdtContentLocked`, or nothing."""
    lock = control.element.find(f"{W}sdtPr/{W}lock")
    value = "" if lock is None else w(lock, "val") or ""
    return "" if value == "unlocked" else value


def control_findings(whole: Whole) -> Iterator[Finding]:
    """Controls that hold more than their field, and fields with two controls to write in."""
    for part, root in whole.shown():
        for one in field_controls(root):
            beside = _beside(one, part)
            if one.tag and beside:
                params = {"tag": one.tag, "text": shortened(beside)}
                place = whole.atlas.of(one.element, part)
                yield Finding("tpl_control_mixed", "error", place, params)
        if part.kind == "body":
            yield from _twice(whole, part, root)


def _beside(control: Control, part: TextPart) -> str:
    """What stands in a control beside the tag of its field."""
    if control.checked is not None:
        return ""
    held = list(paragraphs(_alone(control), part.label))
    values = [tag for one in held for tag in one.tags if tag.sign == "{{"]
    rest = " ".join(text for one in held if (text := one.rest.strip()))
    if len(values) > 1:
        return values[1].text
    return rest if values else ""


def _alone(control: Control) -> Element:
    """What holds the control's paragraphs; of a control in a paragraph, one with its runs."""
    content = control.content
    if next(content.iter(W + "p"), None) is not None:
        return content
    paragraph = content.makeelement(W + "p")
    paragraph.extend(_copies(content))
    return paragraph


def _copies(content: Element) -> Iterator[Element]:
    for child in content:
        yield copy.copy(child)


def _twice(whole: Whole, part: TextPart, root: Element) -> Iterator[Finding]:
    """A field with two controls that a person can write in, in one and the same document.

    The same field in two branches is one field: only one of them is there.
    """
    first: dict[str, bool] = {}
    sheltered = _in_conditions(root, part)
    for one in field_controls(root):
        if not one.tag or lock_of(one) in LOCKED:
            continue
        own = _paragraph(one.element) in sheltered
        if one.tag in first and not (own and first[one.tag]):
            place = whole.atlas.of(one.element, part)
            yield Finding("tpl_control_twice", "warning", place, {"tag": one.tag})
        first[one.tag] = own and first.get(one.tag, True)


def _paragraph(element: Element) -> Element | None:
    around = next(element.iterancestors(W + "p"), None)
    return next(element.iter(W + "p"), None) if around is None else around


def _in_conditions(root: Element, part: TextPart) -> frozenset[Element]:
    """The paragraphs that a condition begins before, or in, and ends after."""
    depth, found = 0, set[Element]()
    for paragraph in paragraphs(root, part.label):
        words = [tag.word for tag in paragraph.tags]
        if depth > 0 or OPENING & set(words):
            found.add(paragraph.element)
        depth += sum(word in OPENING for word in words) - sum(word in CLOSING for word in words)
    return frozenset(found)
