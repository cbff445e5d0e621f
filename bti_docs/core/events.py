"""The event and the payload of archive format 1, as bytes and back. See docs/archive-format.md.

An event is compact UTF-8 JSON with sorted keys and one line feed; its hash is the SHA-256 of those
bytes. It holds no personal data: names, free text and document hashes are in the payload, which is
named by its own hash and can be removed by a lawful act while the chain still verifies.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NewType

from bti_docs.errors import IntegrityError

ChainId = NewType("ChainId", str)
"""`2026-0147` (a case), `E07-TVT-2026` (a series) or `kontor` (the office's own)."""

Json = dict[str, Any]
"""A JSON object as read; payloads stay open for facts of newer versions."""

FORMAT: Final = 1
OFFICE: Final = ChainId("kontor")
_KEYS: Final = frozenset(
    {"format", "chain", "n", "prev", "at", "actor", "program", "kind", "ref", "data", "codes"}
)


@dataclass(frozen=True, slots=True)
class Event:
    """One numbered, write-once entry of a chain."""

    chain: ChainId
    n: int
    prev: str
    at: datetime
    actor: str
    program: str
    kind: str
    ref: str | None = None
    data: str | None = None
    codes: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    """Keys of a newer program, kept as they are."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: how many events, and the last one's hash. It proves no tail was cut."""

    count: int
    hash: str


EMPTY: Final = Head(0, "")


@dataclass(frozen=True, slots=True)
class NewDocument:
    """Bytes that an act brings into the chain's `dokumenter/`, exactly as they are."""

    name: str
    data: bytes
    media: str
    role: str
    pages: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be written as one event: one act, one event.

    `payload` is everything but `salt` and `documents`, which the archive adds; None (and no
    documents) means an event without a payload.
    """

    kind: str
    actor: str
    ref: str | None = None
    codes: Mapping[str, Any] = field(default_factory=dict)
    payload: Mapping[str, Any] | None = None
    documents: tuple[NewDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An event together with its payload (None: it has none, or it was removed by a lawful act)."""

    event: Event
    hash: str
    payload: Json | None = None

    @property
    def removed(self) -> bool:
        """Whether there was a payload that is there no more."""
        return self.event.data is not None and self.payload is None


def event_bytes(event: Event) -> bytes:
    """The event as the file holds it."""
    body = {
        **event.more,
        "format": FORMAT,
        "chain": event.chain,
        "n": event.n,
        "prev": event.prev,
        "at": instant_text(event.at),
        "actor": event.actor,
        "program": event.program,
        "kind": event.kind,
        "ref": event.ref,
        "data": event.data,
        "codes": dict(event.codes),
    }
    return compact_json(body)


def parse_event(data: bytes) -> Event:
    """Read an event file's bytes.

    Raises:
        IntegrityError: the bytes are not an event, or of a newer format.
    """
    try:
        body = json.loads(data)
        if body["format"] > FORMAT:
            raise IntegrityError("archive_newer_format", format=str(body["format"]))
        return Event(
            chain=ChainId(body["chain"]),
            n=int(body["n"]),
            prev=str(body["prev"]),
            at=parse_instant(body["at"]),
            actor=str(body["actor"]),
            program=str(body["program"]),
            kind=str(body["kind"]),
            ref=body["ref"],
            data=body["data"],
            codes=dict(body["codes"]),
            more={key: value for key, value in body.items() if key not in _KEYS},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise IntegrityError("event_unreadable") from error


def payload_bytes(payload: Mapping[str, Any]) -> bytes:
    """The payload as the file holds it; its name is the SHA-256 of these bytes."""
    return compact_json(payload)


def compact_json(body: Mapping[str, Any]) -> bytes:
    """Compact UTF-8 JSON, keys sorted, one line feed."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return (text + "\n").encode()


def digest(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def instant_text(at: datetime) -> str:
    """An instant in UTC to the second, `2026-11-22T07:13:05Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_instant(text: str) -> datetime:
    """Read what `instant_text` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
