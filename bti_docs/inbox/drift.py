"""How a scan drifts from the printed page from place to place, and the print moved with it.

What the codes leave over is the paper feed: a few tenths of a millimetre that change slowly down
the page. Each tile's drift is found by sliding its rows' and columns' sums of ink.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from bti_docs.inbox.bits import Bits, octet_counts, octets
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
_OCTET: Final = 8

Sums = npt.NDArray[np.float64]
Profiles = npt.NDArray[np.uint16]
"""For each tile the sums of its rows, or of its columns: tiles down, tiles across, lines."""


def drifted(printed: Mask, print_bits: Bits, seen_bits: Bits) -> Mask:
    """*printed* moved tile by tile to where *seen_bits* has the same ink.

    *print_bits* is the same mask in words; height and width are whole numbers of tiles.
    """
    here, there = _profiles(print_bits, printed.shape), _profiles(seen_bits, printed.shape)
    weights = np.maximum(0.0, here[0].sum(axis=2, dtype=np.float64) - _LITTLE)
    pairs = zip(here, there, strict=True)
    shifts = np.stack([_shifts(ours, theirs) for ours, theirs in pairs], axis=2)
    return _moved(printed, np.rint(_smoothed(shifts * (weights > 0)[..., None], weights)))


def _profiles(bits: Bits, shape: tuple[int, ...]) -> tuple[Profiles, Profiles]:
    """The ink in each tile's rows, and in its columns; tiles begin at whole octets here."""
    tall, wide = shape[0] // _TILES[0], shape[1] // _TILES[1]
    starts = np.arange(_TILES[1]) * wide // _OCTET
    across = np.add.reduceat(octet_counts(bits), starts, axis=1, dtype=np.uint16)
    by_row = across.reshape(_TILES[0], tall, _TILES[1]).transpose(0, 2, 1)
    pixels = np.unpackbits(octets(bits), axis=1, count=shape[1], bitorder="little")
    tiles = pixels.reshape(_TILES[0], tall, shape[1])
    down = np.add.reduce(tiles, axis=1, dtype=np.uint8)
    return by_row, down.reshape(_TILES[0], _TILES[1], wide).astype(np.uint16)


def _shifts(here: Profiles, there: Profiles) -> Sums:
    """How many pixels each tile's *there* lies after its *here*."""
    wide = np.pad(there, ((0, 0), (0, 0), (_REACH, _REACH)))
    windows = np.lib.stride_tricks.sliding_window_view(wide, here.shape[2], axis=2)
    common = np.minimum(windows, here[:, :, None]).sum(axis=3, dtype=np.uint16)
    best = np.argmax(common - _NEARER * np.abs(_STEPS), axis=2)
    steps: Sums = _STEPS[best].astype(np.float64)
    return steps


def _smoothed(shifts: Sums, weights: Sums) -> Sums:
    """Each tile's drift as the weighted mean of its own and those near it."""
    places = np.argwhere(np.ones(_TILES, dtype=np.bool_)) * _TILE_SHAPE
    apart = ((places[:, None] - places[None]) ** 2).sum(axis=2)
    near = np.exp(-apart / 0.8) * np.sqrt(weights.ravel())[None]
    total = near.sum(axis=1, keepdims=True)
    flat = near @ shifts.reshape(-1, 2) / np.where(total > 0, total, 1)
    smooth: Sums = flat.reshape(*_TILES, 2)
    return smooth


def _moved(printed: Mask, shifts: Sums) -> Mask:
    """Each tile of the result taken from *printed* as far back as the drift says."""
    tall, across = printed.shape[0] // _TILES[0], printed.shape[1] // _TILES[1]
    wide = np.pad(printed, _REACH)
    moved = np.empty_like(printed)
    for i, j in np.ndindex(*_TILES):
        down, right = shifts[i, j].astype(int)
        top, left = i * tall, j * across
        moved[top : top + tall, left : left + across] = wide[
            top + _REACH - down : top + _REACH - down + tall,
            left + _REACH - right : left + _REACH - right + across,
        ]
    return moved
