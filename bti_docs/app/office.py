"""An open office: its settings, templates, archive and index, who acts, and what day it is."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, Self

from bti_docs.archive import Archive
from bti_docs.config import Settings
from bti_docs.core.events import OFFICE, Act, ChainId, Entry
from bti_docs.core.fold import fold, local_day
from bti_docs.core.model import Case, Document
from bti_docs.core.profile import Profile
from bti_docs.core.references import Reference, make_reference, show_reference
from bti_docs.errors import Conflict, InputError
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
        """Bring the index up to date with the archive."""
        chains = (*self.archive.chains(), OFFICE)
        counts = {chain: self.archive.head(chain).count for chain in chains}
        self.index.refresh(counts, self.archive.history)

    def case(self, chain: ChainId) -> Case:
        """The case or series as its events tell it.

        Raises:
            InputError: there is no such case.
        """
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
        chains = tuple(dict.fromkeys(entry.event.chain for entry in entries))
        told = {chain: self.archive.history(chain) for chain in chains}
        cases = tuple(fold(chain, told[chain]) for chain in chains)
        self.index.refresh_some({c.chain: c.head.count for c in cases}, told.__getitem__)
        return cases

    def note(self, act: Act) -> Entry:
        """Append one act to the office's own chain, again if somebody else wrote meanwhile.

        The office's chain only collects; nothing in it depends on what stood before.
        """
        for _ in range(_TRIES):
            try:
                head = self.archive.head(OFFICE)
                entry = self.archive.append(OFFICE, head, act, self.clock())
            except Conflict:
                continue
            self.index.refresh_some({OFFICE: head.count + 1}, self.archive.history)
            return entry
        raise Conflict("chain_has_grown", chain=OFFICE)

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
    """Where the index of an archive lies: the user's own cache folder, never the share."""
    folder = settings.index_folder or Path.home() / ".cache" / "bti-docs"
    return folder / f"{archive_name}.sqlite"
