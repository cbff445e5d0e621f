"""Open a picture from outside: four formats, no warnings about odd but harmless data."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PIL import ExifTags, Image, UnidentifiedImageError

FORMATS: Final = ("JPEG", "PNG", "TIFF")

BROKEN: Final = (
    UnidentifiedImageError,
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    SyntaxError,
    RuntimeError,
    struct.error,
)
"""What the decoders raise for damaged data."""

_BOX: Final = b"ftyp"
_HEIF_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_BRAND: Final = slice(8, 12)
_MAX_HEIF_PIXELS: Final = 80_000_000
"""They are decoded at once, so the limit of all pages counts before that."""
_QUARTERS: Final = {3: 2, 4: 2, 5: 1, 6: 3, 7: 3, 8: 1}
"""EXIF orientation: quarter turns anticlockwise that set the picture upright, mirrored or not."""


def is_heif(data: bytes) -> bool:
    """Whether *data* is a telephone's picture in HEIF with HEVC inside (.heic)."""
    return data[4:8] == _BOX and data[_BRAND] in _HEIF_BRANDS


def quarters_of(image: Image.Image) -> int:
    """The quarter turns anticlockwise that the camera says the picture needs: 0 to 3."""
    try:
        return _QUARTERS.get(int(image.getexif().get(ExifTags.Base.Orientation, 1)), 0)
    except BROKEN:
        return 0


@contextmanager
def open_picture(data: bytes) -> Iterator[Image.Image]:
    """The picture; its pixels are decoded when they are asked for, but those of HEIF at once.

    Raises:
        one of `BROKEN`, or `Image.DecompressionBombError` when it is far too large; also later,
        inside the block.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        opened = (
            _open_heif(data) if is_heif(data) else Image.open(io.BytesIO(data), formats=FORMATS)
        )
        with opened as image:
            yield image


def _open_heif(data: bytes) -> Image.Image:
    """The file's main picture, upright as the camera held it."""
    import pi_heif  # noqa: PLC0415  (a large library that most offices' files never need)

    file = pi_heif.open_heif(io.BytesIO(data))
    main = file[file.primary_index]
    if main.size[0] * main.size[1] > _MAX_HEIF_PIXELS:
        raise Image.DecompressionBombError
    picture: Image.Image = main.to_pillow()
    return picture
