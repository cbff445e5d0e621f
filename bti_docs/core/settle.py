"""When is a file in the inbox whole? A decision, without a clock or a disk.

A folder listing is the truth and events only wake us up: a file that has kept its size and its
time for a while is still, and only then is it asked whether its own end is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stat:
    """What a directory listing says of one file."""

    size: int
    """Bytes."""
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A file's last known stat, and since when it has had it, in seconds of any steady clock."""

    stat: Stat
    since: float


def settle(
    seen: Mapping[str, Seen],
    listing: Mapping[str, Stat],
    now: float,
    quiet: float,
) -> tuple[dict[str, Seen], tuple[str, ...]]:
    """Return what to remember, and which files have been still for *quiet* seconds.

    Files are known by their path. An empty file is never ready: scanners make one while they
    warm up. A file that is gone is forgotten.
    """
    kept = {
        path: seen[path] if path in seen and seen[path].stat == stat else Seen(stat, now)
        for path, stat in listing.items()
    }
    ready = sorted(
        path for path, one in kept.items() if one.stat.size > 0 and now - one.since >= quiet
    )
    return kept, tuple(ready)
