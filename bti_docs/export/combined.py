"""Samlet.pdf: the front part and then every paper in order, with bookmarks and page labels.

Pages are copied; the files they come from are never changed, and lie beside it as they are.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pikepdf
from PIL import Image

from bti_docs.export.reading import PDF, picture_frames

_DPI: Final = 200
"""What a picture needs to be read on paper."""
_A4_INCHES: Final = (8.27, 11.69)


@dataclass(frozen=True, slots=True)
class Part:
    """One bookmark's worth of pages."""

    title: str
    label: str
    """What stands before the page number in a reader: `01-`; blank for roman front pages."""
    pdf: bytes


def as_pages(data: bytes, media: str) -> bytes | None:
    """A file as PDF pages; None when it cannot be made into any (Word, or a broken file)."""
    if media == PDF:
        return data if _opens(data) else None
    if media.startswith("image/"):
        return _picture_pages(data)
    return None


def combined(parts: Iterable[Part], *, title: str, language: str) -> bytes:
    """One PDF of all the parts."""
    with pikepdf.new() as whole:
        labels = pikepdf.Array()
        with whole.open_outline() as outline:
            for part in parts:
                start = len(whole.pages)
                with pikepdf.open(io.BytesIO(part.pdf)) as source:
                    _settle_form(source)
                    whole.pages.extend(source.pages)
                outline.root.append(pikepdf.OutlineItem(part.title, start))
                labels.append(start)
                labels.append(_label(part.label))
        whole.Root.PageLabels = pikepdf.Dictionary(Nums=labels)
        whole.Root.Lang = pikepdf.String(language)
        whole.Root.PageMode = pikepdf.Name.UseOutlines
        whole.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        whole.docinfo["/Title"] = title
        out = io.BytesIO()
        whole.save(out, deterministic_id=True)
    return out.getvalue()


def _settle_form(source: pikepdf.Pdf) -> None:
    """What a form or a signature shows becomes part of the page.

    A copy cannot carry the signature itself: it would look broken.
    """
    if "/AcroForm" in source.Root:
        source.flatten_annotations("all")
    if "/AcroForm" in source.Root:
        del source.Root.AcroForm
    for page in source.pages:  # fields that show nothing are left
        notes = list(page.obj.get("/Annots", ()))
        shown = [note for note in notes if note.get("/Subtype") != pikepdf.Name.Widget]
        if len(shown) < len(notes):
            page.obj.Annots = pikepdf.Array(shown)


def _label(prefix: str) -> pikepdf.Dictionary:
    if not prefix:
        return pikepdf.Dictionary(S=pikepdf.Name.r)
    return pikepdf.Dictionary(S=pikepdf.Name.D, P=pikepdf.String(prefix))


def _opens(data: bytes) -> bool:
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            return len(document.pages) > 0
    except pikepdf.PdfError:
        return False


def _picture_pages(data: bytes) -> bytes | None:
    """Each frame on an A4 page of its own, turned as the picture is."""
    with pikepdf.new() as pages:
        for frame in picture_frames(data):
            with pikepdf.open(_picture_page(frame)) as page:
                pages.pages.extend(page.pages)
        if not pages.pages:
            return None
        out = io.BytesIO()
        pages.save(out, deterministic_id=True)
    return out.getvalue()


def _picture_page(frame: Image.Image) -> io.BytesIO:
    wide, high = _A4_INCHES if frame.height >= frame.width else _A4_INCHES[::-1]
    frame.thumbnail((round(wide * _DPI), round(high * _DPI)))
    out = io.BytesIO()
    frame.save(out, "PDF", resolution=max(frame.width / wide, frame.height / high))
    out.seek(0)
    return out
