"""Tags in every part of a Word file that can hold text, and in every place within one."""

from __future__ import annotations

from lxml import etree

from bti_docs.merge import Template
from bti_docs.merge.language.normalise import property_source, story
from bti_docs.merge.word.package import open_package
from bti_docs.merge.word.parts import (
    address_parts,
    comment_parts,
    property_parts,
    story_parts,
)
from bti_docs.merge.word.xml import parse
from tests.edges.docx_samples import NAMESPACES, REL, docx, members, p, r, sdt, tbl, tr

CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
NOTE = "<w:{0}s {1}><w:{0} w:id='1'>{2}</w:{0}></w:{0}s>"


def pieces(name: str) -> str:
    """A paragraph with a tag in pieces."""
    return f"<w:p>{r('{{ ' + name[:1])}{r(name[1:])}{r(' }}')}</w:p>"


def box(name: str) -> str:
    inside = f"<w:txbxContent>{pieces(name)}</w:txbxContent>"
    return (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice Requires="wps">'
        f"{inside}</mc:Choice><mc:Fallback>{inside}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )


BODY = (
    pieces("body")
    + tbl(tr(pieces("cell"), tbl(tr(pieces("inner"))) + p("")))
    + box("textbox")
    + sdt("a", "A", pieces("block"))
    + f"<w:p>{sdt('b', 'B', r('{{ in') + r('line }}'))}</w:p>"
    + f"<w:tbl>{sdt('c', 'C', tr(pieces('row')))}"
    + f"<w:tr>{sdt('d', 'D', '<w:tc>' + pieces('held') + '</w:tc>')}</w:tr></w:tbl>"
    + f"<w:p><w:hyperlink r:id='rId20' w:tooltip='{{{{ tip }}}}'>{r('{{ li')}{r('nk }}')}"
    + f"</w:hyperlink></w:p><w:p><w:ins w:id='1'>{r('{{ ins')}{r('erted }}')}</w:ins></w:p>"
    + "<w:p><w:r><w:drawing><wp:inline><wp:docPr id='1' name='x' descr='{{ descr }}' "
    + "title='{{ title }}'/></wp:inline></w:drawing></w:r></w:p>"
    + f"<w:p><w:fldSimple w:instr='X'>{r('{{ fie')}{r('ld }}')}</w:fldSimple>"
    + "<w:r><w:instrText>{{ code }}</w:instrText></w:r></w:p>"
)
ADDRESS = "https://x/%7B%7B%20address%20%7D%7D"
TYPES = ("footnotes", "endnotes", "comments")
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MEMBERS = {
    "word/header2.xml": f"<w:hdr {NAMESPACES}>{pieces('first')}</w:hdr>",
    **{f"word/{name}.xml": NOTE.format(name[:-1], NAMESPACES, pieces(name[:-1])) for name in TYPES},
    "docProps/app.xml": "<Properties xmlns='urn:a'><Company>{{ company }}</Company></Properties>",
    "docProps/custom.xml": f"<Properties xmlns='{CUSTOM}'><property name='x'><v>{{{{ custom }}}}"
    "</v></property></Properties>",
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">'
    f'<Relationship Id="rId1" Type="{REL}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{REL}/metadata/core-properties" Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{REL}/extended-properties" Target="docProps/app.xml"/>'
    f'<Relationship Id="rId4" Type="{REL}/custom-properties" Target="docProps/custom.xml"/>'
    "</Relationships>",
}
RELATIONSHIPS = (
    "".join(
        f'<Relationship Id="{name}" Type="{REL}/{name}" Target="{name}.xml"/>' for name in TYPES
    )
    + f'<Relationship Id="rId20" Type="{REL}/hyperlink" Target="{ADDRESS}" TargetMode="External"/>'
    + f'<Relationship Id="rId24" Type="{REL}/header" Target="header2.xml"/>'
)
FILE = docx(
    BODY,
    header=pieces("header"),
    footer=pieces("footer"),
    title="{{ tittel }}",
    relationships=RELATIONSHIPS,
    extra=MEMBERS,
)
PLACES = [
    "body", "cell", "inner", "textbox", "block", "inline", "row", "held", "link", "tip", "inserted",
    "descr", "title", "field", "code", "header", "footer", "first", "footnote", "endnote",
    "comment", "address", "tittel", "company", "custom",
]  # fmt: skip


def sources() -> dict[str, str]:
    package = open_package(FILE)
    found = {}
    for part in (*story_parts(package), *comment_parts(package)):
        found[part.label] = story(parse(package.members[part.name], part.label)).text
    for part in (*property_parts(package), *address_parts(package)):
        found[part.label] = property_source(parse(package.members[part.name], part.label))
    return found


def test_tags_are_whole_in_every_place() -> None:
    made = "".join(sources().values())
    assert {name: made.count(f"{{{{ {name} }}}}") for name in PLACES} == {
        **dict.fromkeys(PLACES, 1),
        "textbox": 2,
    }


def test_the_parts_have_names_for_people() -> None:
    package = open_package(FILE)
    assert [(one.label, one.kind) for one in story_parts(package)] == [
        ("body", "body"),
        ("header1", "header"),
        ("header2", "header"),
        ("footer1", "footer"),
        ("footnotes", "footnotes"),
        ("endnotes", "endnotes"),
    ]
    assert [(one.name, one.kind) for one in comment_parts(package)] == [
        ("word/comments.xml", "comments")
    ]
    assert [(one.name, one.kind) for one in address_parts(package)] == [
        ("word/_rels/document.xml.rels", "relationships")
    ]
    assert [one.label for one in property_parts(package)] == [
        "docProps/core", "docProps/app", "docProps/custom",
    ]  # fmt: skip
    assert address_parts(open_package(docx(p("x")))) == ()


def test_the_source_is_the_part_with_tags_and_nothing_else() -> None:
    for label, text in sources().items():
        root = etree.fromstring(text.replace("{{ ", "").replace(" }}", ""))
        assert root.tag, label


def test_a_template_fills_every_place() -> None:
    content = docx(
        BODY.replace("<w:ins w:id='1'>", "<w:smartTag>").replace("</w:ins>", "</w:smartTag>"),
        header=pieces("header"),
        footer=pieces("footer"),
        title="{{ tittel }}",
        relationships=RELATIONSHIPS,
        extra=MEMBERS,
    )
    template = Template.open(content)
    assert [one.code for one in template.problems if one.severity == "error"] == []
    made = template.render({name: f"«{name} & {name}»" for name in PLACES})
    whole = "".join(text.decode() for name, text in members(made).items() if "xml" in name)
    counted = {name: whole.count(f"«{name} &amp; {name}»") for name in PLACES}
    assert counted == {**dict.fromkeys(PLACES, 1), "textbox": 2}
    assert "{{" not in whole
