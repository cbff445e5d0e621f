"""Is there a signature? The ink above a printed line, on a page laid straight.

Thresholds are from measurements on scans with known ink; see the tests, which repeat them.
A stamp or a typed name in the box counts as ink. Nothing here rejects: it says "look".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from bti_docs.core.paper import Box
from bti_docs.inbox.align import PX_PER_MM, Sheet
from bti_docs.inbox.morphology import Component, Mask, components, ink_of, runs, widen

Outcome = Literal["seen", "look"]

_SEEN_MM2: Final = 4.0
_SEEN_MM: Final = 4.0
_SPECK_MM: Final = 1.5
_LINE_SEARCH_MM: Final = 4.0
_LINE_SHARE: Final = 0.45
_LINE_HALF_MM: Final = 0.6
_DUST_MM: Final = 10.0
_DUST_THIN_MM: Final = 0.3


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


def _is_dust(patch: Component, cell: int) -> bool:
    """A long straight line: a fold, a streak, or a rest of the printed line."""
    long = patch.extent * cell >= _px(_DUST_MM)
    return long and patch.thickness * cell < _DUST_THIN_MM * PX_PER_MM
