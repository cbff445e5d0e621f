"""What a template carries and a letter should not: cut away and told, or refused."""

from __future__ import annotations

import re

import pytest

from bti_docs.merge.word.package import open_package
from bti_docs.merge.word.trust import make_trusted
from bti_docs.merge.word.trust_fields import is_safe_link
from tests.edges.docx_samples import NAMESPACES, PIXEL, REL, docx, edited, field, p, picture, r
from tests.edges.trust_samples import MORE, MS, TYPES, UNC, body, links, tie, ties, told, trusted


def with_settings(inner: str, *entries: str) -> bytes:
    extra = {"word/_rels/settings.xml.rels": ties(*entries)} if entries else None
    return docx(p("x"), settings=inner, extra=extra)


def link(target: str, *, kind: str = "hyperlink") -> bytes:
    held = f'<w:p><w:hyperlink r:id="rId77">{r("lenken")}</w:hyperlink></w:p>'
    return docx(p("før") + held, relationships=tie(kind, target))


def blip(attributes: str, target: str = "http://example.org/sporing.png") -> bytes:
    drawn = picture("logo").replace('r:embed="rId9"', attributes)
    return docx(drawn, relationships=tie("image", target))


def vml(element: str, *entries: str) -> bytes:
    drawn = f"<w:p><w:r><w:pict {MORE}>{element}</w:pict></w:r></w:p>"
    return docx(drawn, relationships="".join(entries))


def test_a_sound_template_is_left_as_it_is() -> None:
    package = open_package(docx(p("{{ a }}") + picture("logo")))
    assert make_trusted(package) == (package, ())


@pytest.mark.parametrize(
    "content",
    [
        with_settings('<w:attachedTemplate r:id="rId77"/>', tie("attachedTemplate", UNC)),
        with_settings('<w:attachedTemplate r:id="rId77"/><w:linkStyles/>'),
        with_settings("<w:zoom/>", tie("attachedTemplate", UNC)),
        with_settings("<w:linkStyles/>"),
    ],
)
def test_the_tie_to_the_attached_template_is_cut(content: bytes) -> None:
    package, found = trusted(content)
    assert found == [("tpl_attached_template", "warning", "settings", {})]
    settings_xml = package.members["word/settings.xml"].decode()
    assert "attachedTemplate" not in settings_xml
    assert "linkStyles" not in settings_xml
    assert b"tjener" not in b"".join(package.members.values())


def test_a_mail_merge_is_cut_with_all_it_leads_to() -> None:
    inner = (
        '<w:zoom/><w:mailMerge><w:connectString w:val="x"/><w:dataSource r:id="rId77"/>'
        '<w:odso><w:recipientData r:id="rId78"/></w:odso></w:mailMerge>'
    )
    data = tie("recipientData", "recipientData.xml", external=False, number=78)
    content = docx(
        p("x"),
        settings=inner,
        extra={
            "word/_rels/settings.xml.rels": ties(tie("mailMergeSource", UNC), data),
            "word/recipientData.xml": "<recipients/>",
        },
    )
    package, found = trusted(content)
    assert found == [
        ("tpl_mail_merge", "warning", "settings", {}),
        ("tpl_spare_parts", "warning", "body", {"count": 1}),
    ]
    assert "word/recipientData.xml" not in package.members
    assert "mailMerge" not in package.members["word/settings.xml"].decode()


@pytest.mark.parametrize(
    ("part", "element", "kind"),
    [
        ("settings", '<w:saveThroughXslt r:id="rId77"/>', "transform"),
        ("webSettings", '<w:frame><w:sourceFileName r:id="rId77"/></w:frame>', "frame"),
        ("styles", "", "image"),
        ("numbering", "", "somethingNew"),
    ],
)  # fmt: skip
def test_external_ties_of_any_part_are_cut(part: str, element: str, kind: str) -> None:
    content = docx(
        p("x"),
        relationships=tie(part, f"{part}.xml", external=False, number=78),
        extra={
            f"word/{part}.xml": f"<w:x {NAMESPACES}>{element}</w:x>",
            f"word/_rels/{part}.xml.rels": ties(tie(kind, UNC)),
        },
    )
    package, found = trusted(content)
    assert found == [("tpl_external_removed", "warning", part, {"kind": kind})]
    assert "rId77" not in package.members[f"word/{part}.xml"].decode()
    assert "tjener" not in links(package, part)


def test_external_ties_of_the_package_itself_are_cut() -> None:
    content = edited(docx(p("x")), "</Rel", tie("thumbnail", UNC) + "</Rel", "_rels/.rels")
    package, found = trusted(content)
    assert found == [("tpl_external_removed", "warning", "", {"kind": "thumbnail"})]
    assert b"tjener" not in package.members["_rels/.rels"]


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org",
        "HTTP://example.org/",
        "mailto:a@example.org",
        "tel:22",
        "#der",
        "{{ lenke }}",
        "http://%7B%7B%20lenke%20%7D%7D",
        "file:///%7b%7b x %7d%7d",
    ],
)
def test_links_that_readers_follow_stay(target: str) -> None:
    package = open_package(link(target))
    assert make_trusted(package) == (package, ())


@pytest.mark.parametrize(
    "target",
    [
        UNC,
        "\\\\tjener\\deling",
        "C:\\Users\\x.docx",
        "rutine.docx",
        "javascript:x",
        "ftp://a/b",
        "http:\\\\tjener",
        "http:///x",
        " http://example.org",
        "x mailto:a",
        "",
    ],
)
def test_links_that_lead_elsewhere_become_plain_text(target: str) -> None:
    package, found = trusted(link(target))
    place = "body, paragraph 2: «lenken»"
    assert found == [("tpl_external_removed", "warning", place, {"kind": "hyperlink"})]
    assert "<w:hyperlink><w:r>" in body(package)
    assert "rId77" not in body(package) + links(package)


def test_an_address_without_its_mode_is_an_address() -> None:
    package, found = trusted(
        docx(p("x"), relationships=tie("image", "http://example.org/a.png", external=False))
    )
    assert [code for code, *_ in found] == ["tpl_external_removed"]
    assert "rId77" not in links(package)


@pytest.mark.parametrize("when", ["Click", "Hover", "MouseOver"])
def test_a_link_on_a_picture_is_removed(when: str) -> None:
    drawn = picture("logo").replace(
        'descr="logo"/>', f'descr="logo"><a:hlink{when} r:id="rId77"/></wp:docPr>'
    )
    package, found = trusted(docx(drawn, relationships=tie("hyperlink", UNC)))
    assert [code for code, *_ in found] == ["tpl_external_removed"]
    assert "hlink" not in body(package)
    assert 'r:embed="rId9"' in body(package)


def test_a_picture_that_is_also_linked_keeps_what_it_holds() -> None:
    package, found = trusted(blip('r:embed="rId9" r:link="rId77"'))
    place = "body, paragraph 1"
    assert found == [("tpl_external_removed", "warning", place, {"kind": "image"})]
    assert "r:link" not in body(package)
    assert 'r:embed="rId9"' in body(package)


@pytest.mark.parametrize("attributes", ['r:link="rId77"', 'r:embed="rId77"'])
def test_a_picture_that_lies_elsewhere_is_refused(attributes: str) -> None:
    package, found = trusted(blip(attributes))
    assert found == [("tpl_external", "error", "body, paragraph 1", {"kind": "image"})]
    assert "rId77" in body(package)
    assert "rId77" in links(package)


def test_old_drawings_do_not_name_other_files() -> None:
    package, found = trusted(
        vml(
            '<v:shape href="file:///c:/a"><v:imagedata r:id="rId9" r:href="rId77" '
            'o:href="http://a" o:althref="x" src="y"/></v:shape>'
            '<v:shape href="https://example.org"/><v:fill o:relid="rId9" src="z"/>',
            tie("image", UNC),
        )
    )
    assert {code for code, *_ in found} == {"tpl_external_removed"}
    assert [params["kind"] for *_, params in found] == ["href", "althref", "src", "image"]
    assert '<v:imagedata r:id="rId9"/>' in body(package)
    assert '<v:fill o:relid="rId9"/>' in body(package)
    assert '<v:shape href="https://example.org"/>' in body(package)
    assert "c:/a" not in body(package)


@pytest.mark.parametrize(
    ("element", "code"),
    [
        ('<v:imagedata src="http://example.org/a.png"/>', "tpl_external"),
        ('<v:imagedata r:href="rId77"/>', "tpl_external"),
        ('<v:fill o:relid="rId77"/>', "tpl_external"),
    ],
)
def test_old_drawings_of_what_lies_elsewhere_are_refused(element: str, code: str) -> None:
    package, found = trusted(vml(element, tie("image", UNC)))
    assert (code, "error") in [one[:2] for one in found]
    assert element.split()[1].rstrip("/>") in body(package)


@pytest.mark.parametrize(
    ("element", "named", "kind", "external"),
    [
        ('<w:altChunk r:id="rId77"/>', "altChunk", "aFChunk", False),
        ('<w:subDoc r:id="rId77"/>', "subDoc", "subDocument", True),
        ('<w:p><w:r><w:object><o:OLEObject r:id="rId77"/></w:object></w:r></w:p>', "object",
         "oleObject", False),
        ('<w:p><w:r><w:object><w:control r:id="rId77"/></w:object></w:r></w:p>', "object",
         "control", False),
        ('<w:p><w:r><w:pict><o:OLEObject r:id="rId77"/></w:pict></w:r></w:p>', "OLEObject",
         "oleObject", True),
        ('<w:p><w:r><w:pict><w:control r:id="rId77"/></w:pict></w:r></w:p>', "control",
         "control", False),
    ],
)  # fmt: skip
def test_what_another_program_made_is_refused(
    element: str,
    named: str,
    kind: str,
    external: bool,  # noqa: FBT001
) -> None:
    target = UNC if external else "x.bin"
    content = docx(
        re.sub("<w:(altChunk|subDoc|p)", rf"<w:\1 {MORE}", element, count=1),
        relationships=tie(kind, target, external=external),
        extra={"word/x.bin": b"x"},
    )  # fmt: skip
    package, found = trusted(content)
    refused = [one for one in found if one[1] == "error"]
    assert [one[0] for one in refused] == ["tpl_foreign_content"]
    assert refused[0][3] == {"element": named}
    assert "rId77" in links(package)
    assert ("word/x.bin" in package.members) != external


def test_what_nothing_shows_is_left_behind() -> None:
    content = docx(
        p("x"),
        relationships=tie("oleObject", "embeddings/a.bin", external=False)
        + tie("printerSettings", "printerSettings1.bin", external=False, number=78),
        extra={
            "word/embeddings/a.bin": b"x",
            "word/printerSettings1.bin": b"\\\\tjener\\skriver",
            "[trash]/0000.dat": b"slettet tekst",
            "word/_rels/glemt.xml.rels": ties(),
        },
    )
    content = edited(content, "<w:pgSz", '<w:printerSettings r:id="rId78"/><w:pgSz')
    content = edited(
        content,
        "</Types>",
        '<Override PartName="/word/embeddings/a.bin" ContentType="a/b"/>'
        '<Default Extension="bin" ContentType="a/b"/></Types>',
        TYPES,
    )
    package, found = trusted(content)
    assert found == [
        ("tpl_printer_settings", "warning", "body", {}),
        ("tpl_external_removed", "warning", "body", {"kind": "oleObject"}),
        ("tpl_spare_parts", "warning", "body", {"count": 3}),
    ]
    kept = open_package(docx(p("x"))).members
    assert set(package.members) == set(kept)
    assert b"embeddings" not in package.members[TYPES]
    assert b'Extension="bin"' in package.members[TYPES]
    assert "printerSettings" not in body(package) + links(package)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("attachedTemplate", "tpl_attached_template"),
        ("mailMerge", "tpl_mail_merge"),
        ("mailMergeSource", "tpl_mail_merge"),
        ("mailMergeHeaderSource", "tpl_mail_merge"),
        ("recipientData", "tpl_mail_merge"),
        ("printerSettings", "tpl_printer_settings"),
        ("webextension", "tpl_web_extension"),
        ("webextensiontaskpanes", "tpl_web_extension"),
        *(
            (kind, "tpl_external_removed")
            for kind in (
                "activeXControlBinary",
                "aFChunk",
                "attachedToolbars",
                "control",
                "oleObject",
                "package",
                "subDocument",
                "vbaProject",
            )
        ),
    ],
)
@pytest.mark.parametrize("external", [True, False])
def test_parts_that_no_letter_needs(kind: str, code: str, external: bool) -> None:  # noqa: FBT001
    content = docx(
        p("x"),
        relationships=tie(kind, UNC if external else "x.bin", external=external),
        extra={} if external else {"word/x.bin": b"x"},
    )
    package, found = trusted(content)
    assert found[0][:3] == (code, "warning", "body")
    assert [one[0] for one in found[1:]] == ([] if external else ["tpl_spare_parts"])
    assert "rId77" not in links(package)
    assert "word/x.bin" not in package.members


def test_what_leads_out_of_something_that_is_no_text_is_cut() -> None:
    content = docx(
        p("x"),
        relationships=tie("chart", "x.bin", external=False, number=78),
        extra={"word/x.bin": b"x", "word/_rels/x.bin.rels": ties(tie("image", UNC))},
    )
    package, found = trusted(content)
    assert found == [("tpl_external_removed", "warning", "x", {"kind": "image"})]
    assert b"tjener" not in package.members["word/_rels/x.bin.rels"]


def test_parts_that_lead_to_each_other_are_kept() -> None:
    there, back = (tie("customXml", name, external=False) for name in ("b.xml", "a.xml"))
    content = docx(
        p("x"),
        relationships=tie("customXml", "a.xml", external=False),
        extra={
            "word/a.xml": "<x/>",
            "word/_rels/a.xml.rels": ties(there, tie("hyperlink", "tel:22", number=78)),
            "word/b.xml": "<x/>",
            "word/_rels/b.xml.rels": ties(back, tie("image", "gone.png", external=False)[:-2]
                                          .replace("rId77", "rId79") + "/>"),
        },
    )  # fmt: skip
    package = open_package(content)
    assert make_trusted(package) == (package, ())


def test_paths_in_hidden_data_are_told() -> None:
    content = docx(
        p("x"),
        relationships=tie("customXml", "/customXml/item1.xml", external=False),
        extra={"customXml/item1.xml": "<x><sti>\\\\tjener\\mappe</sti></x>"},
    )
    package, found = trusted(content)
    assert found == [("tpl_path_leak", "warning", "customXml/item1", {"name": "sti"})]
    assert "customXml/item1.xml" in package.members


def test_a_thing_is_told_once_in_each_paragraph() -> None:
    twice = f"<w:p>{field('DDE x')}{field('DDE y')}</w:p><w:p>{field('DDE z')}</w:p>"
    _, found = trusted(docx(twice))
    assert [one[2].partition(":")[0] for one in found] == ["body, paragraph 1", "body, paragraph 2"]


def test_parts_are_found_whatever_the_spelling_of_the_way_there() -> None:
    content = docx(
        p("x"),
        relationships=tie("image", "/word/Media/bilde%201.png", external=False)
        + tie("theme", "../theme/theme1.xml#a", external=False, number=78),
        extra={"word/media/Bilde 1.png": PIXEL, "theme/theme1.xml": "<x/>"},
    )
    package = open_package(content)
    assert make_trusted(package) == (package, ())


def test_an_add_in_from_the_web_is_left_behind() -> None:
    panes = tie("webextensiontaskpanes", "word/webextensions/taskpanes.xml", external=False,
                base=MS)  # fmt: skip
    content = docx(
        p("x"),
        extra={
            "word/webextensions/taskpanes.xml": "<x/>",
            "word/webextensions/_rels/taskpanes.xml.rels": ties(
                tie("webextension", "webextension1.xml", external=False, base=MS)
            ),
            "word/webextensions/webextension1.xml": "<x/>",
        },
    )
    package, found = trusted(edited(content, "</Rel", panes + "</Rel", "_rels/.rels"))
    assert ("tpl_web_extension", "warning", "", {}) in found
    assert not any("webextension" in name for name in package.members)


def test_a_film_from_the_web_becomes_its_picture() -> None:
    drawn = picture("film").replace(
        'descr="film"/>', f'descr="film"><wp15:webVideoPr {MORE} embeddedHtml="x"/></wp:docPr>'
    )
    package, found = trusted(docx(drawn))
    assert found == [("tpl_external_removed", "warning", "body, paragraph 1", {"kind": "webVideo"})]
    assert "webVideo" not in body(package)


def test_a_chart_keeps_its_figures_without_the_workbook_behind_it() -> None:
    chart = (
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        f'xmlns:r="{REL}"><c:chart/><c:externalData r:id="rId77"/></c:chartSpace>'
    )
    content = docx(
        p("x"),
        relationships=tie("chart", "charts/chart1.xml", external=False),
        extra={
            "word/charts/chart1.xml": chart,
            "word/charts/_rels/chart1.xml.rels": ties(
                tie("package", "../embeddings/x.xlsx", external=False)
            ),
            "word/embeddings/x.xlsx": b"x",
        },
    )
    package, found = trusted(content)
    assert found[0] == (
        "tpl_external_removed", "warning", "charts/chart1", {"kind": "package"})  # fmt: skip
    assert b"<c:chart/>" in package.members["word/charts/chart1.xml"]
    assert b"externalData" not in package.members["word/charts/chart1.xml"]
    assert "word/embeddings/x.xlsx" not in package.members


def test_what_leaks_without_being_shown_is_told() -> None:
    app = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        'extended-properties"><Template>\\\\tjener\\maler\\brev.dotx</Template>'
        "<Manager>Kari Prøvesen</Manager><Company>Testkommunen</Company></Properties>"
    )
    content = docx(
        p("Se \\\\tjener\\deling og C:\\mapper") + picture("C:\\Users\\ola\\logo.png"),
        extra={"docProps/app.xml": app},
    )
    content = edited(
        content, "</Rel", tie("extended-properties", "docProps/app.xml", external=False)
        + "</Rel", "_rels/.rels")  # fmt: skip
    package = open_package(content)
    same, findings = make_trusted(package)
    assert same == package
    assert [told(one) for one in findings] == [
        ("tpl_path_leak", "warning", "body", {"name": "descr"}),
        ("tpl_path_leak", "warning", "docProps/app", {"name": "Template"}),
        ("tpl_property_leak", "warning", "docProps/app", {"property": "Manager"}),
    ]


@pytest.mark.parametrize(
    "value", ["Klokka 10: \\o/", "http://example.org/a:\\", "Mål: fil", "profile:/x", "\\\\"]
)
def test_what_only_looks_like_a_path_is_none(value: str) -> None:
    package = open_package(docx(picture(value)))
    assert make_trusted(package) == (package, ())


def test_safe_links() -> None:
    assert is_safe_link("https://example.org/a b")
    assert not is_safe_link("https:")
    assert not is_safe_link("//example.org")


def test_who_saved_the_template_last_is_not_told_in_the_letter() -> None:
    package = open_package(docx(p("x")))
    core = package.members["docProps/core.xml"]
    name = b"<cp:lastModifiedBy>Kari Pr\xc3\xb8vesen</cp:lastModifiedBy></cp:coreProperties>"
    named = package.with_members({"docProps/core.xml": core.replace(b"</cp:coreProperties>", name)})
    cut, found = make_trusted(named)
    assert found == ()
    assert b"lastModifiedBy" not in cut.members["docProps/core.xml"]
    assert b"<dc:title" in cut.members["docProps/core.xml"]
