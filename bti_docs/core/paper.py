"""Where things stand on a page, in millimetres from the top left of an upright A4 sheet.

Sizes are from intake measurements: two codes at different heights and sides beat any error
correction level, and a symbol needs a quiet zone of four modules (25 modules a side).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in millimetres from the page's top left."""

    x: float
    y: float
    w: float
    h: float

    def grown(self, by: float) -> Box:
        """The same rectangle with *by* millimetres added on every side."""
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person signs or writes: `signer` is a person's code in the case, or None."""

    signer: str | None
    label: str
    page: int
    box: Box


PAGE: Final = Box(0, 0, 210, 297)
CODE_TOP_RIGHT: Final = Box(183, 9, 18, 18)
CODE_BOTTOM_LEFT: Final = Box(9, 273, 15, 15)
QUIET_MODULES: Final = 4
MODULES: Final = 25
SIGNATURE_WIDTH: Final = 75.0
SIGNATURE_HEIGHT: Final = 12.0
"""The box above a signature's printed line, where a pen may go."""


def quiet_zone(code: Box) -> Box:
    """The white square that *code* needs around it."""
    return code.grown(code.w / MODULES * QUIET_MODULES)


def place_body(place: Place) -> dict[str, Any]:
    """A place as a payload holds it."""
    box = place.box
    sides = {"x": round(box.x, 2), "y": round(box.y, 2), "w": round(box.w, 2), "h": round(box.h, 2)}
    return {"signer": place.signer, "label": place.label, "page": place.page, **sides}
