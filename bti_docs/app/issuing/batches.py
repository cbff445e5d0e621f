"""A batch: what one run of an input made together, also when the run was stopped and begun again.

The office's own chain says when a batch began and when its heap was whole. Between the two a run of
the same input goes on with it, so that the heap holds all of it.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.app.outgoing import heap_of, heap_path
from bti_docs.app.relay import refresh_logs
from bti_docs.core.events import OFFICE, Act, NewDocument
from bti_docs.core.model import Case, Document, DocumentFile
from bti_docs.core.references import ALPHABET
from bti_docs.files import NewFile


@dataclass(frozen=True, slots=True)
class Batch:
    """What one run of an input makes."""

    name: str
    """Neutral, `B-2026-11-22-7K3M`."""
    resumed: bool
    """Whether an earlier run of the same input began it, and was stopped."""


def start_batch(office: Office, identity: str, count: int) -> Batch:
    """A batch, told to the office's own chain; or the one of the same input that was stopped."""
    going_on = unfinished_batch(office, identity)
    if going_on:
        return Batch(going_on, resumed=True)
    name = "".join(ALPHABET[secrets.randbelow(len(ALPHABET))] for _ in range(4))
    batch = f"B-{office.today.isoformat()}-{name}"
    codes = {"batch": batch, "count": count}
    office.note(Act("batch", office.actor, codes=codes, payload={"input": identity}))
    return Batch(batch, resumed=False)


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
    found = office.documents(refs)
    _copy(office, found)
    _take_back(office, found)
    refresh_logs(office, [case.chain for case, _ in found])
    return _ended(office, batch, refs, heap_of(office, batch, refs))


def end_unbroken_batch(
    office: Office, batch: str, replacing: Iterable[str], *, to_print: bool
) -> Path | None:
    """As `end_batch`, for a run that nobody stopped: its copies and logs are there already.

    Args:
        office: where.
        batch: its name.
        replacing: the letters that were made in the place of others.
        to_print: whether any of it has a PDF.
    """
    refs = office.index.refs_of_batch(batch)
    _take_back(office, office.documents(replacing))
    return _ended(office, batch, refs, heap_of(office, batch, refs) if to_print else None)


def _ended(office: Office, batch: str, refs: Collection[str], heap: Path | None) -> Path | None:
    codes = {"batch": batch, "ended": True, "count": len(refs)}
    office.note(Act("batch", office.actor, codes=codes))
    return heap


def copy_out(office: Office, documents: Iterable[NewDocument]) -> None:
    """Put copies of what was just issued in the outbox."""
    outbox = office.settings.outbox
    files.rewrite_many(office.disk, [NewFile(outbox / d.name, d.data) for d in documents])


def _copy(office: Office, papers: Iterable[tuple[Case, Document]]) -> None:
    """Put the copies that are not in the outbox there."""
    for case, document in papers:
        for file in _issued(document) if not document.superseded_by else ():
            copy = _copy_path(office, file)
            if not copy.exists():
                files.rewrite(office.disk, copy, office.archive.document(case.chain, file.path))


def _take_back(office: Office, papers: Iterable[tuple[Case, Document]]) -> None:
    """A letter that was replaced is not to be posted: its copies go, and heaps are made anew."""
    replaced = [case.document(document.supersedes) for case, document in papers]
    old = [document for document in replaced if document]
    for file in (file for document in old for file in _issued(document)):
        files.remove(office.disk, _copy_path(office, file))
    for batch in sorted({document.batch for document in old}):
        heap = heap_path(office, batch)
        if heap.exists() and heap_of(office, batch, office.index.refs_of_batch(batch)) is None:
            files.remove(office.disk, heap)


def _issued(document: Document) -> Iterator[DocumentFile]:
    return (file for file in document.files if file.role == "issued")


def _copy_path(office: Office, file: DocumentFile) -> Path:
    return office.settings.outbox / file.path.rpartition("/")[2]


def heaps_again(office: Office, identity: str, known: Iterable[str]) -> tuple[Path, ...]:
    """Nothing was left to make: the heaps of what is there, in the outbox again, newest first.

    Those that hold something nobody has sent yet; when all is sent, the newest.
    """
    stopped = unfinished_batch(office, identity)
    ended = end_batch(office, stopped) if stopped else None
    papers = [document for _, document in office.documents(known) if document.batch != stopped]
    waiting = {d.batch for d in papers if d.sent_on is None and not d.over}
    names = _newest_first(office, {document.batch for document in papers})
    wanted = [name for name in names if name in waiting] or names[:1]
    again = [heap_of(office, name, office.index.refs_of_batch(name)) for name in wanted]
    return tuple(path for path in (ended, *again) if path)


def _newest_first(office: Office, wanted: Collection[str]) -> list[str]:
    """The batches in the order of the office's own chain, which says when each was begun."""
    entries = reversed(office.archive.history(OFFICE))
    told = (str(e.event.codes.get("batch")) for e in entries if e.event.kind == "batch")
    found = dict.fromkeys(name for name in told if name in wanted)
    return list(found)
