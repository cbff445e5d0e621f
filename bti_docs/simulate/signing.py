"""Scanned pages of six signature places each, with known marks: what signature checks live on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from bti_docs.core.paper import SIGNATURE_HEIGHT, SIGNATURE_WIDTH, Box, Place
from bti_docs.core.references import ArchiveName, PageCode, Reference
from bti_docs.simulate import dirt
from bti_docs.simulate.form import draw_form
from bti_docs.simulate.marks import Mark, mark, show_through
from bti_docs.simulate.scanner import (
    OFFICE,
    POOR,
    Damage,
    Grey,
    Pen,
    Scanner,
    as_jpeg,
    photograph,
    printed_pages,
)

PLACES: Final = tuple(
    Place(f"f{i + 1}", "Ola Eksempel", 1, Box(x, y, SIGNATURE_WIDTH, SIGNATURE_HEIGHT))
    for i, (y, x) in enumerate((y, x) for y in (214.0, 233.0, 252.0) for x in (20.0, 110.0))
)
"""The six places, all on page 1."""
_CODE: Final = PageCode(ArchiveName("K7QM"), Reference("7K3MQ2XP"), 1, 1)
FORM: Final = draw_form([_CODE], PLACES)
_BACK: Final = draw_form([_CODE], (), lines=44)
_MM_PER_INCH: Final = 25.4
_HALF: Final = 0.5
_POOR_SHARE: Final = 0.15
_STREAK_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Kind:
    """One way pages are signed and scanned."""

    marks: tuple[Mark, ...] = ("loops", "name")
    """What stands in a place that is not empty, drawn by lot."""
    pressure: tuple[float, float] = (0.3, 0.95)
    stain: bool = False
    fold: bool = False
    shine: tuple[float, float] = (0.0, 0.0)
    """How much of the back's print shines through."""
    scanner: Scanner | None = None
    """None: mostly an ordinary office's, now and then a poor one."""


KINDS: Final[Mapping[str, Kind]] = {
    "clean": Kind(),
    "stain": Kind(stain=True),
    "fold": Kind(fold=True),
    "show-through": Kind(shine=(0.03, 0.12)),
    "all three": Kind(stain=True, fold=True, shine=(0.02, 0.1)),
    "stamp": Kind(marks=("stamp",), pressure=(0.5, 0.9)),
    "typed": Kind(marks=("typed",), pressure=(0.8, 0.95)),
    "initials": Kind(marks=("initials",)),
    "pencil": Kind(marks=("pencil",)),
    "note": Kind(marks=("note",)),
    "struck out": Kind(marks=("strike", "cross")),
    "1-bit": Kind(scanner=replace(OFFICE, mode="1bit")),
}
"""Rows of the table: the first five are what the goals are for."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A scan of `FORM`, and what was drawn in each of `PLACES`; None for nothing."""

    jpeg: bytes
    marks: tuple[Mark | None, ...]


def signed_page(kind: Kind, seed: int, dpi: int = 200) -> Signed:
    """One page of *kind*: each place is empty or has a mark, half of them by lot."""
    rng = np.random.default_rng(seed)
    sheet, back = (page.copy() for page in _printed(dpi))
    marks = []
    for place in PLACES:
        drawn = str(rng.choice(kind.marks)) if rng.random() < _HALF else None
        pen = Pen(float(rng.uniform(*kind.pressure)), float(rng.uniform(0.3, 0.7)))
        for known in kind.marks:
            if known == drawn:
                mark(sheet, rng, place.box, known, pen, dpi)
        marks.append(next((known for known in kind.marks if known == drawn), None))
    sheet = show_through(sheet, back, float(rng.uniform(*kind.shine)))
    scanner = kind.scanner or (POOR if rng.random() < _POOR_SHARE else OFFICE)
    scanner = replace(scanner, dpi=dpi)
    _spoil(sheet, rng, kind, dpi / _MM_PER_INCH)
    damage = Damage(streak=rng.random() < _STREAK_SHARE, punched=rng.random() < _HALF)
    return Signed(as_jpeg(photograph(sheet, rng, scanner, damage, 0), scanner), tuple(marks))


def _spoil(sheet: Grey, rng: np.random.Generator, kind: Kind, scale: float) -> None:
    """Coffee and folds where the signature places are."""
    if kind.stain:
        for _ in range(2):
            dirt.stain(sheet[int(205 * scale) : int(275 * scale)], rng, scale)
    if kind.fold:
        first = float(rng.uniform(165, 190))
        dirt.fold(sheet[int(first * scale) : int((first + 105) * scale)], rng, scale)


@lru_cache(maxsize=4)
def _printed(dpi: int) -> tuple[Grey, Grey]:
    (front,), (back,) = printed_pages(FORM, dpi), printed_pages(_BACK, dpi)
    return front, back
