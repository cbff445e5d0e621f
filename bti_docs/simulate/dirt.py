"""What happens to paper: folds, coffee, punched holes, pens on codes, dust on the glass."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from bti_docs.core.paper import CODE_TOP_RIGHT, Box
from bti_docs.simulate import strokes

Grey = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.intp]

_HOLES: Final = ((7.0, 108.5), (7.0, 188.5))
"""ISO 838 holes of an A4 sheet, mm from the top left."""
_HOLE_RADIUS: Final = 3.0


def punch(page: Grey, scale: float) -> None:
    """Two holes for a binder; the scanner's dark lid shows through. *scale* is px per mm."""
    for x, y in _HOLES:
        _disc(page, x * scale, y * scale, _HOLE_RADIUS * scale, 60)


def spoil_code(page: Grey, rng: np.random.Generator, scale: float) -> None:
    """A hole in, or a scribble over, the code at the top right."""
    box = CODE_TOP_RIGHT
    if rng.random() < 0.5:  # noqa: PLR2004  (one or the other)
        x, y = rng.uniform(1, 5, 2)
        _disc(page, (box.x + x) * scale, (box.y + y) * scale, 2 * scale, 230)
        return
    left, top, side = (round(v * scale) for v in (box.x, box.y, box.w))
    patch = page[top : top + side, left : left + side]
    paths = [path for _ in range(3) for path in strokes.signature(rng, box.w, box.h)]
    ink = strokes.coverage(paths, (patch.shape[1], patch.shape[0]), scale, 0.7)
    patch[:] = (patch * (1 - np.float32(0.9) * ink)).astype(np.uint8)


def stain(page: Grey, rng: np.random.Generator, scale: float) -> None:
    """A ring of coffee somewhere, soft inside and darker at its rim."""
    radius = float(rng.uniform(15, 40)) * scale
    x, y = rng.uniform(0.1, 0.9, 2) * np.array([page.shape[1], page.shape[0]])
    top, left = max(0, int(y - 1.2 * radius)), max(0, int(x - 1.2 * radius))
    patch = page[top : int(y + 1.2 * radius), left : int(x + 1.2 * radius)]
    rows, columns = np.ogrid[: patch.shape[0], : patch.shape[1]]
    distance = np.hypot(rows + top - y, columns + left - x).astype(np.float32)
    rim = np.exp(-(((distance - radius) / (1.5 * scale)) ** 2)) * rng.uniform(0.15, 0.35)
    inside = np.clip((radius - distance) / (3 * scale), 0, 1) * rng.uniform(0.03, 0.1)
    patch[:] = (patch * (1 - np.maximum(rim, inside))).astype(np.uint8)


def fold(page: Grey, rng: np.random.Generator, scale: float) -> None:
    """Two folds as for an envelope: a dark crease beside a light one, worn ink."""
    for part in (1 / 3, 2 / 3):
        middle = int(page.shape[0] * part + rng.uniform(-4, 4) * scale)
        depth = int(rng.integers(10, 40))
        crease = page[middle : middle + max(1, round(0.3 * scale))]
        crease[:] = np.clip(crease.astype(np.int16) - depth, 0, 255).astype(np.uint8)
        worn = page[middle - max(1, round(0.3 * scale)) : middle]
        worn[:] = np.clip(worn.astype(np.int16) + depth, 0, 250).astype(np.uint8)


def streak(page: Grey, rng: np.random.Generator) -> None:
    """Dust on a sheet feeder's glass: dark lines of 1–3 px along the whole feed."""
    for _ in range(int(rng.integers(1, 4))):
        left = int(rng.uniform(0.03, 0.97) * page.shape[1])
        line = page[:, left : left + int(rng.integers(1, 4))]
        line[:] = (line * rng.uniform(0.3, 0.8)).astype(np.uint8)


def streak_at(page: Grey, rng: np.random.Generator, across: float) -> None:
    """One line of dust of 1–3 px at *across* pixels from the left, along the whole feed."""
    left = int(np.clip(across, 0, page.shape[1] - 1))
    line = page[:, left : left + int(rng.integers(1, 4))]
    line[:] = (line * rng.uniform(0.2, 0.7)).astype(np.uint8)


def fold_over(page: Grey, rng: np.random.Generator, scale: float, box: Box) -> None:
    """A folded corner: a crease across *box* in any direction, white where the toner came off."""
    patch, (rows, columns) = _patch(page, scale, box)
    angle = rng.uniform(0, np.pi)
    through = rng.uniform(0.25, 0.75, 2) * box.w * scale
    away = (columns - through[0]) * np.sin(angle) - (rows - through[1]) * np.cos(angle)
    width = max(1.0, float(rng.uniform(0.15, 0.5)) * scale)
    patch[(away >= -width) & (away < 0)] = 240
    shadow = (away >= 0) & (away < width)
    patch[shadow] = (patch[shadow] * rng.uniform(0.6, 0.9)).astype(np.uint8)


def hole_in(page: Grey, rng: np.random.Generator, scale: float, box: Box) -> None:
    """A punched hole of 5–6 mm with its middle in *box*: white lid or dark lid behind it."""
    x, y = rng.uniform(0, box.w, 2)
    level = 235 if rng.random() < 0.5 else 50  # noqa: PLR2004  (one or the other)
    _disc(page, (box.x + x) * scale, (box.y + y) * scale, rng.uniform(2.5, 3) * scale, level)


def stain_over(page: Grey, rng: np.random.Generator, scale: float, box: Box) -> None:
    """A drop of coffee on *box*: see-through, with a dark rim."""
    patch, (rows, columns) = _patch(page, scale, box)
    x, y = rng.uniform(0.1, 0.9, 2) * box.w * scale
    radius = float(rng.uniform(0.3, 0.9)) * box.w * scale
    distance = np.hypot(rows - y, columns - x)
    rim = np.exp(-(((distance - radius) / (0.6 * scale)) ** 2)) * rng.uniform(0.3, 0.6)
    inside = (distance < radius) * rng.uniform(0.1, 0.45)
    patch[:] = (patch * (1 - np.maximum(rim, inside))).astype(np.uint8)


def pen_over(page: Grey, rng: np.random.Generator, scale: float, box: Box) -> None:
    """Somebody wrote over *box*: a line through it, a word, or a scribble that covers it."""
    patch, _ = _patch(page, scale, box)
    hand = (strokes.strike, strokes.sentence, strokes.signature)[int(rng.integers(3))]
    times = 3 if hand is strokes.signature else 1
    paths = [path for _ in range(times) for path in hand(rng, box.w, box.h)]
    size = patch.shape[1], patch.shape[0]
    ink = strokes.coverage(paths, size, scale, float(rng.uniform(0.3, 0.8)))
    patch[:] = (patch * (1 - np.float32(rng.uniform(0.6, 0.95)) * ink)).astype(np.uint8)


def _patch(page: Grey, scale: float, box: Box) -> tuple[Grey, tuple[Rows, Rows]]:
    """The pixels of *box*, a view, and the numbers of their rows and columns."""
    left, top, side = (round(v * scale) for v in (box.x, box.y, box.w))
    patch = page[top : top + side, left : left + side]
    rows, columns = np.ogrid[: patch.shape[0], : patch.shape[1]]
    return patch, (rows, columns)


def _disc(page: Grey, x: float, y: float, radius: float, level: int) -> None:
    top, left = max(0, int(y - radius)), max(0, int(x - radius))
    patch = page[top : int(y + radius) + 1, left : int(x + radius) + 1]
    rows, columns = np.ogrid[: patch.shape[0], : patch.shape[1]]
    patch[np.hypot(rows + top - y, columns + left - x) <= radius] = level
