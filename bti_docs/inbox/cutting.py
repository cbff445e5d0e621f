"""Cut pages out of a scan without touching their pictures. The original stays as it came."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf
from PIL import Image

from bti_docs.inbox.kinds import is_tiff, kind_of
from bti_docs.inbox.pictures import open_picture


def cut_pages(data: bytes, numbers: Sequence[int]) -> bytes:
    """A file of the same kind with the pages *numbers* (1 for the first), in that order.

    A PDF keeps each picture's bytes as they are; a TIFF keeps every pixel; another picture is one
    page and comes back as it is. The same input gives the same bytes. The file must be one that
    `read_file` read without problems.
    """
    if kind_of(data, "") == "pdf":
        return _cut_pdf(data, numbers)
    if is_tiff(data):
        return _cut_tiff(data, numbers)
    return data


def _cut_pdf(data: bytes, numbers: Sequence[int]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as source, pikepdf.new() as cut:
        for number in numbers:
            cut.pages.append(source.pages[number - 1])
        cut.remove_unreferenced_resources()
        cut.save(
            out,
            deterministic_id=True,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )
    return out.getvalue()


def _cut_tiff(data: bytes, numbers: Sequence[int]) -> bytes:
    out = io.BytesIO()
    with open_picture(data) as source:
        frames = []
        for number in numbers:
            source.seek(number - 1)
            frame = source.copy()
            frame.info = {"dpi": source.info.get("dpi", (200, 200))}
            frame.encoderinfo = {"compression": _lossless(frame), "dpi": frame.info["dpi"]}
            frames.append(frame)
        frames[0].save(
            out,
            format="TIFF",
            save_all=True,
            append_images=frames[1:],
            compression=_lossless(frames[0]),
            dpi=frames[0].info["dpi"],
        )
    return out.getvalue()


def _lossless(frame: Image.Image) -> str:
    return "group4" if frame.mode == "1" else "tiff_deflate"
