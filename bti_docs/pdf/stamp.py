"""A code on every page of a PDF, and the result as PDF/A-2b."""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib
from collections.abc import Sequence
from typing import Final

import pikepdf
import pikepdf.pdfa
import zxingcpp
from pikepdf import Dictionary, Name, Pdf, Stream

from bti_docs.core.paper import (
    CODE_BOTTOM_LEFT,
    CODE_TOP_RIGHT,
    MODULES,
    PAGE,
    QUIET_MODULES,
    Box,
    quiet_zone,
)
from bti_docs.errors import MergeError
from bti_docs.pdf.conformity import is_known_to_conform

POINTS_PER_MM: Final = 72 / 25.4
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_DARK: Final = bytes(1 if grey == 0 else 0 for grey in range(256))
_WHITE_BITS: Final = bytes.maketrans(b"\0\1", b"10")
_RUN: Final = re.compile(rb"\x01+")
_UNIT: Final = MODULES + 2 * QUIET_MODULES
_TOLERANCE: Final = 1.0
"""Points that an A4 page may be off: 595 and 595.276 are both in use."""
_METADATA_DATE: Final = re.compile(rb"\s*<xmp:MetadataDate>[^<]*</xmp:MetadataDate>")
_FONT_DATES: Final = "fontTools.ttLib.tables._h_e_a_d"


def stamp(pdf: bytes, codes: Sequence[str], *, title: str, language: str) -> bytes:
    """The same pages with their codes, as PDF/A-2b. Same input, same bytes.

    Each code stands twice as vector squares, on white squares of its quiet zone, at the places
    of `bti_docs.core.paper`. Nothing else is drawn.

    Args:
        pdf: What the converter made; upright A4 pages.
        codes: One text a page, upper-case, that fits a symbol of 25 modules.
        title: The document's title, for viewers and readers.
        language: `nb`, `nn` or `en`.

    Raises:
        MergeError: `pdf_damaged`, `pdf_page_count`, `pdf_not_a4`, `pdf_code_size`,
            `pdf_not_archivable`.
    """
    try:
        document = pikepdf.open(io.BytesIO(pdf))
    except pikepdf.PdfError as error:
        raise MergeError("pdf_damaged") from error
    with document:
        if len(document.pages) != len(codes):
            raise MergeError("pdf_page_count", pages=len(document.pages), codes=len(codes))
        for number, (page, code) in enumerate(zip(document.pages, codes, strict=True), start=1):
            _draw(document, page, _symbol(document, code), number)
        _clean(document)
        _describe(document, title, language)
        return _save(document)


def modules(code: str) -> tuple[bytes, ...]:
    """The symbol as rows of bytes, 1 where it is dark.

    Raises:
        MergeError: `pdf_code_size` when it is not the 25 modules that the places are made for.
    """
    barcode = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    image = barcode.to_image(scale=1, add_quiet_zones=False)
    picture = memoryview(image)  # type: ignore[arg-type]  # its stubs leave the buffer out
    if picture.shape != (MODULES, MODULES):
        raise MergeError("pdf_code_size", modules=len(picture))
    grey = picture.tobytes()
    rows = range(0, MODULES * MODULES, MODULES)
    return tuple(grey[row : row + MODULES].translate(_DARK) for row in rows)


def code_picture(code: str) -> bytes:
    """The symbol with its quiet zone as a 1-bit PNG, a pixel a module, for a Word file's header.

    Raises:
        MergeError: `pdf_code_size`, as `modules`.
    """
    margin = bytes(QUIET_MODULES)
    white = [bytes(_UNIT)] * QUIET_MODULES
    lines = [*white, *(margin + row + margin for row in modules(code)), *white]
    header = struct.pack(">IIBBBBB", _UNIT, _UNIT, 1, 0, 0, 0, 0)  # one bit, greyscale
    data = zlib.compress(b"".join(map(_line, lines)), 9)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return _PNG + b"".join(_chunk(kind, body) for kind, body in chunks)


def _line(dark: bytes) -> bytes:
    """A PNG's line: its filter (none), and a bit a module, 1 where it is white."""
    padding = -len(dark) % 8
    bits = dark.translate(_WHITE_BITS) + b"0" * padding
    return b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")


def _chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG: its length, kind and content, and a checksum of both."""
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def _symbol(document: Pdf, code: str) -> Stream:
    """The symbol and its white square as a form of one unit a module, drawn as one path.

    One path and not one for each row, so that no viewer shows hairlines between the rows.
    """
    lines = [f"1 g 0 0 {_UNIT} {_UNIT} re f 0 g"]
    for number, row in enumerate(modules(code)):
        y = _UNIT - QUIET_MODULES - number - 1
        lines += [
            f"{QUIET_MODULES + run.start()} {y} {run.end() - run.start()} 1 re"
            for run in _RUN.finditer(row)
        ]
    form = document.make_stream("\n".join([*lines, "f"]).encode("ascii"))
    form.update(
        {
            "/Type": Name.XObject,
            "/Subtype": Name.Form,
            "/BBox": pikepdf.Array([0, 0, _UNIT, _UNIT]),
            "/Resources": Dictionary(),
        }
    )
    return form


def _draw(document: Pdf, page: pikepdf.Page, symbol: Stream, number: int) -> None:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    size_is_right = (
        abs(right - left - PAGE.w * POINTS_PER_MM) <= _TOLERANCE
        and abs(top - bottom - PAGE.h * POINTS_PER_MM) <= _TOLERANCE
    )
    if not size_is_right or int(page.obj.get(Name.Rotate, 0)) % 360:
        raise MergeError("pdf_not_a4", page=number)
    name = page.add_resource(document.make_indirect(symbol), Name.XObject, Name.BtiCode)
    places = (CODE_TOP_RIGHT, CODE_BOTTOM_LEFT)
    drawing = " ".join(_placed(box, left, top, str(name)) for box in places)
    # the page's own drawing may leave its coordinates turned, so it is shut in
    page.contents_add(document.make_stream(b"q\n"), prepend=True)
    page.contents_add(document.make_stream(f"\nQ\n/Artifact BMC {drawing} EMC\n".encode("ascii")))


def _placed(code: Box, left: float, top: float, name: str) -> str:
    zone = quiet_zone(code)
    scale = zone.w * POINTS_PER_MM / _UNIT
    x = left + zone.x * POINTS_PER_MM
    y = top - (zone.y + zone.h) * POINTS_PER_MM
    return f"q {scale:.6f} 0 0 {scale:.6f} {x:.4f} {y:.4f} cm {name} Do Q"


def _clean(document: Pdf) -> None:
    """Take out the keys that PDF/A forbids, or knows only from a later version of PDF."""
    for item in document.objects:
        if isinstance(item, pikepdf.Stream) and item.get(Name.Subtype) == Name.Image:
            _drop(item, "/ColorTransform")
            parameters = item.get(Name.DecodeParms)
            if isinstance(parameters, pikepdf.Dictionary):
                _drop(parameters, "/ColorTransform")
        elif isinstance(item, pikepdf.Dictionary) and Name.Title in item and Name.Parent in item:
            _drop(item, "/SE")
    _drop(document.trailer, "/DocChecksum")
    _drop(document.Root, "/OpenAction")
    if Name.MarkInfo in document.Root:
        _drop(document.Root.MarkInfo, "/Type")


def _drop(item: pikepdf.Object, key: str) -> None:
    if key in item:
        del item[key]


def _describe(document: Pdf, title: str, language: str) -> None:
    if Name.Info in document.trailer:
        del document.trailer.Info
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata.clear()
        metadata["dc:title"] = title
        metadata["dc:language"] = {language}
    document.docinfo[Name.Title] = title
    document.Root.Lang = pikepdf.String(language)
    document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _save(document: Pdf) -> bytes:
    logging.getLogger(_FONT_DATES).addFilter(_is_worth_saying)
    result = io.BytesIO()
    try:
        pikepdf.pdfa.prepare(document, "2b")
        _remove_time(document)
        settings = pikepdf.pdfa.resolve_save_kwargs("2b", deterministic_id=True)
        if is_known_to_conform(document):
            document.save(result, **settings)
        else:
            pikepdf.pdfa.save(document, result, "2b", repair=False, deterministic_id=True)
    except pikepdf.pdfa.PdfaError as error:
        raise MergeError("pdf_not_archivable") from error
    return result.getvalue()


def _remove_time(document: Pdf) -> None:
    # the instant of preparing would make every run's bytes different
    packet = document.Root.Metadata.read_bytes()
    document.Root.Metadata.write(_METADATA_DATE.sub(b"", packet))


def _is_worth_saying(_record: logging.LogRecord) -> bool:
    # the converter's font subsets carry no date of making, and the validator says so each time
    return False
