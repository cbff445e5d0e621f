"""A file's pages as grey pixels, one at a time: PDF by its own picture or rendered, and pictures.

pdfium is not safe to use from several threads at once; read in one thread, or in processes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final, Literal, Protocol

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from bti_docs.inbox.kinds import Kind
from bti_docs.inbox.morphology import Grey
from bti_docs.inbox.pictures import BROKEN, open_picture, quarters_of

Trouble = Literal["encrypted", "damaged", "too_large"]
"""Why pages cannot be had: a code, in the words of `bti_docs.core.filing`."""

MAX_PIXELS: Final = 80_000_000
"""A3 at 600 dpi is 70 million; more is no office's scan."""
MAX_PAGES: Final = 1000
RENDER_DPI: Final = 200
_RENDER_PIXELS: Final = 20_000_000
"""A larger sheet than A2 is drawn coarser."""
_POINTS_PER_INCH: Final = 72
_FULL_PAGE: Final = 0.85
_FINE_DPI: Final = 380
_A4_INCHES: Final = 297 / 25.4
_LONGEST_INCHES: Final = 24
"""A2; telephones say 72 dpi and mean nothing by it."""
_HIGH_BYTE: Final = 8
_MIN_DPI: Final = 40
_PASSWORD: Final = pdfium.FPDF_ERR_PASSWORD
_CHANNELS: Final = 3
_COLOURS: Final = (
    pdfium.FPDF_COLORSPACE_DEVICEGRAY,
    pdfium.FPDF_COLORSPACE_DEVICERGB,
    pdfium.FPDF_COLORSPACE_CALGRAY,
    pdfium.FPDF_COLORSPACE_CALRGB,
    pdfium.FPDF_COLORSPACE_ICCBASED,
    pdfium.FPDF_COLORSPACE_INDEXED,
)
"""What a picture's own pixels can be had in; a stencil has none, and is drawn."""
_PICTURE_MODES: Final = ("L", "RGB", "1")


@dataclass(frozen=True, slots=True)
class Pixels:
    """One page's pixels as they lie in the file, before it is turned upright."""

    grey: Grey
    dpi: float


class Unreadable(Exception):  # noqa: N818  (turned into a value before it leaves the room)
    """The file or page gives no pixels; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble: Trouble = trouble


class PageSource(Protocol):
    """Pages by their number, 1 for the first."""

    def __len__(self) -> int:
        """How many pages there are."""

    def page(self, number: int) -> Pixels:
        """The pixels of page *number*; raises `Unreadable`."""


@contextmanager
def open_pages(data: bytes, kind: Kind) -> Iterator[PageSource]:
    """The pages of a PDF or a picture.

    Raises:
        Unreadable: the file cannot be opened.
    """
    if kind == "pdf":
        with _open_pdf(data) as document:
            yield _PdfPages(document)
    else:
        with _open_image(data) as image:
            yield _ImagePages(image)


@contextmanager
def _open_pdf(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        trouble: Trouble = "encrypted" if error.err_code == _PASSWORD else "damaged"
        raise Unreadable(trouble) from error
    try:
        if not 0 < len(document) <= MAX_PAGES:
            raise Unreadable("too_large" if len(document) else "damaged")
        if document.get_formtype():
            document.init_forms()
        yield document
    finally:
        document.close()


@contextmanager
def _open_image(data: bytes) -> Iterator[Image.Image]:
    try:
        with open_picture(data) as image:
            yield image
    except Image.DecompressionBombError as error:
        raise Unreadable("too_large") from error
    except BROKEN as error:
        raise Unreadable("damaged") from error


@dataclass(frozen=True, slots=True)
class _PdfPages:
    document: pypdfium2.PdfDocument

    def __len__(self) -> int:
        return len(self.document)

    def page(self, number: int) -> Pixels:
        try:
            page = self.document[number - 1]
        except pypdfium2.PdfiumError as error:
            raise Unreadable("damaged") from error
        try:
            return _embedded(page) or _rendered(page, RENDER_DPI)
        except pypdfium2.PdfiumError as error:
            raise Unreadable("damaged") from error
        finally:
            page.close()


def _embedded(page: pypdfium2.PdfPage) -> Pixels | None:
    """The page's own picture, when that is all there is to see: faster than rendering."""
    picture = _only_picture(page)
    about = picture.get_metadata() if picture else None
    if picture is None or about is None or about.colorspace not in _COLOURS:
        return None
    if _too_large((about.width, about.height)):
        return None
    dpi = about.width / (picture.get_matrix().a / _POINTS_PER_INCH)
    own_jpeg = picture.get_filters() == ["DCTDecode"]
    pixels = _own_jpeg(picture, dpi) if own_jpeg else _own_bitmap(picture, dpi)
    if pixels is None:
        return None
    turned = np.rot90(pixels.grey, -page.get_rotation() // 90)
    return Pixels(np.ascontiguousarray(turned), pixels.dpi)


def _own_jpeg(picture: pypdfium2.PdfImage, dpi: float) -> Pixels | None:
    """Its brightness only, which takes half as long as its colours."""
    try:
        with open_picture(bytes(picture.get_data())) as image:
            if image.mode not in _PICTURE_MODES or _too_large(image.size):
                return None
            return _decode(image, dpi)
    except (*BROKEN, Image.DecompressionBombError):
        return None


def _own_bitmap(picture: pypdfium2.PdfImage, dpi: float) -> Pixels:
    """A fax's Group 4, a JBIG2, a bitmap: each pixel as it was scanned."""
    bitmap = picture.get_bitmap(render=False)
    colours = bitmap.to_numpy()
    flat = colours if colours.ndim < _CHANNELS else np.ascontiguousarray(colours[..., 2::-1])
    return _decode(Image.fromarray(flat), dpi)


def _only_picture(page: pypdfium2.PdfPage) -> pypdfium2.PdfImage | None:
    """The one upright picture that fills the page, if nothing else on it shows.

    Annotations show: people sign with a pen on a tablet.
    """
    if pdfium.FPDFPage_GetAnnotCount(page.raw):
        return None
    picture = None
    for item in page.get_objects(max_depth=2):
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE and picture is None:
            picture = item
        elif not _is_invisible_text(item):
            return None
    if not isinstance(picture, pypdfium2.PdfImage) or picture.container is not None:
        return None
    matrix, (left, bottom, right, top) = picture.get_matrix(), page.get_mediabox()
    upright = matrix.a > 0 and matrix.d > 0 and matrix.b == matrix.c == 0
    full = matrix.a * matrix.d >= _FULL_PAGE * (right - left) * (top - bottom)
    return picture if upright and full else None


def _is_invisible_text(item: pypdfium2.PdfObject) -> bool:
    """Whether it is the text layer that a scanner's own OCR lays under the picture."""
    if item.type != pdfium.FPDF_PAGEOBJ_TEXT:
        return False
    mode: int = pdfium.FPDFTextObj_GetTextRenderMode(item.raw)
    return mode == int(pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)


def _rendered(page: pypdfium2.PdfPage, dpi: float) -> Pixels:
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise Unreadable("damaged")
    scale = min(dpi / _POINTS_PER_INCH, math.sqrt(_RENDER_PIXELS / (width * height)))
    if min(width, height) * scale < 1:
        raise Unreadable("too_large")
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=True)
    return Pixels(np.array(bitmap.to_numpy(), dtype=np.uint8), scale * _POINTS_PER_INCH)


@dataclass(frozen=True, slots=True)
class _ImagePages:
    image: Image.Image

    def __len__(self) -> int:
        return getattr(self.image, "n_frames", 1)

    def page(self, number: int) -> Pixels:
        try:
            self.image.seek(number - 1)
            if _too_large(self.image.size):
                raise Unreadable("too_large")
            return _as_held(_decode(self.image, _dpi_of(self.image)), self.image)
        except BROKEN as error:
            raise Unreadable("damaged") from error


def _as_held(pixels: Pixels, image: Image.Image) -> Pixels:
    """The pixels upright as the telephone was held, when it says so."""
    quarters = quarters_of(image)
    return replace(pixels, grey=np.rot90(pixels.grey, quarters)) if quarters else pixels


def _decode(image: Image.Image, dpi: float) -> Pixels:
    """Grey pixels; a very fine scan is halved, which loses no code and saves three quarters."""
    width, parts = image.width, 2 if dpi > _FINE_DPI else 1
    image.draft("L", (width // parts, image.height // parts))
    grey = _on_white(image)
    if parts > 1 and grey.width == width:
        grey = grey.reduce(parts)
    return Pixels(np.asarray(grey, dtype=np.uint8), dpi * grey.width / width)


def _on_white(image: Image.Image) -> Image.Image:
    """The picture in grey; what is transparent is paper."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> _HIGH_BYTE).astype(np.uint8))
    if not image.has_transparency_data:
        return image if image.mode == "L" else image.convert("L")
    colours = image.convert("RGBA")
    paper = Image.new("RGBA", colours.size, "white")
    return Image.alpha_composite(paper, colours).convert("L")


def _dpi_of(image: Image.Image) -> float:
    """What the file says; else, as for telephones, a guess from an A4 sheet's longer side."""
    said = float(image.info.get("dpi", (0, 0))[0])
    believed = said >= _MIN_DPI and max(image.size) / said <= _LONGEST_INCHES
    return said if believed else max(image.size) / _A4_INCHES


def _too_large(size: tuple[int, int]) -> bool:
    return size[0] * size[1] > MAX_PIXELS
