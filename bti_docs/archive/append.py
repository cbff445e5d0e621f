"""Writing events: documents and payloads first, the event last, by exclusive create of its name.

A kill at any instant leaves a chain with the event or without it, never a half. What lies there
without an event is no truth; doing the act again finds its documents and finishes.
"""

from __future__ import annotations

import contextlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bti_docs import __version__, files
from bti_docs.archive import chain as chains
from bti_docs.archive import layout, manifest
from bti_docs.core.events import (
    OFFICE,
    Act,
    ChainId,
    Entry,
    Event,
    Head,
    Json,
    NewDocument,
    digest,
    event_bytes,
    instant_text,
    parse_event,
    payload_bytes,
)
from bti_docs.errors import ArchiveError, Conflict
from bti_docs.files import Disk, NameTaken, NewFile

Step = tuple[ChainId, Head, Act]
"""An act, the chain it goes to, and the head it was decided on."""

_OWN_KEYS = frozenset({"salt", "documents"})


@dataclass(frozen=True, slots=True)
class _Place:
    """The folders of one chain, each path put together once."""

    folder: Path
    documents: Path
    events: Path
    payloads: Path

    @classmethod
    def of(cls, root: Path, chain: ChainId) -> _Place:
        folder = layout.chain_folder(root, chain)
        names = (layout.DOCUMENTS, layout.EVENTS, layout.PAYLOADS)
        return cls(folder, *(folder / name for name in names))

    @property
    def inside(self) -> tuple[Path, ...]:
        """What every chain's folder holds."""
        return self.documents, self.events, self.payloads


@dataclass(frozen=True, slots=True)
class _Ready:
    """An act with everything ready but its place in the chain."""

    chain: ChainId
    act: Act
    payload: bytes | None
    files: tuple[NewFile, ...]
    """The payload first: it proves what a document without an event is."""

    def event(self, head: Head, at: datetime) -> bytes:
        """The event's bytes as the next after *head*."""
        return event_bytes(
            Event(
                chain=self.chain,
                n=head.count + 1,
                prev=head.hash,
                at=at,
                actor=self.act.actor,
                program=f"bti-docs {__version__}",
                kind=self.act.kind,
                ref=self.act.ref,
                data=None if self.payload is None else digest(self.payload),
                codes=self.act.codes,
            )
        )

    def entry(self, event: bytes) -> Entry:
        """What reading it back will give."""
        payload: Json | None = None if self.payload is None else json.loads(self.payload)
        return Entry(parse_event(event), digest(event), payload)


def append_many(
    disk: Disk, root: Path, steps: Sequence[Step], at: datetime, token: Callable[[], str]
) -> tuple[Entry, ...]:
    """Write the acts' documents and payloads together, then the events, chain by chain in order."""
    places = {chain: _Place.of(root, chain) for chain in dict.fromkeys(step[0] for step in steps)}
    heads = _heads(places, steps)
    ready = [_prepare(places[chain], chain, act, token) for chain, _, act in steps]
    _ensure_inside(disk, places, heads)
    payloads = [item.files[0] for item in ready if item.files]
    documents = [new for item in ready for new in item.files[1:]]
    files.publish_in_turns(disk, [payloads, documents])
    entries = _commit(disk, places, ready, heads, at)
    _after(disk, root, places, entries)
    return entries


def mark_days(disk: Disk, root: Path, entries: Iterable[Entry]) -> None:
    """Leave an empty marker per event for indexes; the day is the event's instant in UTC."""
    folders: dict[datetime, Path] = {}
    for entry in entries:
        event = entry.event
        if event.at not in folders:
            folders[event.at] = root / layout.DAYS / instant_text(event.at)[:10]
            files.ensure_folder(disk, folders[event.at])
        files.mark(disk, folders[event.at] / f"{event.chain}_{event.n}")


def _heads(places: Mapping[ChainId, _Place], steps: Sequence[Step]) -> dict[ChainId, Head]:
    """The heads, which must be those that the decisions were made on."""
    heads: dict[ChainId, Head] = {}
    for chain, head, _ in steps:
        if chain not in heads:
            folder = places[chain].folder
            if chain != OFFICE and not folder.is_dir():
                raise ArchiveError("chain_missing", chain=chain)
            heads[chain] = chains.head(folder, chain)
        if heads[chain] != head:
            raise Conflict("chain_grew", chain=chain)
    return heads


def _prepare(where: _Place, chain: ChainId, act: Act, token: Callable[[], str]) -> _Ready:
    for key, value in (("kind", act.kind), ("actor", act.actor), ("ref", act.ref)):
        layout.check_neutral(key, value)
    for key, value in act.codes.items():
        layout.check_neutral(key, (key, value))
    if act.payload is None and not act.documents:
        return _Ready(chain, act, None, ())
    given = act.payload or {}
    if _OWN_KEYS & given.keys():
        raise ArchiveError("payload_key_reserved", chain=chain)
    documents = [_described(new) for new in act.documents]
    payload = payload_bytes({**given, "salt": token(), "documents": documents})
    place = where.payloads / layout.payload_name(digest(payload))
    new_files = [NewFile(where.documents / new.name, new.data) for new in act.documents]
    return _Ready(chain, act, payload, (NewFile(place, payload), *new_files))


def _described(new: NewDocument) -> Json:
    return {
        "path": f"{layout.DOCUMENTS}/{layout.check_name(new.name)}",
        "sha256": digest(new.data),
        "bytes": len(new.data),
        "media": new.media,
        "role": new.role,
        "pages": [dict(page) for page in new.pages],
    }


def _ensure_inside(
    disk: Disk, places: Mapping[ChainId, _Place], heads: Mapping[ChainId, Head]
) -> None:
    """The three folders of each chain, durable up to the archive's root before its first event."""
    new = [places[chain] for chain, head in heads.items() if not head.count]
    old = (inside for chain, head in heads.items() if head.count for inside in places[chain].inside)
    missing = [inside for inside in old if not inside.is_dir()]
    files.ensure_folders(disk, [*missing, *(inside for place in new for inside in place.inside)])
    made = [place.folder for place in new]
    files.sync_folders(disk, [*made, *(folder.parent for folder in made)])


def _commit(
    disk: Disk,
    places: Mapping[ChainId, _Place],
    ready: Sequence[_Ready],
    heads: Mapping[ChainId, Head],
    at: datetime,
) -> tuple[Entry, ...]:
    """Write the events in waves, a chain's next only when the one before is durable."""
    ends = dict(heads)
    done: dict[int, Entry] = {}
    for wave in _waves(ready):
        batch = []
        for index in wave:
            item = ready[index]
            data = item.event(ends[item.chain], at)
            done[index] = entry = item.entry(data)
            ends[item.chain] = Head(entry.event.n, entry.hash)
            name = layout.event_name(entry.event.n)
            batch.append(NewFile(places[item.chain].events / name, data))
        _publish_events(disk, batch)
    return tuple(done[index] for index in range(len(ready)))


def _waves(ready: Sequence[_Ready]) -> list[list[int]]:
    """The first act of every chain, then the second of every chain that has one, and so on."""
    waves: list[list[int]] = []
    count: Counter[ChainId] = Counter()
    for index, item in enumerate(ready):
        if count[item.chain] == len(waves):
            waves.append([])
        waves[count[item.chain]].append(index)
        count[item.chain] += 1
    return waves


def _publish_events(disk: Disk, batch: Sequence[NewFile]) -> None:
    # Another program's event may be seen before it is durable; ours must not outlive it.
    files.sync_folders(disk, (new.path.parent for new in batch))
    try:
        files.publish_in_turns(disk, [batch], exclusive=True)
    except NameTaken as taken:
        chain = taken.paths[0].parent.parent.name
        raise Conflict("chain_grew", chain=chain) from taken


def _after(
    disk: Disk, root: Path, places: Mapping[ChainId, _Place], entries: Sequence[Entry]
) -> None:
    """Markers and checksum lists: made from the chain, so they may be lost."""
    with contextlib.suppress(ArchiveError):  # the events are there; this can be rebuilt
        mark_days(disk, root, entries)
    grown: dict[ChainId, list[Entry]] = defaultdict(list)
    for entry in entries:
        grown[entry.event.chain].append(entry)
    manifest.extend(disk, [(places[chain].folder, chain, new) for chain, new in grown.items()])
