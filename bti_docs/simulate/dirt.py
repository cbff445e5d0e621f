"""What happens to paper: folds, coffee, punched holes, pens on codes, dust on the glass."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from bti_docs.core.paper import CODE_TOP_RIGHT
from bti_docs.simulate import strokes

Grey = npt.NDArray[np.uint8]

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


def _disc(page: Grey, x: float, y: float, radius: float, level: int) -> None:
    top, left = max(0, int(y - radius)), max(0, int(x - radius))
    patch = page[top : int(y + radius) + 1, left : int(x + radius) + 1]
    rows, columns = np.ogrid[: patch.shape[0], : patch.shape[1]]
    patch[np.hypot(rows + top - y, columns + left - x) <= radius] = level
