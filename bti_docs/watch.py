"""The inbox's loop: watchdog rings the bell, a sweep of the folder is the truth.

Notifications are lost on network shares and come early everywhere, so they only wake us up; the
folder is looked at every few seconds whatever they say.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from bti_docs.app.office import Office
from bti_docs.app.receipts import say_alive
from bti_docs.app.sweeping import NOT_YET, Sweep, listing, strays, take_in
from bti_docs.app.taking.results import shown_name
from bti_docs.app.tidying import tidy
from bti_docs.config import Settings
from bti_docs.core.settle import Seen, Stat, settle
from bti_docs.errors import BtiError, IntegrityError

EVERY: Final = 3.0
"""Seconds between two looks when nobody rings."""

_RINGS_AT_MOST: Final = 1.0
_ALIVE_EVERY: Final = 20
"""Looks between two signs of life: a minute."""

OpenOffice = Callable[[], Office]
"""Opens the office anew, so that new templates, another day and other people's acts are seen."""

Told = Callable[[Sweep | BtiError], None]


class _Bell(FileSystemEventHandler):
    """Rings when anything at all happens in the inbox."""

    def __init__(self, ring: threading.Event) -> None:
        self._ring = ring

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Ring; what happened does not matter."""
        del event
        self._ring.set()


def watch(
    open_office: OpenOffice,
    told: Told,
    *,
    stop: threading.Event,
    every: float = EVERY,
) -> None:
    """Take in what comes into the inbox until *stop* is set.

    What can be put right while we go on (a template that somebody is editing, a full disk) is told
    and tried again.

    Args:
        open_office: opens the office for one round.
        told: hears of every sweep that took something in or has found something new that stands
            in the way, and of every error.
        stop: ends the loop after the round that goes on.
        every: seconds between two looks.

    Raises:
        IntegrityError: the office's own chain is broken.
    """
    with open_office() as office:
        loop = _Loop(open_office, told, office.settings)
    ring = threading.Event()
    with _bell(office.settings.inbox, ring):
        while not stop.is_set():
            loop.look()
            _rest(ring, stop, every)


@dataclass(slots=True)
class _Loop:
    """What the loop remembers between two looks."""

    open_office: OpenOffice
    told: Told
    settings: Settings
    seen: dict[str, Seen] = field(default_factory=dict)
    held: dict[str, Stat] = field(default_factory=dict)
    """Files that are still and wait all the same; they are asked again once a minute."""
    said: frozenset[tuple[str, str]] = frozenset()
    """What stands in the way, by file and reason, and has been told."""
    looks: int = 0
    tidied: date | None = None
    error: str = ""

    def look(self) -> None:
        """One look; an error is told once and not at every look."""
        try:
            self._look()
        except IntegrityError:
            raise
        except BtiError as error:
            if error.code != self.error:
                self.told(error)
            self.error = error.code
        else:
            self.error = ""

    def _look(self) -> None:
        """The office is opened only when there is something to do."""
        alive = self.looks % _ALIVE_EVERY == 0
        self.looks += 1
        now, quiet = time.monotonic(), self.settings.quiet_seconds
        self.seen, ready = settle(self.seen, listing(self.settings.inbox), now, quiet)
        there = {name: one.stat for name, one in self.seen.items()}
        lies = strays(self.settings.inbox)
        new = any(self.held.get(name) != there[name] for name in ready)
        if alive or new or {(one.file, one.reason) for one in lies} - self.said:
            with self.open_office() as office:
                self._open(office, there, ready, alive=alive)

    def _open(
        self, office: Office, there: Mapping[str, Stat], ready: Sequence[str], *, alive: bool
    ) -> None:
        if alive:
            say_alive(office)
        sweep = take_in(office, there, ready)
        passing = {"empty_file", "still_growing"}
        stay = {one.file for one in sweep.waiting if one.reason not in passing}
        self.held = {name: stat for name, stat in there.items() if shown_name(name) in stay}
        self._tell(Sweep(sweep.taken, (*sweep.waiting, *strays(self.settings.inbox))))
        if self.tidied != office.today:
            tidy(office)
            self.tidied = office.today

    def _tell(self, sweep: Sweep) -> None:
        """Of what stays as it is, people hear once."""
        stays = [one for one in sweep.waiting if one.reason not in NOT_YET]
        new = [one for one in stays if (one.file, one.reason) not in self.said]
        self.said = frozenset((one.file, one.reason) for one in stays)
        told = [one for one in sweep.waiting if one.reason in NOT_YET or one in new]
        if new or not sweep.empty:
            self.told(Sweep(sweep.taken, tuple(told)))


def _rest(ring: threading.Event, stop: threading.Event, every: float) -> None:
    """Sleep until somebody rings, or for *every* seconds; then let the bell fall silent."""
    if ring.wait(every):
        stop.wait(min(every, _RINGS_AT_MOST))
    ring.clear()


@contextmanager
def _bell(inbox: Path, ring: threading.Event) -> Iterator[None]:
    observer = _started(inbox, _Bell(ring))
    try:
        yield
    finally:
        observer.stop()
        observer.join()


def _started(inbox: Path, bell: _Bell) -> BaseObserver:
    """The system's own notifications, or polling where it has none left to give."""
    try:
        return _start(Observer(), inbox, bell)
    except OSError:
        return _start(PollingObserver(), inbox, bell)


def _start(observer: BaseObserver, inbox: Path, bell: _Bell) -> BaseObserver:
    observer.schedule(bell, str(inbox))
    observer.start()
    return observer
