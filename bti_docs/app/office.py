"""An open office: its settings, templates, archive and index, who acts, and what day it is."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, Self

from bti_docs.archive import Archive
from bti_docs.config import Settings
from bti_docs.core.events import EMPTY, OFFICE, Act, ChainId, Entry, Head
from bti_docs.core.fold import fold, local_day
from bti_docs.core.model import Case, Document
from bti_docs.core.profile import Profile
from bti_docs.core.references import Reference, make_reference, show_reference
from bti_docs.errors import Conflict, InputError, IntegrityError
from bti_docs.files import Disk
from bti_docs.index import Index
from bti_docs.library import Library
from bti_docs.messages import text

_TRIES: Final = 20


@dataclass(frozen=True, slots=True)
class Office:
    """Everything a use case needs. Made by `bti_docs.app.opening.open_office`."""

    settings: Settings
    library: Library
    archive: Archive
    index: Index
    disk: Disk
    clock: Callable[[], datetime]
    today: date
    actor: str = ""
    broken: dict[ChainId, IntegrityError] = field(default_factory=dict)
    """Cases and series found not to be whole, with what is wrong: nothing is written to them."""

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the index."""
        self.index.close()

    @property
    def profile(self) -> Profile:
        """The municipality's profile."""
        return self.library.profile()

    def acting_as(self, actor: str) -> Office:
        """The same office with somebody else at the desk."""
        return replace(self, actor=actor)

    def on(self, day: date, clock: Callable[[], datetime]) -> Office:
        """The same office on another day (demonstrations and tests)."""
        return replace(self, today=day, clock=clock)

    # --- reading ----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Bring the index up to date with the archive; of a broken case it keeps what it knew.

        Raises:
            IntegrityError: the office's own chain is broken.
        """
        self.broken.clear()
        found = {chain: self._head(chain) for chain in self.archive.folders()}
        heads = {chain: head for chain, head in found.items() if head != EMPTY}
        self.index.refresh({**heads, OFFICE: self.archive.head(OFFICE)}, self._history)

    def _head(self, chain: ChainId) -> Head | None:
        """Where a chain ends: EMPTY for a number that is only claimed, None for a broken chain."""
        try:
            head = self.archive.head(chain)
        except IntegrityError as error:
            self.broken[chain] = error
            return None
        if head == EMPTY and self.index.knows(chain):
            self.broken[chain] = IntegrityError("event_missing", chain=chain)
            return None
        return head

    def _history(self, chain: ChainId) -> tuple[Entry, ...] | None:
        """What a chain says; None for a case or series that is broken."""
        try:
            return self.archive.history(chain)
        except IntegrityError as error:
            if chain == OFFICE:
                raise
            self.broken[chain] = error
            return None

    def cases(self, chains: Iterable[ChainId]) -> Iterator[Case]:
        """These cases and series, without those that are broken."""
        return (case for chain in chains if (case := self.case_if_whole(chain)))

    def case_if_whole(self, chain: ChainId) -> Case | None:
        """The case or series; None, and remembered, when it is broken."""
        try:
            return self.case(chain)
        except IntegrityError as error:
            self.broken[chain] = error
            return None

    def require_known(self) -> None:
        """Stop before cases are looked for by their rows when one has never been read whole.

        Raises:
            IntegrityError: a case is broken, and nobody knows what is in it.
        """
        for chain, error in self.broken.items():
            if not self.index.knows(chain):
                raise error

    def act_in_archive(self, key: str) -> bool:
        """Whether the archive itself holds the act that the index knows under *key*."""
        act = self.index.act(key)
        if act is None:
            return False
        entries = self.archive.history(act.chain)[act.n - 1 : act.n]
        return any((entry.payload or {}).get("key") == key for entry in entries)

    def case(self, chain: ChainId) -> Case:
        """The case or series as its events tell it.

        Raises:
            InputError: there is no such case.
            IntegrityError: it is broken.
        """
        if chain in self.broken:
            raise self.broken[chain]
        if not self.archive.exists(chain):
            raise InputError("unknown_case", case=chain)
        return fold(chain, self.archive.history(chain))

    def document(self, ref: Reference) -> tuple[Case, Document]:
        """The document with a reference, and its case.

        Raises:
            InputError: nobody has made a document with that reference here.
        """
        return self.documents((ref,))[0]

    def documents(self, refs: Iterable[str]) -> list[tuple[Case, Document]]:
        """The documents with these references, each with its case; every case is read once.

        Raises:
            InputError: nobody has made a document with one of them here.
        """
        cases: dict[ChainId, Case] = {}
        found = []
        for ref in refs:
            chain = self.index.chain_of(ref)
            if chain and chain not in cases:
                cases[chain] = self.case(chain)
            document = cases[chain].document(ref) if chain else None
            if chain is None or document is None:
                raise InputError("unknown_reference", ref=show_reference(Reference(ref)))
            found.append((cases[chain], document))
        return found

    # --- writing ----------------------------------------------------------------------------

    def write(self, case: Case, act: Act) -> Case:
        """Append one act to *case* and give back the case as it then is."""
        entry = self.archive.append(case.chain, case.head, act, self.clock())
        return self.after_writing((entry,))[0]

    def after_writing(self, entries: Sequence[Entry]) -> tuple[Case, ...]:
        """Index what was written, and give back the chains as they then are."""
        return self.read_again(dict.fromkeys(entry.event.chain for entry in entries))

    def read_again(self, chains: Iterable[ChainId]) -> tuple[Case, ...]:
        """These chains as they are in the archive now, and in the index from now on."""
        told = {chain: self.archive.history(chain) for chain in chains}
        cases = tuple(fold(chain, entries) for chain, entries in told.items())
        self.index.refresh_some({c.chain: c.head for c in cases}, told.__getitem__)
        return cases

    def grown(
        self, before: Mapping[ChainId, Case], entries: Sequence[Entry]
    ) -> dict[ChainId, Case]:
        """As `after_writing`, from the cases as they were *before*: nothing is read again.

        Not for acts that take back what earlier ones said (`moved`, `disposed`).
        """
        new: dict[ChainId, list[Entry]] = {}
        for entry in entries:
            new.setdefault(entry.event.chain, []).append(entry)
        cases = {chain: fold(chain, some, onto=before[chain]) for chain, some in new.items()}
        self.index.extend([(cases[chain], some) for chain, some in new.items()], self._history)
        return cases

    def note(self, act: Act, *, after: int = 0) -> Entry:
        """Append one act to the office's own chain, again if somebody else wrote meanwhile.

        The office's chain only collects; nothing in it depends on what stood before, but that an
        act with a key is written once: when somebody has written it since event *after*, theirs
        is given back.
        """
        key = (act.payload or {}).get("key")
        for _ in range(_TRIES):
            head = self.archive.head(OFFICE)
            noted = self._noted(str(key), head, after) if key else None
            if noted is not None:
                return noted
            try:
                entry = self.archive.append(OFFICE, head, act, self.clock())
            except Conflict:
                continue
            self.index.refresh_some({OFFICE: Head(entry.event.n, entry.hash)}, self.archive.history)
            return entry
        raise Conflict("chain_has_grown", chain=OFFICE)

    def _noted(self, key: str, head: Head, after: int) -> Entry | None:
        """The event with *key* in the office's chain up to *head*, later than event *after*."""
        self.index.refresh_some({OFFICE: head}, self.archive.history)
        act = self.index.act(key)
        if act is None or act.chain != OFFICE or act.n <= after:
            return None
        return self.archive.history(OFFICE)[act.n - 1]

    def new_reference(self) -> Reference:
        """A reference that nobody has in this archive."""
        while True:
            ref = make_reference(secrets.randbits)
            if self.index.chain_of(ref) is None:
                return ref

    def say(self, language: str) -> Callable[..., str]:
        """Sentences by code in one language."""

        def sentence(code: str, /, **params: object) -> str:
            return text(code, language, **{k: str(v) for k, v in params.items()})

        return sentence


def utc_now() -> datetime:
    """The clock on the wall."""
    return datetime.now(UTC).replace(microsecond=0)


def today_at(clock: Callable[[], datetime]) -> date:
    """The day in Norway."""
    return local_day(clock())


def index_path(settings: Settings, archive_name: str) -> Path:
    """Where the index of an archive lies: the user's own cache folder, never the share.

    A copy of an archive has its name, so the place of the archive is part of the index's name.
    """
    folder = settings.index_folder or Path.home() / ".cache" / "bti-docs"
    place = hashlib.sha256(str(settings.archive.resolve()).encode()).hexdigest()
    return folder / f"{archive_name}-{place[:12]}.sqlite"
