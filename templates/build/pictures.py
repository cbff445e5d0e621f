"""The two placeholder pictures, drawn here so that no file of unknown origin is in a template."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Final

from wml import emu

SIDE: Final = 96
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _stored(data: bytes) -> bytes:
    """A zlib stream of one stored block: the same bytes with every zlib there is."""
    block = struct.pack("<BHH", 1, len(data), len(data) ^ 0xFFFF) + data
    return b"\x78\x01" + block + struct.pack(">I", zlib.adler32(data))


def _png(shade: Callable[[int, int], int]) -> bytes:
    rows = (bytes([0, *(shade(x, y) for x in range(SIDE))]) for y in range(SIDE))
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)
    return (
        _SIGNATURE
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", _stored(b"".join(rows)))
        + _chunk(b"IEND", b"")
    )


def _code_shade(x: int, y: int) -> int:
    for left, top in ((8, 8), (64, 8), (8, 64)):
        inside = max(abs(x - left - 12), abs(y - top - 12))
        if inside <= 12:
            return 255 if 5 < inside <= 8 else 205
    return 235 if min(x, y) < 1 or max(x, y) > SIDE - 2 else 255


def _shield_shade(x: int, y: int) -> int:
    half = 38 if y < 52 else 38 - (y - 52) ** 2 / 40
    inside = 6 <= y < 92 and abs(x - SIDE / 2) <= half
    return 200 if inside else 255


def code_png() -> bytes:
    """Where the merge puts the page-less code: three grey corners."""
    return _png(_code_shade)


def logo_png() -> bytes:
    """Where the municipality's arms go: a plain grey shield."""
    return _png(_shield_shade)


def _graphic(rel: str, number: int, name: str, mm: float) -> str:
    size = emu(mm)
    return (
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="{name}"/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{rel}"/><a:stretch><a:fillRect/>'
        "</a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{size}" cy="{size}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic>"
    )


def inline(rel: str, number: int, alt: str, mm: float) -> str:
    """A square picture in the line of text."""
    name = alt.partition(":")[2] or alt
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{emu(mm)}" cy="{emu(mm)}"/>'
        f'<wp:docPr id="{number}" name="{name}" descr="{alt}"/>'
        f"{_graphic(rel, number, name, mm)}</wp:inline></w:drawing></w:r>"
    )


def anchored(rel: str, number: int, alt: str, mm: float, at: tuple[float, float]) -> str:
    """A square picture at a fixed place of the page, in millimetres from its top left."""
    x, y = at
    return (
        '<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        'relativeHeight="2" behindDoc="0" locked="1" layoutInCell="0" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{emu(x)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{emu(y)}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{emu(mm)}" cy="{emu(mm)}"/><wp:wrapNone/>'
        f'<wp:docPr id="{number}" name="{alt}" descr="{alt}"/>'
        f"{_graphic(rel, number, alt, mm)}</wp:anchor></w:drawing></w:r>"
    )
