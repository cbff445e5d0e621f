"""Write the pages of docs/ that are made from the program: `python docs/build/make_docs.py`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from command_pages import command_page
from field_pages import field_page
from page_parts import words
from problem_pages import problem_page

DOCS: Final = Path(__file__).resolve().parents[1]


def pages() -> dict[str, str]:
    """Every generated page by its name in docs/."""
    said = words()
    return {
        "felter.md": field_page(said),
        "feilmeldinger.md": problem_page(said),
        "kommandoer.md": command_page(said),
    }


def main(folder: Path) -> None:
    """Write the pages into *folder*."""
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        print(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS)
