"""Removing what is nobody's: temporaries, and what an interrupted act left without an event.

Only *proven* leftovers go. A payload proves itself (its name is its hash), and it names the
documents that came with it. A payload that the checksum list knows once had an event: then the
chain was cut, and nothing is touched. Whatever else lies in a folder is left for a person, and
`verify` reports it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bti_docs import files
from bti_docs.archive import chain as chains
from bti_docs.archive import disposal, layout, manifest
from bti_docs.core.events import ChainId, Entry, digest
from bti_docs.errors import IntegrityError
from bti_docs.files import Disk

AGE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Leftover:
    """A payload without an event, and those of its documents that no event names."""

    payload: Path
    documents: tuple[Path, ...]


def leftovers(folder: Path, entries: Iterable[Entry]) -> tuple[Leftover, ...]:
    """What interrupted acts left in a chain's folder, each proven by its own payload."""
    listed = manifest.read(folder)
    history = tuple(entries)
    named = {layout.payload_name(entry.event.data) for entry in history if entry.event.data}
    kept = {item["path"] for entry in history for item in chains.documents(entry.payload)}
    found = []
    for name in files.listing(folder / layout.PAYLOADS):
        path = folder / layout.PAYLOADS / name
        payload = None if name in named else _proven(path)
        if payload is not None and f"{layout.PAYLOADS}/{name}" not in listed:
            mine = [item for item in chains.documents(payload) if item["path"] not in kept]
            there = [folder / item["path"] for item in mine if _is(folder, item)]
            found.append(Leftover(path, tuple(there)))
    return tuple(found)


def sweep_chain(disk: Disk, folder: Path, chain: ChainId, now: datetime) -> int:
    """Remove a chain's leftovers older than a day; how many files. A broken chain is left alone."""
    count = sum(
        files.sweep_leftovers(disk, folder / name, now - AGE)
        for name in ("", layout.DOCUMENTS, layout.EVENTS, layout.PAYLOADS)
    )
    try:
        entries = tuple(chains.read_entries(folder, chain))
    except IntegrityError:
        return count
    _finish_removal(disk, folder, chain, entries)
    for left in leftovers(folder, entries):
        if all(files.is_older(path, now - AGE) for path in (left.payload, *left.documents)):
            for path in (*left.documents, left.payload):  # the proof goes last
                files.remove(disk, path)
                count += 1
    if not entries and layout.is_case(chain):
        _remove_empty(disk, folder, now)
    return count


def _finish_removal(disk: Disk, folder: Path, chain: ChainId, entries: Iterable[Entry]) -> None:
    """Do the rest of a lawful removal that a kill cut short: the checksum list still has it."""
    history = tuple(entries)
    listed = manifest.read(folder)
    gone = chains.removed_numbers([entry.event for entry in history])
    names = (entry.event.data for entry in history if entry.event.n in gone and entry.event.data)
    if any(f"{layout.PAYLOADS}/{layout.payload_name(name)}" in listed for name in names):
        disposal.remove(disk, folder, chain)


def _remove_empty(disk: Disk, folder: Path, now: datetime) -> None:
    """A number that was claimed and never used; folders with anything in them stay."""
    if files.is_older(folder, now - AGE):
        for name in files.listing(folder):
            disk.rmdir(folder / name)
        disk.rmdir(folder)


def _proven(path: Path) -> Mapping[str, Any] | None:
    """A payload whose name is its hash; None for anything else."""
    data = files.read(path)
    if data is None or layout.payload_name(digest(data)) != path.name:
        return None
    return chains.parse_payload(data)


def _is(folder: Path, item: Mapping[str, Any]) -> bool:
    wanted: str = item["sha256"]
    return files.file_digest(folder / item["path"]) == wanted
