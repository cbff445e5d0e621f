"""Dates as people write them in a document, read as ISO 8601."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_MONTHS: Final = (
    ("januar", "january"),
    ("februar", "february"),
    ("mars", "march"),
    ("april",),
    ("mai", "may"),
    ("juni", "june"),
    ("juli", "july"),
    ("august",),
    ("september",),
    ("oktober", "october"),
    ("november",),
    ("desember", "december"),
)
_SHORTEST: Final = 3
"""Letters that tell any month: `jan`, `sept.`"""
_CENTURY: Final = 2000
_WEEKDAY: Final = r"(?:[^\W\d_]+\.?,? )?(?:den )?"
_NUMBERS: Final = re.compile(_WEEKDAY + r"(\d{1,2}) ?[./-] ?(\d{1,2}) ?[./ -] ?(\d{4}|\d{2})\.?")
_WORDS: Final = re.compile(_WEEKDAY + r"(\d{1,2})\.? ?([^\W\d_]+)\.?,? (\d{4})\.?")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+Z?)?")


def iso_day(text: str, picked: str = "") -> str | None:
    """The day that *text* names, `2026-12-03`; None when it names none.

    Args:
        text: «3.12.2026», «torsdag 3. desember 2026», «3/12-26», «2026-12-03».
        picked: What Word's calendar wrote beside the text. It gives the year when the text
            has none; the text is what people see, and counts where they differ.
    """
    plain = " ".join(text.casefold().split())
    found = _day(plain)
    if found is None and (chosen := _day(" ".join(picked.split()))) is not None:
        years = (_day(f"{plain.rstrip('.')}{between}{chosen.year}") for between in (" ", "."))
        found = next((day for day in years if day == chosen), None)
    return None if found is None else found.isoformat()


def _day(text: str) -> date | None:
    try:
        if match := _ISO.fullmatch(text.upper()):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _NUMBERS.fullmatch(text):
            century = _CENTURY if len(match[3]) == len("26") else 0
            return date(century + int(match[3]), int(match[2]), int(match[1]))
        if match := _WORDS.fullmatch(text):
            return date(int(match[3]), _month(match[2]), int(match[1]))
    except ValueError:
        return None
    return None


def _month(word: str) -> int:
    """The month's number; 0, which no date has, when the word is no month."""
    fits = (
        number
        for number, names in enumerate(_MONTHS, 1)
        if len(word) >= _SHORTEST and any(name.startswith(word) for name in names)
    )
    return next(fits, 0)
