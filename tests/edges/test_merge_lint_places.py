"""Where the lint says that things are, what more it finds, and the copy with comments."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator

from bti_docs.merge import Finding, Place, Template
from bti_docs.merge.lint.annotate import Note, annotate
from bti_docs.merge.lint.page_lint import Corner, Sheet
from bti_docs.merge.lint.report import Report, look_through
from tests.edges.docx_samples import (
    REL,
    STYLES,
    W,
    docx,
    edited,
    field,
    members,
    p,
    picture,
    r,
    sdt,
    tbl,
    tr,
)

TEMPLATES = sorted((Path(__file__).parents[2] / "templates" / "docx").glob("*.docx"))
FONTS = frozenset({"Carlito", "DejaVu Sans", "Calibri"})
A4 = Sheet(
    210, 297, (Corner("top", 180.1, 6.1, 203.9, 29.9), Corner("bottom", 6.6, 270.6, 26.4, 290.4))
)
HEADED = STYLES.replace(
    "</w:styles>",
    '<w:style w:type="paragraph" w:styleId="Overskrift2"><w:name w:val="heading 2"/>'
    '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style></w:styles>',
)
HEADING = '<w:pPr><w:pStyle w:val="Overskrift2"/></w:pPr>'


def look(content: bytes, language: str = "nb") -> Report:
    known = Template.open(content, language=language).problems
    return look_through(content, language=language, known=known, fonts=FONTS, sheet=A4)


def codes(found: Iterable[Finding]) -> list[str]:
    return [one.code for one in found]


def only(content: bytes, code: str, language: str = "nb") -> list[Finding]:
    return [one for one in look(content, language).findings if one.code == code]


def in_font(name: str) -> str:
    return r("x", f'<w:rPr><w:rFonts w:ascii="{name}"/></w:rPr>')


def with_headings(body: str, **more: str) -> bytes:
    return docx(body, extra={"word/styles.xml": HEADED}, **more)  # type: ignore[arg-type]


# --- places --------------------------------------------------------------------------------------


def test_a_place_says_heading_table_row_and_column() -> None:
    table = tbl(tr(p("Mål"), p("Frist")), tr(p("x"), p("{{ rad.frist|datoo }}")), columns=2)
    (found,) = only(with_headings(p("Tiltak", HEADING) + table), "tpl_unknown_filter")
    place = found.place
    assert (place.kind, place.heading, place.section) == ("body", "Tiltak", None)
    assert (place.table, place.row, place.column) == (1, 2, 2)
    assert (place.paragraph, place.excerpt) == (5, "{{ rad.frist|datoo }}")


def test_a_cell_of_a_table_within_a_table_is_that_of_the_outer_one() -> None:
    inner = tbl(tr(p("{{ a|datoo }}")), columns=1) + p("")
    content = docx(p("x") + tbl(tr(p("a"), inner), columns=2))
    (found,) = only(content, "tpl_unknown_filter")
    assert (found.place.table, found.place.row, found.place.column) == (1, 1, 2)


def test_a_header_says_which_pages_it_is_on() -> None:
    content = docx(p("x"), header=p("{{ a|datoo }}"))
    assert only(content, "tpl_unknown_filter")[0].place.role == "default"
    first = edited(content, 'headerReference w:type="default"', 'headerReference w:type="first"')
    place = only(first, "tpl_unknown_filter")[0].place
    assert (place.kind, place.role, place.paragraph) == ("header", "first", 1)


def test_sections_are_numbered_when_there_are_several() -> None:
    end = "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>"
    (found,) = only(docx(p("a") + end + p("{{ a|datoo }}")), "tpl_unknown_filter")
    assert found.place.section == 2


def test_a_text_box_is_told_once_though_word_writes_it_twice() -> None:
    box = f"<w:txbxContent>{p('{{ a|datoo }}')}</w:txbxContent>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    both = (
        f'<w:p><w:r><mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="wps">{box}'
        f"</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
        "</w:r></w:p>"
    )
    found = look(docx(both)).findings
    assert codes(found).count("tpl_unknown_filter") == 1
    assert next(f for f in found if f.code == "tpl_unknown_filter").place.text_box


@given(st.lists(st.sampled_from(["p", "table", "heading", "empty"]), max_size=8))
def test_every_paragraph_has_a_place_of_its_own(pieces: list[str]) -> None:
    made = {
        "p": p("{{ a|datoo }}"),
        "table": tbl(tr(p("{{ a|datoo }}"), p("x")), columns=2),
        "heading": p("Her", HEADING),
        "empty": p(""),
    }
    found = only(with_headings("".join(made[one] for one in pieces)), "tpl_unknown_filter")
    assert len(found) == sum(one in {"p", "table"} for one in pieces)
    assert len({one.place.paragraph for one in found}) == len(found)


# --- what it finds -------------------------------------------------------------------------------

LOOP = tbl(tr(p("{%tr for x in a %}")), tr(p("{{ x.b }}"), p("x")), tr(p("{%tr endfor %}")))
EMF = f'<Relationship Id="rId8" Type="{REL}/image" Target="media/a.emf"/>'
DELETED = "<w:del w:id='1' w:author='x'><w:r><w:delText>{{ a }}</w:delText></w:r></w:del>"
CONTROL = f"<w:p>{sdt('a', 'A', r('{{ a }}'))}</w:p>"


def looking(text: str, properties: str) -> str:
    """A paragraph in these looks."""
    return "<w:p>" + r(text, f"<w:rPr>{properties}</w:rPr>") + "</w:p>"


SINGLE: list[tuple[str, str]] = [
    ("tpl_blocks_crossed", p("{% if a %}{% for x in b %}{% endif %}{% endfor %}")),
    ("tpl_end_without_start", p("{% if a %}x{% else %}y{% else %}z{% endif %}")),
    ("tpl_end_without_start", p("{% for x in a %}{% elif b %}{% endfor %}")),
    ("tpl_same_row", tbl(tr(p("{%tr for x in a %}"), p("{{ x.b }}"), p("{%tr endfor %}")))),
    ("tpl_same_paragraph", p("{%p if a %} og {%p endif %}")),
    ("tpl_space_in_sign", tbl(tr(p("{% tr for x in a %}")), tr(p("{%tr endfor %}")), columns=1)),
    ("tpl_tag_over_paragraphs", p("{{ a") + p(".b }}")),
    ("tpl_cell_tag_outside", p("{% colspan a %}")),
    ("tpl_looks_like_tag", p("Hei {barn.navn}")),
    ("tpl_text_beside_tag", p("{%p if a %}{{ b }}") + p("{%p endif %}")),
    ("tpl_picture_beside_tag", tbl(tr(p("{%tr if a %}"), picture("x")), tr(p("{%tr endif %}")))),
    ("tpl_tag_in_deletion", f"<w:p>{DELETED}</w:p>"),
    ("tpl_tag_in_insertion", f"<w:p><w:ins w:id='1' w:author='x'>{r('{{ a }}')}</w:ins></w:p>"),
    ("tpl_loop_name_outside", LOOP + p("{{ x.b }}")),
    ("tpl_loop_name_outside", p("{{ loop.index }}")),
    ("tpl_no_header_row", LOOP),
    ("tpl_picture_without_text", picture("")),
    ("tpl_font_missing", f"<w:p>{in_font('Comic Sans MS')}</w:p>"),
    ("tpl_other_script", p("الطفل")),
    ("tpl_other_script", p("ህፃን")),
    ("tpl_other_script", p("孩子")),
    ("tpl_merge_field", f"<w:p>{field('MERGEFIELD Navn')}</w:p>"),
    ("tpl_no_code_place", p("x")),
    ("tpl_pale_text", looking("x", '<w:color w:val="FEFEFE"/>')),
    ("tpl_tiny_text", looking("x", '<w:sz w:val="8"/>')),
    ("tpl_tiny_text", p("x", '<w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr>')),
    ("tpl_control_mixed", f"<w:p>{sdt('a', 'A', r('Svar: {{ a }}'))}</w:p>"),
    ("tpl_control_mixed", f"<w:p>{sdt('a', 'A', r('{{ a }} {{ b }}'))}</w:p>"),
    ("tpl_control_twice", CONTROL + CONTROL),
    ("tpl_tracked_changes", looking("x", '<w:b/><w:rPrChange w:id="5"/>')),
    ("tpl_forbidden", p("{{ a|dato }}") + picture("{{ b() }}")),
    ("tpl_unknown_filter", p("{{ b() }}") + picture("{{ a|datoo }}")),
    ("tpl_tag_unclosed", picture("Bilde av {{ b")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "body"), SINGLE)
def test_a_fault_is_found_once(code: str, body: str) -> None:
    found = only(docx(body), code)
    assert len(found) == 1
    assert code == "tpl_no_code_place" or found[0].place.paragraph


CLEAN = (
    p("{{ a|dato }} {% if b %}{{ c }}{% elif d %}x{% else %}y{% endif %} Ærlig, Łukasz, Ωmega")
    + tbl(
        tr(p("Mål"), p("Frist"), properties="<w:trPr><w:tblHeader/></w:trPr>"),
        tr(p("{%tr for x in e %}")),
        tr(p("{{ x.f }}"), p("{{ loop.index }}")),
        tr(p("{%tr endfor %}")),
    )
    + p("{%p for tiltak in tiltak %}") + p("{{ tiltak.navn }}") + p("{%p endfor %}")
    + picture("kode")
)  # fmt: skip


def test_what_is_right_is_left_alone() -> None:
    assert look(docx(CLEAN)).findings == ()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_nothing_is_said_of_the_shipped_templates(path: Path) -> None:
    assert look(path.read_bytes(), path.name.split(".")[1]).findings == ()


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("{{ a|datoo }}", "{{ a|dato }}"),
        ("{%p fro x in a %}", "{%p for x in a %}"),
        ("{%p hvis a %}", "{%p if a %}"),
        ("{% if a = 'x' %}b{% endif %}", "{% if a == 'x' %}"),
        ("{% if a og b %}c{% endif %}", "{% if a and b %}"),
        ("{% if ikke a %}c{% endif %}", "{% if not a %}"),
        ("{% if a %}b{% else if c %}{% endif %}", "{% elif c %}"),
        ("{{ barn navn }}", "{{ barn.navn }}"),
        ("{{ barn.navn) }}", "{{ barn.navn }}"),
        ("{barn.navn}", "{{ barn.navn }}"),
    ],
)
def test_a_slip_is_told_with_what_was_meant(wrong: str, right: str) -> None:
    assert right in {one.suggestion for one in look(docx(p(wrong))).findings}


@pytest.mark.parametrize("tag", ["{% endraw %}", "{% call x() %}", "{% macro x() %}"])
def test_a_word_of_jinja2_is_no_slip(tag: str) -> None:
    assert {one.suggestion for one in look(docx(p(tag))).findings} == {""}


@pytest.mark.parametrize(
    "body",
    [
        tbl(tr(looking("Lys skrift", '<w:color w:val="FFFFFF"/>')), columns=1).replace(
            "<w:tcPr>", '<w:tcPr><w:shd w:val="clear" w:fill="003366"/>'
        ),
        f"<w:p>{sdt('goog_rdk_7', '', r('Fra et annet program {{ a }}'))}</w:p>",
        p("{%p if a %}") + CONTROL + p("{%p else %}") + CONTROL + p("{%p endif %}"),
        f"<w:p>{sdt('a', 'A', r('{{ a }}{# husk #} '))}</w:p>",
    ],
)
def test_what_can_be_seen_and_read_back_is_left_alone(body: str) -> None:
    assert look(docx(body + picture("kode"))).findings == ()


def test_a_fault_in_an_alternative_text_has_its_place_though_there_is_another() -> None:
    found = look(docx(p("{{ a() }}") + p("x") + picture("{{ b() }}"))).findings
    places = [one.place.paragraph for one in found if one.code == "tpl_forbidden"]
    assert places == [1, 3]
    (use,) = (one for one in look(docx(p("x") + picture("{{ c }}"))).uses if one.path == "c")
    assert use.place.paragraph == 2


def test_tags_that_nothing_fills_are_found() -> None:
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    chart = (
        f'<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        f'xmlns:a="{a}"><a:p><a:r><a:t>{{{{ </a:t></a:r><a:r><a:t>s }}}}</a:t></a:r></a:p>'
        "</c:chartSpace>"
    )
    related = f'<Relationship Id="rId7" Type="{REL}/chart" Target="charts/chart1.xml"/>'
    content = docx(p("x"), relationships=related, extra={"word/charts/chart1.xml": chart})
    (found,) = only(content, "tpl_tag_unfilled")
    assert (found.severity, found.place.kind, found.params) == (
        "error", "drawing", {"tag": "{{ s }}"}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (p("Det er frivillig."), True),
        (f"<w:p>{r('Det er ')}{r('frivillig.')}</w:p>", True),
        (p("{% if a %}x{% endif %} Det er frivillig. {{ b }}"), True),
        (p("{% if a %}Det er frivillig.{% endif %}"), False),
        (p("{%p if a %}") + p("Det er frivillig.") + p("{%p endif %}"), False),
        (p("{%p for x in a %}") + p("Det er frivillig.") + p("{%p endfor %}"), False),
        (p("{# Det er frivillig. #}"), False),
        (p("Det er {{ a }} frivillig."), False),
        (p("Det er ")[:-6] + looking("frivillig.", "<w:vanish/>")[5:], False),
        (looking("Det er frivillig.", "<w:strike/>"), False),
        (tbl(tr(p("Det er frivillig."), p("x"), properties="<w:trPr><w:hidden/></w:trPr>")), False),
        (p("Det er frivillig. {{ tom }}"), False),
    ],
)
def test_what_every_document_says(body: str, said: bool) -> None:  # noqa: FBT001  (a case)
    report = look_through(docx(body), language="nb", empties={"tom": "omit_paragraph"})
    assert ("Det er frivillig." in report.always) is said


def test_one_slip_in_a_loop_is_one_finding() -> None:
    body = tbl(tr(p("{%tr fro x in a %}")), tr(p("{{ x.b }}")), tr(p("{%tr endfor %}")), columns=1)
    assert codes(look(docx(body + picture("kode"))).findings) == ["tpl_forbidden"]


def test_the_language_of_the_file_is_that_of_its_name() -> None:
    content = docx(p("x"))
    assert only(content, "tpl_language_other") == []
    (found,) = only(content, "tpl_language_other", "nn")
    assert found.params == {"found": "nb-NO", "language": "nn-NO"}
    silent = docx(p("x"), extra={"word/styles.xml": STYLES.replace('<w:lang w:val="nb-NO"/>', "")})
    assert len(only(silent, "tpl_language_missing")) == 1


def test_a_font_in_the_file_is_no_fault_and_one_of_the_theme_has_its_name() -> None:
    asked = f"<w:p>{in_font('Skolefont')}</w:p>"
    table = (
        f'<w:fonts xmlns:w="{W}" xmlns:r="{REL}"><w:font w:name="Skolefont">'
        '<w:embedRegular r:id="rId1"/></w:font></w:fonts>'
    )
    assert only(docx(asked, extra={"word/fontTable.xml": table}), "tpl_font_missing") == []
    (found,) = only(docx(asked), "tpl_font_missing")
    assert found.params == {"font": "Skolefont", "count": 1}


def test_looks_that_come_from_a_style_are_found() -> None:
    styles = HEADED.replace('<w:outlineLvl w:val="1"/></w:pPr>', "</w:pPr><w:rPr><w:caps/></w:rPr>")
    content = docx(p("x", HEADING), extra={"word/styles.xml": styles})
    (found,) = only(content, "tpl_lost_style")
    assert (found.place.style, found.params) == ("heading 2", {"style": "caps"})
    assert only(docx(p("x"), extra={"word/styles.xml": styles}), "tpl_lost_style") == []


def test_a_drawing_of_lines_is_found() -> None:
    body = picture("x").replace("rId9", "rId8") + picture("kode")
    content = docx(body, relationships=EMF, extra={"word/media/a.emf": b"x"})
    kind = '<Default Extension="emf" ContentType="image/x-emf"/></Types>'
    known = edited(content, "</Types>", kind, "[Content_Types].xml")
    (found,) = look_through(known, language="nb").findings
    assert (found.code, found.params) == ("tpl_picture_kind", {"kind": "EMF"})


def test_a_page_has_room_for_its_codes() -> None:
    content = docx(p("x"))
    assert only(content, "top") == only(content, "bottom") == only(content, "tpl_page_size") == []
    assert len(only(edited(content, 'w:top="1985"', 'w:top="600"'), "top")) == 1
    assert len(only(edited(content, 'w:bottom="1701"', 'w:bottom="900"'), "bottom")) == 1
    (found,) = only(edited(content, 'w:w="11906"', 'w:w="12240"'), "tpl_page_size")
    assert found.params == {"width": 216, "height": 297}


def test_a_tag_reads_the_field_that_its_loop_stands_for() -> None:
    body = p("{%p for x in a.b %}") + p("{{ x.c|dato }} {{ x }}") + p("{%p endfor %}")
    content = docx(body + p("{% if d %}{{ e }}{% endif %}{% set f = g.h %}{{ f.i }}"))
    uses = [(one.path, one.written, one.kind, one.filter) for one in look(content).uses]
    assert uses == [
        ("a.b", "a.b", "list", ""),
        ("a.b.c", "x.c", "text", "dato"),
        ("a.b", "x", "text", ""),
        ("d", "d", "condition", ""),
        ("e", "e", "text", ""),
        ("g.h", "g.h", "text", ""),
        ("g.h.i", "f.i", "text", ""),
    ]


# --- the copy with comments ----------------------------------------------------------------------


def audited(content: bytes, path: Path) -> list[str]:
    path.write_bytes(content)
    return [str(error) for error in OpenXmlValidator().validate(str(path)).errors]


def comments(content: bytes) -> dict[str, str]:
    xml = members(content)["word/comments.xml"].decode()
    found = re.findall(r'<w:comment [^>]*w:id="(\d+)".*?</w:comment>', xml, re.DOTALL)
    texts = re.findall(r"<w:comment .*?</w:comment>", xml, re.DOTALL)
    return {n: re.sub("<[^>]+>", "|", t) for n, t in zip(found, texts, strict=True)}


def test_the_copy_has_a_comment_at_each_place_and_is_a_sound_file(tmp_path: Path) -> None:
    for path in TEMPLATES[:4]:
        original = path.read_bytes()
        places = [look(original).uses[n].place for n in (0, 3, -1)]
        notes = [Note(place, (f"Se her {n}", "Skriv: x")) for n, place in enumerate(places)]
        copy = annotate(original, [*notes, Note(None, ("Hele filen",))])
        assert audited(copy, tmp_path / "copy.docx") == audited(original, tmp_path / "old.docx")
        said = comments(copy)
        assert list(said) == ["0", "1", "2", "3"]
        assert "Se her 1" in said["1"]
        body = members(copy)["word/document.xml"].decode()
        for sign in ("commentRangeStart", "commentRangeEnd", "commentReference"):
            assert len(re.findall(rf"<w:{sign} ", body)) == 4
        assert annotate(original, []) == original


def test_comments_that_are_there_stay(tmp_path: Path) -> None:
    path = TEMPLATES[0]
    once = annotate(path.read_bytes(), [Note(None, ("Første",))])
    twice = annotate(once, [Note(Place("body", 3, kind="body"), ("Andre <&>",))])
    assert ["Første" in t or "Andre &lt;&amp;&gt;" in t for t in comments(twice).values()] == [
        True
    ] * 2
    assert list(comments(twice)) == ["0", "1"]
    assert audited(twice, tmp_path / "a.docx") == []
    with zipfile.ZipFile(tmp_path / "a.docx") as archive:
        assert archive.namelist().count("word/comments.xml") == 1


def test_a_note_on_a_text_box_stands_at_the_paragraph_around_it() -> None:
    box = f"<w:p><w:r><w:pict><w:txbxContent>{p('i boks')}</w:txbxContent></w:pict></w:r></w:p>"
    copy = annotate(docx(p("x") + box), [Note(Place("body", 3, kind="body"), ("Her",))])
    body = members(copy)["word/document.xml"].decode()
    assert body.index("commentRangeStart") < body.index("txbxContent")
    assert body.index("commentRangeEnd") > body.index("</w:txbxContent>")


def test_controls_are_reported_with_their_place() -> None:
    content = docx(p("a") + f"<w:p>{sdt('b.c', 'Navn', r('{{ b.c }}'))}</w:p>")
    (control,) = look(content).controls
    assert (control.tag, control.alias, control.place.paragraph) == ("b.c", "Navn", 2)
