"""The index: a SQLite cache beside the archive, thrown away and built again at will.

It answers where a reference, a row or a child is without reading every case. The archive is the
only truth: each look compares how many events a chain's folder holds with how many were read, and
reads the grown chains again. It lies in the user's own cache folder, readable by that user alone,
since outside the archive it is the only place that holds names.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from bti_docs.core.events import ChainId, Entry
from bti_docs.core.fold import fold
from bti_docs.core.model import Case

_VERSION: Final = 2
_SCHEMA: Final = """
CREATE TABLE chain (
    chain TEXT PRIMARY KEY, count INTEGER NOT NULL, kind TEXT NOT NULL, open INTEGER NOT NULL,
    key TEXT NOT NULL, name TEXT NOT NULL, birth TEXT NOT NULL, number TEXT NOT NULL,
    family TEXT NOT NULL
) STRICT;
CREATE TABLE document (
    ref TEXT NOT NULL, chain TEXT NOT NULL, type TEXT NOT NULL, issued TEXT NOT NULL,
    due TEXT, over INTEGER NOT NULL, batch TEXT NOT NULL
) STRICT;
CREATE TABLE act (key TEXT NOT NULL, chain TEXT NOT NULL, n INTEGER NOT NULL) STRICT;
CREATE INDEX chain_key ON chain(key);
CREATE INDEX chain_child ON chain(name, birth);
CREATE INDEX chain_number ON chain(number);
CREATE INDEX document_ref ON document(ref);
CREATE INDEX document_batch ON document(batch);
CREATE INDEX document_open ON document(over, due);
CREATE INDEX document_chain ON document(chain);
CREATE INDEX act_key ON act(key);
CREATE INDEX act_chain ON act(chain);
"""

History = Callable[[ChainId], Sequence[Entry]]
"""Reads a chain's events with their payloads."""


@dataclass(frozen=True, slots=True)
class Act:
    """Where the act with an identity was written."""

    chain: ChainId
    n: int


class Index:
    """The cache of one archive. Close it, or use it as a context manager."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = path
        self._db = _opened(path)

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
        with self._db:
            for table in ("chain", "document", "act"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608  (three fixed names)

    def refresh(self, counts: Mapping[ChainId, int], history: History) -> int:
        """Read every chain again whose number of events has changed; returns how many."""
        known = dict(self._db.execute("SELECT chain, count FROM chain").fetchall())
        grown = [chain for chain, count in counts.items() if known.get(chain) != count]
        with self._db:
            for chain in set(known) - set(counts):
                self._forget(ChainId(chain))
            for chain in grown:
                self._read(chain, history(chain))
        return len(grown)

    def refresh_some(self, counts: Mapping[ChainId, int], history: History) -> None:
        """Read just these chains again, when they have grown."""
        with self._db:
            for chain, count in counts.items():
                row = self._db.execute("SELECT count FROM chain WHERE chain = ?", (chain,))
                if (row.fetchone() or (None,))[0] != count:
                    self._read(chain, history(chain))

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

    def _one(self, query: str, value: str) -> ChainId | None:
        row = self._db.execute(query, (value,)).fetchone()
        return ChainId(row[0]) if row else None

    # --- reading a chain --------------------------------------------------------------------

    def _forget(self, chain: ChainId) -> None:
        for table in ("chain", "document", "act"):
            self._db.execute(f"DELETE FROM {table} WHERE chain = ?", (chain,))  # noqa: S608

    def _read(self, chain: ChainId, entries: Sequence[Entry]) -> None:
        self._forget(chain)
        case = fold(chain, entries)
        self._db.execute("INSERT INTO chain VALUES (?,?,?,?,?,?,?,?,?)", _chain_row(case))
        self._db.executemany("INSERT INTO document VALUES (?,?,?,?,?,?,?)", _document_rows(case))
        self._db.executemany("INSERT INTO act VALUES (?,?,?)", _act_rows(chain, entries))


def _opened(path: Path) -> sqlite3.Connection:
    """The database, made anew when it is of another version or damaged: it is only a cache."""
    try:
        return _connected(path)
    except sqlite3.DatabaseError:
        path.unlink(missing_ok=True)
        return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    db = sqlite3.connect(path, timeout=30)
    try:
        db.execute("PRAGMA secure_delete = ON")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version != _VERSION:
            _drop_all(db)
            db.executescript(f"{_SCHEMA} PRAGMA user_version = {_VERSION};")
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def _drop_all(db: sqlite3.Connection) -> None:
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (name,) in tables:
        db.execute(f'DROP TABLE "{name}"')


def _chain_row(case: Case) -> tuple[object, ...]:
    child = case.record.child if case.record else None
    return (
        case.chain,
        case.head.count,
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
