"""What people are called where names are shown, and where they are not. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bti_docs.core.events import Json
from bti_docs.core.model import Case
from bti_docs.core.records import Person
from bti_docs.core.wording import Words

_SHORTEST_NAME = 3
"""Shorter parts of a name («av», «de») are words as well."""


@dataclass(frozen=True, slots=True)
class Names:
    """People of one case, by code. Without `shown`, roles and codes stand for them."""

    people: Mapping[str, Json]
    holders: tuple[Person, ...]
    staff: Mapping[str, str]
    words: Words
    shown: bool

    def person(self, code: str) -> str:
        """A name, or «foresatt 1 (f1)»; the code itself when nobody is known by it."""
        name = full_name(self.people.get(code, {}))
        if self.shown and name:
            return name
        if code == "barn":
            return self.words.t("log_child")
        role, number = code[:1], code[1:]
        if number.isdigit() and role in {"f", "d"}:
            return self.words.t(f"log_person_{role}", number=number, code=code)
        return code

    def persons(self, codes: Iterable[str]) -> str:
        """Several, in the order of their codes."""
        return self.words.listed(self.person(code) for code in sorted(codes))

    def actor(self, code: str) -> str:
        """A member of staff: the shown name where names are shown, else the code."""
        return self.staff.get(code, code) if self.shown else code

    def holder(self, person: Person) -> str:
        """Who holds the baton; without names the post and the service."""
        if self.shown and person.name:
            return person.name
        where = (person.title, self.words.service(person.service))
        return ", ".join(part for part in where if part)

    def owner(self, text: str, service: str) -> str:
        """Who is answerable for a measure («Per Prøve, PPT» is one text)."""
        if self.shown:
            return text
        known = next((c for name, c in self._hidden() if _has(name, text)), None)
        return known or self.words.service(service)

    def free(self, text: str) -> str:
        """Free text; without names the people of the case are called by their roles in it."""
        if self.shown:
            return text
        for name, label in self._hidden():
            text = _pattern(name).sub(label.replace("\\", r"\\"), text)
        return text

    def _hidden(self) -> Iterator[tuple[str, str]]:
        """Names and what stands for them, whole names first."""
        known = [(full_name(body), self.person(code)) for code, body in self.people.items()]
        known += [(p.name, self.holder(p)) for p in self.holders]
        whole = [(name, label) for name, label in known if name]
        yield from whole
        for name, label in whole:
            yield from ((p, label) for p in re.split(r"[\s\-]+", name) if len(p) >= _SHORTEST_NAME)


def names_of(case: Case, words: Words, staff: Mapping[str, str], *, shown: bool) -> Names:
    """The people of *case*."""
    offered = (case.offered.holder,) if case.offered else ()
    holders = (*(baton.holder for baton in case.batons), *offered)
    return Names(case.people, holders, staff, words, shown)


def full_name(body: Mapping[str, object]) -> str:
    """The name in a person's Norwegian record; blank when it holds none."""
    if body.get("navn"):
        return str(body["navn"])
    return f"{body.get('fornavn') or ''} {body.get('etternavn') or ''}".strip()


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)


def _has(name: str, text: str) -> bool:
    return _pattern(name).search(text) is not None
