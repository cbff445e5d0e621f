"""A copy of a Word file with a comment at each place that something is said of.

Word takes comments in the text only: what is said of a header, a note or the whole file stands at
the beginning of the text, and says itself where it belongs. Comments that are there already stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from bti_docs.merge.word.findings import Place
from bti_docs.merge.word.package import Package, add_relationship, declare, open_package
from bti_docs.merge.word.xml import NS, W_URI, XML_SPACE, Element, W, parse, serialise, w

_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_NAME: Final = "word/comments.xml"
AUTHOR: Final = "bti-docs"
_INITIALS: Final = "BTI"
_NO_COMMENT_IN: Final = frozenset({W + "txbxContent"})
"""Where Word allows none: the paragraph around it carries the comment."""


@dataclass(frozen=True, slots=True)
class Note:
    """What is said of one place, in lines."""

    place: Place | None
    lines: tuple[str, ...]


def annotate(content: bytes, notes: Sequence[Note]) -> bytes:
    """The file with a comment for each of *notes*. Same input, same bytes.

    Raises:
        MergeError: As `bti_docs.merge.word.package.open_package`.
    """
    package = open_package(content)
    main = package.main_part()
    root = parse(package.members[main], main)
    anchors = _anchors(root)
    if not notes or not anchors:
        return content
    package, name = _with_comments(package, main)
    comments = parse(package.members[name], name)
    first = 1 + max((int(w(e, "id") or 0) for e in comments.iter(W + "comment")), default=-1)
    for number, note in enumerate(notes, start=first):
        comments.append(_comment(number, note.lines))
        _mark(_anchor(note.place, anchors), number)
    return package.with_members({main: serialise(root), name: serialise(comments)}).to_bytes()


def _anchors(root: Element) -> Mapping[int, Element]:
    """The text's paragraphs by number; one that may hold no comment, by what is around it."""
    return dict(_numbered(root))


def _numbered(root: Element) -> Iterator[tuple[int, Element]]:
    for number, paragraph in enumerate(root.iter(W + "p"), start=1):
        boxes = [e for e in paragraph.iterancestors() if e.tag in _NO_COMMENT_IN]
        outer = next(boxes[-1].iterancestors(W + "p"), None) if boxes else paragraph
        if outer is not None:
            yield number, outer


def _anchor(place: Place | None, anchors: Mapping[int, Element]) -> Element:
    start = anchors[min(anchors)]
    if place is None or place.part != "body" or place.paragraph is None:
        return start
    return anchors.get(place.paragraph, start)


def _mark(paragraph: Element, number: int) -> None:
    """Put the comment's two ends around what the paragraph holds, and its sign at the end."""
    at = 1 if len(paragraph) and paragraph[0].tag == W + "pPr" else 0
    paragraph.insert(at, etree.Element(W + "commentRangeStart", {W + "id": str(number)}))
    etree.SubElement(paragraph, W + "commentRangeEnd", {W + "id": str(number)})
    run = etree.SubElement(paragraph, W + "r")
    etree.SubElement(run, W + "commentReference", {W + "id": str(number)})


def _comment(number: int, lines: Sequence[str]) -> Element:
    named = {W + "id": str(number), W + "author": AUTHOR, W + "initials": _INITIALS}
    comment = etree.Element(W + "comment", named, nsmap={"w": W_URI})
    for line in lines:
        paragraph = etree.SubElement(comment, W + "p")
        run = etree.SubElement(paragraph, W + "r")
        text = etree.SubElement(run, W + "t", {XML_SPACE: "preserve"})
        text.text = line
    return comment


def _with_comments(package: Package, main: str) -> tuple[Package, str]:
    """The package with a part for comments, and the part's name."""
    name = next(package.related(main, "comments"), None)
    if name is not None:
        return package, name
    root = etree.Element(W + "comments", nsmap={"w": NS["w"]})
    package = declare(package.with_members({_NAME: serialise(root)}), _NAME, _TYPE)
    package, _ = add_relationship(package, main, "comments", _NAME)
    return package, _NAME
