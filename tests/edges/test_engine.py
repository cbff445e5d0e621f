"""The engine below the templates: what is generated, how it is packed, that nothing diverges."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from bti_docs.errors import MergeError
from bti_docs.merge import RichText, Run, Template
from bti_docs.merge.engine.balance import soundness
from bti_docs.merge.engine.building import build
from bti_docs.merge.engine.expressions import DIALECTS, Dialect
from bti_docs.merge.engine.generating import generate
from bti_docs.merge.engine.runtime import NotPlainError, State
from bti_docs.merge.language.dialect import Environment, syntax_error
from bti_docs.merge.language.values import is_plain, prepare
from tests.edges.docx_samples import body_xml, docx, members, p, r, sdt, tbl, tr

ENVIRONMENT = Environment("nb")


def written(source: str, data: dict[str, Any], dialect: Dialect) -> str:
    tree = ENVIRONMENT.parse(f"<w:t>{source}</w:t>")
    pieces: list[str] = []
    writer = generate(build(tree, ()), ENVIRONMENT.filters, dialect)
    writer(data if dialect.plain else prepare(data), State({}, "Skriv her"), pieces)
    return "".join(pieces)


def shown(source: str, data: dict[str, Any]) -> str:
    """The text that the template writes, in all dialects that may be asked."""
    *quick, explaining = DIALECTS
    text = written(source, data, explaining)
    for dialect in quick:
        if is_plain(data) or not dialect.plain:
            assert written(source, data, dialect) == text
    return text.removeprefix("<w:t>").removesuffix("</w:t>")


@pytest.mark.parametrize(
    ("source", "data", "text"),
    [
        ("{{ a }}", {"a": "å"}, "å"),
        ("{{ a }}", {"a": 12}, "12"),
        ("{{ a }}", {"a": 1.5}, "1,5"),
        ("{{ a }}", {"a": date(2026, 12, 6)}, "06.12.2026"),
        ("{{ a|dato_lang }}", {"a": "2026-12-06"}, "6. desember 2026"),
        ("{{ a|length }}", {"a": ["x", "y"]}, "2"),
        ("{{ a[0] }}{{ a[1].b }}", {"a": ["x", {"b": "y"}]}, "xy"),
        ("{{ 'x<y' }}", {}, "x&lt;y"),
        ("{{ 'ja' if a else 'n&i' }}", {"a": False}, "n&amp;i"),
        ("{% set x = a %}{{ x }}{% if a %}{% set x = 'b' %}{% endif %}{{ x }}", {"a": "a"}, "ab"),
        ("{% for x in l %}{% set y = x %}{{ y }}{% endfor %}", {"l": ["1", "2"]}, "12"),
        ("{% for x in l %}{{ x }}{% else %}tom{% endfor %}", {"l": []}, "tom"),
        ("{% for x in l if x != 'b' %}{{ loop.index }}{{ x }}{% endfor %}", {"l": [*"ab"]}, "1a"),
        (
            "{% for x in l %}{% for y in x %}{{ y }}{% endfor %}{{ loop.index }}{% endfor %}",
            {"l": [["a", "b"], []]},
            "ab12",
        ),
        ("{% if a is defined and a %}ja{% endif %}", {}, ""),
        ("{% if a.b is defined %}ja{% endif %}", {"a": {}}, ""),
        ("{% if a.b is defined %}ja{% endif %}", {"a": {"b": ""}}, "ja"),
        ("{% if not a or b %}ja{% else %}nei{% endif %}", {"a": "x", "b": ""}, "nei"),
        ("{% if 1 < a <= 3 and 'x' in b %}ja{% endif %}", {"a": 3, "b": "axb"}, "ja"),
        ("{{ loop }}", {"loop": "sløyfe"}, "sløyfe"),
        ("{{ a|linjer }}", {"a": ["1", "2"]}, '1</w:t><w:br/><w:t xml:space="preserve">2'),
        ("{{ d }}{{ s }}{{ o }}{{ t }}", {"d": "1", "s": "2", "o": "3", "t": "4"}, "1234"),
    ],
)  # fmt: skip
def test_the_language(source: str, data: dict[str, Any], text: str) -> None:
    assert shown(source, data) == text


@pytest.mark.parametrize(
    "tag",
    [
        "{{ a() }}", "{{ a.b() }}", "{{ a * 3 }}", "{{ a + b }}", "{{ a ~ b }}", "{{ a % b }}",
        "{{ a|dato('x') }}", "{{ a|upper }}", "{{ a|attr('x') }}", "{{ a|map('x') }}",
        "{{ a.__class__ }}", "{{ _a }}", "{{ a[b] }}", "{{ a[1:2] }}", "{{ a[-1] }}", "{{ [a] }}",
        "{{ {'a': 1} }}",
        "{{ a is divisibleby(2) }}", "{{ a is none }}", "{{ none }}", "{{ a if b }}",
        "{{ 2 ** 9 }}",
        "{{ a is defined is defined }}", "{{ (a or b) is defined }}", "{{ x|_rich(0) }}",
        "{% macro a() %}{% endmacro %}", "{% include 'a' %}", "{% extends 'a' %}",
        "{% import 'a' as b %}", "{% block a %}{% endblock %}", "{% call a() %}{% endcall %}",
        "{% filter dato %}{% endfilter %}", "{% set a, b = c %}", "{% set a %}{% endset %}",
        "{% for a, b in c %}{% endfor %}", "{% for a in b recursive %}{% endfor %}",
        "{% for loop in b %}{% endfor %}", "{% set loop = a %}", "{% with %}{% endwith %}",
        "{% autoescape false %}{% endautoescape %}", "{% for x in y %}{{ loop.cycle }}{% endfor %}",
        "{% raw %}x{% endraw %}{{ a|safe }}",
    ],
)  # fmt: skip
def test_whatever_runs_or_builds_is_outside_the_language(tag: str) -> None:
    is_refused_by_jinja = syntax_error(ENVIRONMENT, tag) is not None
    assert is_refused_by_jinja or list(ENVIRONMENT.refusals(ENVIRONMENT.parse(tag)))


VALUES = st.recursive(
    st.text("aå& <\n\t\"'{}%x", max_size=5) | st.integers(0, 9) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcx"), inner, max_size=3)
    ),
    max_leaves=8,
)  # fmt: skip
SOURCES = st.lists(
    st.sampled_from(
        [
            "tekst", "{{ a }}", "{{ a.b }}", "{{ b[0] }}", "{{ c|length }}", "{{ a|linjer }}",
            "{% for x in a %}{{ x }}{{ loop.index }}{% endfor %}",
            "{% for x in b %}{% if x.a %}{{ x.a }}{% else %}{{ loop.last }}{% endif %}{% endfor %}",
            "{% if a == b %}lik{% elif c %}{{ c }}{% endif %}",
            "{% set x = a %}{{ x }}", "{% if c is defined %}{{ c }}{% endif %}",
            "{% if a < b %}mindre{% endif %}",
            "{% for x in a if x %}{{ x }}{% else %}ingen{% endfor %}",
        ]
    ),
    max_size=4,
)  # fmt: skip


@given(SOURCES, st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3))
@settings(max_examples=400, deadline=None)
def test_the_quick_functions_never_say_anything_else_than_the_explaining_one(
    sources: list[str], data: dict[str, Any]
) -> None:
    source = "".join(sources)
    *quick, explaining = DIALECTS
    for dialect in quick:
        if dialect.plain and not is_plain(data):
            continue
        try:
            text = written(source, data, dialect)
        except (LookupError, TypeError, NotPlainError, MergeError):
            continue
        assert text == written(source, data, explaining)


LETTER = docx(
    p("Til {{ navn }}")
    + p("En lang fast tekst som alle brev har. " * 20)
    + p("{%p if frist %}") + p("Frist {{ frist|dato }}") + p("{%p endif %}")
    + tbl(tr(p("Hva"), p("Hvem")), tr(p("{%tr for t in rader %}"), p("")),
          tr(p("{{ t.a }}"), p("{{ t.b }}")), tr(p("{%tr endfor %}"), p("")), columns=2),
    header=p("{{ kommune }}"),
)  # fmt: skip
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=30)
LETTERS = st.fixed_dictionaries(
    {
        "navn": TEXTS,
        "frist": st.sampled_from(["", "2026-12-01"]),
        "kommune": TEXTS,
        "rader": st.lists(st.fixed_dictionaries({"a": TEXTS, "b": TEXTS}), max_size=4),
    }
)
SMALL, BLOCKS = Template.open(LETTER), Template.open(LETTER, packing="blocks")


@given(LETTERS)
@settings(max_examples=60, deadline=None)
def test_however_it_is_packed_the_members_are_the_same(data: dict[str, Any]) -> None:
    one, other = SMALL.render(data), BLOCKS.render(data)
    for made in (one, other):
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            assert archive.testzip() is None
    assert members(one) == members(other)
    assert (
        Document(io.BytesIO(other)).paragraphs[0].text
        == Document(io.BytesIO(one)).paragraphs[0].text
    )


def test_a_value_longer_than_a_stored_block_may_be() -> None:
    data = {"navn": "ø" * 100_000, "frist": "", "kommune": "x", "rader": []}
    assert members(BLOCKS.render(data)) == members(SMALL.render(data))


def test_what_all_documents_share_is_the_same_bytes_in_each() -> None:
    data = {"navn": "Ola", "frist": "", "kommune": "x", "rader": []}
    made, template = members(SMALL.render(data)), members(LETTER)
    own = {"word/document.xml", "word/header1.xml", "docProps/core.xml"}
    assert {n: c for n, c in made.items() if n not in own} == {
        n: c for n, c in template.items() if n not in own
    }


def test_five_thousand_rows() -> None:
    rows = [{"a": f"rad {n}", "b": "x"} for n in range(5_000)]
    made = SMALL.render({"navn": "Ola", "frist": "", "kommune": "x", "rader": rows})
    assert body_xml(made).count("<w:tr>") == 5_001


def test_rich_text_is_typed_and_its_looks_are_added_to_those_of_its_place() -> None:
    properties = '<w:rPr><w:i/><w:sz w:val="20"/></w:rPr>'
    one = Template.open(docx(f"<w:p>{r('Før ')}{r('{{r tekst }}', properties)}{r(' etter')}</w:p>"))
    text = RichText((Run("vanlig & "), Run("fet\nlinje", bold=True), Run("under", underline=True)))
    xml = body_xml(one.render({"tekst": text}))
    assert (
        '<w:r><w:rPr><w:i/><w:sz w:val="20"/></w:rPr><w:t xml:space="preserve">vanlig &amp; <'
        in xml
    )
    assert (
        '<w:rPr><w:b/><w:i/><w:sz w:val="20"/></w:rPr><w:t xml:space="preserve">fet</w:t><w:br/>'
        in xml
    )
    assert '<w:i/><w:sz w:val="20"/><w:u w:val="single"/></w:rPr>' in xml
    assert "Før " in xml
    assert " etter" in xml
    assert "bare tekst" in body_xml(one.render({"tekst": "bare tekst"}))
    with pytest.raises(MergeError) as caught:
        Template.open(docx(p("{{ tekst }}"))).render({"tekst": text})
    assert (caught.value.code, caught.value.params) == ("unprintable_value", {"field": "tekst"})
    with pytest.raises(MergeError) as caught:
        one.render({"tekst": RichText((Run("\x00"),))})
    assert caught.value.code == "bad_character"


def test_an_empty_control_asks_and_a_filled_one_does_not() -> None:
    one = Template.open(docx(sdt("k", "K", r("{{ a }}{{ b }}"), "")))
    assert "Skriv her" in body_xml(one.render({"a": "", "b": " "}))
    for data in ({"a": "x", "b": ""}, {"a": "", "b": "x & y"}):
        assert "Skriv her" not in body_xml(one.render(data))
    assert "Skriv &lt;her&gt;" in body_xml(
        one.render({"a": "", "b": ""}, placeholder="Skriv <her>")
    )


ROW = "<w:tr><w:tc><w:p/></w:tc></w:tr>"


@pytest.mark.parametrize(
    ("xml", "well_formed", "holes"),
    [
        ("<w:p>{% if a %}<w:r/>{% endif %}</w:p>", True, set()),
        ("<w:p>{% if a %}<w:r>{% endif %}</w:p>", False, set()),
        ("<w:r><w:t>{% if a %}</w:t></w:r><w:r><w:t>{% endif %}</w:t></w:r>", True, set()),
        ("{% if a %}<w:p>{% else %}<w:p>{% endif %}</w:p>", False, set()),
        ('<w:p {% if a %}b="1"{% endif %}/>', False, set()),
        ("<w:tc>{% if a %}<w:p/>{% endif %}</w:tc>", True, {"w:tc"}),
        ("<w:tc><w:p/>{% if a %}<w:p/>{% endif %}</w:tc>", True, set()),
        (f"<w:tc><w:p/>{{% if a %}}<w:tbl>{ROW}</w:tbl>{{% endif %}}</w:tc>", True, {"w:tc"}),
        (f"<w:tbl>{{% for x in a %}}{ROW}{{% endfor %}}</w:tbl>", True, {"w:tbl"}),
        (f"<w:tbl>{ROW}{{% for x in a %}}{ROW}{{% endfor %}}</w:tbl>", True, set()),
        ("<w:sdtContent>{% if a %}<w:r/>{% endif %}</w:sdtContent>", True, {"w:sdtContent"}),
    ],
)  # fmt: skip
def test_what_can_become_of_a_part_is_seen_beforehand(
    xml: str, *, well_formed: bool, holes: set[str]
) -> None:
    found = soundness(build(ENVIRONMENT.parse(f"<x>{xml}</x>"), ()))
    assert (found.well_formed, found.holes) == (well_formed, holes)


def with_link(target: str) -> bytes:
    """A letter with one hyperlink."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    link = f'<Relationship Id="rIdL" Type="{kind}" Target="{target}" TargetMode="External"/>'
    source = io.BytesIO(
        docx('<w:p><w:hyperlink r:id="rIdL"><w:r><w:t>her</w:t></w:r></w:hyperlink></w:p>')
    )
    made = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/_rels/document.xml.rels":
                content = content.replace(b"</Relationships>", f"{link}</Relationships>".encode())
            new.writestr(name, content)
    return made.getvalue()


def test_an_address_may_have_fields_but_must_stay_one_that_can_be_followed() -> None:
    one = Template.open(with_link("https://eksempel.no/%7B%7B sak %7D%7D?a=1&amp;b=2"))
    made = one.render({"sak": "2026-0042&x"}, properties={"BTI-ref": "7K3MQ2XP"})
    links = members(made)["word/_rels/document.xml.rels"].decode()
    assert 'Target="https://eksempel.no/2026-0042&amp;x?a=1&amp;b=2"' in links
    free = Template.open(with_link("{{ adresse }}"))
    assert (
        "https://a.no"
        in members(free.render({"adresse": "https://a.no"}))[
            "word/_rels/document.xml.rels"
        ].decode()
    )
    for bad in ("file:///etc/passwd", "javascript:x", "\\\\\\\\tjener\\\\x", "ftp://x"):
        with pytest.raises(MergeError) as caught:
            free.render({"adresse": bad})
        assert caught.value.code == "unsafe_link"


def test_columns_that_a_loop_makes_have_their_place_in_the_grid() -> None:
    table = tbl(
        tr(p("Navn"), p("{%tc for d in dager %}"), p("{{ d }}"), p("{%tc endfor %}")), columns=4
    )
    one = Template.open(docx(table))
    xml = body_xml(one.render({"dager": ["man", "tir", "ons"]}))
    widths = [int(piece.split('"')[1]) for piece in xml.split("<w:gridCol ")[1:]]
    assert len(widths) == xml.count("<w:tc>") == 4
    assert sum(widths) == sum(int(piece.split('"')[1]) for piece in table.split("<w:gridCol ")[1:])


def test_what_no_reader_is_to_see_goes_also_where_nothing_is_filled() -> None:
    content = docx(
        p("{{ a }}"), header=p("{# Kari: ikke ferdig #}Eksempel kommune"), footer=p("{_{ a }_}")
    )
    made = members(Template.open(content).render({"a": "x"}))
    assert b"ikke ferdig" not in made["word/header1.xml"]
    assert b"Eksempel kommune" in made["word/header1.xml"]
    assert b"{{ a }}" in made["word/footer1.xml"]


def test_a_space_beside_a_tag_in_pieces_of_different_looks_is_kept() -> None:
    looks = "<w:rPr><w:b/></w:rPr>"
    pieces = ("", "til {{"), (looks, "moete"), ("", "}} på skolen")
    runs = "".join(f"<w:r>{look}<w:t>{text}</w:t></w:r>" for look, text in pieces)
    body = f"<w:p>{runs}</w:p>"
    assert '<w:t xml:space="preserve"> på skolen</w:t>' in body_xml(
        Template.open(docx(body)).render({"moete": "møte"})
    )


@pytest.mark.parametrize(
    ("tag", "value"),
    [("{% colspan n %}", "abc"), ("{% colspan n %}", 5_000_000), ("{% colspan n %}", "-1"),
     ("{% cellbg n %}", "red"), ("{% cellbg n %}", "")],
)  # fmt: skip
def test_a_cells_width_and_colour_are_what_word_takes(tag: str, value: object) -> None:
    one = Template.open(docx(tbl(tr(p(tag + "x")), columns=1)))
    assert "<w:tcPr>" in body_xml(one.render({"n": 2 if "span" in tag else "#E0F0ff"}))
    with pytest.raises(MergeError) as caught:
        one.render({"n": value})
    assert (caught.value.code, caught.value.params["field"]) == ("filter_value", "n")


def test_what_is_given_must_be_what_it_says() -> None:
    one = Template.open(docx(p("{{ a }}")))
    for runs in ((None,), "tekst", (Run(None),)):  # type: ignore[arg-type]  (that is the test)
        with pytest.raises(MergeError) as caught:
            one.render({"a": RichText(runs)})  # type: ignore[arg-type]  (as above)
        assert caught.value.code == "bad_value"


def test_marks_that_look_like_our_own_are_no_marks() -> None:
    assert "x" in body_xml(
        Template.open(docx(p("{{ a }}") + "<?bti-picture 5?>")).render({"a": "x"})
    )


def test_a_long_open_quote_takes_no_time() -> None:
    template = Template.open(docx(p("{{ " + "'\\" * 20_000 + " }}")))
    assert template.problems
