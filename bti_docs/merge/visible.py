"""The texts that a Word document shows, so that a PDF of it can be checked for being whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bti_docs.merge.word.package import open_package
from bti_docs.merge.word.parts import story_parts
from bti_docs.merge.word.text import text_of
from bti_docs.merge.word.xml import Element, W, parse, w

_SHOWN_KINDS: Final = frozenset({"body", "header", "footer"})


def visible_texts(docx: bytes) -> tuple[str, ...]:
    """Every paragraph's lines in body, headers and footers, each once; field results left out.

    Raises:
        MergeError: As `bti_docs.merge.word.package.open_package`.
    """
    package = open_package(docx)
    lines: dict[str, None] = {}
    for part in story_parts(package):
        if part.kind in _SHOWN_KINDS:
            root = parse(package.members[part.name], part.label)
            lines.update(dict.fromkeys(_lines(root)))
    return tuple(lines)


def _lines(root: Element) -> Iterator[str]:
    for paragraph in root.iter(W + "p"):
        for text in _outside_fields(paragraph):
            yield from (line.strip() for line in text.replace("\t", "\n").split("\n"))


def _outside_fields(paragraph: Element) -> Iterator[str]:
    """The text between fields: what a field shows is the reader's page number, not ours."""
    depth, pieces = 0, list[str]()
    for run in paragraph.iter(W + "r"):
        change = run.find(W + "fldChar")
        if change is not None:
            depth += {"begin": 1, "end": -1}.get(w(change, "fldCharType") or "", 0)
            yield "".join(pieces)
            pieces = []
        elif depth == 0:
            pieces.append(text_of(run))
    yield "".join(pieces)
