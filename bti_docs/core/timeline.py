"""Each event as a plain sentence, with what its facts say as sentences under it. Pure.

The same sentences serve the staff's log and the family's copy; the family's catalogue entries
(`family_…`) come first for the family, and some things are told to staff only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bti_docs.core.deadlines import local_day
from bti_docs.core.events import Json
from bti_docs.core.loose import day, mapping, mappings, texts
from bti_docs.core.model import Case, Happening
from bti_docs.core.naming import Names
from bti_docs.core.relay_model import TimelineEntry
from bti_docs.core.wording import Words, sentence


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells the events of one case."""

    case: Case
    words: Words
    names: Names
    for_family: bool = False

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
        if happening.removed:
            yield self.words.t("log_content_removed")
            return
        for fact in happening.facts:
            told = self._fact(fact)
            if told:
                yield told
        if happening.why and not self.for_family:
            yield self.words.t("log_why", why=sentence(self.names.free(happening.why)))

    def _fact(self, fact: Json) -> str:
        tell = _FACTS.get(str(fact.get("fact")))
        if tell is None:
            return "" if self.for_family else self.words.t("log_newer_fact")
        return tell(self, fact)

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

    def person(self, happening: Happening, key: str = "recipient") -> str:
        """The person that the event's codes name."""
        code = happening.codes.get(key)
        return self.names.person(str(code)) if code else ""


def day_of(happening: Happening) -> date:
    """The day that the event is about: the one it names, or the one it was written on."""
    return day(happening.codes.get("on")) or local_day(happening.at)


# --- kinds ----------------------------------------------------------------------------------


def _opened(teller: Teller, happening: Happening) -> str:
    return teller.say("opened_series" if happening.codes.get("kind") == "serie" else "opened")


def _changed(teller: Teller, happening: Happening) -> str:
    del happening
    return teller.say("changed")


def _issued(teller: Teller, happening: Happening) -> str:
    parts = {"title": teller.title(happening), "person": teller.person(happening)}
    text = teller.say("issued_to" if parts["person"] else "issued", **parts)
    if happening.codes.get("supersedes"):
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
    code = "filed_signed" if seen else "filed_back" if ours else "filed_in"
    return teller.say(code, title=teller.title(happening), people=people)


def _settled(teller: Teller, happening: Happening) -> str:
    how = str(happening.codes.get("how", ""))
    text = teller.say(f"settled_{how}", "settled", title=teller.title(happening))
    by = teller.person(happening, "by") if isinstance(happening.codes.get("by"), str) else ""
    return f"{text} {teller.say('answered_by', person=by)}" if by else text


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


# --- facts ----------------------------------------------------------------------------------


def _measure(teller: Teller, fact: Json) -> str:
    """What the paper said of the measure then; the list of goals says how it stands now."""
    known = next((m for m in teller.case.measures if m.id == fact.get("id")), None)
    what = str(fact.get("measure") or (known.measure if known else ""))
    owner = str(fact.get("owner") or "")
    named = (
        ("owner", teller.names.owner(owner, str(fact.get("service") or "")) if owner else ""),
        ("due", teller.words.iso(str(fact.get("due") or ""))),
        ("result", teller.names.free(str(fact.get("result") or ""))),
    )
    told = [teller.words.t("log_fact_measure", text=teller.names.free(what))]
    told += [teller.words.t(f"log_fact_measure_{key}", text=text) for key, text in named if text]
    if fact.get("status") == "avsluttes":
        told.append(teller.words.t("log_fact_measure_ended"))
    return " ".join(sentence(part) for part in told)


def _meeting(teller: Teller, fact: Json) -> str:
    words = teller.words
    when = (
        words.iso(str(fact.get("date", ""))),
        words.clock(str(fact.get("start") or ""), str(fact.get("end") or "")),
        teller.names.free(str(fact.get("place") or "")),
    )
    text = words.listed([", ".join(part for part in when if part)])
    if fact.get("planned"):
        return words.t("log_fact_meeting_planned", text=text)
    came = [
        teller.names.free(str(body.get("name") or ""))
        for body in mappings(fact.get("participants"))
        if body.get("status") in {"til_stede", "delvis"}
    ]
    if not teller.names.shown or not any(came):
        return words.t("log_fact_meeting", text=text)
    return words.t("log_fact_meeting_with", text=text, people=words.listed(came))


def _next_meeting(teller: Teller, fact: Json) -> str:
    when = teller.words.iso(str(fact.get("date") or ""))
    return teller.words.t("log_fact_next_meeting", day=when) if when else ""


def _consent(teller: Teller, fact: Json) -> str:
    words = teller.words
    services = words.listed(words.service(key) for key in texts(fact.get("services")))
    people = teller.names.persons(texts(fact.get("by")))
    outcome = str(fact.get("outcome", "given"))
    text = words.choice(
        "log_fact_consent", outcome, "log_fact_consent_given",
        people=people or words.t("log_the_family"), services=services or words.t("log_no_services"),
    )  # fmt: skip
    until = words.iso(str(fact.get("to") or ""))
    return sentence(f"{text} {words.t('log_fact_until', day=until)}" if until else text)


def _baton(teller: Teller, fact: Json) -> str:
    body = mapping(fact.get("holder"))
    name, title = str(body.get("name") or ""), str(body.get("title") or "")
    holder = name if teller.names.shown and name else title
    code = "log_fact_baton_taken" if fact.get("accepted") else "log_fact_baton_offered"
    return sentence(teller.words.t(code, holder=holder or teller.words.t("log_somebody")))


def _level(teller: Teller, fact: Json) -> str:
    return teller.words.t("log_fact_level", level=teller.words.level(str(fact.get("level", ""))))


def _child_voice(teller: Teller, fact: Json) -> str:
    text = teller.names.free(str(fact.get("text") or ""))
    return teller.words.t("log_fact_child_voice", text=text) if text else ""


def _decision(teller: Teller, fact: Json) -> str:
    text = sentence(teller.names.free(str(fact.get("text") or "")))
    return teller.words.t("log_fact_decision", text=text) if text else ""


def _log(teller: Teller, fact: Json) -> str:
    return teller.words.choice("log_fact_log", str(fact.get("log", "")), "log_fact_log_own")


def _audience(teller: Teller, fact: Json) -> str:
    if teller.for_family:
        return ""
    return teller.words.choice("log_fact_audience", str(fact.get("audience", "")))


def _closing(teller: Teller, fact: Json) -> str:
    return sentence(teller.names.free(str(fact.get("summary") or fact.get("reason") or "")))


_FACTS: Final[Mapping[str, Callable[[Teller, Json], str]]] = {
    "measure": _measure,
    "meeting": _meeting,
    "next_meeting": _next_meeting,
    "consent": _consent,
    "baton": _baton,
    "level": _level,
    "child_voice": _child_voice,
    "decision": _decision,
    "log": _log,
    "audience": _audience,
    "closing": _closing,
}
