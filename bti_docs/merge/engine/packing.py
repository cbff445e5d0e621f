"""Packing: what a finished document costs when most of it was packed beforehand.

A docx file is a zip file. Of its members only a few depend on the record; the others' packed bytes
are laid down once, and every document is those bytes, its own members, and a directory.
"""

from __future__ import annotations

import importlib
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Packing = Literal["deflate", "blocks"]
"""How the members that depend on the record are packed.

`deflate`: compressed for each document. `blocks`: text that all documents share was compressed
beforehand, piece by piece, and values go between as they are (RFC 1951, section 3.2.4).
"""

_LOCAL: Final = struct.Struct("<IHHHHHIIIHH")
_CENTRAL: Final = struct.Struct("<IHHHHHHIIIHHHHHII")
_END: Final = struct.Struct("<IHHHHIIH")
_VERSION: Final = 20
_UTF8: Final = 0x800
_DEFLATED: Final = 8
_STORED: Final = 0
_DATE: Final = 0x21
"""1 January 1980, the first day that a zip file can name: the same for all, so that bytes are."""
_MAX_STORED: Final = 0xFFFF
_MEMORY: Final = 6
"""zlib's memory level. Measured: its 8 takes half as long again to begin, and packs no tighter."""
_LAST: Final = b"\x03\x00"
"""An empty last block."""
_WORTH: Final = 400
"""From how many characters on a shared piece is packed beforehand."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member as it lies in the file."""

    name: str
    packed: bytes
    checksum: int
    size: int
    method: int = _DEFLATED


def member(name: str, content: bytes, *, stored: bool = False) -> Member:
    """A member packed as small as it goes, or not at all: for pictures, which are packed."""
    checksum = zlib.crc32(content)
    if stored:
        return Member(name, content, checksum, len(content), _STORED)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return Member(name, packer.compress(content) + packer.flush(), checksum, len(content))


def quick_member(name: str, content: bytes) -> Member:
    """A member packed fast."""
    return Member(name, _deflate(content), zlib.crc32(content), len(content))


class Blocks:
    """Packs texts of which most pieces are known beforehand."""

    def __init__(self, shared: Iterable[str]) -> None:
        self._known: Mapping[str, bytes] = {
            text: _block(text.encode()) for text in set(shared) if len(text) >= _WORTH
        }

    def member(self, name: str, pieces: Sequence[str], content: bytes) -> Member:
        """The member that *pieces* make; *content* is them all put together."""
        known, packed, waiting = self._known, [], []
        for piece in pieces:
            block = known.get(piece)
            if block is None:
                waiting.append(piece)
                continue
            if waiting:
                packed += _stored("".join(waiting).encode())
                waiting = []
            packed.append(block)
        if waiting:
            packed += _stored("".join(waiting).encode())
        packed.append(_LAST)
        return Member(name, b"".join(packed), zlib.crc32(content), len(content))


class Shell:
    """The members that all documents share, laid down as the beginning of the file."""

    def __init__(self, members: Iterable[Member]) -> None:
        laid: list[bytes] = []
        directory: list[bytes] = []
        self._length = 0
        self._count = 0
        for one in members:
            directory.append(_entry(one, self._length))
            head = _head(one)
            laid += (head, one.packed)
            self._length += len(head) + len(one.packed)
            self._count += 1
        self._laid = b"".join(laid)
        self._directory = b"".join(directory)

    def file(self, members: Sequence[Member]) -> bytes:
        """The file with these members beside the shared ones."""
        pieces = [self._laid]
        entries = [self._directory]
        offset = self._length
        for one in members:
            head = _head(one)
            pieces += (head, one.packed)
            entries.append(_entry(one, offset))
            offset += len(head) + len(one.packed)
        directory = b"".join(entries)
        count = self._count + len(members)
        end = _END.pack(0x06054B50, 0, 0, count, count, len(directory), offset, 0)
        return b"".join((*pieces, directory, end))


def _head(one: Member) -> bytes:
    name = one.name.encode()
    flags = 0 if one.name.isascii() else _UTF8
    return (
        _LOCAL.pack(
            0x04034B50, _VERSION, flags, one.method, 0, _DATE,
            one.checksum, len(one.packed), one.size, len(name), 0,
        )
        + name
    )  # fmt: skip


def _entry(one: Member, offset: int) -> bytes:
    name = one.name.encode()
    flags = 0 if one.name.isascii() else _UTF8
    return (
        _CENTRAL.pack(
            0x02014B50, _VERSION, _VERSION, flags, one.method, 0, _DATE,
            one.checksum, len(one.packed), one.size, len(name), 0, 0, 0, 0, 0, offset,
        )
        + name
    )  # fmt: skip


def _zlib_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, -15, _MEMORY)
    return packer.compress(content) + packer.flush()


def _fastest() -> Callable[[bytes], bytes]:
    """Intel's packer where it is installed, else Python's own; both give what any unzip reads."""
    try:
        isal = importlib.import_module("isal.isal_zlib")
    except ImportError:
        return _zlib_deflate

    def deflate(content: bytes) -> bytes:
        packer = isal.compressobj(1, isal.DEFLATED, -15)
        packed: bytes = packer.compress(content) + packer.flush()
        return packed

    return deflate


_deflate: Final = _fastest()


def _block(content: bytes) -> bytes:
    """Blocks that can stand anywhere: they end at a whole byte and look back at nothing."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)


def _stored(content: bytes) -> list[bytes]:
    """The content as it is, in blocks that say how long they are."""
    pieces: list[bytes] = []
    for start in range(0, len(content), _MAX_STORED):
        piece = content[start : start + _MAX_STORED]
        size = len(piece)
        pieces += (b"\x00" + struct.pack("<HH", size, size ^ 0xFFFF), piece)
    return pieces
