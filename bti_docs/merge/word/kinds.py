"""What kind of value each field of a template takes, and a text read as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bti_docs.merge.word.controls import W15, field_controls
from bti_docs.merge.word.dates import iso_day
from bti_docs.merge.word.xml import Element, W, w

Value = str | bool
"""A text, a date as ISO 8601, a choice's value; or whether a box is ticked."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The template's fields of a kind, by tag. What programs leave of the kinds is not asked."""

    dates: frozenset[str]
    choices: Mapping[str, Mapping[str, str]]
    """Tag → what the list shows, folded → the choice's value."""
    sections: frozenset[str]
    """The aliases of the controls around the rows of lists."""

    def read(self, key: str, text: str, control: Element | None) -> str:
        """*text* as a value of the field *key*; as it stands when it is none.

        Args:
            key: The field.
            text: What the document shows.
            control: The control that shows it, where Word writes the day that was picked.
        """
        if key in self.dates:
            return iso_day(text, _picked(control)) or text
        if key in self.choices:
            return self.choices[key].get(_folded(text), text)
        return text


def kinds_of(stories: Iterable[Element]) -> Kinds:
    """The kinds of the fields in the parts of a template."""
    dates: set[str] = set()
    choices: dict[str, Mapping[str, str]] = {}
    sections: set[str] = set()
    for root in stories:
        sections.update(_sections(root))
        for control in field_controls(root):
            if control.element.find(f"{W}sdtPr/{W}date") is not None:
                dates.add(control.tag)
            options = _options(control.element)
            if control.tag and options:
                choices[control.tag] = options
    return Kinds(frozenset(dates), choices, frozenset(sections))


def _sections(root: Element) -> Iterator[str]:
    for properties in root.iter(W + "sdtPr"):
        name = properties.find(W + "alias")
        if name is not None and properties.find(W15 + "repeatingSection") is not None:
            yield w(name, "val") or ""


def _options(control: Element) -> dict[str, str]:
    lists = control.findall(f"{W}sdtPr/{W}dropDownList") + control.findall(f"{W}sdtPr/{W}comboBox")
    shown = {}
    for item in (item for one in lists for item in one.findall(W + "listItem")):
        value = w(item, "value") or ""
        shown[_folded(w(item, "displayText") or value)] = value
    return shown


def _picked(control: Element | None) -> str:
    chosen = None if control is None else control.find(f"{W}sdtPr/{W}date")
    return "" if chosen is None else (w(chosen, "fullDate") or "")


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
