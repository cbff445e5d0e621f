from __future__ import annotations

import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from bti_docs.archive import Archive
from bti_docs.core.events import (
    Act,
    ChainId,
)


def checked_by_sha256sum(folder: Path) -> bool:
    command = ["sha256sum", "--strict", "-c", "manifest-sha256.txt"]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True).returncode == 0


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum")
def test_sha256sum_accepts_the_list(archive: Archive, case: ChainId) -> None:
    folder = archive.folder(case)
    listed = (folder / "manifest-sha256.txt").read_text("ascii").splitlines()
    assert len(listed) == 3 + 2 + 2  # events, payloads, documents
    assert checked_by_sha256sum(folder)
    document = folder / "dokumenter" / "2026-11-22_SAM_7K3MQ2XP_utstedt.pdf"
    document.write_bytes(document.read_bytes() + b" ")
    assert not checked_by_sha256sum(folder)


def test_a_lost_or_lagging_list_is_made_whole_by_the_next_event(
    archive: Archive, case: ChainId, at: datetime
) -> None:
    path = archive.folder(case) / "manifest-sha256.txt"
    lines = path.read_text("ascii").splitlines(keepends=True)
    path.write_text("".join(lines[:-3]), "ascii")
    archive.append(case, archive.head(case), Act("closed", "u-04"), at)
    assert set(lines) < set(path.read_text("ascii").splitlines(keepends=True))
    path.unlink()
    archive.append(case, archive.head(case), Act("reopened", "u-04"), at)
    assert set(lines) < set(path.read_text("ascii").splitlines(keepends=True))
