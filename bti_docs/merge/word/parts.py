"""The parts of a Word file that carry text, and what people call them."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Final

from bti_docs.merge.word.package import Package

_STORIES: Final = ("header", "footer", "footnotes", "endnotes")
_PROPERTIES: Final = ("core-properties", "custom-properties")


@dataclass(frozen=True, slots=True)
class TextPart:
    """One part with text: `name` in the package, `label` for people, body or not."""

    name: str
    label: str
    kind: str
    """`body`, `header`, `footer`, `footnotes`, `endnotes` or `properties`."""


def story_parts(package: Package) -> tuple[TextPart, ...]:
    """The parts with paragraphs: the body first, then headers, footers and notes by name."""
    main = package.main_part()
    others = [
        TextPart(name, posixpath.splitext(posixpath.basename(name))[0], kind)
        for kind in _STORIES
        for name in sorted(package.related(main, kind))
    ]
    return (TextPart(main, "body", "body"), *others)


def property_parts(package: Package) -> tuple[TextPart, ...]:
    """The parts with the document's properties: title, subject, own ones."""
    return tuple(
        TextPart(name, posixpath.splitext(name)[0], "properties")
        for name in package.related("", *_PROPERTIES)
    )
