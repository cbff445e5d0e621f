"""What Linux and macOS offer beyond POSIX: a whole file system made durable, an exclusive rename.

`fsync` of a thousand files costs a thousand journal commits; `syncfs` costs one. It tells of errors
only since Linux 5.8, and asks a file server for nothing, so it is used on local disks alone.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

_TELLS_ERRORS: Final = (5, 8)
_LOCAL: Final = frozenset({0xEF53, 0x58465342, 0x9123683E, 0xF2F52010, 0x01021994})
"""The kinds (statfs(2)) ext2 to ext4, xfs, btrfs, f2fs and tmpfs."""
_STATFS_BYTES: Final = 256
_HERE: Final = -100
_NO_REPLACE: Final = 1


def sync_file(descriptor: int) -> None:
    """Make one open file's bytes durable; macOS' fsync alone does not reach the disk itself."""
    if sys.platform == "darwin":
        import fcntl  # noqa: PLC0415  (not on Windows)

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


class WholeSync:
    """File systems that can be made durable in one step, each held by one of its folders.

    Held before anything is written, so that a write that fails later on is told of.
    """

    def __init__(self, cleanup: ExitStack) -> None:
        self._cleanup = cleanup
        self._held: dict[int, tuple[Path, int]] = {}
        self._other: set[int] = set()

    def hold(self, folder: Path) -> bool:
        """Whether the file system of *folder* is one that `sync` makes durable."""
        if not _knows_syncfs():
            return False
        device = os.stat(folder).st_dev  # noqa: PTH116  (a thousand times a batch)
        if device not in self._held and device not in self._other:
            self._open(folder, device)
        return device in self._held

    def _open(self, folder: Path, device: int) -> None:
        descriptor = os.open(folder, os.O_RDONLY)
        self._cleanup.callback(os.close, descriptor)
        if _is_local(descriptor):
            self._held[device] = folder, descriptor
        else:
            self._other.add(device)

    def folders(self) -> tuple[Path, ...]:
        """One folder of each file system that is held."""
        return tuple(folder for folder, _ in self._held.values())

    def sync(self, folder: Path) -> None:
        """Make everything on the file system held by *folder* durable.

        Raises:
            OSError: something written since it was held is not.
        """
        for held, descriptor in self._held.values():
            if held == folder:
                _checked(_libc().syncfs(descriptor))


@contextmanager
def whole_sync() -> Iterator[WholeSync]:
    """File systems to be made durable as a whole, let go of at the end."""
    with ExitStack() as cleanup:
        yield WholeSync(cleanup)


def rename_no_replace(old: Path, new: Path) -> None:
    """Linux' renameat2(RENAME_NOREPLACE).

    Raises:
        FileExistsError: *new* is there.
        OSError: ENOSYS or EINVAL where the system or the file system does not know it.
    """
    if not sys.platform.startswith("linux") or not hasattr(_libc(), "renameat2"):
        raise OSError(errno.ENOSYS, "no renameat2")
    names = os.fsencode(old), os.fsencode(new)
    _checked(_libc().renameat2(_HERE, names[0], _HERE, names[1], _NO_REPLACE))


@cache
def _libc() -> Any:  # noqa: ANN401  (whatever the system's library has)
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


@cache
def _knows_syncfs() -> bool:
    if not sys.platform.startswith("linux") or not hasattr(_libc(), "syncfs"):
        return False
    release = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return release is not None and (int(release[1]), int(release[2])) >= _TELLS_ERRORS


def _is_local(descriptor: int) -> bool:
    """Whether the file system is of a kind whose `syncfs` reaches the disk."""
    answer = ctypes.create_string_buffer(_STATFS_BYTES)
    if not hasattr(_libc(), "fstatfs") or _libc().fstatfs(descriptor, answer) != 0:
        return False
    return ctypes.c_ulong.from_buffer(answer).value in _LOCAL
