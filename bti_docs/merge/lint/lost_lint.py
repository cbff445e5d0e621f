"""What disappears beside a tag that takes its whole paragraph, row, cell or run with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from bti_docs.merge.language.tags import Paragraph, Tag
from bti_docs.merge.lint.alone import unit
from bti_docs.merge.word.findings import Finding
from bti_docs.merge.word.text import shortened
from bti_docs.merge.word.xml import Element, W

_PICTURES: Final = (W + "drawing", W + "pict", W + "object")


def lost_findings(
    paragraphs: Sequence[Paragraph], shared: Collection[Element]
) -> Iterator[Finding]:
    """Text and pictures that no document will have.

    Args:
        paragraphs: Those of one part.
        shared: Rows and paragraphs of which it is already said that they disappear.
    """
    by_element = {one.element: one for one in paragraphs}
    told = set(shared)
    for paragraph in paragraphs:
        for tag in paragraph.tags:
            taken = unit(tag)
            if taken is None:
                params = {"tag": tag.text, "scope": tag.scope}
                yield Finding("tpl_scope_outside", "error", tag.place, params)
            elif tag.scope not in {"", "r"} and taken not in told:
                told.add(taken)
                yield from _beside(tag, taken, by_element)


def _beside(tag: Tag, taken: Element, paragraphs: Mapping[Element, Paragraph]) -> Iterator[Finding]:
    held = [paragraphs[p] for p in taken.iter(W + "p") if p in paragraphs]
    rest = " ".join(text for one in held if (text := one.rest.strip()))
    others = [t for one in held for t in one.tags if t is not tag and t.sign != "{#"]
    if rest or others:
        lost = shortened(rest or others[0].text)
        params = {"tag": tag.text, "scope": tag.scope, "lost": lost}
        yield Finding("tpl_text_beside_tag", "error", tag.place, params)
    if any(True for _ in taken.iter(*_PICTURES)):
        params = {"tag": tag.text, "scope": tag.scope}
        yield Finding("tpl_picture_beside_tag", "error", tag.place, params)
