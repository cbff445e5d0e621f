"""A word across every page, so that nobody takes a draft for a document."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Final

import pikepdf
from pikepdf import Name, Pdf, Stream
from PIL import Image, ImageDraw, ImageFont

from bti_docs.errors import MergeError

_FACE: Final = "Carlito-Bold.ttf"
_SIZE: Final = 260
"""Pixels of the letters' height: 100 to the inch on an A4 page."""
_TURN: Final = 52.0
"""Degrees: along the diagonal of an upright sheet."""
_STRENGTH: Final = 0.22
"""How much of the page the word covers: text under it stays easy to read."""
_SHARE: Final = 0.92
"""How much of the page's shorter side it takes."""


def watermark(pdf: bytes, word: str, *, title: str) -> bytes:
    """The same pages with *word* across each, in grey. Same input, same bytes.

    Args:
        pdf: What the converter made.
        word: The word; it is drawn, and is no part of the pages' text.
        title: The document's title, for viewers.

    Raises:
        MergeError: `pdf_damaged`.
    """
    try:
        document = pikepdf.open(io.BytesIO(pdf))
    except pikepdf.PdfError as error:
        raise MergeError("pdf_damaged") from error
    with document:
        picture = _picture(document, word)
        for page in document.pages:
            _draw(document, page, picture)
        document.docinfo[Name.Title] = title
        written = io.BytesIO()
        document.save(written, deterministic_id=True)
        return written.getvalue()


def _draw(document: Pdf, page: pikepdf.Page, picture: Stream) -> None:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    width, height = right - left, top - bottom
    across, down = int(picture.Width), int(picture.Height)
    scale = min(width * _SHARE / across, height * _SHARE / down)
    w, h = across * scale, down * scale
    x, y = left + (width - w) / 2, bottom + (height - h) / 2
    name = page.add_resource(picture, Name.XObject, Name.BtiDraft)
    # what a page leaves turned or scaled would turn or scale the word too
    page.contents_add(document.make_stream(b"q\n"), prepend=True)
    text = f"\nQ /Artifact BMC q {w:.2f} 0 0 {h:.2f} {x:.2f} {y:.2f} cm {name} Do Q EMC\n"
    page.contents_add(document.make_stream(text.encode("ascii")))


def _picture(document: Pdf, word: str) -> Stream:
    """The word as a grey picture that lets the page through everywhere but in its letters."""
    size, mask = _mask(word)
    common = {"/Type": Name.XObject, "/Subtype": Name.Image, "/BitsPerComponent": 8}
    soft = document.make_stream(mask)
    soft.update({**common, "/ColorSpace": Name.DeviceGray, "/Width": size[0], "/Height": size[1]})
    grey = document.make_stream(b"\x60" * (size[0] * size[1]))
    grey.update(
        {
            **common,
            "/ColorSpace": Name.DeviceGray,
            "/Width": size[0],
            "/Height": size[1],
            "/SMask": soft,
        }
    )
    return document.make_indirect(grey)


@cache
def _mask(word: str) -> tuple[Sequence[int], bytes]:
    with as_file(files("bti_docs") / "assets" / "fonts" / _FACE) as path:
        face = ImageFont.truetype(str(path), _SIZE)
    box = face.getbbox(word)
    image = Image.new("L", (int(box[2] - box[0]) + 20, int(box[3] - box[1]) + 20), 0)
    strength = round(255 * _STRENGTH)
    ImageDraw.Draw(image).text((10 - box[0], 10 - box[1]), word, fill=strength, font=face)
    turned = image.rotate(_TURN, expand=True, resample=Image.Resampling.BILINEAR)
    return turned.size, turned.tobytes()
