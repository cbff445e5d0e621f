from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bti_docs.archive import Archive, verify
from bti_docs.core.events import (
    EMPTY,
    Act,
    ChainId,
    digest,
)
from bti_docs.files import Disk

Acts = Callable[..., Act]
Broken = Callable[..., Any]


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def done_keys(archive: Archive, chain: ChainId) -> list[str]:
    return [e.payload["key"] for e in archive.history(chain) if e.payload]


def test_killed_at_every_step_an_act_is_there_once_or_not_at_all(
    tmp_path: Path,
    make_archive: Callable[[Path], Archive],
    issued: Acts,
    at: datetime,
    breaking_disk: Broken,
) -> None:
    for step in range(200):
        archive = make_archive(tmp_path / str(step))
        chain = archive.new_case(2026)
        archive.append(chain, EMPTY, Act("opened", "u-04", payload={"key": "row-0"}), at)
        disk = breaking_disk(step)
        broken = Archive(archive.root, archive.name, disk)
        wanted = ["row-1", "row-2"]
        acts = [issued(i, ref=f"AAAAAA{i:02}") for i in (1, 2)]
        head = archive.head(chain)
        try:
            broken.append_many([(chain, head, act) for act in acts], at)
        except disk.Killed:
            assert verify(archive).ok
            before = done_keys(archive, chain)
            assert before == ["row-0", *wanted][: len(before)]
            for key, act in zip(wanted, acts, strict=True):
                if key not in before:  # the identity in the payload shows what was done
                    archive.append(chain, archive.head(chain), act, at)
        assert done_keys(archive, chain) == ["row-0", *wanted]
        assert verify(archive).ok
        archive.sweep(datetime.now(UTC) + timedelta(days=2))
        assert verify(archive).findings == ()
        assert len(tree(archive.folder(chain) / "dokumenter")) == 4
        if disk.survived:
            return
    pytest.fail("never finished")


def test_a_claimed_number_that_was_never_used_goes_after_a_day(
    archive: Archive, case: ChainId
) -> None:
    unused = archive.new_case(2026)
    assert archive.sweep(datetime.now(UTC)) == 0
    assert unused in archive.folders()
    archive.sweep(datetime.now(UTC) + timedelta(days=2))
    assert archive.folders() == (case,)
    assert (archive.root / "kontor").is_dir()


def test_the_sweep_takes_only_proven_leftovers(
    archive: Archive, case: ChainId, issued: Acts, at: datetime
) -> None:
    class Gone(BaseException):
        pass

    class Dying(Disk):
        def _step(self, name: str, path: Path) -> None:
            if name == "write" and path.parent.name == "hendelser":
                raise Gone

    before = tree(archive.folder(case))
    act = issued(2, ref="AAAAAAAA")
    with pytest.raises(Gone):  # documents and payload are there, the event is not
        Archive(archive.root, archive.name, Dying()).append(case, archive.head(case), act, at)
    by_hand = archive.folder(case) / "dokumenter" / "by-hand.docx"
    by_hand.write_bytes(b"a teacher put this here")
    left = tree(archive.folder(case)).keys() - before.keys()
    assert any(name.endswith("AAAAAAAA_utstedt.pdf") for name in left)
    archive.sweep(datetime.now(UTC))
    assert tree(archive.folder(case)).keys() - before.keys() == left
    archive.sweep(datetime.now(UTC) + timedelta(days=2))
    assert tree(archive.folder(case)).keys() - before.keys() == {"dokumenter/by-hand.docx"}


def test_the_sweep_leaves_a_cut_chain_alone(archive: Archive, case: ChainId) -> None:
    for n in (2, 3):
        (archive.folder(case) / "hendelser" / f"{n:06d}.json").unlink()
    before = tree(archive.root)
    archive.sweep(datetime.now(UTC) + timedelta(days=2))
    assert tree(archive.root) == before


def test_a_proven_payload_leads_nobody_out_of_the_folder(archive: Archive, case: ChainId) -> None:
    victim = archive.root / "victim"
    victim.write_bytes(b"x")
    for documents in ([{"path": "../../victim", "sha256": digest(b"x")}], 5, [5], [{"path": 1}]):
        data = json.dumps({"documents": documents}).encode()
        (archive.folder(case) / "data" / f"{digest(data)}.json").write_bytes(data)
    for data in (b"[]", b"no json"):
        (archive.folder(case) / "data" / f"{digest(data)}.json").write_bytes(data)
    archive.sweep(datetime.now(UTC) + timedelta(days=2))
    assert victim.exists()
    assert len(verify(archive).findings) == 7  # all of them strangers, and the victim


def dispose(archive: Archive, case: ChainId, at: datetime) -> None:
    act = Act("disposed", "u-04", codes={"of": [2], "ground": "kassasjon", "second": "u-07"})
    archive.append(case, archive.head(case), act, at)


def test_a_disposal_removes_contents_and_the_chain_still_verifies(
    archive: Archive, case: ChainId, at: datetime
) -> None:
    archive.rewrite_logs({case: b"Kari"})
    dispose(archive, case, at)
    gone = archive.remove_disposed(case)
    assert [Path(path).parent.name for path in gone] == ["data", "dokumenter", "dokumenter"]
    history = archive.history(case)
    assert history[1].removed
    assert history[1].payload is None
    assert verify(archive).findings == ()
    left = tree(archive.folder(case))
    assert not any(b"Kari" in data for data in left.values())
    assert "stafettlogg.html" not in left
    assert archive.remove_disposed(case) == ()


def test_a_disposal_killed_at_every_step_is_finished_by_the_sweep(
    tmp_path: Path, archive: Archive, case: ChainId, at: datetime, breaking_disk: Broken
) -> None:  # fmt: skip
    dispose(archive, case, at)
    for step in range(100):
        root = tmp_path / str(step)
        shutil.copytree(archive.root, root)
        disk, mine = breaking_disk(step), Archive.open(root, Disk())
        try:
            Archive(root, archive.name, disk).remove_disposed(case)
        except disk.Killed:
            assert verify(mine).ok
        mine.sweep(datetime.now(UTC))
        assert verify(mine).findings == ()
        assert mine.history(case)[1].removed
        assert not any((mine.folder(case) / "dokumenter").iterdir())
        if disk.survived:
            return
    pytest.fail("never finished")


def test_a_document_that_a_remaining_event_names_stays(
    archive: Archive, case: ChainId, issued: Acts, at: datetime
) -> None:
    again = Act("filed", "u-04", documents=issued().documents[1:])
    archive.append(case, archive.head(case), again, at)
    dispose(archive, case, at)
    archive.remove_disposed(case)
    assert [p.suffix for p in (archive.folder(case) / "dokumenter").iterdir()] == [".pdf"]
    assert verify(archive).findings == ()


def test_the_event_moved_in_removes_nothing_here(
    archive: Archive, case: ChainId, at: datetime
) -> None:
    act = Act("moved", "u-04", codes={"of": [2], "way": "in"})
    archive.append(case, archive.head(case), act, at)
    assert archive.remove_disposed(case) == ()
