"""A sheet seen in perspective: from a few points, and then from all modules of known symbols.

The corners a decoder gives are good to half a pixel, and far from them that is a millimetre. So
the eight numbers are fitted to every module of the symbols (Gauss-Newton, outliers left out).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from bti_docs.core.paper import MODULES, Box
from bti_docs.inbox.codes import symbol
from bti_docs.inbox.morphology import Grey

Values = npt.NDArray[np.float64]
Homography = npt.NDArray[np.float64]
"""Three rows of three: homogeneous pixels from homogeneous millimetres; the last number is 1."""

_PER_MODULE: Final = 4
_QUIET: Final = 1
_SOFT: Final = 1.2
_ROUNDS: Final = 12
_STILL: Final = 1e-7
_OUTLIER: Final = 1.2
_FINEST: Final = 5.0
_AROUND_MM: Final = 4.0
_RUN_AWAY: Final = 2.0


def homography(here: Values, there: Values) -> Homography:
    """The perspective map that takes the points *here* to *there*, by normalised least squares."""
    to_here, to_there = _normalising(here), _normalising(there)
    (x, y), (u, v) = mapped(to_here, here).T, mapped(to_there, there).T
    one, none = np.ones_like(x), np.zeros_like(x)
    rows = np.vstack(
        [
            np.column_stack([x, y, one, none, none, none, -u * x, -u * y, -u]),
            np.column_stack([none, none, none, x, y, one, -v * x, -v * y, -v]),
        ]
    )
    middle = np.linalg.svd(rows)[2][-1].reshape(3, 3)
    found: Homography = np.linalg.inv(to_there) @ middle @ to_here
    found /= found[2, 2]
    return found


def corners_of(box: Box) -> Values:
    """Top left, top right, bottom right, bottom left, in millimetres."""
    right, bottom = box.x + box.w, box.y + box.h
    return np.array([(box.x, box.y), (right, box.y), (right, bottom), (box.x, bottom)])


def mapped(matrix: Homography, points: Values) -> Values:
    """*points* through the perspective *matrix*."""
    seen = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    there: Values = seen[:, :2] / seen[:, 2:]
    return there


def _normalising(points: Values) -> Homography:
    centre, spread = points.mean(axis=0), float(np.abs(points - points.mean(axis=0)).mean()) or 1.0
    return np.array(
        [[1 / spread, 0, -centre[0] / spread], [0, 1 / spread, -centre[1] / spread], [0, 0, 1]]
    )


def size_of(corners: Values) -> float:
    """A symbol's side in pixels."""
    across, down = corners[1] - corners[0], corners[3] - corners[0]
    return float(np.sqrt(abs(across[0] * down[1] - across[1] * down[0])))


def scale_at(to_pixels: Homography, box: Box) -> float:
    """Pixels per millimetre at *box*."""
    return size_of(mapped(to_pixels, corners_of(box))) / box.w


def fitted(page: Grey, rough: Homography, texts: Mapping[Box, str]) -> Homography:
    """*rough* improved until both symbols' modules lie on their pictures."""
    factor = max(1, int(min(scale_at(rough, box) for box in texts) / _FINEST))
    size = np.diag([1 / 100, 1 / 100, 1.0])  # decimetres, so that the eight numbers are alike
    pose = np.diag([1 / factor, 1 / factor, 1.0]) @ rough @ np.linalg.inv(size)
    symbols = [_Symbol.near(page, rough, box, text, factor) for box, text in texts.items()]
    for _ in range(_ROUNDS):
        steps = [symbol.rows(pose) for symbol in symbols]
        rows, errors = np.vstack([s[0] for s in steps]), np.concatenate([s[1] for s in steps])
        step = np.linalg.lstsq(rows.T @ rows, rows.T @ errors, rcond=None)[0]
        pose -= np.append(step, 0.0).reshape(3, 3)
        if float(np.abs(step).max()) < _STILL:
            break
    fine = np.diag([factor, factor, 1.0]) @ pose @ size
    better: Homography = fine / fine[2, 2]
    return better if _is_near(better, rough, texts) else rough


def _is_near(better: Homography, rough: Homography, boxes: Iterable[Box]) -> bool:
    """Whether no code has run away, by two modules or more, from where it was read."""
    moved = (
        np.abs(mapped(better, corners_of(box)) - mapped(rough, corners_of(box))).max()
        / (scale_at(rough, box) * box.w / MODULES)
        for box in boxes
    )
    return all(modules < _RUN_AWAY for modules in moved)


@dataclass(frozen=True, slots=True)
class _Symbol:
    """A symbol's samples on the paper, what they should be, and its picture with its slopes."""

    grid: Values
    """Decimetres."""
    wanted: Values
    grey: Values
    right: Values
    down: Values
    origin: tuple[int, int]
    """Where the picture begins in the whole one, made smaller."""

    @classmethod
    def near(cls, page: Grey, to_pixels: Homography, box: Box, text: str, factor: int) -> _Symbol:
        """The symbol with the part of *page* round it, *factor* times smaller."""
        height, width = page.shape
        around = mapped(to_pixels, corners_of(box.grown(_AROUND_MM)))
        left, top = np.clip(around.min(axis=0).astype(int) // factor, 0, None)
        right, bottom = np.minimum(around.max(axis=0).astype(int), (width, height))
        part = np.ascontiguousarray(page[top * factor : bottom, left * factor : right])
        small = Image.fromarray(part).reduce(factor).filter(ImageFilter.GaussianBlur(1))
        grey = np.asarray(small, dtype=np.float64)
        slope_down, slope_right = (np.asarray(slope) for slope in np.gradient(grey))
        origin = int(left), int(top)
        return cls(_grid(box) / 100, _template(text), grey, slope_right, slope_down, origin)

    def rows(self, pose: Homography) -> tuple[Values, Values]:
        """How each sample changes with each of the eight numbers, and how far it is off."""
        x, y = self.grid.T
        seen = np.column_stack([x, y, np.ones_like(x)]) @ pose.T
        u, v, w = seen[:, 0] / seen[:, 2], seen[:, 1] / seen[:, 2], seen[:, 2]
        place = u - self.origin[0], v - self.origin[1]
        values = _sampled(self.grey, *place)
        spread = float(values.std()) or 1.0
        error = (values - values.mean()) / spread - self.wanted
        a, b = (_sampled(slope, *place) / spread / w for slope in (self.right, self.down))
        c = -(a * u + b * v)
        rows = np.column_stack([a * x, a * y, a, b * x, b * y, b, c * x, c * y])
        good = np.abs(error) < _OUTLIER
        return rows[good], error[good]


def _grid(box: Box) -> Values:
    """The millimetres of a symbol's samples, a little of its quiet zone among them."""
    side = (MODULES + 2 * _QUIET) * _PER_MODULE
    steps = ((np.arange(side) + 0.5) / _PER_MODULE - _QUIET) * box.w / MODULES
    right, down = np.meshgrid(steps + box.x, steps + box.y)
    return np.column_stack([right.ravel(), down.ravel()])


def _template(text: str) -> Values:
    """The samples of a symbol as a lens sees it, mean 0 and deviation 1."""
    modules = np.pad(np.where(symbol(text), 0, 255).astype(np.uint8), _QUIET, constant_values=255)
    large = np.kron(modules, np.ones((_PER_MODULE, _PER_MODULE), dtype=np.uint8))
    soft = Image.fromarray(large).filter(ImageFilter.GaussianBlur(_SOFT))
    values = np.asarray(soft, dtype=np.float64).ravel()
    normal: Values = (values - values.mean()) / (float(values.std()) or 1.0)
    return normal


def _sampled(values: Values, u: Values, v: Values) -> Values:
    """Bilinear; pixel centres lie at half numbers."""
    height, width = values.shape
    x, y = np.clip(u - 0.5, 0, width - 1.001), np.clip(v - 0.5, 0, height - 1.001)
    left, top = x.astype(np.intp), y.astype(np.intp)
    dx, dy = x - left, y - top
    upper = values[top, left] * (1 - dx) + values[top, left + 1] * dx
    lower = values[top + 1, left] * (1 - dx) + values[top + 1, left + 1] * dx
    sampled: Values = upper * (1 - dy) + lower * dy
    return sampled
