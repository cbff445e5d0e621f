from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bti_docs.archive import Archive, item_id, verify
from bti_docs.core.events import (
    digest,
)
from bti_docs.errors import ArchiveError
from bti_docs.files import NameTaken

Broken = Callable[..., Any]


def put(archive: Archive, name: str, data: bytes = b"%PDF scan") -> None:
    archive.tray_put(name, ".PDF", data, {"reasons": ["unknown"]}, {"side-1.png": b"png"})


def test_the_tray_keeps_the_original_the_item_and_the_pictures(
    archive: Archive, at: datetime
) -> None:
    name = item_id(at, b"%PDF scan")
    assert name.startswith("2026-11-22-")
    put(archive, name)
    put(archive, name)
    assert archive.tray_items() == (name,)
    assert archive.tray_get(name) == {
        "reasons": ["unknown"],
        "original": "original.pdf",
        "sha256": digest(b"%PDF scan"),
        "bytes": 9,
    }
    assert archive.tray_original(name) == b"%PDF scan"
    assert sorted(p.name for p in archive.tray_folder(name).iterdir()) == [
        "item.json", "original.pdf", "side-1.png",
    ]  # fmt: skip
    with pytest.raises(NameTaken):
        put(archive, name, b"another")
    archive.tray_remove(name)
    archive.tray_remove(name)
    assert archive.tray_items() == ()
    assert archive.tray_get(name) is None
    assert not any((archive.root / "til-avklaring").iterdir())
    with pytest.raises(ArchiveError, match="tray_item_missing"):
        archive.tray_original(name)
    with pytest.raises(ArchiveError, match="tray_item_missing"):
        archive.tray_get("../kontor")


def test_killed_at_every_step_a_tray_item_is_whole_or_absent(
    archive: Archive, breaking_disk: Broken
) -> None:
    for act in (put, lambda a, name: a.tray_remove(name)):
        for step in range(100):
            name = f"2026-11-22-{step:03d}"
            disk = breaking_disk(step)
            if act is not put:
                put(archive, name)
            try:
                act(Archive(archive.root, archive.name, disk), name)
            except disk.Killed:
                assert verify(archive).ok
                for item in archive.tray_items():
                    assert archive.tray_original(item) == b"%PDF scan"
                act(archive, name)
            assert (name in archive.tray_items()) == (act is put)
            archive.tray_remove(name)
            if disk.survived:
                break
        else:
            pytest.fail("never finished")
    archive.sweep(datetime.now(UTC) + timedelta(days=2))
    assert not any((archive.root / "til-avklaring").iterdir())
