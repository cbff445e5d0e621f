"""What is in an e-mail, a ZIP or an ASiC container: its files, one level down. Writes nothing.

Sizes are checked before and while a member is unpacked, so that a small file that says it is large
inside stays outside. A member's own name is shown and never used as a path.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, Literal

from bti_docs.inbox.kinds import MAX_BYTES, Kind
from bti_docs.inbox.mail import Mail, read_mail

Trouble = Literal["encrypted", "damaged", "too_large", "container_empty"]
"""Why something inside cannot be had: a code of `bti_docs.core.filing`."""

MAX_MEMBERS: Final = 1000
_BOMB_BYTES: Final = 64 * 1024 * 1024
_BOMB_RATIO: Final = 200
"""A member that is both this large and this much smaller when packed is no office's paper."""
_LOCKED: Final = 0x1
_LITTER: Final = frozenset({"thumbs.db", "desktop.ini"})
_SIGNATURES: Final = re.compile(r"META-INF/.*|mimetype", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a container: the name it has there, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """What a container holds. Nothing of it is lost where there are `troubles`: it stays whole."""

    members: tuple[Member, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    """What could not be had of it, each once."""
    says_something: bool = False
    """Whether an e-mail has a text of its own, which a person reads."""


def contents_of(data: bytes, kind: Kind) -> Contents:
    """The files in a container of *kind* mail, zip or asic, in the order they lie there.

    Of an ASiC container these are the signed documents, without the signatures. Folders, and what
    computers leave in them for themselves, are no files.
    """
    return _mail_contents(read_mail(data)) if kind == "mail" else _zip_contents(data, kind)


def _mail_contents(mail: Mail | None) -> Contents:
    if mail is None:
        return Contents(troubles=("damaged",))
    if len(mail.files) > MAX_MEMBERS:
        return Contents(troubles=("too_large",))
    members = tuple(Member(file.name, file.data) for file in mail.files)
    if mail.encrypted:
        return Contents(members, ("encrypted",), mail.says_something)
    nothing = not members and not mail.says_something
    return Contents(members, ("container_empty",) if nothing else (), mail.says_something)


def _zip_contents(data: bytes, kind: Kind) -> Contents:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            entries = [entry for entry in container.infolist() if not _is_litter(entry.filename)]
            if kind == "asic":
                entries = [e for e in entries if not _SIGNATURES.fullmatch(e.filename)]
            return _unpacked(container, entries)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, LookupError, OSError):
        return Contents(troubles=("damaged",))


def _unpacked(container: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Contents:
    if not entries:
        return Contents(troubles=("container_empty",))
    if len(entries) > MAX_MEMBERS or sum(entry.file_size for entry in entries) > MAX_BYTES:
        return Contents(troubles=("too_large",))
    members, troubles = list[Member](), dict[Trouble, None]()
    for entry, found in _each(container, entries):
        if isinstance(found, bytes):
            members.append(Member(_shown(entry), found))
        else:
            troubles[found] = None
    return Contents(tuple(members), tuple(troubles))


def _each(
    container: zipfile.ZipFile, entries: list[zipfile.ZipInfo]
) -> Iterator[tuple[zipfile.ZipInfo, bytes | Trouble]]:
    left = MAX_BYTES
    for entry in entries:
        found = _read(container, entry, left)
        left -= len(found) if isinstance(found, bytes) else 0
        yield entry, found


def _read(container: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes | Trouble:
    """A member's bytes; it may say what it likes of its size, no more than *most* are unpacked."""
    if entry.flag_bits & _LOCKED:
        return "encrypted"
    if entry.file_size > max(_BOMB_BYTES, _BOMB_RATIO * entry.compress_size):
        return "too_large"
    try:
        with container.open(entry) as member:
            data = member.read(most + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, ValueError):
        return "damaged"
    except (EOFError, OSError):
        return "damaged"
    return data if len(data) <= most else "too_large"


def _is_litter(name: str) -> bool:
    """A folder, or what a computer has left for itself."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    last = parts[-1].casefold() if parts else ""
    return name.endswith("/") or "__MACOSX" in parts or last.startswith(".") or last in _LITTER


def _shown(entry: zipfile.ZipInfo) -> str:
    """The last part of its name: where it lay in the container is nobody's path."""
    return PurePosixPath(entry.filename.replace("\\", "/")).name
