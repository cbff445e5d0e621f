"""Masks with 64 pixels in a word: what is done to a whole page's ink costs next to nothing.

A page's mask is 2 MB as bytes and 280 kB as bits; growing and shrinking it are shifts of words.
Outside the mask there is nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from bti_docs.inbox.morphology import Mask

Bits = npt.NDArray[np.uint64]
"""Words by rows: the first line holds each row's first word, whose lowest bit is its first pixel.

So a step to the side moves whole lines, which is what the processor likes.
"""

_WORD: Final = 64
_PAIRS: Final = np.uint64(0x5555555555555555)
_FOURS: Final = np.uint64(0x3333333333333333)
_EIGHTS: Final = np.uint64(0x0F0F0F0F0F0F0F0F)
_ONE, _TWO, _FOUR = np.uint64(1), np.uint64(2), np.uint64(4)


def pack(mask: Mask) -> Bits:
    """The mask in words; its width is filled up with nothing."""
    packed = np.packbits(mask, axis=1, bitorder="little")
    words = -(-mask.shape[1] // _WORD)
    padded = np.zeros((mask.shape[0], words * 8), dtype=np.uint8)
    padded[:, : packed.shape[1]] = packed
    return np.ascontiguousarray(padded.view("<u8").T, dtype=np.uint64)


def unpack(bits: Bits, width: int) -> Mask:
    """The mask again, *width* pixels wide."""
    return np.unpackbits(octets(bits), axis=1, count=width, bitorder="little").view(np.bool_)


def octets(bits: Bits) -> npt.NDArray[np.uint8]:
    """The mask's rows, eight pixels in a byte."""
    return np.ascontiguousarray(bits.T, dtype="<u8").view(np.uint8)


def octet_counts(bits: Bits) -> npt.NDArray[np.uint8]:
    """How many pixels are set in each byte of `octets`."""
    pairs = bits - ((bits >> _ONE) & _PAIRS)
    fours = (pairs & _FOURS) + ((pairs >> _TWO) & _FOURS)
    return octets((fours + (fours >> _FOUR)) & _EIGHTS)


def grown(bits: Bits, height: int, width: int) -> Bits:
    """Every pixel made a window of *height* × *width* pixels (odd numbers)."""
    return _down(_across(bits, width, union=True), height, union=True)


def shrunk(bits: Bits, height: int, width: int) -> Bits:
    """What has a whole window of *height* × *width* pixels (odd numbers) round it."""
    return _down(_across(bits, width, union=False), height, union=False)


def runs(bits: Bits, length: int) -> Bits:
    """The pixels that lie in an unbroken level run of at least *length* pixels (odd)."""
    return grown(shrunk(bits, 1, length), 1, length)


def without_specks(bits: Bits) -> Bits:
    """The mask without what is thinner than two pixels: noise is, a pen is not."""
    pairs = bits & _shifted(bits, -1)
    solid = pairs & _lower(pairs, -1)
    wide = solid | _shifted(solid, 1)
    return wide | _lower(wide, 1)


def _across(bits: Bits, size: int, *, union: bool) -> Bits:
    out, reach = bits, 1
    while reach < size:
        step = min(reach, size - reach)
        moved = _shifted(out, -step)
        out = out | moved if union else out & moved
        reach += step
    return _shifted(out, size // 2)


def _down(bits: Bits, size: int, *, union: bool) -> Bits:
    out, reach = bits, 1
    while reach < size:
        step = min(reach, size - reach)
        moved = _lower(out, -step)
        out = out | moved if union else out & moved
        reach += step
    return _lower(out, size // 2)


def _shifted(bits: Bits, right: int) -> Bits:
    """Every row moved *right* pixels; left when negative."""
    words, rest = divmod(abs(right), _WORD)
    out = np.zeros_like(bits)
    count = len(bits) - words
    if count <= 0:
        return out
    if right >= 0:
        np.left_shift(bits[:count], np.uint64(rest), out=out[words:])
        if rest:
            out[words + 1 :] |= bits[: count - 1] >> np.uint64(_WORD - rest)
    else:
        np.right_shift(bits[words:], np.uint64(rest), out=out[:count])
        if rest:
            out[: count - 1] |= bits[words + 1 :] << np.uint64(_WORD - rest)
    return out


def _lower(bits: Bits, down: int) -> Bits:
    """Every pixel moved *down* rows; up when negative."""
    out = np.zeros_like(bits)
    if down >= 0:
        out[:, down:] = bits[:, : bits.shape[1] - down]
    else:
        out[:, :down] = bits[:, -down:]
    return out
