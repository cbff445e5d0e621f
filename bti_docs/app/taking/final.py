"""The final PDF of a document that was finished in Word: what is printed, sent and read."""

from __future__ import annotations

from bti_docs.app.office import Office
from bti_docs.app.taking.filing import Piece
from bti_docs.core.manifest import Manifest
from bti_docs.core.model import Document
from bti_docs.core.references import MAX_PAGES, Reference, page_codes
from bti_docs.errors import MergeError
from bti_docs.merge import print_form, visible_texts
from bti_docs.pdf import Engine, convert, page_count, stamp, texts_missing

READING = "reading"
"""The role of a copy for people to read; the Word file beside it is what came in."""


def final_copy(
    office: Office, document: Document, manifest: Manifest, docx: bytes
) -> tuple[Piece, ...]:
    """The PDF with its codes, or nothing when no engine makes all of the text: never a half one."""
    for engine in dict.fromkeys((office.settings.pdf_engine, "libreoffice")):
        try:
            return (_made(office, document, manifest, docx, engine),)
        except MergeError:
            continue
    return ()


def _made(
    office: Office, document: Document, manifest: Manifest, docx: bytes, engine: Engine
) -> Piece:
    prompt = office.say(document.language)("write_here")
    paper = print_form(docx, finished=True, prompt=prompt)
    pdf = convert(paper, engine=engine, soffice=office.settings.soffice)
    pages = page_count(pdf)
    if pages > MAX_PAGES or texts_missing(pdf, visible_texts(paper)):
        raise MergeError("pdf_text_missing", type=document.type)
    codes = page_codes(office.archive.name, Reference(document.ref), pages)
    title = manifest.title.of(document.language)
    return Piece(stamp(pdf, codes, title=title, language=document.language), ".pdf", READING)
