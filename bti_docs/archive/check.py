"""Checking one chain's folder against itself: every event, payload, document and stray file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bti_docs import files
from bti_docs.archive import chain as chains
from bti_docs.archive import layout, manifest, sweep
from bti_docs.core.events import EMPTY, ChainId, Entry, Event, Json, digest, parse_event
from bti_docs.errors import IntegrityError

NOTES: Final = frozenset({"leftover", "clock_back", "removal_unfinished", "folder_empty"})
"""Codes that are worth telling and break nothing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be."""

    chain: ChainId | None
    kind: str
    """changed, missing, untracked, chain, head, restored, clock or format."""
    path: str
    """Relative to the archive, with `/`."""
    code: str
    """Finds the sentence in the message catalogues."""

    @property
    def note(self) -> bool:
        """Whether it only deserves mention: a kill's leftover, a clock that went back."""
        return self.code in NOTES


@dataclass(slots=True)
class ChainCheck:
    """The check of one chain while it goes on, and its result."""

    root: Path
    folder: Path
    chain: ChainId
    findings: list[Finding] = field(default_factory=list)
    events: dict[int, tuple[Event, str]] = field(default_factory=dict)
    documents: int = 0
    size: int = 0
    """Bytes of the documents that are as they should be."""

    def tell(self, kind: str, path: str, code: str) -> None:
        """Add a finding; *path* is relative to the chain's folder."""
        place = (self.folder / path).relative_to(self.root).as_posix()
        self.findings.append(Finding(self.chain, kind, place, code))

    def run(self, templates: frozenset[str]) -> None:
        """Check everything. The folder may grow meanwhile: what is read first may only lag."""
        listed = manifest.read(self.folder)
        present = tuple(_files_in(self.folder))
        self._check_events()
        self._check_links()
        gone = chains.removed_numbers([event for event, _ in self.events.values()])
        entries = tuple(self._check_payloads(listed, gone))
        self._check_documents(entry for entry in entries if entry.event.n not in gone)
        self._check_templates(entries, templates)
        self._check_list(listed, manifest.expected(entries))
        self._check_strays(present, entries)

    def _check_events(self) -> None:
        numbers = chains.event_numbers(self.folder)
        for n in range(1, max(numbers, default=0) + 1):
            data = files.read(self.folder / _event(n)) if n in numbers else None
            if data is None:
                self.tell("missing", _event(n), "event_missing")
                continue
            if not _is_plain(self.folder / _event(n)):
                self.tell("changed", _event(n), "not_a_plain_file")
            self._check_event(n, data)

    def _check_event(self, n: int, data: bytes) -> None:
        try:
            event = parse_event(data)
        except IntegrityError as error:
            newer = error.code == "archive_newer_format"
            self.tell("format" if newer else "chain", _event(n), error.code)
            return
        if (event.chain, event.n) != (self.chain, n):
            self.tell("chain", _event(n), "event_misplaced")
        self.events[n] = event, digest(data)

    def _check_links(self) -> None:
        """Each event against the one before; an edited event is the one its successor disowns."""
        for n, (event, _) in self.events.items():
            before = self.events.get(n - 1)
            if n == 1:
                if event.prev != EMPTY.hash:
                    self.tell("chain", _event(n), "link_broken")
            elif before is not None:
                if event.prev != before[1]:
                    self.tell("chain", _event(n - 1), "link_broken")
                if event.at < before[0].at:
                    self.tell("clock", _event(n), "clock_back")

    def _check_payloads(self, listed: Mapping[str, str], gone: frozenset[int]) -> Iterator[Entry]:
        for n, (event, found) in self.events.items():
            payload = None
            if event.data is not None:
                path = f"{layout.PAYLOADS}/{layout.payload_name(event.data)}"
                payload = self._payload(path, event.data, removed=n in gone)
                if payload is not None and n in gone:
                    unfinished = path in listed
                    code = "removal_unfinished" if unfinished else "payload_restored"
                    self.tell("restored", path, code)
            yield Entry(event, found, payload)

    def _payload(self, path: str, name: str, *, removed: bool) -> Json | None:
        data = files.read(self.folder / path)
        if data is None:
            if not removed:
                self.tell("missing", path, "payload_missing")
            return None
        if digest(data) != name or not _is_plain(self.folder / path):
            self.tell("changed", path, "payload_changed")
            return None
        payload = chains.parse_payload(data)
        if payload is None:
            self.tell("changed", path, "payload_unreadable")
        return payload

    def _check_documents(self, entries: Iterable[Entry]) -> None:
        wanted = {
            item["path"]: item["sha256"]
            for entry in entries
            for item in chains.documents(entry.payload)
        }
        for path, sha256 in wanted.items():
            self.documents += 1
            self._check_document(path, sha256)

    def _check_document(self, path: str, sha256: str) -> None:
        place = self.folder / path
        if not place.is_symlink() and not place.exists():
            self.tell("missing", path, "document_missing")
        elif not _is_plain(place):
            self.tell("changed", path, "not_a_plain_file")
        elif files.file_digest(place) != sha256:
            self.tell("changed", path, "document_changed")
        else:
            self.size += place.stat().st_size

    def _check_templates(self, entries: Iterable[Entry], templates: frozenset[str]) -> None:
        for entry in entries:
            for key, suffix in (("template", ".docx"), ("manifest", ".toml")):
                sha256 = (entry.payload or {}).get(key)
                if isinstance(sha256, str) and f"{sha256}{suffix}" not in templates:
                    self.tell("missing", _event(entry.event.n), "template_missing")

    def _check_list(self, listed: Mapping[str, str], expected: Mapping[str, str]) -> None:
        """The checksum list may lag behind the chain; it may not contradict it or know more."""
        disowned = {finding.path for finding in self.findings if finding.code == "link_broken"}
        for path, sha256 in listed.items():
            is_event = path.startswith(f"{layout.EVENTS}/")
            if path not in expected:
                if is_event and not (self.folder / path).exists():
                    self.tell("missing", path, "event_missing")
            elif sha256 != expected[path]:
                last = is_event and path == _event(max(self.events))
                if last:
                    self.tell("changed", path, "event_changed")
                elif (self.folder / path).relative_to(self.root).as_posix() not in disowned:
                    self.tell("changed", layout.MANIFEST, "manifest_changed")

    def _check_strays(self, present: Iterable[str], entries: tuple[Entry, ...]) -> None:
        known = {_event(n) for n in chains.event_numbers(self.folder)} | layout.DERIVED
        for entry in entries:
            if entry.event.data is not None:
                known.add(f"{layout.PAYLOADS}/{layout.payload_name(entry.event.data)}")
            known |= {item["path"] for item in chains.documents(entry.payload)}
        strays = [path for path in present if path not in known]
        left = self._leftovers(entries) if strays else frozenset()
        for path in strays:
            self.tell("untracked", path, "leftover" if path in left else "file_unknown")

    def _leftovers(self, entries: tuple[Entry, ...]) -> frozenset[str]:
        found = sweep.leftovers(self.folder, entries)
        paths = (path for left in found for path in (left.payload, *left.documents))
        return frozenset(path.relative_to(self.folder).as_posix() for path in paths)


def _event(n: int) -> str:
    return f"{layout.EVENTS}/{layout.event_name(n)}"


def _is_plain(path: Path) -> bool:
    """A regular file, not a link to one."""
    return stat.S_ISREG(path.lstat().st_mode)


def _files_in(folder: Path) -> Iterator[str]:
    """Every file and link below a folder, without temporaries and litter."""
    for place, folders, names in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(name for name in folders if not name.startswith(files.TEMPORARY))
        links = [name for name in folders if (here / name).is_symlink()]
        for name in sorted((*names, *links)):
            if not name.startswith(files.TEMPORARY) and not layout.is_litter(name):
                yield (here / name).relative_to(folder).as_posix()
