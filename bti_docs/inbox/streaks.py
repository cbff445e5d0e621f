"""Lines of dust on a sheet feeder's glass, and folds: found by sampling, filled from both sides."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from bti_docs.inbox.morphology import Grey, Mask

STREAK_SHARE: Final = 0.55
_STEP: Final = 8
_REACH: Final = 6
_DEPTH: Final = 12


def without_streaks(grey: Grey, share: float = STREAK_SHARE) -> Grey:
    """The page without dark lines straight across or down it.

    A line is one that is darker than both its sides along *share* of the page.
    """
    for axis in (1, 0):
        dark = _dark_lines(grey, share, axis)
        if dark.any():
            grey = _filled(grey, dark, axis)
    return grey


def _dark_lines(grey: Grey, share: float, axis: int) -> Mask:
    """Which columns (axis 1) or rows (axis 0) are darker than both sides nearly all the way."""
    sample = np.ascontiguousarray(grey[::_STEP] if axis == 1 else grey[:, ::_STEP])
    count = sample.shape[axis]
    dark = np.zeros(count, dtype=np.bool_)
    if count <= 2 * _REACH:
        return dark
    before, middle, after = (
        _slice(sample, start, start + count - 2 * _REACH, axis) for start in (0, _REACH, 2 * _REACH)
    )
    sides = np.maximum(np.minimum(before, after), _DEPTH) - np.uint8(_DEPTH)
    darker = (sides > middle).sum(axis=1 - axis, dtype=np.uint16)
    dark[_REACH : count - _REACH] = darker > share * sample.shape[1 - axis]
    return dark


def _slice(image: Grey, start: int, stop: int, axis: int) -> Grey:
    return image[:, start:stop] if axis == 1 else image[start:stop]


def _filled(grey: Grey, dark: Mask, axis: int) -> Grey:
    """The dark lines replaced by the lighter of the nearest good lines on both sides."""
    good, bad = np.flatnonzero(~dark), np.flatnonzero(dark)
    after = np.clip(np.searchsorted(good, bad), 0, len(good) - 1)
    before = np.clip(after - 1, 0, len(good) - 1)
    filled = grey.copy()
    lighter = np.maximum(grey.take(good[before], axis), grey.take(good[after], axis))
    where: tuple[slice | npt.NDArray[np.intp], ...] = (bad,) if axis == 0 else (slice(None), bad)
    filled[where] = lighter
    return filled
