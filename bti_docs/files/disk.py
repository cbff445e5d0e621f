"""The primitive steps on a disk: what every system does differently is hidden here.

A hard link is the exclusive create that keeps the bytes whole; shares without links have Linux'
renameat2, Windows' rename never overwrites, and the last resort is a claim beside the name.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")

TEMPORARY: Final = ".tmp-"
"""How the name of everything begins that is not finished yet, or about to go."""

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
            _sync(file.fileno())

    def link(self, temporary: Path, final: Path) -> bool:
        """Give *temporary* its final name; False when the name exists. Never overwrites."""
        self._step("link", final)
        for way in (_rename,) if os.name == "nt" else (_hard_link, _rename_no_replace, _claim):
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
            path.touch()


def patiently(action: Callable[[], T]) -> T:
    """Windows' scanners and indexers hold fresh files for a moment: try again for 2.5 s."""
    for pause in _PAUSES if os.name == "nt" else ():
        try:
            return action()
        except PermissionError:
            time.sleep(pause)
    return action()


def _sync(descriptor: int) -> None:
    if sys.platform == "darwin":
        import fcntl  # noqa: PLC0415  (not on Windows)

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def _rename(temporary: Path, final: Path) -> None:
    """Windows' rename fails when the name exists."""
    patiently(lambda: temporary.rename(final))


def _hard_link(temporary: Path, final: Path) -> None:
    os.link(temporary, final)


def _rename_no_replace(temporary: Path, final: Path) -> None:
    """Linux' renameat2(RENAME_NOREPLACE), for shares without hard links."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        raise OSError(errno.ENOSYS, "no renameat2")
    here, no_replace = -100, 1
    if call(here, os.fsencode(temporary), here, os.fsencode(final), no_replace) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


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
