"""Files that are no sound Word file, own properties, pictures, and the print form."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bti_docs.errors import MergeError
from bti_docs.merge import Template, print_form, read_properties
from tests.edges.docx_samples import (
    DOCUMENT_TYPE,
    NAMESPACES,
    REL,
    W,
    body_xml,
    docx,
    edited,
    members,
    p,
    pack,
    picture,
    r,
    sdt,
    tbl,
)

TYPES = "[Content_Types].xml"
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
OTHER_PREFIX = NAMESPACES.replace("xmlns:w=", "xmlns:x=")
SOUND = docx(p("x"))
SETTINGS_LINK = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{REL}/attachedTemplate" Target="file:///\\\\tjener\\mal.dotx" '
    'TargetMode="External"/></Relationships>'
)


def png(width: int, height: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(written, "PNG")
    return written.getvalue()


def with_member(name: str, content: bytes | str) -> bytes:
    return docx(p("x"), extra={name: content})


def encrypted_member() -> bytes:
    content = bytearray(docx(p("x")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        content[at + offset] |= 1
    return bytes(content)


def wrong_checksum() -> bytes:
    with zipfile.ZipFile(io.BytesIO(docx(p("x")))) as archive:
        stored = io.BytesIO()
        with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as copy:
            for name in archive.namelist():
                copy.writestr(name, archive.read(name))
    return stored.getvalue().replace(b"<w:body>", b"<w:bodY>", 1)


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("docx_not_zip", b""),
        ("docx_not_zip", b"%PDF-1.7"),
        ("docx_encrypted", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("docx_encrypted", encrypted_member()),
        ("docx_damaged", docx(p("x"))[:-30]),
        ("docx_damaged", wrong_checksum()),
        ("docx_too_large", with_member("word/x.bin", bytes(65 * 1024 * 1024))),
        ("docx_too_large", with_member("word/x.bin", bytes(2 * 1024 * 1024))),
        ("docx_macros", with_member("word/vbaProject.bin", b"x")),
        ("docx_macros", with_member("word/activeX/activeX1.xml", "<x/>")),
        ("docx_macros", edited(SOUND, DOCUMENT_TYPE, MACRO_TYPE, TYPES)),
        ("docx_doctype", with_member("word/styles.xml", "<!DOCTYPE x []><x/>")),
        ("docx_doctype", with_member("word/x.xml", "<x/><!ENTITY e 'x'>")),
        ("docx_doctype", with_member("word/x.xml", '<!DOCTYPE x SYSTEM "y"><x/>'.encode("utf-16"))),
        ("docx_xml", with_member("word/styles.xml", "<x>")),
        ("docx_no_document", pack({TYPES: "<Types/>"})),
        ("docx_no_document", pack({"x.txt": "x"})),
        ("docx_strict", edited(SOUND, W, "http://purl.oclc.org/ooxml/wordprocessingml/main")),
        ("docx_prefix", with_member("word/document.xml", f"<x:document {OTHER_PREFIX}/>")),
    ],
)  # fmt: skip
def test_what_is_no_sound_word_file_is_refused(code: str, content: bytes) -> None:
    with pytest.raises(MergeError) as caught:
        Template.open(content)
    assert caught.value.code == code


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_file_with_bytes_changed_is_opened_or_refused(data: st.DataObject) -> None:
    content = bytearray(docx(p("x")))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(MergeError):
        read_properties(bytes(content))


def test_the_tie_to_the_attached_template_is_cut() -> None:
    extra = {"word/_rels/settings.xml.rels": SETTINGS_LINK}
    one = Template.open(
        docx(p("x"), extra=extra, settings='<w:attachedTemplate r:id="rId1"/><w:zoom/>')
    )
    assert [(f.code, f.severity) for f in one.problems] == [("tpl_attached_template", "warning")]
    made = members(one.render({}))
    assert b"attachedTemplate" not in made["word/settings.xml"]
    assert b"tjener" not in made["word/_rels/settings.xml.rels"]


def test_a_word_template_becomes_a_document() -> None:
    kind = DOCUMENT_TYPE.replace("document.main", "template.main")
    made = Template.open(edited(docx(p("x")), DOCUMENT_TYPE, kind, TYPES)).render({})
    assert DOCUMENT_TYPE in members(made)[TYPES].decode()


def test_properties_are_written_kept_and_read() -> None:
    first = Template.open(docx(p("x"))).render({}, properties={"BTI-ref": "7K3MQ2XP", "A": "<&>"})
    assert read_properties(first) == {"BTI-ref": "7K3MQ2XP", "A": "<&>"}
    second = Template.open(first).render({}, properties={"BTI-ref": "22222222", "B": "ø"})
    assert read_properties(second) == {"BTI-ref": "22222222", "A": "<&>", "B": "ø"}
    assert read_properties(docx(p("x"))) == {}
    with pytest.raises(MergeError) as caught:
        Template.open(docx(p("x"))).render({}, properties={"A": "\x00"})
    assert caught.value.code == "bad_character"


def test_pictures_take_their_places_or_leave() -> None:
    one = Template.open(docx(picture("bilde:logo", (30, 10)) + picture("kode", (18, 18), 2)))
    logo, code = png(600, 100), png(33, 33)
    made = members(one.render({}, pictures={"bilde:logo": logo, "kode": code}))
    assert made["word/media/bilde_logo.png"] == logo
    assert made["word/media/kode.png"] == code
    xml = made["word/document.xml"].decode()
    # the picture is six times as wide as high: 30 × 5 mm fits the place of 30 × 10 mm
    assert re.findall(r'<wp:extent cx="(\d+)" cy="(\d+)"', xml)[0] == ("1080000", "180000")
    assert 'descr="logo"' in xml
    assert 'descr="kode"' in xml
    assert "<w:drawing" not in body_xml(one.render({}))
    with pytest.raises(MergeError) as caught:
        one.render({}, pictures={"kode": b"GIF89a"})
    assert caught.value.code == "picture_format"


def test_a_picture_in_the_header_belongs_to_the_header() -> None:
    one = Template.open(docx(p("x"), header=picture("bilde:logo")))
    made = members(one.render({}, pictures={"bilde:logo": png(30, 10)}))
    assert b"/word/media/bilde_logo.png" in made["word/_rels/header1.xml.rels"]


BLANK = sdt("a", "A", r("{{ a }}", "<w:rPr><w:b/></w:rPr>"))


def test_an_empty_control_asks_to_be_filled_in() -> None:
    one = Template.open(docx(f"<w:p>{BLANK}</w:p>"))
    xml = body_xml(one.render({"a": " "}))
    assert "<w:showingPlcHdr/><w:text" in xml
    assert '<w:rStyle w:val="Plassholder"/><w:b/>' in xml
    assert ">Skriv her</w:t>" in xml
    assert ">Write</w:t>" in body_xml(one.render({"a": ""}, placeholder="Write"))
    assert "showingPlcHdr" not in body_xml(one.render({"a": "x"}))


def test_the_print_form_has_no_controls_prompts_or_places_for_pictures() -> None:
    cell = f"<w:tr>{sdt('c', 'C', '<w:tc><w:tcPr/>' + p('{{ a }}') + '</w:tc>', '')}</w:tr>"
    body = (
        f"<w:p>{r('Navn: ')}{BLANK}{r(' slutt')}</w:p>"
        + sdt("b", "B", p("{{ b }}") + p("to"), "")
        + tbl(cell, columns=1)
        + picture("kode")
        + picture("bilde:logo")
        + p("A\u030a")
    )
    made = Template.open(docx(body)).render(
        {"a": "", "b": "en"}, pictures={"kode": png(33, 33), "bilde:logo": png(3, 1)}
    )
    printed = print_form(made)
    xml = body_xml(printed)
    for gone in ("sdt", "Skriv her", 'descr="kode"', "A\u030a"):
        assert gone not in xml
    for kept in ("Navn: ", " slutt", "en</w:t>", "to</w:t>", 'descr="logo"', "Å</w:t>"):
        assert kept in xml
    assert xml.count("<w:tc>") == 1
    assert print_form(made) == printed
    assert print_form(printed) == printed
