"""What papers come in: a scanner's PDF, TIFF or PNG, an e-mail, a ZIP, an ASiC container."""

from __future__ import annotations

import io
import mimetypes
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from typing import Final, Literal

from PIL import Image

_POINTS_PER_INCH: Final = 72
_BLACK_BELOW: Final = 150
_ASIC_MEDIA: Final = "application/vnd.etsi.asic-e+zip"
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)


def as_pdf(jpegs: Sequence[bytes]) -> bytes:
    """A PDF of one JPEG a page, each embedded unchanged, at the size its resolution says."""
    count = len(jpegs)
    kids = " ".join(f"{3 + 3 * i} 0 R" for i in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{kids}] >>".encode(),
    ]
    for index, jpeg in enumerate(jpegs):
        objects += _page_objects(jpeg, 3 + 3 * index)
    return file_of_objects(objects)


def _page_objects(jpeg: bytes, number: int) -> list[bytes]:
    with Image.open(io.BytesIO(jpeg)) as image:
        (across, down), (width, height) = image.info.get("dpi", (200, 200)), image.size
        colours = "DeviceGray" if image.mode == "L" else "DeviceRGB"
    points = (
        width / float(across) * _POINTS_PER_INCH,
        height / float(down) * _POINTS_PER_INCH,
    )
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {points[0]:.2f} {points[1]:.2f}] "
        f"/Contents {number + 1} 0 R /Resources << /XObject << /Im {number + 2} 0 R >> >> >>"
    )
    picture = (
        f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} "
        f"/ColorSpace /{colours} /BitsPerComponent 8 /Filter /DCTDecode"
    )
    drawing = f"q {points[0]:.2f} 0 0 {points[1]:.2f} 0 0 cm /Im Do Q".encode()
    return [page.encode(), stream_object("<<", drawing), stream_object(picture, jpeg)]


def stream_object(dictionary: str, data: bytes) -> bytes:
    """A PDF stream: *dictionary* without its end, which gets the length."""
    return f"{dictionary} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def file_of_objects(objects: Sequence[bytes]) -> bytes:
    """A PDF file of objects 1, 2 …; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n".encode()
    out += f"startxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def as_tiff(jpegs: Sequence[bytes], *, mode: Literal["grey", "1bit"] = "1bit") -> bytes:
    """A TIFF of the same pages: black and white in Group 4 as from a fax, or grey in deflate."""
    pages = []
    for jpeg in jpegs:
        with Image.open(io.BytesIO(jpeg)) as image:
            grey = image.convert("L")
            dpi = image.info.get("dpi", (200, 200))
        pages.append(grey.point(_threshold, mode="1") if mode == "1bit" else grey)
    out = io.BytesIO()
    pages[0].save(
        out,
        format="TIFF",
        save_all=True,
        append_images=pages[1:],
        compression="group4" if mode == "1bit" else "tiff_deflate",
        dpi=dpi,
    )
    return out.getvalue()


def _threshold(level: float) -> float:
    return 255 if level >= _BLACK_BELOW else 0


def as_png(jpeg: bytes) -> bytes:
    """One page as PNG, at the size its resolution says."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(jpeg)) as image:
        image.save(out, format="PNG", dpi=image.info.get("dpi", (200, 200)))
    return out.getvalue()


def as_mail(attachments: Mapping[str, bytes], *, text: str = "", subject: str = "Skjema") -> bytes:
    """An e-mail saved as a file: *text*, and the attachments by their names."""
    mail = EmailMessage()
    mail["From"] = "Ola Eksempel <ola@example.org>"
    mail["To"] = "post@kommune.example"
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 +0100"
    mail["Subject"] = subject
    mail["Message-ID"] = "<1@example.org>"
    if text:
        mail.set_content(text)
    for name, data in attachments.items():
        media = mimetypes.guess_type(name)[0] or "application/octet-stream"
        kind, _, part = media.partition("/")
        mail.add_attachment(data, maintype=kind, subtype=part, filename=name)
    if mail.is_multipart():
        mail.set_boundary("=-BTI-=")
    return mail.as_bytes()


def as_zip(files: Mapping[str, bytes], *, packed: bool = True) -> bytes:
    """A ZIP of *files*; the same files give the same bytes."""
    out = io.BytesIO()
    packing = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", packing) as bag:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = packing
            bag.writestr(entry, data)
    return out.getvalue()


def as_asic(
    documents: Mapping[str, bytes], signatures: bytes = b"<asic:XAdESSignatures/>"
) -> bytes:
    """An ASiC-E container of *documents* with their signatures."""
    head = {"mimetype": _ASIC_MEDIA.encode()}
    return as_zip({**head, **documents, "META-INF/signatures.xml": signatures}, packed=False)
