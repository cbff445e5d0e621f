"""What may leave the house: protected addresses, and services that nobody has consented to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from bti_docs.app.issuing.known import Slot, series_of
from bti_docs.app.office import Office
from bti_docs.core.consent import covers, service_key, service_label
from bti_docs.core.intake import DocumentEntry
from bti_docs.core.letters import Letter, decides_alone, people_of
from bti_docs.core.manifest import Manifest
from bti_docs.core.problems import Place, Problem
from bti_docs.core.profile import Profile
from bti_docs.core.protection import outside_protected_home

WITHHELD: Final = ("school", "unit", "place", "recipients")
"""What is not printed in a case with a protected address before a recorded yes."""

LEFT_OUT: Final = frozenset(
    {
        "protected_alone", "protected_alone_new", "not_informed_alone", "not_informed_alone_new",
        "other_parent_not_decided",
    }
)  # fmt: skip
"""A row with one of these is left out, and the others are made."""


def protection_problems(
    entry: DocumentEntry, slot: Slot, manifest: Manifest, new: Sequence[Letter], *, alone: bool
) -> tuple[Problem, ...]:
    """Why the *new* letters of a row of a protected case are not made (users.md rule 4).

    Such a case is left out of a run over several, its letters go to recipients that somebody has
    named, and to a parent outside the protected home only when a leader has decided so.
    """
    record = slot.record
    if record is None or not (record.protected or record.guardians_not_informed):
        return ()
    why = "not_informed_alone" if record.guardians_not_informed else "protected_alone"
    if not alone:
        return (Problem(why if slot.case else f"{why}_new", entry.place, {"case": slot.number}),)
    if manifest.per != "document" and entry.recipients is None:
        return (Problem("protected_name_recipients", entry.place),)
    return _other_parents(entry, slot, new)


def _other_parents(entry: DocumentEntry, slot: Slot, new: Sequence[Letter]) -> tuple[Problem, ...]:
    people = people_of(slot.people)
    allowed = slot.case.allowed if slot.case else frozenset[str]()
    if people is None or "other_parent" in allowed:
        return ()
    codes = (c for letter in new if letter.recipient for c in (letter.recipient, *letter.signers))
    outside = outside_protected_home(people.child, people.guardians, dict.fromkeys(codes))
    return tuple(
        Problem("other_parent_not_decided", entry.place, {"case": slot.number, "person": code})
        for code in outside
    )


def responsibility_problems(
    entry: DocumentEntry, slot: Slot, manifest: Manifest, on: date, profile: Profile
) -> tuple[Problem, ...]:
    """Guardians of whom nobody has said whether they sign, for a consent to all (rule 28).

    Naming the recipients is a person's word on it.
    """
    people = people_of(slot.people)
    if people is None or manifest.consent != "gives" or entry.recipients is not None:
        return ()
    if decides_alone(people.child, profile, on):
        return ()
    unclear = [c for c, g in people.guardians.items() if g.responsibility == "ikke_avklart"]
    params = {"people": ", ".join(unclear)}
    return (Problem("signers_not_clarified", entry.place, params),) if unclear else ()


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
        say = office.say(office.settings.language)
        parts = ", ".join(say(f"withheld_{part}") for part in hidden)
        params = {"case": slot.number, "parts": parts, "codes": " ".join(hidden)}
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
