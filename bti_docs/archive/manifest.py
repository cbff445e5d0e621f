"""`manifest-sha256.txt`: the chain's files and their hashes, as `sha256sum -c` reads them.

A derived list for people without this program. It is made from the chain, never from the files, so
that it says what ought to be there. A chain that grew by two programs at once may have a list that
lags; the next event makes it whole again.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from bti_docs import files
from bti_docs.archive import chain as chains
from bti_docs.archive import layout
from bti_docs.core.events import ChainId, Entry
from bti_docs.errors import ArchiveError

_EVENT_MARK: Final = f"  {layout.EVENTS}/".encode("ascii")
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([!-~]+)")


def read(folder: Path) -> dict[str, str]:
    """Path to hash, as the list says it now. Lines that are none are passed over."""
    data = files.read(folder / layout.MANIFEST) or b""
    lines = map(_LINE.fullmatch, data.decode("ascii", "replace").splitlines())
    return {match[2]: match[1] for match in lines if match}


def write(disk: files.Disk, folder: Path, lines: Mapping[str, str]) -> None:
    """Rewrite the list."""
    files.rewrite(disk, folder / layout.MANIFEST, _text(lines))


def extend(disk: files.Disk, folder: Path, chain: ChainId, entries: Sequence[Entry]) -> None:
    """Bring the list up to date after *entries* were written.

    The events are there, so a list that cannot be rewritten now is not a failure.
    """
    text = files.read(folder / layout.MANIFEST) or b""
    if text.count(_EVENT_MARK) == entries[0].event.n - 1 and text[-1:] in (b"", b"\n"):
        text += _text(expected(entries))
    else:
        text = _text(expected(chains.read_entries(folder, chain)))
    with contextlib.suppress(ArchiveError):
        files.rewrite(disk, folder / layout.MANIFEST, text)


def expected(entries: Iterable[Entry]) -> dict[str, str]:
    """Path to hash of everything the entries name and that no lawful act removed."""
    lines: dict[str, str] = {}
    for entry in entries:
        lines[f"{layout.EVENTS}/{layout.event_name(entry.event.n)}"] = entry.hash
        if entry.event.data and entry.payload is not None:
            name = layout.payload_name(entry.event.data)
            lines[f"{layout.PAYLOADS}/{name}"] = entry.event.data
        lines |= {item["path"]: item["sha256"] for item in chains.documents(entry.payload)}
    return lines


def _text(lines: Mapping[str, str]) -> bytes:
    return "".join(f"{value}  {path}\n" for path, value in lines.items()).encode("ascii")
