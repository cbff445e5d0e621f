"""Paper, pens and scanners, invented: what the demo, the tests and the benchmarks live on.

Nothing here is used when real documents are made or read. Everything follows from a seed.
"""

from bti_docs.simulate.containers import as_pdf, as_png, as_tiff
from bti_docs.simulate.form import draw_form
from bti_docs.simulate.scanner import OFFICE, POOR, Damage, Pen, Scanner, photograph, scan

__all__ = [
    "OFFICE",
    "POOR",
    "Damage",
    "Pen",
    "Scanner",
    "as_pdf",
    "as_png",
    "as_tiff",
    "draw_form",
    "photograph",
    "scan",
]
