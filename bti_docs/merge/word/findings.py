"""What the engine has to say about a template or a returned document: codes and places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

Severity = Literal["error", "warning", "info"]
"""What stops, what should be put right, and what is good to know."""

_NONE: Final[Mapping[str, str | int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a Word file, as Word shows it. Whoever speaks to people makes the sentence."""

    part: str
    """`body`, `header1`, `footnotes`, `docProps/core`, `styles` …"""
    paragraph: int | None = None
    """Which paragraph of the part, from 1; rows of tables count theirs as they come."""
    excerpt: str = ""
    """How the paragraph begins."""
    kind: str = ""
    """`body`, `header`, `footer`, `footnotes`, `endnotes`, `properties`, `styles`, `settings`."""
    role: str = ""
    """Of a header or footer: `default`, `first` or `even`."""
    heading: str = ""
    """The nearest heading above."""
    section: int | None = None
    """Which section, from 1; None where there is only one."""
    table: int | None = None
    """Which table of the part, from 1, and where in it; a table in a table counts as its cell."""
    row: int | None = None
    column: int | None = None
    note: int | None = None
    """The number of the footnote or endnote."""
    text_box: bool = False
    style: str = ""
    """What Word calls the style that the finding is about."""

    def __str__(self) -> str:
        """For logs and tests: `body, paragraph 12: «…»`."""
        where = self.part if self.paragraph is None else f"{self.part}, paragraph {self.paragraph}"
        return f"{where}: «{self.excerpt}»" if self.excerpt else where


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to put right. The sentence is made from `code` and `params`, elsewhere."""

    code: str
    severity: Severity
    place: Place
    params: Mapping[str, str | int] = field(default_factory=lambda: _NONE)
    suggestion: str = ""
    """What to write instead, when that can be said: a tag, a filter's name."""


@dataclass(frozen=True, slots=True)
class FieldNode:
    """A field that a template wants."""

    name: str
    """Its dotted path; within a list, the path from the list's row."""
    kind: Literal["text", "list", "condition"]
    """Printed, looped over, or only asked about."""
    children: tuple[FieldNode, ...] = ()
    """What is wanted of each row of a list."""
