"""The parts of a Word file that carry text, and what people call them."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Final

from bti_docs.merge.word.package import Package, relationships_name

_STORIES: Final = ("header", "footer", "footnotes", "endnotes")
_COMMENTS: Final = "comments"
_PROPERTIES: Final = ("core-properties", "extended-properties", "custom-properties")
_TAG: Final = re.compile(r"\{\{|%7B%7B", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TextPart:
    """One part with text: `name` in the package, `label` for people, body or not."""

    name: str
    label: str
    kind: str
    """`body`, `header`, `footer`, `footnotes`, `endnotes`, `comments`, `properties` or
    `relationships`."""


def story_parts(package: Package) -> tuple[TextPart, ...]:
    """The parts that make the document's text: body, then headers, footers and notes by name."""
    main = package.main_part()
    return (TextPart(main, "body", "body"), *_related(package, main, *_STORIES))


def comment_parts(package: Package) -> tuple[TextPart, ...]:
    """The parts with comments: they have paragraphs, but are no part of the document's text."""
    return tuple(_related(package, package.main_part(), _COMMENTS))


def property_parts(package: Package) -> tuple[TextPart, ...]:
    """The parts with the document's properties: title, subject, company, own ones."""
    return tuple(
        TextPart(name, posixpath.splitext(name)[0], "properties")
        for name in package.related("", *_PROPERTIES)
    )


def address_parts(package: Package) -> tuple[TextPart, ...]:
    """The relationships of parts with text, where an address that they name holds a tag."""
    stories = (*story_parts(package), *comment_parts(package))
    return tuple(
        TextPart(relationships_name(part.name), f"{part.label} (addresses)", "relationships")
        for part in stories
        if any(_TAG.search(one.target) for one in package.relationships(part.name) if one.external)
    )


def _related(package: Package, main: str, *kinds: str) -> list[TextPart]:
    return [
        TextPart(name, posixpath.splitext(posixpath.basename(name))[0], kind)
        for kind in kinds
        for name in sorted(package.related(main, kind))
    ]
