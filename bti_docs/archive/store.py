"""The archive: the folder that is the only truth. See docs/archive-format.md."""

from __future__ import annotations

import itertools
import secrets
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

from bti_docs import files
from bti_docs.archive import append as appending
from bti_docs.archive import chain as chains
from bti_docs.archive import disposal, layout, sweep, tray
from bti_docs.core.events import (
    FORMAT,
    OFFICE,
    Act,
    ChainId,
    Entry,
    Event,
    Head,
    Json,
    digest,
    instant_text,
)
from bti_docs.core.references import ArchiveName
from bti_docs.errors import ArchiveError
from bti_docs.files import Disk, NewFile


def _salt() -> str:
    return secrets.token_hex(32)


@dataclass(frozen=True, slots=True)
class Archive:
    """An open archive. Holds no state of its own: every answer is read from the folder."""

    root: Path
    name: ArchiveName
    """Four characters, printed in every page code, that tell this archive from others."""
    disk: Disk
    token: Callable[[], str] = _salt
    """Makes a payload's salt, 64 hex digits."""

    @classmethod
    def create(cls, root: Path, *, name: ArchiveName, at: datetime, disk: Disk) -> Self:
        """Make an archive; a creation that was interrupted is completed.

        Raises:
            ArchiveError: an archive is there already.
        """
        if (root / layout.MARKER).exists():
            raise ArchiveError("archive_exists")
        for folder in layout.FOLDERS:
            files.ensure_folder(disk, root / folder)
        text = f'format = {FORMAT}\narchive = "{name}"\ncreated = {instant_text(at)}\n'
        files.publish(disk, [NewFile(root / layout.MARKER, text.encode("ascii"))])
        return cls(root, name, disk)

    @classmethod
    def open(cls, root: Path, disk: Disk) -> Self:
        """Open an archive, after its format has been seen to be one this program knows.

        Raises:
            ArchiveError: no archive there, or one of a newer format.
        """
        data = files.read(root / layout.MARKER)
        if data is None:
            raise ArchiveError("archive_missing")
        try:
            marker = tomllib.loads(data.decode())
            number, name = int(marker["format"]), str(marker["archive"])
        except (ValueError, KeyError, TypeError) as error:
            raise ArchiveError("archive_unreadable") from error
        if number > FORMAT:
            raise ArchiveError("archive_newer_format", format=number)
        return cls(root, ArchiveName(name), disk)

    def chains(self) -> tuple[ChainId, ...]:
        """Every case by year and number, then every series; the office's own chain apart."""
        return tuple(chain for chain in self.folders() if self.exists(chain))

    def folders(self) -> tuple[ChainId, ...]:
        """As `chains`, together with numbers that are claimed and hold no event yet."""
        cases = filter(layout.is_case, files.listing(self.root / layout.CASES))
        series = (n for n in files.listing(self.root / layout.SERIES) if not layout.is_case(n))
        found = [*cases, *filter(layout.is_chain, series)]
        return tuple(ChainId(name) for name in sorted(found, key=layout.chain_order))

    def exists(self, chain: ChainId) -> bool:
        """Whether the chain has an event."""
        return (
            layout.is_chain(chain)
            and (self.folder(chain) / layout.EVENTS / layout.event_name(1)).is_file()
        )

    def new_case(self, year: int) -> ChainId:
        """Claim the next free case number of *year* by making its folder."""
        return self.new_cases(year, 1)[0]

    def new_cases(self, year: int, count: int) -> tuple[ChainId, ...]:
        """Claim the next *count* free case numbers of *year* by making their folders."""
        folder = self.root / layout.CASES
        files.ensure_folder(self.disk, folder)  # a copy may have lost its empty folders
        last = max((layout.case_number(n, year) for n in files.listing(folder)), default=0)
        free = (folder / layout.case_id(year, number) for number in itertools.count(last + 1))
        made = files.make_folders_exclusive(self.disk, free, count)
        return tuple(ChainId(path.name) for path in made)

    def ensure_series(self, chain: ChainId) -> None:
        """Make a series' folder."""
        files.ensure_folder(self.disk, self.folder(chain))

    def folder(self, chain: ChainId) -> Path:
        """A chain's folder."""
        return layout.chain_folder(self.root, chain)

    def head(self, chain: ChainId) -> Head:
        """How many events the chain has, and the hash of the last."""
        return chains.head(self.folder(chain), chain)

    def history(self, chain: ChainId) -> tuple[Entry, ...]:
        """Every event with its payload, in order; a removed payload is None.

        Raises:
            IntegrityError: the chain or a payload is broken.
        """
        return tuple(chains.read_entries(self.folder(chain), chain))

    def events(self, chain: ChainId) -> tuple[Event, ...]:
        """Every event in order, without reading payloads.

        Raises:
            IntegrityError: the chain is broken.
        """
        return tuple(event for event, _ in chains.read_events(self.folder(chain), chain))

    # writing

    def append(self, chain: ChainId, head: Head, act: Act, at: datetime) -> Entry:
        """Write one act: its documents and payload first, its event last.

        Raises:
            Conflict: the chain has grown since *head*: read again and decide again.
            NameTaken: a document's name holds other bytes.
        """
        return self.append_many([(chain, head, act)], at)[0]

    def append_many(
        self, steps: Sequence[tuple[ChainId, Head, Act]], at: datetime
    ) -> tuple[Entry, ...]:
        """Write several acts with one round of documents and payloads, then the events.

        Several acts of one chain are written in order, and each is given the same head: the one
        they were all decided on.

        Raises:
            Conflict: a chain has grown since its head. Acts of other chains may have been written;
                reading again shows which.
            NameTaken: a document's name holds other bytes; no event was written.
        """
        return appending.append_many(self.disk, self.root, steps, at, self.token)

    def remove_disposed(self, chain: ChainId) -> tuple[str, ...]:
        """Carry out what the chain's `disposed` and `moved` events say; the paths that went.

        Removes the documents that no remaining event names, then the payloads, then the page made
        from them, and makes the checksum list anew. Can be repeated; does the rest after a kill.
        """
        return disposal.remove(self.disk, self.folder(chain), chain)

    def rewrite_logs(self, pages: Mapping[ChainId, bytes]) -> None:
        """Rewrite the page that is made from each of several chains, `stafettlogg.html`."""
        batch = [NewFile(self.folder(chain) / layout.LOG, page) for chain, page in pages.items()]
        files.rewrite_many(self.disk, batch)

    # documents, templates, heaps

    def document(self, chain: ChainId, path: str) -> bytes:
        """A document's bytes; *path* is as the payload has it, `dokumenter/…`.

        Raises:
            ArchiveError: it is not there.
        """
        data = files.read(self.document_path(chain, path))
        if data is None:
            raise ArchiveError("document_missing", chain=chain)
        return data

    def document_path(self, chain: ChainId, path: str) -> Path:
        """Where a document lies."""
        return self.folder(chain) / layout.document_path(path)

    def store_template(self, docx: bytes, manifest_toml: bytes) -> tuple[str, str]:
        """Keep an official pair, once; the two hashes."""
        names = digest(docx), digest(manifest_toml)
        word, rules = self.template_path(names[0], ".docx"), self.template_path(names[1], ".toml")
        files.ensure_folder(self.disk, word.parent)
        files.publish(self.disk, [NewFile(word, docx), NewFile(rules, manifest_toml)])
        return names

    def template_path(self, sha256: str, suffix: str) -> Path:
        """Where a stored template (`.docx`) or manifest (`.toml`) lies."""
        return self.root / layout.TEMPLATES / layout.check_name(f"{sha256}{suffix}")

    def keep_heap(self, data: bytes, suffix: str) -> str:
        """Keep a scan of several documents until all of it is accounted for; its hash."""
        found = digest(data)
        path = self.root / layout.HEAPS / f"{found}{tray.neutral_suffix(f'x{suffix}')}"
        files.ensure_folder(self.disk, path.parent)
        files.publish(self.disk, [NewFile(path, data)])
        return found

    def heap_path(self, sha256: str) -> Path | None:
        """Where a heap lies; None when it is no more."""
        folder = self.root / layout.HEAPS
        found = (name for name in files.listing(folder) if name.startswith(f"{sha256}."))
        return next((folder / name for name in found), None)

    def drop_heap(self, sha256: str) -> None:
        """Remove a heap whose pages are all accounted for."""
        if path := self.heap_path(sha256):
            files.remove(self.disk, path)

    # the tray

    def tray_put(
        self,
        item_id: str,
        original_name_suffix: str,
        data: bytes,
        item: Mapping[str, Any],
        pictures: Mapping[str, bytes],
    ) -> None:
        """Add an item to Til avklaring in one step; the same again is done already.

        `item_id` from `tray.item_id`; *item* gets `original`, `sha256` and `bytes` added.

        Raises:
            NameTaken: the item is there with another original.
        """
        new = tray.NewItem(item_id, original_name_suffix, data, item, pictures)
        tray.put(self.disk, self.root, new)

    def tray_items(self) -> tuple[str, ...]:
        """The items that wait."""
        return tray.items(self.root)

    def tray_get(self, item_id: str) -> Json | None:
        """What is known of an item; None when it is gone."""
        return tray.get(self.root, item_id)

    def tray_original(self, item_id: str) -> bytes:
        """The bytes of an item as they were received."""
        return tray.original(self.root, item_id)

    def tray_folder(self, item_id: str) -> Path:
        """Where an item's original and page pictures lie."""
        return tray.folder(self.root, item_id)

    def tray_remove(self, item_id: str) -> None:
        """Take an item away after it was decided."""
        tray.remove(self.disk, self.root, item_id)

    # upkeep

    def marked(self, since: date) -> Iterator[tuple[ChainId, int]]:
        """The events (chain, number) that markers tell of, from the UTC day *since* on.

        Markers may be lost: an index that must be whole reads the chains.
        """
        folder = self.root / layout.DAYS
        for day in files.listing(folder):
            if day >= since.isoformat():
                for name in files.listing(folder / day):
                    chain, _, n = name.rpartition("_")
                    if layout.is_chain(chain) and n.isdigit():
                        yield ChainId(chain), int(n)

    def sweep(self, now: datetime) -> int:
        """Remove leftovers older than a day: temporaries, and what no event names; how many."""
        count = sum(
            files.sweep_leftovers(self.disk, self.root / name, now - sweep.AGE)
            for name in ("", layout.TEMPLATES, layout.TRAY, layout.HEAPS)
        )
        for chain in (*self.folders(), OFFICE):
            count += sweep.sweep_chain(self.disk, self.folder(chain), chain, now)
        return count
