"""What kind of file is this, and is it whole? Asked of its bytes, then of its name.

"It opens" is not "it is finished": measured, reading libraries accept most PDFs that were cut off,
while the end marker rejects all of them.
"""

from __future__ import annotations

import io
import re
import zipfile
from email import message_from_bytes
from email.errors import MessageError
from pathlib import PurePath
from typing import Final, Literal

from PIL import Image, TiffImagePlugin

from bti_docs.inbox.pictures import BROKEN, is_heif, open_picture

Kind = Literal["pdf", "image", "docx", "asic", "mail", "zip", "other"]
"""`asic` is an ASiC container: documents with their signatures, which stay one file."""

PACKAGES: Final[frozenset[Kind]] = frozenset({"mail", "zip"})
"""Kinds that are taken apart, and what is in them taken in file by file."""

PAGED: Final[frozenset[Kind]] = frozenset({"pdf", "image"})
"""Kinds that have pages to look at."""

MAX_BYTES: Final = 512 * 1024 * 1024
"""Of one file: a thousand pages of a colour scanner. A larger one is not read."""

_PDF_HEAD: Final = 1024
_PDF_TAIL: Final = 1024
_JPEG: Final = b"\xff\xd8\xff"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_END: Final = b"IEND\xaeB`\x82"
_TIFF: Final = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_JPEG_END: Final = b"\xff\xd9"
_JPEG_TAIL: Final = 65_536
"""Telephones write a little of their own after the end of the picture."""
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container that Word puts a file with a password in."""
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_WORD_PART: Final = "word/document.xml"
_MACROS: Final = "word/vbaProject.bin"
_SUFFIXES: Final[dict[str, Kind]] = {
    ".pdf": "pdf",
    ".jpg": "image",
    ".jpeg": "image",
    ".png": "image",
    ".tif": "image",
    ".tiff": "image",
    ".heic": "image",
    ".heif": "image",
    ".docx": "docx",
    ".asice": "asic",
    ".asics": "asic",
    ".sce": "asic",
    ".eml": "mail",
    ".zip": "zip",
}
_SIGNED: Final = re.compile(r"META-INF/[^/]*signatures?[^/]*\.(xml|p7s)", re.IGNORECASE)
_NOT_A_BAG: Final = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"})
"""Parts of formats that are ZIP inside and one document, or a program, outside."""
_ASIC_MEDIA: Final = b"application/vnd.etsi.asic-"
_MAIL_HEAD: Final = 16_384
_HEADER: Final = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:[ \t\r\n]")
_MAIL_HEADERS: Final = re.compile(
    rb"^(from|to|date|subject|message-id|mime-version|received|return-path):",
    re.IGNORECASE | re.MULTILINE,
)
_HEADERS_ENOUGH: Final = 3
_STRIP_OFFSETS: Final = (273, 324)
_STRIP_BYTES: Final = (279, 325)
_COMPRESSION: Final = 259
_UNCOMPRESSED: Final = 1
_TAIL: Final = 16
_BOX_HEAD: Final = 8
_WIDE_BOX: Final = 1


def kind_of(data: bytes, name: str) -> Kind:
    """What *data* is, by its content; by *name* only when the content does not say.

    A damaged Word file is still `docx` by name, so that the reason shown is the damage.
    """
    names = zip_names(data) if data.startswith(_ZIP) else None
    if names is not None:
        return _kind_of_zip(data, names)
    if b"%PDF-" in data[:_PDF_HEAD]:
        return "pdf"
    if data.startswith((_JPEG, _PNG, *_TIFF)) or is_heif(data):
        return "image"
    if _is_mail(data[:_MAIL_HEAD]):
        return "mail"
    return _SUFFIXES.get(PurePath(name).suffix.lower(), "other")


def _kind_of_zip(data: bytes, names: frozenset[str]) -> Kind:
    if _WORD_PART in names:
        return "other" if _MACROS in names else "docx"
    if _ASIC_MEDIA in data[:_PDF_HEAD] or any(map(_SIGNED.fullmatch, names)):
        return "asic"
    return "other" if names & _NOT_A_BAG else "zip"


def _is_mail(head: bytes) -> bool:
    """Whether it begins with a header line, and has the headers of an e-mail further down."""
    headers = {found.lower() for found in _MAIL_HEADERS.findall(head)}
    return bool(_HEADER.match(head)) and len(headers) >= _HEADERS_ENOUGH


def is_whole(data: bytes, kind: Kind) -> bool:
    """Whether the file's own end marker is there, so that nobody is writing it any more.

    A file of another kind says nothing about its end; it counts as whole when it is not empty.
    """
    if kind == "pdf":
        return b"%%EOF" in data[-_PDF_TAIL:]
    if kind in ("docx", "zip", "asic"):
        return is_locked_word(data) or zip_names(data) is not None
    if kind == "mail":
        return _mail_is_whole(data)
    if kind == "image":
        return _image_is_whole(data)
    return bool(data)


def is_locked_word(data: bytes) -> bool:
    """Whether a Word file has a password, so that it is no ZIP container any more."""
    return data.startswith(_OLE)


def zip_names(data: bytes) -> frozenset[str] | None:
    """The names in a ZIP container; None when its central directory is not there."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            return frozenset(container.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, LookupError, OSError):
        return None


def is_tiff(data: bytes) -> bool:
    """Whether *data* is a TIFF, the one picture format with several pages."""
    return data.startswith(_TIFF)


def _image_is_whole(data: bytes) -> bool:
    if data.startswith(_JPEG):
        return _jpeg_is_whole(data)
    if data.startswith(_PNG):
        return _PNG_END in data[-_PDF_TAIL:]
    if is_heif(data):
        return _boxes_are_whole(data)
    return is_tiff(data) and _tiff_is_whole(data)


def _boxes_are_whole(data: bytes) -> bool:
    """The file's boxes end where it ends, and its last bytes are not zeros still to be filled."""
    at = 0
    while at + _BOX_HEAD <= len(data):
        size = int.from_bytes(data[at : at + 4])
        if size == _WIDE_BOX:
            size = int.from_bytes(data[at + _BOX_HEAD : at + 2 * _BOX_HEAD])
        if size == 0:  # to the end of the file
            return any(data[-_TAIL:])
        at += max(size, _BOX_HEAD)
    return at == len(data) and any(data[-_TAIL:])


def _mail_is_whole(data: bytes) -> bool:
    """An e-mail of several parts ends with its own boundary; another has no end to look for."""
    try:
        boundary = message_from_bytes(data[:_MAIL_HEAD]).get_boundary()
    except (MessageError, ValueError, LookupError, RecursionError):
        return bool(data)
    if not boundary:
        return bool(data)
    return f"--{boundary}--".encode("utf-8", "surrogateescape") in data


def _jpeg_is_whole(data: bytes) -> bool:
    """Its end is last; or near the end, and all of the picture before it is there."""
    if data.rstrip(b"\0\r\n ").endswith(_JPEG_END):
        return True
    return _JPEG_END in data[-_JPEG_TAIL:] and _all_is_there(data)


def _all_is_there(data: bytes) -> bool:
    try:
        with open_picture(data) as image:
            image.load()
    except BROKEN:
        return False
    except Image.DecompressionBombError:
        return True  # that it is too large is another problem
    return True


def _tiff_is_whole(data: bytes) -> bool:
    try:
        with open_picture(data) as image:
            if not isinstance(image, TiffImagePlugin.TiffImageFile):
                return False
            for index in range(image.n_frames):
                image.seek(index)
                if not _frame_is_whole(image, data):
                    return False
    except BROKEN:
        return False
    except Image.DecompressionBombError:
        return True  # its end is there; that it is too large is another problem
    return True


def _frame_is_whole(image: TiffImagePlugin.TiffImageFile, data: bytes) -> bool:
    """Every strip lies inside the file, and the last is not the zeros of a file still copied."""
    tags = image.tag_v2
    offsets = next((tags[tag] for tag in _STRIP_OFFSETS if tag in tags), ())
    lengths = next((tags[tag] for tag in _STRIP_BYTES if tag in tags), ())
    if not offsets or len(offsets) != len(lengths):
        return False
    ends = [offset + length for offset, length in zip(offsets, lengths, strict=True)]
    end = max(ends)
    if end > len(data):
        return False
    return tags.get(_COMPRESSION, 1) == _UNCOMPRESSED or any(data[max(0, end - _TAIL) : end])
