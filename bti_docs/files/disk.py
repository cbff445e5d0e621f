"""The primitive steps on a disk: what every system does differently is hidden here.

Linux' renameat2 is the exclusive create that keeps the bytes whole; where it is not known a hard
link is; Windows' rename never overwrites, and the last resort is a claim beside the name.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from bti_docs.files.syncing import rename_no_replace, sync_file, whole_sync

T = TypeVar("T")

TEMPORARY: Final = ".tmp-"
"""How the name of everything begins that is not finished yet, or about to go."""

_TOGETHER: Final = 32
"""From so many files or folders on, the whole file system is made durable at once if it can be."""

_NEW: Final = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_CLOEXEC", 0)

_PAUSES: Final = (0.05, 0.1, 0.2, 0.4, 0.75, 1.0)
_CLAIM_SECONDS: Final = 60
_NOT_SUPPORTED: Final = frozenset(
    {errno.EPERM, errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK}
)


class Disk:
    """The primitive steps. A test's own Disk overrides `_step` to record or to break."""

    __slots__ = ()

    def _step(self, name: str, path: Path) -> None:
        """Called before each step with its name and the path it changes."""

    def write_temporary(self, path: Path, data: bytes) -> None:
        """Create *path*, write and make the bytes durable (the same descriptor sees the error)."""
        self._step("write", path)
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            self._step("sync", path)
            sync_file(file.fileno())

    def write_temporaries(self, new: Sequence[tuple[Path, bytes]]) -> None:
        """As `write_temporary`, many files of any folders: durable, all of them, when it returns.

        Their file systems are each made durable once, which costs far less than file by file.
        """
        left = list(new)
        if len(left) >= _TOGETHER:
            left = self._written_together(left)
        for path, data in left:
            self.write_temporary(path, data)

    def _written_together(self, new: Iterable[tuple[Path, bytes]]) -> list[tuple[Path, bytes]]:
        """Write what lies where a whole file system can be made durable; give back the rest."""
        rest: list[tuple[Path, bytes]] = []
        with whole_sync() as systems:
            for path, data in new:
                if systems.hold(path.parent):
                    self._step("write", path)
                    _write_new(path, data)
                else:
                    rest.append((path, data))
            for folder in systems.folders():
                self._step("sync_all", folder)
                systems.sync(folder)
        return rest

    def link(self, temporary: Path, final: Path) -> bool:
        """Give *temporary* its final name; False when the name exists. Never overwrites."""
        self._step("link", final)
        for way in (_rename,) if os.name == "nt" else (_rename_no_replace, _hard_link, _claim):
            try:
                way(temporary, final)
            except FileExistsError:
                # A network file system may answer "exists" to its own repeated request.
                return temporary.exists() and final.exists() and temporary.samefile(final)
            except OSError as error:
                if error.errno not in _NOT_SUPPORTED or way is _claim:
                    raise
            else:
                return True
        raise OSError(errno.ENOTSUP, "no way to create a name exclusively")

    def sync_folder(self, path: Path) -> None:
        """Make the names in *path* durable, where the system knows how."""
        self._step("sync_folder", path)
        if os.name == "nt":
            return
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        except OSError as error:  # some network file systems do it always, and refuse to be asked
            if error.errno not in _NOT_SUPPORTED:
                raise
        finally:
            os.close(folder)

    def sync_folders(self, paths: Collection[Path]) -> None:
        """Make the names in each of *paths* durable."""
        left: Collection[Path] = paths
        if len(paths) >= _TOGETHER:
            with whole_sync() as systems:
                left = [path for path in paths if not systems.hold(path)]
                for folder in systems.folders():
                    self._step("sync_all", folder)
                    systems.sync(folder)
        for path in left:
            self.sync_folder(path)

    def unlink(self, path: Path) -> None:
        """Remove a file; nothing happens when there is none."""
        self._step("unlink", path)
        patiently(lambda: path.unlink(missing_ok=True))

    def mkdir(self, path: Path) -> bool:
        """Make one folder; False when it is there already: making it is a claim."""
        self._step("mkdir", path)
        try:
            path.mkdir()
        except FileExistsError:
            return False
        return True

    def rmdir(self, path: Path) -> bool:
        """Remove an empty folder; False when it is not empty or not there."""
        self._step("rmdir", path)
        try:
            path.rmdir()
        except OSError:
            return False
        return True

    def replace(self, temporary: Path, final: Path) -> None:
        """Put a derived file in place of the old one."""
        self._step("replace", final)
        patiently(lambda: temporary.replace(final))

    def rename_folder(self, old: Path, new: Path) -> bool:
        """Give a folder its final name; False when a folder with something in it has it."""
        self._step("rename_folder", new)
        try:
            patiently(lambda: old.rename(new))
        except OSError:
            if not new.is_dir():
                raise
            return False
        return True

    def mark(self, path: Path) -> None:
        """Make an empty file, or make an existing file's time now. Not made durable."""
        self._step("mark", path)
        with contextlib.suppress(PermissionError):  # another user's file is no less there
            if not _made_empty(path):
                os.utime(path)


def patiently(action: Callable[[], T]) -> T:
    """Windows' scanners and indexers hold fresh files for a moment: try again for 2.5 s."""
    for pause in _PAUSES if os.name == "nt" else ():
        try:
            return action()
        except PermissionError:
            time.sleep(pause)
    return action()


def _made_empty(path: Path) -> bool:
    """Whether an empty file was made; False when there is a file."""
    try:
        os.close(os.open(path, _NEW, 0o666))
    except FileExistsError:
        return False
    return True


def _write_new(path: Path, data: bytes) -> None:
    """Create a file and write it, not durably yet; with as little around it as can be."""
    descriptor = os.open(path, _NEW, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
    finally:
        os.close(descriptor)


def _rename(temporary: Path, final: Path) -> None:
    """Windows' rename fails when the name exists."""
    patiently(lambda: temporary.rename(final))


def _hard_link(temporary: Path, final: Path) -> None:
    os.link(temporary, final)


def _rename_no_replace(temporary: Path, final: Path) -> None:
    rename_no_replace(temporary, final)


def _claim(temporary: Path, final: Path) -> None:
    """Last resort: whoever creates the claim may rename. A claim left by a crash lasts a minute."""
    claim = final.with_name(f"{TEMPORARY}claim-{final.name}")
    with contextlib.suppress(FileNotFoundError):
        if time.time() - claim.stat().st_mtime > _CLAIM_SECONDS:
            claim.unlink()
    os.close(os.open(claim, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    try:
        if final.exists():
            raise FileExistsError(errno.EEXIST, "taken")
        temporary.rename(final)
    finally:
        claim.unlink(missing_ok=True)
