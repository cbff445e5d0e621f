"""The template's tags where they stand: read paragraph by paragraph, so that each has a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bti_docs.merge.language.normalise_paragraphs import text_pieces
from bti_docs.merge.language.normalise_scan import Sign, scan
from bti_docs.merge.word.findings import Place
from bti_docs.merge.word.text import shortened
from bti_docs.merge.word.xml import Element, W

_LOOSE: Final = re.compile(r"\{\{|\{%|\{#|%\}|\}\}|#\}")
_GAP: Final = "\x00"
"""Where a tag was taken out: what stands beside it is not to grow together into a sign."""
SCOPES: Final = {"p": W + "p", "tr": W + "tr", "tc": W + "tc", "r": W + "r"}


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: `{%tr for t in tiltak %}` has sign `{%`, scope `tr`, word `for`."""

    sign: str
    scope: str
    body: str
    dash: bool
    paragraph: Element
    place: Place

    @property
    def word(self) -> str:
        """Its first word: `for`, `endif`; the empty text for a value or a comment."""
        words = self.body.split(maxsplit=1)
        return words[0] if self.sign == "{%" and words else ""

    @property
    def text(self) -> str:
        """The tag as a person would write it."""
        close = {"{%": "%}", "{{": "}}", "{#": "#}"}[self.sign]
        return f"{self.sign}{self.scope} {self.body} {close}"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its text, its tags, and what is left when the tags are taken out."""

    element: Element
    place: Place
    text: str
    tags: tuple[Tag, ...]
    loose: str
    """The first tag sign that belongs to no tag, or the empty text."""

    rest: str
    """The text without its tags."""


def paragraphs(root: Element, label: str) -> Iterator[Paragraph]:
    """The part's paragraphs in order, those in tables and controls too."""
    for number, element in enumerate(root.iter(W + "p"), start=1):
        text = own_text(element)
        place = Place(label, number, shortened(text))
        signs = list(scan(text))
        tags = tuple(_tag(sign, element, place) for sign in signs if sign.opening)
        rest = _without(text, signs)
        loose = _LOOSE.search(rest)
        plain = rest.replace(_GAP, "")
        yield Paragraph(element, place, text, tags, loose[0] if loose else "", plain)


def own_text(paragraph: Element) -> str:
    """The paragraph's text without that of paragraphs inside its text boxes."""
    return "".join(text for _, text in text_pieces(paragraph))


def _without(text: str, signs: list[Sign]) -> str:
    pieces, at = [], 0
    for sign in signs:
        pieces.append(text[at : sign.start])
        at = sign.end
    return _GAP.join([*pieces, text[at:]])


def _tag(sign: Sign, element: Element, place: Place) -> Tag:
    dash = sign.joins_before or sign.joins_after
    return Tag(sign.opening, sign.scope, sign.body, dash, element, place)
