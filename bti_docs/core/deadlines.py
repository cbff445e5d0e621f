"""Deadlines: Norwegian public holidays, working days, and when a document is due. Pure.

Holidays: lov om helligdager 1995-02-24-12 and the two national days (lov 1947-04-26-1). Saturdays
and Sundays are no working days.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bti_docs.core.loose import day as iso_day
from bti_docs.core.manifest import Due

OSLO: Final = ZoneInfo("Europe/Oslo")
_SATURDAY = 5


def local_day(at: datetime) -> date:
    """The day in Norway at an instant."""
    return at.astimezone(OSLO).date()


def event_day(codes: Mapping[str, Any], at: datetime) -> date:
    """The day that an event is about: the one it names, or the one it was written on."""
    return iso_day(codes.get("on")) or local_day(at)


def months_later(day: date, months: int) -> date:
    """The same day *months* months later; after the 28th the 28th, which every month has."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, min(day.day, 28))


def easter_sunday(year: int) -> date:
    """Easter Sunday by the Gregorian computus (Meeus/Jones/Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def public_holidays(year: int) -> frozenset[date]:
    """The days of *year* on which no office is open."""
    easter = easter_sunday(year)
    movable = (-3, -2, 0, 1, 39, 49, 50)
    fixed = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))
    return frozenset(easter + timedelta(days=n) for n in movable) | frozenset(
        date(year, month, day) for month, day in fixed
    )


def is_working_day(day: date) -> bool:
    """Whether an office is open on *day*."""
    return day.weekday() < _SATURDAY and day not in public_holidays(day.year)


def add_working_days(start: date, days: int) -> date:
    """The day that is *days* working days after *start* (before it, when negative)."""
    step = timedelta(days=1 if days >= 0 else -1)
    left, day = abs(days), start
    while left:
        day += step
        if is_working_day(day):
            left -= 1
    return day


def due_date(
    rule: Due | None,
    values: Mapping[str, Any],
    *,
    issued: date,
    sent: date | None = None,
) -> date | None:
    """When a document with *rule* is due; None when nothing says.

    A rule that counts from *sent* counts from the day of issue until the letter is sent.
    """
    if rule is None:
        return None
    start = {"issued": issued, "sent": sent or issued}.get(rule.from_) or _day(
        values.get(rule.from_)
    )
    if start is None:
        return None
    working = rule.count == "working"
    due = add_working_days(start, rule.days) if working else start + timedelta(days=rule.days)
    latest = _day(values.get(rule.latest)) if rule.latest else None
    return due if latest is None else min(due, latest - timedelta(days=1))


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def age_on(birth: date, day: date) -> int:
    """Whole years from *birth* to *day*."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
