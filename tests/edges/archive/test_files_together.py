"""Many files at once: the file system is made durable as a whole, and the promise is the same."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bti_docs import files
from bti_docs.errors import ArchiveError
from bti_docs.files import Disk, NameTaken, NewFile, publish_in_turns, syncing

Broken = Callable[..., Any]


@pytest.fixture(autouse=True)
def together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are many."""
    monkeypatch.setattr("bti_docs.files.disk._TOGETHER", 2)


def turns(root: Path) -> list[list[NewFile]]:
    for name in "abc":
        (root / name).mkdir(parents=True, exist_ok=True)
    first = [NewFile(root / name / "data.json", name.encode()) for name in "abc"]
    second = [NewFile(root / name / "brev.docx", name.encode() * 5000) for name in "ab"]
    return [first, second]


def whole(root: Path) -> bool:
    return all(files.read(new.path) == new.data for turn in turns(root) for new in turn)


def test_one_sync_for_all_bytes_and_one_for_each_turn_of_names(
    tmp_path: Path, breaking_disk: Broken
) -> None:
    new = turns(tmp_path)
    disk = breaking_disk(None)
    publish_in_turns(disk, new)
    assert whole(tmp_path)
    steps = [name for name, _ in disk.steps]
    known = syncing.whole_sync
    with known() as systems:
        if not systems.hold(tmp_path):
            pytest.skip("this file system is made durable file by file")
    assert steps == [
        *["write"] * 5, "sync_all",
        *["link"] * 3, "sync_all",
        *["link"] * 2, "sync_all",
    ]  # fmt: skip


def test_killed_at_every_step_it_leaves_whole_files_and_can_be_repeated(
    tmp_path: Path, breaking_disk: Broken
) -> None:
    for step in range(40):
        root = tmp_path / str(step)
        new = turns(root)
        disk = breaking_disk(step)
        try:
            publish_in_turns(disk, new)
        except disk.Killed:
            assert all(files.read(f.path) in (None, f.data) for turn in new for f in turn)
            seconds = any(files.read(f.path) for f in new[1])
            assert not seconds or all(files.read(f.path) for f in new[0])
            publish_in_turns(Disk(), new)
        assert whole(root)
        later = datetime.now(UTC) + timedelta(days=2)
        for name in "abc":
            files.sweep_leftovers(Disk(), root / name, later)
        assert len([path for path in root.rglob("*") if path.is_file()]) == 5
        if disk.survived:
            return
    pytest.fail("never finished")


@pytest.mark.parametrize("missing", ["syncfs", "fstatfs"])
def test_file_by_file_where_the_system_does_not_know_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, breaking_disk: Broken, missing: str
) -> None:
    class Poor:
        def __getattr__(self, name: str) -> object:
            if name == missing:
                raise AttributeError(name)
            return getattr(syncing_libc, name)

    syncing_libc = syncing._libc()
    monkeypatch.setattr(syncing, "_libc", Poor)
    syncing._knows_syncfs.cache_clear()
    try:
        disk = breaking_disk(None)
        publish_in_turns(disk, turns(tmp_path))
    finally:
        syncing._knows_syncfs.cache_clear()
    assert whole(tmp_path)
    steps = [name for name, _ in disk.steps]
    assert steps.count("sync") == 5
    assert "sync_all" not in steps


def test_a_sync_that_fails_is_told_and_no_name_appears(tmp_path: Path) -> None:
    class Failing(Disk):
        def _step(self, name: str, path: Path) -> None:
            if name in {"sync", "sync_all"} and path.exists():
                raise OSError(errno.EIO, os.strerror(errno.EIO))

    with pytest.raises(ArchiveError, match="write_failed"):
        publish_in_turns(Failing(), turns(tmp_path))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_same_file_twice_in_a_batch_is_one(tmp_path: Path) -> None:
    new = NewFile(tmp_path / "x.pdf", b"x")
    publish_in_turns(Disk(), [[new, new], [new]])
    assert new.path.read_bytes() == b"x"
    other = NewFile(tmp_path / "y.pdf", b"y")
    with pytest.raises(NameTaken):
        publish_in_turns(Disk(), [[other], [NewFile(other.path, b"z")]])


def test_a_derived_file_that_somebody_holds_does_not_stop_the_others(tmp_path: Path) -> None:
    class Held(Disk):
        def replace(self, temporary: Path, final: Path) -> None:
            if final.name == "b.html":
                raise PermissionError(errno.EACCES, "held")
            super().replace(temporary, final)

    pages = [NewFile(tmp_path / f"{name}.html", b"new") for name in "abc"]
    with pytest.raises(ArchiveError, match="write_failed"):
        files.rewrite_many(Held(), pages)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "c.html"]


def test_numbers_that_are_taken_are_passed(tmp_path: Path) -> None:
    (tmp_path / "2").mkdir()
    wanted = (tmp_path / str(number) for number in range(1, 100))
    made = files.make_folders_exclusive(Disk(), wanted, 3)
    assert [path.name for path in made] == ["1", "3", "4"]
