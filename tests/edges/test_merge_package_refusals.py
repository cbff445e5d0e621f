"""Files that are no sound Word file: one tiny file for each thing that can be wrong."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bti_docs.errors import MergeError
from bti_docs.merge.word.container import (
    MAX_BYTES,
    STORED,
    RawMember,
    raw_members,
    unpacked,
)
from bti_docs.merge.word.package import Package, open_package
from bti_docs.merge.word.xml import MAX_MARKUP, parse
from tests.edges.docx_samples import members, pack
from tests.edges.refused_files import (
    ACCEPTED,
    REFUSED,
    SOUND,
    TYPES,
    and_one,
    of_size,
    packed,
    with_member,
)
from tests.edges.zip_samples import (
    Member,
    build,
    sound,
)


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_sound_word_file_is_refused(what: str) -> None:
    code, content = REFUSED[what]
    with pytest.raises(MergeError) as caught:
        open_package(content)
    assert caught.value.code == code


@pytest.mark.parametrize("what", ACCEPTED)
def test_what_other_programs_write_is_opened(what: str) -> None:
    content = ACCEPTED[what]
    package = open_package(content)
    assert "word/document.xml" in package.members
    assert package.members == members_of(content)


def members_of(content: bytes) -> dict[str, bytes]:
    return {name: data for name, data in members(content).items() if not name.endswith("/")}


@pytest.mark.parametrize("code", sorted({code for code, _ in REFUSED.values()}))
def test_an_error_says_where_without_repeating_what_people_typed(code: str) -> None:
    for wrong, content in REFUSED.values():
        if wrong == code:
            with pytest.raises(MergeError) as caught:
                open_package(content)
            place = str(caught.value.params.get("part", ""))
            assert place == "?" or place.isascii()


def test_a_place_is_the_parts_name_or_a_question_mark() -> None:
    for name, place in {"word/x.bin": "word/x.bin", "word/Ola Eksempel.bin": "?"}.items():
        with pytest.raises(MergeError) as caught:
            open_package(build([*sound(), Member(name=name.encode(), crc=1)]))
        assert caught.value.params == {"part": place}


def test_raw_members_are_what_lies_in_the_file() -> None:
    content = build([Member(name=b"word/", content=b"", method=0), *sound()])
    raw = raw_members(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        told = [one for one in archive.infolist() if not one.is_dir()]
    assert [(one.name, one.crc, one.size, len(one.packed)) for one in raw] == [
        (one.filename, one.CRC, one.file_size, one.compress_size) for one in told
    ]
    assert {one.name: unpacked(one) for one in raw} == members_of(content)
    for one in raw:
        assert zlib.decompress(one.packed, -15) == unpacked(one)


def test_a_stored_member_is_its_own_content() -> None:
    one = RawMember("x", zlib.crc32(b"xyz"), 3, STORED, b"xyz")
    assert unpacked(one) == b"xyz"


def test_a_package_gives_the_same_bytes_every_time() -> None:
    package = open_package(SOUND)
    assert package.to_bytes() == open_package(package.to_bytes()).to_bytes()
    assert open_package(package.to_bytes()) == package


def test_a_bomb_costs_no_memory() -> None:
    bombs = [
        with_member("word/x.bin", bytes(60 * 1024 * 1024)),
        and_one(content=b"x", packed=packed(bytes(60 * 1024 * 1024))),
        of_size(MAX_BYTES - 40_000),
    ]
    for bomb in bombs:
        tracemalloc.start()
        with pytest.raises(MergeError):
            open_package(bomb)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 4 * len(bomb) + 1_000_000


def test_a_part_with_too_many_tags_is_not_read() -> None:
    few = b"<x>" + b"<y/>" * 10 + b" " * MAX_MARKUP + b"</x>"
    assert len(parse(few, "x")) == 10
    for many_of in (b"<x>" + b"<y/>" * MAX_MARKUP + b"</x>", b"<x a='" + b"=" * MAX_MARKUP):
        with pytest.raises(MergeError) as caught:
            parse(many_of, "x")
        assert caught.value.code == "docx_too_much_markup"


def opened(content: bytes) -> Package | str:
    """The package or the code; anything else than `MergeError` is a bug."""
    try:
        return open_package(content)
    except MergeError as error:
        return error.code


def test_a_member_may_not_ask_for_a_version_of_the_format_that_is_none() -> None:
    content = bytearray(SOUND)
    needed = content.rfind(b"PK\x01\x02") + 6
    content[needed] = 63
    assert isinstance(opened(bytes(content)), Package)
    content[needed] = 64
    assert opened(bytes(content)) == "docx_packing"


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_file_with_bytes_changed_is_opened_or_refused(data: st.DataObject) -> None:
    _fuzz(data)


@pytest.mark.soak
@given(st.data())
@settings(max_examples=20_000, deadline=2000)
def test_many_files_with_bytes_changed_are_opened_or_refused(data: st.DataObject) -> None:
    _fuzz(data)


def _fuzz(data: st.DataObject) -> None:
    """Flip, cut, repeat; where the file still opens, an independent reader must agree."""
    content = bytearray(ACCEPTED[data.draw(st.sampled_from(["plain", "stored", "ZIP64 sizes"]))])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.integers(0, 3))
        if kind == 0:
            content[at] = data.draw(st.integers(0, 255))
        elif kind == 1:
            content[at] ^= 1 << data.draw(st.integers(0, 7))
        elif kind == 2:
            del content[at : at + data.draw(st.integers(1, 64))]
        else:
            content[at:at] = content[at : at + data.draw(st.integers(1, 64))]
        if not content:
            break
    found = opened(bytes(content))
    if isinstance(found, Package):
        assert found.members == members_of(bytes(content))


@given(st.binary(max_size=300))
@example(b"PK\x05\x06" + bytes(18))
@settings(deadline=None)
def test_any_bytes_are_refused(content: bytes) -> None:
    assert isinstance(opened(content), str)


@given(st.binary(max_size=200), st.sampled_from(["word/styles.xml", "_rels/.rels", TYPES]))
@settings(deadline=None)
def test_any_bytes_for_a_part_are_opened_or_refused(content: bytes, part: str) -> None:
    opened(pack({**members(SOUND), part: content}))
