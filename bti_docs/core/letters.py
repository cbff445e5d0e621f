"""Who gets a letter of their own, and who signs on it. Pure.

One letter per recipient, with only that recipient's name and address (users.md rule 14). A consent
form is one sheet for guardians who live together and one each for those who do not; a youth who is
old enough signs with them, and a grown-up or pregnant person alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bti_docs.core.deadlines import age_on
from bti_docs.core.events import Json
from bti_docs.core.manifest import Manifest
from bti_docs.core.profile import Profile
from bti_docs.core.records import Child, Guardian

CHILD = "barn"
APPROVER = "godkjenner"
"""Who signs a document that one named person approves."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One document of a row: for whom, and who signs it."""

    recipient: str | None
    """A person's code, or None for a document without one recipient."""
    names: tuple[str, ...] = ()
    """Who the address block names."""
    signers: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    """All who must sign for it to count, when they are more than those who sign this one."""


@dataclass(frozen=True, slots=True)
class People:
    """The people of a case by their codes, parsed."""

    child: Child
    guardians: Mapping[str, Guardian]
    names: Mapping[str, str]
    """Every code's name."""


def people_of(bodies: Mapping[str, Json]) -> People | None:
    """The people from a case's payload; None when the child's part was removed."""
    if CHILD not in bodies:
        return None
    guardians = {
        code: Guardian.model_validate(body)
        for code, body in bodies.items()
        if code[0] == "f" and code[1:].isdigit()
    }
    child = Child.model_validate(bodies[CHILD])
    names = {code: str(body.get("navn", "")) for code, body in bodies.items()}
    return People(child, guardians, {**names, CHILD: child.name})


def letters(
    manifest: Manifest,
    people: People,
    *,
    wanted: tuple[str, ...] | None,
    profile: Profile,
    on: date,
) -> tuple[Letter, ...]:
    """The letters of one row; empty when there is nobody to write to.

    *wanted* are person codes that the row names; None means those the manifest says.
    """
    if manifest.per == "document":
        return (Letter(None, (), _all_signers(manifest, people, profile, on)),)
    people = clarified(people, wanted or ())
    codes = wanted if wanted is not None else _default_recipients(manifest, people, profile, on)
    if manifest.per == "recipient":
        return tuple(Letter(code, (people.names[code],)) for code in codes)
    return _household_letters(manifest, people, codes, profile, on)


def decides_alone(child: Child, profile: Profile, on: date) -> bool:
    """Whether the person of the case signs and receives alone: grown up, or pregnant."""
    if child.kind == "gravid":
        return True
    return child.birth_date is not None and age_on(child.birth_date, on) >= profile.ages.adult


def signs_too(child: Child, profile: Profile, on: date) -> bool:
    """Whether the youth signs together with the guardians."""
    return child.birth_date is not None and age_on(child.birth_date, on) >= profile.ages.signs


def signers_of(people: People, profile: Profile, on: date) -> tuple[str, ...]:
    """The codes of all who must say yes to a consent on the day *on*; empty when nobody may.

    Only foreldreansvar that is clarified counts: whoever has it, and the youth who is old enough
    with them; a grown-up or pregnant person alone.
    """
    if decides_alone(people.child, profile, on):
        return (CHILD,)
    guardians = tuple(c for c, g in people.guardians.items() if g.responsibility == "ja")
    return (*guardians, CHILD) if signs_too(people.child, profile, on) else guardians


def clarified(people: People, named: tuple[str, ...]) -> People:
    """The people as somebody has said who signs: who is named although nothing is clear, does."""
    said = {
        code: guardian.model_copy(update={"responsibility": "ja"})
        if code in named and guardian.responsibility == "ikke_avklart"
        else guardian
        for code, guardian in people.guardians.items()
    }
    return replace(people, guardians=said)


def unclear(people: People, profile: Profile, on: date) -> tuple[str, ...]:
    """The guardians of whom nobody has said whether they must say yes to a consent."""
    if decides_alone(people.child, profile, on):
        return ()
    return tuple(c for c, g in people.guardians.items() if g.responsibility == "ikke_avklart")


def address_lines(people: People, code: str) -> list[str]:
    """A person's address as a letter shows it: nothing when it is protected, or not known."""
    home = people.child if code == CHILD else people.guardians.get(code)
    if home is None or home.protection != "ingen":
        return []
    return [line for line in (home.address, f"{home.postcode} {home.town}".strip()) if line]


def _default_recipients(
    manifest: Manifest, people: People, profile: Profile, on: date
) -> tuple[str, ...]:
    family: tuple[str, ...] = ()
    if manifest.recipients in {"guardians", "guardians_and_participants"}:
        family = (
            (CHILD,)
            if decides_alone(people.child, profile, on)
            else tuple(c for c, g in people.guardians.items() if g.responsibility == "ja")
        )
    others = tuple(c for c in people.names if c[0] == "d" and c[1:].isdigit())
    if manifest.recipients in {"participants", "guardians_and_participants"}:
        return family + others
    return family


def _all_signers(manifest: Manifest, people: People, profile: Profile, on: date) -> tuple[str, ...]:
    if manifest.signers != "guardians_and_youth":
        return ()
    return signers_of(people, profile, on)


def _household_letters(
    manifest: Manifest, people: People, codes: tuple[str, ...], profile: Profile, on: date
) -> tuple[Letter, ...]:
    signers = _all_signers(manifest, people, profile, on)
    made = []
    for number, group in enumerate(_households(people, codes)):
        own = tuple(code for code in group if code in signers)
        own += (CHILD,) if number == 0 and CHILD in signers and CHILD not in codes else ()
        names = tuple(people.names[code] for code in group)
        made.append(Letter(group[0], names, own, signers if set(signers) - set(own) else ()))
    return tuple(made)


def _households(people: People, codes: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Those who live together: the same mark, or the same address when no mark is given."""
    groups: dict[object, list[str]] = {}
    for code in codes:
        guardian = people.guardians.get(code)
        groups.setdefault(_home(guardian) or code, []).append(code)
    return tuple(tuple(group) for group in groups.values())


def _home(guardian: Guardian | None) -> tuple[str, ...] | None:
    if guardian is None or guardian.protection != "ingen":
        return None
    if guardian.household:
        return ("mark", guardian.household.casefold())
    if guardian.address:
        return ("address", guardian.address.casefold(), guardian.postcode)
    return None
