"""Carrying out a lawful removal that the chain already tells of."""

from __future__ import annotations

from pathlib import Path

from bti_docs import files
from bti_docs.archive import chain as chains
from bti_docs.archive import layout, manifest
from bti_docs.core.events import ChainId
from bti_docs.files import Disk


def remove(disk: Disk, folder: Path, chain: ChainId) -> tuple[str, ...]:
    """Remove what the chain's `disposed` and `moved` events name; the paths that went.

    Documents go before the payload that names them, so that a kill leaves nothing unnamed. A
    document that a remaining event names too stays.
    """
    history = tuple(chains.read_entries(folder, chain))
    gone = chains.removed_numbers([entry.event for entry in history])
    kept = manifest.expected(entry for entry in history if entry.event.n not in gone)
    named = manifest.expected(entry for entry in history if entry.event.n in gone)
    events = {path: value for path, value in named.items() if path.startswith(layout.EVENTS)}
    paths = sorted(named.keys() - kept.keys() - events.keys(), key=_documents_first)
    for path in paths:
        files.remove(disk, folder / path)
    files.remove(disk, folder / layout.LOG)
    manifest.write(disk, folder, kept | events)
    return tuple(sorted(paths))


def _documents_first(path: str) -> tuple[bool, str]:
    return not path.startswith(layout.DOCUMENTS), path
