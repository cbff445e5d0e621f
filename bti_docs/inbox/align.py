"""Lay a scanned page on the printed one: the codes say where everything is.

Each code is fitted to its own known modules; the two at opposite corners give the page's place,
turn and stretch, and the page is drawn anew in millimetres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from bti_docs.core.paper import CODE_BOTTOM_LEFT, CODE_TOP_RIGHT, PAGE, Box
from bti_docs.inbox.codes import Points, SeenCode, without_streaks
from bti_docs.inbox.fit import (
    MODULE_CORNERS,
    Affine,
    affine_fit,
    apply,
    find_symbol,
    fit_symbol,
)
from bti_docs.inbox.morphology import Grey, Mask, black_top_hat

PX_PER_MM: Final = 6
"""The scale of a page laid straight: 152 dpi, where a pen is 3 px wide."""
SHEET_SIZE: Final = (int(PAGE.w * PX_PER_MM), int(PAGE.h * PX_PER_MM))

_PEN: Final = 11
"""Wider dark shapes (1.8 mm) are stains, shadows and holes, not pens."""
_MIN_LEVELS: Final = 12
_SIGMAS: Final = 4.5
_CONTRAST_SHARE: Final = 0.22
_MAD_TO_SIGMA: Final = 1.4826 / np.sqrt(2)
_FOLD_SHARE: Final = 0.88
_MAX_MOVE: Final = 1.5
_LIKENESS: Final = 0.5
_MAX_UNEVEN: Final = 0.1
_FINE: Final = 1.6


@dataclass(frozen=True, slots=True)
class Sheet:
    """A scanned page laid straight, `PX_PER_MM` pixels a millimetre from the page's top left."""

    grey: Grey
    ink: Mask
    """Where something thin is clearly darker than the paper round it."""
    contrast: float
    """Grey levels between the printed black and the paper."""


def align(page: Grey, codes: Sequence[SeenCode]) -> Sheet | None:
    """Lay *page* (upright, as `page_image` gives it) straight by its codes.

    None when the codes do not say where the page is: there is none, or they stand where no
    stamp put them, as on a Word file's own print.
    """
    placed = _placed(page, codes)
    if not placed:
        return None
    clean = np.ascontiguousarray(without_streaks(page))
    corners = {box: _corners(clean, seen) for box, seen in placed.items()}
    to_pixels = _page_fit(corners)
    if len(placed) == 1:
        ((box, seen),) = placed.items()
        corners |= _other_corners(clean, seen.code.text(), box, to_pixels)
        to_pixels = _page_fit(corners)
    if not _is_plausible(to_pixels):
        return None
    straight = without_streaks(_drawn(clean, to_pixels), _FOLD_SHARE)
    contrast = max(seen.contrast for seen in placed.values())
    return Sheet(straight, ink_mask(straight, contrast), contrast)


def ink_mask(grey: Grey, contrast: float) -> Mask:
    """Where *grey* has ink: thin, and darker by a share of the print's own *contrast*."""
    steps = np.abs(np.diff(grey[::7].astype(np.int16), axis=1))
    noise = float(np.median(steps)) * _MAD_TO_SIGMA
    level = max(_MIN_LEVELS, _SIGMAS * noise, _CONTRAST_SHARE * contrast)
    ink: Mask = black_top_hat(grey, _PEN) > level
    return ink


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


def _drawn(page: Grey, to_pixels: Affine) -> Grey:
    """The page drawn anew in `PX_PER_MM`; what lies outside the scan is white."""
    picture = Image.fromarray(page)
    per_mm = float(np.sqrt(abs(np.linalg.det(to_pixels[:, :2]))))
    factor = max(1, round(per_mm / PX_PER_MM)) if per_mm / PX_PER_MM > _FINE else 1
    matrix = to_pixels / factor
    matrix[:, :2] /= PX_PER_MM
    drawn = picture.reduce(factor).transform(
        SHEET_SIZE,
        Image.Transform.AFFINE,
        tuple(matrix.ravel().tolist()),
        Image.Resampling.BILINEAR,
        fillcolor=255,
    )
    return np.asarray(drawn)
