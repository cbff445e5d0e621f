"""docs/archive-format.md is enough: a reader written from it alone agrees with the program.

`tests/archives/` keeps an archive of each format as some version of the program wrote it.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bti_docs.archive import Archive, verify
from bti_docs.core.events import OFFICE, Act, ChainId, NewDocument, event_bytes
from bti_docs.files import Disk

ROOT = Path(__file__).parents[3]
FORMATS = sorted((ROOT / "tests" / "archives").glob("format-*"))
LITTER = re.compile(r"\.tmp-.*|Thumbs\.db|desktop\.ini|\.DS_Store|\._.*|~\$.*|\.~lock.*")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def chain_folders(archive: Path) -> list[Path]:
    """Every case, series and the office, as the document says the folder looks."""
    assert tomllib.loads((archive / "bti-archive.toml").read_text("utf-8"))["format"] == 1
    inside = [*(archive / "saker").iterdir(), *(archive / "serier").iterdir(), archive / "kontor"]
    return [folder for folder in inside if (folder / "hendelser" / "000001.json").exists()]


def read_by_hand(folder: Path) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """«Reading a case by hand»."""
    found = []
    for path in sorted((folder / "hendelser").glob("[0-9]*.json")):
        event = json.loads(path.read_bytes())
        payload = folder / "data" / f"{event['data']}.json"
        found.append((event, json.loads(payload.read_bytes()) if payload.exists() else None))
    return found


def wrong_by_hand(folder: Path) -> Iterator[str]:
    """«Checking a case by hand», point by point; the paths that are not as they should be."""
    history = read_by_hand(folder)
    removed = {
        n
        for event, _ in history
        if event["kind"] == "disposed"
        or (event["kind"] == "moved" and event["codes"].get("way") != "in")
        for n in event["codes"].get("of", [])
    }
    before, known = "", {"manifest-sha256.txt", "stafettlogg.html"}
    for number, (event, payload) in enumerate(history, start=1):
        place = f"hendelser/{number:06d}.json"
        known.add(place)
        if (event["chain"], event["n"], event["prev"]) != (folder.name, number, before):
            yield place
        before = sha256((folder / place).read_bytes())
        if event["data"] is None:
            continue
        place = f"data/{event['data']}.json"
        known.add(place)
        if (payload is None) != (number in removed) or (
            payload and sha256((folder / place).read_bytes()) != event["data"]
        ):
            yield place
        for item in (payload or {}).get("documents", []):
            known.add(item["path"])
            path = folder / item["path"]
            data = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
            if (sha256(data), len(data)) != (item["sha256"], item["bytes"]):
                yield item["path"]
    files = (p for p in folder.rglob("*") if not p.is_dir() and not LITTER.fullmatch(p.name))
    yield from sorted({p.relative_to(folder).as_posix() for p in files} - known)


def test_a_reader_written_from_the_document_agrees(archive: Archive, case: ChainId) -> None:
    (folder,) = chain_folders(archive.root)
    by_hand = read_by_hand(folder)
    history = archive.history(case)
    assert [payload for _, payload in by_hand] == [entry.payload for entry in history]
    for (event, _), entry in zip(by_hand, history, strict=True):
        same = {"n": entry.event.n, "kind": entry.event.kind, "codes": entry.event.codes}
        assert {key: event[key] for key in same} == same
    assert list(wrong_by_hand(folder)) == []


@pytest.mark.parametrize("way", ["flip", "delete", "add", "edit"])
def test_the_reader_and_verify_find_the_same(archive: Archive, case: ChainId, way: str) -> None:
    folder = archive.folder(case)
    document = next((folder / "dokumenter").glob("*.pdf"))
    event = folder / "hendelser" / "000001.json"
    match way:
        case "flip":
            document.write_bytes(b"x" + document.read_bytes()[1:])
        case "delete":
            document.unlink()
        case "add":
            document.with_name("extra.pdf").touch()
        case "edit":
            event.write_bytes(event.read_bytes().replace(b"u-04", b"u-05"))
    assert list(wrong_by_hand(folder))
    assert not verify(archive).ok


@pytest.mark.parametrize("kept", FORMATS, ids=lambda path: path.name)
def test_archives_of_every_format_are_read(kept: Path, tmp_path: Path) -> None:
    root = tmp_path / "archive"
    shutil.copytree(kept, root)
    archive = Archive.open(root, Disk())
    report = verify(archive)
    assert report.findings == ()
    assert report.cases == 1
    assert report.documents == 2
    for folder in chain_folders(root):
        assert list(wrong_by_hand(folder)) == []
        for entry in archive.history(ChainId(folder.name)):
            path = folder / "hendelser" / f"{entry.event.n:06d}.json"
            assert event_bytes(entry.event) == path.read_bytes()
    assert [e.event.kind for e in archive.history(ChainId("2026-0001"))] == [
        "opened", "issued", "sent", "filed", "noted", "disposed",
    ]  # fmt: skip
    assert archive.history(ChainId("2026-0001"))[4].removed


@pytest.mark.parametrize("kept", FORMATS, ids=lambda path: path.name)
def test_archives_of_every_format_can_grow(kept: Path, tmp_path: Path, at: datetime) -> None:
    root, case = tmp_path / "archive", ChainId("2026-0001")
    shutil.copytree(kept, root)
    archive = Archive.open(root, Disk())
    new = NewDocument("2026-12-24_INN_AAAAAAAA.pdf", b"%PDF", "application/pdf", "received")
    archive.append(case, archive.head(case), Act("filed", "u-04", documents=(new,)), at)
    archive.append(OFFICE, archive.head(OFFICE), Act("heap", "u-04"), at)
    archive.tray_put("2026-12-24-1", ".pdf", b"%PDF", {}, {})  # its empty folder was not kept
    archive.keep_heap(b"%PDF", ".pdf")
    assert verify(archive).ok


def test_the_document_names_every_kind_that_is_written() -> None:
    text = (ROOT / "docs" / "archive-format.md").read_text("utf-8")
    source = "".join(p.read_text("utf-8") for p in (ROOT / "bti_docs" / "app").rglob("*.py"))
    kinds = set(re.findall(r"\bAct\(\s*\"(\w+)\"", source))
    assert {kind for kind in kinds if f"`{kind}`" not in text} == set()
