"""The demo's story: an invented office's cases and week, read from the data beside the program."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from typing import Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Day = Literal["mandag", "tirsdag", "onsdag", "torsdag", "fredag"]
Round = Literal["mandag", "alene", "onsdag"]

DAYS: Final[tuple[Day, ...]] = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Row(_Record):
    """One row of a document sheet, or a document of no case."""

    type: str
    round: Round = Field(alias="runde")
    recipients: tuple[str, ...] | None = Field(None, alias="mottakere")
    values: Mapping[str, Any] = Field(default_factory=dict, alias="felter")
    makes: Mapping[str, int] = Field(default_factory=dict, alias="lager")
    """How many documents of each type come of it; only for documents of no case."""
    uncovered: tuple[str, ...] | None = Field(None, alias="uten_samtykke")
    """The services that nobody has consented to; None: not looked at."""


class StoryCase(_Record):
    """A case, by the keys of the workbook's sheet, with its document rows."""

    id: str
    makes: Mapping[str, int] = Field(alias="lager")
    rows: tuple[Row, ...] = Field((), alias="dokument")
    record: Mapping[str, Any]


class Fault(_Record):
    """Something typed wrong the first time, and the problem that is to come of it."""

    case: str = Field(alias="sak")
    type: str
    field: str = Field("", alias="felt")
    value: str = Field("", alias="verdi")
    extra: bool = Field(default=False, alias="ekstra")
    """A whole row that should not be there."""
    code: str = Field(alias="kode")


class _Act(_Record):
    day: Day = Field(alias="dag")
    case: str | None = Field(None, alias="sak")
    type: str = ""
    recipient: str | None = Field(None, alias="mottaker")
    why: str = Field("", alias="hvorfor")


class Scan(_Act):
    """A paper that comes back: who has signed, what is odd about it, why it is to wait."""

    file: str = Field(alias="fil")
    archive: str | None = Field(None, alias="arkiv")
    """Another archive's name: the paper is not ours."""
    signed_by: tuple[str, ...] | None = Field(None, alias="signerer")
    """None: everybody who is asked to."""
    pages: tuple[int, ...] = Field((), alias="sider")
    """Only these; empty: all."""
    upside_down: bool = Field(default=False, alias="opp_ned")
    written_on: bool = Field(default=False, alias="skrevet")
    unreadable: bool = Field(default=False, alias="uleselig")
    waits: tuple[str, ...] = Field((), alias="venter")


class Reading(_Act):
    """A person reads a paper that has come back, and says what it gives."""

    without: tuple[str, ...] = Field((), alias="uten")
    limits: Mapping[str, str] = Field(default_factory=dict, alias="grenser")


class Finished(_Act):
    """Minutes that are finished in Word and laid in the inbox."""

    file: str = Field(alias="fil")


class Decided(_Act):
    """A person's decision about something in Til avklaring; without a case it is not ours."""

    file: str = Field(alias="fil")
    unsigned: tuple[str, ...] = Field((), alias="usignert")


class Settled(_Act):
    """A document that ends without paper."""

    how: str = Field(alias="hvordan")
    by: str = Field(alias="av")


class LevelChange(_Act):
    """The case moves to another level."""

    level: str = Field(alias="nivaa")


class HandOver(_Act):
    """The baton is offered to somebody, who takes it."""

    to: Mapping[str, str] = Field(alias="til")


class Closing(_Act):
    """The case is closed, and what is outstanding in it ends."""

    settle_why: str = Field(alias="utestaaende")


class Family(_Record):
    """Who gets the family's folder."""

    case: str = Field(alias="sak")
    person: str


class Week(_Record):
    """Everything that happens in the week."""

    monday: date = Field(alias="mandag")
    common: tuple[Row, ...] = Field(alias="felles")
    faults: tuple[Fault, ...] = Field(alias="feil")
    scans: tuple[Scan, ...] = Field(alias="papir")
    readings: tuple[Reading, ...] = Field(alias="lest")
    finished: tuple[Finished, ...] = Field(alias="ferdig")
    decided: tuple[Decided, ...] = Field(alias="avklart")
    settled: tuple[Settled, ...] = Field(alias="avgjort")
    levels: tuple[LevelChange, ...] = Field(alias="nivaa")
    hand_overs: tuple[HandOver, ...] = Field(alias="stafett")
    closings: tuple[Closing, ...] = Field(alias="avslutning")
    family: Family = Field(alias="familie")

    def date_of(self, day: Day) -> date:
        """The date of a day of the week."""
        return self.monday + timedelta(days=DAYS.index(day))


_A = TypeVar("_A", bound=_Act)


def on_day(acts: Iterable[_A], day: Day) -> tuple[_A, ...]:
    """The acts of one day, in their order."""
    return tuple(act for act in acts if act.day == day)


@dataclass(frozen=True, slots=True)
class Story:
    """The cases and the week, with the texts that the documents are filled with."""

    cases: tuple[StoryCase, ...]
    week: Week
    texts: Mapping[str, Mapping[str, Any]]

    def case(self, case_id: str) -> StoryCase:
        """The case with this id."""
        return next(case for case in self.cases if case.id == case_id)

    def values(self, case: StoryCase, kind: str, own: Mapping[str, Any]) -> dict[str, Any]:
        """What is written in a document of *case*: the texts of its målform, then its own."""
        words = _words(case)
        common = self.texts[str(case.record["maalform"])].get(kind, {})
        return {key: _filled(value, words) for key, value in {**common, **own}.items()}

    @property
    def made(self) -> dict[str, int]:
        """How many documents of each type the whole week is to make."""
        counts: dict[str, int] = {}
        for makes in (*(c.makes for c in self.cases), *(row.makes for row in self.week.common)):
            for type_code, count in makes.items():
                counts[type_code] = counts.get(type_code, 0) + count
        return counts


def _words(case: StoryCase) -> dict[str, str]:
    holder = case.record["stafettholder"]
    return {
        "barn": case.record["barn"]["fornavn"],
        "holder": holder["navn"],
        "tjeneste": holder["tjeneste"],
    }


def _filled(value: Any, words: Mapping[str, str]) -> Any:  # noqa: ANN401  (TOML in, TOML out)
    if isinstance(value, str):
        return value.format_map(words)
    if isinstance(value, Mapping):
        return {key: _filled(inner, words) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(inner, words) for inner in value]
    return value


def read_story(cases: int | None = None) -> Story:
    """The story, or the part of it that the first *cases* cases live."""
    told = tuple(_case(body) for body in _data("saker.toml")["sak"])[:cases]
    known = {case.id for case in told} | {None}
    week = Week.model_validate(_data("uke.toml"))
    kept = {
        name: tuple(act for act in getattr(week, name) if act.case in known)
        for name in (
            "faults", "scans", "readings", "finished", "decided", "settled", "levels",
            "hand_overs", "closings",
        )
    }  # fmt: skip
    return Story(told, week.model_copy(update=kept), _data("tekster.toml"))


def _case(body: Mapping[str, Any]) -> StoryCase:
    own = {"id", "lager", "dokument"}
    record = {key: value for key, value in body.items() if key not in own}
    return StoryCase.model_validate({**{k: body[k] for k in own & body.keys()}, "record": record})


def _data(name: str) -> dict[str, Any]:
    file = resources.files("bti_docs").joinpath("assets", "demo", name)
    return tomllib.loads(file.read_text(encoding="utf-8"))


def config_file() -> bytes:
    """The settings of a throw-away office."""
    return resources.files("bti_docs").joinpath("assets", "demo", "config.toml").read_bytes()
