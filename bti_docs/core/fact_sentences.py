"""What one fact says, as a sentence. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bti_docs.core.events import Json
from bti_docs.core.loose import mapping, mappings, texts
from bti_docs.core.model import Case
from bti_docs.core.naming import Names
from bti_docs.core.wording import Words, sentence


@dataclass(frozen=True, slots=True)
class FactTeller:
    """Tells the facts of one case, to staff or to its family."""

    case: Case
    words: Words
    names: Names
    for_family: bool = False

    def fact(self, fact: Json) -> str:
        """The sentence of a fact; blank when there is nothing to tell this reader."""
        tell = _FACTS.get(str(fact.get("fact")))
        if tell is None:
            return "" if self.for_family else self.words.t("log_newer_fact")
        return tell(self, fact)


def _measure(teller: FactTeller, fact: Json) -> str:
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


def _meeting(teller: FactTeller, fact: Json) -> str:
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


def _next_meeting(teller: FactTeller, fact: Json) -> str:
    when = teller.words.iso(str(fact.get("date") or ""))
    return teller.words.t("log_fact_next_meeting", day=when) if when else ""


def _consent(teller: FactTeller, fact: Json) -> str:
    words = teller.words
    services = words.listed(words.service(key) for key in texts(fact.get("services")))
    people = teller.names.persons(texts(fact.get("by")))
    outcome = str(fact.get("outcome", "given"))
    if outcome == "withdrawn" and services:
        outcome = "withdrawn_partly"
    text = words.choice(
        "log_fact_consent", outcome, "log_fact_consent_given",
        people=people or words.t("log_the_family"), services=services or words.t("log_no_services"),
    )  # fmt: skip
    until = words.iso(str(fact.get("to") or ""))
    return sentence(f"{text} {words.t('log_fact_until', day=until)}" if until else text)


def _baton(teller: FactTeller, fact: Json) -> str:
    body = mapping(fact.get("holder"))
    name, title = str(body.get("name") or ""), str(body.get("title") or "")
    holder = name if teller.names.shown and name else title
    code = "log_fact_baton_taken" if fact.get("accepted") else "log_fact_baton_offered"
    return sentence(teller.words.t(code, holder=holder or teller.words.t("log_somebody")))


def _level(teller: FactTeller, fact: Json) -> str:
    return teller.words.t("log_fact_level", level=teller.words.level(str(fact.get("level", ""))))


def _child_voice(teller: FactTeller, fact: Json) -> str:
    text = teller.names.free(str(fact.get("text") or ""))
    return teller.words.t("log_fact_child_voice", text=text) if text else ""


def _decision(teller: FactTeller, fact: Json) -> str:
    text = sentence(teller.names.free(str(fact.get("text") or "")))
    return teller.words.t("log_fact_decision", text=text) if text else ""


def _log(teller: FactTeller, fact: Json) -> str:
    return teller.words.choice("log_fact_log", str(fact.get("log", "")), "log_fact_log_own")


def _audience(teller: FactTeller, fact: Json) -> str:
    if teller.for_family:
        return ""
    audience, person = str(fact.get("audience", "")), str(fact.get("person") or "")
    named = teller.names.person(person) if person else ""
    if named and not fact.get("ref"):
        return teller.words.choice("log_fact_copy", audience, person=named)
    if named and audience == "recipient":
        return teller.words.t("log_fact_audience_one", person=named)
    return teller.words.choice("log_fact_audience", audience)


def _disclosure(teller: FactTeller, _fact: Json) -> str:
    return "" if teller.for_family else teller.words.t("log_fact_disclosure")


def _journal(teller: FactTeller, fact: Json) -> str:
    number = str(fact.get("number") or "")
    return "" if teller.for_family else teller.words.t("log_fact_journal", number=number)


def _closing(teller: FactTeller, fact: Json) -> str:
    return sentence(teller.names.free(str(fact.get("summary") or fact.get("reason") or "")))


_FACTS: Final[Mapping[str, Callable[[FactTeller, Json], str]]] = {
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
    "disclosure": _disclosure,
    "journal": _journal,
    "closing": _closing,
}
