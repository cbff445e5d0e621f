"""What an empty control asks, in our words and in Word's."""

from __future__ import annotations

import re
from typing import Final

from bti_docs.merge.word.controls import Control, field_controls, mark_prompting
from bti_docs.merge.word.text import text_of
from bti_docs.merge.word.xml import Element, W

PROMPT: Final = "Skriv her"
"""What we ask."""
_WORDS_OWN: Final = re.compile(
    r"(klikk|click)\b.{3,60}\b(tekst|dato|text|date)\."
    r"|(velg|vel|choose) (et|eit|an) (element|item)\."
)
"""What Word itself asks in a control that was emptied or added."""


def is_prompt(text: str, prompt: str = PROMPT) -> bool:
    """Whether a text only asks to be filled in: *prompt*, or what Word writes of its own."""
    plain = " ".join(text.split())
    return plain == prompt or _WORDS_OWN.fullmatch(plain.casefold()) is not None


def is_asking(control: Control, prompt: str = PROMPT) -> bool:
    """Whether a control shows a prompt. LibreOffice keeps the text and loses the mark of it."""
    if control.checked is not None:
        return False
    return control.prompting or is_prompt(text_of(control.content), prompt)


def mark_prompts(root: Element, prompt: str = PROMPT) -> None:
    """Give every control that asks its mark again."""
    for control in field_controls(root):
        if is_asking(control, prompt):
            mark_prompting(control.element.find(W + "sdtPr"))
