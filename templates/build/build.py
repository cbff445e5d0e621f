"""Write the official Word files: `python templates/build/build.py [FOLDER]`.

After that the municipality edits the Word files by hand; this is how the first ones were made.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final, Literal

import inv
import ref
import rut
import sam
import svr
import tvt
from letterhead import open_paper
from skeleton import package

HERE: Final = Path(__file__).resolve().parent
MANIFESTS: Final = HERE.parent / "docx"
DOCUMENTS: Final = {
    "INV": (inv.body, 10.5),
    "SVR": (svr.body, 11.0),
    "SAM": (sam.body, 10.5),
    "REF": (ref.body, 10.5),
    "TVT": (tvt.body, 10.5),
    "RUT": (rut.body, 10.5),
}
LANGUAGES: Final[tuple[Literal["nb", "nn"], ...]] = ("nb", "nn")


def build(folder: Path) -> None:
    """Make every document type in both languages in *folder*."""
    for code, (body, points) in DOCUMENTS.items():
        for language in LANGUAGES:
            paper = open_paper(MANIFESTS / f"{code}.toml", language, points)
            (folder / f"{code}.{language}.docx").write_bytes(package(paper, body(paper)))


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else MANIFESTS)
