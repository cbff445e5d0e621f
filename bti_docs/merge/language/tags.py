"""The template's tags where they stand: read paragraph by paragraph, so that each has a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bti_docs.merge.word.findings import Place
from bti_docs.merge.word.xml import Element, W

_TAG: Final = re.compile(
    r"(?P<open>\{\{|\{%|\{#)(?P<dash>-?)(?P<scope>(?:tr|tc|p|r)(?=\s))?(?P<body>.*?)(?:%\}|\}\}|#\})",
    re.DOTALL,
)
_LOOSE: Final = re.compile(r"\{\{|\{%|\{#|%\}|\}\}|#\}")
_QUOTES: Final = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
_EXCERPT: Final = 40
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

    @property
    def rest(self) -> str:
        """The text without its tags."""
        return _TAG.sub("", self.text)


def paragraphs(root: Element, label: str) -> Iterator[Paragraph]:
    """The part's paragraphs in order, those in tables and controls too."""
    for number, element in enumerate(root.iter(W + "p"), start=1):
        text = own_text(element)
        place = Place(label, number, shortened(text))
        tags = tuple(_tag(match, element, place) for match in _TAG.finditer(text))
        loose = _LOOSE.search(_TAG.sub("", text))
        yield Paragraph(element, place, text, tags, loose[0] if loose else "")


def own_text(paragraph: Element) -> str:
    """The paragraph's text without that of paragraphs inside its text boxes."""
    return "".join(
        node.text or ""
        for node in paragraph.iter(W + "t")
        if next(node.iterancestors(W + "p")) is paragraph
    )


def shortened(text: str) -> str:
    """How a text begins, for messages."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _EXCERPT else f"{plain[: _EXCERPT - 1]}…"


def _tag(match: re.Match[str], element: Element, place: Place) -> Tag:
    body = match["body"].translate(_QUOTES)
    dash = bool(match["dash"]) or body.endswith("-")
    scope = match["scope"] or ""
    return Tag(match["open"], scope, body.rstrip("-").strip(), dash, element, place)
