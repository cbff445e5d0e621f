"""Publishing, replacing and removing: every act in steps that can be repeated harmlessly."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bti_docs.errors import ArchiveError
from bti_docs.files.disk import TEMPORARY, Disk, patiently
from bti_docs.files.folders import remove_folder
from bti_docs.files.telling import failed, temporary_name, told


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
        raise failed(error, "read_failed") from error


def listing(folder: Path) -> tuple[str, ...]:
    """The names in a folder, sorted, without temporaries; none when there is no such folder."""
    try:
        with os.scandir(folder) as found:
            names = [item.name for item in found]
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise failed(error, "read_failed") from error
    return tuple(sorted(name for name in names if not name.startswith(TEMPORARY)))


def file_digest(path: Path) -> str | None:
    """The SHA-256 of a file of any size; None when there is no such file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise failed(error, "read_failed") from error


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
    folders: dict[Path, list[NewFile]] = {}
    for new in batch:
        folders.setdefault(new.path.parent, []).append(new)
    publish_in_turns(disk, list(folders.values()), exclusive=exclusive)


def publish_in_turns(
    disk: Disk, turns: Sequence[Sequence[NewFile]], *, exclusive: bool = False
) -> None:
    """As `publish`, each turn of any folders: its names are durable before the next turn's appear.

    Raises:
        NameTaken: as `publish`.
        ArchiveError: as `publish`.
    """
    with told(), _temporaries(disk) as new_temporary:
        missing = _missing(disk, [new for turn in turns for new in turn], exclusive=exclusive)
        ready = {new.path: new_temporary(new.path.parent) for new in missing}
        disk.write_temporaries([(ready[new.path], new.data) for new in missing])
        for new in missing:
            _check_whole(ready[new.path], new.data)
        taken = [path for turn in turns for path in _give_names(disk, turn, ready, exclusive)]
    if taken:
        raise NameTaken(taken)


def rewrite(disk: Disk, path: Path, data: bytes) -> None:
    """Replace a *derived* file in one step. Evidence is published, never rewritten.

    Raises:
        ArchiveError: somebody holds the file open (Windows), or the disk failed.
    """
    rewrite_many(disk, [NewFile(path, data)])


def rewrite_many(disk: Disk, batch: Sequence[NewFile]) -> None:
    """Replace several derived files, each in one step.

    Raises:
        ArchiveError: as `rewrite`; the files that nothing stood in the way of are replaced.
    """
    held: list[OSError] = []
    with told(), _temporaries(disk) as new_temporary:
        ready = [(new_temporary(new.path.parent), new) for new in batch]
        disk.write_temporaries([(temporary, new.data) for temporary, new in ready])
        for temporary, new in ready:
            try:
                disk.replace(temporary, new.path)
            except OSError as error:
                held.append(error)
        if held:
            raise held[0]


def remove(disk: Disk, path: Path) -> None:
    """Remove a file durably; nothing happens when there is none."""
    with told():
        disk.unlink(path)
        if path.parent.is_dir():
            disk.sync_folder(path.parent)


def mark(disk: Disk, path: Path) -> None:
    """Make an empty file that may be lost again."""
    with told():
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


def _missing(disk: Disk, batch: Sequence[NewFile], *, exclusive: bool) -> list[NewFile]:
    """Those of *batch* that are not there yet, each once."""
    missing: dict[Path, NewFile] = {}
    taken = []
    for new in batch:
        twin = missing.get(new.path)
        there = twin.data if twin else read(new.path)
        if there is None:
            missing[new.path] = new
        elif exclusive or there != new.data:
            taken.append(new.path)
        elif twin is None:
            disk.mark(new.path)  # young again, so that no sweep takes it before its event comes
    if taken:
        raise NameTaken(taken)
    return list(missing.values())


def _give_names(
    disk: Disk,
    turn: Sequence[NewFile],
    ready: dict[Path, Path],
    exclusive: bool,  # noqa: FBT001  (passed on)
) -> list[Path]:
    """Give the files of one turn their names, durably; the names that hold other bytes."""
    taken = []
    for new in turn:
        temporary = ready.pop(new.path, None)
        if temporary is None or disk.link(temporary, new.path):
            continue
        if exclusive or read(new.path) != new.data:
            taken.append(new.path)
    disk.sync_folders(dict.fromkeys(new.path.parent for new in turn))
    return taken


def _check_whole(path: Path, data: bytes) -> None:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123  (thousands of times a batch)
        whole = file.read() == data
    if not whole:
        raise ArchiveError("write_not_whole", name=path.name)


@contextlib.contextmanager
def _temporaries(disk: Disk) -> Iterator[Callable[[Path], Path]]:
    """Hand out temporary names, and remove what is left of them at the end."""
    paths: list[Path] = []

    def new(folder: Path) -> Path:
        paths.append(folder / temporary_name())
        return paths[-1]

    try:
        yield new
    finally:
        for path in paths:
            with contextlib.suppress(OSError):  # what stays is swept after a day
                if os.path.lexists(path):
                    disk.unlink(path)
