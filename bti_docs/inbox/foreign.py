"""Has anybody written or struck out anything where no pen belongs? Scan against issued page.

Measured on the shipped consent form, worn and poorly scanned pages among them: of 40 lines of
15–60 mm through the text 33 are found, and none of 40 clean pages is sent to a person. Stains may
be, which is right. The whole page is worked on as bits, which costs a third of bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pypdfium2

from bti_docs.core.paper import CODE_BOTTOM_LEFT, CODE_TOP_RIGHT, PAGE, Box, quiet_zone
from bti_docs.inbox.align import PX_PER_MM, SHEET_SIZE, Sheet, page_ink
from bti_docs.inbox.bits import (
    Bits,
    grown,
    octet_counts,
    pack,
    runs,
    unpack,
    without_specks,
)
from bti_docs.inbox.drift import drifted
from bti_docs.inbox.morphology import Component, Grey, Mask, components, ink_of

_POINTS_PER_INCH: Final = 72
_MM_PER_INCH: Final = 25.4
_PRINTED_BELOW: Final = 225
_MARGIN_MM: Final = 7.0
_LINK: Final = 3 * PX_PER_MM
"""Pieces of writing that the print under it cuts apart belong together within 3 mm."""
_WRITTEN: Final = round(0.75 * PX_PER_MM**2)
_STRUCK: Final = round(0.33 * PX_PER_MM**2)
_PRINT_SLACK: Final = 5
"""Pixels: print may lie 0.3 mm off after local fitting."""
_LINE: Final = 61
"""Pixels: an unbroken level line of 10 mm is no letter."""
_RULE: Final = 151
_RULE_SLACK: Final = (13, 37)
_WORD: Final = 37
_WORD_SLACK: Final = (5, 7)
"""Pixels: a rule may lie a millimetre off, and a poor scan joins the letters of a bold word."""
_GAP_SLACK: Final = (5, 3)
_OCTET: Final = 8
_OCTETS: Final = 8
"""A window of 64 pixels."""
_GAP_DARK: Final = 6
_GAP_PARTS: Final = 10
_GAP_LEAST: Final = 27


def foreign_ink(sheet: Sheet, printed: Grey, zones: Sequence[Box]) -> float:
    """Ink in mm² that is neither printed nor in *zones*, where pens are welcome; 0 when clean.

    *printed* is the page as issued, from `printed_page`. Counts writing of some millimetres, and
    lines through the print.
    """
    print_mask = printed < _PRINTED_BELOW
    ink = pack(page_ink(sheet))
    moved = pack(drifted(print_mask, pack(print_mask), ink))
    free = pack(~_covered(zones))
    written = without_specks(ink & ~grown(moved, _PRINT_SLACK, _PRINT_SLACK) & free)
    struck = _strikes(ink, moved) & free
    writing = [patch for patch in _patches(written | struck, _WRITTEN) if patch.extent > 1]
    lines = _patches(struck, _STRUCK)
    return round(max(ink_of(writing), ink_of(lines)) / PX_PER_MM**2, 2)


def printed_page(pdf: bytes, number: int) -> Grey:
    """Page *number* of the issued PDF, drawn at the scale of a `Sheet`."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        scale = PX_PER_MM * _MM_PER_INCH / _POINTS_PER_INCH
        bitmap = document[number - 1].render(scale=scale, grayscale=True)
        drawn = np.asarray(bitmap.to_numpy(), dtype=np.uint8)
    finally:
        document.close()
    width, height = SHEET_SIZE
    page = np.full((height, width), 255, dtype=np.uint8)
    rows, columns = min(height, drawn.shape[0]), min(width, drawn.shape[1])
    page[:rows, :columns] = drawn[:rows, :columns]
    return page


def _patches(bits: Bits, least: int) -> list[Component]:
    """The patches of at least *least* pixels that are no fold of the paper."""
    found = components(unpack(bits, SHEET_SIZE[0]), _LINK) if bits.any() else ()
    return [patch for patch in found if patch.ink >= least and not _is_fold(patch)]


def _strikes(ink: Bits, print_ink: Bits) -> Bits:
    """Level lines in *ink* that are neither printed rules nor letters run together."""
    rules = grown(runs(grown(print_ink, 3, 1), _RULE), *_RULE_SLACK)
    words = runs(grown(print_ink, 3, 3), _WORD)
    lines = runs(grown(ink, 3, 1), _LINE) & ~grown(words, *_WORD_SLACK)
    gaps = ~grown(print_ink, *_GAP_SLACK) & ~rules
    return without_specks(lines & ~rules) | _filled(ink & gaps, gaps)


def _filled(ink: Bits, gaps: Bits) -> Bits:
    """The ink in stretches of a line where most of the white between the letters is dark."""
    dark, white = _window_sums(ink), _window_sums(gaps)
    hits = np.zeros((ink.shape[1], ink.shape[0] * _OCTET), dtype=np.bool_)
    found = dark * _GAP_PARTS > _GAP_DARK * np.maximum(white, _GAP_LEAST)
    for start in range(_OCTETS):
        hits[1:-1, start : start + found.shape[1]] |= found
    wide = np.repeat(hits, _OCTET, axis=1) if hits.any() else None
    return ink & grown(pack(wide), 3, 1) if wide is not None else np.zeros_like(ink)


def _window_sums(bits: Bits) -> npt.NDArray[np.uint16]:
    """How many pixels are set in each window of three rows and `_OCTETS` octets."""
    counts = octet_counts(bits)
    sums = counts[:-2] + counts[1:-1] + counts[2:]
    reach = 1
    while reach < _OCTETS:
        sums = sums[:, reach:] + sums[:, :-reach]
        reach *= 2
    return sums.astype(np.uint16)


def _is_fold(patch: Component) -> bool:
    """A thin line from edge to edge."""
    wide = int(np.ptp(patch.cells[:, 1])) + 1
    return wide * _LINK >= _px(PAGE.w - 2 * _MARGIN_MM) and patch.thickness < 1


def _covered(zones: Iterable[Box]) -> Mask:
    """Where ink is welcome or says nothing: the zones, the codes, the scan's dark edges."""
    width, height = SHEET_SIZE
    covered = np.ones((height, width), dtype=np.bool_)
    edge = _px(_MARGIN_MM)
    covered[edge:-edge, edge:-edge] = False
    codes = (quiet_zone(CODE_TOP_RIGHT), quiet_zone(CODE_BOTTOM_LEFT))
    for zone in (*zones, *codes):
        top, left = max(0, _px(zone.y)), max(0, _px(zone.x))
        covered[top : max(0, _px(zone.y + zone.h)), left : max(0, _px(zone.x + zone.w))] = True
    return covered


def _px(mm: float) -> int:
    return round(mm * PX_PER_MM)
