"""Read a symbol that a decoder cannot find: a finder square punched out, inked over or cut off.

All our symbols have 25 modules a side and stand near the corners of a sheet, so the two finder
squares that are left say where all modules are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from bti_docs.core.paper import CODE_BOTTOM_LEFT, CODE_TOP_RIGHT, MODULES
from bti_docs.inbox.modules import FINDERS, Levels, fixed_modules
from bti_docs.inbox.morphology import Grey

Points = npt.NDArray[np.float64]
"""Rows of (x, y); pixel edges count, so the first pixel's centre is (0.5, 0.5)."""

_MODULE_MM: Final = (CODE_TOP_RIGHT.w / MODULES, CODE_BOTTOM_LEFT.w / MODULES)
_PX_PER_MM: Final = 5
_MARGIN_MM: Final = 4
"""Paper added outside the scan, for symbols at its edge."""
_FINDER: Final = 7
_CORNERS: Final = np.array([(0, 0), (MODULES, 0), (MODULES, MODULES), (0, MODULES)], dtype=float)
_PAIRS: Final = ((0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1))
_MAX_FINDERS: Final = 8
_LIKE_A_FINDER: Final = 0.45
_LIKE_A_SYMBOL: Final = 0.4
_SIZE_SLACK: Final = 0.07
_MAX_SKEW: Final = 9
"""Degrees that a sheet may lie askew."""
_STEPS: Final = (0.6, 0.3, 0.15)
"""Modules that a finder's middle is moved by when a pose is fitted."""
_ROUNDS: Final = 3
_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Sampled:
    """A symbol's modules as they look, wherever it lies on the page."""

    levels: Levels
    corners: Points
    """Top left, top right, bottom right, bottom left as printed; pixels of the page."""


def sample_symbols(grey: Grey, top: int, left: int, size: int, px_per_mm: float) -> list[Sampled]:
    """What looks like our symbols in the square of *size* pixels at *top*, *left*, best first."""
    patch = grey[top : top + size, left : left + size]
    factor = _PX_PER_MM / px_per_mm
    small = _small(patch, factor)
    poses = sorted(_poses(small), key=lambda found: -found[0])[:_TRIES]
    samples = []
    for score, pose in poses:
        better, fitted = _fitted(small, pose, score)
        if better > _LIKE_A_SYMBOL:
            margin = _MARGIN_MM * _PX_PER_MM
            on_page = (fitted - margin) / factor + np.array([left, top])
            samples.append(Sampled(_levels(small, fitted), _at(on_page, _CORNERS)))
    return samples


def _small(patch: Grey, factor: float) -> Grey:
    """The patch at `_PX_PER_MM`, with paper round it."""
    size = max(1, round(patch.shape[1] * factor)), max(1, round(patch.shape[0] * factor))
    resample = Image.Resampling.BOX if factor < 1 else Image.Resampling.BILINEAR
    small = np.asarray(Image.fromarray(patch).resize(size, resample))
    return np.pad(small, _MARGIN_MM * _PX_PER_MM, constant_values=int(np.percentile(small, 90)))


def _poses(small: Grey) -> Iterator[tuple[float, Points]]:
    """Where the three finder squares would be if two of those seen are a symbol's."""
    for module_mm in _MODULE_MM:
        module = module_mm * _PX_PER_MM
        for one, other in combinations(_finders_seen(small, module), 2):
            for a, b in _PAIRS:
                pose = _pose(one, other, FINDERS[a], FINDERS[b])
                if _is_ours(pose, module):
                    yield _likeness(small, pose), pose


def _finders_seen(small: Grey, module: float) -> list[Points]:
    """The places most like a finder square, by normalised correlation."""
    likeness = _correlation(small.astype(np.float64), _finder(module))
    reach = round(_FINDER * module / 2)
    places = []
    for _ in range(_MAX_FINDERS):
        row, column = np.unravel_index(int(np.argmax(likeness)), likeness.shape)
        if likeness[row, column] < _LIKE_A_FINDER:
            break
        places.append(np.array([column + 0.5, row + 0.5]))
        likeness[max(0, row - reach) : row + reach, max(0, column - reach) : column + reach] = -1
    return places


@lru_cache(maxsize=4)
def _finder(module: float) -> Points:
    """A finder square and the white round it, of an odd number of pixels, with mean zero."""
    half = int((_FINDER / 2 + 1) * module)
    away = np.abs(np.arange(-half, half + 1)) / module
    ring = np.maximum(away[:, None], away[None])
    dark = (ring < 1.5) | ((ring >= 2.5) & (ring < 3.5))  # noqa: PLR2004  (1:1:3:1:1)
    template = np.where(dark, 0.0, 1.0)
    zero_mean: Points = template - template.mean()
    return zero_mean


def _correlation(image: Levels, template: Levels) -> Levels:
    """How like *template* the image is round each pixel, -1 to 1; the edge counts as unlike."""
    side = len(template)
    shape = image.shape
    spectrum = np.fft.rfft2(image) * np.conj(np.fft.rfft2(template, shape))
    product = np.fft.irfft2(spectrum, shape)[: shape[0] - side + 1, : shape[1] - side + 1]
    count = side * side
    mean = _box_sums(image, side) / count
    spread = np.sqrt(np.maximum(_box_sums(image**2, side) / count - mean**2, 1.0))
    valid = product / (spread * count * template.std())
    half = side // 2
    return np.pad(valid, half, constant_values=-1)


def _box_sums(image: Levels, side: int) -> Levels:
    sums = np.pad(image, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    boxes: Levels = (
        sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    )
    return boxes


def _pose(one: Points, other: Points, first: Points, second: Points) -> Points:
    """All three finders' middles when *one* and *other* are at *first* and *second*."""
    apart, printed = other - one, second - first
    turn = complex(*apart) / complex(*printed)
    away = (FINDERS - first) @ np.array([1, 1j])
    turned = away * turn
    pose: Points = one + np.column_stack([turned.real, turned.imag])
    return pose


def _is_ours(pose: Points, module: float) -> bool:
    """Whether its size is right and it is not more askew than sheets are."""
    across, down = pose[1] - pose[0]
    size = np.hypot(across, down) / (18 * module)
    askew = (np.degrees(np.arctan2(down, across)) + 45) % 90 - 45
    return bool(abs(size - 1) < _SIZE_SLACK and abs(askew) < _MAX_SKEW)


def _at(pose: Points, modules: Points) -> Points:
    """Pixels of points in modules; *pose* holds the finders' middles."""
    across, down = (pose[1] - pose[0]) / 18, (pose[2] - pose[0]) / 18
    away = modules - FINDERS[0]
    places: Points = pose[0] + away[:, :1] * across + away[:, 1:] * down
    return places


def _levels(small: Grey, pose: Points) -> Levels:
    """The mean of the pixels in the middle of each module."""
    x, y = _at(pose, _inner_points()).T
    columns = np.clip(x.astype(np.intp), 0, small.shape[1] - 1)
    rows = np.clip(y.astype(np.intp), 0, small.shape[0] - 1)
    means: Levels = small[rows, columns].reshape(MODULES, MODULES, -1).mean(axis=2)
    return means


@lru_cache(maxsize=1)
def _inner_points() -> Points:
    """Four points in each module, rows of modules from the top."""
    rows, columns = np.mgrid[:MODULES, :MODULES]
    middles = np.stack([columns, rows], axis=-1).reshape(-1, 1, 2) + 0.5
    around = np.array([(-0.2, -0.2), (0.2, -0.2), (-0.2, 0.2), (0.2, 0.2)])
    points: Points = (middles + around).reshape(-1, 2)
    return points


def _likeness(small: Grey, pose: Points) -> float:
    """How like a symbol it is where all symbols are alike, -1 to 1."""
    known, dark = fixed_modules()
    levels = _levels(small, pose)[known]
    spread = float(levels.std())
    if spread < 1:
        return 0.0
    wanted = np.where(dark[known], -1.0, 1.0)
    wanted = (wanted - wanted.mean()) / wanted.std()
    return float(np.mean((levels - levels.mean()) * wanted) / spread)


def _fitted(small: Grey, pose: Points, score: float) -> tuple[float, Points]:
    """The pose moved, finder by finder, to where it is most like a symbol."""
    module = float(np.linalg.norm(pose[1] - pose[0])) / 18
    moves = [(i, axis, sign) for i in range(3) for axis in (0, 1) for sign in (-1, 1)]
    for step in _STEPS:
        for _ in range(_ROUNDS):
            before = score
            for finder, axis, sign in moves:
                moved = pose.copy()
                moved[finder, axis] += sign * step * module
                likeness = _likeness(small, moved)
                if likeness > score:
                    score, pose = likeness, moved
            if score == before:
                break
    return score, pose
