"""From a printed PDF to what a scanner makes of it: ink, skew, stretch, light, dirt, JPEG."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image, ImageFilter

from bti_docs.core.paper import Box, Place
from bti_docs.simulate import dirt, strokes

Grey = npt.NDArray[np.uint8]

_MM_PER_INCH: Final = 25.4
_PAPER: Final = 244
_BLACK_BELOW: Final = 150


@dataclass(frozen=True, slots=True)
class Scanner:
    """A machine's ways. Lengths in mm, angles in degrees, noise in grey levels."""

    dpi: int = 200
    skew: float = 1.0
    """The largest angle a sheet is fed in at."""
    shift: float = 2.0
    stretch: float = 0.004
    """How much longer or shorter, as a part of the whole, the feed may make a sheet."""
    wobble: float = 0.15
    blur: float = 0.5
    """Standard deviation in pixels."""
    noise: float = 4.0
    quality: int = 75
    mode: Literal["grey", "1bit"] = "grey"


OFFICE: Final = Scanner()
POOR: Final = Scanner(skew=3.0, shift=4.0, stretch=0.008, blur=1.2, noise=12.0, quality=40)


@dataclass(frozen=True, slots=True)
class Damage:
    """What has happened to each sheet, or to the scanner's glass, before it was scanned."""

    fold: bool = False
    stain: bool = False
    streak: bool = False
    punched: bool = False
    code_spoiled: bool = False
    """A hole or a scribble on the code at the top right."""


@dataclass(frozen=True, slots=True)
class Pen:
    """A pen: `pressure` is the darkness of its ink, 0 to 1; `width` its line in mm."""

    pressure: float = 0.75
    width: float = 0.5


def scan(  # noqa: PLR0913  (each is one thing that can happen to a sheet)
    pdf: bytes,
    *,
    seed: int,
    scanner: Scanner = OFFICE,
    sign: Sequence[Place] = (),
    strike: Sequence[Place] = (),
    write: Sequence[Place] = (),
    pen: Pen = Pen(),
    damage: Damage = Damage(),
    rotate: Literal[0, 90, 180, 270] = 0,
    duplex: bool = False,
) -> list[bytes]:
    """Print *pdf*, let people write on it, scan it: one JPEG a page.

    `sign`, `strike` and `write` are places to sign in, to strike out and to write a sentence in.
    `rotate` turns every sheet clockwise; `duplex` scans an empty back after each page. The same
    seed and arguments give the same bytes.
    """
    rng = np.random.default_rng(seed)
    marks = [
        *((place, strokes.signature) for place in sign),
        *((place, strokes.strike) for place in strike),
        *((place, strokes.sentence) for place in write),
    ]
    pages = []
    for number, printed in enumerate(printed_pages(pdf, scanner.dpi), start=1):
        sheet = printed.copy()
        for place, hand in marks:
            if place.page == number:
                _write(sheet, rng, place.box, hand, pen, scanner.dpi)
        pages.append(photograph(sheet, rng, scanner, damage, rotate))
        if duplex:
            back = np.full_like(printed, 255)
            pages.append(
                photograph(back, rng, scanner, replace(damage, code_spoiled=False), rotate)
            )
    return [as_jpeg(page, scanner) for page in pages]


def photograph(
    sheet: Grey, rng: np.random.Generator, scanner: Scanner, damage: Damage, rotate: int
) -> Grey:
    """What the scanner's sensor sees of *sheet*, an upright page at the scanner's resolution."""
    scale = scanner.dpi / _MM_PER_INCH
    page = np.minimum(sheet, _PAPER).astype(np.uint8)
    if damage.code_spoiled:
        dirt.spoil_code(page, rng, scale)
    if damage.punched:
        dirt.punch(page, scale)
    if damage.stain:
        dirt.stain(page, rng, scale)
    if damage.fold:
        dirt.fold(page, rng, scale)
    page = np.ascontiguousarray(np.rot90(page, -rotate // 90))
    page, _ = feed(page, rng, scanner)
    if damage.streak:
        dirt.streak(page, rng)
    return sense(page, rng, scanner)


def printed_pages(pdf: bytes, dpi: int) -> list[Grey]:
    """Every page of *pdf* as a printer lays it on paper, upright."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        bitmaps = (page.render(scale=dpi / 72, grayscale=True) for page in document)
        return [np.array(bitmap.to_numpy(), dtype=np.uint8) for bitmap in bitmaps]
    finally:
        document.close()


def _write(
    sheet: Grey,
    rng: np.random.Generator,
    box: Box,
    hand: Callable[[np.random.Generator, float, float], list[strokes.Path]],
    pen: Pen,
    dpi: int,
) -> None:
    scale = dpi / _MM_PER_INCH
    x, y = round(box.x * scale), round(box.y * scale)
    patch = sheet[y : y + round(box.h * scale), x : x + round(box.w * scale)]
    ink = strokes.coverage(
        hand(rng, box.w, box.h), (patch.shape[1], patch.shape[0]), scale, pen.width
    )
    patch[:] = (patch * (1 - np.float32(pen.pressure) * ink)).astype(np.uint8)


def feed(
    page: Grey, rng: np.random.Generator, scanner: Scanner
) -> tuple[Grey, npt.NDArray[np.float64]]:
    """Skew, shift and stretch the sheet, and let the feed wobble a little.

    The second answer is the 2 × 3 matrix that takes pixels of the scan back to pixels of the sheet.
    """
    scale = scanner.dpi / _MM_PER_INCH
    angle = np.radians(rng.uniform(-scanner.skew, scanner.skew))
    stretch = 1 + rng.uniform(-scanner.stretch, scanner.stretch, 2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.diag(stretch)
    centre = np.array([page.shape[1], page.shape[0]]) / 2
    offset = centre - matrix @ centre + rng.uniform(-scanner.shift, scanner.shift, 2) * scale
    to_sheet = np.column_stack([matrix, offset])
    moved = Image.fromarray(page).transform(
        (page.shape[1], page.shape[0]),
        Image.Transform.AFFINE,
        tuple(to_sheet.ravel().tolist()),
        Image.Resampling.BILINEAR,
        fillcolor=_PAPER,
    )
    rows = np.arange(page.shape[0])
    waves = np.sin(rows / page.shape[0] * rng.uniform(4, 12) + rng.uniform(0, 6))
    source = np.clip(np.rint(rows + scanner.wobble * scale * waves), 0, page.shape[0] - 1)
    wobbled: Grey = np.asarray(moved)[source.astype(np.intp)]
    return wobbled, to_sheet


def sense(page: Grey, rng: np.random.Generator, scanner: Scanner) -> Grey:
    """Optics, uneven light and noise."""
    soft = Image.fromarray(page).filter(ImageFilter.GaussianBlur(scanner.blur))
    light = np.linspace(1.0, rng.uniform(0.94, 1.0), page.shape[1], dtype=np.float32)
    seen = np.asarray(soft, dtype=np.float32) * light
    seen += np.float32(scanner.noise) * rng.standard_normal(page.shape, dtype=np.float32)
    if scanner.mode == "1bit":
        seen = np.where(seen < _BLACK_BELOW, np.float32(0), np.float32(255))
    grey: Grey = np.clip(seen, 0, 255).astype(np.uint8)
    return grey


def as_jpeg(page: Grey, scanner: Scanner) -> bytes:
    """The scan as the machine compresses it."""
    out = io.BytesIO()
    dpi = (scanner.dpi, scanner.dpi)
    Image.fromarray(page).save(out, format="JPEG", quality=scanner.quality, dpi=dpi)
    return out.getvalue()
