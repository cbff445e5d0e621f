"""The official text of a document: what stands outside the fields and must not be changed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Final

from bti_docs.merge.word.findings import Place
from bti_docs.merge.word.text import shortened

_NUMBER: Final = re.compile(r"[\d\s.,:)–-]*")
_PICTURE: Final = "\ufffc"
"""What stands for a picture in a text."""
_TYPED: Final = str.maketrans(
    {
        **dict.fromkeys("«»“”„‟″‹›", '"'),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("\u2010\u2011\u2012–—―\u2212", "-"),
        "…": "...",
    }
)
"""Characters that Word writes in the place of what was typed, and what was typed."""
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]|\\s")


@dataclass(frozen=True, slots=True)
class Change:
    """Official text that is not as it was issued. The texts are for the person who decides."""

    place: Place
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class OfficialText:
    """A document's official paragraphs, as far as their order can be relied on."""

    body: tuple[str, ...]
    """The body's paragraphs, in order."""
    rows: frozenset[str]
    """What stands beside the fields in the rows of lists, which may come and go."""
    around: frozenset[str]
    """Headers, footers and notes: programs file them in parts of their own making."""
    pictures: int = 0
    """How many pictures the body has."""


def compare(issued: OfficialText, returned: OfficialText) -> tuple[Change, ...]:
    """Where the returned document's official text differs.

    White space, and what Word's autocorrection makes of quotes, dashes and dots, is no difference.
    """
    return (
        *_body_changes(issued.body, returned.body),
        *_picture_changes(issued.pictures, returned.pictures),
        *(Change(Place("table"), "", text) for text in _new(returned.rows, issued.rows)),
        *(Change(Place("header"), text, "") for text in _new(issued.around, returned.around)),
        *(Change(Place("header"), "", text) for text in _new(returned.around, issued.around)),
    )


def is_number(text: str) -> bool:
    """Whether a text is only a row's number, which moves when rows are added or removed."""
    return _NUMBER.fullmatch(text) is not None


def tidy(texts: Iterable[str]) -> Iterator[str]:
    """The texts composed (NFC), with single spaces, without empty ones."""
    for text in texts:
        plain = " ".join(unicodedata.normalize("NFC", text).replace("\u00ad", "").split())
        if plain:
            yield plain


def _body_changes(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """Where the body differs. Most bodies do not, and comparing those takes no search."""
    first, second = _keys(before), _keys(after)
    start = _in_common(zip(first, second, strict=False))
    shorter = min(len(first), len(second)) - start
    end = min(_in_common(zip(reversed(first), reversed(second), strict=False)), shorter)
    old_keys, new_keys = first[start : len(first) - end], second[start : len(second) - end]
    matcher = SequenceMatcher(None, old_keys, new_keys, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal" and "".join(old_keys[a:b]) != "".join(new_keys[c:d]):
            old = "\n".join(before[start + a : start + b])
            new = "\n".join(after[start + c : start + d])
            yield Change(Place("body", start + c + 1, shortened(new or old)), old, new)


def _in_common(pairs: Iterable[tuple[str, str]]) -> int:
    """How many pairs of equals come first."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _picture_changes(before: int, after: int) -> Iterator[Change]:
    if before != after:
        gone, new = max(before - after, 0), max(after - before, 0)
        yield Change(Place("body"), _PICTURE * gone, _PICTURE * new)


def _new(these: frozenset[str], those: frozenset[str]) -> list[str]:
    known = set(_keys(those))
    return sorted(text for text, key in zip(these, _keys(these), strict=True) if key not in known)


def _keys(texts: Iterable[str]) -> list[str]:
    return [_UNSEEN.sub("", text.translate(_TYPED)).replace("--", "-") for text in texts]
