"""Making, naming, claiming and removing folders, durably."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bti_docs.files.disk import TEMPORARY, Disk
from bti_docs.files.telling import temporary_name, told


def ensure_folder(disk: Disk, path: Path) -> None:
    """Make a folder, and those above it, if not there."""
    if path.is_dir():
        return
    ensure_folder(disk, path.parent)
    with told():
        disk.mkdir(path)
        disk.sync_folder(path.parent)


def ensure_folders(disk: Disk, paths: Iterable[Path]) -> None:
    """Make those folders that are not there; what they lie in is there, or is one of them."""
    with told():
        made = [path for path in paths if disk.mkdir(path)]
        disk.sync_folders(dict.fromkeys(path.parent for path in made))


def make_folders_exclusive(disk: Disk, paths: Iterable[Path], count: int) -> tuple[Path, ...]:
    """Claim *count* names by making their folders, durably; names that somebody has are passed."""
    made: list[Path] = []
    with told():
        for path in paths:
            if len(made) == count:
                break
            if disk.mkdir(path):
                made.append(path)
        disk.sync_folders(dict.fromkeys(path.parent for path in made))
    return tuple(made)


def remove_folder(disk: Disk, path: Path) -> None:
    """Remove a folder of plain files: in one step out of sight, then for good."""
    with told():
        away = path
        if not path.name.startswith(TEMPORARY):
            away = path.with_name(temporary_name())
            disk.rename_folder(path, away)
            disk.sync_folder(path.parent)
        for child in sorted(away.iterdir()):
            disk.unlink(child)
        disk.rmdir(away)


def name_folder(disk: Disk, temporary: Path, final: Path) -> bool:
    """Give a temporary folder its name, durably; False when the name is taken."""
    with told():
        named = disk.rename_folder(temporary, final)
        disk.sync_folder(final.parent)
    return named


def sync_folder(disk: Disk, path: Path) -> None:
    """Make the names in a folder durable."""
    with told():
        disk.sync_folder(path)


def sync_folders(disk: Disk, paths: Iterable[Path]) -> None:
    """Make the names in several folders durable."""
    with told():
        disk.sync_folders(dict.fromkeys(paths))


def temporary_folder(disk: Disk, parent: Path) -> Path:
    """A new folder that is swept unless `name_folder` gives it a name."""
    path = parent / temporary_name()
    with told():
        disk.mkdir(path)
    return path
