from __future__ import annotations

from pathlib import Path

from tests.intake_samples import workbook


def make(folder: Path) -> Path:
    path = folder / "arbeidsbok.xlsx"
    path.write_bytes(workbook())
    (folder / "~$arbeidsbok.xlsx").write_bytes(b"")
    return path
