"""What a symbol's modules say, however they were found: put on clean paper for the decoder.

What all our symbols have alike is drawn as it should be, so only the data can be wrong. Two damaged
symbols of one page are read as one: they say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import zxingcpp

from bti_docs.core.paper import MODULES, QUIET_MODULES
from bti_docs.inbox.morphology import Grey, Mask

Levels = npt.NDArray[np.float64]
"""A grey level for each module, rows from the top."""

FINDERS: Final = np.array([(3.5, 3.5), (21.5, 3.5), (3.5, 21.5)])
"""Middles of the finder squares, in modules: top left, top right, bottom left."""
_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_FORMAT_MASK: Final = 0b101010000010010
_FORMAT_POLYNOMIAL: Final = 0b10100110111
_FORMAT_Q: Final = 0b11
_MASKS: Final = 8


def read_modules(looks: Sequence[Levels]) -> str:
    """What the modules say, those of several symbols taken together; "" when nobody can tell."""
    levels = np.mean([_standard(levels) for levels in looks], axis=0)
    for dark in (levels < _middle(levels), levels < 0):
        text = _decoded(dark)
        if text:
            return text
    return ""


@lru_cache(maxsize=1)
def fixed_modules() -> tuple[Mask, Mask]:
    """Which modules every symbol of this size has alike, and those of them that are dark."""
    known, dark = np.zeros((2, MODULES, MODULES), dtype=np.bool_)
    line = np.arange(MODULES) % 2 == 0
    known[6], dark[6] = True, line
    known[:, 6], dark[:, 6] = True, line
    rows, columns = np.mgrid[:MODULES, :MODULES] + 0.5
    for x, y in FINDERS:
        ring = np.maximum(abs(columns - x), abs(rows - y))
        here = ring < 4.5  # noqa: PLR2004  (the square and the white round it)
        known |= here
        dark[here] = ((ring < 2) | (ring == 3))[here]  # noqa: PLR2004  (1:1:3:1:1)
    ring = np.maximum(abs(columns - 18.5), abs(rows - 18.5))
    here = ring < 3  # noqa: PLR2004  (the small square at the fourth corner)
    known |= here
    dark[here] = (ring[here] == 0) | (ring[here] == 2)  # noqa: PLR2004
    known[17, 8] = dark[17, 8] = True
    return known, dark


def _standard(levels: Levels) -> Levels:
    """The levels with dark below zero and white above, however strong the print."""
    low, high = np.percentile(levels, (10, 90))
    standard: Levels = (levels - (low + high) / 2) / max(1.0, high - low)
    return standard


def _middle(levels: Levels) -> Levels:
    """Between the darkest and the brightest of each module's neighbours: stains are shades."""
    reach = 3
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(levels, reach, mode="reflect"), (2 * reach + 1, 2 * reach + 1)
    )
    middle: Levels = (windows.max(axis=(2, 3)) + windows.min(axis=(2, 3))) / 2
    return middle


def _decoded(dark: Mask) -> str:
    known, printed = fixed_modules()
    clean = np.where(known, printed, dark)
    for mask in range(_MASKS):
        barcode = zxingcpp.read_barcode(
            _picture(_with_format(clean, mask)),
            formats=_QR,
            is_pure=True,
            try_rotate=False,
            try_invert=False,
            try_downscale=False,
        )
        if barcode is not None and barcode.text:
            return str(barcode.text)
    return ""


def _picture(dark: Mask) -> Grey:
    framed = np.pad(np.where(dark, np.uint8(0), np.uint8(255)), QUIET_MODULES, constant_values=255)
    return np.ascontiguousarray(framed.repeat(3, axis=0).repeat(3, axis=1))


def _with_format(dark: Mask, mask: int) -> Mask:
    """The symbol saying of itself that it is of level Q, with *mask* (ISO 18004, 7.9)."""
    data = _FORMAT_Q << 3 | mask
    rest = data << 10
    for bit in range(14, 9, -1):
        if rest >> bit & 1:
            rest ^= _FORMAT_POLYNOMIAL << bit - 10
    bits = [bool(((data << 10 | rest) ^ _FORMAT_MASK) >> i & 1) for i in range(15)]
    out = dark.copy()
    out[[0, 1, 2, 3, 4, 5, 7, 8, 18, 19, 20, 21, 22, 23, 24], 8] = [*bits[:8], *bits[8:]]
    out[8, [24, 23, 22, 21, 20, 19, 18, 17, 7, 5, 4, 3, 2, 1, 0]] = bits
    out[17, 8] = True
    return out
