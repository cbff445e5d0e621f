"""The ZIP file around a Word file: read strictly, since readers that guess can be shown two files.

Written from PKWARE's APPNOTE 6.3.10 and ECMA-376 part 2 (Open Packaging Conventions): members are
stored or deflated, on one disk, and the central directory is what says where each of them lies.
Everything is judged from the directory first, and again while a member is unpacked.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bti_docs.errors import MergeError
from bti_docs.merge.word.member_names import place_of, refuse_names

MAX_MEMBERS: Final = 2_000
MAX_BYTES: Final = 64 * 1024 * 1024
"""What a file may unpack to. Measured: a 78 kB bomb made a peer grow by 481 MB."""
MAX_RATIO: Final = 200
_SMALL: Final = 1024 * 1024
"""Members below this may be packed as tightly as they like: blank pictures are."""

STORED: Final = 0
DEFLATED: Final = 8
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_ENTRY: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_END_64: Final = struct.Struct("<4sQ2H2I4Q")
_LOCATOR_64: Final = struct.Struct("<4sIQI")
_MAX_DESCRIPTOR: Final = 24
"""The sizes after a member that was written before its length was known."""
_UNSAID: Final = {2: 0xFFFF, 4: 0xFFFFFFFF}
"""The value of a field of so many bytes that says: look in the ZIP64 record."""
_ENCRYPTED: Final = 1 | 1 << 6 | 1 << 13
"""Flags of a member: traditional, strong and masked encryption."""
_SIZES_LATER: Final = 1 << 3
_UTF8: Final = 1 << 11
_HARMLESS: Final = 1 << 1 | 1 << 2 | _SIZES_LATER | _UTF8
"""The other flags of members as they may be: how hard the packer tried."""
_NEWEST: Final = 63
"""The last version of the format, 6.3, that a member may ask its reader to know."""
_AES: Final = 99
_ZIP64: Final = 1
"""The extra field with the sizes that did not fit."""


@dataclass(frozen=True, slots=True)
class RawMember:
    """A member as it lies in the file, its bytes still packed."""

    name: str
    crc: int
    size: int
    """Bytes when unpacked."""
    method: int
    """`STORED` or `DEFLATED`."""
    packed: bytes


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the central directory."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed_size: int
    size: int
    offset: int


@dataclass(frozen=True, slots=True)
class _Directory:
    """Where the central directory lies, and how many lines it has."""

    count: int
    length: int
    offset: int


def raw_members(content: bytes) -> tuple[RawMember, ...]:
    """The members in the directory's order, without unpacking them.

    Names, sizes, methods and places are checked, the bytes themselves are not: see `unpacked`.

    Raises:
        MergeError: `docx_not_zip`, `docx_damaged`, `docx_surplus`, `docx_too_large`,
            `docx_bomb`, `docx_encrypted`, `docx_packing`, `docx_disagrees`, `docx_overlap`,
            `docx_member_name`, `docx_member_twice`.
    """
    directory = _directory(content)
    if directory.count > MAX_MEMBERS:
        raise MergeError("docx_too_large", members=directory.count, bytes=directory.length)
    entries = list(_entries(content, directory))
    refuse_names([entry.name for entry in entries])
    files = [entry for entry in entries if not _is_folder(entry)]
    _refuse_large(files)
    ends = {entry.name: _end(content, entry) for entry in entries}
    _refuse_overlap(entries, ends, directory.offset)
    return tuple(
        RawMember(one.name, one.crc, one.size, one.method, content[end - one.packed_size : end])
        for one in files
        for end in [ends[one.name]]
    )


def unpacked(member: RawMember) -> bytes:
    """The member's content. No more is unpacked than the directory said.

    Raises:
        MergeError: `docx_disagrees` when there is more or less, `docx_checksum`, `docx_damaged`
            when the packed bytes are not a deflate stream.
    """
    content = member.packed if member.method == STORED else _inflated(member)
    if len(content) != member.size:
        raise MergeError("docx_disagrees", part=place_of(member.name))
    if zlib.crc32(content) != member.crc:
        raise MergeError("docx_checksum", part=place_of(member.name))
    return content


def _inflated(member: RawMember) -> bytes:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = stream.decompress(member.packed, member.size + 1)
    except zlib.error as error:
        raise MergeError("docx_damaged") from error
    if len(content) == member.size and not (stream.eof and not stream.unused_data):
        raise MergeError("docx_disagrees", part=place_of(member.name))
    return content


def _directory(content: bytes) -> _Directory:
    """Find the end record, which must be the last thing in the file."""
    at = content.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(content):
        raise MergeError("docx_damaged" if content.startswith(b"PK") else "docx_not_zip")
    if at + _END.size != len(content):  # a comment could hold a directory of its own
        raise MergeError("docx_surplus")
    found, end = _zip64(content, at, _END.unpack_from(content, at)[1:7])
    disk, first_disk, here, count, length, offset = found
    if disk or first_disk or here != count:
        raise MergeError("docx_damaged")
    if offset + length != end:
        raise MergeError("docx_surplus" if offset + length < end else "docx_damaged")
    return _Directory(count, length, offset)


def _zip64(content: bytes, at: int, said: tuple[int, ...]) -> tuple[tuple[int, ...], int]:
    """The end record's six numbers, from its ZIP64 record if there is one, and where it begins.

    Some readers believe one record, some the other; so they must say the same.
    """
    before = at - _LOCATOR_64.size
    if before < 0 or content[before : before + 4] != b"PK\x06\x07":
        return said, at
    _, _, place, _ = _LOCATOR_64.unpack_from(content, before)
    if place + _END_64.size != before or content[place : place + 4] != b"PK\x06\x06":
        raise MergeError("docx_damaged")
    found = _END_64.unpack_from(content, place)[4:]
    unsaid = (*(_UNSAID[2],) * 4, *(_UNSAID[4],) * 2)
    if any(one not in {other, none} for one, other, none in zip(said, found, unsaid, strict=True)):
        raise MergeError("docx_damaged")
    return found, place


def _entries(content: bytes, directory: _Directory) -> Iterator[_Entry]:
    at, end = directory.offset, directory.offset + directory.length
    for _ in range(directory.count):
        if at + _ENTRY.size > end or content[at : at + 4] != b"PK\x01\x02":
            raise MergeError("docx_damaged")
        fields = _ENTRY.unpack_from(content, at)
        names = at + _ENTRY.size
        extra = names + fields[10]
        at = extra + fields[11] + fields[12]
        if at > end or fields[13]:  # the last: the number of the disk it begins on
            raise MergeError("docx_damaged")
        yield _entry(fields, content[names:extra], content[extra : extra + fields[11]])
    if at != end:
        raise MergeError("docx_damaged")


def _entry(fields: tuple[int, ...], raw_name: bytes, extra: bytes) -> _Entry:
    _, _, needed, flags, method, _, _, crc, packed, size, *_, offset = fields
    size, packed, offset = _large(extra, size, packed, offset)
    try:
        name = raw_name.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError as error:
        raise MergeError("docx_member_name", part=place_of("")) from error
    if flags & _ENCRYPTED or method == _AES:
        raise MergeError("docx_encrypted")
    if method not in {STORED, DEFLATED} or flags & ~_HARMLESS or needed & 0xFF > _NEWEST:
        raise MergeError("docx_packing", part=place_of(name))
    return _Entry(name, raw_name, flags, method, crc, packed, size, offset)


def _large(extra: bytes, *said: int) -> tuple[int, ...]:
    """The numbers said, those that did not fit taken from the ZIP64 extra field."""
    wanted = sum(number == _UNSAID[4] for number in said)
    large = _extra_field(extra) if wanted else b""
    if len(large) < 8 * wanted:
        raise MergeError("docx_damaged")
    numbers = iter(struct.unpack_from(f"<{wanted}Q", large))
    return tuple(next(numbers) if one == _UNSAID[4] else one for one in said)


def _extra_field(extra: bytes) -> bytes:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _ZIP64:
            return extra[at + 4 : at + 4 + length]
        at += 4 + length
    return b""


def _is_folder(entry: _Entry) -> bool:
    if entry.name.endswith("/") and entry.size:
        raise MergeError("docx_member_name", part=place_of(entry.name))
    return entry.name.endswith("/")


def _refuse_large(entries: list[_Entry]) -> None:
    total = sum(entry.size for entry in entries)
    if total > MAX_BYTES:
        raise MergeError("docx_too_large", members=len(entries), bytes=total)
    for entry in entries:
        if entry.size > _SMALL and entry.size > MAX_RATIO * max(entry.packed_size, 1):
            raise MergeError("docx_bomb", part=place_of(entry.name))


def _end(content: bytes, entry: _Entry) -> int:
    """Where the member ends, by its own header, which must agree with the directory."""
    if content[entry.offset : entry.offset + 4] != b"PK\x03\x04":
        raise MergeError("docx_damaged")
    if entry.offset + _LOCAL.size > len(content):
        raise MergeError("docx_damaged")
    fields: tuple[int, ...] = _LOCAL.unpack_from(content, entry.offset)
    _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = fields
    names = entry.offset + _LOCAL.size
    extra = names + name_length
    start = extra + extra_length
    agrees = content[names:extra] == entry.raw_name and method == entry.method
    agrees &= not flags & ~_HARMLESS
    if flags & _SIZES_LATER:
        agrees &= crc in {0, entry.crc}
        agrees &= size in {0, _UNSAID[4], entry.size}
        agrees &= packed in {0, _UNSAID[4], entry.packed_size}
    else:
        agrees &= crc == entry.crc
        agrees &= _large(content[extra:start], size, packed) == (entry.size, entry.packed_size)
    if not agrees:
        raise MergeError("docx_disagrees", part=place_of(entry.name))
    return start + entry.packed_size


def _refuse_overlap(entries: list[_Entry], ends: dict[str, int], directory: int) -> None:
    """Members that share bytes, and bytes that belong to none: there a second file can hide."""
    reached = 0
    allowed = 0
    for entry in sorted(entries, key=lambda one: one.offset):
        if entry.offset < reached:
            raise MergeError("docx_overlap", part=place_of(entry.name))
        if entry.offset > reached + allowed:
            raise MergeError("docx_surplus")
        reached, allowed = ends[entry.name], _MAX_DESCRIPTOR
    if reached > directory:
        raise MergeError("docx_overlap", part=place_of(""))
    if directory > reached + allowed:
        raise MergeError("docx_surplus")
