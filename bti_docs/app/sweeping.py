"""A sweep of the inbox: which files are whole, take each in, and say what happened to all of them.

The folder's own listing is the truth. One bad file never holds up another, and one broken case only
the papers that are its own; what breaks the office's own chain stops everything.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.app.receipts import FOLDER, write_receipt
from bti_docs.app.taking import Taken, take_in_file
from bti_docs.app.taking.results import shown_name
from bti_docs.app.taking.tray import FOREIGN_FOLDER
from bti_docs.core.events import OFFICE
from bti_docs.core.settle import Stat
from bti_docs.errors import ArchiveError, BtiError, IntegrityError
from bti_docs.files import Disk
from bti_docs.inbox import MAX_BYTES, is_whole, kind_of

GLANCE: Final = 0.2
"""Seconds between the two looks of `sweep_once`."""

GIVEN_UP: Final = 3600.0
"""Seconds after which a file without its end is taken as damaged: nobody writes it any more."""

_README: Final = "les-meg.txt"
_UNFINISHED: Final = (".tmp", ".part", ".crdownload", ".partial", ".filepart")
_LITTER: Final = frozenset({_README, "thumbs.db", "desktop.ini", "@eadir"})
_OURS: Final = frozenset({FOLDER, FOREIGN_FOLDER})

NOT_YET: Final = frozenset({"empty_file", "still_growing", "not_whole"})
"""Reasons that pass by themselves when the file is written to its end."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that stays in the inbox for now."""

    file: str
    reason: str
    """A code: one of `NOT_YET`, too_large, is_folder, is_link, not_a_file, or the error's own."""
    seconds: int
    """Since it was last changed."""
    error: BtiError | None = None
    """What stood in the way; it is tried again."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """What one sweep came to."""

    taken: Taken = field(default_factory=Taken)
    waiting: tuple[Waiting, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was taken in."""
        taken = self.taken
        return not (taken.filed or taken.tray or taken.duplicates)

    @property
    def broken(self) -> bool:
        """Whether a paper could not be filed because its case is broken."""
        return any(isinstance(one.error, IntegrityError) for one in self.waiting)


def listing(folder: Path) -> dict[str, Stat]:
    """The files that lie directly in *folder* and are somebody's, by name.

    Hidden files and what programs leave half done are nobody's; folders and links are `strays`.
    """
    found = {}
    for name in files.listing(folder):
        path = folder / name
        if is_ignored(name) or path.is_symlink() or not path.is_file():
            continue
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        found[name] = Stat(stat.st_size, stat.st_mtime_ns)
    return found


def strays(folder: Path) -> tuple[Waiting, ...]:
    """What somebody laid in *folder* that is no file: it is left alone, and a person is told."""
    found = []
    for name in files.listing(folder):
        reason = None if is_ignored(name) or name in _OURS else _no_file(folder / name)
        if reason:
            found.append(Waiting(shown_name(name), reason, 0))
    return tuple(found)


def _no_file(path: Path) -> str | None:
    """What it is instead of a file."""
    if path.is_symlink():
        return "is_link"
    if path.is_dir():
        return "is_folder"
    return None if path.is_file() or not path.exists() else "not_a_file"


def is_ignored(name: str) -> bool:
    """Whether a name says that the file is not finished, hidden, or litter."""
    folded = name.casefold()
    hidden = folded.startswith((".", "~$", "~syncthing"))
    return hidden or folded in _LITTER or folded.endswith(_UNFINISHED)


def sweep_once(office: Office, *, pause: Callable[[float], None] = time.sleep) -> Sweep:
    """Take in what lies in the inbox now; a file counts as still when two looks agree."""
    before = listing(office.settings.inbox)
    if before:
        pause(GLANCE)
    now = listing(office.settings.inbox)
    still = [name for name, stat in now.items() if before.get(name) == stat and stat.size]
    sweep = take_in(office, now, still)
    return Sweep(sweep.taken, (*sweep.waiting, *strays(office.settings.inbox)))


def take_in(office: Office, there: Mapping[str, Stat], still: Iterable[str]) -> Sweep:
    """Take in the files of *still* that are whole; all others of *there* wait with a reason.

    Raises:
        IntegrityError: the office's own chain is broken; nothing more is taken in.
    """
    round_ = _Round(office, there)
    ready = tuple(still)
    round_.waits += [
        (name, "still_growing" if stat.size else "empty_file")
        for name, stat in there.items()
        if name not in ready
    ]
    with ExitStack() as all_of_them:
        for name in reversed(ready):  # an exit stack runs the last one first
            all_of_them.callback(round_.take, name)
    return Sweep(round_.taken, tuple(round_.waiting()))


@dataclass(slots=True)
class _Round:
    """The files of one sweep."""

    office: Office
    there: Mapping[str, Stat]
    taken: Taken = field(default_factory=Taken)
    waits: list[tuple[str, str]] = field(default_factory=list)
    errors: dict[str, BtiError] = field(default_factory=dict)
    stopped: bool = False

    def take(self, name: str) -> None:
        """Take one file in. A fault of our own in it is raised when the others are done."""
        if self.stopped:
            return
        try:
            self._take(name)
        except KeyboardInterrupt:
            self.stopped = True
            raise
        except BtiError as error:
            self.stopped = isinstance(error, IntegrityError) and not _of_one_case(error)
            if self.stopped:
                raise
            self.waits.append((name, error.code))
            self.errors[name] = error

    def _take(self, name: str) -> None:
        path = self.office.settings.inbox / name
        if self.there[name].size > MAX_BYTES:
            self.waits.append((name, "too_large"))
            return
        data = files.read(path)
        if data is None:
            return
        if not is_whole(data, kind_of(data, name)) and self._age(name) < GIVEN_UP:
            self.waits.append((name, "not_whole"))
            return
        self.taken += take_in_file(self.office, path)
        with contextlib.suppress(ArchiveError):  # made whole again after the next file
            write_receipt(self.office)

    def _age(self, name: str) -> float:
        return time.time() - self.there[name].mtime_ns / 1e9

    def waiting(self) -> Iterator[Waiting]:
        """Every file that stays, with its reason and age."""
        for name, reason in sorted(self.waits):
            age = max(0, round(self._age(name)))
            yield Waiting(shown_name(name), reason, age, self.errors.get(name))


def _of_one_case(error: IntegrityError) -> bool:
    """Whether only one case, series or waiting item is broken, and other papers can be taken in."""
    return "item" in error.params or error.params.get("chain", OFFICE) != OFFICE


def writable(disk: Disk, folder: Path) -> bool:
    """Whether a file can be made, renamed and removed in *folder*."""
    try:
        probe = files.temporary_folder(disk, folder)
        files.remove_folder(disk, probe)
    except ArchiveError:
        return False
    return True
