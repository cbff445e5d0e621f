"""Each event as a plain sentence, with what its facts say as sentences under it. Pure.

The same sentences serve the staff's log and the family's copy; the family's catalogue entries
(`family_…`) come first for the family, and some things are told to staff only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bti_docs.core.deadlines import event_day
from bti_docs.core.fact_sentences import FactTeller
from bti_docs.core.loose import day, texts
from bti_docs.core.model import Happening
from bti_docs.core.relay_model import TimelineEntry
from bti_docs.core.view import moved_out
from bti_docs.core.wording import sentence


@dataclass(frozen=True, slots=True)
class Teller(FactTeller):
    """Tells the events of one case."""

    def entry(self, happening: Happening) -> TimelineEntry:
        """One event in plain words."""
        on = day_of(happening)
        return TimelineEntry(
            n=happening.n,
            at=happening.at,
            day=on,
            day_text=self.words.day(on),
            by=happening.actor,
            by_text=self.names.actor(happening.actor),
            kind=happening.kind,
            ref=happening.ref,
            text=self.main(happening),
            details=tuple(self.details(happening)),
        )

    def main(self, happening: Happening) -> str:
        """The sentence of the event itself."""
        tell = _KINDS.get(happening.kind)
        if tell is None:
            return self.words.t("log_newer")
        return tell(self, happening)

    def details(self, happening: Happening) -> Iterator[str]:
        """What its facts and its reason say."""
        if happening.n in moved_out(self.case):
            yield self.words.t("log_content_moved")
            return
        if happening.removed:
            yield self.words.t("log_content_removed")
            return
        yield from dict.fromkeys(filter(None, map(self.fact, happening.facts)))
        if happening.why and not self.for_family:
            yield self.words.t("log_why", why=sentence(self.names.free(happening.why)))

    def say(self, code: str, default: str | None = None, /, **params: object) -> str:
        """The sentence of *code*, in the family's own words when there are any for the family."""
        last = f"log_{default or code}"
        if not self.for_family:
            return self.words.choice("log", code, last, **params)
        told = self.words.choice("family", code, "log_nothing", **params)
        return told or self.words.choice("log", code, last, **params)

    def title(self, happening: Happening) -> str:
        """What the document of the event is called."""
        document = self.case.document(happening.ref or "")
        kind = document.type if document else str(happening.codes.get("type", ""))
        return self.words.title(kind) if kind else self.words.t("log_a_document")

    def addressees(self, happening: Happening) -> str:
        """All whom a letter is written to; blank for a document without one recipient."""
        document = self.case.document(happening.ref or "")
        return self.names.persons(document.addressees) if document else self.person(happening)

    def person(self, happening: Happening, key: str = "recipient") -> str:
        """The person that the event's codes name."""
        code = happening.codes.get(key)
        return self.names.person(str(code)) if code else ""


def day_of(happening: Happening) -> date:
    """The day that the event is about."""
    return event_day(happening.codes, happening.at)


# --- kinds ----------------------------------------------------------------------------------


def _opened(teller: Teller, happening: Happening) -> str:
    return teller.say("opened_series" if happening.codes.get("kind") == "serie" else "opened")


def _changed(teller: Teller, happening: Happening) -> str:
    del happening
    return teller.say("changed")


def _issued(teller: Teller, happening: Happening) -> str:
    parts = {"title": teller.title(happening), "person": teller.addressees(happening)}
    text = teller.say("issued_to" if parts["person"] else "issued", **parts)
    if teller.case.document(str(happening.codes.get("supersedes") or "")):
        text = f"{text} {teller.say('replaces')}"
    due = day(happening.codes.get("due"))
    if teller.for_family and not texts(happening.codes.get("signers")):
        return text  # a deadline of the office's own
    return f"{text} {teller.say('answer_by', day=teller.words.day(due))}" if due else text


def _sent(teller: Teller, happening: Happening) -> str:
    how = str(happening.codes.get("how", ""))
    return teller.say(f"sent_{how}", "sent", title=teller.title(happening))


def _filed(teller: Teller, happening: Happening) -> str:
    seen = texts(happening.codes.get("seen"))
    people = teller.names.persons(seen)
    document = teller.case.document(happening.ref or "")
    ours = document is not None and document.issued_n != happening.n
    written = "completed" in texts(happening.codes.get("done"))
    back = "filed_completed" if written else "filed_back" if ours else "filed_in"
    code = "filed_signed" if seen else back
    return teller.say(code, title=teller.title(happening), people=people)


def _settled(teller: Teller, happening: Happening) -> str:
    how = str(happening.codes.get("how", ""))
    text = teller.say(f"settled_{how}", "settled", title=teller.title(happening))
    by = happening.codes.get("by")
    people = teller.names.persons((by,) if isinstance(by, str) and by else texts(by))
    return f"{text} {teller.say('answered_by', person=people)}" if people else text


def _noted(teller: Teller, happening: Happening) -> str:
    if happening.ref:
        return teller.say("noted_on", title=teller.title(happening))
    return "" if teller.for_family and not happening.removed else teller.say("noted")


def _moved(teller: Teller, happening: Happening) -> str:
    way = "moved_in" if happening.codes.get("way") == "in" else "moved_out"
    return teller.say(way, title=teller.title(happening))


def _exported(teller: Teller, happening: Happening) -> str:
    return teller.say("exported", person=teller.person(happening))


def _disposed(teller: Teller, happening: Happening) -> str:
    ground = str(happening.codes.get("ground", ""))
    return teller.say(f"disposed_{ground}", "disposed")


def _about_document(code: str) -> Callable[[Teller, Happening], str]:
    return lambda teller, happening: teller.say(code, title=teller.title(happening))


def _plain(code: str) -> Callable[[Teller, Happening], str]:
    return lambda teller, _happening: teller.say(code)


_KINDS: Final[Mapping[str, Callable[[Teller, Happening], str]]] = {
    "opened": _opened,
    "changed": _changed,
    "issued": _issued,
    "sent": _sent,
    "filed": _filed,
    "read": _about_document("read"),
    "settled": _settled,
    "superseded": _about_document("superseded"),
    "accepted": _about_document("accepted"),
    "approved": _about_document("approved"),
    "noted": _noted,
    "moved": _moved,
    "exported": _exported,
    "deposited": _plain("deposited"),
    "closed": _plain("closed"),
    "reopened": _plain("reopened"),
    "disposed": _disposed,
    "blocked": _plain("blocked"),
}
