"""Text that stands in the file and that nobody sees on the paper: pale as it, or too small."""

from __future__ import annotations

from collections.abc import Iterator

from bti_docs.merge.language.normalise_paragraphs import text_pieces
from bti_docs.merge.lint.ink import ink_of
from bti_docs.merge.lint.whole import Whole
from bti_docs.merge.word.findings import Finding
from bti_docs.merge.word.xml import W


def seen_findings(whole: Whole) -> Iterator[Finding]:
    """Paragraphs with such text, each once. What is hidden outright is told as a lost look."""
    for _, root in whole.shown():
        for paragraph in root.iter(W + "p"):
            inks = [
                ink_of(node, whole.looks) for node, text in text_pieces(paragraph) if text.strip()
            ]
            place = whole.atlas.paragraphs[paragraph]
            if any(ink.pale for ink in inks):
                yield Finding("tpl_pale_text", "warning", place)
            if any(ink.tiny for ink in inks):
                yield Finding("tpl_tiny_text", "warning", place)
