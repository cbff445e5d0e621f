"""Consent is a gate: which services may know what, on which day. Pure.

Consent lifts the duty of secrecy for *services*, not persons. It counts from the day a person has
read the signed sheets of everybody who must sign; a withdrawal counts at once and deletes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bti_docs.core.manifest import same_text
from bti_docs.core.model import Case, Consent
from bti_docs.core.profile import Profile


def in_force(case: Case, on: date) -> tuple[Consent, ...]:
    """The consents that count on *on*."""
    return tuple(c for c in case.consents if _counts(c, on))


def _counts(consent: Consent, on: date) -> bool:
    return (
        consent.outcome in {"given", "partly"}
        and consent.complete
        and (consent.valid_from is None or consent.valid_from <= on)
        and (consent.valid_to is None or on <= consent.valid_to)
        and (consent.withdrawn_on is None or on < consent.withdrawn_on)
    )


def covered_services(case: Case, on: date) -> frozenset[str]:
    """The services (profile keys) that may take part on *on*."""
    return frozenset(service for consent in in_force(case, on) for service in consent.services)


def covers(case: Case, services: Iterable[str], on: date, profile: Profile) -> tuple[str, ...]:
    """The services among *services* that nobody has consented to on *on*, as given.

    *services* are keys or labels as a participant's row has them; blank ones (the family) pass.
    """
    covered = covered_services(case, on)
    wanted = dict.fromkeys(s.strip() for s in services if s.strip())
    return tuple(s for s in wanted if service_key(s, profile) not in covered)


def service_key(name: str, profile: Profile) -> str:
    """The profile's key for a service as somebody wrote it; the text itself when unknown."""
    for service in profile.services:
        if (
            same_text(name, service.key)
            or same_text(name, service.nb)
            or same_text(name, service.nn)
        ):
            return service.key
    return name


def service_label(name: str, profile: Profile, language: str) -> str:
    """What people call the service; the text itself when the profile does not know it."""
    key = service_key(name, profile)
    return next((s.label(language) for s in profile.services if s.key == key), name)
