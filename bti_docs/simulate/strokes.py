"""A pen's ink: signatures, sentences and struck-out lines as coverage of a patch of paper."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Coverage = npt.NDArray[np.float32]
"""How much of each pixel the ink covers, 0 to 1."""

Path = npt.NDArray[np.float64]
"""Points (x, y) in millimetres from the patch's top left."""

_OVERSAMPLING: Final = 3
_STEPS: Final = 24


def signature(rng: np.random.Generator, width: float, height: float) -> list[Path]:
    """One written name in a patch of *width* × *height* mm: a capital, loops, perhaps a tail."""
    length = float(rng.uniform(0.4, 0.8)) * width
    left = float(rng.uniform(0.04, 0.1)) * width
    loops = int(rng.integers(6, 11))
    t = np.linspace(0, 1, loops * _STEPS)
    turn = 2 * np.pi * loops * t + rng.uniform(0, 2 * np.pi)
    knots = np.linspace(0, 1, loops + 1)
    reach = rng.uniform(0.1, 0.24, loops + 1)
    reach[0] = rng.uniform(0.32, 0.42)
    high = np.interp(t, knots, reach) * height
    xs = left + length * t + high * rng.uniform(0.3, 0.8) * np.sin(turn)
    ys = height * rng.uniform(0.5, 0.6) - high * np.cos(turn)
    ys = np.clip(ys, 0.04 * height, 0.98 * height)
    paths = [_lean(np.column_stack([xs, ys]), float(rng.uniform(0.1, 0.5)))]
    if rng.random() < 0.5:  # noqa: PLR2004  (half of all people add a line)
        tail = [[left + length * a, height * b] for a, b in ((0.3, 0.8), (0.7, 0.7), (1.1, 0.75))]
        paths.append(_smooth(np.array(tail), lean=0.0))
    return paths


def sentence(rng: np.random.Generator, width: float, height: float) -> list[Path]:
    """Words of small letters along the middle of the patch."""
    paths, x = [], 0.0
    letter = min(height * 0.6, 3.0)
    while x < width - letter:
        word = min(float(rng.uniform(4, 14)), width - x)
        count = max(4, int(word / (0.45 * letter)))
        xs = x + np.linspace(0, word, count) + rng.uniform(-0.2, 0.2, count)
        ys = height / 2 + letter * rng.uniform(-0.5, 0.5, count)
        paths.append(_smooth(np.column_stack([xs, ys]), lean=0.2))
        x += word + float(rng.uniform(1.5, 3.0))
    return paths


def strike(rng: np.random.Generator, width: float, height: float) -> list[Path]:
    """One line drawn through the patch by hand, neither straight nor level."""
    xs = np.linspace(0, width, 6)
    tilt = float(rng.uniform(-0.012, 0.012))
    ys = height / 2 + tilt * (xs - width / 2) + rng.uniform(-0.3, 0.3, 6)
    return [_smooth(np.column_stack([xs, ys]), lean=0.0)]


def coverage(paths: list[Path], size: tuple[int, int], px_per_mm: float, pen_mm: float) -> Coverage:
    """Draw *paths* with a round pen of *pen_mm* on a patch of *size* (width, height) pixels."""
    scale = px_per_mm * _OVERSAMPLING
    canvas = Image.new("L", (size[0] * _OVERSAMPLING, size[1] * _OVERSAMPLING), 0)
    draw = ImageDraw.Draw(canvas)
    for path in paths:
        points = [(float(x), float(y)) for x, y in path * scale]
        draw.line(points, fill=255, width=max(1, round(pen_mm * scale)), joint="curve")
    small = canvas.resize(size, Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32) / np.float32(255)


def _smooth(points: Path, lean: float) -> Path:
    """A Catmull-Rom curve through *points*, leaning like handwriting."""
    ends = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, _STEPS, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        bend = 2 * a - 5 * b + 4 * c - d, 3 * (b - c) + d - a
        parts.append((2 * b + (c - a) * t + bend[0] * t**2 + bend[1] * t**3) / 2)
    curve = np.vstack([*parts, points[-1:]])
    return _lean(curve, lean)


def _lean(curve: Path, lean: float) -> Path:
    middle = float(np.mean(curve[:, 1]))
    return np.column_stack([curve[:, 0] - lean * (curve[:, 1] - middle), curve[:, 1]])
