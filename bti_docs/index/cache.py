"""The index: a SQLite cache beside the archive, thrown away and built again at will.

It answers where a reference, a row or a child is without reading every case. The archive is the
only truth: each look compares a chain's head (its count and hash) with what was read, and reads the
changed chains again. It lies in the user's own cache folder, readable by that user alone, since
outside the archive only it holds names; where nothing can be written, in memory for one command.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from bti_docs.core.events import EMPTY, ChainId, Entry, Head
from bti_docs.core.fold import fold
from bti_docs.core.model import Case
from bti_docs.index.database import memory_database, open_database

T = TypeVar("T")

_NEW_ACT: Final = "INSERT INTO act VALUES (?,?,?)"

History = Callable[[ChainId], Sequence[Entry] | None]
"""Reads a chain's events with their payloads; None when the chain is broken."""


@dataclass(frozen=True, slots=True)
class Act:
    """Where the act with an identity was written."""

    chain: ChainId
    n: int


class Index:
    """The cache of one archive. Close it, or use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        """Where it lies, or would lie."""
        self.in_memory = False
        """Whether the folder could not be used, so that all is read anew each time."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._db = open_database(path)
        except (OSError, sqlite3.OperationalError):
            self._db = memory_database()
            self.in_memory = True

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def rebuild(self) -> None:
        """Forget everything; the next `refresh` reads the archive from the start."""
        self._write(self._rebuild)

    def refresh(self, heads: Mapping[ChainId, Head | None], history: History) -> int:
        """Read every chain again whose head has changed; returns how many.

        A head that is None is a broken chain's: what is known of it stays, and so it does when
        its history turns out to be broken.
        """
        return self._write(lambda: self._refresh(heads, history))

    def refresh_some(self, heads: Mapping[ChainId, Head], history: History) -> None:
        """Read just these chains again, when they have changed."""
        self._write(lambda: self._read_changed(heads, history))

    def extend(self, grown: Sequence[tuple[Case, Sequence[Entry]]], history: History) -> None:
        """Take in cases as they are after some new entries of each.

        One that is not known as it was before those is read whole.
        """
        self._write(lambda: self._extend(grown, history))

    def knows(self, chain: ChainId) -> bool:
        """Whether the chain has ever been read whole."""
        return self._one("SELECT chain FROM chain WHERE chain = ?", chain) is not None

    # --- the questions ----------------------------------------------------------------------

    def chain_of(self, ref: str) -> ChainId | None:
        """The chain that holds a reference."""
        return self._one("SELECT chain FROM document WHERE ref = ? ORDER BY rowid DESC", ref)

    def chain_with_key(self, key: str) -> ChainId | None:
        """The case that the row with this identity opened."""
        return self._one("SELECT chain FROM chain WHERE key = ? AND key <> ''", key)

    def chains_of_child(self, name: str, birth: str, number: str) -> tuple[ChainId, ...]:
        """The cases of a child by identity number, or by name and birth date."""
        rows = self._db.execute(
            "SELECT chain FROM chain WHERE (number = ? AND number <> '')"
            " OR (name = ? AND birth = ? AND birth <> '') ORDER BY chain",
            (number, name.casefold(), birth),
        )
        return tuple(ChainId(row[0]) for row in rows)

    def find_chains(self, text: str) -> tuple[ChainId, ...]:
        """The chains whose number or child's name holds *text*."""
        like = f"%{text.casefold()}%"
        rows = self._db.execute(
            "SELECT chain FROM chain WHERE lower(chain) LIKE ? OR name LIKE ? ORDER BY chain",
            (like, like),
        )
        return tuple(ChainId(row[0]) for row in rows)

    def names_and_numbers(self) -> tuple[str, ...]:
        """Full names and numbers of children and guardians: what an anonymous text may not hold."""
        rows = self._db.execute("SELECT name, number, family FROM chain")
        found = (
            word for name, number, family in rows for word in (name, number, *family.split("\n"))
        )
        return tuple(dict.fromkeys(word for word in found if " " in word or word.isdigit()))

    def chains_waiting(self) -> tuple[ChainId, ...]:
        """The open chains that have documents which have not ended."""
        rows = self._db.execute(
            "SELECT DISTINCT d.chain FROM document d JOIN chain c USING (chain)"
            " WHERE d.over = 0 AND c.open = 1 ORDER BY d.chain"
        )
        return tuple(ChainId(row[0]) for row in rows)

    def refs_of_batch(self, batch: str) -> tuple[str, ...]:
        """The references that one batch made."""
        rows = self._db.execute("SELECT ref FROM document WHERE batch = ? ORDER BY rowid", (batch,))
        return tuple(row[0] for row in rows)

    def act(self, key: str) -> Act | None:
        """Where the act with *key* was last written, if it was."""
        query = "SELECT chain, n FROM act WHERE key = ? ORDER BY rowid DESC"
        row = self._db.execute(query, (key,)).fetchone()
        return Act(ChainId(row[0]), int(row[1])) if row else None

    def chains_of_row(self, key: str) -> tuple[ChainId, ...]:
        """The chains that hold letters of the row with this identity."""
        rows = self._db.execute(
            "SELECT DISTINCT chain FROM act WHERE key >= ? AND key < ? ORDER BY chain",
            (f"{key}#", f"{key}$"),  # a letter's key is its row's, "#", and for whom; "$" is next
        )
        return tuple(ChainId(row[0]) for row in rows)

    def _one(self, query: str, value: str) -> ChainId | None:
        row = self._db.execute(query, (value,)).fetchone()
        return ChainId(row[0]) if row else None

    # --- reading a chain --------------------------------------------------------------------

    def _write(self, action: Callable[[], T]) -> T:
        """Do it in one transaction; where the disk lets nobody write, go on in memory."""
        try:
            with self._db:
                return action()
        except sqlite3.OperationalError:
            if self.in_memory:
                raise
            self._go_on_in_memory()
            with self._db:
                return action()

    def _go_on_in_memory(self) -> None:
        with closing(self._db) as file:
            self._db = memory_database()
            file.backup(self._db)
        self.in_memory = True

    def _rebuild(self) -> None:
        for table in ("chain", "document", "act"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608  (three fixed names)

    def _refresh(self, heads: Mapping[ChainId, Head | None], history: History) -> int:
        known = self._db.execute("SELECT chain FROM chain").fetchall()
        for (chain,) in known:
            if chain not in heads:
                self._forget(chain)
        whole = {chain: head for chain, head in heads.items() if head is not None}
        return self._read_changed(whole, history)

    def _read_changed(self, heads: Mapping[ChainId, Head], history: History) -> int:
        changed = [chain for chain, head in heads.items() if self._head(chain) != head]
        for chain in changed:
            entries = history(chain)
            if entries is not None:
                self._read(chain, entries)
        return len(changed)

    def _head(self, chain: ChainId) -> Head:
        query = "SELECT count, head FROM chain WHERE chain = ?"
        row = self._db.execute(query, (chain,)).fetchone()
        return Head(int(row[0]), str(row[1])) if row else EMPTY

    def _extend(self, grown: Sequence[tuple[Case, Sequence[Entry]]], history: History) -> None:
        stale: dict[ChainId, Head] = {}
        for case, entries in grown:
            first = entries[0].event
            if self._head(case.chain) == Head(first.n - 1, first.prev):
                self._put(case)
                self._db.executemany(_NEW_ACT, _act_rows(case.chain, entries))
            else:
                stale[case.chain] = case.head
        self._read_changed(stale, history)

    def _put(self, case: Case) -> None:
        """What a case is now, in place of what it was."""
        self._db.execute("DELETE FROM document WHERE chain = ?", (case.chain,))
        row = _chain_row(case)
        self._db.execute("INSERT OR REPLACE INTO chain VALUES (?,?,?,?,?,?,?,?,?,?)", row)
        self._db.executemany("INSERT INTO document VALUES (?,?,?,?,?,?,?)", _document_rows(case))

    def _forget(self, chain: ChainId) -> None:
        for table in ("chain", "document", "act"):
            self._db.execute(f"DELETE FROM {table} WHERE chain = ?", (chain,))  # noqa: S608

    def _read(self, chain: ChainId, entries: Sequence[Entry]) -> None:
        self._forget(chain)
        self._put(fold(chain, entries))
        self._db.executemany(_NEW_ACT, _act_rows(chain, entries))


def _chain_row(case: Case) -> tuple[object, ...]:
    child = case.record.child if case.record else None
    return (
        case.chain,
        case.head.count,
        case.head.hash,
        case.kind,
        int(case.open),
        case.key,
        child.name.casefold() if child else "",
        child.birth_date.isoformat() if child and child.birth_date else "",
        child.id_number if child else "",
        "\n".join(g.name.casefold() for g in case.record.guardians) if case.record else "",
    )


def _document_rows(case: Case) -> Iterable[tuple[object, ...]]:
    for document in case.documents:
        if document.moved:  # its reference is found where it is now
            continue
        issued = document.issued_on.isoformat() if document.issued_on else ""
        due = document.due.isoformat() if document.due else None
        yield (
            document.ref, case.chain, document.type, issued, due, int(document.over),
            document.batch,
        )  # fmt: skip


def _act_rows(chain: ChainId, entries: Sequence[Entry]) -> Iterable[tuple[Any, ...]]:
    for entry in entries:
        key = (entry.payload or {}).get("key")
        if key:
            yield (key if isinstance(key, str) else json.dumps(key), chain, entry.event.n)
