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
from bti_docs.files import NewFile

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


def extend(disk: files.Disk, grown: Iterable[tuple[Path, ChainId, Sequence[Entry]]]) -> None:
    """Bring the list of each chain up to date after its entries were written.

    The events are there, so a list that cannot be rewritten now is not a failure.
    """
    batch = [NewFile(item[0] / layout.MANIFEST, _extended(*item)) for item in grown]
    with contextlib.suppress(ArchiveError):
        files.rewrite_many(disk, batch)


def _extended(folder: Path, chain: ChainId, entries: Sequence[Entry]) -> bytes:
    first = entries[0].event.n
    text = files.read(folder / layout.MANIFEST) or b""
    if text.count(_EVENT_MARK) == first - 1 and text[-1:] in (b"", b"\n"):
        return text + _text(expected(entries))
    return _text(expected(chains.read_entries(folder, chain)))


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
