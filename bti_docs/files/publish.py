"""Publishing, replacing and removing: every act in steps that can be repeated harmlessly."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bti_docs.errors import ArchiveError
from bti_docs.files.disk import TEMPORARY, Disk, patiently

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class NameTaken(ArchiveError):  # noqa: N818  (says what it is)
    """A name is held by a file with other bytes. The rest of the batch is in place."""

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__("name_taken", name=paths[0].name, count=len(paths))
        self.paths = tuple(paths)


@dataclass(frozen=True, slots=True)
class NewFile:
    """Bytes and the name they are to have."""

    path: Path
    data: bytes


def read(path: Path) -> bytes | None:
    """A file's bytes; None when there is no such file.

    Raises:
        ArchiveError: it is there and cannot be read.
    """
    try:
        return patiently(path.read_bytes)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _failed(error, "read_failed") from error


def listing(folder: Path) -> tuple[str, ...]:
    """The names in a folder, sorted, without temporaries; none when there is no such folder."""
    try:
        with os.scandir(folder) as found:
            names = [item.name for item in found]
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise _failed(error, "read_failed") from error
    return tuple(sorted(name for name in names if not name.startswith(TEMPORARY)))


def file_digest(path: Path) -> str | None:
    """The SHA-256 of a file of any size; None when there is no such file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _failed(error, "read_failed") from error


def publish(disk: Disk, batch: Sequence[NewFile], *, exclusive: bool = False) -> None:
    """Put every file of *batch* in place, durably, or leave each of them away.

    Names appear folder by folder, in the order in which the folders come first in *batch*; the
    first folder's names are durable before the next folder's appear. A name that holds the same
    bytes already counts as done, unless *exclusive*: then any existing name is taken.

    Raises:
        NameTaken: a name holds other bytes. Found before anything is written where possible; if
            somebody took it in the meantime, the rest of the batch is in place.
        ArchiveError: the disk is full or failed; nothing but temporaries may be left.
    """
    with _told(), _temporaries(disk) as new_temporary:
        missing = _missing(disk, batch, exclusive=exclusive)
        ready: dict[Path, list[tuple[Path, NewFile]]] = {new.path.parent: [] for new in batch}
        for new in missing:
            temporary = new_temporary(new.path.parent)
            disk.write_temporary(temporary, new.data)
            ready[new.path.parent].append((temporary, new))
        for temporary, new in (pair for pairs in ready.values() for pair in pairs):
            _check_whole(temporary, new.data)
        taken = [path for item in ready.items() for path in _give_names(disk, *item, exclusive)]
    if taken:
        raise NameTaken(taken)


def rewrite(disk: Disk, path: Path, data: bytes) -> None:
    """Replace a *derived* file in one step. Evidence is published, never rewritten.

    Raises:
        ArchiveError: somebody holds the file open (Windows), or the disk failed.
    """
    with _told(), _temporaries(disk) as new_temporary:
        temporary = new_temporary(path.parent)
        disk.write_temporary(temporary, data)
        disk.replace(temporary, path)


def ensure_folder(disk: Disk, path: Path) -> None:
    """Make a folder, and those above it, if not there."""
    if path.is_dir():
        return
    ensure_folder(disk, path.parent)
    with _told():
        disk.mkdir(path)
        disk.sync_folder(path.parent)


def make_folder_exclusive(disk: Disk, path: Path) -> bool:
    """Claim a name by making its folder, durably; False when somebody has it."""
    with _told():
        if not disk.mkdir(path):
            return False
        disk.sync_folder(path.parent)
    return True


def remove(disk: Disk, path: Path) -> None:
    """Remove a file durably; nothing happens when there is none."""
    with _told():
        disk.unlink(path)
        if path.parent.is_dir():
            disk.sync_folder(path.parent)


def remove_folder(disk: Disk, path: Path) -> None:
    """Remove a folder of plain files: in one step out of sight, then for good."""
    with _told():
        away = path
        if not path.name.startswith(TEMPORARY):
            away = path.with_name(_temporary_name())
            disk.rename_folder(path, away)
            disk.sync_folder(path.parent)
        for child in sorted(away.iterdir()):
            disk.unlink(child)
        disk.rmdir(away)


def name_folder(disk: Disk, temporary: Path, final: Path) -> bool:
    """Give a temporary folder its name, durably; False when the name is taken."""
    with _told():
        named = disk.rename_folder(temporary, final)
        disk.sync_folder(final.parent)
    return named


def sync_folder(disk: Disk, path: Path) -> None:
    """Make the names in a folder durable."""
    with _told():
        disk.sync_folder(path)


def mark(disk: Disk, path: Path) -> None:
    """Make an empty file that may be lost again."""
    with _told():
        disk.mark(path)


def sweep_leftovers(disk: Disk, folder: Path, older_than: datetime) -> int:
    """Remove temporary files and folders last changed before *older_than*; how many."""
    if not folder.is_dir():
        return 0
    count = 0
    for path in sorted(folder.glob(f"{TEMPORARY}*")):
        if not is_older(path, older_than):
            continue
        if path.is_dir():
            remove_folder(disk, path)
        else:
            disk.unlink(path)
        count += 1
    return count


def is_older(path: Path, than: datetime) -> bool:
    """Whether a file or folder was last changed before *than*; False when there is none."""
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC) < than
    except FileNotFoundError:
        return False


def temporary_folder(disk: Disk, parent: Path) -> Path:
    """A new folder that is swept unless `name_folder` gives it a name."""
    path = parent / _temporary_name()
    with _told():
        disk.mkdir(path)
    return path


def _missing(disk: Disk, batch: Sequence[NewFile], *, exclusive: bool) -> list[NewFile]:
    """Those of *batch* that are not there yet."""
    missing, taken = [], []
    for new in batch:
        there = read(new.path)
        if there is None:
            missing.append(new)
        elif exclusive or there != new.data:
            taken.append(new.path)
        else:
            disk.mark(new.path)  # young again, so that no sweep takes it before its event comes
    if taken:
        raise NameTaken(taken)
    return missing


def _give_names(
    disk: Disk,
    folder: Path,
    ready: Sequence[tuple[Path, NewFile]],
    exclusive: bool,  # noqa: FBT001  (passed on)
) -> list[Path]:
    """Give one folder's files their names, durably; the names that hold other bytes."""
    taken = []
    for temporary, new in ready:
        if not disk.link(temporary, new.path) and (exclusive or read(new.path) != new.data):
            taken.append(new.path)
    disk.sync_folder(folder)
    return taken


def _check_whole(path: Path, data: bytes) -> None:
    if path.read_bytes() != data:
        raise ArchiveError("write_not_whole", name=path.name)


@contextlib.contextmanager
def _temporaries(disk: Disk) -> Iterator[Callable[[Path], Path]]:
    """Hand out temporary names, and remove what is left of them at the end."""
    paths: list[Path] = []

    def new(folder: Path) -> Path:
        paths.append(folder / _temporary_name())
        return paths[-1]

    try:
        yield new
    finally:
        for path in paths:
            with contextlib.suppress(OSError):  # what stays is swept after a day
                if path.exists():
                    disk.unlink(path)


def _temporary_name() -> str:
    return f"{TEMPORARY}{secrets.token_hex(8)}"


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Turn the system's error into the house's: a code and the error's symbol, no path."""
    try:
        yield
    except OSError as error:
        code = "disk_full" if error.errno in _FULL else "write_failed"
        raise _failed(error, code) from error


def _failed(error: OSError, code: str) -> ArchiveError:
    return ArchiveError(code, reason=errno.errorcode.get(error.errno or 0, "?"))
