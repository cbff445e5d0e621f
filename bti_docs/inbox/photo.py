"""Photographs of pages: lay a sheet seen from one side flat, and take the shadows away.

Two codes give eight corners and so a perspective, but only near themselves; it is fitted to every
module of both symbols (Gauss-Newton on the eight numbers), and then to the paper's own edges where
they show against the table. What comes out is a page as a scanner gives it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from bti_docs.core.paper import CODE_BOTTOM_LEFT, CODE_TOP_RIGHT, PAGE, Box
from bti_docs.inbox.codes import SeenCode
from bti_docs.inbox.morphology import Grey
from bti_docs.inbox.perspective import (
    Homography,
    Values,
    corners_of,
    fitted,
    homography,
    size_of,
)

Shades = npt.NDArray[np.float32]
Line = tuple[float, float]
"""Millimetres at the start, and more of them for each millimetre along."""

FLAT_PX_PER_MM: Final = 8
"""203 dpi, as a scanner's."""
_TILTED: Final = 0.03
"""The two codes of a scan show the same scale, within a decoder's whole pixels."""
_PART: Final = 0.92
"""A scan is the sheet and nothing else; a photograph shows the table, too."""
_EDGE_MM: Final = 7.0
_EDGE_PX_PER_MM: Final = 6
_EDGE_STEP: Final = 8
_EDGE_HALF: Final = 6
"""Pixels on each side of an edge whose brightness is compared: 1 mm."""
_EDGE_CLEAR: Final = 18.0
_EDGE_SHARE: Final = 0.7
_EDGE_NEAR_MM: Final = 1.0
_SHADE_BLOCK: Final = 24
_WHITE: Final = 245.0
_DARKEST: Final = 24.0


def flattened(page: Grey, codes: Sequence[SeenCode]) -> tuple[Grey, tuple[SeenCode, ...]] | None:
    """A photographed *page* as a scan of it, and its codes there; a scan comes back as it is.

    *page* is upright, as `page_image` gives it. None for a photograph with only one code that can
    be read: one code does not tell how the sheet lies.
    """
    placed = _placed(page, codes)
    if not placed:
        return page, tuple(codes)
    points = {box: np.array(seen.corners) for box, seen in placed.items()}
    scales = [size_of(there) / box.w for box, there in points.items()]
    if not _is_photograph(page, scales):
        return page, tuple(codes)
    if len(placed) < len(_CODES):
        return None
    rough = homography(
        np.vstack([corners_of(box) for box in points]), np.vstack(list(points.values()))
    )
    fine = fitted(page, rough, {box: seen.code.text() for box, seen in placed.items()})
    fine = _to_edges(page, fine)
    flat = _without_shadows(_drawn(page, fine, FLAT_PX_PER_MM))
    return flat, tuple(_moved(flat, box, seen) for box, seen in placed.items())


_CODES: Final = (CODE_TOP_RIGHT, CODE_BOTTOM_LEFT)


def _placed(page: Grey, codes: Sequence[SeenCode]) -> dict[Box, SeenCode]:
    placed: dict[Box, SeenCode] = {}
    for seen in codes:
        if seen.code.page:
            low = sum(y for _, y in seen.corners) / 4 > page.shape[0] / 2
            placed.setdefault(CODE_BOTTOM_LEFT if low else CODE_TOP_RIGHT, seen)
    return placed


def _is_photograph(page: Grey, scales: Sequence[float]) -> bool:
    """Whether the sheet is seen from one side, or is only a part of a larger picture."""
    share = PAGE.w * PAGE.h * min(scales) * max(scales) / page.size
    return max(scales) / min(scales) > 1 + _TILTED or share < _PART


def _drawn(page: Grey, to_pixels: Homography, px_per_mm: int, margin: float = 0.0) -> Grey:
    """The sheet seen from straight above, with *margin* millimetres of what lies round it."""
    size = tuple(round((side + 2 * margin) * px_per_mm) for side in (PAGE.w, PAGE.h))
    scale = 1 / px_per_mm
    to_mm = np.array([[scale, 0, -margin], [0, scale, -margin], [0, 0, 1.0]])
    matrix = to_pixels @ to_mm
    numbers = tuple((matrix / matrix[2, 2]).ravel()[:8].tolist())
    drawn = Image.fromarray(page).transform(
        (size[0], size[1]), Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BILINEAR,
        fillcolor=255,
    )  # fmt: skip
    return np.asarray(drawn)


def _to_edges(page: Grey, to_pixels: Homography) -> Homography:
    """The map with the sheet's own edges where A4 has them, when all four are seen."""
    around = _drawn(page, to_pixels, _EDGE_PX_PER_MM, _EDGE_MM)
    turned = np.ascontiguousarray(around.T)
    left, right = _edge(around), _edge(around[:, ::-1])
    top, bottom = _edge(turned), _edge(turned[:, ::-1])
    if left is None or right is None or top is None or bottom is None:
        return to_pixels
    right, bottom = (PAGE.w - right[0], -right[1]), (PAGE.h - bottom[0], -bottom[1])
    corners = [_crossing(left, top), _crossing(right, top), _crossing(right, bottom),
               _crossing(left, bottom)]  # fmt: skip
    codes = np.vstack([corners_of(box) for box in _CODES])
    here, there = np.vstack([corners_of(PAGE), codes]), np.vstack([corners, codes])
    better: Homography = to_pixels @ homography(here, there)
    better /= better[2, 2]
    return better


def _edge(around: Grey) -> Line | None:
    """The line where the table ends and the paper begins, near the left side of *around*."""
    reach = round(2 * _EDGE_MM * _EDGE_PX_PER_MM)
    rows = around.shape[0] // _EDGE_STEP
    band = around[: rows * _EDGE_STEP, : reach + 2 * _EDGE_HALF].astype(np.float64)
    sums = band.reshape(rows, _EDGE_STEP, -1).mean(axis=1).cumsum(axis=1)
    before = (
        sums[:, _EDGE_HALF:-_EDGE_HALF] - np.pad(sums, ((0, 0), (1, 0)))[:, : -2 * _EDGE_HALF - 1]
    )
    after = sums[:, 2 * _EDGE_HALF :] - sums[:, _EDGE_HALF:-_EDGE_HALF]
    rise = (after[:, : before.shape[1]] - before[:, : after.shape[1]]) / _EDGE_HALF
    best = rise.argmax(axis=1)
    clear = rise[np.arange(rows), best] > _EDGE_CLEAR
    across = (best + _EDGE_HALF) / _EDGE_PX_PER_MM - _EDGE_MM
    down = (np.arange(rows) + 0.5) * _EDGE_STEP / _EDGE_PX_PER_MM - _EDGE_MM
    inner = (down > 0) & (down < around.shape[0] / _EDGE_PX_PER_MM - 2 * _EDGE_MM)
    return _line(down[clear & inner], across[clear & inner], int(inner.sum()))


def _line(down: Values, across: Values, all_rows: int) -> Line | None:
    """`across` as a line along `down`; None when too few points lie on one."""
    if len(down) < _EDGE_SHARE * all_rows:
        return None
    near = np.ones(len(down), dtype=np.bool_)
    slope = start = 0.0
    for reach in (3.0, 1.5, _EDGE_NEAR_MM):
        slope, start = np.polyfit(down[near], across[near], 1)
        near = np.abs(across - start - slope * down) < reach
        if near.sum() < _EDGE_SHARE * all_rows:
            return None
    return float(start), float(slope)


def _crossing(upright: Line, level: Line) -> tuple[float, float]:
    """Where x = a + b·y and y = c + d·x meet."""
    (a, b), (c, d) = upright, level
    x = (a + b * c) / (1 - b * d)
    return x, c + d * x


def _without_shadows(page: Grey) -> Grey:
    """The paper evenly white: each place divided by the light that falls on it."""
    height, width = page.shape
    blocks = page[: height - height % _SHADE_BLOCK, : width - width % _SHADE_BLOCK]
    tiles = blocks.reshape(height // _SHADE_BLOCK, _SHADE_BLOCK, width // _SHADE_BLOCK, -1)
    bright = np.percentile(tiles, 80, axis=(1, 3)).astype(np.float32)
    light = Image.fromarray(_smoothed(bright)).resize((width, height), Image.Resampling.BICUBIC)
    even = page * (_WHITE / np.maximum(np.asarray(light), _DARKEST))
    flat: Grey = np.clip(even, 0, 255).astype(np.uint8)
    return flat


def _smoothed(light: Shades) -> Shades:
    """Each block with the median of itself and its neighbours: print and ink are narrower."""
    wide = np.pad(light, 1, mode="edge")
    height, width = light.shape
    near = np.stack([wide[i : i + height, j : j + width] for i in range(3) for j in range(3)])
    return np.median(near, axis=0).astype(np.float32)


def _moved(flat: Grey, box: Box, seen: SeenCode) -> SeenCode:
    """The code where it lies on the flat page, with its contrast there."""
    corners = corners_of(box) * FLAT_PX_PER_MM
    (left, top), (right, bottom) = corners[0].astype(int), corners[2].astype(int)
    black, white = np.percentile(flat[top:bottom, left:right], (10, 90))
    places = tuple((float(x), float(y)) for x, y in corners)
    return replace(seen, corners=places, contrast=float(white - black))
