"""Paper, pens and scanners, invented: what the demo, the tests and the benchmarks live on.

Nothing here is used when real documents are made or read. Everything follows from a seed.
"""

from bti_docs.simulate.containers import as_asic, as_mail, as_pdf, as_png, as_tiff, as_zip
from bti_docs.simulate.form import draw_form
from bti_docs.simulate.scanner import (
    OFFICE,
    POOR,
    Damage,
    Grey,
    Pen,
    Scanner,
    photograph,
    printed_pages,
    scan,
)
from bti_docs.simulate.wear import Lot, WornScan, worn_scan

__all__ = [
    "OFFICE",
    "POOR",
    "Damage",
    "Grey",
    "Lot",
    "Pen",
    "Scanner",
    "WornScan",
    "as_asic",
    "as_mail",
    "as_pdf",
    "as_png",
    "as_tiff",
    "as_zip",
    "draw_form",
    "photograph",
    "printed_pages",
    "scan",
    "worn_scan",
]
