"""One tiny file for each thing that can be wrong with a Word file, and those that only look so."""

from __future__ import annotations

import struct
import unicodedata
import zlib
from dataclasses import replace

from bti_docs.merge.word.container import MAX_BYTES, MAX_MEMBERS
from tests.edges.docx_samples import DOCUMENT_TYPE, W, docx, edited, p, pack
from tests.edges.zip_samples import (
    BIG,
    End,
    Member,
    build,
    local,
    sound,
    with_first,
    zip64_end,
    zip64_extra,
)

TYPES = "[Content_Types].xml"
SOUND = docx(p("x"))
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
STRICT = "http://purl.oclc.org/ooxml"
FIRST = sound()[0]


def packed(content: bytes) -> bytes:
    deflate = zlib.compressobj(9, wbits=-15)
    return deflate.compress(content) + deflate.flush()


def with_member(name: str, content: bytes | str) -> bytes:
    return docx(p("x"), extra={name: content})


def and_one(**what: object) -> bytes:
    """A sound file with one member more."""
    return build([*sound(), Member(name=b"word/x.bin", **what)])  # type: ignore[arg-type]


def named(*names: str) -> bytes:
    return build([*sound(), *(Member(name=one.encode(), flags=1 << 11) for one in names)])


def of_size(size: int, **what: object) -> bytes:
    """A file that says of one member that it unpacks to so much, at a believable ratio."""
    return and_one(content=b"", packed=bytes(size // 100), size=size, local_size=size, **what)


def many(count: int) -> bytes:
    return build(Member(name=str(number).encode()) for number in range(count))


def typed(part: str, kind: str) -> bytes:
    override = f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'
    return edited(with_member(part, "x"), "</Types>", override, TYPES)


def quoted_overlap() -> bytes:
    """A member inside another: the bytes of the inner one are unpacked twice."""
    inner = Member(name=b"word/inner.bin")
    outer = Member(name=b"word/outer.bin", method=0, content=local(inner))
    at = 30 + len(outer.name)
    return build([outer, replace(inner, offset=at, written=False), *sound()])


def over_the_directory() -> bytes:
    made = sound()
    last = made[-1]
    return build([*made[:-1], replace(last, packed_size=len(last.body) + 60, method=0,
                                      packed=last.body, size=len(last.body) + 60)])  # fmt: skip


def zip64(
    count: int, length: int, offset: int, *, at: int | None = None, end: End | None = None
) -> bytes:
    return build(sound(), zip64=zip64_end(count, length, offset, at=at), end=end)


def directory() -> tuple[int, int, int]:
    """Count, length and offset of the sound file's directory."""
    _, _, _, _, count, length, offset, _ = struct.unpack("<4s4H2IH", build(sound())[-22:])
    return count, length, offset


COUNT, LENGTH, OFFSET = directory()
UTF_16_DOCTYPE = '<!DOCTYPE x SYSTEM "y"><x/>'
NFD = unicodedata.normalize("NFD", "word/blåbær.xml")

REFUSED = {
    # no ZIP, or another thing beside it
    "nothing": ("docx_not_zip", b""),
    "a PDF": ("docx_not_zip", b"%PDF-1.7"),
    "an old Word file": ("docx_encrypted", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "the end is missing": ("docx_damaged", SOUND[:-30]),
    "half an end record": ("docx_damaged", SOUND[:-1]),
    "something in front": ("docx_surplus", b"MZ" + SOUND),
    "a member in front that is not listed": (
        "docx_surplus", build([Member(name=b"x", listed=False), *sound()])),
    "a member between that is not listed": (
        "docx_surplus", build([FIRST, Member(name=b"x", listed=False), *sound()[1:]])),
    "a member behind that is not listed": (
        "docx_surplus", build([*sound(), Member(name=b"x", listed=False)])),
    "something behind": ("docx_surplus", SOUND + b"\x00"),
    "a comment": ("docx_surplus", build(sound(), end=End(comment=b"x"))),
    "a gap between members": ("docx_surplus", build(with_first(after=bytes(25)))),
    "a gap before the directory": ("docx_surplus", and_one(after=bytes(25))),
    "a gap before the first": ("docx_surplus", build(
        [Member(name=b"x", listed=False, content=b""), *sound()])),
    # several disks, directories that do not add up
    "a second disk": ("docx_damaged", build(sound(), end=End(disk=1))),
    "a directory on a second disk": ("docx_damaged", build(sound(), end=End(first_disk=1))),
    "a member on a second disk": ("docx_damaged", build(with_first(disk=1))),
    "some entries elsewhere": ("docx_damaged", build(sound(), end=End(here=COUNT - 1))),
    "an entry too few": ("docx_damaged", build(sound(), end=End(here=COUNT - 1, count=COUNT - 1))),
    "an entry too many": ("docx_damaged", build(sound(), end=End(here=COUNT + 1, count=COUNT + 1))),
    "a directory past the end": ("docx_damaged", build(sound(), end=End(offset=OFFSET + 1))),
    "a directory of another place": ("docx_surplus", build(sound(), end=End(offset=OFFSET - 1))),
    "a directory that begins late": (
        "docx_damaged", build(sound(), end=End(offset=OFFSET + 46, length=LENGTH - 46))),
    "an entry longer than the directory": (
        "docx_damaged", build([*sound(), Member(name=b"y", extra=b"")]) [:-24] + b"\xff\xff"
        + build([*sound(), Member(name=b"y")])[-22:]),
    "a header that is none": ("docx_damaged", build(with_first(offset=1))),
    "a header past the end": ("docx_damaged", build(with_first(offset=10_000_000))),
    "packed bytes that are no stream": ("docx_damaged", and_one(packed=b"\xff\xff\xff\xff")),
    # ZIP64
    "a ZIP64 record of another count": ("docx_damaged", zip64(COUNT + 1, LENGTH, OFFSET)),
    "a ZIP64 record of another length": ("docx_damaged", zip64(COUNT, LENGTH + 1, OFFSET)),
    "a ZIP64 record of another place": (
        "docx_damaged", zip64(COUNT, LENGTH, OFFSET + 1, at=OFFSET + LENGTH)),
    "a locator that leads astray": ("docx_damaged", zip64(COUNT, LENGTH, OFFSET, at=0)),
    "a ZIP64 record by another name": ("docx_damaged", zip64(COUNT, LENGTH, OFFSET).replace(
        b"PK\x06\x06", b"PK\x06\x05")),
    "a directory with something else in it": ("docx_damaged", build(sound()).replace(
        b"PK\x01\x02", b"PK\x01\x03", 1)),
    "a directory cut in an entry": ("docx_damaged", build(
        sound(), end=End(here=COUNT + 1, count=COUNT + 1, offset=OFFSET, length=LENGTH))),
    "half a header": ("docx_damaged", build(
        [*sound(), Member(name=b"y", written=False, offset=len(build(sound())) + 40)])),
    "a locator without a record": (
        "docx_damaged", build(sound(), zip64=zip64_end(COUNT, LENGTH, OFFSET)[-20:])),
    "a ZIP64 size that is missing": ("docx_damaged", and_one(size=BIG)),
    "a ZIP64 size that is cut": ("docx_damaged", and_one(size=BIG, extra=zip64_extra(1)[:-1])),
    "a ZIP64 size that is huge": ("docx_too_large", and_one(
        size=BIG, extra=zip64_extra(1 << 40), local_size=BIG, local_extra=zip64_extra(1 << 40))),
    "a ZIP64 size only here": ("docx_disagrees", and_one(
        size=BIG, extra=zip64_extra(1), local_size=BIG, local_extra=zip64_extra(2))),
    # bombs
    "too many members": ("docx_too_large", many(MAX_MEMBERS + 1)),
    "too much to unpack": ("docx_too_large", of_size(MAX_BYTES)),
    "too tight": ("docx_bomb", with_member("word/x.bin", bytes(2 * 1024 * 1024))),
    "too much from nothing": ("docx_bomb", and_one(
        content=b"", packed=b"", size=2 << 20, local_size=2 << 20)),
    "more than it says": ("docx_disagrees", and_one(content=b"xyz", size=2)),
    "less than it says": ("docx_disagrees", and_one(content=b"xyz", size=4)),
    "a stream that goes on": ("docx_disagrees", and_one(packed=packed(b"x") + b"x")),
    "a stream without an end": ("docx_disagrees", and_one(
        packed=zlib.compressobj(wbits=-15).compress(b"x") + packed(b"x")[:-1], content=b"x")),
    "stored, and of two sizes": ("docx_disagrees", and_one(method=0, content=b"xyz", size=2)),
    "members on top of each other": ("docx_overlap", quoted_overlap()),
    "a member over the directory": ("docx_overlap", over_the_directory()),
    # what the member's own header says
    "another name inside": ("docx_disagrees", build(with_first(local_name=b"[Content_Types].xmL"))),
    "another method inside": ("docx_disagrees", build(with_first(local_method=0))),
    "another checksum inside": ("docx_disagrees", build(with_first(local_crc=1))),
    "another size inside": ("docx_disagrees", build(with_first(local_size=1))),
    "another packed size inside": ("docx_disagrees", build(with_first(local_packed_size=1))),
    "another checksum, said later": (
        "docx_disagrees", build(with_first(flags=8, local_crc=1))),
    "another size, said later": ("docx_disagrees", build(with_first(flags=8, local_size=1))),
    "another packed size, said later": (
        "docx_disagrees", build(with_first(flags=8, local_packed_size=1))),
    "nothing inside, and nothing later": ("docx_disagrees", build(with_first(local_crc=0))),
    "a wrong checksum": ("docx_checksum", build(with_first(crc=1))),
    "a wrong checksum, stored": ("docx_checksum", and_one(method=0, crc=1)),
    # packing
    "a password": ("docx_encrypted", build(with_first(flags=1))),
    "a strong password": ("docx_encrypted", build(with_first(flags=1 << 6))),
    "a hidden directory": ("docx_encrypted", build(with_first(flags=1 << 13))),
    "AES": ("docx_encrypted", and_one(method=99)),
    "patched data": ("docx_packing", build(with_first(flags=1 << 5))),
    "a password inside": ("docx_disagrees", build(with_first(local_flags=1))),
    "bzip2": ("docx_packing", and_one(method=12)),
    # names
    "a name twice": ("docx_member_twice", named("word/a.xml", "word/a.xml")),
    "a name in two cases": ("docx_member_twice", named("word/a.xml", "word/A.xml")),
    "a name composed in two ways": ("docx_member_twice", named("word/blåbær.xml", NFD)),
    "a name escaped": ("docx_member_twice", named("word/a.xml", "word/%61.xml")),
    "a folder and a file": ("docx_member_twice", named("word/a", "word/a/")),
    "a part that is a folder too": ("docx_member_twice", named("word/a", "Word/A/b")),
    "a folder with something in it": ("docx_member_name", build(
        [*sound(), Member(name=b"word/media/")])),
    "no name": ("docx_member_name", named("")),
    "a name that climbs": ("docx_member_name", named("../a.xml")),
    "a name that climbs later": ("docx_member_name", named("word/../a.xml")),
    "a name that stays": ("docx_member_name", named("./a.xml")),
    "a name that ends in a dot": ("docx_member_name", named("word./a.xml")),
    "a name from the root": ("docx_member_name", named("/a.xml")),
    "a name from a drive": ("docx_member_name", named("c:a.xml")),
    "a name with the other slash": ("docx_member_name", named("word\\a.xml")),
    "a name with two slashes": ("docx_member_name", named("word//a.xml")),
    "a name with a hidden slash": ("docx_member_name", named("word%2fa.xml")),
    "a name with a hidden NUL": ("docx_member_name", named("word/a%00.xml")),
    "a name with a NUL": ("docx_member_name", named("word/a\x00.xml")),
    "a name that is no UTF-8": ("docx_member_name", build(
        [*sound(), Member(name=b"\xff", flags=1 << 11)])),
    # programs
    "macros": ("docx_macros", with_member("word/vbaProject.bin", b"x")),
    "macros by type": ("docx_macros", typed("word/x.dat", "application/vnd.ms-office.vbaProject")),
    "a file for macros": ("docx_macros", edited(SOUND, DOCUMENT_TYPE, MACRO_TYPE, TYPES)),
    "macros' data": ("docx_macros", with_member("word/vbaData.xml", "<x/>")),
    "toolbars": ("docx_macros", typed("x.dat", "application/vnd.ms-word.attachedToolbars")),
    "ActiveX": ("docx_activex", with_member("word/activeX/activeX1.xml", "<x/>")),
    "ActiveX by type": ("docx_activex", typed("x.dat", "application/vnd.ms-office.activeX+xml")),
    # parts
    "a document type": ("docx_doctype", with_member("word/styles.xml", "<!DOCTYPE x []><x/>")),
    "an entity": ("docx_doctype", with_member("word/x.xml", "<x/><!ENTITY e 'x'>")),
    "a document type in UTF-16": (
        "docx_doctype", with_member("word/x.xml", UTF_16_DOCTYPE.encode("utf-16"))),
    "a document type in bare UTF-16": (
        "docx_doctype", with_member("word/x.xml", UTF_16_DOCTYPE.encode("utf-16-be"))),
    "a document type in the other UTF-16": (
        "docx_doctype", with_member("word/x.xml", UTF_16_DOCTYPE.encode("utf-16-le"))),
    "a document type in UTF-16 the other way": (
        "docx_doctype", with_member("word/x.xml", ("\ufeff" + UTF_16_DOCTYPE).encode("utf-16-be"))),
    "a document type in a part of no type": ("docx_doctype", edited(
        with_member("word/x.xml", UTF_16_DOCTYPE),
        '<Default Extension="xml" ContentType="application/xml"/>', "", TYPES)),
    "ties with a document type, of no type": ("docx_doctype", edited(
        with_member("word/_rels/x.xml.rels", UTF_16_DOCTYPE),
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>', "", TYPES)),
    "a document type in a drawing": ("docx_doctype", edited(
        with_member("word/x.dat", UTF_16_DOCTYPE), "</Types>",
        '<Default Extension="dat" ContentType="application/x+xml"/></Types>', TYPES)),
    "a document type behind a mark": (
        "docx_doctype", with_member("word/x.xml", "\ufeff" + UTF_16_DOCTYPE)),
    "a document type under another name": ("docx_doctype", edited(
        with_member("word/x.dat", UTF_16_DOCTYPE), "</Types>",
        '<Default Extension="dat" ContentType="text/xml"/></Types>', TYPES)),
    "a document type in capitals": (
        "docx_doctype", with_member("word/X.XML", "<!DOCTYPE x []><x/>")),
    "relationships with a document type": (
        "docx_doctype", with_member("word/_rels/x.xml.rels", "<!DOCTYPE x []><x/>")),
    "half a UTF-16 letter": ("docx_xml", with_member("word/x.xml", b"\xff\xfe<\x00x")),
    "another encoding": ("docx_encoding", with_member(
        "word/x.xml", '<?xml version="1.0" encoding="UTF-7"?><x/>')),
    "UTF-16 that says UTF-8": ("docx_encoding", with_member(
        "word/x.xml", '<?xml version="1.0" encoding="utf-8"?><x/>'.encode("utf-16"))),
    "UTF-8 that says UTF-16": ("docx_encoding", with_member(
        "word/x.xml", "<?xml version='1.0' encoding = 'utf-16'?><x/>")),
    "EBCDIC": ("docx_xml", with_member("word/x.xml", "<!DOCTYPE x []><x/>".encode("cp037"))),
    "UTF-32": ("docx_xml", with_member("word/x.xml", "<!DOCTYPE x []><x/>".encode("utf-32"))),
    "no XML": ("docx_xml", with_member("word/styles.xml", "<x>")),
    "too deep": ("docx_xml", with_member("word/x.xml", "<x>" * 400 + "</x>" * 400)),
    # the whole
    "no list of types": ("docx_no_document", pack({"x.txt": "x"})),
    "no document": ("docx_no_document", pack({TYPES: "<Types/>"})),
    "another kind of document": ("docx_no_document", edited(
        SOUND, DOCUMENT_TYPE, "application/xml", TYPES)),
    "a type twice": ("docx_damaged", edited(
        SOUND, "</Types>", '<Override PartName="/Word/document.xml" ContentType="x"/></Types>',
        TYPES)),
    "strict": ("docx_strict", edited(SOUND, W, f"{STRICT}/wordprocessingml/main")),
    "strict by its ties": ("docx_strict", edited(
        SOUND, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeD",
        f"{STRICT}/officeDocument/relationships/officeD", "_rels/.rels")),
}  # fmt: skip

ACCEPTED = {
    "plain": build(sound()),
    "packed hard": build(replace(one, flags=6) for one in sound()),
    "stored": build(replace(one, method=0) for one in sound()),
    "a comment on a member": build(replace(one, comment=b"x") for one in sound()),
    "a large picture": build(
        [*sound(), Member(name=b"word/media/x.png", content=bytes(range(256)) * 8192, method=0)]
    ),
    "the document not first": edited(
        SOUND,
        "<Relationship Id",
        f'<Relationship Id="rId0" Type="{W}/other" Target="word/styles.xml"/><Relationship Id',
        "_rels/.rels",
    ),
    "a folder": build([Member(name=b"word/", content=b"", method=0), *sound()]),
    "sizes said later": build(
        replace(one, flags=8, local_crc=0, local_size=0, local_packed_size=0, after=bytes(16))
        for one in sound()
    ),
    "sizes said later, and large": build(
        replace(one, flags=8, local_size=BIG, local_packed_size=BIG, after=bytes(24))
        for one in sound()
    ),
    "sizes said twice": build(replace(one, flags=8, after=bytes(12)) for one in sound()),
    "ZIP64 sizes": build(
        replace(
            one,
            size=BIG,
            packed_size=BIG,
            extra=struct.pack("<2HI", 0xA220, 4, 0) + zip64_extra(len(one.content), len(one.body)),
            local_extra=zip64_extra(len(one.content), len(one.body)),
        )
        for one in sound()
    ),
    "a ZIP64 record": zip64(COUNT, LENGTH, OFFSET),
    "only a ZIP64 record": zip64(
        COUNT, LENGTH, OFFSET, end=End(here=0xFFFF, count=0xFFFF, length=BIG, offset=BIG)
    ),
    "as many members as may be": build(
        [*sound(), *(Member(name=b"x/%d" % n) for n in range(MAX_MEMBERS - COUNT))]
    ),
    "a picture packed tightly": with_member("word/media/x.png", bytes(1024 * 1024)),
    "an SVG with a document type": edited(
        with_member("word/media/x.svg", "<!DOCTYPE svg []><svg/>"),
        "</Types>",
        '<Default Extension="svg" ContentType="image/svg+xml"/></Types>',
        TYPES,
    ),
    "UTF-16": with_member(
        "word/styles.xml", f'<?xml version="1.0" encoding="UTF-16"?><x a="{W}"/>'.encode("utf-16")
    ),
    "UTF-8 with a mark": with_member(
        "word/styles.xml", '\ufeff<?xml version="1.0" encoding="UTF-8"?><x/>'
    ),
    "a name of old Windows": build([*sound(), Member(name="word/blåbær".encode("cp437"))]),
    "dots and a space in names": build(
        [*sound(), Member(name=b"word/a b.c.bin"), Member(name=b"word/media.d/.x")]
    ),
    "a mark in the directory only": build(replace(one, local_flags=1 << 11) for one in sound()),
}
