"""What goes into a document: checked as a whole first, escaped only where something calls for it.

Most records hold nothing but ordinary texts. That is seen in a few passes over all of them put
together, and then no value has to be looked at again on its way into the document.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import Final

from bti_docs.errors import MergeError
from bti_docs.merge.language.filters import short_date

_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold: control characters, lone surrogates, U+FFFE, U+FFFF."""
_ATTRIBUTE: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
)
_TEXT: Final = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "\n": '</w:t><w:br/><w:t xml:space="preserve">',
        "\t": '</w:t><w:tab/><w:t xml:space="preserve">',
    }
)
_MAX_DEPTH: Final = 20
_LONGEST: Final = 400
"""Digits of a number: more than any measure needs, and few enough to write out."""
_HUGE: Final = 10**_LONGEST
_NUMBERS: Final = frozenset({bool, date, datetime, time})
"""Types whose values cannot be wrong; the others are looked at one by one."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of rich text in one look, added to that of the place it goes to."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False


@dataclass(frozen=True, slots=True)
class RichText:
    """A value with looks of its own, for `{{r field }}`. Never XML: what may be said is `Run`."""

    runs: tuple[Run, ...]


class Record(dict[str, object]):
    """An object of the data, which knows its own dotted path for error messages."""

    __slots__ = ("path",)

    def __init__(self, path: str, values: Mapping[str, object]) -> None:
        super().__init__(values)
        self.path = path


def is_plain(data: Mapping[str, object]) -> bool:
    """Whether the data may go into XML as it is.

    That is: dictionaries, lists, numbers, dates, and texts of printable characters in composed
    form (NFC) without `&`, `<`, `>` and `"`. No is no fault: `prepare` then looks at each value.
    """
    texts: list[str] = []
    if type(data) is not dict or not _gather(data, texts, 0):
        return False
    whole = "".join(texts)
    return (
        whole.isprintable()
        and "&" not in whole
        and "<" not in whole
        and ">" not in whole
        and '"' not in whole
        and (whole.isascii() or unicodedata.is_normalized("NFC", whole))
    )


def prepare(data: Mapping[str, object]) -> Record:
    """The data as records and lists of plain values, every text checked and composed (NFC).

    Raises:
        MergeError: `bad_character`, `none_value`, `bad_value`, `bad_key`, each with the `field`'s
            dotted path and never its value.
    """
    return _record(data, "", 0)


def text_xml(value: object, path: str) -> str:
    """What `{{ path }}` puts between tags: line breaks and tabs are Word's own elements.

    Raises:
        MergeError: `unprintable_value` for a list, an object, a rich text or yes/no.
    """
    return printed(value, path).translate(_TEXT)


def attribute_xml(value: object, path: str) -> str:
    """What `{{ path }}` puts into any place but a `w:t`. Raises as `text_xml`."""
    return printed(value, path).translate(_ATTRIBUTE)


def printed(value: object, path: str) -> str:
    """The value as text. Raises as `text_xml`."""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        plain = str(value)
        return (plain if plain.lstrip("-").isdigit() else f"{Decimal(plain):f}").replace(".", ",")
    raise MergeError("unprintable_value", field=path)


def _gather(data: Mapping[str, object], texts: list[str], depth: int) -> bool:
    """Collect the texts in *data*; false when something in it needs a closer look."""
    try:
        "".join(data)  # a key that is no text
    except TypeError:
        return False
    return _gather_all(data.values(), texts, depth)


def _gather_all(values: Iterable[object], texts: list[str], depth: int) -> bool:
    if depth > _MAX_DEPTH:
        return False
    for value in values:
        kind = type(value)
        if kind is str:
            texts.append(value)  # type: ignore[arg-type]
        elif kind is dict:
            if not _gather(value, texts, depth + 1):  # type: ignore[arg-type]
                return False
        elif kind is list:
            if not _gather_all(value, texts, depth + 1):  # type: ignore[arg-type]
                return False
        elif kind not in _NUMBERS and (kind is not int or abs(value) >= _HUGE):  # type: ignore[arg-type]
            return False
    return True


def _record(values: Mapping[str, object], path: str, depth: int) -> Record:
    result = Record(path, {})
    for key, value in values.items():
        if not isinstance(key, str):
            raise MergeError("bad_key", field=path)
        result[key] = _value(value, f"{path}.{key}" if path else key, depth + 1)
    return result


def _value(value: object, path: str, depth: int) -> object:
    if depth > _MAX_DEPTH:
        raise MergeError("bad_value", field=path, kind="depth")
    if isinstance(value, str):
        return _checked(value, path)
    if isinstance(value, Mapping):
        return _record(value, path, depth)
    if isinstance(value, RichText):
        return RichText(tuple(_run(one, path) for one in value.runs))
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_value(item, f"{path}[{n}]", depth + 1) for n, item in enumerate(value, start=1)]
    if value is None:
        raise MergeError("none_value", field=path)
    if isinstance(value, date | datetime | time) or _is_writable(value):
        return value
    raise MergeError("bad_value", field=path, kind=type(value).__name__)


def _run(run: object, path: str) -> Run:
    if not isinstance(run, Run) or not isinstance(run.text, str):
        raise MergeError("bad_value", field=path, kind=type(run).__name__)
    return Run(_checked(run.text, path), run.bold, run.italic, run.underline)


def _is_writable(value: object) -> bool:
    """Whether it is a number that can be written out."""
    if isinstance(value, int):
        return -_HUGE < value < _HUGE
    if isinstance(value, Decimal):
        return value.is_finite() and abs(value.adjusted()) < _LONGEST
    return isinstance(value, float) and isfinite(value)


def _checked(text: str, path: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    found = _FORBIDDEN.search(plain)
    if found is not None:
        raise MergeError("bad_character", field=path, character=f"U+{ord(found[0]):04X}")
    return unicodedata.normalize("NFC", plain)
