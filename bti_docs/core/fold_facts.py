"""How one fact changes the case: measures, meetings, consent, baton, level, the child's voice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from bti_docs.core.events import Json
from bti_docs.core.manifest import same_text
from bti_docs.core.model import Baton, Case, Consent, Happening, Measure, Meeting
from bti_docs.core.records import Person

_MEASURE_KEYS = tuple(f.name for f in fields(Measure) if f.name not in {"id", "ref"})


def apply_fact(case: Case, fact: Json, by: Happening) -> Case:
    """*case* with *fact* taken in; an unknown fact leaves it as it is (the timeline keeps it)."""
    match fact.get("fact"):
        case "measure":
            return _measure(case, fact, by)
        case "meeting":
            return _meeting(case, fact, by)
        case "next_meeting":
            return _next_meeting(case, fact, by)
        case "consent":
            return _consent(case, fact, by)
        case "baton":
            return _baton(case, fact, by)
        case "level":
            return replace(case, level=str(fact.get("level", case.level)))
        case "child_voice":
            return replace(case, child_voice=(*case.child_voice, _noted(fact, by)))
        case "decision":
            return replace(case, decisions=(*case.decisions, _noted(fact, by)))
        case "log":
            return replace(case, log=str(fact.get("log", case.log)))
        case "audience":
            return replace(case, audiences={**case.audiences, str(fact.get("ref")): fact})
        case _:
            return case


def _noted(fact: Json, by: Happening) -> Json:
    return {**fact, "at": by.at.date().isoformat(), "ref": by.ref}


def _measure(case: Case, fact: Json, by: Happening) -> Case:
    said = {key: str(fact[key]) for key in _MEASURE_KEYS if fact.get(key)}
    known = _known_measure(case, fact)
    if known is None:
        wanted = str(fact.get("id") or "") or f"t{len(case.measures) + 1}"
        new = replace(Measure(id=wanted, ref=by.ref), **said)
        return replace(case, measures=(*case.measures, new))
    newer = replace(known, **said, ref=by.ref)
    measures = tuple(newer if m.id == known.id else m for m in case.measures)
    return replace(case, measures=measures)


def _known_measure(case: Case, fact: Mapping[str, Any]) -> Measure | None:
    wanted = str(fact.get("id") or "")
    for measure in case.measures:
        if wanted and measure.id == wanted:
            return measure
        same = same_text(measure.measure, str(fact.get("measure", "")))
        if not wanted and same and same_text(measure.goal, str(fact.get("goal", ""))):
            return measure
    return None


def _meeting(case: Case, fact: Json, by: Happening) -> Case:
    meeting = Meeting(
        date=str(fact.get("date", "")),
        type=str(fact.get("type", "")),
        start=str(fact.get("start", "")),
        end=str(fact.get("end", "")),
        place=str(fact.get("place", "")),
        planned=bool(fact.get("planned", False)),
        participants=tuple(fact.get("participants", ())),
        ref=by.ref,
    )
    return replace(case, meetings=_merged(case.meetings, meeting))


def _next_meeting(case: Case, fact: Json, by: Happening) -> Case:
    day = str(fact.get("date", ""))
    if not day:
        return case
    meeting = Meeting(date=day, type=str(fact.get("type", "")), planned=True, ref=by.ref)
    return replace(case, meetings=_merged(case.meetings, meeting))


def _merged(known: tuple[Meeting, ...], new: Meeting) -> tuple[Meeting, ...]:
    """One meeting a day: letters to several people call to the same one; minutes replace the plan."""
    same = next((m for m in known if m.date == new.date), None)
    if same is None:
        return tuple(sorted((*known, new), key=lambda m: m.date))
    if new.planned and not same.planned:
        return known
    kept = {f.name: getattr(new, f.name) or getattr(same, f.name) for f in fields(Meeting)}
    merged = Meeting(**{**kept, "planned": new.planned})
    return tuple(merged if m.date == new.date else m for m in known)


def _consent(case: Case, fact: Json, by: Happening) -> Case:
    on = _day(fact.get("on")) or by.at.date()
    if fact.get("outcome") == "withdrawn":
        withdrawn = tuple(_withdrawn(c, fact, on) for c in case.consents)
        said = _new_consent(case, fact, by, identity=f"n{by.n}")
        return replace(case, consents=(*withdrawn, said))
    document = case.document(by.ref or "")
    identity = (document.set or document.ref) if document else f"n{by.n}"
    known = next((c for c in case.consents if c.id == identity), None)
    new = _new_consent(case, fact, by, identity=identity)
    if known is None:
        return replace(case, consents=(*case.consents, new))
    joined = _joined(known, new)
    return replace(case, consents=tuple(joined if c.id == identity else c for c in case.consents))


def _withdrawn(consent: Consent, fact: Json, on: date) -> Consent:
    """All of it, or only the services that are named."""
    services = set(fact.get("services") or ())
    if consent.outcome not in {"given", "partly"} or consent.withdrawn_on is not None:
        return consent
    left = tuple(s for s in consent.services if s not in services)
    if services and left:
        return replace(consent, services=left, outcome="partly")
    return replace(consent, withdrawn_on=on)


def _new_consent(case: Case, fact: Json, by: Happening, *, identity: str) -> Consent:
    document = case.document(by.ref or "")
    signers = frozenset(str(code) for code in fact.get("by", ()))
    sheets = [d for d in case.documents if document and d.set and d.set == document.set]
    if document and not sheets:
        sheets = [document]
    asked = frozenset(s for d in sheets if not d.superseded_by for s in d.signers)
    return Consent(
        id=identity,
        outcome=str(fact.get("outcome", "given")),
        services=tuple(fact.get("services", ())),
        scope=tuple(fact.get("scope", ())),
        purpose=str(fact.get("purpose", "")),
        information=str(fact.get("information", "")),
        exclusions=str(fact.get("exclusions", "")),
        limits=dict(fact.get("limits") or {}),
        valid_from=_day(fact.get("from")),
        valid_to=_day(fact.get("to")),
        by=signers,
        asked=asked or signers,
        how=str(fact.get("how", "written")),
        ref=by.ref,
    )


def _joined(known: Consent, new: Consent) -> Consent:
    """Several sheets of one set: only what everybody has said yes to."""
    refused = "refused" in {known.outcome, new.outcome}
    services = tuple(s for s in known.services if s in new.services)
    partly = "partly" in {known.outcome, new.outcome} or set(known.services) != set(new.services)
    ends = [day for day in (known.valid_to, new.valid_to) if day]
    return replace(
        new,
        outcome="refused" if refused else "partly" if partly else "given",
        services=services,
        limits={**known.limits, **new.limits},
        exclusions="; ".join(dict.fromkeys(t for t in (known.exclusions, new.exclusions) if t)),
        by=known.by | new.by,
        asked=known.asked | new.asked,
        valid_to=min(ends, default=None),
    )


def _baton(case: Case, fact: Json, by: Happening) -> Case:
    known = {k: str(v) for k, v in (fact.get("holder") or {}).items() if k in Person.model_fields}
    holder = Person.model_validate(known)
    since = _day(fact.get("on")) or by.at.date()
    baton = Baton(holder, since, accepted=bool(fact.get("accepted")), n=by.n)
    if not baton.accepted:
        same = case.baton is not None and case.baton.holder.name == holder.name
        return case if same else replace(case, offered=baton)
    return replace(case, batons=(*case.batons, baton), offered=None)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None
