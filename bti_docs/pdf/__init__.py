"""PDF: made from Word documents, stamped with codes, asked what it says, put in one heap."""

from bti_docs.pdf.convert import Converter, convert, convert_many, convert_print_copy
from bti_docs.pdf.heap import heap
from bti_docs.pdf.printing import (
    ANOTHER_ENGINE,
    NoPrintCopy,
    PrintCopy,
    PrintJob,
    print_copy,
)
from bti_docs.pdf.process import Engine
from bti_docs.pdf.stamp import code_picture, stamp
from bti_docs.pdf.text import (
    UnclearLabels,
    extract_texts,
    find_places,
    page_count,
    texts_missing,
)

__all__ = [
    "ANOTHER_ENGINE",
    "Converter",
    "Engine",
    "NoPrintCopy",
    "PrintCopy",
    "PrintJob",
    "UnclearLabels",
    "code_picture",
    "convert",
    "convert_many",
    "convert_print_copy",
    "extract_texts",
    "find_places",
    "heap",
    "page_count",
    "print_copy",
    "stamp",
    "texts_missing",
]
