"""What people leave on a signature's line: names, initials, pencil, stamps, notes, strikes.

Each mark is drawn on a printed sheet before it is scanned; the same generator gives the same mark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bti_docs.core.paper import Box
from bti_docs.simulate import strokes
from bti_docs.simulate.letters import curve, written
from bti_docs.simulate.scanner import Grey, Pen

Mark = Literal["loops", "name", "initials", "pencil", "note", "strike", "cross", "stamp", "typed"]

_MM_PER_INCH: Final = 25.4
_FIRST: Final = ("Ola", "Kari", "Nora", "Jon", "Ingrid", "Per Olav", "Anne", "Sara", "Emil", "Tor")
_LAST: Final = ("Eksempel", "Testmo", "Prove", "Demoen", "Liksom", "Tenkt", "Mulig", "Papirdal")
_NOTES: Final = (
    "nei", "ikke enig", "fraværende", "ring meg først", "kommer senere", "nei takk",
    "var ikke til stede på møtet", "jeg samtykker ikke til dette", "skriver under på møtet",
    "gjelder ikke skolen", "er bortreist til august og skriver under da",
)  # fmt: skip
_ROOM: Final = 4.0
"""Marks may go this far past the box, in mm."""
_PENCIL: Final = Pen(0.22, 0.5)
_EXTRA: Final = 3


def mark(sheet: Grey, rng: np.random.Generator, box: Box, kind: Mark, pen: Pen, dpi: int) -> None:
    """Draw a mark of one *kind* in the signature box *box* on *sheet*, printed at *dpi*."""
    scale = dpi / _MM_PER_INCH
    room = box.grown(_ROOM)
    top, left = round(room.y * scale), round(room.x * scale)
    patch = sheet[top : top + round(room.h * scale), left : left + round(room.w * scale)]
    size = patch.shape[1], patch.shape[0]
    if kind in _PRINTS:
        ink = _PRINTS[kind](rng, box, size, scale)
    else:
        paths = [path + _ROOM for path in _HANDS[kind](rng, box.w, box.h)]
        ink = strokes.coverage(paths, size, scale, pen.width)
    if kind == "pencil":
        pen = Pen(float(rng.uniform(0.12, 0.3)), pen.width)
        ink = ink * _grain(rng, size)
    patch[:] = (patch * (1 - np.float32(pen.pressure) * ink)).astype(np.uint8)


def show_through(sheet: Grey, back: Grey, share: float) -> Grey:
    """*sheet* with the print of its *back* shining through, mirrored, at *share* of its dark."""
    soft = np.asarray(Image.fromarray(back[:, ::-1]).filter(ImageFilter.GaussianBlur(2)))
    shine = (255 - soft.astype(np.float32)) * np.float32(share)
    seen: Grey = np.clip(sheet - shine, 0, 255).astype(np.uint8)
    return seen


def _name(rng: np.random.Generator, width: float, height: float) -> list[strokes.Path]:
    """A full name that can be read."""
    text = f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"
    x_height = float(rng.uniform(2.0, 3.4))
    left = float(rng.uniform(0.03, 0.15)) * width
    return written(rng, text, left, height - 3.2 * x_height, x_height, 2 * width)


def _initials(rng: np.random.Generator, width: float, height: float) -> list[strokes.Path]:
    text = "".join(str(rng.choice(names))[0] for names in (_FIRST, _LAST))
    x_height = float(rng.uniform(1.8, 3.0))
    left = float(rng.uniform(0.03, 0.5)) * width
    return written(rng, text, left, height - 3.4 * x_height, x_height, width)


def _note(rng: np.random.Generator, width: float, height: float) -> list[strokes.Path]:
    text = str(rng.choice(_NOTES))
    x_height = float(rng.uniform(1.3, 2.3))
    top = float(rng.uniform(0.0, max(0.1, height - 4 * x_height)))
    return written(rng, text, float(rng.uniform(1, 10)), top, x_height, width - 8)


def _strike(rng: np.random.Generator, width: float, height: float) -> list[strokes.Path]:
    """One line through the box, level or leaning, from somewhere to somewhere."""
    ends = rng.uniform(0.0, 0.25) * width, rng.uniform(0.7, 1.0) * width
    xs = np.linspace(*ends, 5)
    tilt = rng.uniform(-0.5, 0.5) * height
    ys = height * rng.uniform(0.4, 0.6) + tilt * np.linspace(-0.5, 0.5, 5)
    return [curve(np.column_stack([xs, ys + rng.uniform(-0.25, 0.25, 5)]))]


def _cross(rng: np.random.Generator, width: float, height: float) -> list[strokes.Path]:
    """Two lines across each other, small as a tick or as wide as the box."""
    wide, left = float(rng.uniform(0.2, 0.95)) * width, float(rng.uniform(0, 0.05)) * width
    xs = np.linspace(left, left + wide, 4)
    down, up = np.linspace(0.05, 0.95, 4) * height, np.linspace(0.95, 0.05, 4) * height
    bend = rng.uniform(-0.3, 0.3, (2, 4))
    return [
        curve(np.column_stack([xs, ys + off])) for ys, off in zip((down, up), bend, strict=True)
    ]


def _stamp(
    rng: np.random.Generator, box: Box, size: tuple[int, int], scale: float
) -> strokes.Coverage:
    """An office's stamp: a frame with lines of print, a little askew, worn in places."""
    canvas = _canvas(size)
    draw, px = ImageDraw.Draw(canvas), scale * _EXTRA
    left, top = (_ROOM + float(rng.uniform(0, box.w / 3))) * px, (_ROOM - 2) * px
    wide, high = float(rng.uniform(32, 48)) * px, float(rng.uniform(11, 15)) * px
    corners = (left, top, left + wide, top + high)
    if rng.random() < 0.7:  # noqa: PLR2004  (most have a frame)
        draw.rectangle(corners, outline=255, width=max(1, round(0.4 * px)))
    font = ImageFont.load_default(size=round(3.2 * px))
    for row, text in enumerate(("TESTKOMMUNEN", "Mottatt", str(rng.integers(10**7, 10**8)))):
        draw.text((left + 2 * px, top + (1 + 3.9 * row) * px), text, fill=255, font=font)
    turned = canvas.rotate(float(rng.uniform(-4, 4)), Image.Resampling.BILINEAR)
    worn = 0.6 + 0.4 * _grain(rng, size)
    return _small(turned, size) * worn


def _typed(
    rng: np.random.Generator, box: Box, size: tuple[int, int], scale: float
) -> strokes.Coverage:
    """A name written on a machine."""
    canvas = _canvas(size)
    px = scale * _EXTRA
    font = ImageFont.load_default(size=round(float(rng.uniform(3.4, 4.6)) * px))
    place = (_ROOM + float(rng.uniform(1, 15))) * px, (_ROOM + box.h - 6) * px
    text = f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"
    ImageDraw.Draw(canvas).text(place, text, fill=255, font=font)
    return _small(canvas, size)


def _canvas(size: tuple[int, int]) -> Image.Image:
    return Image.new("L", (size[0] * _EXTRA, size[1] * _EXTRA), 0)


def _small(canvas: Image.Image, size: tuple[int, int]) -> strokes.Coverage:
    small = canvas.resize(size, Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32) / np.float32(255)


def _grain(rng: np.random.Generator, size: tuple[int, int]) -> strokes.Coverage:
    """The paper's own roughness, 0 to 1, in grains of a few pixels."""
    noise = Image.fromarray(rng.integers(0, 256, (size[1], size[0]), dtype=np.uint8))
    soft = np.asarray(noise.filter(ImageFilter.GaussianBlur(0.7)), dtype=np.float32)
    grain: strokes.Coverage = np.clip((soft - np.float32(70)) / np.float32(110), 0, 1)
    return grain


_HANDS: Final[Mapping[str, Callable[[np.random.Generator, float, float], list[strokes.Path]]]] = {
    "loops": strokes.signature,
    "pencil": strokes.signature,
    "name": _name,
    "initials": _initials,
    "note": _note,
    "strike": _strike,
    "cross": _cross,
}
_PRINTS: Final[
    Mapping[
        str,
        Callable[[np.random.Generator, Box, tuple[int, int], float], strokes.Coverage],
    ]
] = {"stamp": _stamp, "typed": _typed}
