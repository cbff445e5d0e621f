"""What the engine has to say about a template or a returned document: codes and places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

Severity = Literal["error", "warning"]

_NONE: Final[Mapping[str, str | int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a Word file: its text is `body, paragraph 12: «…»`."""

    part: str
    """`body`, `header1`, `footnotes`, `docProps/core` …"""
    paragraph: int | None = None
    """Which paragraph of the part, from 1; rows of tables count theirs as they come."""
    excerpt: str = ""
    """How the paragraph begins."""

    def __str__(self) -> str:
        """For people and for JSON."""
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
