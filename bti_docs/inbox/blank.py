"""Is there anything on this page? The empty back of a printed sheet is not a page of its own."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

from bti_docs.inbox.morphology import Grey, black_top_hat, components, ink_of
from bti_docs.inbox.streaks import without_streaks

_PX_PER_MM: Final = 4
_MM_PER_INCH: Final = 25.4
_MARGIN_MM: Final = 12
"""Round the sheet: a binder's holes and the shadows of the edges."""
_PEN_MM: Final = 1.6
_LEVELS: Final = 40
"""Darker than print that shines through from the front (measured: up to 27 levels)."""
_SIGMAS: Final = 6
_SPECK_MM: Final = 2
_DUST_CELLS: Final = 0.6
_DUST_MM: Final = 10
_INK_MM2: Final = 2.0


def is_blank(grey: Grey, dpi: float) -> bool:
    """Whether a page at *dpi* shows no print and no pen: dust, holes, folds and stains apart."""
    small = without_streaks(_shrunk(grey, dpi))
    noise = float(np.median(np.abs(np.diff(small[::4].astype(np.int16), axis=1)))) * 1.05
    ink = black_top_hat(small, 2 * round(_PEN_MM * _PX_PER_MM / 2) + 1)
    patches = components(ink > max(_LEVELS, _SIGMAS * noise), _PX_PER_MM)
    written = [
        patch
        for patch in patches
        if patch.extent >= _SPECK_MM
        and not (patch.extent >= _DUST_MM and patch.thickness < _DUST_CELLS)
    ]
    return ink_of(written) < _INK_MM2 * _PX_PER_MM**2


def _shrunk(grey: Grey, dpi: float) -> Grey:
    factor = min(1.0, _PX_PER_MM * _MM_PER_INCH / dpi)
    size = max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor))
    small = np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX))
    margin = _MARGIN_MM * _PX_PER_MM
    inner = small[margin:-margin, margin:-margin]
    return inner if inner.size else small
