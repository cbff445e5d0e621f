"""What may go when its time is up: copies in the outbox, heaps, strangers' papers, leftovers.

Nothing goes that the archive does not hold or account for; what leaves the inbox's side for good
leaves with an event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.app.outgoing import clear_outbox
from bti_docs.app.taking.tray import FOREIGN_FOLDER
from bti_docs.archive import layout
from bti_docs.core.events import Act, digest


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many of each went."""

    copies: int = 0
    heaps: int = 0
    strangers: int = 0
    leftovers: int = 0


def tidy(office: Office) -> Tidied:
    """Remove what has lain as long as config.toml says; can be repeated harmlessly."""
    return Tidied(
        copies=clear_outbox(office),
        heaps=sum(_drop_heap(office, heap) for heap in tuple(_old_heaps(office))),
        strangers=sum(_drop_stranger(office, path) for path in tuple(_old_strangers(office))),
        leftovers=office.archive.sweep(office.clock()) + _sweep_outbox(office),
    )


def _sweep_outbox(office: Office) -> int:
    """Temporaries that a stopped run left among the copies."""
    limit = office.clock() - timedelta(days=1)
    return files.sweep_leftovers(office.disk, office.settings.outbox, limit)


def _limit(office: Office) -> datetime:
    return office.clock() - timedelta(days=office.settings.heap_days)


def _old_heaps(office: Office) -> Iterator[str]:
    """Heaps that are old and whose every page is filed or decided on."""
    waiting = {
        str(body.get("source", ""))
        for body in map(office.archive.tray_get, office.archive.tray_items())
        if body
    }
    folder = office.archive.root / layout.HEAPS
    for name in files.listing(folder):
        sha256 = name.partition(".")[0]
        known = office.index.act(f"file:{sha256}") is not None
        if known and sha256 not in waiting and files.is_older(folder / name, _limit(office)):
            yield sha256


def _drop_heap(office: Office, sha256: str) -> int:
    _note_removed(office, f"heap-removed:{sha256}", "heap")
    office.archive.drop_heap(sha256)
    return 1


def _old_strangers(office: Office) -> Iterator[Path]:
    folder = office.settings.inbox / FOREIGN_FOLDER
    for name in files.listing(folder):
        if files.is_older(folder / name, _limit(office)):
            yield folder / name


def _drop_stranger(office: Office, path: Path) -> int:
    data = files.read(path)
    if data is not None:
        _note_removed(office, f"stranger-removed:{digest(data)}", "stranger")
        files.remove(office.disk, path)
    return int(data is not None)


def _note_removed(office: Office, key: str, what: str) -> None:
    """The event that says by which act it left, once."""
    if office.index.act(key) is None:
        office.note(Act("heap", office.actor, codes={"removed": what}, payload={"key": key}))
