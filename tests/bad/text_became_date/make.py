from __future__ import annotations

from datetime import date
from pathlib import Path

from openpyxl.workbook import Workbook

from tests.intake_samples import edited, workbook


def edit(book: Workbook) -> None:
    book["Saker"]["I4"] = date(2026, 4, 3)


def make(folder: Path) -> Path:
    path = folder / "arbeidsbok.xlsx"
    path.write_bytes(edited(workbook(), edit))
    return path
