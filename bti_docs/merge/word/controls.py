"""Content controls: finding those that hold a field, showing a prompt in them, taking them out."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from bti_docs.merge.word.text import text_of
from bti_docs.merge.word.xml import W14, XML_SPACE, Element, W, detach, on, w

W15: Final = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_NO_FIELD: Final = (
    *(W + name for name in ("docPartObj", "docPartList", "group", "picture", "equation")),
    W + "citation",
    W15 + "repeatingSection",
    W15 + "repeatingSectionItem",
)
_ANOTHER_PROGRAMS: Final = "goog_rdk_"
"""How Google Docs begins the tags of controls that it puts around paragraphs for its own use."""
_BEFORE_PROMPT: Final = frozenset(
    W + name for name in ("rPr", "alias", "tag", "id", "lock", "placeholder", "temporary")
)
_GREY: Final = "6B6B6B"
"""The prompt's colour where the template has no style for it: 5.3 : 1 on white."""


@dataclass(frozen=True, slots=True)
class Control:
    """A content control that holds a field's value and no other control."""

    element: Element
    tag: str
    alias: str

    @property
    def content(self) -> Element:
        """What the control holds."""
        found = self.element.find(W + "sdtContent")
        return etree.SubElement(self.element, W + "sdtContent") if found is None else found

    @property
    def prompting(self) -> bool:
        """Whether it shows its prompt and so has no value."""
        return on(self.element.find(f"{W}sdtPr/{W}showingPlcHdr"))

    @property
    def checked(self) -> bool | None:
        """A tick box's state; None for other controls."""
        box = self.element.find(f"{W}sdtPr/{W14}checkbox")
        if box is None:
            return None
        state = box.find(W14 + "checked")
        return state is not None and state.get(W14 + "val") in {"1", "true", "on"}

    def value(self) -> str | bool:
        """What it says: its text with line breaks, or a tick box's state."""
        if self.checked is not None:
            return self.checked
        return "" if self.prompting else text_of(self.content)


def field_controls(root: Element) -> Iterator[Control]:
    """The part's controls that hold a field, in order; those that only hold others are left out."""
    for element in root.iter(W + "sdt"):
        if next(element.iterdescendants(W + "sdt"), None) is None:
            control = control_of(element)
            if control is not None:
                yield control


def control_of(element: Element) -> Control | None:
    """The control as one that holds a value; None for those that only hold parts of a document."""
    properties = element.find(W + "sdtPr")
    if properties is None or any(properties.find(name) is not None for name in _NO_FIELD):
        return None
    tag, alias = _value(properties, "tag"), _value(properties, "alias")
    if tag.startswith(_ANOTHER_PROGRAMS) and not alias:
        return None
    return Control(element, tag, alias)


def has_tag(control: Element) -> bool:
    """Whether a control still has its tag, which LibreOffice deletes."""
    return control.find(f"{W}sdtPr/{W}tag") is not None


def wants_prompt(control: Control) -> bool:
    """Whether the control asks to be filled in when it is empty."""
    return control.checked is None and not _has_picture(control.content)


def unwrap(root: Element) -> None:
    """Take all controls out and leave what they hold; a prompt leaves a blank."""
    for element in reversed(list(root.iter(W + "sdt"))):
        unwrap_one(element)


def unwrap_one(element: Element) -> None:
    """Take one control out and leave what it holds; a prompt leaves a blank."""
    content = element.find(W + "sdtContent")
    held = [] if content is None else list(content)
    if on(element.find(f"{W}sdtPr/{W}showingPlcHdr")):
        for item in held:
            _blank(item)
    parent = element.getparent()
    if parent is not None:
        at = parent.index(element)
        parent[at : at + 1] = held


def _value(properties: Element, name: str) -> str:
    found = properties.find(W + name)
    return "" if found is None else (w(found, "val") or "")


def _has_picture(content: Element) -> bool:
    return next(content.iter(W + "drawing", W + "pict", W + "object"), None) is not None


def show_prompt(control: Control, prompt: str, style: str | None) -> None:
    """Let the control ask to be filled in. *style* is the template's style for prompts."""
    content = control.content
    paragraphs = list(content.iter(W + "p"))
    for extra in paragraphs[1:]:
        detach(extra)
    holder = paragraphs[0] if paragraphs else content
    runs = list(holder.iter(W + "r"))
    new = _prompt_run(runs[0] if runs else None, prompt, style)
    for run in runs:
        detach(run)
    holder.append(new)
    mark_prompting(control.element.find(W + "sdtPr"))


def mark_prompting(properties: Element | None) -> None:
    """Mark a control's properties as those of one that shows its prompt."""
    if properties is None or properties.find(W + "showingPlcHdr") is not None:
        return
    at = sum(1 for child in properties if child.tag in _BEFORE_PROMPT)
    properties.insert(at, etree.Element(W + "showingPlcHdr"))


def _prompt_run(model: Element | None, prompt: str, style: str | None) -> Element:
    run = etree.Element(W + "r")
    looks = None if model is None else model.find(W + "rPr")
    properties = etree.SubElement(run, W + "rPr") if looks is None else copy.deepcopy(looks)
    if looks is not None:
        run.append(properties)
    if style is not None:
        for old in properties.findall(W + "rStyle"):
            properties.remove(old)
        properties.insert(0, etree.Element(W + "rStyle", {W + "val": style}))
    else:
        _colour(properties)
    text = etree.SubElement(run, W + "t", {XML_SPACE: "preserve"})
    text.text = prompt
    return run


_BEFORE_COLOUR: Final = frozenset(
    W + name
    for name in (
        "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike",
        "outline", "shadow", "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden",
    )
)  # fmt: skip


def _colour(properties: Element) -> None:
    for old in properties.findall(W + "color"):
        properties.remove(old)
    at = sum(1 for child in properties if child.tag in _BEFORE_COLOUR)
    properties.insert(at, etree.Element(W + "color", {W + "val": _GREY}))


def _blank(item: Element) -> None:
    runs = [item] if item.tag == W + "r" else list(item.iter(W + "r"))
    for run in runs:
        for child in list(run):
            if child.tag != W + "rPr":
                run.remove(child)
