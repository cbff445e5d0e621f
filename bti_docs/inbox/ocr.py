"""The printed reference and «Side x av y», read by tesseract when no code of a page can be read.

What it reads is a guess that helps a person; nothing is filed by it. Where tesseract or its
Norwegian data is missing, there is no guess.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from PIL import Image

from bti_docs.core.paper import PAGE
from bti_docs.core.references import ALPHABET, Reference, parse_reference
from bti_docs.inbox.codes import upright
from bti_docs.inbox.morphology import Grey

SECONDS: Final = 10.0
"""The longest that one look may take. Measured: 0.4 s."""
_PROGRAM: Final = "tesseract"
_LANGUAGE: Final = "nor"
_HEAD_MM: Final = 60
_FOOT_MM: Final = 32
"""The strips of a page that show its reference: the letter's head, and every page's foot."""
_DPI: Final = 250
"""Small print is read best at this resolution; a coarser scan is enlarged."""
_MM_PER_INCH: Final = 25.4
_SPARSE: Final = "11"
"""Tesseract's mode for pieces of text in no order."""
_REFERENCE: Final = re.compile(r"(?<![A-Z0-9])([A-Z0-9]{4})\s?[-–—~]\s?([A-Z0-9]{4})(?![A-Z0-9])")
_PAGE_OF: Final = re.compile(r"(?i)\b(?:side|page)\s+(\d{1,2})\s+(?:av|of)\s+(\d{1,2})\b")
_ALIKE: Final = ("0DQ", "5S", "8B", "2Z", "6G", "17", "4A", "VY", "UV", "MN")
_MAX_SWAPS: Final = 2


@dataclass(frozen=True, slots=True)
class Printed:
    """What a page says in words of where it belongs."""

    references: tuple[Reference, ...]
    """As read first, then with characters that look alike exchanged; ask which one exists."""
    page: int | None = None
    pages: int | None = None


def can_read_print() -> bool:
    """Whether tesseract is installed here."""
    return shutil.which(_PROGRAM) is not None


def read_print(grey: Grey, *, seconds: float = SECONDS) -> Printed | None:
    """The reference printed on a page that may lie any way up; None when none is read.

    *seconds* is for one look; a page is looked at in two ways.
    """
    program = shutil.which(_PROGRAM)
    if program is None:
        return None
    seen = []
    for picture in _ways_up(grey):
        printed = printed_in(_text(program, _strips(picture), seconds))
        if printed and printed.page:
            return printed
        seen += [printed] if printed else []
    references = (reference for printed in seen for reference in printed.references)
    return Printed(tuple(dict.fromkeys(references))) if seen else None


def printed_in(text: str) -> Printed | None:
    """All references that *text* may hold, and its page numbers if they make sense."""
    read = ["".join(found.groups()) for found in _REFERENCE.finditer(text.upper())]
    exact = (parse_reference(one) for one in read)
    near = (other for one in read for other in _alike(one))
    references = tuple(dict.fromkeys(one for one in (*exact, *near) if one))
    if not references:
        return None
    numbers = _PAGE_OF.search(text)
    page, pages = (int(number) for number in numbers.groups()) if numbers else (0, 0)
    return Printed(references, page, pages) if 0 < page <= pages else Printed(references)


def _alike(read: str) -> Iterator[Reference]:
    """*read* with one or two characters exchanged for those that look like them."""
    others = [(i, other) for i, c in enumerate(read) for other in _lookalikes(c)]
    for count in range(1, _MAX_SWAPS + 1):
        for swaps in combinations(others, count):
            letters = list(read)
            for place, other in swaps:
                letters[place] = other
            reference = parse_reference("".join(letters))
            if reference is not None and len({place for place, _ in swaps}) == count:
                yield reference


def _lookalikes(character: str) -> str:
    groups = "".join(group for group in _ALIKE if character in group)
    return "".join(c for c in dict.fromkeys(groups) if c != character and c in ALPHABET)


def _ways_up(grey: Grey) -> Iterator[Grey]:
    """The page as it may stand upright: a sheet on its side stands on one of its long sides."""
    sideways = grey.shape[1] > grey.shape[0]
    for rotation in (90, 270) if sideways else (0, 180):
        yield upright(grey, rotation)


def _strips(page: Grey) -> bytes:
    """The head and the foot of an upright page, one above the other, as PNG."""
    per_mm = page.shape[0] / PAGE.h
    head, foot = round(_HEAD_MM * per_mm), round(_FOOT_MM * per_mm)
    strips = Image.fromarray(np.vstack([page[:head], page[-foot:]]))
    factor = max(1.0, _DPI / _MM_PER_INCH / per_mm)
    size = round(strips.width * factor), round(strips.height * factor)
    out = io.BytesIO()
    strips.resize(size, Image.Resampling.BICUBIC).save(out, format="PNG", compress_level=1)
    return out.getvalue()


def _text(program: str, png: bytes, seconds: float) -> str:
    """What tesseract reads; nothing when it fails or takes too long."""
    command = [program, "stdin", "stdout", "-l", _LANGUAGE, "--psm", _SPARSE, "--dpi", str(_DPI)]
    one_core = os.environ | {"OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(  # noqa: S603  (a fixed program; the page is its standard input)
            command, input=png, capture_output=True, timeout=seconds, check=False, env=one_core
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")
