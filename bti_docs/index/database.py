"""The file of the index: its tables, and opening it whatever it has become."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

_VERSION: Final = 3
_SCHEMA: Final = """
CREATE TABLE chain (
    chain TEXT PRIMARY KEY, count INTEGER NOT NULL, head TEXT NOT NULL, kind TEXT NOT NULL,
    open INTEGER NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, birth TEXT NOT NULL,
    number TEXT NOT NULL, family TEXT NOT NULL
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


def open_database(path: Path) -> sqlite3.Connection:
    """The database, made anew when it is of another version or damaged: it is only a cache."""
    try:
        return _connected(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # nobody may write there, or it is full
            raise
        path.unlink(missing_ok=True)
        return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    db = sqlite3.connect(path, timeout=30)
    try:
        db.execute("PRAGMA secure_delete = ON")
        _make_tables(db)
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def memory_database() -> sqlite3.Connection:
    """An empty database that is gone with the process."""
    db = sqlite3.connect(":memory:")
    _make_tables(db)
    return db


def _make_tables(db: sqlite3.Connection) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version != _VERSION:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in tables:
            db.execute(f'DROP TABLE "{name}"')
        db.executescript(f"{_SCHEMA} PRAGMA user_version = {_VERSION};")
