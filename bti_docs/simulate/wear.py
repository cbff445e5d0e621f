"""Sheets as a year of ordinary work leaves them: a recipe for the sets that reading is measured on.

Everything that can happen to a page happens with the shares that `Lot` says; the seed decides to
which page. Seeds below `CHECK_SEEDS` are for tuning, those from it on for checks.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from bti_docs.core.paper import CODE_BOTTOM_LEFT, CODE_TOP_RIGHT, Box
from bti_docs.simulate import dirt
from bti_docs.simulate.copier import photocopy
from bti_docs.simulate.scanner import Scanner, as_jpeg, feed, sense

Grey = npt.NDArray[np.uint8]
Spoil = Literal["fold", "hole", "stain", "streak", "pen"]

CHECK_SEEDS: Final = 1_000_000
SPOILS: Final[tuple[Spoil, ...]] = ("fold", "hole", "stain", "streak", "pen")
_MM_PER_INCH: Final = 25.4
_CODES: Final = (CODE_TOP_RIGHT, CODE_BOTTOM_LEFT)
_ON_PAPER: Final[Mapping[Spoil, Callable[[Grey, np.random.Generator, float, Box], None]]] = {
    "fold": dirt.fold_over,
    "hole": dirt.hole_in,
    "stain": dirt.stain_over,
    "pen": dirt.pen_over,
}


@dataclass(frozen=True, slots=True)
class Lot:
    """How a lot of sheets is treated. Shares are of all sheets, from 0 to 1."""

    dpi: int = 200
    mode: Literal["grey", "1bit"] = "grey"
    spoilt: float = 0.14
    """Sheets with one of `SPOILS` on one of the two codes."""
    worn: float = 0.1
    """Sheets with each of: two folds, a stain somewhere, streaks somewhere, a binder's holes."""
    copied: float = 0.05
    """Sheets that are photocopies."""
    poor: float = 0.3
    """Sheets from a scanner with much blur, noise and compression."""
    skew: float = 5.0


@dataclass(frozen=True, slots=True)
class WornScan:
    """A scan, and what was done to it on purpose."""

    data: bytes
    """A JPEG, or a Group 4 TIFF when the scanner knows only black and white."""
    spoil: Spoil | None
    rotation: int
    """Degrees clockwise that the sheet was turned."""


def worn_scan(sheet: Grey, seed: int, lot: Lot) -> WornScan:
    """Scan *sheet* (upright, at the lot's resolution) as the lot's luck with *seed* has it."""
    rng = np.random.default_rng(seed)
    scale = lot.dpi / _MM_PER_INCH
    page = photocopy(sheet, rng, scale) if rng.random() < lot.copied else sheet.copy()
    spoil = SPOILS[int(rng.integers(len(SPOILS)))] if rng.random() < lot.spoilt else None
    code = _CODES[int(rng.integers(len(_CODES)))]
    folded, stained, streaked, punched = rng.random(4) < lot.worn
    if punched:
        dirt.punch(page, scale)
    if stained:
        dirt.stain(page, rng, scale)
    if folded:
        dirt.fold(page, rng, scale)
    if spoil and spoil in _ON_PAPER:
        _ON_PAPER[spoil](page, rng, scale, code)
    turns = int(rng.integers(4))
    scanner = _scanner(rng, lot)
    x, y = _turned((code.x + code.w / 2) * scale, (code.y + code.h / 2) * scale, turns, page.shape)
    page, to_sheet = feed(np.ascontiguousarray(np.rot90(page, -turns)), rng, scanner)
    if spoil == "streak":
        across = np.linalg.solve(to_sheet[:, :2], np.array([x, y]) - to_sheet[:, 2])[0]
        dirt.streak_at(page, rng, across + rng.uniform(-0.4, 0.4) * code.w * scale)
    if streaked:
        dirt.streak(page, rng)
    return WornScan(_file(sense(page, rng, scanner), scanner), spoil, 90 * turns)


def _scanner(rng: np.random.Generator, lot: Lot) -> Scanner:
    """One machine: a good one, or a tired one."""
    poor = rng.random() < lot.poor
    return Scanner(
        dpi=lot.dpi,
        skew=lot.skew,
        shift=1.5,
        stretch=0.008 if poor else 0.004,
        blur=float(rng.uniform(0.8, 1.3) if poor else rng.uniform(0.3, 0.8)),
        noise=float(rng.uniform(6, 14) if poor else rng.uniform(2, 6)),
        quality=int(rng.integers(30, 60) if poor else rng.integers(55, 85)),
        mode=lot.mode,
    )


def _turned(x: float, y: float, turns: int, shape: tuple[int, ...]) -> tuple[float, float]:
    """Where a point of the upright page is after *turns* quarter turns clockwise."""
    height, width = shape
    places = ((x, y), (height - y, x), (width - x, height - y), (y, width - x))
    return places[turns]


def _file(page: Grey, scanner: Scanner) -> bytes:
    if scanner.mode == "grey":
        return as_jpeg(page, scanner)
    out = io.BytesIO()
    dpi = (scanner.dpi, scanner.dpi)
    Image.fromarray(page > 0).save(out, format="TIFF", compression="group4", dpi=dpi)
    return out.getvalue()
