"""What the family says aloud about sharing: a yes, a no, or that a consent is withdrawn.

It is one act, holds at once, and never needs a signature (users.md rule 6). But a yes counts only
from those who may give it, and when everybody who must say it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bti_docs.app.acts import check_day, known_person, noted, reason
from bti_docs.app.office import Office
from bti_docs.core.consent import covered_services, in_force, service_key
from bti_docs.core.deadlines import months_later
from bti_docs.core.events import Json
from bti_docs.core.fold_facts import YES
from bti_docs.core.letters import clarified, people_of, signers_of, unclear
from bti_docs.core.model import Case
from bti_docs.core.person_codes import current_people
from bti_docs.errors import InputError


@dataclass(frozen=True, slots=True)
class Spoken:
    """What somebody has said, on the telephone or in a meeting."""

    outcome: str
    """given, refused or withdrawn."""
    by: tuple[str, ...]
    """Codes of those who said it."""
    on: date
    why: str
    services: tuple[str, ...] = ()
    """By key or name. A withdrawal without services is of everything."""
    until: date | None = None
    """The last day of a yes; None: as long as the profile lets a consent run."""


@dataclass(frozen=True, slots=True)
class Noted:
    """The case as it then is, and whose answer a yes still waits for."""

    case: Case
    missing: tuple[str, ...] = ()


def note_consent(office: Office, case: Case, said: Spoken) -> Noted:
    """Write down an oral yes, refusal or withdrawal.

    Raises:
        InputError: somebody who has no say in it, a day to come, an end before the beginning, a
            service that the profile or the consent does not have, or a no to what was given.
    """
    check_day(office, said.on)
    _may_say(office, case, said)
    _all_clear(office, case, said)
    services = _services(office, said.services)
    codes = {"outcome": said.outcome, "by": list(said.by)}
    fact = {"fact": "consent", "outcome": said.outcome, "services": services, "how": "oral",
            "by": list(said.by), "on": said.on.isoformat()}  # fmt: skip
    if said.outcome == "given":
        fact |= _term(office, said) | {"asked": list(consent_signers(office, case, said.on))}
    elif said.outcome == "withdrawn":
        _consented_to(case, services)
    else:
        _nothing_given(case, services, said.on)
    case = noted(office, case, (fact,), reason(said.why), codes)
    return Noted(case, _missing(case, said, services))


def consent_signers(
    office: Office, case: Case, on: date, named: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The codes of all who must say yes in *case* on the day *on*; empty when nobody may.

    Naming somebody whose foreldreansvar is not clarified is a person's word that they must.
    """
    people = people_of(current_people(case))
    return signers_of(clarified(people, named), office.profile, on) if people else ()


def check_say(case: Case, codes: Iterable[str], may: Sequence[str]) -> None:
    """Let only those answer who have a say.

    Raises:
        InputError: a code is not one of the case's, or not one of *may*.
    """
    for code in codes:
        known_person(case, code)
        if not may:
            raise InputError("nobody_may_consent", case=case.chain)
        if code not in may:
            raise InputError("person_may_not_consent", person=code, known=", ".join(may))


def check_term(start: date, end: date) -> None:
    """Let no consent end before it begins.

    Raises:
        InputError: it does.
    """
    if end < start:
        raise InputError("consent_ends_first")


def _may_say(office: Office, case: Case, said: Spoken) -> None:
    may = consent_signers(office, case, said.on)
    if said.outcome == "withdrawn":  # whoever has given one may always take it back
        gave = {code for c in case.consents if c.outcome in YES for code in c.by}
        may = tuple(dict.fromkeys((*may, *sorted(gave))))
    check_say(case, said.by, may)


def _all_clear(office: Office, case: Case, said: Spoken) -> None:
    """A yes cannot be whole while nobody knows who must say it (users.md rule 28)."""
    people = people_of(current_people(case))
    waits = unclear(people, office.profile, said.on) if people else ()
    if said.outcome == "given" and waits:
        raise InputError("responsibility_not_clear", people=", ".join(waits))


def _services(office: Office, names: Iterable[str]) -> list[str]:
    known = [service.key for service in office.profile.services]
    keys = {service_key(name, office.profile): name for name in names}
    strange = next((name for key, name in keys.items() if key not in known), None)
    if strange is not None:
        raise InputError("unknown_service", service=strange, known=", ".join(known))
    return list(keys)


def _term(office: Office, said: Spoken) -> Json:
    end = said.until or months_later(said.on, office.profile.consent_months)
    check_term(said.on, end)
    return {"from": said.on.isoformat(), "to": end.isoformat()}


def _consented_to(case: Case, services: Sequence[str]) -> None:
    """Whether all that is withdrawn has been said yes to."""
    stands = (c for c in case.consents if c.withdrawn_on is None and c.outcome in YES)
    known = {key for c in stands for key in c.services}
    strange = next((service for service in services if service not in known), None)
    if strange is not None:
        raise InputError("service_not_in_consent", service=strange, known=", ".join(sorted(known)))


def _nothing_given(case: Case, services: Sequence[str], on: date) -> None:
    """A no to what has been said yes to is a withdrawal: else sharing would go on."""
    if in_force(case, on) and (not services or covered_services(case, on) & set(services)):
        raise InputError("consent_is_in_force", case=case.chain)


def _missing(case: Case, said: Spoken, services: Sequence[str]) -> tuple[str, ...]:
    if said.outcome != "given":
        return ()
    spoken = (c for c in reversed(case.consents) if c.ref is None and set(said.by) <= c.by)
    found = next((c for c in spoken if set(c.services) == set(services)), None)
    return tuple(sorted(found.asked - found.by)) if found else ()
