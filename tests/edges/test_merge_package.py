"""Files that are no sound Word file, own properties, pictures, and the print form."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from bti_docs.errors import MergeError
from bti_docs.merge import Template, print_form, read_properties
from tests.edges.docx_samples import (
    DOCUMENT_TYPE,
    NAMESPACES,
    REL,
    body_xml,
    docx,
    edited,
    members,
    p,
    picture,
    r,
    sdt,
    tbl,
)

TYPES = "[Content_Types].xml"
OTHER_PREFIX = NAMESPACES.replace("xmlns:w=", "xmlns:x=")
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


def test_a_file_that_calls_words_names_something_else_is_refused() -> None:
    with pytest.raises(MergeError) as caught:
        Template.open(with_member("word/document.xml", f"<x:document {OTHER_PREFIX}/>"))
    assert caught.value.code == "docx_prefix"


def test_what_comes_back_is_opened_as_strictly_as_a_template() -> None:
    for read in (read_properties, print_form, Template.open(docx(p("x"))).read_back):
        with pytest.raises(MergeError) as caught:
            read(with_member("word/vbaProject.bin", b"x"))
        assert caught.value.code == "docx_macros"


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
