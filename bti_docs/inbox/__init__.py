"""Reading what comes in: kinds of file, pages, codes, ink. Nothing here writes or decides.

Not to be used from several threads at once (pdfium); processes are well.
"""

from bti_docs.inbox.align import Sheet, align
from bti_docs.inbox.codes import SeenCode
from bti_docs.inbox.containers import Contents, Member, contents_of
from bti_docs.inbox.cutting import cut_pages
from bti_docs.inbox.foreign import foreign_ink, printed_page
from bti_docs.inbox.ink import Ink, measure_ink
from bti_docs.inbox.kinds import MAX_BYTES, PACKAGES, Kind, is_whole, kind_of
from bti_docs.inbox.ocr import Printed, can_read_print, read_print
from bti_docs.inbox.pixels import Unreadable
from bti_docs.inbox.reading import PageReading, Reading, page_image, read_file

__all__ = [
    "MAX_BYTES",
    "PACKAGES",
    "Contents",
    "Ink",
    "Kind",
    "Member",
    "PageReading",
    "Printed",
    "Reading",
    "SeenCode",
    "Sheet",
    "Unreadable",
    "align",
    "can_read_print",
    "contents_of",
    "cut_pages",
    "foreign_ink",
    "is_whole",
    "kind_of",
    "measure_ink",
    "page_image",
    "printed_page",
    "read_file",
    "read_print",
]
