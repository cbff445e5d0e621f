"""How a scan drifts from the printed page from place to place, and the print moved with it.

What the codes leave over is the paper feed: a few tenths of a millimetre that change slowly down
the page. Each tile's drift is found by sliding its rows' and columns' sums of ink.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from bti_docs.inbox.morphology import Mask

_TILES: Final = (11, 6)
_TILE_SHAPE: Final = np.array([1.0, 0.75])
"""A tile's height and width, in parts of how far neighbours are asked."""
_REACH: Final = 9
"""Pixels, 1.5 mm: less than half the distance of two lines of text."""
_STEPS: Final = np.arange(-_REACH, _REACH + 1)
_NEARER: Final = 1e-6
_LITTLE: Final = 250
"""Pixels of print below which a tile says nothing of its own."""

Sums = npt.NDArray[np.float64]


def drifted(printed: Mask, seen: Mask) -> Mask:
    """*printed* moved tile by tile to where *seen* has the same ink."""
    rows = np.linspace(0, printed.shape[0], _TILES[0] + 1).astype(int)
    columns = np.linspace(0, printed.shape[1], _TILES[1] + 1).astype(int)
    shifts = np.zeros((*_TILES, 2))
    weights = np.zeros(_TILES)
    for i, j in np.ndindex(*_TILES):
        tile = np.s_[rows[i] : rows[i + 1], columns[j] : columns[j + 1]]
        weights[i, j] = max(0, int(printed[tile].sum()) - _LITTLE)
        if weights[i, j]:
            shifts[i, j] = [_shift(printed[tile], seen[tile], axis) for axis in (1, 0)]
    return _moved(printed, np.rint(_smoothed(shifts, weights)).astype(int), rows, columns)


def _shift(printed: Mask, seen: Mask, axis: int) -> int:
    """How far *seen* lies after *printed*, across *axis*, in pixels."""
    here = printed.sum(axis=axis, dtype=np.int32)
    there = np.pad(seen.sum(axis=axis, dtype=np.int32), _REACH)
    windows = np.lib.stride_tricks.sliding_window_view(there, len(here))
    scores = np.minimum(windows, here).sum(axis=1) - _NEARER * np.abs(_STEPS)
    return int(_STEPS[int(np.argmax(scores))])


def _smoothed(shifts: npt.NDArray[np.float64], weights: Sums) -> npt.NDArray[np.float64]:
    """Each tile's drift as the weighted mean of its own and those near it."""
    places = np.argwhere(np.ones(_TILES, dtype=np.bool_)) * _TILE_SHAPE
    apart = ((places[:, None] - places[None]) ** 2).sum(axis=2)
    near = np.exp(-apart / 0.8) * np.sqrt(weights.ravel())[None]
    total = near.sum(axis=1, keepdims=True)
    flat = near @ shifts.reshape(-1, 2) / np.where(total > 0, total, 1)
    smooth: npt.NDArray[np.float64] = flat.reshape(*_TILES, 2)
    return smooth


def _moved(
    printed: Mask,
    shifts: npt.NDArray[np.int_],
    rows: npt.NDArray[np.int_],
    columns: npt.NDArray[np.int_],
) -> Mask:
    """Each tile of the result taken from *printed* as far back as the drift says."""
    wide = np.pad(printed, _REACH)
    moved = np.empty_like(printed)
    for i, j in np.ndindex(*_TILES):
        down, right = shifts[i, j]
        moved[rows[i] : rows[i + 1], columns[j] : columns[j + 1]] = wide[
            rows[i] + _REACH - down : rows[i + 1] + _REACH - down,
            columns[j] + _REACH - right : columns[j + 1] + _REACH - right,
        ]
    return moved
