"""The blocks a person fills, parsed at the rim: Norwegian keys in, English attributes inside.

Only blocks have models (users' fields are data in the manifests); a block carries its meaning, so
a field of type `tiltak` feeds the relay log in any document, also in one nobody coded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

Protection = Literal["ingen", "fortrolig", "strengt_fortrolig", "klientadresse"]
"""Adressesperre: none, kode 7, kode 6, or an institution's address."""

Responsibility = Literal["ja", "nei", "ikke_avklart"]


class Block(BaseModel):
    """A group of values that belong together."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,
        populate_by_name=True,
        hide_input_in_errors=True,  # a traceback must not hold what a person wrote
    )

    def norwegian(self) -> dict[str, Any]:
        """The values by their Norwegian keys, as templates and payloads have them."""
        return self.model_dump(by_alias=True, mode="json")


class Person(Block):
    """A member of staff or another grown-up with a part in the case."""

    name: str = Field(default="", alias="navn")
    title: str = Field(default="", alias="stilling")
    service: str = Field(default="", alias="tjeneste")
    phone: str = Field(default="", alias="telefon")
    email: str = Field(default="", alias="epost")


class Child(Block):
    """The person of the case: child, youth or pregnant woman."""

    given_name: str = Field(alias="fornavn")
    family_name: str = Field(alias="etternavn")
    birth_date: date | None = Field(default=None, alias="foedselsdato")
    id_number: str = Field(default="", alias="foedselsnummer")
    kind: Literal["barn", "ungdom", "gravid"] = Field(default="barn", alias="slag")
    school: str = Field(default="", alias="skole")
    class_group: str = Field(default="", alias="klasse")
    home_language: str = Field(default="", alias="spraak")
    protection: Protection = Field(default="ingen", alias="adressesperre")
    address: str = Field(default="", alias="adresse")
    postcode: str = Field(default="", alias="postnr")
    town: str = Field(default="", alias="poststed")

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}".strip()


class Guardian(Block):
    """Foresatt."""

    name: str = Field(alias="navn")
    relation: Literal["mor", "far", "medmor", "verge", "fosterforelder", "steforelder", "annen"] = (
        Field(default="annen", alias="tilknytning")
    )
    responsibility: Responsibility = Field(default="ikke_avklart", alias="foreldreansvar")
    household: str = Field(default="", alias="husstand")
    """Guardians with the same mark live together; a blank one lives alone."""
    address: str = Field(default="", alias="adresse")
    postcode: str = Field(default="", alias="postnr")
    town: str = Field(default="", alias="poststed")
    phone: str = Field(default="", alias="telefon")
    email: str = Field(default="", alias="epost")
    protection: Protection = Field(default="ingen", alias="adressesperre")
    interpreter: str = Field(default="", alias="tolk")
    """The language an interpreter is needed in."""


class Participant(Block):
    """Deltaker in a meeting or in the network round the child."""

    name: str = Field(default="", alias="navn")
    role: str = Field(default="", alias="rolle")
    service: str = Field(default="", alias="tjeneste")
    status: Literal["", "innkalt", "til_stede", "forfall", "ikke_moett", "delvis"] = Field(
        "", alias="status"
    )


class Measure(Block):
    """Tiltak: the heart of the relay log."""

    id: str = Field(default="", alias="nr")
    goal: str = Field(default="", alias="maal")
    measure: str = Field(default="", alias="tiltak")
    arena: str = ""
    owner: str = Field(default="", alias="ansvarlig")
    service: str = Field(default="", alias="tjeneste")
    start: date | None = None
    due: date | None = Field(default=None, alias="frist")
    result: str = Field(default="", alias="resultat")
    evaluation: str = Field(default="", alias="evaluering")
    evaluate_on: date | None = Field(default=None, alias="evalueres")
    status: Literal["", "ny", "paagaar", "videre", "endres", "avsluttes"] = ""


class AgendaItem(Block):
    """Sakspunkt."""

    number: str = Field(default="", alias="nr")
    title: str = Field(default="", alias="tittel")
    owner: str = Field(default="", alias="ansvarlig")
    minutes: int | None = Field(default=None, alias="minutter")


class Consent(Block):
    """Samtykke: services, not persons, with scope, limits and an end date."""

    purpose: str = Field(default="", alias="formaal")
    services: tuple[str, ...] = Field(default=(), alias="tjenester")
    scope: tuple[str, ...] = Field(default=(), alias="omfang")
    sources: tuple[str, ...] = Field(default=(), alias="kilder")
    information: str = Field(default="", alias="opplysninger")
    exclusions: str = Field(default="", alias="unntak")
    limits: str = Field(default="", alias="begrensninger")
    valid_from: date | None = Field(default=None, alias="fra")
    valid_to: date | None = Field(default=None, alias="til")


BLOCK_MODELS: Final[Mapping[str, type[Block]]] = {
    "person": Person,
    "foresatt": Guardian,
    "deltaker": Participant,
    "tiltak": Measure,
    "sakspunkt": AgendaItem,
    "samtykke": Consent,
}


class CaseRecord(Block):
    """A case as the office knows it: the row of the sheet «Saker» and its child rows."""

    language: Literal["nb", "nn"] = Field(default="nb", alias="maalform")
    unit: str = Field(default="", alias="enhet")
    level: str = Field(default="", alias="nivaa")
    child: Child = Field(alias="barn")
    guardians: tuple[Guardian, ...] = Field(default=(), alias="foresatte")
    relay_holder: Person = Field(default=Person.model_validate({}), alias="stafettholder")
    participants: tuple[Participant, ...] = Field(default=(), alias="deltakere")
    guardians_not_informed: bool = Field(default=False, alias="foresatte_ikke_informert")
    """«Foresatte er ikke informert»: nothing leaves the house in bulk."""

    @property
    def protected(self) -> bool:
        """Whether any address in the case is protected."""
        return self.child.protection != "ingen" or any(
            g.protection != "ingen" for g in self.guardians
        )


def sub_fields(block: str) -> tuple[str, ...]:
    """The Norwegian keys of a block, in order."""
    return tuple(field.alias or name for name, field in BLOCK_MODELS[block].model_fields.items())
