"""Placeholder pictures: known by their alternative text, replaced or taken out."""

from __future__ import annotations

import copy
import io
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree
from PIL import Image, UnidentifiedImageError

from bti_docs.errors import MergeError
from bti_docs.merge.word.xml import WP, A, Element, R, W

CODE: Final = "kode"
"""The picture that the page-less code of the leaving document takes the place of."""
PREFIX: Final = "bilde:"
_PLAIN_KEY: Final = re.compile(f"{CODE}|{PREFIX}[a-z0-9]+")
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_SIZE: Final = struct.Struct(">II")
_PNG_HEAD: Final = 33
_TYPES: Final = {"PNG": ("png", "image/png"), "JPEG": ("jpg", "image/jpeg")}


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One placeholder picture: its drawing and its key, `kode` or `bilde:logo`."""

    drawing: Element
    key: str


def placeholders(root: Element) -> Iterator[Placeholder]:
    """The part's placeholder pictures."""
    for described in root.iter(WP + "docPr"):
        key = (described.get("descr") or "").strip()
        if key == CODE or key.startswith(PREFIX):
            drawing = next(described.iterancestors(W + "drawing"), None)
            if drawing is not None:
                yield Placeholder(drawing, key)


@dataclass(frozen=True, slots=True)
class PictureKind:
    """What a Word file has to know of a picture before it is put in."""

    extension: str
    media_type: str
    width: int
    height: int

    def member_name(self, key: str) -> str:
        """The name of the member that holds the picture for the placeholder *key*."""
        name = re.sub("[^a-z0-9]+", "_", key.lower())
        if _PLAIN_KEY.fullmatch(key) is None:  # `bilde:rød` and `bilde:råd` are two pictures
            name += f"_{zlib.crc32(key.encode()):08x}"
        return f"word/media/{name}.{self.extension}"


def inspect(content: bytes, key: str) -> PictureKind:
    """What kind of picture this is, and its size in pixels.

    Raises:
        MergeError: `picture_format` when it is neither PNG nor JPEG.
    """
    if not isinstance(content, bytes):
        raise MergeError("picture_format", picture=key)
    if content.startswith(_PNG) and content[12:16] == b"IHDR" and len(content) > _PNG_HEAD:
        width, height = _PNG_SIZE.unpack_from(content, 16)
        if width and height:
            return PictureKind(*_TYPES["PNG"], width, height)
    try:
        with Image.open(io.BytesIO(content), formats=list(_TYPES)) as image:
            return PictureKind(*_TYPES[str(image.format)], *image.size)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError) as error:
        raise MergeError("picture_format", picture=key) from error


def drawing_xml(placeholder: Placeholder, kind: PictureKind, relationship: str) -> str:
    """The placeholder's drawing, showing a picture in its own proportions within the same size.

    Args:
        placeholder: As `placeholders` found it; it is not changed.
        kind: The picture that is put in.
        relationship: The id by which the part points at it.
    """
    drawing = copy.deepcopy(placeholder.drawing)
    drawing.tail = None
    for picture in drawing.iter(A + "blip"):
        picture.set(R + "embed", relationship)
    _fit(drawing, (kind.width, kind.height))
    if placeholder.key != CODE:
        for described in drawing.iter(WP + "docPr"):
            described.set("descr", placeholder.key.removeprefix(PREFIX))
    return etree.tostring(drawing, encoding="unicode")


def remove(placeholder: Placeholder) -> None:
    """Take the drawing out and leave its paragraph as it is."""
    parent = placeholder.drawing.getparent()
    if parent is not None:
        parent.remove(placeholder.drawing)


def _fit(drawing: Element, size: tuple[int, int]) -> None:
    """Shrink the placeholder's frame, in one direction, to the picture's proportions."""
    width, height = size
    for frame in [*drawing.iter(WP + "extent"), *drawing.iter(A + "ext")]:
        if frame.get("cx") is None:
            continue
        across, down = int(frame.get("cx", "0")), int(frame.get("cy", "0"))
        scale = min(across / width, down / height)
        frame.set("cx", str(round(width * scale)))
        frame.set("cy", str(round(height * scale)))
