"""Is the archive what it was? Reads everything, repairs nothing.

Each chain against itself, each file named by its hash against its name, every stray file told of,
what came in against what is still there, and, with a checkpoint, that no chain lost its tail or was
built anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bti_docs import files
from bti_docs.archive import layout, sweep, tray
from bti_docs.archive.account import unaccounted
from bti_docs.archive.check import ChainCheck, Finding
from bti_docs.archive.checkpoint import Checkpoint
from bti_docs.archive.store import Archive
from bti_docs.core.events import OFFICE, ChainId
from bti_docs.core.references import is_archive_name
from bti_docs.errors import ArchiveError, IntegrityError

__all__ = ["Finding", "VerifyReport", "verify"]

README: Final = "LES-MEG.txt"
_TOP: Final = frozenset(
    {
        layout.MARKER,
        layout.CASES,
        layout.SERIES,
        layout.TEMPLATES,
        layout.TRAY,
        layout.HEAPS,
        layout.DAYS,
        OFFICE,
        README,
    }
)


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was looked at and what was found."""

    ok: bool
    """No finding that breaks anything; notes may be there."""
    cases: int
    documents: int
    bytes: int
    """Of the documents that are as they should be."""
    findings: tuple[Finding, ...]


def verify(
    archive: Archive,
    chains: Sequence[ChainId] | None = None,
    *,
    checkpoint: Checkpoint | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> VerifyReport:
    """Check the whole archive, or *chains*; *progress* is told (done, all) after each chain.

    Raises:
        ArchiveError: one of *chains* is not there.
    """
    findings: list[Finding] = []
    wanted = _wanted(archive, chains, checkpoint)
    templates = frozenset(files.listing(archive.root / layout.TEMPLATES))
    cases = documents = size = 0
    for done, chain in enumerate(wanted, start=1):
        check = ChainCheck(archive.root, archive.folder(chain), chain)
        check.run(templates)
        lost = checkpoint and checkpoint.broken(archive, chain)
        if lost:
            check.tell("head", "", lost)
        findings += check.findings
        cases += layout.is_case(chain) and bool(check.events)
        documents += check.documents
        size += check.size
        if progress is not None:
            progress(done, len(wanted))
    if chains is None:
        findings += (*_outside_chains(archive), *unaccounted(archive), *_empty_folders(archive))
    ok = all(finding.note for finding in findings)
    return VerifyReport(ok, cases, documents, size, tuple(findings))


def _wanted(
    archive: Archive, chains: Sequence[ChainId] | None, checkpoint: Checkpoint | None
) -> list[ChainId]:
    """The chains to look at: those asked for, or all that are there or ought to be."""
    if chains is not None:
        for chain in chains:
            if not archive.folder(chain).is_dir():
                raise ArchiveError("chain_missing", chain=chain)
        return list(chains)
    known = {*archive.folders(), OFFICE, *(checkpoint.heads if checkpoint else ())}
    return sorted(filter(layout.is_chain, known), key=layout.chain_order)


def _outside_chains(archive: Archive) -> Iterator[Finding]:
    """The archive's name, strays above the chains, files named by their hash, and the tray."""
    if not is_archive_name(archive.name):
        yield Finding(None, "format", layout.MARKER, "archive_name_bad")
    places = {
        "": _TOP,
        layout.CASES: frozenset(filter(layout.is_case, archive.folders())),
        layout.SERIES: frozenset(c for c in archive.folders() if not layout.is_case(c)),
    }
    for folder, known in places.items():
        for name in files.listing(archive.root / folder):
            if name not in known and not layout.is_litter(name):
                yield Finding(None, "untracked", f"{folder}/{name}".lstrip("/"), "file_unknown")
    yield from _named_by_hash(archive, layout.TEMPLATES, "template_changed")
    yield from _named_by_hash(archive, layout.HEAPS, "heap_changed")
    for item in tray.items(archive.root):
        try:
            tray.original(archive.root, item)
        except (ArchiveError, IntegrityError):
            yield Finding(None, "changed", f"{layout.TRAY}/{item}", "tray_changed")


def _empty_folders(archive: Archive) -> Iterator[Finding]:
    """Numbers that were claimed by a run that was stopped, or folders that somebody made."""
    limit = datetime.now(UTC) - sweep.AGE
    for chain in archive.folders():
        folder = archive.folder(chain)
        empty = not any(path.is_file() for path in folder.rglob("*"))
        if empty and files.is_older(folder, limit):
            path = folder.relative_to(archive.root).as_posix()
            yield Finding(chain, "untracked", path, "folder_empty")


def _named_by_hash(archive: Archive, folder: str, code: str) -> Iterator[Finding]:
    for name in files.listing(archive.root / folder):
        found = files.file_digest(archive.root / folder / name)
        if found != name.partition(".")[0] and not layout.is_litter(name):
            yield Finding(None, "changed", f"{folder}/{name}", code)
