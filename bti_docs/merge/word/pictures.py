"""Placeholder pictures: known by their alternative text, replaced or taken out."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from PIL import Image, UnidentifiedImageError

from bti_docs.errors import MergeError
from bti_docs.merge.word.package import Package, add_relationship, declare
from bti_docs.merge.word.xml import WP, A, Element, R, W

CODE: Final = "kode"
"""The picture that the page-less code of the leaving document takes the place of."""
PREFIX: Final = "bilde:"
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


def place_pictures(
    package: Package, part: str, root: Element, pictures: Mapping[str, bytes]
) -> Package:
    """Put the given pictures in their places and take out the placeholders of those not given.

    A picture keeps its own proportions within the placeholder's size.

    Raises:
        MergeError: `picture_format` when a picture is neither PNG nor JPEG.
    """
    for placeholder in list(placeholders(root)):
        content = pictures.get(placeholder.key)
        if content is None:
            remove(placeholder)
        else:
            package = _replace(package, part, placeholder, content)
    return package


def remove(placeholder: Placeholder) -> None:
    """Take the drawing out and leave its paragraph as it is."""
    parent = placeholder.drawing.getparent()
    if parent is not None:
        parent.remove(placeholder.drawing)


def _replace(package: Package, part: str, placeholder: Placeholder, content: bytes) -> Package:
    extension, media_type, size = _inspect(content, placeholder.key)
    name = f"word/media/{re.sub('[^a-z0-9]+', '_', placeholder.key.lower())}.{extension}"
    package = declare(package.with_members({name: content}), name, media_type)
    package, relationship = add_relationship(package, part, "image", name)
    for picture in placeholder.drawing.iter(A + "blip"):
        picture.set(R + "embed", relationship)
    _fit(placeholder.drawing, size)
    if placeholder.key != CODE:
        for described in placeholder.drawing.iter(WP + "docPr"):
            described.set("descr", placeholder.key.removeprefix(PREFIX))
    return package


def _inspect(content: bytes, key: str) -> tuple[str, str, tuple[int, int]]:
    try:
        with Image.open(io.BytesIO(content), formats=list(_TYPES)) as image:
            extension, media_type = _TYPES[str(image.format)]
            return extension, media_type, image.size
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError) as error:
        raise MergeError("picture_format", picture=key) from error


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
