"""Handwriting that can be read: one line for each letter, joined or apart, over one line or two."""

from __future__ import annotations

from typing import Final

import numpy as np

from bti_docs.simulate.strokes import Path

_LETTERS: Final = {
    "a": "46 16 04 13 33 46 43 53",
    "b": "09 03 23 44 36 05",
    "c": "46 16 04 13 43",
    "d": "46 16 04 13 33 49 43 53",
    "e": "04 45 36 16 04 13 43",
    "f": "49 29 17 10/06 36",
    "g": "46 16 04 13 33 46 41 20 01",
    "h": "09 03 16 36 43",
    "i": "16 13 23/18 19",
    "j": "26 21 00/28 29",
    "k": "09 03/36 04 43",
    "l": "19 13 23",
    "m": "06 03 16 26 23 36 46 53",
    "n": "06 03 16 36 43",
    "o": "26 05 13 33 45 26",
    "p": "06 00/06 36 44 23 03",
    "r": "06 03 16 36",
    "s": "36 16 05 34 33 03",
    "t": "19 13 33/06 36",
    "u": "06 03 33 46 43",
    "v": "06 23 46",
    "y": "06 23/46 00",
    "æ": "24 03 05 26 23 54 46 26 23 53",
    "ø": "26 05 13 33 45 26/47 02",
    "å": "46 16 04 13 33 46 43 53/28 39 29",
}
"""Points of each letter as column and row: 0 the descender, 3 the line, 6 and 9 the heights."""
_CAPITAL: Final = 1.7
_LINE: Final = 3
_X_HEIGHT: Final = 3
_LEADING: Final = 2.6
_WOBBLE: Final = 0.35
_STEPS: Final = 8


def written(
    rng: np.random.Generator, text: str, left: float, top: float, x_height: float, width: float
) -> list[Path]:
    """*text* by hand from (*left*, *top*), a new line before *width* mm is full."""
    joined, lean = rng.random() < 0.6, float(rng.uniform(0.0, 0.5))  # noqa: PLR2004  (most people)
    unit = x_height / _X_HEIGHT
    paths: list[Path] = []
    x, line = left, top + 2 * x_height
    for word in text.split():
        if x > left and x + len(word) * 4.5 * unit > left + width:
            x, line = left, line + _LEADING * x_height
        strokes, x = _word(rng, word, x, line, unit, lean)
        paths += _joined(strokes) if joined else strokes
        x += float(rng.uniform(3, 5)) * unit
    return [curve(path) for path in paths]


def _word(
    rng: np.random.Generator, word: str, x: float, line: float, unit: float, lean: float
) -> tuple[list[Path], float]:
    strokes = []
    for letter in word:
        size = unit * (_CAPITAL if letter.isupper() else 1.0)
        for stroke in _LETTERS[letter.lower()].split("/"):
            grid = np.array([[int(digit) for digit in point] for point in stroke.split()])
            grid = grid + rng.normal(0, _WOBBLE, grid.shape)
            up = (grid[:, 1] - _LINE) * size
            strokes.append(np.column_stack([x + grid[:, 0] * size + lean * up, line - up]))
        x += float(rng.uniform(4.6, 6.2)) * size * 0.8
    return strokes, x


def _joined(strokes: list[Path]) -> list[Path]:
    """Long strokes of a word in one go; dots and bars after it."""
    long = [stroke for stroke in strokes if len(stroke) > 2]  # noqa: PLR2004  (a bar has two)
    return [*([np.vstack(long)] if long else []), *(s for s in strokes if len(s) <= 2)]  # noqa: PLR2004


def curve(points: Path) -> Path:
    """A Catmull-Rom curve through *points*."""
    ends = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, _STEPS, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        bend = 2 * a - 5 * b + 4 * c - d, 3 * (b - c) + d - a
        parts.append((2 * b + (c - a) * t + bend[0] * t**2 + bend[1] * t**3) / 2)
    return np.vstack([*parts, points[-1:]])
