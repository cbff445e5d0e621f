"""What a mark on a signature's line looks like: a name written large, or something to look at.

Nobody can tell a name from a note by its shape alone. But initials are short, a machine's print is
low and dense, a stamp and a long note have rows, and a strike is nothing but a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from bti_docs.inbox.align import PX_PER_MM
from bti_docs.inbox.morphology import Mask

_SHORT_MM: Final = 15.0
"""Narrower is initials, a tick or «nei»; written names are 25 mm and more."""
_LOW_MM: Final = 2.5
_LINE_PER_MM: Final = 0.15
"""Fewer strokes side by side is a line or a cross."""
_DENSE_PER_MM: Final = 0.52
_SMALL: Final = (0.18, 0.05)
"""Small letters are a note's: denser than this much, and so much more for each mm of height."""
_ROW_VALLEY: Final = 0.3
_ROW_PEAK: Final = 0.35
_ROW_LAYERS: Final = 2.0
_MANY_WORDS: Final = 5
_GAP_PX: Final = round(1.5 * PX_PER_MM)
_SMOOTH: Final = 5
_BODY: Final = (3, 97)

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hand:
    """Measures of the ink in one box, in millimetres."""

    width: float
    height: float
    """Of the middle 94 % of the ink."""
    density: float
    """Strokes side by side in the busiest row, a millimetre of written width."""
    words: int
    valley: float
    """Ink between two rows of writing, in parts of the lesser row; 1 where there is one row."""
    layers: float
    """Strokes above each other in the busiest two millimetres."""

    @property
    def is_name(self) -> bool:
        """Whether it is written as names are; else a person looks."""
        if self.width < _SHORT_MM or self.height < _LOW_MM or self.words >= _MANY_WORDS:
            return False
        dense = min(_DENSE_PER_MM, _SMALL[0] + _SMALL[1] * self.height)
        rows = self.valley < _ROW_VALLEY and self.layers > _ROW_LAYERS
        return _LINE_PER_MM <= self.density <= dense and not rows


def hand_of(ink: Mask) -> Hand:
    """Measure *ink*, which has some, at the scale of a `Sheet`."""
    columns = np.flatnonzero(ink.any(axis=0))
    by_row = ink.sum(axis=1)
    share = np.cumsum(by_row) / by_row.sum() * 100
    first, last = (int(np.searchsorted(share, part)) for part in _BODY)
    starts = _smooth((ink[:, 1:] & ~ink[:, :-1]).sum(axis=1), _SMOOTH)
    tops = _smooth((ink[1:] & ~ink[:-1]).sum(axis=0), 2 * PX_PER_MM)
    written = len(np.unique(columns // PX_PER_MM))
    return Hand(
        width=(int(columns[-1]) - int(columns[0]) + 1) / PX_PER_MM,
        height=(last - first) / PX_PER_MM,
        density=float(starts.max()) / max(1, written),
        words=1 + int((np.diff(columns) > _GAP_PX).sum()),
        valley=_valley(_smooth(by_row, _SMOOTH)),
        layers=float(tops.max()),
    )


def _smooth(values: npt.NDArray[np.int_], width: int) -> Counts:
    return np.convolve(values, np.full(width, 1 / width), "same")


def _valley(rows: Counts) -> float:
    """How little lies between two rows of writing, in parts of the lesser of them."""
    before, after = np.maximum.accumulate(rows), np.maximum.accumulate(rows[::-1])[::-1]
    lesser = np.minimum(before, after)
    inside = lesser > _ROW_PEAK * rows.max()
    return float(np.min(rows[inside] / lesser[inside], initial=1.0))
