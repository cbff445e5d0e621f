from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bti_docs import files
from bti_docs.errors import ArchiveError
from bti_docs.files import Disk, NameTaken, NewFile, publish

Broken = Callable[..., Any]


def batch(folder: Path) -> list[NewFile]:
    (folder / "a").mkdir(parents=True, exist_ok=True)
    (folder / "b").mkdir(exist_ok=True)
    return [
        NewFile(folder / "a" / "one.pdf", b"one" * 5000),
        NewFile(folder / "b" / "two.json", b"{}\n"),
        NewFile(folder / "a" / "empty.txt", b""),
    ]


def names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_publishes_a_batch_and_leaves_no_temporaries(tmp_path: Path) -> None:
    new = batch(tmp_path)
    publish(Disk(), new)
    assert names(tmp_path) == ["a/empty.txt", "a/one.pdf", "b/two.json"]
    assert all(file.path.read_bytes() == file.data for file in new)


def test_every_file_is_durable_before_any_name_and_folders_after(
    tmp_path: Path, breaking_disk: Broken
) -> None:
    disk = breaking_disk(None)
    publish(disk, batch(tmp_path))
    steps = [name for name, _ in disk.steps]
    assert steps == [
        *["write", "sync"] * 3,
        *["link", "link", "sync_folder"],  # all of a/, since it came first
        *["link", "sync_folder"],
    ]


def test_killed_at_every_step_it_leaves_whole_files_and_can_be_repeated(
    tmp_path: Path, breaking_disk: Broken
) -> None:
    for step in range(100):
        folder = tmp_path / str(step)
        new = batch(folder)
        disk = breaking_disk(step)
        try:
            publish(disk, new)
        except disk.Killed:
            for file in new:
                assert files.read(file.path) in (None, file.data)
            publish(Disk(), new)
        finished = disk.survived
        assert all(file.path.read_bytes() == file.data for file in new)
        later = datetime.now(UTC) + timedelta(days=2)
        for name in ("a", "b"):
            files.sweep_leftovers(Disk(), folder / name, later)
        assert names(folder) == ["a/empty.txt", "a/one.pdf", "b/two.json"]
        if finished:
            return
    pytest.fail("never finished")


def test_same_bytes_under_the_name_are_done_already(tmp_path: Path) -> None:
    new = batch(tmp_path)
    publish(Disk(), new)
    inode = new[0].path.stat().st_ino
    publish(Disk(), new)
    assert new[0].path.stat().st_ino == inode


def test_other_bytes_under_the_name_stop_the_batch_before_it_writes(tmp_path: Path) -> None:
    new = batch(tmp_path)
    new[1].path.write_bytes(b"somebody else's")
    with pytest.raises(NameTaken) as caught:
        publish(Disk(), new)
    assert caught.value.paths == (new[1].path,)
    assert names(tmp_path) == ["b/two.json"]
    assert new[1].path.read_bytes() == b"somebody else's"


def test_exclusive_takes_no_for_an_answer_even_with_the_same_bytes(tmp_path: Path) -> None:
    new = NewFile(tmp_path / "000001.json", b"{}\n")
    publish(Disk(), [new], exclusive=True)
    with pytest.raises(NameTaken):
        publish(Disk(), [new], exclusive=True)


def test_a_name_taken_in_the_meantime_leaves_the_rest_in_place(tmp_path: Path) -> None:
    new = batch(tmp_path)

    class Slow(Disk):
        def _step(self, name: str, path: Path) -> None:
            if name == "link" and path == new[1].path:
                path.write_bytes(b"faster")

    with pytest.raises(NameTaken) as caught:
        publish(Slow(), new)
    assert caught.value.paths == (new[1].path,)
    assert names(tmp_path) == ["a/empty.txt", "a/one.pdf", "b/two.json"]
    assert new[1].path.read_bytes() == b"faster"


def test_a_write_that_is_not_what_was_meant_is_seen(tmp_path: Path) -> None:
    class Lying(Disk):
        def write_temporary(self, path: Path, data: bytes) -> None:
            super().write_temporary(path, data[:-1])

    with pytest.raises(ArchiveError, match="write_not_whole"):
        publish(Lying(), [NewFile(tmp_path / "x.pdf", b"abc")])
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EIO, "write_failed")]
)
def test_a_full_or_failing_disk_is_told_and_leaves_nothing(
    tmp_path: Path, number: int, code: str
) -> None:
    new = batch(tmp_path)

    class Failing(Disk):
        def _step(self, name: str, path: Path) -> None:
            if name == "sync" and path.parent.name == "b":
                raise OSError(number, os.strerror(number))

    with pytest.raises(ArchiveError) as caught:
        publish(Failing(), new)
    assert caught.value.code == code
    assert names(tmp_path) == []


def unsupported(*_: object) -> None:
    raise OSError(errno.EPERM, "not on this file system")


@pytest.mark.parametrize("rungs", [["_rename_no_replace"], ["_hard_link", "_rename_no_replace"]])
def test_a_file_system_without_the_exclusive_rename_keeps_the_promise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rungs: list[str]
) -> None:
    for rung in rungs:
        monkeypatch.setattr(f"bti_docs.files.disk.{rung}", unsupported)
    new = batch(tmp_path)
    publish(Disk(), new)
    publish(Disk(), new)
    assert names(tmp_path) == ["a/empty.txt", "a/one.pdf", "b/two.json"]
    with pytest.raises(NameTaken):
        publish(Disk(), [NewFile(new[0].path, b"other")])
    disk, rival = Disk(), tmp_path / "a" / ".tmp-rival"
    rival.write_bytes(b"other")
    assert disk.link(rival, new[0].path) is False
    assert new[0].path.read_bytes() == new[0].data


def test_a_claim_that_a_kill_left_holds_for_a_minute_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for rung in ("_hard_link", "_rename_no_replace"):
        monkeypatch.setattr(f"bti_docs.files.disk.{rung}", unsupported)
    claim = tmp_path / ".tmp-claim-x.pdf"
    claim.touch()
    new = NewFile(tmp_path / "x.pdf", b"x")
    with pytest.raises(NameTaken):
        publish(Disk(), [new])
    os.utime(claim, (time.time() - 120, time.time() - 120))
    publish(Disk(), [new])
    assert names(tmp_path) == ["x.pdf"]


def test_a_link_that_was_made_but_not_answered_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made_and_refused(temporary: Path, final: Path) -> None:
        os.link(temporary, final)
        raise FileExistsError(errno.EEXIST, "a repeated request")

    monkeypatch.setattr("bti_docs.files.disk._rename_no_replace", unsupported)
    monkeypatch.setattr("bti_docs.files.disk._hard_link", made_and_refused)
    publish(Disk(), [NewFile(tmp_path / "x.json", b"x")], exclusive=True)
    assert names(tmp_path) == ["x.json"]


def test_derived_files_are_replaced_whole(tmp_path: Path, breaking_disk: Broken) -> None:
    page = tmp_path / "stafettlogg.html"
    page.write_bytes(b"old")
    for step in range(4):
        disk = breaking_disk(step)
        try:
            files.rewrite(disk, page, b"new")
        except disk.Killed:
            assert page.read_bytes() == b"old"
    files.rewrite(Disk(), page, b"new")
    assert page.read_bytes() == b"new"


def test_making_a_folder_is_a_claim(tmp_path: Path) -> None:
    assert files.make_folders_exclusive(Disk(), [tmp_path / "2026-0001"], 1)
    assert not files.make_folders_exclusive(Disk(), [tmp_path / "2026-0001"], 1)


def test_listing_and_reading_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "b").touch()
    (tmp_path / ".tmp-1").touch()
    (tmp_path / "a").touch()
    assert files.listing(tmp_path) == ("a", "b")
    assert files.listing(tmp_path / "none") == ()
    assert files.read(tmp_path / "none") is None
    assert files.file_digest(tmp_path / "none") is None


def test_only_old_temporaries_are_swept(tmp_path: Path) -> None:
    old, young, kept = (tmp_path / name for name in (".tmp-old", ".tmp-young", "old.pdf"))
    folder = tmp_path / ".tmp-folder"
    folder.mkdir()
    for path in (old, young, kept, folder / "inside"):
        path.touch()
    for path in (old, kept, folder):
        os.utime(path, (0, 0))
    count = files.sweep_leftovers(Disk(), tmp_path, datetime.now(UTC) - timedelta(days=1))
    assert count == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == [".tmp-young", "old.pdf"]
