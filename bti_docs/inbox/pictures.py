"""Open a picture from outside: three formats, no warnings about odd but harmless data."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PIL import Image, UnidentifiedImageError

FORMATS: Final = ("JPEG", "PNG", "TIFF")

BROKEN: Final = (
    UnidentifiedImageError,
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    SyntaxError,
    struct.error,
)
"""What Pillow raises for damaged data."""


@contextmanager
def open_picture(data: bytes) -> Iterator[Image.Image]:
    """The picture; its pixels are decoded when they are asked for.

    Raises:
        one of `BROKEN`, or `Image.DecompressionBombError` when it is far too large; also later,
        inside the block.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            yield image
