"""How values become words: days, lists, services, levels and titles in one language. Pure.

The sentences themselves stand in the message catalogues; here they are only asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from bti_docs.core.profile import Profile

Say = Callable[..., str]
"""A sentence by its code and parameters, in one language; KeyError when there is none."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words, with the municipality's own names for levels and services."""

    language: str
    say: Say
    titles: Callable[[str, str], str]
    """A document type's title: (type, language); blank when no manifest says."""
    profile: Profile

    def t(self, code: str, /, **params: object) -> str:
        """The sentence of *code*."""
        return self.say(code, **params)

    def choice(self, prefix: str, key: str, default: str | None = None, /, **params: object) -> str:
        """The sentence of `prefix_key`; of *default*, or else *key* itself, when there is none.

        A newer program may have written keys that this one has no words for.
        """
        try:
            return self.t(f"{prefix}_{key.replace('-', '_')}", **params)
        except KeyError:
            return key if default is None else self.t(default, **params)

    def day(self, day: date | None) -> str:
        """«3. desember 2026»; blank when there is no day."""
        if day is None:
            return ""
        month = self.t("log_months").split()[day.month - 1]
        return self.t("log_day", day=day.day, month=month, year=day.year)

    def iso(self, text: str) -> str:
        """A day that is stored as text, in words; the text itself when it is not a day."""
        day = parse_day(text)
        return self.day(day) if day else text

    def clock(self, start: str, end: str = "") -> str:
        """«kl. 09.00–10.30»; blank when there is no start."""
        if not start:
            return ""
        times = "–".join(time.replace(":", ".") for time in (start, end) if time)
        return self.t("log_clock", times=times)

    def listed(self, items: Iterable[str]) -> str:
        """«a, b og c»."""
        *first, last = [item for item in items if item] or [""]
        return self.t("log_and", first=", ".join(first), last=last) if first else last

    def count(self, code: str, number: int, /, **params: object) -> str:
        """The sentence of `code_one` or `code_many`, which grammar demands."""
        return self.t(f"{code}_{'one' if number == 1 else 'many'}", number=number, **params)

    def service(self, key: str) -> str:
        """The municipality's name for a service."""
        return self._label("tjenester", key)

    def level(self, key: str) -> str:
        """The municipality's name for a level."""
        return self._label("nivaaer", key)

    def arena(self, key: str) -> str:
        """The municipality's name for an arena."""
        return self._label("arenaer", key)

    def title(self, document_type: str) -> str:
        """The title of a document type; letters that came in have no manifest to say it."""
        try:
            known = self.titles(document_type, self.language)
        except KeyError:
            known = ""
        return known or self.choice("type", document_type)

    def _label(self, name: str, key: str) -> str:
        options = self.profile.options(name)
        return next((o.label(self.language) for o in options if o.key == key), key)


def parse_day(text: str) -> date | None:
    """The day an ISO text says; None when it says none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def sentence(text: str) -> str:
    """*text* with a capital first letter and a full stop at its end."""
    text = text.strip()
    if not text:
        return ""
    closed = text if text[-1] in ".!?…»" else text + "."
    return closed[0].upper() + closed[1:]
