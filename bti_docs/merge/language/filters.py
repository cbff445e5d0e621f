"""The filters that a template may use: Norwegian dates, times, numbers and lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Final

from bti_docs.errors import MergeError

Filter = Callable[..., str]

_MONTHS: Final = MappingProxyType(
    {
        "nb": "januar februar mars april mai juni juli august september oktober november desember",
        "en": "January February March April May June July August September October November "
        "December",
    }
)
_WEEKDAYS: Final = MappingProxyType(
    {
        "nb": "mandag tirsdag onsdag torsdag fredag lørdag søndag",
        "nn": "måndag tysdag onsdag torsdag fredag laurdag sundag",
        "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    }
)
_AND: Final = MappingProxyType({"nb": "og", "nn": "og", "en": "and"})
_CLOCK_WORD: Final = MappingProxyType({"nb": "kl.", "nn": "kl.", "en": "at"})
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.][0-5]\d)?")
_NATIONAL_NUMBER: Final = re.compile(r"(\d{6})[ ]?(\d{5})")
_REMEMBERED: Final = 1_000
_MOST_COLUMNS: Final = 63
_COLOUR: Final = re.compile("[0-9A-Fa-f]{6}")
_MASK: Final = "*****"
_SPACE: Final = "\u00a0"
"""What stands between groups of digits: a space that a line does not break at."""
_LONGEST: Final = 400
"""How long a number may be when it is written out."""


def filters(language: str) -> dict[str, Filter]:
    """The filters by the names that templates use, for `nb`, `nn` or `en`.

    Raises:
        MergeError: `tpl_language` for another language.
    """
    if language not in _WEEKDAYS:
        raise MergeError("tpl_language", language=language)
    return {
        "dato": _remembered(short_date),
        "dato_lang": _remembered(partial(long_date, language=language)),
        "dato_dag": _remembered(partial(day_date, language=language)),
        "kl": _remembered(partial(clock, language=language)),
        "tall": number,
        "liste": partial(enumeration, language=language),
        "linjer": lines,
        "fnr": masked_number,
        "fnr_helt": national_number,
    }


def columns(value: object) -> str:
    """How many columns a cell covers: 1 to 63, as Word allows a table."""
    text = str(value) if type(value) is int else _text(value, "colspan")
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:3]) <= _MOST_COLUMNS:
        raise MergeError("filter_value", filter="colspan")
    return text


def colour(value: object) -> str:
    """A cell's colour as six hexadecimal digits, with or without `#`; or `auto`."""
    text = _text(value, "cellbg").removeprefix("#")
    if text != "auto" and not _COLOUR.fullmatch(text):
        raise MergeError("filter_value", filter="cellbg")
    return text


OWN: Final[Mapping[str, Filter]] = MappingProxyType({"_columns": columns, "_colour": colour})
"""The normaliser's own filters, which no author may name."""


def short_date(value: object) -> str:
    """`03.12.2026`; the empty text stays empty."""
    day = _day(value)
    return "" if day is None else f"{day:%d.%m}.{day.year:04}"


def long_date(value: object, *, language: str) -> str:
    """`3. desember 2026`."""
    day = _day(value)
    if day is None:
        return ""
    month = _MONTHS.get(language, _MONTHS["nb"]).split()[day.month - 1]
    dot = "" if language == "en" else "."
    return f"{day.day}{dot} {month} {day.year}"


def day_date(value: object, *, language: str) -> str:
    """`torsdag 3. desember 2026`."""
    day = _day(value)
    if day is None:
        return ""
    return f"{_WEEKDAYS[language].split()[day.weekday()]} {long_date(day, language=language)}"


def clock(value: object, *, language: str) -> str:
    """`kl. 09.00` from a time or `9:00`."""
    if isinstance(value, datetime | time):
        hour, minute = value.hour, value.minute
    elif not (text := _text(value, "kl")):
        return ""
    elif (match := _CLOCK.fullmatch(text)) is not None:
        hour, minute = int(match[1]), int(match[2])
    else:
        raise MergeError("filter_value", filter="kl")
    return f"{_CLOCK_WORD[language]} {hour:02}.{minute:02}"


def number(value: object) -> str:
    """`12 345,5`: grouped by three from five digits on, with a decimal comma."""
    if isinstance(value, bool):
        raise MergeError("filter_value", filter="tall")
    plain = str(value) if isinstance(value, int | float | Decimal) else _text(value, "tall")
    if not plain:
        return ""
    try:
        exact = Decimal(plain.replace(_SPACE, "").replace(" ", "").replace(",", "."))
    except InvalidOperation as error:
        raise MergeError("filter_value", filter="tall") from error
    if not exact.is_finite() or abs(exact.adjusted()) > _LONGEST:
        raise MergeError("filter_value", filter="tall")
    whole, _, decimals = f"{exact:f}".partition(".")
    digits = whole.lstrip("-")
    grouped = f"{int(digits):,}".replace(",", _SPACE) if len(digits) > 4 else digits  # noqa: PLR2004
    sign = "\u2212" if whole.startswith("-") else ""
    return sign + grouped + (f",{decimals}" if decimals else "")


def enumeration(value: object, *, language: str) -> str:
    """`a, b og c` from a list of texts; empty ones are left out."""
    if isinstance(value, str):
        return value
    if not isinstance(value, Sequence):
        raise MergeError("filter_value", filter="liste")
    texts = [text for item in value if (text := _text(item, "liste"))]
    if len(texts) < 2:  # noqa: PLR2004  (one has no «and»)
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {_AND[language]} {texts[-1]}"


def lines(value: object) -> str:
    """A text with its line breaks, or a list with a line for each of its texts."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(_text(item, "linjer") for item in value)
    return _text(value, "linjer").replace("\r\n", "\n").replace("\r", "\n")


def masked_number(value: object) -> str:
    """`010203 *****`: the date of a national identity number. Any other text is masked whole.

    Few papers need more, and one that shows the number is a paper that must not be lost.
    """
    text = _text(value, "fnr")
    match = _NATIONAL_NUMBER.fullmatch(text)
    return f"{match[1]}{_SPACE}{_MASK}" if match else _MASK[: len(text)]


def national_number(value: object) -> str:
    """`010203 12345`: six digits and five. Any other text is left as it is."""
    text = _text(value, "fnr_helt")
    match = _NATIONAL_NUMBER.fullmatch(text)
    return f"{match[1]}{_SPACE}{match[2]}" if match else text


def _remembered(function: Filter) -> Filter:
    """*function*, which remembers what it made of the last texts: a batch has few dates."""
    remembered = lru_cache(_REMEMBERED)(function)

    def call(value: object) -> str:
        return remembered(value) if type(value) is str else function(value)

    return call


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    text = _text(value, "dato")
    if not text:
        return None
    try:
        if len(text) > len("2026-12-03"):
            return datetime.fromisoformat(text).date()
        return date.fromisoformat(text)
    except ValueError as error:
        raise MergeError("filter_value", filter="dato") from error


def _text(value: object, name: str) -> str:
    if isinstance(value, str):
        return value.strip() if name != "linjer" else value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    kind = "dict" if isinstance(value, Mapping) else type(value).__name__
    raise MergeError("filter_value", filter=name, kind=kind)
