"""A Word file laid open for the lint: its parts, its places, its looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bti_docs.merge.lint.looks import Looks, looks_of
from bti_docs.merge.lint.places import Atlas, atlas_of
from bti_docs.merge.word.package import Package, open_package
from bti_docs.merge.word.parts import TextPart, story_parts
from bti_docs.merge.word.xml import Element, parse

SHOWN: Final = frozenset({"body", "header", "footer", "footnotes", "endnotes"})
"""The parts whose text stands on the pages."""


@dataclass(frozen=True, slots=True)
class Whole:
    """One file, read and not changed."""

    package: Package
    roots: Mapping[TextPart, Element]
    """The parts with paragraphs."""
    atlas: Atlas
    looks: Looks
    language: str
    """`nb`, `nn` or `en`: what its text should be in."""

    def shown(self) -> Iterator[tuple[TextPart, Element]]:
        """The parts that stand on the pages."""
        return ((part, root) for part, root in self.roots.items() if part.kind in SHOWN)


def lay_open(content: bytes, language: str) -> Whole:
    """Read a file for the lint.

    Raises:
        MergeError: As `bti_docs.merge.word.package.open_package`.
    """
    package = open_package(content)
    roots = {p: parse(package.members[p.name], p.label) for p in story_parts(package)}
    looks = looks_of(package)
    return Whole(package, roots, atlas_of(package, roots, looks.headings()), looks, language)
