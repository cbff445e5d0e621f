"""What differs between municipalities: levels, services, ages, deadlines, law. Data only.

The shipped profiles are `templates/profil.toml` (levels 0 to 3, bokmål) and
`templates/profil-abc.toml` (levels A to C, nynorsk); the second proves that nothing is hard-wired.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bti_docs.core.manifest import Language, Option, Text


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Municipality(_Record):
    """Kommune: what the letterhead says."""

    name: str = Field(alias="navn")
    address: str = Field(default="", alias="adresse")
    postcode: str = Field(default="", alias="postnr")
    town: str = Field(default="", alias="poststed")
    phone: str = Field(default="", alias="telefon")
    email: str = Field(default="", alias="epost")
    website: str = Field(default="", alias="nettside")
    organisation_number: str = Field(default="", alias="orgnr")


class Unit(_Record):
    """Enhet: a school, kindergarten or service that makes documents."""

    key: str
    name: str = Field(alias="navn")
    address: str = Field(default="", alias="adresse")
    phone: str = Field(default="", alias="telefon")


class Level(Option):
    """Nivå, with the steps of the guide and the days each may take."""

    order: int = Field(alias="rekkefoelge")
    log_opens: bool = Field(default=False, alias="logg_aapnes")
    decision_days: int | None = Field(default=None, alias="beslutning_dager")
    steps: tuple[Option, ...] = Field(default=(), alias="steg")


class LawReference(_Record):
    """A legal reference and the days between which it is the right one."""

    key: str
    short: str = Field(alias="kort")
    nb: str
    nn: str
    valid_from: date = Field(alias="fra")
    valid_to: date | None = Field(default=None, alias="til")

    def text(self, language: str) -> str:
        """The reference with its name in *language*."""
        return self.nn if language == "nn" else self.nb


class Ages(_Record):
    """From which birthday the young person signs, is asked, and decides alone."""

    heard: int = Field(default=7, alias="hoeres")
    signs: int = Field(default=15, alias="signerer")
    health: int = Field(default=16, alias="helse")
    adult: int = Field(default=18, alias="myndig")


class Urgent(_Record):
    """One line of the «Når det haster» box."""

    phone: str = Field(alias="telefon")
    nb: str
    nn: str
    en: str = ""

    def text(self, language: str) -> str:
        """The line in *language*."""
        if language == "en" and self.en:
            return self.en
        return self.nn if language == "nn" else self.nb


class Profile(_Record):
    """Everything a municipality decides for itself."""

    name: str = Field(alias="navn")
    language: Language = Field(default="nb", alias="maalform")
    municipality: Municipality = Field(alias="kommune")
    units: tuple[Unit, ...] = Field(default=(), alias="enhet")
    levels: tuple[Level, ...] = Field(alias="nivaa")
    services: tuple[Option, ...] = Field(alias="tjeneste")
    arenas: tuple[Option, ...] = Field(alias="arena")
    ages: Ages = Field(default=Ages.model_validate({}), alias="alder")
    law: tuple[LawReference, ...] = Field(default=(), alias="lov")
    urgent: tuple[Urgent, ...] = Field(default=(), alias="haster")
    urgent_staff: Text | None = Field(default=None, alias="haster_ansatte")
    complaint: Text = Field(alias="klage")
    """How to complain of something that is held back."""
    words: tuple[Text, ...] = Field(default=(), alias="ordliste")
    """«word: meaning» for the family's word list."""
    strictly_confidential_allowed: bool = Field(default=False, alias="tillat_strengt_fortrolig")
    consent_months: int = Field(default=12, alias="samtykke_maaneder")
    remark_days: int = Field(default=7, alias="merknad_dager")
    team_mode: Literal["anonym", "samtykke", "begge"] = Field(
        default="begge", alias="team_droefting"
    )

    def options(self, name: str) -> tuple[Option, ...]:
        """The list a manifest names: `tjenester`, `nivaaer`, `arenaer`, `enheter`."""
        lists: dict[str, tuple[Option, ...]] = {
            "tjenester": self.services,
            "nivaaer": self.levels,
            "arenaer": self.arenas,
            "enheter": tuple(Option(key=u.key, nb=u.name, nn=u.name) for u in self.units),
        }
        return lists[name]

    def unit(self, key: str) -> Unit | None:
        """The unit with *key*."""
        return next((unit for unit in self.units if unit.key == key), None)

    def level(self, key: str) -> Level | None:
        """The level with *key*."""
        return next((level for level in self.levels if level.key == key), None)

    def law_on(self, key: str, day: date) -> LawReference | None:
        """The reference *key* as it stands on *day*."""
        return next(
            (
                law
                for law in self.law
                if law.key == key
                and law.valid_from <= day
                and (law.valid_to is None or day <= law.valid_to)
            ),
            None,
        )
