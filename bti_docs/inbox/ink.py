"""Is there a signature? The ink above a printed line, on a page laid straight.

Thresholds are from measurements on scans with known ink; see the tests, which repeat them. What is
written in another way than names are, or is too faint to tell from print that shines through, is a
person's to look at. Nothing here rejects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from bti_docs.core.paper import Box
from bti_docs.inbox.align import FOLD_SHARE, PX_PER_MM, Sheet, ink_level, median_of, thin_dark
from bti_docs.inbox.hand import hand_of
from bti_docs.inbox.morphology import (
    Component,
    Grey,
    Mask,
    black_top_hat,
    components,
    ink_of,
    runs,
    widen,
    without_specks,
)
from bti_docs.inbox.streaks import without_streaks

Outcome = Literal["seen", "not_seen", "look"]

_CELL: Final = PX_PER_MM // 2
_SEEN_MM2: Final = 4.0
_SEEN_MM: Final = 4.0
_SPECK_MM: Final = 1.5
_SIDE_MM: Final = 6.0
"""How far past the line is looked, to tell a fold from a pen."""
_LINE_SEARCH_MM: Final = 4.0
_LINE_SHARE: Final = 0.45
_LINE_HALF_MM: Final = 0.6
_DUST_MM: Final = 10.0
_DUST_THIN_MM: Final = 0.3
_EDGE_MM: Final = 2.0
_FAINT_PEN: Final = 7
"""Pixels: narrower than for ink, so that the soft rims of stains are not taken for a pencil."""
_FAINT_SHARE: Final = 0.25
_FAINT_GRAIN: Final = 3.0
_FOLD_SHARE: Final = 0.4
"""Rows that are a little dark for more of their length are a fold, which is level."""
_FOLD: Final = 5
_FAINT_MM: Final = 2.0
_NOTHING_MM2: Final = 0.3


@dataclass(frozen=True, slots=True)
class Ink:
    """The ink in one signature box."""

    area_mm2: float
    extent_mm: float
    """The longer side of the largest connected part."""
    outcome: Outcome


def measure_ink(sheet: Sheet, place: Box) -> Ink:
    """Measure the ink above a signature's printed line; *place* is the box above that line."""
    near = Box(place.x - _SIDE_MM, place.y - _LINE_SEARCH_MM,
               place.w + 2 * _SIDE_MM, place.h + 2 * _LINE_SEARCH_MM)  # fmt: skip
    grey = without_streaks(sheet.part(near), FOLD_SHARE)
    level = ink_level(grey, sheet.contrast)
    ink = thin_dark(grey) > level
    line = _printed_line(ink, _px(place.w), _px(_LINE_SEARCH_MM + place.h))
    rows = slice(max(0, line - _px(place.h)), max(0, line - _px(_LINE_HALF_MM)))
    found = components(ink[rows], _CELL)
    strokes = _strokes(found, ink.shape[1])
    area, extent = ink_of(strokes) / PX_PER_MM**2, _extent(strokes)
    outcome: Outcome = "look"
    if area >= _SEEN_MM2 and extent >= _SEEN_MM:
        outcome = "seen" if hand_of(_only(ink[rows], strokes)).is_name else "look"
    elif not (sheet.bilevel or _is_struck(found, ink.shape[1]) or _is_faint(grey, rows, level)):
        outcome = "not_seen"
    return Ink(round(area, 2), round(extent, 2), outcome)


def _is_faint(grey: Grey, rows: slice, level: float) -> bool:
    """Whether something is there that is too light for ink: a pencil, or a print behind."""
    dark = black_top_hat(grey, _FAINT_PEN)
    grain = median_of(dark)
    least = max(_FAINT_SHARE * level, _FAINT_GRAIN * grain)
    folded = np.mean(dark[rows] > least / 2, axis=1, keepdims=True) > _FOLD_SHARE
    above = without_specks((dark[rows] > least) & ~widen(folded, _FOLD, 1))
    found = _strokes(components(above, _CELL), grey.shape[1])
    some = ink_of(patch for patch in found if patch.extent * _CELL >= _px(_FAINT_MM))
    return some >= _NOTHING_MM2 * PX_PER_MM**2


def _strokes(found: Sequence[Component], width: int) -> list[Component]:
    """The patches that a pen may have made in the box: no specks, no long straight lines."""
    side = _px(_SIDE_MM - 1)
    return [
        patch
        for patch in found
        if patch.extent * _CELL >= _px(_SPECK_MM)
        and side <= float(patch.cells[:, 1].mean()) * _CELL <= width - side
        and not _is_line(patch)
    ]


def _is_struck(found: Sequence[Component], width: int) -> bool:
    """Whether a level line begins or ends near the box, as a fold or a printed rule does not."""
    edge = _px(_EDGE_MM)
    for patch in filter(_is_line, found):
        columns = patch.cells[:, 1] * _CELL
        first, last = int(columns.min()), int(columns.max())
        level = last - first >= _px(_DUST_MM)
        if level and (first > edge or last < width - edge) and first < width - _px(_SIDE_MM):
            return True
    return False


def _only(ink: Mask, patches: Sequence[Component]) -> Mask:
    """The ink in *patches* alone."""
    cells = np.zeros(tuple(-(-side // _CELL) for side in ink.shape), dtype=np.bool_)
    for patch in patches:
        cells[tuple(patch.cells.T)] = True
    wide = cells.repeat(_CELL, axis=0).repeat(_CELL, axis=1)
    return ink & wide[: ink.shape[0], : ink.shape[1]]


def _extent(patches: Sequence[Component]) -> float:
    """The longer side of the largest patch in mm."""
    return max((patch.extent for patch in patches), default=0) * _CELL / PX_PER_MM


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


def _is_line(patch: Component) -> bool:
    """A long straight line: a fold, a streak, a strike, or a rest of the printed line."""
    long = patch.extent * _CELL >= _px(_DUST_MM)
    return long and patch.thickness * _CELL < _DUST_THIN_MM * PX_PER_MM
