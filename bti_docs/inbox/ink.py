"""Ink on a page laid straight: is there a signature, and has anybody written elsewhere?

Thresholds are from measurements on scans with known ink; see the tests, which repeat them.
A stamp or a typed name in the box counts as ink. Nothing here rejects: it says "look".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pypdfium2

from bti_docs.core.paper import CODE_BOTTOM_LEFT, CODE_TOP_RIGHT, PAGE, Box, quiet_zone
from bti_docs.inbox.align import PX_PER_MM, SHEET_SIZE, Sheet
from bti_docs.inbox.drift import drifted
from bti_docs.inbox.morphology import (
    Component,
    Grey,
    Mask,
    components,
    ink_of,
    runs,
    widen,
    without_specks,
)

Outcome = Literal["seen", "look"]

_SEEN_MM2: Final = 4.0
_SEEN_MM: Final = 4.0
_SPECK_MM: Final = 1.5
_LINE_SEARCH_MM: Final = 4.0
_LINE_SHARE: Final = 0.45
_LINE_HALF_MM: Final = 0.6
_DUST_MM: Final = 10.0
_DUST_THIN_MM: Final = 0.3
_POINTS_PER_INCH: Final = 72
_MM_PER_INCH: Final = 25.4
_PRINTED_BELOW: Final = 225
_PRINT_SLACK: Final = 7
"""Pixels: print may lie 0.5 mm off after local fitting."""
_MARGIN_MM: Final = 7.0
_LINK: Final = 3 * PX_PER_MM
"""Pieces of writing that the print under it cuts apart belong together within 3 mm."""
_WRITING_MM2: Final = 0.75
_STRIKE: Final = 61
"""Pixels: an unbroken level line of 10 mm is no letter."""
_PRINTED_RULE: Final = 151
_RULE_SLACK: Final = (13, 37)
_PRINTED_RUN: Final = 37
_RUN_SLACK: Final = (5, 7)
"""Pixels: a rule may lie a millimetre off, and a poor scan joins the letters of a bold word."""


@dataclass(frozen=True, slots=True)
class Ink:
    """The ink in one signature box."""

    area_mm2: float
    extent_mm: float
    """The longer side of the largest connected part."""
    outcome: Outcome


def measure_ink(sheet: Sheet, place: Box) -> Ink:
    """Measure the ink above a signature's printed line; *place* is the box above that line."""
    left, right = _px(place.x - 1), _px(place.x + place.w + 1)
    top, bottom = _px(place.y - _LINE_SEARCH_MM), _px(place.y + place.h + _LINE_SEARCH_MM)
    around = sheet.ink[max(0, top) : bottom, max(0, left) : right]
    line = _printed_line(around, _px(place.w), _px(_LINE_SEARCH_MM + place.h))
    height = _px(place.h)
    above = around[max(0, line - height) : max(0, line - _px(_LINE_HALF_MM))]
    cell = PX_PER_MM // 2
    strokes = [
        patch
        for patch in components(above, cell)
        if patch.extent * cell >= _px(_SPECK_MM) and not _is_dust(patch, cell)
    ]
    area = ink_of(strokes) / PX_PER_MM**2
    extent = max((patch.extent for patch in strokes), default=0) * cell / PX_PER_MM
    seen = area >= _SEEN_MM2 and extent >= _SEEN_MM
    return Ink(round(area, 2), round(extent, 2), "seen" if seen else "look")


def foreign_ink(sheet: Sheet, printed: Grey, zones: Sequence[Box]) -> float:
    """Ink in mm² that is neither printed nor in *zones*, where pens are welcome.

    *printed* is the page as issued, from `printed_page`. Counts writing of 3 mm and more, and
    lines through the print.
    """
    print_ink = printed < _PRINTED_BELOW
    moved = drifted(print_ink, sheet.ink)
    free = ~_covered(zones)
    written = without_specks(sheet.ink & ~widen(moved, _PRINT_SLACK, _PRINT_SLACK) & free)
    struck = without_specks(_strikes(sheet.ink, moved) & free)
    patches = [
        patch
        for patch in components(written | struck, _LINK)
        if patch.extent > 1 and patch.ink >= _WRITING_MM2 * PX_PER_MM**2 and not _is_fold(patch)
    ]
    return round(ink_of(patches) / PX_PER_MM**2, 2)


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


def _px(mm: float) -> int:
    return round(mm * PX_PER_MM)


def _printed_line(around: Mask, width: int, expected: int) -> int:
    """The top row of the printed line, searched near row *expected*; there, if it is not found.

    Sheet feeders stretch paper in ways that marks far away cannot show; the line itself can.
    """
    first = max(0, expected - _px(_LINE_SEARCH_MM))
    near = runs(widen(around[first:], 3, 1), 2 * (width // 16) + 1)
    lengths = near.sum(axis=1)
    if not len(lengths) or lengths.max() < _LINE_SHARE * width:
        return expected
    return first + int(np.flatnonzero(lengths >= _LINE_SHARE * width)[0]) + 1


def _strikes(ink: Mask, print_ink: Mask) -> Mask:
    """Level lines in *ink* that are neither printed rules nor letters run together."""
    lines = runs(widen(ink, 3, 1), _STRIKE)
    rules = runs(widen(print_ink, 3, 1), _PRINTED_RULE)
    words = runs(widen(print_ink, 3, 3), _PRINTED_RUN)
    return lines & ~widen(rules, *_RULE_SLACK) & ~widen(words, *_RUN_SLACK)


def _is_dust(patch: Component, cell: int) -> bool:
    """A long straight line: a fold, a streak, or a rest of the printed line."""
    long = patch.extent * cell >= _px(_DUST_MM)
    return long and patch.thickness * cell < _DUST_THIN_MM * PX_PER_MM


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
