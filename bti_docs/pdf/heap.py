"""One PDF to print out of many, in mailing order."""

from __future__ import annotations

import io
from collections.abc import Iterable
from itertools import chain

import pikepdf
from pikepdf import Pdf

from bti_docs.errors import MergeError


def heap(pdfs: Iterable[bytes], *, duplex: bool = True, first_sheet: bytes | None = None) -> bytes:
    """The documents' pages in order, as one file. Same input, same bytes.

    Args:
        pdfs: The documents as they lie in the archive.
        duplex: Give each document an even number of pages, so that no sheet holds two letters.
        first_sheet: A document to put first: the batch's counts.

    Raises:
        MergeError: `pdf_damaged` with the document's number, from 1 (0 is the first sheet);
            `pdf_heap_empty`.
    """
    sheets = [] if first_sheet is None else [first_sheet]
    with Pdf.new() as result:
        for number, pdf in enumerate(chain(sheets, pdfs), start=1 - len(sheets)):
            _append(result, pdf, number)
            if duplex and len(result.pages) % 2:
                result.add_blank_page(page_size=_size(result.pages[-1]))
        if not result.pages:
            raise MergeError("pdf_heap_empty")
        written = io.BytesIO()
        result.save(
            written,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return written.getvalue()


def _append(result: Pdf, pdf: bytes, number: int) -> None:
    try:
        with Pdf.open(io.BytesIO(pdf)) as document:
            result.pages.extend(document.pages)
    except pikepdf.PdfError as error:
        raise MergeError("pdf_damaged", document=number) from error


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    return right - left, top - bottom
