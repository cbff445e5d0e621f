"""The controls of one part that hold a field, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bti_docs.merge.word.controls import Control
from bti_docs.merge.word.kinds import Kinds, Value
from bti_docs.merge.word.prompts import is_asking, is_prompt
from bti_docs.merge.word.text import text_of
from bti_docs.merge.word.xml import Element, W, detach, inside


@dataclass(frozen=True, slots=True)
class Fields:
    """Control → field key, in order, with the means to read them."""

    keys: Mapping[Element, str]
    kinds: Kinds
    prompt: str

    def within(self, element: Element) -> list[Element]:
        """The fields' controls in *element*, and the one that holds this cell."""
        holder = element.getparent()
        around = holder.getparent() if element.tag == W + "tc" and holder is not None else None
        held = [control for control in element.iter(W + "sdt") if control in self.keys]
        return [around, *held] if around is not None and around in self.keys else held

    def say(self, control: Element) -> Value:
        """What a control says by itself."""
        value = Control(control, "", "").value()
        return value if isinstance(value, bool) else self._read(control, value)

    def say_with_all(self, holder: Element, control: Element) -> Value:
        """What a control says, with what was written beside it in its cell or paragraph."""
        own = Control(control, "", "").value()
        return own if isinstance(own, bool) else self._read(control, text_of(holder))

    def read(self, key: str, text: str, control: Element | None) -> str:
        """A text as a value of the field; a prompt is none."""
        whole = text.strip("\n")  # blank lines around a value are a program's, not a person's
        return "" if is_prompt(whole, self.prompt) else self.kinds.read(key, whole, control)

    def empty_prompts(self) -> None:
        """Take away what only asks to be filled in, whatever mark of it a program has kept."""
        for element in self.keys:
            control = Control(element, "", "")
            if is_asking(control, self.prompt):
                for mark in element.findall(f"{W}sdtPr/{W}showingPlcHdr"):
                    detach(mark)
                for run in list(control.content.iter(W + "r")):
                    detach(run)

    def _read(self, control: Element, text: str) -> str:
        return self.read(self.keys[control], text, control)


def cell_of(control: Element) -> Element | None:
    """The cell that a control stands in, or that stands in it."""
    held = control.find(f"{W}sdtContent/{W}tc")
    return held if held is not None else next(control.iterancestors(W + "tc"), None)


def paragraph_of(control: Element) -> Element | None:
    """The paragraph that a control stands in as a piece of text."""
    return control.getparent() if inside(control, W + "p") else None
