"""Small image morphology on numpy arrays: what a page's pixels need and no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
"""Grey levels, 0 black to 255 white; rows from the top."""

Mask = npt.NDArray[np.bool_]

_TWICE: Final = np.uint16(0x0101)
"""A byte times this is the same byte twice."""

_NEIGHBOURS: Final = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))


@dataclass(frozen=True, slots=True)
class Component:
    """A connected patch of cells: its cells as (row, column), and the ink in them."""

    cells: npt.NDArray[np.intp]
    ink: int
    """Pixels of ink."""

    @property
    def extent(self) -> int:
        """The longer side of its bounding box, in cells."""
        return int(np.max(np.ptp(self.cells, axis=0))) + 1

    @property
    def thickness(self) -> float:
        """Its standard deviation across its own main direction, in cells."""
        centred = self.cells - self.cells.mean(axis=0)
        spread = np.linalg.eigvalsh(centred.T @ centred / len(centred))
        return float(np.sqrt(max(0.0, spread[0])))


def dilate(image: Grey, height: int, width: int) -> Grey:
    """The maximum over a window of *height* × *width* pixels (odd numbers)."""
    return _slide(_slide(image, height, 0, largest=True), width, 1, largest=True)


def erode(image: Grey, height: int, width: int) -> Grey:
    """The minimum over a window of *height* × *width* pixels (odd numbers)."""
    return _slide(_slide(image, height, 0, largest=False), width, 1, largest=False)


def black_top_hat(image: Grey, size: int) -> Grey:
    """How much darker each pixel is than its surroundings; shapes wider than *size* px vanish."""
    return erode(dilate(image, size, size), size, size) - image


def black_top_hat_of_large(image: Grey, size: int) -> Grey:
    """The same four times as fast: what surrounds a pixel is looked up in blocks of 2 × 2 pixels.

    What lies right beside a wide dark shape is not seen, or the shape's own edge would be.
    """
    height, width = image.shape
    even = image
    if height % 2 or width % 2:
        even = np.pad(image, ((0, height % 2), (0, width % 2)), mode="edge")
    rows = np.maximum(even[::2], even[1::2])
    lightest = np.maximum(rows[:, ::2], rows[:, 1::2])
    half = 2 * (size // 4) + 1
    around = erode(dilate(lightest, half, half), half + 2, half + 2)
    twice = (around.astype(np.uint16) * _TWICE).view(np.uint8)
    paper = twice.repeat(2, axis=0)[:height, :width]
    return np.maximum(paper, image) - image


def widen(mask: Mask, height: int, width: int) -> Mask:
    """The mask grown to a window of *height* × *width* pixels (odd numbers) round each pixel."""
    return dilate(mask.view(np.uint8), height, width).view(np.bool_)


def runs(mask: Mask, length: int) -> Mask:
    """The pixels that lie in an unbroken horizontal run of at least *length* pixels (odd)."""
    kept = erode(mask.view(np.uint8), 1, length)
    return dilate(kept, 1, length).view(np.bool_)


def without_specks(mask: Mask) -> Mask:
    """The mask without what is thinner than two pixels: noise is, a pen is not."""
    solid = mask[1:, 1:] & mask[:-1, 1:] & mask[1:, :-1] & mask[:-1, :-1]
    kept = np.zeros_like(mask)
    for rows in (np.s_[1:], np.s_[:-1]):
        for columns in (np.s_[1:], np.s_[:-1]):
            kept[rows, columns] |= solid
    return kept


def components(mask: Mask, cell: int) -> tuple[Component, ...]:
    """The mask's connected patches on a grid of *cell* × *cell* pixels; lone pixels are dust."""
    height, width = (side // cell for side in mask.shape)
    inked = np.flatnonzero(mask[: height * cell, : width * cell].any(axis=1))
    rows, columns = np.divmod(np.flatnonzero(mask[inked, : width * cell]), width * cell)
    cells, counts = np.unique(inked[rows] // cell * width + columns // cell, return_counts=True)
    cells, counts = cells[counts > 1], counts[counts > 1]
    open_cells = {
        divmod(number, width): count
        for number, count in zip(cells.tolist(), counts.tolist(), strict=True)
    }
    found = []
    while open_cells:
        patch = _take_patch(open_cells)
        found.append(Component(np.array(list(patch), dtype=np.intp), sum(patch.values())))
    return tuple(found)


def ink_of(patches: Iterable[Component]) -> int:
    """The pixels of ink in all *patches*."""
    return sum(patch.ink for patch in patches)


def _take_patch(open_cells: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    start = next(iter(open_cells))
    patch = {start: open_cells.pop(start)}
    border = [start]
    while border:
        row, column = border.pop()
        for down, right in _NEIGHBOURS:
            beside = row + down, column + right
            if beside in open_cells:
                patch[beside] = open_cells.pop(beside)
                border.append(beside)
    return patch


def _slide(image: Grey, size: int, axis: int, *, largest: bool) -> Grey:
    """A sliding maximum or minimum by doubling the window: log2(size) passes over the image."""
    better = np.maximum if largest else np.minimum
    out = _padded(image, size // 2, size - 1 - size // 2, axis)
    reach = 1
    while reach < size:
        step = min(reach, size - reach)
        ahead, behind = (out[step:], out[:-step]) if axis == 0 else (out[:, step:], out[:, :-step])
        out = better(ahead, behind)
        reach += step
    return out


def _padded(image: Grey, before: int, after: int, axis: int) -> Grey:
    """The image with its first and last line on *axis* repeated."""
    first, last = (image[:1], image[-1:]) if axis == 0 else (image[:, :1], image[:, -1:])
    parts = (first.repeat(before, axis), image, last.repeat(after, axis))
    return np.concatenate(parts, axis=axis)
