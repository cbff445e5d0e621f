"""Facts: what a document's values tell the relay log. Shapes are fixed here for archive format 1.

Each fact is a JSON object with `fact` and its own keys; a newer program's facts are kept and shown.

* `measure`: id goal measure arena owner service start due result evaluation evaluate_on status
  (status: ny, paagaar, videre, endres, avsluttes; dates ISO; an empty id means «find by text»).
* `meeting`: type date start end place planned participants [{name role service status}]
* `next_meeting`: date type
* `consent`: outcome given|partly|refused|withdrawn, services, scope, sources, purpose, information,
  exclusions, limits {service: text}, from, to, by [person codes], how written|oral|electronic, on,
  asked [person codes] (all who must say yes, when there is no paper that says so)
* `baton`: holder {name title service phone email}, on, accepted, reason
* `level`: level, on
* `child_voice`: text, how
* `decision`: text
* `log`: shared|own (whether the family has said yes to a shared log)
* `audience`: ref, audience, person, told (bool), reason (for the family to read), ground (a law's
  key): a recorded decision about who gets a document; ref may be `n17`, an event without a
  document. Without ref it is about the person: `family` lets them have a copy, `nobody` does not.
* `disclosure`: allow [school unit place recipients other_parent], by (a recorded yes to print what
  could give a protected address away)
* `journal`: ref, number (what the municipality's archive calls the paper)
* `closing`: reason, summary
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bti_docs.core.events import Json
from bti_docs.core.manifest import Manifest
from bti_docs.core.records import Measure, Participant, Person

Fact = Json
_SCALAR_FACTS = ("meeting", "next_meeting", "level", "baton", "child_voice", "decision")


def facts_of(
    manifest: Manifest, values: Mapping[str, Any], *, planned: bool, on: date
) -> tuple[Fact, ...]:
    """What *values* of a document of this type tell the log.

    A planned meeting is one that a letter calls to, or that is still to come on the day *on*;
    minutes tell of one that was held. Consent is not read here: it counts only when a person has
    looked at the signed page. A reply slip says nothing that its letter has not said.
    """
    if manifest.reply_to:
        return ()
    return (*_scalar_facts(manifest, values, planned=planned, on=on), *_measures(manifest, values))


def _scalar_facts(
    manifest: Manifest, values: Mapping[str, Any], *, planned: bool, on: date
) -> Iterator[Fact]:
    for name in _SCALAR_FACTS:
        found = {
            field.fact.partition(".")[2]: values.get(field.key)
            for field in manifest.fact_fields(name)
            if field.fact and values.get(field.key) not in (None, "", ())
        }
        if not found:
            continue
        fact: Fact = {"fact": name, **found}
        if name == "meeting":
            to_come = planned or str(found.get("date", "")) > on.isoformat()
            fact |= {"planned": to_come, "participants": list(_participants(manifest, values))}
        if name == "baton":
            fact = _baton(found)
        yield fact


def _baton(found: Mapping[str, Any]) -> Fact:
    holder = Person.model_validate(found.get("holder") or {})
    return {
        "fact": "baton",
        "holder": holder.model_dump(mode="json"),
        "on": found.get("on", ""),
        "accepted": False,
        "reason": found.get("reason", ""),
    }


def _participants(manifest: Manifest, values: Mapping[str, Any]) -> Iterator[Json]:
    for field in manifest.fields:
        if field.type == "deltaker" and field.repeated:
            for row in values.get(field.key) or ():
                participant = Participant.model_validate(row)
                if participant.name or participant.service:
                    yield participant.model_dump(mode="json")


def _measures(manifest: Manifest, values: Mapping[str, Any]) -> Iterator[Fact]:
    for field in manifest.fields:
        if field.type == "tiltak" and field.repeated:
            for row in values.get(field.key) or ():
                measure = Measure.model_validate(row)
                if measure.measure or measure.id:
                    yield {"fact": "measure", **measure.model_dump(mode="json")}
