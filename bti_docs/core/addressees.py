"""Who a paper is to, and who it tells people to ask: the address window and the contact. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bti_docs.core.events import Json
from bti_docs.core.letters import Letter, People, address_lines


def recipient(letter: Letter, people: People | None, say: Callable[..., str]) -> Json:
    """What stands in the window: one household's names and its address, never a protected one."""
    if letter.recipient is None or people is None:
        return {"navn": "", "adresselinjer": [], "kode": ""}
    return {
        "navn": joined(letter.names, say("and_between")),
        "adresselinjer": address_lines(people, letter.recipient),
        "kode": letter.recipient,
    }


def joined(names: Sequence[str], word: str) -> str:
    """«A», «A og B», «A, B og C»."""
    if len(names) < 2:  # noqa: PLR2004  (nothing to put a word between)
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def contact(holder: Json, unit: Json, municipality: Json) -> Json:
    """Who answers questions: the relay holder, else the unit, else the municipality.

    The telephone is the first there is from that one on, so that a paper always has a number to
    call when the municipality has given one.
    """
    asked = [one for one in (holder, unit, municipality) if one["navn"]]
    phones = (str(one["telefon"]) for one in asked)
    town_hall = (municipality["adresse"], f"{municipality['postnr']} {municipality['poststed']}")
    return {
        "navn": asked[0]["navn"],
        "telefon": next(filter(None, phones), ""),
        "epost": asked[0].get("epost", ""),
        "adresse": unit["adresse"] or ", ".join(filter(None, map(str.strip, town_hall))),
    }
