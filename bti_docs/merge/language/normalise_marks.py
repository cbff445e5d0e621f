"""Tags as marks: what holds a tag's place in the tree until the tree is a text.

Jinja2 must read `a < b` in a tag where XML holds `a &lt; b`, and a tag must be able to stand where
XML has no place for text to be told from layout. So each tag is a short mark in the tree, and its
Jinja2 source takes the mark's place after serialising.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from bti_docs.merge.language.normalise_scan import Sign
from bti_docs.merge.word.xml import Element, W

_CHARACTERS: Final = (*range(0xFDD0, 0xFDF0), *range(0xE000, 0xF900))
"""Characters that XML may hold and no text means: noncharacters, then the private ones."""


class Marks:
    """The marks of one part. They are written with a character that the part does not hold."""

    __slots__ = ("_character", "_sources", "namespaces", "pattern", "run_properties", "signs")

    def __init__(self, root: Element) -> None:
        text = etree.tostring(root, encoding="unicode")
        self._character: Final = next(c for c in map(chr, _CHARACTERS) if c not in text)
        self._sources: list[str] = []
        self.pattern: Final = re.compile(rf"{self._character}(\d+){self._character}")
        self.namespaces: Final = root.nsmap
        self.signs: Final[dict[int, Sign]] = {}
        self.run_properties: Final[list[str]] = []

    def mark(self, sign: Sign) -> str:
        """The mark of a tag. Until `place` says otherwise, a tag with a scope is left as it is."""
        if sign.opening == "{#" and not sign.scope:
            return ""
        self.signs[len(self._sources)] = sign
        return self.literal(sign.text if sign.scope else sign.source)

    def literal(self, source: str) -> str:
        """The mark of a piece of Jinja2 source."""
        self._sources.append(source)
        return self.written_as(len(self._sources) - 1)

    def written_as(self, number: int) -> str:
        """How a mark stands in the tree."""
        return f"{self._character}{number}{self._character}"

    def place(self, number: int, source: str | None = None) -> None:
        """The tag stands where its scope stood; *source* instead of its own."""
        self._sources[number] = self.signs[number].source if source is None else source

    def in_text(self, text: str | None) -> Iterator[tuple[re.Match[str], Sign]]:
        """The tags that have marks in a text."""
        if text and self._character in text:
            for found in self.pattern.finditer(text):
                sign = self.signs.get(int(found[1]))
                if sign is not None:
                    yield found, sign

    def standing(self, root: Element) -> Iterator[tuple[Element, int, Sign]]:
        """The tags in the tree's texts, with the text's element and their number."""
        for node in root.iter(W + "t"):
            for found, sign in self.in_text(node.text):
                yield node, int(found[1]), sign

    def written(self, root: Element) -> str:
        """The tree as text, every mark replaced by its source."""
        text = etree.tostring(root, encoding="unicode", with_tail=False)
        return self.pattern.sub(lambda found: self._sources[int(found[1])], text)
