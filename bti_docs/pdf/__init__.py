"""PDF: made from Word documents, stamped with codes, asked what it says, put in one heap."""

from bti_docs.pdf.convert import Converter, Engine, convert, convert_many
from bti_docs.pdf.heap import heap
from bti_docs.pdf.printing import NoPrintCopy, PrintCopy, PrintJob, print_copy
from bti_docs.pdf.stamp import code_picture, stamp
from bti_docs.pdf.text import (
    UnclearLabels,
    extract_texts,
    find_places,
    page_count,
    texts_missing,
)

__all__ = [
    "Converter",
    "Engine",
    "NoPrintCopy",
    "PrintCopy",
    "PrintJob",
    "UnclearLabels",
    "code_picture",
    "convert",
    "convert_many",
    "extract_texts",
    "find_places",
    "heap",
    "page_count",
    "print_copy",
    "stamp",
    "texts_missing",
]
