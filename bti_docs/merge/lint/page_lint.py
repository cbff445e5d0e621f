"""Whether the page has room for what is put on it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bti_docs.merge.lint.whole import Whole
from bti_docs.merge.word.findings import Finding, Place
from bti_docs.merge.word.pictures import CODE, placeholders
from bti_docs.merge.word.xml import Element, W, w

_TWIPS: Final = 1440 / 25.4
"""Twips in a millimetre."""
_OFF: Final = 1.0
"""Millimetres that a page may be off: Word rounds A4 in its own way."""


@dataclass(frozen=True, slots=True)
class Corner:
    """A part of the page, in mm from its top left."""

    code: str
    """What to call text that reaches into it."""
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page that everything is made for, in mm, and corners that nobody may write in."""

    width: float
    height: float
    corners: tuple[Corner, ...] = ()


def page_findings(whole: Whole, sheet: Sheet) -> Iterator[Finding]:
    """Sections of another size, text that runs into a corner, and no place for the code."""
    body = next(part for part in whole.roots if part.kind == "body")
    for section in whole.roots[body].iter(W + "sectPr"):
        place = whole.atlas.of(section, body)
        size, margins = _size(section), _margins(section)
        if size and (abs(size[0] - sheet.width) > _OFF or abs(size[1] - sheet.height) > _OFF):
            params = {"width": round(size[0]), "height": round(size[1])}
            yield Finding("tpl_page_size", "error", place, params)
        elif margins:
            yield from _corners(place, margins, sheet)
    if not any(one.key == CODE for root in whole.roots.values() for one in placeholders(root)):
        yield Finding("tpl_no_code_place", "warning", Place("settings", kind="settings"))


def _corners(place: Place, margins: dict[str, float], sheet: Sheet) -> Iterator[Finding]:
    """Corners that the text's own area reaches into."""
    left, top = margins["left"], margins["top"]
    right, bottom = sheet.width - margins["right"], sheet.height - margins["bottom"]
    for one in sheet.corners:
        across = one.left < right - _OFF and one.right > left + _OFF
        if across and one.top < bottom - _OFF and one.bottom > top + _OFF:
            yield Finding(one.code, "warning", place)


def _size(section: Element) -> tuple[float, float] | None:
    found = section.find(W + "pgSz")
    if found is None:
        return None
    return _mm(found, "w"), _mm(found, "h")


def _margins(section: Element) -> dict[str, float]:
    found = section.find(W + "pgMar")
    if found is None:
        return {}
    return {side: abs(_mm(found, side)) for side in ("left", "right", "top", "bottom")}


def _mm(element: Element, name: str) -> float:
    try:
        return float(w(element, name) or 0) / _TWIPS
    except ValueError:
        return 0.0
