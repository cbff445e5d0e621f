"""Reading one chain's folder: the events in order, the payloads, and the head.

Reading checks as it goes: an event stands under its own number in its own chain and names the hash
of the one before; a payload has the hash that is its name. What does not fit stops everything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bti_docs import files
from bti_docs.archive import layout
from bti_docs.core.events import (
    EMPTY,
    ChainId,
    Entry,
    Event,
    Head,
    Json,
    digest,
    parse_event,
)
from bti_docs.errors import ArchiveError, IntegrityError


def event_numbers(folder: Path) -> tuple[int, ...]:
    """The numbers of the event files that are there, in order."""
    numbers = (layout.event_number(name) for name in files.listing(folder / layout.EVENTS))
    return tuple(sorted(n for n in numbers if n is not None))


def head(folder: Path, chain: ChainId) -> Head:
    """How many events, and the hash of the last. Reads only the last one.

    Raises:
        IntegrityError: an event file is missing or not what its name says.
    """
    numbers = event_numbers(folder)
    if not numbers:
        return EMPTY
    if numbers[-1] != len(numbers):
        raise IntegrityError("event_missing", chain=chain)
    event, found = read_event(folder, chain, numbers[-1])
    return Head(event.n, found)


def read_event(folder: Path, chain: ChainId, n: int) -> tuple[Event, str]:
    """Event *n* and its hash.

    Raises:
        IntegrityError: it is missing, unreadable, or another chain's or number's.
    """
    data = files.read(folder / layout.EVENTS / layout.event_name(n))
    if data is None:
        raise IntegrityError("event_missing", chain=chain, n=n)
    try:
        event = parse_event(data)
    except IntegrityError as error:
        raise IntegrityError(error.code, **{**error.params, "chain": chain, "n": n}) from error
    if (event.chain, event.n) != (chain, n):
        raise IntegrityError("event_misplaced", chain=chain, n=n)
    return event, digest(data)


def read_events(folder: Path, chain: ChainId) -> Iterator[tuple[Event, str]]:
    """Every event with its hash, in order, each linked to the one before.

    Raises:
        IntegrityError: the chain is broken.
    """
    before = EMPTY.hash
    for n in range(1, max(event_numbers(folder), default=0) + 1):
        event, found = read_event(folder, chain, n)
        if event.prev != before:
            raise IntegrityError("link_broken", chain=chain, n=n)
        before = found
        yield event, found


def read_entries(folder: Path, chain: ChainId) -> Iterator[Entry]:
    """Every event with its payload, in order.

    Raises:
        IntegrityError: the chain is broken, or a payload is not what its name says.
    """
    for event, found in read_events(folder, chain):
        yield Entry(event, found, read_payload(folder, chain, event.data))


def read_payload(folder: Path, chain: ChainId, name: str | None) -> Json | None:
    """The payload of that hash; None when the event has none or it was removed.

    Raises:
        IntegrityError: its bytes do not have the hash that is its name.
    """
    if name is None:
        return None
    data = files.read(payload_path(folder, name))
    if data is None:
        return None
    if digest(data) != name:
        raise IntegrityError("payload_changed", chain=chain)
    payload = parse_payload(data)
    if payload is None:
        raise IntegrityError("payload_unreadable", chain=chain)
    return payload


def parse_payload(data: bytes) -> Json | None:
    """A payload's bytes as JSON; None when they are no payload of a known shape.

    Paths are checked here, so that nobody who reads a payload is led out of the chain's documents.
    """
    try:
        payload: Json = json.loads(data)
        for item in payload.get("documents", ()):
            layout.document_path(item["path"])
            item["sha256"].encode("ascii")
    except (ValueError, TypeError, KeyError, AttributeError, ArchiveError):
        return None
    return payload


def payload_path(folder: Path, name: str) -> Path:
    """Where the payload of that hash lies."""
    return folder / layout.PAYLOADS / layout.payload_name(name)


def documents(payload: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], ...]:
    """What a payload says it brought in."""
    return tuple((payload or {}).get("documents", ()))


def removed_numbers(events: Sequence[Event]) -> frozenset[int]:
    """The numbers of the events whose payload and documents a later lawful act removed.

    They stand in `codes.of` of a `disposed` event, or of a `moved` event that is not the one in
    the chain moved to (`way` is `in`).
    """
    return frozenset(
        n
        for event in events
        if event.kind == "disposed" or (event.kind == "moved" and event.codes.get("way") != "in")
        for n in event.codes.get("of", ())
        if isinstance(n, int) and n < event.n
    )
