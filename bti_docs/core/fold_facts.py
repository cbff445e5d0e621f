"""How one fact changes the case: measures, meetings, consent, baton, level, the child's voice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any, Final

from bti_docs.core.deadlines import event_day
from bti_docs.core.events import Json
from bti_docs.core.fold_meetings import lineage, meeting, next_meeting
from bti_docs.core.loose import day, mapping, texts
from bti_docs.core.manifest import same_text
from bti_docs.core.model import Baton, Case, Consent, Happening, Measure
from bti_docs.core.records import Person

_MEASURE_KEYS = tuple(f.name for f in fields(Measure) if f.name not in {"id", "ref", "numbered"})
YES: Final = frozenset({"given", "partly"})
"""The outcomes of a consent that give something."""
_LOG = "stafettlogg"
"""The scope that lets the log be shared."""


def apply_fact(case: Case, fact: Json, by: Happening) -> Case:
    """*case* with *fact* taken in; an unknown fact leaves it as it is (the timeline keeps it)."""
    take_in = _FACTS.get(str(fact.get("fact")))
    return take_in(case, fact, by) if take_in else case


def _level(case: Case, fact: Json, _: Happening) -> Case:
    return replace(case, level=str(fact.get("level", case.level)))


def _child_voice(case: Case, fact: Json, by: Happening) -> Case:
    return replace(case, child_voice=_with_noted(case, case.child_voice, fact, by))


def _decision(case: Case, fact: Json, by: Happening) -> Case:
    return replace(case, decisions=_with_noted(case, case.decisions, fact, by))


def _log(case: Case, fact: Json, _: Happening) -> Case:
    return replace(case, log=str(fact.get("log", case.log)))


def _audience(case: Case, fact: Json, _: Happening) -> Case:
    about = str(fact.get("ref") or fact.get("person") or "")
    return replace(case, audiences={**case.audiences, about: fact})


def _with_noted(case: Case, known: tuple[Json, ...], fact: Json, by: Happening) -> tuple[Json, ...]:
    """What is said, and not what the same paper, or the one it replaces, said before."""
    earlier = set(lineage(case, by.ref))
    kept = (f for f in known if f.get("ref") not in earlier or f.get("n") == by.n)
    return (*kept, _noted(fact, by))


def _noted(fact: Json, by: Happening) -> Json:
    """The fact with its day: that of the meeting it was said in, or that of the paper."""
    held = (f for f in by.facts if f.get("fact") == "meeting" and not f.get("planned"))
    said = next((found for f in held if (found := day(f.get("date")))), None)
    on = said or event_day(by.codes, by.at)
    return {**fact, "at": on.isoformat(), "ref": by.ref, "n": by.n}


def _measure(case: Case, fact: Json, by: Happening) -> Case:
    said: Json = {key: str(fact[key]) for key in _MEASURE_KEYS if fact.get(key)}
    known = _known_measure(case, fact)
    if known is None:
        new = replace(Measure(id=_measure_id(case, fact), ref=by.ref), **said)
        new = replace(new, numbered=bool(fact.get("numbered")))
        return replace(case, measures=(*case.measures, new))
    numbered = known.numbered or bool(fact.get("numbered"))
    newer = replace(known, **said, ref=by.ref, numbered=numbered)
    measures = tuple(newer if m.id == known.id else m for m in case.measures)
    return replace(case, measures=measures)


def identified(case: Case, fact: Json) -> Json:
    """*fact* with the number that its measure has in the log, also when the paper named none.

    So that the log can be told again from fewer events without mistaking one measure for another.
    """
    if fact.get("fact") != "measure":
        return fact
    known = _known_measure(case, fact)
    number = known.id if known else _measure_id(case, fact)
    return {**fact, "id": number, "numbered": bool(fact.get("id"))}


def _measure_id(case: Case, fact: Json) -> str:
    """The number the paper gives, or the next one that is free."""
    taken = {measure.id for measure in case.measures}
    number = len(taken) + 1
    while f"t{number}" in taken:
        number += 1
    return str(fact.get("id") or "") or f"t{number}"


def _known_measure(case: Case, fact: Mapping[str, Any]) -> Measure | None:
    wanted = str(fact.get("id") or "")
    for measure in case.measures:
        if wanted and measure.id == wanted:
            return measure
        same = same_text(measure.measure, str(fact.get("measure", "")))
        if not wanted and same and _may_be_one_goal(measure.goal, str(fact.get("goal", ""))):
            return measure
    return None


def _may_be_one_goal(known: str, said: str) -> bool:
    """A table of earlier measures has no column for the goal: a blank one fits any."""
    return not known or not said or same_text(known, said)


def _consent(case: Case, fact: Json, by: Happening) -> Case:
    if fact.get("outcome") == "withdrawn":
        return _withdrawal(case, fact, by)
    document = case.document(by.ref or "")
    identity = (document.set or document.ref) if document else _spoken_identity(case, fact, by)
    known = next((c for c in case.consents if c.id == identity), None)
    new = _new_consent(case, fact, by, identity=identity)
    if known is None:
        return replace(case, consents=(*case.consents, new))
    joined = _joined(known, new)
    return replace(case, consents=tuple(joined if c.id == identity else c for c in case.consents))


def _spoken_identity(case: Case, fact: Json, by: Happening) -> str:
    """A yes said aloud to the same as somebody's earlier one completes that; else it is new."""
    on = day(fact.get("on")) or event_day(by.codes, by.at)
    said = set(texts(fact.get("services"))), set(texts(fact.get("scope")))
    for known in case.consents if fact.get("outcome") in YES else ():
        waits = known.ref is None and known.outcome in YES and not known.complete
        stands = known.withdrawn_on is None and (known.valid_to is None or on <= known.valid_to)
        if waits and stands and (set(known.services), set(known.scope)) == said:
            return known.id
    return f"n{by.n}"


def _withdrawal(case: Case, fact: Json, by: Happening) -> Case:
    """What was given ends, and with the last yes to a shared log the sharing of it."""
    on = day(fact.get("on")) or event_day(by.codes, by.at)
    consents = tuple(_withdrawn(consent, fact, on) for consent in case.consents)
    before, after = (any(map(_lets_share, told)) for told in (case.consents, consents))
    log = "own" if before and not after else case.log
    return replace(case, consents=consents, log=log)


def _lets_share(consent: Consent) -> bool:
    """Whether a consent lets the log be shared. One that was said aloud may name no scope."""
    stands = consent.outcome in YES and consent.withdrawn_on is None
    return stands and (not consent.scope or _LOG in consent.scope)


def _withdrawn(consent: Consent, fact: Json, on: date) -> Consent:
    """All of it, or only the services that are named."""
    services = set(texts(fact.get("services")))
    if consent.outcome not in YES or consent.withdrawn_on is not None:
        return consent
    left = tuple(s for s in consent.services if s not in services)
    if services and left == consent.services:
        return consent
    if services and left:
        return replace(consent, services=left, outcome="partly")
    return replace(consent, withdrawn_on=on)


def _new_consent(case: Case, fact: Json, by: Happening, *, identity: str) -> Consent:
    document = case.document(by.ref or "")
    signers = frozenset(texts(fact.get("by")))
    sheets = [d for d in case.documents if document and d.set and d.set == document.set]
    if document and not sheets:
        sheets = [document]
    asked = {s for d in sheets if not d.superseded_by for s in (*d.signers, *d.asked)}
    asked |= set(texts(fact.get("asked")))
    return Consent(
        id=identity,
        outcome=str(fact.get("outcome", "given")),
        services=texts(fact.get("services")),
        scope=texts(fact.get("scope")),
        purpose=str(fact.get("purpose", "")),
        information=str(fact.get("information", "")),
        exclusions=str(fact.get("exclusions", "")),
        limits={key: str(text) for key, text in mapping(fact.get("limits")).items()},
        valid_from=day(fact.get("from")),
        valid_to=day(fact.get("to")),
        by=signers,
        asked=frozenset(asked) or signers,
        how=str(fact.get("how", "written")),
        ref=by.ref,
    )


def _joined(known: Consent, new: Consent) -> Consent:
    """Several sheets of one set: only what everybody has said yes to."""
    if known.by and known.by <= new.by:
        return replace(new, asked=known.asked | new.asked)  # read again by a person: it stands
    refused = "refused" in {known.outcome, new.outcome}
    services = tuple(s for s in known.services if s in new.services)
    partly = "partly" in {known.outcome, new.outcome} or set(known.services) != set(new.services)
    starts = [start for start in (known.valid_from, new.valid_from) if start]
    ends = [end for end in (known.valid_to, new.valid_to) if end]
    return replace(
        new,
        outcome="refused" if refused else "partly" if partly else "given",
        services=services,
        scope=tuple(s for s in known.scope if s in new.scope),
        limits=_joined_limits(known.limits, new.limits),
        exclusions="; ".join(dict.fromkeys(t for t in (known.exclusions, new.exclusions) if t)),
        by=known.by | new.by,
        asked=known.asked | new.asked,
        valid_from=max(starts, default=None),
        valid_to=min(ends, default=None),
        withdrawn_on=known.withdrawn_on,
    )


def _joined_limits(known: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Every limit that anybody has set."""
    said = {key: (known.get(key, ""), new.get(key, "")) for key in {**known, **new}}
    return {key: "; ".join(dict.fromkeys(t for t in both if t)) for key, both in said.items()}


def _baton(case: Case, fact: Json, by: Happening) -> Case:
    known = {k: str(v) for k, v in mapping(fact.get("holder")).items() if k in Person.model_fields}
    holder = Person.model_validate(known)
    since = day(fact.get("on")) or event_day(by.codes, by.at)
    baton = Baton(holder, since, accepted=bool(fact.get("accepted")), n=by.n)
    if not baton.accepted:
        same = case.baton is not None and case.baton.holder.name == holder.name
        return case if same else replace(case, offered=baton)
    return replace(case, batons=(*case.batons, baton), offered=None)


def _disclosure(case: Case, fact: Json, _: Happening) -> Case:
    return replace(case, allowed=case.allowed | set(texts(fact.get("allow"))))


_FACTS: Final[Mapping[str, Callable[[Case, Json, Happening], Case]]] = {
    "measure": _measure,
    "meeting": meeting,
    "next_meeting": next_meeting,
    "consent": _consent,
    "baton": _baton,
    "level": _level,
    "child_voice": _child_voice,
    "decision": _decision,
    "log": _log,
    "audience": _audience,
    "disclosure": _disclosure,
}
