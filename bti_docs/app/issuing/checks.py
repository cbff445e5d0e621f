"""What may leave the house: protected addresses, and services that nobody has consented to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from bti_docs.app.issuing.known import Slot, series_of
from bti_docs.app.office import Office
from bti_docs.core.consent import covers, service_key, service_label
from bti_docs.core.intake import DocumentEntry
from bti_docs.core.manifest import Manifest
from bti_docs.core.problems import Place, Problem

WITHHELD: Final = ("school", "unit", "place", "recipients")
"""What is not printed in a case with a protected address before a recorded yes."""

LEFT_OUT: Final = frozenset({"protected_alone", "not_informed_alone"})
"""A row with one of these is left out of a bulk run, and the others are made."""


def protection_problems(
    entry: DocumentEntry, slot: Slot, manifest: Manifest, *, alone: bool
) -> tuple[Problem, ...]:
    """Why a row of a protected case is left out of a bulk run (users.md rule 4).

    Such a case is issued one document at a time, and to recipients that somebody has named.
    """
    record = slot.record
    if record is None or not (record.protected or record.guardians_not_informed):
        return ()
    why = "not_informed_alone" if record.guardians_not_informed else "protected_alone"
    if not alone:
        return (Problem(why, entry.place, {"case": slot.case.chain if slot.case else ""}),)
    if manifest.per != "document" and entry.recipients is None:
        return (Problem("protected_name_recipients", entry.place),)
    return ()


def paper_warnings(
    office: Office, slot: Slot, manifest: Manifest, place: Place
) -> Iterator[Problem]:
    """What the family will miss on the paper: whom to ring, and what a protected address hides."""
    record = slot.record
    if record is None or slot.series:
        return
    if not record.relay_holder.name and manifest.audience != "nobody":
        yield Problem("relay_holder_missing", place, severity="warning")
    allowed = slot.case.allowed if slot.case else frozenset()
    hidden = [part for part in WITHHELD if part not in allowed]
    if record.protected and hidden:
        case = slot.case.chain if slot.case else ""
        say = office.say(office.settings.language)
        parts = ", ".join(say(f"withheld_{part}") for part in hidden)
        params = {"case": case, "parts": parts, "codes": " ".join(hidden)}
        yield Problem("protected_withheld", place, params, "warning")


def consent_warnings(
    office: Office, entry: DocumentEntry, slot: Slot, manifest: Manifest
) -> tuple[Problem, ...]:
    """Services that take part without anybody's consent. A warning here; the gate comes later."""
    if manifest.consent != "needs" or slot.record is None or series_of(office, entry):
        return ()
    services = tuple(dict.fromkeys(_services(entry, manifest)))
    own = service_key(slot.record.relay_holder.service, office.profile)
    others = [s for s in services if service_key(s, office.profile) != own]
    if slot.case is None:
        uncovered = tuple(others)
    else:
        uncovered = covers(slot.case, others, _day(entry, manifest, office), office.profile)
    speech = office.settings.language
    labels = [service_label(service, office.profile, speech) for service in uncovered]
    return tuple(
        Problem("service_without_consent", entry.place, {"service": label}, "warning")
        for label in labels
    )


def _services(entry: DocumentEntry, manifest: Manifest) -> Iterator[str]:
    for field in manifest.fields:
        if field.type == "deltaker":
            for row in entry.values.get(field.key) or ():
                if row.get("tjeneste"):
                    yield str(row["tjeneste"])


def _day(entry: DocumentEntry, manifest: Manifest, office: Office) -> date:
    for field in manifest.fact_fields("meeting"):
        if field.type == "dato":
            value = entry.values.get(field.key)
            if isinstance(value, date):
                return value
            if isinstance(value, str) and value:
                return date.fromisoformat(value)
    return office.today


def names_a_child(office: Office, entry: DocumentEntry, slot: Slot) -> bool:
    """Whether an anonymous text holds a registered child's name or number (rule 18)."""
    if slot.series is None:
        return False
    text = " ".join(" ".join(_texts(entry.values)).casefold().split())
    return any(word in text for word in office.index.names_and_numbers())


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
