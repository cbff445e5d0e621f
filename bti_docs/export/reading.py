"""What can be read of a paper without opening it: its text, and pictures of scanned pages."""

from __future__ import annotations

import base64
import ctypes
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageSequence

from bti_docs.export.wordtext import word_text

PDF: Final = "application/pdf"
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PICTURE_WIDTH: Final = 1000
"""Pixels: handwriting can be read on a phone, and a page is about 100 kB."""
_QUALITY: Final = 60
_SCAN_SHARE: Final = 0.7
"""A page that an image covers more of than this is a picture of paper."""
_FULL_LINE: Final = 0.7
"""A line this long, as a share of the page's longest, has reached the margin."""
_BROKEN_HYPHEN: Final = "\ufffe"


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's pages: text where there is some, pictures where the page is one."""

    texts: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


def read_file(data: bytes, media: str, *, form: bool = False) -> Reading:
    """The text and pictures of a file; empty when it is of a kind that cannot be shown.

    *form*: the empty lines of a Word file are there to be written on.
    """
    if media == PDF:
        return _read_pdf(data)
    if media == WORD:
        return Reading(texts=tuple(t for t in (word_text(data, form=form),) if t))
    if media.startswith("image/"):
        return Reading(pictures=tuple(_jpeg(frame) for frame in picture_frames(data)))
    return Reading()


def picture_frames(data: bytes) -> Iterator[Image.Image]:
    """The pages of a JPEG, PNG or TIFF; none when it is broken."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            for frame in ImageSequence.Iterator(image):
                yield frame.convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError):
        return


def joined(readings: Iterable[Reading]) -> Reading:
    """Several files as one."""
    all_of = tuple(readings)
    return Reading(
        tuple(text for reading in all_of for text in reading.texts),
        tuple(picture for reading in all_of for picture in reading.pictures),
    )


def _read_pdf(data: bytes) -> Reading:
    texts: list[str] = []
    pictures: list[str] = []
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return Reading()
    with document:
        for number in range(len(document)):
            page = document[number]
            if _is_scan(page):
                pictures.append(_page_picture(page))
            elif text := _page_text(page):
                texts.append(text)
            page.close()
    return Reading(tuple(texts), tuple(pictures))


def _page_text(page: pdfium.PdfPage) -> str:
    textpage = page.get_textpage()
    text: str = textpage.get_text_bounded()
    textpage.close()
    lines = [line.strip() for line in text.replace(_BROKEN_HYPHEN, "-").splitlines()]
    return _flowing(["".join(c for c in line if c.isprintable()) for line in lines])


def _flowing(lines: list[str]) -> str:
    """A line that reaches the margin and goes on in small letters is one with the next."""
    full = _FULL_LINE * max(map(len, lines), default=0)
    text, last = "", ""
    for line in lines:
        goes_on = len(last) >= full and line[:1].islower()
        text += (" " if goes_on else "\n") + line
        last = line
    return text.strip()


def _is_scan(page: pdfium.PdfPage) -> bool:
    width, height = page.get_size()
    images = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE])
    return any(_area(image) > _SCAN_SHARE * width * height for image in images)


def _area(image: pdfium.PdfObject) -> float:
    sides = [ctypes.c_float() for _ in range(4)]
    if not pdfium_c.FPDFPageObj_GetBounds(image, *sides):
        return 0.0
    left, bottom, right, top = (side.value for side in sides)
    return abs(right - left) * abs(top - bottom)


def _page_picture(page: pdfium.PdfPage) -> str:
    scale = _PICTURE_WIDTH / page.get_size()[0]
    bitmap = page.render(scale=scale)
    picture = _jpeg(bitmap.to_pil().convert("RGB"))
    bitmap.close()
    return picture


def _jpeg(image: Image.Image) -> str:
    if image.width > _PICTURE_WIDTH:
        size = (_PICTURE_WIDTH, round(image.height * _PICTURE_WIDTH / image.width))
        image = image.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode("ascii")
