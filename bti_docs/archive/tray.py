"""Til avklaring: what waits for a person, each item a folder that is there whole or not at all.

`til-avklaring/<item>/` holds `original.<ext>` (the bytes as received), page pictures, and
`item.json` with reasons and guess, the original's name, size and hash.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bti_docs import files
from bti_docs.archive import layout
from bti_docs.core.events import Json, compact_json, digest, instant_text
from bti_docs.errors import ArchiveError, IntegrityError
from bti_docs.files import Disk, NameTaken, NewFile

ITEM: Final = "item.json"
_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")
_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,8}")


def item_id(at: datetime, data: bytes) -> str:
    """A neutral name for an item: the day it came and the beginning of its hash."""
    return f"{instant_text(at)[:10]}-{digest(data)[:12]}"


def neutral_suffix(name: str) -> str:
    """The ending of the name a file came with, or `.bin` when that could say anything."""
    suffix = Path(name).suffix.lower()
    return suffix if _SUFFIX.fullmatch(suffix) else ".bin"


@dataclass(frozen=True, slots=True)
class NewItem:
    """What is to wait: the bytes as received, what is known of them, and page pictures."""

    item: str
    suffix: str
    data: bytes
    about: Mapping[str, Any]
    pictures: Mapping[str, bytes]


def put(disk: Disk, root: Path, new: NewItem) -> None:
    """Add an item in one step; putting the same original under the same name again is done.

    Raises:
        NameTaken: the item is there with another original.
    """
    final = folder(root, new.item)
    original = f"original{neutral_suffix(f'x{new.suffix}')}"
    facts = {"original": original, "sha256": digest(new.data), "bytes": len(new.data)}
    inside: dict[str, bytes] = {original: new.data, **new.pictures}
    inside[ITEM] = compact_json({**new.about, **facts})
    files.ensure_folder(disk, final.parent)
    temporary = files.temporary_folder(disk, final.parent)
    batch = [NewFile(temporary / layout.check_name(name), data) for name, data in inside.items()]
    files.publish(disk, batch)
    if not files.name_folder(disk, temporary, final):
        files.remove_folder(disk, temporary)
        there = get(root, new.item)
        if there is None or there["sha256"] != facts["sha256"]:
            raise NameTaken([final])


def items(root: Path) -> tuple[str, ...]:
    """The items that wait, oldest name first."""
    tray = root / layout.TRAY
    return tuple(name for name in files.listing(tray) if (tray / name / ITEM).is_file())


def get(root: Path, item: str) -> Json | None:
    """What `item.json` says; None when there is no such item.

    Raises:
        IntegrityError: it is not what was written there.
    """
    data = files.read(folder(root, item) / ITEM)
    if data is None:
        return None
    about = _parsed(data)
    if not {"original", "sha256"} <= about.keys():
        raise IntegrityError("tray_changed", item=item)
    return about


def _parsed(data: bytes) -> Json:
    """An object; an empty one for anything else."""
    try:
        about = json.loads(data)
    except ValueError:
        return {}
    return about if isinstance(about, dict) else {}


def original(root: Path, item: str) -> bytes:
    """The bytes as they were received.

    Raises:
        ArchiveError: there is no such item.
        IntegrityError: the bytes are not those that were put.
    """
    about = get(root, item)
    data = files.read(folder(root, item) / about["original"]) if about else None
    if about is None or data is None:
        raise ArchiveError("tray_item_missing", item=item)
    if digest(data) != about["sha256"]:
        raise IntegrityError("tray_changed", item=item)
    return data


def remove(disk: Disk, root: Path, item: str) -> None:
    """Take an item away, in one step for whoever looks; nothing happens when it is gone."""
    path = folder(root, item)
    if path.is_dir():
        files.remove_folder(disk, path)


def folder(root: Path, item: str) -> Path:
    """An item's folder.

    Raises:
        ArchiveError: that is not a name an item can have.
    """
    if not _ID.fullmatch(item):
        raise ArchiveError("tray_item_missing", item="?")
    return root / layout.TRAY / item
