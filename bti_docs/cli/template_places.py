"""A place in a Word file in people's words: «under overskriften «Tiltak», tabell 2, rad 3»."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any, Final

from bti_docs.merge import Place

_KINDS: Final = frozenset(
    {"footnotes", "endnotes", "comments", "properties", "settings", "styles", "drawing"}
)

Say = Callable[..., str]
"""A sentence by its code."""


def place_text(place: Place | None, say: Say, *, quote: bool = True) -> str:
    """Where it is, as Word shows it, with a capital; with the paragraph's beginning if *quote*."""
    words = [say("place_whole")] if place is None else [*_words(place, say)]
    if place is not None and quote:
        words += _paragraph(place, say)
        words = words or [say("place_whole")]
    text = ", ".join(words)
    return text[:1].upper() + text[1:]


def place_body(place: Place | None) -> dict[str, Any] | None:
    """The same for programs: what is known of the place."""
    if place is None:
        return None
    return {key: value for key, value in asdict(place).items() if value not in ("", None, False)}


def _words(place: Place, say: Say) -> Iterator[str]:
    yield from _part(place, say)
    if place.section is not None:
        yield say("place_section", number=place.section)
    if place.heading:
        yield say("place_heading", heading=place.heading)
    if place.table is not None and place.row is not None:
        yield say("place_cell", table=place.table, row=place.row, column=place.column)
    elif place.table is not None:
        yield say("place_table", table=place.table)
    if place.text_box:
        yield say("place_text_box")


def _paragraph(place: Place, say: Say) -> Iterator[str]:
    if place.excerpt:
        yield say("place_text", text=place.excerpt)
    elif place.paragraph is not None:
        yield say("place_paragraph", number=place.paragraph)


def _part(place: Place, say: Say) -> Iterator[str]:
    """The part, when it is not the text itself."""
    if place.style:
        yield say("place_style", style=place.style)
    elif place.kind in {"header", "footer"}:
        role = "" if place.role in {"", "default"} else f"_{place.role}"
        yield say(f"place_{place.kind}{role}")
    elif place.note is not None:
        yield say("place_number", name=say(f"place_{place.kind}"), number=place.note)
    elif place.kind in _KINDS:
        yield say(f"place_{place.kind}")
