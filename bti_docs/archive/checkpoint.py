"""Checkpoints: the heads of all chains, kept where the archive's machine cannot write.

A chain alone shows neither that its tail was cut off nor that it was built anew. A checkpoint is
text: one line `chain count hash` per chain, sorted, then `sha256` and the hash of those lines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from bti_docs import files
from bti_docs.archive import layout
from bti_docs.archive.store import Archive
from bti_docs.core.events import OFFICE, ChainId, Head, digest
from bti_docs.errors import ArchiveError

_LINE: Final = re.compile(r"(\S+) (\d+) ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The heads as they were once."""

    heads: Mapping[ChainId, Head]

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a checkpoint file, in whichever line endings it came back with.

        Raises:
            ArchiveError: it is no checkpoint, or not whole.
        """
        lines = data.decode("ascii", "replace").split("\n")
        lines = [line.rstrip("\r") for line in lines if line.strip()]
        found = [_LINE.fullmatch(line) for line in lines[:-1]]
        if not lines or lines[-1] != _seal(lines[:-1]) or None in found:
            raise ArchiveError("checkpoint_unreadable")
        heads = {ChainId(m[1]): Head(int(m[2]), m[3]) for m in found if m}
        return cls(heads)

    def broken(self, archive: Archive, chain: ChainId) -> str | None:
        """The code of what a chain lost since the checkpoint; None when it only grew, or is new."""
        then = self.heads.get(chain)
        if then is None:
            return None
        events = archive.folder(chain) / layout.EVENTS
        if not archive.exists(chain):
            return "chain_gone"
        found = files.file_digest(events / layout.event_name(then.count))
        if found is None:
            return "tail_cut"
        return None if found == then.hash else "chain_rebuilt"


def checkpoint_lines(archive: Archive) -> tuple[str, ...]:
    """`chain count hash` for every chain with an event, sorted."""
    heads = {chain: archive.head(chain) for chain in (*archive.chains(), OFFICE)}
    lines = (f"{chain} {head.count} {head.hash}" for chain, head in heads.items() if head.count)
    return tuple(sorted(lines))


def checkpoint_text(archive: Archive) -> bytes:
    """The checkpoint file's bytes."""
    lines = checkpoint_lines(archive)
    return "".join(f"{line}\n" for line in (*lines, _seal(lines))).encode("ascii")


def _seal(lines: Sequence[str]) -> str:
    text = "".join(f"{line}\n" for line in lines)
    return f"sha256 {digest(text.encode('ascii', 'replace'))}"
