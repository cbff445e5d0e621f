from __future__ import annotations

from pathlib import Path

from openpyxl.workbook import Workbook

from tests.intake_samples import edited, workbook


def edit(book: Workbook) -> None:
    book["PRV Prøveskjema"]["A3"] = None


def make(folder: Path) -> Path:
    path = folder / "arbeidsbok.xlsx"
    path.write_bytes(edited(workbook(), edit))
    return path
