"""What goes into a document: checked for characters that XML cannot hold, then escaped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import Final

from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from bti_docs.errors import MergeError
from bti_docs.merge.language.filters import short_date

_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold: control characters, lone surrogates, U+FFFE, U+FFFF."""
LINE_BREAK: Final = "\x01"
TAB: Final = "\x02"
"""What a line break and a tab are while a template runs: characters that no value may hold."""
_MARKS: Final = str.maketrans({"\n": LINE_BREAK, "\t": TAB})
_MAX_DEPTH: Final = 20


class Record(dict[str, object]):
    """An object of the data, which knows its own dotted path for error messages."""

    __slots__ = ("path",)

    def __init__(self, path: str, values: Mapping[str, object]) -> None:
        super().__init__(values)
        self.path = path


class Missing(StrictUndefined):
    """A field that the data does not have: any use of it names it."""

    __slots__ = ()

    def _fail_with_undefined_error(self, *_: object, **__: object) -> None:  # type: ignore[override]
        raise MergeError("missing_field", field=self.path)

    @property
    def path(self) -> str:
        """The field's dotted path, `barn.navn`."""
        owner = self._undefined_obj
        name = str(self._undefined_name)
        return f"{owner.path}.{name}" if isinstance(owner, Record) and owner.path else name

    __iter__ = __str__ = __len__ = _fail_with_undefined_error  # type: ignore[assignment]
    __eq__ = __ne__ = __bool__ = __hash__ = _fail_with_undefined_error  # type: ignore[assignment]


def prepare(data: Mapping[str, object]) -> Record:
    """The data as records and lists of plain values, every text checked and composed (NFC).

    Raises:
        MergeError: `bad_character`, `none_value`, `bad_value`, `bad_key`, each with the `field`'s
            dotted path and never its value.
    """
    return _record(data, "", 0)


def print_value(value: object, path: str) -> Markup:
    """What `{{ path }}` puts into the document's XML.

    Raises:
        MergeError: `missing_field`, or `unprintable_value` for a list, an object or yes/no.
    """
    if isinstance(value, Missing):
        raise MergeError("missing_field", field=value.path)
    if isinstance(value, str):
        text = value
    elif isinstance(value, date):
        text = short_date(value)
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        text = str(value).replace(".", ",")
    else:
        raise MergeError("unprintable_value", field=path)
    return Markup(str(escape(text)).translate(_MARKS))  # noqa: S704  (escaped here)


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
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_value(item, f"{path}[{n}]", depth + 1) for n, item in enumerate(value, start=1)]
    if value is None:
        raise MergeError("none_value", field=path)
    is_number = isinstance(value, int | float | Decimal)
    if (is_number and isfinite(value)) or isinstance(value, date | datetime | time):  # type: ignore[arg-type]
        return value
    raise MergeError("bad_value", field=path, kind=type(value).__name__)


def _checked(text: str, path: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    found = _FORBIDDEN.search(plain)
    if found is not None:
        raise MergeError("bad_character", field=path, character=f"U+{ord(found[0]):04X}")
    return unicodedata.normalize("NFC", plain)
