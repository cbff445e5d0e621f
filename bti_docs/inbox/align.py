"""Lay a scanned page on the printed one: the codes say where everything is.

Each code is fitted to its own known modules; the two at opposite corners give the page's place,
turn and stretch, and the page is drawn anew in millimetres.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from bti_docs.core.paper import CODE_BOTTOM_LEFT, CODE_TOP_RIGHT, PAGE, Box
from bti_docs.inbox.codes import Points, SeenCode
from bti_docs.inbox.fit import (
    MODULE_CORNERS,
    Affine,
    affine_fit,
    apply,
    find_symbol,
    fit_symbol,
)
from bti_docs.inbox.morphology import Grey, Mask, black_top_hat, black_top_hat_of_large
from bti_docs.inbox.photo import flattened
from bti_docs.inbox.streaks import without_streaks

PX_PER_MM: Final = 6
"""The scale of a page laid straight: 152 dpi, where a pen is 3 px wide."""
SHEET_SIZE: Final = (int(PAGE.w * PX_PER_MM), int(PAGE.h * PX_PER_MM))

_PEN: Final = 11
"""Wider dark shapes (1.8 mm) are stains, shadows and holes, not pens."""
_MIN_LEVELS: Final = 12
_SIGMAS: Final = 4.5
_CONTRAST_SHARE: Final = 0.22
_MAD_TO_SIGMA: Final = 1.4826 / math.sqrt(2)
FOLD_SHARE: Final = 0.88
_MAX_MOVE: Final = 1.5
_LIKENESS: Final = 0.5
_MAX_UNEVEN: Final = 0.1
_FINE: Final = 1.6
_AROUND: Final = 3
_WHITE: Final = 255
_NOISE_ROWS: Final = 30
_SAMPLE: Final = 5
_MIDDLE: Final = slice(64, 192)
_MIDDLE_SHARE: Final = 0.12


@dataclass(frozen=True, slots=True)
class Sheet:
    """A scanned page, and where each millimetre of the printed one lies on it."""

    page: Grey
    """The upright scan without lines of dust."""
    to_pixels: Affine
    """From the printed page's millimetres to the scan's pixels."""
    contrast: float
    """Grey levels between the printed black and the paper."""
    bilevel: bool = False
    """Whether the scanner gave black and white alone, which loses faint ink for ever."""

    def part(self, box: Box) -> Grey:
        """*box* laid straight, `PX_PER_MM` pixels a millimetre."""
        size = _px(box.w), _px(box.h)
        corners = apply(self.to_pixels, _corners_mm(box))
        left, top = np.maximum(np.floor(corners.min(axis=0)).astype(int) - _AROUND, 0)
        right, bottom = np.maximum(np.ceil(corners.max(axis=0)).astype(int) + _AROUND, 0)
        near = np.ascontiguousarray(self.page[top:bottom, left:right])
        if not near.size:
            return np.full(size[::-1], _WHITE, dtype=np.uint8)
        start = self.to_pixels.copy()
        start[:, 2] += self.to_pixels[:, :2] @ (box.x, box.y) - (left, top)
        return _drawn(near, start, size, Image.Resampling.BILINEAR)

    def whole(self) -> Grey:
        """The whole page laid straight, without its folds; a little coarser than a part."""
        drawn = _drawn(self.page, self.to_pixels, SHEET_SIZE, Image.Resampling.NEAREST)
        return without_streaks(drawn, FOLD_SHARE)


def align(page: Grey, codes: Sequence[SeenCode]) -> Sheet | None:
    """Lay *page* (upright, as `page_image` gives it) straight by its codes.

    None when the codes do not say where the page is: there is none, or they stand where no
    stamp put them, as on a Word file's own print.
    """
    flat = flattened(page, codes)
    page, codes = flat or (page, ())
    placed = _placed(page, codes)
    if not placed:
        return None
    clean = without_streaks(page)
    corners = {box: _corners(clean, seen) for box, seen in placed.items()}
    to_pixels = _page_fit(corners)
    if len(placed) == 1:
        ((box, seen),) = placed.items()
        corners |= _other_corners(clean, seen.code.text(), box, to_pixels)
        to_pixels = _page_fit(corners)
    if not _is_plausible(to_pixels):
        return None
    contrast = max(seen.contrast for seen in placed.values())
    return Sheet(clean, to_pixels, contrast, _is_bilevel(page))


def page_ink(sheet: Sheet) -> Mask:
    """Where the whole page, laid straight, has ink: thin, and clearly darker than its paper."""
    grey = sheet.whole()
    ink: Mask = black_top_hat_of_large(grey, _PEN) > ink_level(grey, sheet.contrast)
    return ink


def thin_dark(grey: Grey) -> Grey:
    """How much darker than its paper what is as thin as a pen is; stains and shadows are not."""
    return black_top_hat(grey, _PEN)


def ink_level(grey: Grey, contrast: float) -> float:
    """From how many levels on it is ink: above the noise, and a share of the print's *contrast*."""
    return max(_MIN_LEVELS, _SIGMAS * noise_of(grey), _CONTRAST_SHARE * contrast)


def noise_of(grey: Grey) -> float:
    """The standard deviation of the paper's grey levels, by the median step to the next pixel."""
    sample = grey[:: max(1, len(grey) // _NOISE_ROWS)]
    left, right = sample[:, :-1], sample[:, 1:]
    steps = np.maximum(left, right) - np.minimum(left, right)
    return median_of(steps) * _MAD_TO_SIGMA


def median_of(levels: Grey) -> int:
    """The median of grey levels, by counting them."""
    below = np.cumsum(np.bincount(levels.ravel(), minlength=_WHITE + 1))
    return int(np.searchsorted(below, below[-1] / 2))


def _is_bilevel(page: Grey) -> bool:
    """Whether nearly no pixel that is not paper lies between black and white."""
    counts = np.bincount(page[::_SAMPLE, ::_SAMPLE].ravel(), minlength=_WHITE + 1)
    dark = counts[: _MIDDLE.stop].sum()
    return bool(counts[_MIDDLE].sum() < _MIDDLE_SHARE * dark)


def _placed(page: Grey, codes: Sequence[SeenCode]) -> dict[Box, SeenCode]:
    """Each code with the place it was printed at, no place twice."""
    placed: dict[Box, SeenCode] = {}
    for seen in codes:
        if seen.code.page:
            low = sum(y for _, y in seen.corners) / 4 > page.shape[0] / 2
            placed.setdefault(CODE_BOTTOM_LEFT if low else CODE_TOP_RIGHT, seen)
    return placed


def _corners_mm(box: Box) -> Points:
    right, bottom = box.x + box.w, box.y + box.h
    return np.array([(box.x, box.y), (right, box.y), (right, bottom), (box.x, bottom)])


def _corners(page: Grey, seen: SeenCode) -> Points:
    """The code's corners to a tenth of a pixel; as the decoder said when the fit runs away."""
    start = affine_fit(np.array(MODULE_CORNERS), np.array(seen.corners))
    fitted = fit_symbol(page, seen.code.text(), start).corners
    module = np.abs(start[:, :2]).max()
    moved = np.abs(fitted - np.array(seen.corners)).max()
    return fitted if moved < _MAX_MOVE * module else np.array(seen.corners)


def _other_corners(page: Grey, text: str, known: Box, to_pixels: Affine) -> dict[Box, Points]:
    """The other code's corners: torn or scribbled on, its modules still tell where it is."""
    other = CODE_TOP_RIGHT if known == CODE_BOTTOM_LEFT else CODE_BOTTOM_LEFT
    guess = affine_fit(np.array(MODULE_CORNERS), apply(to_pixels, _corners_mm(other)))
    found = find_symbol(page, text, guess)
    return {other: found.corners} if found.score > _LIKENESS else {}


def _page_fit(corners: dict[Box, Points]) -> Affine:
    """From the page's millimetres to the scan's pixels."""
    printed = np.vstack([_corners_mm(box) for box in corners])
    return affine_fit(printed, np.vstack(list(corners.values())))


def _is_plausible(to_pixels: Affine) -> bool:
    """A scanner may stretch a page by a little and does not shear it."""
    sizes = np.linalg.svd(to_pixels[:, :2], compute_uv=False)
    return bool(sizes[1] > 1 and sizes[0] / sizes[1] < 1 + _MAX_UNEVEN)


def _drawn(
    page: Grey, to_pixels: Affine, size: tuple[int, int], resampling: Image.Resampling
) -> Grey:
    """The page drawn anew in `PX_PER_MM`; what lies outside the scan is white."""
    per_mm = float(np.sqrt(abs(np.linalg.det(to_pixels[:, :2]))))
    factor = max(1, round(per_mm / PX_PER_MM)) if per_mm / PX_PER_MM > _FINE else 1
    picture = Image.fromarray(page)
    picture = picture.reduce(factor) if factor > 1 else picture
    matrix = to_pixels / factor
    matrix[:, :2] /= PX_PER_MM
    numbers = tuple(matrix.ravel().tolist())
    drawn = picture.transform(size, Image.Transform.AFFINE, numbers, resampling, fillcolor=_WHITE)
    return np.asarray(drawn)


def _px(mm: float) -> int:
    return round(mm * PX_PER_MM)
