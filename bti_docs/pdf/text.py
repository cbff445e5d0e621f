"""What a PDF says, as a reader sees it: its pages' texts, what they lack, where labels stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import pypdfium2
from pypdfium2.raw import FPDF_PAGEOBJ_PATH

from bti_docs.core.paper import PAGE, SIGNATURE_HEIGHT, SIGNATURE_WIDTH, Box, Place
from bti_docs.errors import MergeError

_MM_PER_POINT: Final = 25.4 / 72
_REACH: Final = 6.0
"""How far a signature's line may be from its label, and from the label's left edge, in points."""
_LINE_THICKNESS: Final = 3.0
_LINE_LENGTH: Final = 60.0
_UNCOUNTED: Final = dict.fromkeys(
    [
        *map(ord, "-\u00ad\u2010\u2011\x02\ufffe\ufeff"),
        *range(0x200B, 0x2010),
        *range(0x2060, 0x2065),
    ]
)
"""Hyphens, soft ones, the two marks that pdfium puts where a word was divided, and joiners."""


@dataclass(frozen=True, slots=True)
class UnclearLabels:
    """Labels that a document does not show exactly once: signer code → how often."""

    counts: Mapping[str, int]


def page_count(pdf: bytes) -> int:
    """How many pages the document has.

    Raises:
        MergeError: `pdf_damaged`.
    """
    with _opened(pdf) as document:
        return len(document)


def extract_texts(pdf: bytes) -> tuple[str, ...]:
    """Each page's text in the order in which it is drawn.

    Raises:
        MergeError: `pdf_damaged`.
    """
    with _opened(pdf) as document:
        return tuple(_page_text(document, number) for number in range(len(document)))


def texts_missing(pdf: bytes, expected: Iterable[str]) -> tuple[str, ...]:
    """Those of *expected* that the pages do not show whole.

    Compared in composed form (NFC), without white space and hyphens, so that line breaks do not
    matter. A text may run over from one page to the next. Empty texts are never missing. Words that
    run from right to left come out of a PDF in the order they are drawn, so of a text with such
    words each word is looked for on its own, by its letters.

    Raises:
        MergeError: `pdf_damaged`.
    """
    texts = extract_texts(pdf)
    pages = [fold(text) for text in texts]
    wanted = dict.fromkeys(expected)
    missing = tuple(text for text in wanted if not _shown(fold(text), pages))
    if not any(_runs_leftwards(text) for text in missing):
        return missing
    words = {_letters(word) for text in texts for word in text.split()}
    return tuple(text for text in missing if not _shown_by_words(text, words))


def find_places(pdf: bytes, labels: Mapping[str, str]) -> tuple[Place, ...] | UnclearLabels:
    """Where each signer signs: the box above the printed line that stands over the label.

    Args:
        pdf: The converted document, A4 pages.
        labels: Signer code → the label that is printed under the signer's line, unique.

    Returns:
        A place for each signer, in the order of *labels* (pages count from 1), or the labels
        that were not found exactly once.

    Raises:
        MergeError: `pdf_damaged`.
    """
    with _opened(pdf) as document:
        pages = [_Page(document, number) for number in range(len(document))]
        found = {
            signer: [
                Place(signer, label, number, box)
                for number, page in enumerate(pages, start=1)
                for box in page.boxes_above(label)
            ]
            for signer, label in labels.items()
        }
    counts = {signer: len(places) for signer, places in found.items() if len(places) != 1}
    if counts:
        return UnclearLabels(counts)
    return tuple(places[0] for places in found.values())


def fold(text: str) -> str:
    """*text* composed (NFC), without white space, hyphens and characters that nobody sees."""
    return "".join(unicodedata.normalize("NFC", text).split()).translate(_UNCOUNTED)


@contextmanager
def _opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise MergeError("pdf_damaged") from error
    try:
        yield document
    finally:
        document.close()


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    text: str = document[number].get_textpage().get_text_range()
    return text


def _shown_by_words(text: str, words: set[str]) -> bool:
    return _runs_leftwards(text) and words >= {_letters(word) for word in text.split()} - {""}


def _runs_leftwards(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)


def _letters(word: str) -> str:
    """A word's letters in a fixed order; joined forms, stops and marks of direction apart."""
    plain = unicodedata.normalize("NFKC", word)
    return "".join(sorted(c for c in plain if unicodedata.category(c)[0] in "LMN"))


def _shown(text: str, pages: list[str]) -> bool:
    if not text or any(text in page for page in pages):
        return True
    return any(_runs_over(text, pages, first) for first in range(len(pages) - 1))


def _runs_over(text: str, pages: list[str], first: int) -> bool:
    """Whether *text* begins on page *first* and goes on over the following pages."""
    longest = _longest_start(text, pages[first])
    # a footer may happen to begin like the rest, so shorter starts are tried too
    for length in range(longest, max(longest - 8, 0), -1):
        rest = text[length:]
        if rest in pages[first + 1]:
            return True
        if first + 2 < len(pages) and _runs_over(rest, pages, first + 1):
            return True
    return False


def _longest_start(text: str, page: str) -> int:
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if text[:middle] in page else (low, middle - 1)
    return low


class _Page:
    """A page's characters with their places, to find a label that may stand on several lines."""

    def __init__(self, document: pypdfium2.PdfDocument, number: int) -> None:
        self._page = document[number]
        self._textpage = self._page.get_textpage()
        self._height: float = self._page.get_height()
        self._text: str = self._textpage.get_text_range()
        self._whole = fold(self._text)
        self._characters: list[int] = []
        self._folded = ""

    def boxes_above(self, label: str) -> list[Box]:
        wanted = fold(label)
        if wanted not in self._whole:
            return []
        if not self._folded:
            self._map_characters()
        boxes = []
        start = self._folded.find(wanted)
        while wanted and start >= 0:
            if self._stands_alone(start, start + len(wanted)):
                boxes.append(self._box_above(self._characters[start]))
            start = self._folded.find(wanted, start + 1)
        return boxes

    def _map_characters(self) -> None:
        texts: list[str] = []
        for index, character in enumerate(self._one_by_one()):
            text = fold(character)
            texts.append(text)
            self._characters += [index] * len(text)
        self._folded = "".join(texts)

    def _one_by_one(self) -> Iterable[str]:
        """The text by pdfium's own count, which leaves some characters out of the whole text."""
        count = self._textpage.count_chars()
        if len(self._text) == count:
            return self._text
        return (self._textpage.get_text_range(index, 1) for index in range(count))

    def _stands_alone(self, start: int, end: int) -> bool:
        """Whether no letter touches the label: «… Kari Eksempel» is not «… Kari Eksempelsen»."""
        before = self._neighbour(self._characters[start], -1)
        after = self._neighbour(self._characters[end - 1], 1)
        return not before.isalnum() and not after.isalnum()

    def _neighbour(self, index: int, step: int) -> str:
        index += step
        if not 0 <= index < self._textpage.count_chars():
            return ""
        text: str = self._textpage.get_text_range(index, 1)
        return text

    def _box_above(self, index: int) -> Box:
        left, _, _, top = self._textpage.get_charbox(index, loose=True)
        bottom = (self._height - self._line_above(left, top)) * _MM_PER_POINT
        x = min(left * _MM_PER_POINT, PAGE.w - SIGNATURE_WIDTH)
        y = max(bottom - SIGNATURE_HEIGHT, 0.0)
        return Box(round(x, 2), round(y, 2), SIGNATURE_WIDTH, SIGNATURE_HEIGHT)

    def _line_above(self, left: float, top: float) -> float:
        """The upper edge of the line that is drawn over a label; the label's own if none is."""
        edges = [
            line_top
            for line_left, line_bottom, line_right, line_top in self._lines()
            if line_left <= left + _REACH
            and line_right >= left + _REACH
            and top - _REACH <= line_bottom <= top + _REACH
        ]
        return min(edges, default=top)

    def _lines(self) -> Iterator[tuple[float, float, float, float]]:
        for drawn in self._page.get_objects(filter=(FPDF_PAGEOBJ_PATH,)):
            left, bottom, right, top = drawn.get_bounds()
            if top - bottom <= _LINE_THICKNESS and right - left >= _LINE_LENGTH:
                yield left, bottom, right, top
