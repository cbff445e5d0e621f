from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> Path:
    path = folder / "arbeidsbok.xlsx"
    path.mkdir()
    return path
