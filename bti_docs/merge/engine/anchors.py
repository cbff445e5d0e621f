"""Marks in a part's tree, so that controls and pictures are found again in its Jinja source.

A mark is a processing instruction, `<?bti-control 3?>`. It survives serialising and normalising,
and stands for nothing that Word could have written: a template's own instructions are taken out.
"""

from __future__ import annotations

import copy
import re
from typing import Final

from lxml import etree

from bti_docs.merge.word.controls import Control, field_controls, show_prompt, wants_prompt
from bti_docs.merge.word.pictures import Placeholder, placeholders
from bti_docs.merge.word.xml import Element

CONTROL: Final = "control"
PROMPT: Final = "prompt"
PICTURE: Final = "picture"
END: Final = "end"
MARK: Final = re.compile(r"<\?bti-(control|prompt|picture|end) (\d+)\?>")
PROMPT_TEXT: Final = "bti-prompt-goes-here"
"""What stands in a prompt until the record is known; the prompt depends on the language."""


def anchor(root: Element, prompt_style: str | None) -> dict[int, Placeholder]:
    """Mark the controls that may have to show a prompt, and take out the placeholder pictures.

    Returns the pictures by the numbers of their marks.
    """
    controls = list(field_controls(root))
    for number, control in enumerate(controls):
        if wants_prompt(control) and control.prompting:
            show_prompt(control, PROMPT_TEXT, prompt_style)
        elif wants_prompt(control):
            _mark_control(control, number, prompt_style)
    pictures: dict[int, Placeholder] = {}
    for number, placeholder in enumerate(list(placeholders(root)), start=len(controls)):
        pictures[number] = placeholder
        _replace(placeholder.drawing, _mark(PICTURE, number))
    return pictures


def _mark_control(control: Control, number: int, prompt_style: str | None) -> None:
    """The control, and after it the same control showing its prompt; one of the two is written."""
    element = control.element
    twin = copy.deepcopy(element)
    twin.tail = None
    show_prompt(Control(twin, control.tag, control.alias), PROMPT_TEXT, prompt_style)
    element.addprevious(_mark(CONTROL, number))
    element.addnext(_mark(END, number))
    element.addnext(twin)
    element.addnext(_mark(PROMPT, number))


def _mark(kind: str, number: int) -> Element:
    return etree.ProcessingInstruction(f"bti-{kind}", str(number))


def _replace(element: Element, mark: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.replace(element, mark)
