"""A photocopier between the printer and the scanner: coarser, darker, with toner where none was."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

Grey = npt.NDArray[np.uint8]

_TONER: Final = 30
_PAPER: Final = 244
_BORDER_MM: Final = 2.0
_SPECKS_MM2: Final = 0.004


def photocopy(sheet: Grey, rng: np.random.Generator, px_per_mm: float) -> Grey:
    """*sheet* copied once: soft edges made hard again, specks of toner, a dark edge of the lid."""
    soft = Image.fromarray(sheet).filter(ImageFilter.GaussianBlur(0.06 * px_per_mm))
    levels = np.asarray(soft, dtype=np.float32)
    middle, steep = rng.uniform(125, 165), rng.uniform(3.0, 6.0)
    hard = np.clip((levels - middle) * steep + middle, _TONER, _PAPER)
    copied: Grey = hard.astype(np.uint8)
    specks = rng.poisson(_SPECKS_MM2 * sheet.size / px_per_mm**2)
    rows, columns = (rng.integers(0, side - 2, specks) for side in copied.shape)
    for down, right in ((0, 0), (0, 1), (1, 0)):
        copied[rows + down, columns + right] = _TONER + 30
    side = np.s_[:, : int(rng.uniform(0, _BORDER_MM) * px_per_mm)]
    copied[side] = np.minimum(copied[side], np.uint8(rng.integers(60, 160)))
    return copied
