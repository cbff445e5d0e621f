"""The final PDF of a document that was finished in Word: what is printed, sent and read."""

from __future__ import annotations

from bti_docs.app.office import Office
from bti_docs.app.taking.filing import Piece
from bti_docs.core.manifest import Manifest
from bti_docs.core.model import Document
from bti_docs.core.references import Reference
from bti_docs.errors import MergeError
from bti_docs.merge import print_form, visible_texts
from bti_docs.pdf import PrintCopy, PrintJob, convert_print_copy

READING = "reading"
"""The role of a copy for people to read; the Word file beside it is what came in."""


def final_copy(
    office: Office, document: Document, manifest: Manifest, docx: bytes
) -> tuple[Piece, ...]:
    """The PDF with its codes, or nothing when no engine makes all of the text: never a half one."""
    language, settings = document.language, office.settings
    try:
        paper = print_form(docx, finished=True, prompt=office.say(language)("write_here"))
    except MergeError:
        return ()
    title, ref = manifest.title.of(language), Reference(document.ref)
    job = PrintJob(paper, visible_texts(paper), {}, office.archive.name, ref, title, language)
    copy = convert_print_copy(job, engine=settings.pdf_engine, soffice=settings.soffice)
    return (Piece(copy.pdf, ".pdf", READING),) if isinstance(copy, PrintCopy) else ()
