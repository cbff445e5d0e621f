"""Fit a symbol's known modules to a picture of it, to a tenth of a pixel.

The corners a decoder reports are whole pixels, and 200 mm from a code that is a millimetre of
error. Inverse compositional Lucas-Kanade with six parameters (Baker and Matthews 2004); a symbol
that is too spoiled to decode is first found by its correlation with what it should be.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from bti_docs.core.paper import MODULES
from bti_docs.inbox.codes import Points, symbol
from bti_docs.inbox.morphology import Grey

Affine = npt.NDArray[np.float64]
"""Two rows of three numbers: x and y there from x, y and 1 here."""

Values = npt.NDArray[np.floating]

_QUIET: Final = 2
_PER_MODULE: Final = 3
_SOFT: Final = 1.1
_ROUNDS: Final = 6
_OUTLIER: Final = 1.0
_STILL: Final = 0.03
"""Pixels: a round that moves no corner further was the last."""
_SEARCH: Final = 5
"""Modules, 3 mm: how far a single code at the other corner may mislead."""
MODULE_CORNERS: Final = ((0.0, 0.0), (MODULES, 0.0), (MODULES, MODULES), (0.0, MODULES))


@dataclass(frozen=True, slots=True)
class Fitted:
    """A symbol's modules laid on the page: the map from modules to pixels, and how well."""

    to_pixels: Affine
    score: float
    """Correlation with the printed symbol, 1 for perfect."""

    @property
    def corners(self) -> Points:
        """The symbol's corners in pixels, top left first, clockwise."""
        return apply(self.to_pixels, np.array(MODULE_CORNERS))


def affine_fit(here: Points, there: Points) -> Affine:
    """The affine map that takes *here* to *there* with the least squares."""
    columns = np.column_stack([here, np.ones(len(here))])
    return np.asarray(np.linalg.lstsq(columns, there, rcond=None)[0].T, dtype=np.float64)


def apply(matrix: Affine, points: Points) -> Points:
    """*points* through the affine *matrix*."""
    moved: Points = points @ matrix[:, :2].T + matrix[:, 2]
    return moved


def fit_symbol(page: Grey, text: str, start: Affine) -> Fitted:
    """Improve *start*, a map from *text*'s modules to the page's pixels."""
    picture, origin = _cut(page, start)
    pose = start.copy()
    pose[:, 2] -= origin
    template, steepest = _known(text)
    for _ in range(_ROUNDS):
        before, pose = pose, _improved(picture, pose, template, steepest)
        if np.abs(apply(pose - before, np.array(MODULE_CORNERS))).max() < _STILL:
            break
    score = float(np.mean(_sampled(picture, pose, 0) * template))
    pose[:, 2] += origin
    return Fitted(pose, score)


def find_symbol(page: Grey, text: str, guess: Affine) -> Fitted:
    """The same when *guess* may be some modules off: slide first, then fit."""
    picture, origin = _cut(page, guess)
    pose = guess.copy()
    pose[:, 2] -= origin
    area = _sampled(picture, pose, _SEARCH)
    template, _ = _known(text)
    spectrum = np.fft.rfft2(area) * np.conj(np.fft.rfft2(template, s=area.shape))
    reach = 2 * _SEARCH * _PER_MODULE + 1
    scores = np.fft.irfft2(spectrum, s=area.shape)[:reach, :reach]
    down, right = np.unravel_index(int(np.argmax(scores)), scores.shape)
    moved = np.array([right, down]) / _PER_MODULE - _SEARCH
    start = guess.copy()
    start[:, 2] += guess[:, :2] @ moved
    return fit_symbol(page, text, start)


def _cut(page: Grey, pose: Affine) -> tuple[Image.Image, Values]:
    """The part of the page round the symbol, and where it starts."""
    margin = float(MODULES)
    outer = np.array(
        [(-margin, -margin), (2 * margin, 2 * margin), (-margin, 2 * margin), (2 * margin, -margin)]
    )
    reach = apply(pose, outer)
    size = np.array([page.shape[1], page.shape[0]])
    left, top = np.clip(np.floor(reach.min(axis=0)).astype(int), 0, size - 1)
    right, bottom = np.clip(np.ceil(reach.max(axis=0)).astype(int), (left + 1, top + 1), size)
    part = np.ascontiguousarray(page[top:bottom, left:right])
    return Image.fromarray(part), np.array([left, top], dtype=np.float64)


@lru_cache(maxsize=8)
def _known(text: str) -> tuple[Values, Values]:
    """The symbol of *text*, and how it changes: a page's two codes say the same."""
    template = _template(text)
    return template, _steepest(template)


def _template(text: str) -> Values:
    """The symbol as a lens sees it, mean 0 and deviation 1."""
    modules = np.pad(np.where(symbol(text), 0, 255).astype(np.uint8), _QUIET, constant_values=255)
    large = np.kron(modules, np.ones((_PER_MODULE, _PER_MODULE), dtype=np.uint8))
    return _normal(Image.fromarray(large))


def _normal(picture: Image.Image) -> Values:
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(_SOFT)), dtype=np.float32)
    deviation = float(soft.std())
    normal: Values = (soft - soft.mean()) / (deviation or 1.0)
    return normal


def _steepest(template: Values) -> Values:
    """How the template changes with each of the six parameters, in modules."""
    down, right = np.gradient(template, 1 / _PER_MODULE)
    steps = (np.arange(template.shape[0]) + 0.5) / _PER_MODULE - _QUIET
    u, v = np.meshgrid(steps, steps)
    columns = [right * u, right * v, right, down * u, down * v, down]
    return np.column_stack([column.ravel() for column in columns]).astype(np.float32)


def _sampled(picture: Image.Image, pose: Affine, extra: int) -> Values:
    """The picture seen through *pose*, with *extra* modules more on every side."""
    to_picture = pose.copy()
    to_picture[:, :2] /= _PER_MODULE
    to_picture[:, 2] -= pose[:, :2] @ np.full(2, _QUIET + extra)
    side = (MODULES + 2 * (_QUIET + extra)) * _PER_MODULE
    numbers = tuple(to_picture.ravel().tolist())
    bilinear = Image.Resampling.BILINEAR
    seen = picture.transform((side, side), Image.Transform.AFFINE, numbers, bilinear, fillcolor=255)
    return _normal(seen)


def _improved(picture: Image.Image, pose: Affine, template: Values, steepest: Values) -> Affine:
    error = (_sampled(picture, pose, 0) - template).ravel()
    good = np.abs(error) < _OUTLIER
    weighed = steepest[good]
    normal = (weighed.T @ weighed).astype(np.float64)
    step = np.linalg.lstsq(normal, weighed.T @ error[good], rcond=None)[0]
    change = np.vstack([step.reshape(2, 3) + np.eye(2, 3), [0, 0, 1]])
    improved: Affine = pose @ np.linalg.inv(change)
    return improved
