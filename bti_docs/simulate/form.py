"""An invented printed form with page codes and signature lines, as the stamp leaves a real one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import zxingcpp

from bti_docs.core.paper import CODE_BOTTOM_LEFT, CODE_TOP_RIGHT, MODULES, PAGE, Box, Place
from bti_docs.core.references import PageCode, show_reference
from bti_docs.simulate.containers import file_of_objects, stream_object

_POINTS: Final = 72 / 25.4
_WORDS: Final = (
    "Tjenestene kan snakke sammen om det som er skrevet her",
    "Formaalet er aa gi barnet og familien samordnet hjelp",
    "Samtykket gjelder til det trekkes tilbake, og det kan trekkes naar som helst",
    "Barnehage   Skole   Helsestasjon   Pedagogisk-psykologisk tjeneste",
    "Moetet holdes i Testkommunen, og stafettholderen svarer paa spoersmaal",
)


def draw_form(codes: Sequence[PageCode], places: Sequence[Place] = (), *, lines: int = 24) -> bytes:
    """A PDF with one A4 page per code: headings, *lines* of text, a table, signature lines.

    Texts are invented and plain; codes stand where `bti_docs.core.paper` says.
    """
    count = len(codes)
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    size = f"{PAGE.w * _POINTS:.2f} {PAGE.h * _POINTS:.2f}"
    for index, code in enumerate(codes):
        here = [place for place in places if place.page == index + 1]
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size}] /Contents {5 + 2 * index} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>".encode()
        )
        objects.append(stream_object("<<", _page(code, here, lines)))
    return file_of_objects(objects)


def _page(code: PageCode, places: Sequence[Place], lines: int) -> bytes:
    parts = [
        _text(20, 40, 18, "Skjema for Testkommunen"),
        *(_text(20, 52 + 5.2 * i, 10, _WORDS[i % len(_WORDS)]) for i in range(lines)),
        *(_rule(20, 190 + 7 * i, 170) for i in range(4)),
        *(_text(22, 195 + 7 * i, 9, "Tiltak   Ansvarlig   Frist") for i in range(3)),
        *(_signature_line(place) for place in places),
        _text(40, 287, 8, f"Side {code.page} av {code.pages}"),
        _text(70, 287, 8, f"{show_reference(code.reference)}  SAM 1.0"),
        _symbol(code.text(), CODE_TOP_RIGHT),
        _symbol(code.text(), CODE_BOTTOM_LEFT),
    ]
    return "\n".join(parts).encode("cp1252")


def _signature_line(place: Place) -> str:
    box = place.box
    bottom = box.y + box.h
    return _rule(box.x, bottom, box.w) + "\n" + _text(box.x, bottom + 4, 9, place.label)


def _text(x: float, y: float, size: float, text: str) -> str:
    return f"BT /F {size} Tf {x * _POINTS:.2f} {(PAGE.h - y) * _POINTS:.2f} Td ({text}) Tj ET"


def _rule(x: float, y: float, length: float) -> str:
    return f"{x * _POINTS:.2f} {(PAGE.h - y) * _POINTS:.2f} {length * _POINTS:.2f} 0.6 re f"


def _symbol(text: str, box: Box) -> str:
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    picture = np.asarray(zxingcpp.write_barcode_to_image(barcode, scale=1))
    margin = (picture.shape[0] - MODULES) // 2
    module = box.w / MODULES
    parts = []
    for row, column in np.argwhere(picture[margin:-margin, margin:-margin] == 0):
        x = (box.x + column * module) * _POINTS
        y = (PAGE.h - box.y - (row + 1) * module) * _POINTS
        parts.append(f"{x:.3f} {y:.3f} {module * _POINTS:.3f} {module * _POINTS:.3f} re")
    return "\n".join([*parts, "f"])
