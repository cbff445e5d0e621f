"""What dxpdf can show with the fonts that travel with the program, and what it drops unsaid.

Measured with dxpdf 0.8.1: the tests convert an example of each. Who draws a template is warned by
`templates check`; what a document's values need is asked with `needs_libreoffice`.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import as_file, files
from typing import Final

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

DROPPED_RUN_PROPERTIES: Final = frozenset(
    {"caps", "smallCaps", "strike", "dstrike"}
    | {"outline", "shadow", "emboss", "imprint", "em", "effect"}
)
"""Local names of `w:rPr` children that leave the text as if they were not there.

The letters stay: `caps` prints what was typed, and what is struck out reads as valid text.
"""
MOVING_FIELDS: Final = frozenset({"DATE", "TIME"})
"""Field codes that show the moment of conversion and not the document's own date."""
DROPPED_PICTURES: Final = frozenset({".wmf", ".svg"})
"""Kinds of picture that leave an empty place."""
_TEXT_FACES: Final = (
    "Carlito-Regular.ttf",
    "Carlito-Bold.ttf",
    "Carlito-Italic.ttf",
    "Carlito-BoldItalic.ttf",
)
_FALLBACK_FACE: Final = "DejaVuSans.ttf"
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_JOINER: Final = "\u200d"
_EVERYDAY: Final = "\u017f"
"""Up to here (Latin, Latin-1, Latin Extended-A) every face has everything; a test asks them."""


@cache
def drawable_characters() -> frozenset[int]:
    """Code points that every text face, or the fallback behind them, has a glyph for."""
    with as_file(files("bti_docs") / "assets" / "fonts") as folder:

        def covered(name: str) -> frozenset[int]:
            with TTFont(folder / name, lazy=True) as font:
                return frozenset(font.getBestCmap())

        text = frozenset.intersection(*map(covered, _TEXT_FACES))
        return text | covered(_FALLBACK_FACE)


def missing_glyphs(text: str) -> tuple[str, ...]:
    """The characters of *text*, each once, that would come out blank; composed (NFC) first."""
    known = drawable_characters()
    composed = dict.fromkeys(unicodedata.normalize("NFC", text))
    return tuple(
        character
        for character in composed
        if ord(character) not in known and unicodedata.category(character) not in _UNSEEN
    )


def needs_libreoffice(text: str) -> bool:
    """Whether *text* has what dxpdf cannot set with these fonts.

    That is: glyphs that are lacking, words from right to left, accents that no composed letter
    has, and joined emoji, of which it draws the parts or nothing.
    """
    if max(text, default="") <= _EVERYDAY:
        return False
    composed = unicodedata.normalize("NFC", text)
    return (
        _JOINER in composed
        or any(unicodedata.bidirectional(one) in {"R", "AL", "AN"} for one in composed)
        or any(unicodedata.combining(one) for one in composed)
        or bool(missing_glyphs(composed))
    )
