"""Dates and times as people in Norway type them, and as Excel hands them over.

Nothing is guessed: a day that can be read two ways is a fault that names both readings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Fault:
    """A value that cannot be taken as it stands; a warning or note carries what it was taken as."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    severity: str = "error"
    value: Any = None


EXCEL_EPOCH: Final = date(1899, 12, 30)
"""Day 0 of Excel's serial numbers, for every day after 28 February 1900."""

_FIRST_YEAR: Final = 1920
_LAST_YEAR: Final = 2100
_PIVOT: Final = 80
"""Two-digit years below this are in the 2000s: families' documents look ahead."""

_MONTHS: Final = (
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip
_WEEKDAYS: Final = (
    ("mandag", "måndag"), ("tirsdag", "tysdag"), ("onsdag",), ("torsdag",),
    ("fredag",), ("lørdag", "laurdag"), ("søndag", "sundag"),
)  # fmt: skip
_SHORTEST_MONTH: Final = 3

_WEEKDAY: Final = re.compile(r"^([a-zæøå]+dag)\.?,?\s+(?:den\s+)?(?=\d)")
_ISO: Final = re.compile(r"^(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[t ]00:00(?::00(?:\.0+)?)?z?)?$")
_POINTS: Final = re.compile(r"^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4}|\d{2})\.?$")
_NORDIC: Final = re.compile(r"^(\d{1,2})/(\d{1,2})\s*[-–.\s]\s*(\d{4}|\d{2})$")
_EITHER: Final = re.compile(r"^(\d{1,2})\s*([/-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})$")
_WORDS: Final = re.compile(r"^(\d{1,2})\.?\s*([a-zæøå]{3,})\.?\s*(\d{4}|\d{2})?$")
_NO_YEAR: Final = re.compile(r"^\d{1,2}\s*[./-]\s*\d{1,2}\.?$")
_EIGHT: Final = re.compile(r"^\d{8}$")

_CLOCK: Final = re.compile(
    r"^(?:klokk[ae]n?|kl)?\.?\s*(\d{1,2})(?:\s*[.:,]\s*(\d{2})(?:[.:]00)?)?$|^(\d{1,2})(\d{2})$"
)


def parse_date(value: object) -> date | Fault:
    """Read a day from a cell: a date, Excel's serial number, or text.

    The fault's code says what is wrong: `bad_date`, `date_without_year`, `impossible_date`,
    `ambiguous_date`, `date_weekday`, `unlikely_date`, or the warning `date_from_number`.
    """
    if isinstance(value, datetime):
        return _likely(value.date())
    if isinstance(value, date):
        return _likely(value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return Fault("bad_date", {"value": str(value)})
    if isinstance(value, str):
        return _date_from_text(value)
    return _date_from_serial(value)


def show_date(day: date) -> str:
    """The day as it should be typed: `03.12.2026`."""
    return f"{day:%d.%m.}{day.year:04d}"


def _date_from_serial(number: float) -> date | Fault:
    if number != number or not 1 <= number < 2**20:  # noqa: PLR0124  (NaN is not itself)
        return Fault("bad_date", {"value": str(number)})
    day = EXCEL_EPOCH + timedelta(days=int(number))
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return Fault("bad_date", {"value": f"{number:g}"})
    return Fault(
        "date_from_number", {"value": f"{number:g}", "date": show_date(day)}, "warning", day
    )


def _date_from_text(text: str) -> date | Fault:
    plain = " ".join(text.split()).casefold()
    named = _WEEKDAY.match(plain)
    found = _date_from_digits(plain[named.end() :] if named else plain)
    if isinstance(found, Fault):
        return found if found.params else Fault(found.code, {"value": text})
    if named and not _is_weekday(named[1], found):
        return Fault("date_weekday", {"value": text, "date": show_date(found)})
    return _likely(found)


def _is_weekday(name: str, day: date) -> bool:
    return name in _WEEKDAYS[day.weekday()]


def _date_from_digits(text: str) -> date | Fault:
    if match := _ISO.match(text):
        return _day(match[1], match[2], match[3])
    if match := _POINTS.match(text) or _NORDIC.match(text):
        return _day(match[3], match[2], match[1])
    if match := _EITHER.match(text):
        return _either_order(match[1], match[3], match[4])
    if match := _WORDS.match(text):
        return _date_in_words(match[1], match[2], match[3])
    if _EIGHT.match(text):
        return _one_of(_day(text[4:], text[2:4], text[:2]), _day(text[:4], text[4:6], text[6:]))
    return Fault("date_without_year" if _NO_YEAR.match(text) else "bad_date")


def _date_in_words(day: str, word: str, year: str | None) -> date | Fault:
    months = [
        n for n, name in enumerate(_MONTHS, 1) if len(word) >= _SHORTEST_MONTH
        and name.startswith(word)
    ]  # fmt: skip
    if len(months) != 1:
        return Fault("bad_date")
    if year is None:
        return Fault("date_without_year")
    return _day(year, str(months[0]), day)


def _either_order(first: str, second: str, year: str) -> date | Fault:
    """A day with dashes or slashes: Norwegian order, unless it could as well be American."""
    return _one_of(_day(year, second, first), _day(year, first, second))


def _one_of(first: date | Fault, second: date | Fault) -> date | Fault:
    one = first if isinstance(first, date) and _FIRST_YEAR <= first.year <= _LAST_YEAR else None
    two = second if isinstance(second, date) and _FIRST_YEAR <= second.year <= _LAST_YEAR else None
    if one and two and one != two:
        return Fault("ambiguous_date", {"first": show_date(one), "second": show_date(two)})
    return one or two or Fault("impossible_date")


def _day(year: str, month: str, day: str) -> date | Fault:
    number = int(year)
    if len(year) == 2:  # noqa: PLR2004  (two digits)
        number += 2000 if number < _PIVOT else 1900
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return Fault("impossible_date")


def _likely(day: date) -> date | Fault:
    if _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return day
    return Fault("unlikely_date", {"date": show_date(day)})


def parse_time(value: object) -> str | Fault:
    """Read a time of day as `HH:MM`: a time, a fraction of a day, `9`, `9.30`, `kl. 09:30`.

    The fault's code is `bad_time` or `ambiguous_time` (9,5 may be 09:30 or 09:50).
    """
    if isinstance(value, datetime):
        return f"{value:%H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, str):
        return _time_from_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Fault("bad_time", {"value": str(value)})
    return _time_from_number(float(value))


def _time_from_text(text: str) -> str | Fault:
    match = _CLOCK.match(" ".join(text.split()).casefold())
    if match is None:
        return Fault("bad_time", {"value": text})
    return _clock(int(match[1] or match[3]), int(match[2] or match[4] or 0), text)


def _time_from_number(number: float) -> str | Fault:
    shown = f"{number:g}".replace(".", ",")
    if 0 < number < 1:  # Excel keeps a time as a fraction of the day
        minutes = round(number * 24 * 60)
        return _clock(minutes // 60, minutes % 60, shown)
    hundredths = round(number * 100) if 0 <= number < 24 else -1  # noqa: PLR2004  (hours)
    if hundredths < 0 or abs(hundredths - number * 100) > 1e-6:  # noqa: PLR2004  (rounding)
        return Fault("bad_time", {"value": shown})
    hour, minute = divmod(hundredths, 100)
    if minute in {25, 50}:
        halves = {25: 15, 50: 30}[minute]
        both = {"first": f"{hour:02d}:{halves:02d}", "second": f"{hour:02d}:{minute:02d}"}
        return Fault("ambiguous_time", both)
    return _clock(hour, minute, shown)


def _clock(hour: int, minute: int, shown: str) -> str | Fault:
    if 0 <= hour < 24 and 0 <= minute < 60:  # noqa: PLR2004  (hours, minutes)
        return f"{hour:02d}:{minute:02d}"
    return Fault("bad_time", {"value": shown})
