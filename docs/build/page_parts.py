"""What the generated pages are put together from: words, tables, and the written introductions."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
NOTICE: Final = "<!-- python3 dev.py docs -->"
"""Says in a page's source what makes it."""


@dataclass(frozen=True, slots=True)
class Words:
    """The Norwegian words of the pages, from `ord.toml`."""

    body: Mapping[str, Any]

    def of(self, *path: str) -> str:
        """One text; KeyError when `ord.toml` does not have it."""
        return str(self.table(*path[:-1])[path[-1]])

    def table(self, *path: str) -> Mapping[str, Any]:
        """One table of `ord.toml`."""
        found = self.body
        for key in path:
            found = found[key]
        return found


def words() -> Words:
    """Read `ord.toml`."""
    return Words(tomllib.loads((HERE / "ord.toml").read_text(encoding="utf-8")))


def page(name: str, *parts: str) -> str:
    """The page *name*: its written introduction, then *parts*, a blank line between all."""
    intro = (HERE / f"{name}.md").read_text(encoding="utf-8").strip()
    return "\n\n".join([NOTICE, intro, *(part.strip("\n") for part in parts if part)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; columns that are empty in every row are left out."""
    body = [list(row) for row in rows]
    kept = [n for n in range(len(head)) if n == 0 or any(row[n] for row in body)]
    lines = [
        [head[n] for n in kept],
        ["---"] * len(kept),
        *([row[n] for n in kept] for row in body),
    ]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def code(text: str) -> str:
    """*text* as code; nothing when it is empty."""
    return f"`{text}`" if text else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")
