"""The throw-away office, its calendar, and finding a document of the story in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from bti_docs import files
from bti_docs.app.demo.results import Bars, Teller
from bti_docs.app.demo.story import Day, Story, config_file
from bti_docs.app.office import Office
from bti_docs.app.opening import init_office, open_office
from bti_docs.app.staff import add_staff
from bti_docs.config import CONFIG_NAME
from bti_docs.core.events import ChainId
from bti_docs.core.model import Case, Document
from bti_docs.errors import ConfigError
from bti_docs.files import Disk, NewFile

_OPENS: Final = time(7, 0, tzinfo=UTC)
_TICK: Final = timedelta(seconds=15)
_STAFF: Final = "u-01"


@dataclass(slots=True)
class DemoClock:
    """A clock that starts on a morning and goes on a little each time somebody looks at it."""

    now: datetime

    def __call__(self) -> datetime:
        """The time."""
        self.now += _TICK
        return self.now


def morning(day: date) -> DemoClock:
    """The clock of a day at eight o'clock in Norway's winter."""
    return DemoClock(datetime.combine(day, _OPENS))


@dataclass(slots=True)
class Stage:
    """Where the week is played: the office on the day it has come to, and the story."""

    story: Story
    office: Office
    teller: Teller
    bars: Bars
    chains: dict[str, ChainId] = field(default_factory=dict)
    """The case numbers that the office gave, by the story's ids."""
    batches: list[str] = field(default_factory=list)

    def turn_to(self, day: Day) -> None:
        """The next morning."""
        today = self.story.week.date_of(day)
        self.office = self.office.on(today, morning(today))

    def case(self, case_id: str) -> Case:
        """A case of the story."""
        return self.office.case(self.chains[case_id])

    def documents(
        self, case_id: str | None, type_code: str, recipient: str | None = None
    ) -> tuple[Document, ...]:
        """The documents of a type in a case, or in the office's series."""
        chains = [self.chains[case_id]] if case_id else self.series()
        found = (d for chain in chains for d in self.office.case(chain).documents)
        return tuple(d for d in found if d.type == type_code and recipient in {None, d.recipient})

    def document(self, case_id: str | None, type_code: str, recipient: str | None) -> Document:
        """The one document that the story means."""
        return self.documents(case_id, type_code, recipient)[0]

    def series(self) -> list[ChainId]:
        """The office's series."""
        return [c for c in self.office.archive.chains() if self.office.case(c).kind == "serie"]

    def all_cases(self) -> list[Case]:
        """Every case and series."""
        return [self.office.case(chain) for chain in self.office.archive.chains()]


def new_office(folder: Path, monday: date) -> Office:
    """Make the throw-away office in *folder* and open it on the week's first morning.

    Raises:
        ConfigError: the folder holds something.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError("folder_not_empty", folder=str(folder))
    disk, clock = Disk(), morning(monday)
    files.ensure_folder(disk, folder)
    files.publish(disk, [NewFile(folder / CONFIG_NAME, config_file())])
    init_office(folder, disk=disk, clock=clock)
    office = open_office(folder, actor=_STAFF, today=monday, clock=clock, disk=disk)
    add_staff(office, _STAFF, {"name": "Sidsel Sekretærprøve", "title": "sekretær"})
    return replace(office, actor=_STAFF)


def json_file(office: Office, name: str, cases: Iterable[Any], documents: Iterable[Any]) -> Path:
    """An input as another program would hand it in."""
    body = {"batch": name, "saker": list(cases), "dokumenter": list(documents)}
    data = json.dumps(body, ensure_ascii=False, indent=2, default=_iso).encode()
    path = office.settings.root / f"{name}.json"
    files.rewrite(office.disk, path, data)
    return path


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
