"""Are the pages of a signed file those that were issued? Both drawn by the same hand, compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from bti_docs.core.paper import Box
from bti_docs.inbox.align import PX_PER_MM
from bti_docs.inbox.foreign import printed_page

_DIFFERS: Final = 48
"""Grey levels: the same page drawn twice does not differ at all."""


def same_pages(
    signed: bytes, issued: bytes, pairs: Mapping[int, int], zones: Mapping[int, Sequence[Box]]
) -> bool:
    """Whether what is drawn on the pages is the same, but for what stands in the *zones*.

    Args:
        signed: a PDF that came in.
        issued: the PDF as it was issued.
        pairs: for each page of *signed*, 1 for the first, its page in *issued*.
        zones: for each page of *issued*, where a signature may show itself.
    """
    return all(_same(signed, at, issued, page, zones.get(page, ())) for at, page in pairs.items())


def _same(signed: bytes, at: int, issued: bytes, page: int, zones: Sequence[Box]) -> bool:
    ours = printed_page(issued, page).astype(np.int16)
    theirs = printed_page(signed, at).astype(np.int16)
    differs = np.abs(ours - theirs) > _DIFFERS
    for box in zones:
        rows = slice(max(0, round(box.y * PX_PER_MM)), round((box.y + box.h) * PX_PER_MM))
        columns = slice(max(0, round(box.x * PX_PER_MM)), round((box.x + box.w) * PX_PER_MM))
        differs[rows, columns] = False
    return not bool(differs.any())
