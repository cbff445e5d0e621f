"""Is everything still there that the office's own chain says came in and has not left?"""

from __future__ import annotations

from collections.abc import Iterator

from bti_docs import files
from bti_docs.archive import layout
from bti_docs.archive.check import Finding
from bti_docs.archive.store import Archive
from bti_docs.core.events import OFFICE, Entry, Json
from bti_docs.errors import IntegrityError

_FILE = "file:"
_REMOVED = "heap-removed:"


def unaccounted(archive: Archive) -> Iterator[Finding]:
    """Items of the tray and heaps that are gone without a decision or an act that let them go.

    What seems to be gone is asked for again: the event that lets something go comes before it goes.
    """
    if any(_gone(archive)):
        for path, code in _gone(archive):
            yield Finding(OFFICE, "missing", path, code)


def _gone(archive: Archive) -> Iterator[tuple[str, str]]:
    """(path, code) of what is not where the chain says."""
    try:
        history = archive.history(OFFICE)
    except IntegrityError:  # found by the check of the chain itself
        return
    there = archive.tray_items()
    for item in _undecided(history):
        if item not in there:
            yield f"{layout.TRAY}/{item}", "tray_missing"
    names = {name.partition(".")[0] for name in files.listing(archive.root / layout.HEAPS)}
    for sha256 in _kept(history):
        if sha256 not in names:
            yield f"{layout.HEAPS}/{sha256}", "heap_missing"


def _undecided(history: tuple[Entry, ...]) -> list[str]:
    """The items that came into the tray and that nobody has decided on."""
    kinds: dict[str, dict[str, None]] = {"tray_in": {}, "tray_decided": {}}
    for entry in history:
        item = entry.event.codes.get("item")
        if entry.event.kind in kinds and isinstance(item, str):
            kinds[entry.event.kind][item] = None
    return [item for item in kinds["tray_in"] if item not in kinds["tray_decided"]]


def _kept(history: tuple[Entry, ...]) -> list[str]:
    """The hashes of the scans of several pages that are kept until an event removes them."""
    kept: dict[str, None] = {}
    for entry in history:
        payload = entry.payload or {}
        key = str(payload.get("key", ""))
        if entry.event.kind != "heap":
            continue
        if key.startswith(_REMOVED):
            kept.pop(key.removeprefix(_REMOVED), None)
        elif key.startswith(_FILE) and _is_kept(payload):
            kept[key.removeprefix(_FILE)] = None
    return list(kept)


def _is_kept(payload: Json) -> bool:
    """Whether a receipt is of a scan of several pages, or of a container."""
    return "members" in payload or _scanned_pages(payload.get("pages")) > 1


def _scanned_pages(pages: object) -> int:
    """How many pages a receipt has; a file that could not be read into pages has none."""
    found = pages if isinstance(pages, list) else []
    return sum(isinstance(page, dict) and "page" in page for page in found)
