"""What the rooms of `files` share: how the system's errors are told, and temporary names."""

from __future__ import annotations

import contextlib
import errno
import secrets
from collections.abc import Iterator
from typing import Final

from bti_docs.errors import ArchiveError
from bti_docs.files.disk import TEMPORARY

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Turn the system's error into the house's: a code and the error's symbol, no path."""
    try:
        yield
    except OSError as error:
        code = "disk_full" if error.errno in _FULL else "write_failed"
        raise failed(error, code) from error


def failed(error: OSError, code: str) -> ArchiveError:
    """The error as the house tells it."""
    return ArchiveError(code, reason=errno.errorcode.get(error.errno or 0, "?"))


def temporary_name() -> str:
    """A name that is swept after a day unless its file or folder gets another."""
    return f"{TEMPORARY}{secrets.token_hex(8)}"
