"""Find our page codes in a page's pixels; tell which way up the page lies.

Only QR is looked for, and only texts of ours count: invoices and payment codes are on the same
pages. The corners where our stamp puts them are looked at first, which is a tenth of the page. A
page without a code gets the rescue ladder. Codes that shine through from the back are read mirrored
by the decoder and refused here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
import zxingcpp
from PIL import Image, ImageFilter

from bti_docs.core.paper import MODULES, PAGE
from bti_docs.core.references import PageCode, parse_page_code
from bti_docs.inbox.modules import Levels, read_modules
from bti_docs.inbox.morphology import Grey, Mask
from bti_docs.inbox.sampling import Points, Sampled, sample_symbols
from bti_docs.inbox.streaks import without_streaks

__all__ = [
    "Found",
    "Points",
    "SeenCode",
    "find_codes",
    "rescue_codes",
    "symbol",
    "upright",
]

_LEVEL: Final = "Q"
_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_MIRROR_MARGIN: Final = 0.1
_MAX_RESCUE_PIXELS: Final = 12_000_000
_CORNER_MM: Final = 46
"""A square at a corner of the sheet that holds its code, also when the sheet lies askew."""
_EDGE: Final = 40
_QUARTER: Final = 90


@dataclass(frozen=True, slots=True)
class SeenCode:
    """One symbol on a page."""

    code: PageCode
    corners: tuple[tuple[float, float], ...]
    """Top left, top right, bottom right, bottom left as printed; pixels of the upright page."""
    contrast: float
    """Grey levels between its white and its black."""


@dataclass(frozen=True, slots=True)
class Found:
    """The codes of a page, and how far it must be turned anticlockwise to stand upright."""

    codes: tuple[SeenCode, ...]
    rotation: int


def find_codes(grey: Grey) -> Found:
    """Our codes on a page as it lies; corners are given for the page turned upright."""
    return _found(grey, _both_in_corners(grey) or _read(grey))


def rescue_codes(grey: Grey) -> Found:
    """The same for a page where `find_codes` found nothing: takes some tenths of a second."""
    if grey.size > _MAX_RESCUE_PIXELS:
        return Found((), 0)
    seen = _sampled(grey) or next((seen for seen in map(_rescued, _ladder(grey)) if seen), ())
    return _found(grey, seen)


def upright(grey: Grey, rotation: int) -> Grey:
    """The page turned by *rotation* degrees anticlockwise (0, 90, 180, 270)."""
    return np.ascontiguousarray(np.rot90(grey, rotation // _QUARTER))


def symbol(text: str) -> Mask:
    """The black modules of *text*'s symbol, without quiet zone."""
    return _symbol(text).copy()


def _found(grey: Grey, seen: tuple[SeenCode, ...]) -> Found:
    if not seen:
        return Found((), 0)
    rotation = _quarter_turns(seen[0]) * _QUARTER
    return Found(tuple(_turned(code, grey.shape, rotation) for code in seen), rotation)


def _both_in_corners(grey: Grey) -> tuple[SeenCode, ...]:
    """The two codes of a page in opposite corners, if both are there and say the same."""
    for corners in _opposite_corners(grey):
        seen = tuple(
            code for top, left, side in corners for code in _seen_in(grey, top, left, side)
        )
        if len(seen) == len(corners) and seen[0].code == seen[1].code:
            return seen
        if seen:
            break
    return ()


def _seen_in(grey: Grey, top: int, left: int, side: int) -> tuple[SeenCode, ...]:
    patch = np.ascontiguousarray(grey[top : top + side, left : left + side])
    return tuple(_moved(seen, left, top) for seen in _read(patch))


def _opposite_corners(grey: Grey) -> tuple[tuple[tuple[int, int, int], ...], ...]:
    """Squares (top, left, side) where codes are: on an upright page, then on one on its side."""
    height, width = grey.shape
    side = min(round(_CORNER_MM * _px_per_mm(grey)), height, width)
    down, right = height - side, width - side
    return ((0, right, side), (down, 0, side)), ((0, 0, side), (down, right, side))


def _px_per_mm(grey: Grey) -> float:
    return float(max(grey.shape)) / PAGE.h


def _sampled(grey: Grey) -> tuple[SeenCode, ...]:
    """Codes whose finder squares are gone, by where their modules must be."""
    for corners in _opposite_corners(grey):
        found = [
            sample_symbols(grey, top, left, side, _px_per_mm(grey)) for top, left, side in corners
        ]
        alone = [[sample] for samples in found for sample in samples]
        together = [[one, other] for one in found[0][:1] for other in found[1][:1]]
        for samples in (*alone, *together):
            seen = _from_modules(samples)
            if seen:
                return seen
    return ()


def _from_modules(samples: Sequence[Sampled]) -> tuple[SeenCode, ...]:
    text = read_modules([sample.levels for sample in samples])
    if not text:
        return ()
    seen = (_ours(text, sample.corners, sample.levels) for sample in samples)
    return tuple(code for code in seen if code)


def _read(
    grey: Grey,
    binarizer: zxingcpp.Binarizer = zxingcpp.Binarizer.LocalAverage,
) -> tuple[SeenCode, ...]:
    barcodes = zxingcpp.read_barcodes(grey, formats=_QR, try_invert=False, binarizer=binarizer)
    return tuple(seen for seen in (_checked(grey, barcode) for barcode in barcodes) if seen)


def _checked(grey: Grey, barcode: zxingcpp.Barcode) -> SeenCode | None:
    place = barcode.position
    points = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    corners = np.array([(point.x, point.y) for point in points], dtype=np.float64)
    return _ours(barcode.text, corners, _module_levels(grey, corners))


def _ours(text: str, corners: Points, levels: Levels) -> SeenCode | None:
    """The symbol, if its text is one of ours and it does not shine through from the back."""
    code = parse_page_code(text)
    if code is None:
        return None
    printed = _symbol(text)
    middle = (float(levels.max()) + float(levels.min())) / 2
    black = levels < middle
    straight, mirrored = np.mean(black == printed), np.mean(black == printed.T)
    if mirrored > straight + _MIRROR_MARGIN:
        return None
    contrast = max(0.0, float(levels[~black].mean() - levels[black].mean()))
    return SeenCode(code, tuple((float(x), float(y)) for x, y in corners), contrast)


@lru_cache(maxsize=256)
def _symbol(text: str) -> Mask:
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=_LEVEL)
    picture = np.asarray(zxingcpp.write_barcode_to_image(barcode, scale=1))
    margin = (picture.shape[0] - MODULES) // 2
    black: Mask = picture[margin : margin + MODULES, margin : margin + MODULES] == 0
    return black


def _module_levels(grey: Grey, corners: Points) -> Levels:
    """The grey level in the middle of each module, by bilinear corners: near enough to count."""
    steps = (np.arange(MODULES) + 0.5) / MODULES
    right, down = np.meshgrid(steps, steps)
    weights = np.stack(
        [(1 - right) * (1 - down), right * (1 - down), right * down, (1 - right) * down]
    )
    x, y = np.tensordot(corners.T, weights, axes=1)
    columns = np.clip(x.astype(np.intp), 0, grey.shape[1] - 1)
    rows = np.clip(y.astype(np.intp), 0, grey.shape[0] - 1)
    levels: Levels = grey[rows, columns].astype(np.float64)
    return levels


def _quarter_turns(seen: SeenCode) -> int:
    """How many quarter turns anticlockwise make the symbol stand upright."""
    (left, top), (right, bottom) = seen.corners[:2]
    angle = np.degrees(np.arctan2(bottom - top, right - left))
    return int(np.rint(angle / _QUARTER)) % 4


def _moved(seen: SeenCode, right: float, down: float) -> SeenCode:
    return replace(seen, corners=tuple((x + right, y + down) for x, y in seen.corners))


def _turned(seen: SeenCode, shape: tuple[int, ...], rotation: int) -> SeenCode:
    height, width = shape
    turns = {
        0: lambda x, y: (x, y),
        90: lambda x, y: (y, width - x),
        180: lambda x, y: (width - x, height - y),
        270: lambda x, y: (height - y, x),
    }
    return replace(seen, corners=tuple(turns[rotation](x, y) for x, y in seen.corners))


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A changed copy of the page, and how many times larger it is."""

    grey: Grey
    scale: float = 1.0
    binarizer: zxingcpp.Binarizer = zxingcpp.Binarizer.LocalAverage


def _ladder(page: Grey) -> Iterator[_Attempt]:
    """Ever more expensive looks at the same page, with the white round it that a cut-off lacks."""
    grey = np.pad(page, _EDGE, constant_values=255)
    histogram = zxingcpp.Binarizer.GlobalHistogram
    yield _Attempt(grey, binarizer=histogram)
    yield _Attempt(_blurred(grey))
    median = _median(grey)
    yield _Attempt(median)
    yield _Attempt(median, binarizer=histogram)
    yield _Attempt(without_streaks(grey))
    picture = Image.fromarray(grey)
    size = picture.width * 2, picture.height * 2
    yield _Attempt(np.asarray(picture.resize(size, Image.Resampling.BICUBIC)), 2.0)


def _rescued(attempt: _Attempt) -> tuple[SeenCode, ...]:
    return tuple(
        replace(seen, corners=tuple(_on_page(corner, attempt.scale) for corner in seen.corners))
        for seen in _read(attempt.grey, attempt.binarizer)
    )


def _on_page(corner: tuple[float, float], scale: float) -> tuple[float, float]:
    return corner[0] / scale - _EDGE, corner[1] / scale - _EDGE


def _blurred(grey: Grey) -> Grey:
    return np.asarray(Image.fromarray(grey).filter(ImageFilter.GaussianBlur(1)))


def _median(grey: Grey) -> Grey:
    return np.asarray(Image.fromarray(grey).filter(ImageFilter.MedianFilter(3)))
