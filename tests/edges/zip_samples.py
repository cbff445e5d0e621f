"""ZIP files made field by field, so that each test can lie about exactly one thing."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tests.edges.docx_samples import docx, members, p

BIG = 0xFFFFFFFF


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member; what is None is as it should be. `local_…` is what its own header says."""

    name: bytes
    content: bytes = b"x"
    packed: bytes | None = None
    method: int = 8
    flags: int = 0
    crc: int | None = None
    size: int | None = None
    packed_size: int | None = None
    offset: int | None = None
    disk: int = 0
    extra: bytes = b""
    comment: bytes = b""
    local_name: bytes | None = None
    local_method: int | None = None
    local_flags: int | None = None
    local_crc: int | None = None
    local_size: int | None = None
    local_packed_size: int | None = None
    local_extra: bytes = b""
    listed: bool = True
    """Whether the directory knows of it."""
    written: bool = True
    """Whether it lies in the file."""
    after: bytes = b""
    """What follows the packed bytes: a data descriptor, or anything."""

    @property
    def body(self) -> bytes:
        if self.packed is not None:
            return self.packed
        if self.method != 8:
            return self.content
        deflate = zlib.compressobj(wbits=-15)
        return deflate.compress(self.content) + deflate.flush()


@dataclass(frozen=True, kw_only=True)
class End:
    """The end record; what is None is as it should be."""

    disk: int = 0
    first_disk: int = 0
    here: int | None = None
    count: int | None = None
    length: int | None = None
    offset: int | None = None
    comment: bytes = b""


def sound() -> list[Member]:
    """The members of a small Word file."""
    made = members(docx(p("x")))
    return [Member(name=name.encode(), content=content) for name, content in made.items()]


def with_first(**changes: object) -> list[Member]:
    """A small Word file whose last member lies."""
    first, *rest = sound()
    return [replace(first, **changes), *rest]  # type: ignore[arg-type]


def build(
    made: Iterable[Member], *, prefix: bytes = b"", end: End | None = None, zip64: bytes = b""
) -> bytes:
    """The file: local headers, directory, `zip64` as it stands, end record."""
    out = bytearray(prefix)
    directory = bytearray()
    count = 0
    for member in made:
        offset = len(out) - len(prefix)
        out += local(member) if member.written else b""
        directory += _entry(member, offset) if member.listed else b""
        count += member.listed
    start = len(out) - len(prefix)
    said = end or End()
    record = struct.pack(
        "<4s4H2IH",
        b"PK\x05\x06",
        said.disk,
        said.first_disk,
        _or(said.here, count),
        _or(said.count, count),
        _or(said.length, len(directory)),
        _or(said.offset, start),
        len(said.comment),
    )
    return bytes(out + directory + zip64 + record + said.comment)


def zip64_end(count: int, length: int, offset: int, *, at: int | None = None) -> bytes:
    """A ZIP64 end record and the locator that leads to it."""
    record = struct.pack(
        "<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, offset
    )
    place = offset + length if at is None else at
    return record + struct.pack("<4sIQI", b"PK\x06\x07", 0, place, 1)


def zip64_extra(*numbers: int) -> bytes:
    """A ZIP64 extra field with these numbers."""
    return struct.pack(f"<2H{len(numbers)}Q", 1, 8 * len(numbers), *numbers)


def local(one: Member) -> bytes:
    """The member as it lies in the file: header, packed bytes, what follows."""
    name = one.name if one.local_name is None else one.local_name
    header = struct.pack(
        "<4s5H3I2H",
        b"PK\x03\x04",
        20,
        _or(one.local_flags, one.flags),
        _or(one.local_method, one.method),
        0,
        0x21,
        _or(one.local_crc, _or(one.crc, zlib.crc32(one.content))),
        _or(one.local_packed_size, _or(one.packed_size, len(one.body))),
        _or(one.local_size, _or(one.size, len(one.content))),
        len(name),
        len(one.local_extra),
    )
    return header + name + one.local_extra + one.body + one.after


def _entry(one: Member, offset: int) -> bytes:
    header = struct.pack(
        "<4s6H3I5H2I",
        b"PK\x01\x02",
        20,
        20,
        one.flags,
        one.method,
        0,
        0x21,
        _or(one.crc, zlib.crc32(one.content)),
        _or(one.packed_size, len(one.body)),
        _or(one.size, len(one.content)),
        len(one.name),
        len(one.extra),
        len(one.comment),
        one.disk,
        0,
        0,
        _or(one.offset, offset),
    )
    return header + one.name + one.extra + one.comment


def _or(said: int | None, true: int) -> int:
    return true if said is None else said
