"""A batch: what one run of an input made together, also when the run was stopped and begun again.

The office's own chain says when a batch began and when its heap was whole. Between the two a run of
the same input goes on with it, so that the heap holds all of it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from pathlib import Path

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.app.outgoing import heap_of
from bti_docs.app.relay import refresh_logs
from bti_docs.core.events import OFFICE, Act
from bti_docs.core.model import Case
from bti_docs.core.references import ALPHABET


def start_batch(office: Office, identity: str, count: int) -> str:
    """A batch's neutral name, `B-2026-11-22-7K3M`, told to the office's own chain."""
    going_on = unfinished_batch(office, identity)
    if going_on:
        return going_on
    name = "".join(ALPHABET[secrets.randbelow(len(ALPHABET))] for _ in range(4))
    batch = f"B-{office.today.isoformat()}-{name}"
    codes = {"batch": batch, "count": count}
    office.note(Act("batch", office.actor, codes=codes, payload={"input": identity}))
    return batch


def unfinished_batch(office: Office, identity: str) -> str | None:
    """The batch of the same input that was stopped before it was ended."""
    ended: set[object] = set()
    for entry in reversed(office.archive.history(OFFICE)):
        if entry.event.kind != "batch":
            continue
        batch = entry.event.codes.get("batch")
        if entry.event.codes.get("ended"):
            ended.add(batch)
        elif (entry.payload or {}).get("input") == identity:
            return None if batch in ended else str(batch)
    return None


def end_batch(office: Office, batch: str) -> Path | None:
    """Make whole what a stop may have left out: copies, logs, the heap; and say that it is."""
    refs = office.index.refs_of_batch(batch)
    cases = copies_of(office, refs)
    refresh_logs(office, [case.chain for case in cases])
    heap = heap_of(office, batch, refs)
    codes = {"batch": batch, "ended": True, "count": len(refs)}
    office.note(Act("batch", office.actor, codes=codes))
    return heap


def copies_of(office: Office, refs: Iterable[str]) -> tuple[Case, ...]:
    """Put the copies of documents that are not in the outbox there; the documents' cases."""
    found = office.documents(refs)
    for case, document in found:
        for file in document.files:
            copy = office.settings.outbox / file.path.rpartition("/")[2]
            if file.role == "issued" and not document.superseded_by and not copy.exists():
                files.rewrite(office.disk, copy, office.archive.document(case.chain, file.path))
    return tuple(case for case, _ in found)


def heap_again(office: Office, identity: str, known: Iterable[str]) -> Path | None:
    """Nothing was left to make: the heap of what is there is put in the outbox again."""
    stopped = unfinished_batch(office, identity)
    if stopped:
        return end_batch(office, stopped)
    newest = max((document.batch for _, document in office.documents(known)), default="")
    return heap_of(office, newest, office.index.refs_of_batch(newest)) if newest else None
