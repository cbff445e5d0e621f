"""What the engine does at its edges: deep, huge, forged, and not quite plain input."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bti_docs.errors import MergeError
from bti_docs.merge import Template
from bti_docs.merge.engine.expressions import DIALECTS
from bti_docs.merge.engine.generating import MAX_PIECES
from bti_docs.merge.engine.runtime import MAX_ROUNDS
from bti_docs.merge.language.nesting import MAX_BLOCKS, MAX_CHAIN, MAX_LOOPS, MAX_OPERATIONS
from tests.edges.docx_samples import body_xml, docx, field, members, p, picture, r, sdt, tbl
from tests.edges.test_engine import with_link, written


def refused(template: bytes, data: dict[str, Any], **given: Any) -> tuple[str, dict[str, Any]]:  # noqa: ANN401  (whatever `render` takes)
    with pytest.raises(MergeError) as caught:
        Template.open(template).render(data, **given)
    return caught.value.code, dict(caught.value.params)


def codes(template: bytes, **given: Any) -> list[str]:  # noqa: ANN401
    return [one.code for one in Template.open(template, **given).problems]


@pytest.mark.parametrize("name", ["Ola", "Ola & Kari", "Ola\nKari"])
def test_data_that_nobody_reads_is_refused_whatever_stands_beside_it(name: str) -> None:
    one = docx(p("{{ barn.navn }}{% for t in rader %}{{ t.a }}{% endfor %}"))
    whole = {"barn": {"navn": name}, "rader": [{"a": "x"}]}
    Template.open(one).render(whole)
    extra = {**whole, "barn": {"navn": name, "alder": 7}}
    assert refused(one, extra) == ("unknown_field", {"field": "barn.alder", "count": 1})
    rows = {**whole, "rader": [{"a": "x"}, {"a": "y", "b": "z"}]}
    assert refused(one, rows) == ("unknown_field", {"field": "rader.b", "count": 1})


@pytest.mark.parametrize(
    "value",
    [10**400, -(10**5000), Decimal("sNaN"), Decimal("1e400"), Decimal("1e-400")],
    ids=["int", "long int", "nan", "large", "small"],
)
@pytest.mark.parametrize("beside", ["x", "x & y"])
def test_numbers_that_nobody_could_write_out_are_refused(value: object, beside: str) -> None:
    data = {"a": value, "b": beside}
    kind = type(value).__name__
    assert refused(docx(p("{{ a }}{{ b }}")), data) == ("bad_value", {"field": "a", "kind": kind})


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e22, "1" + "0" * 22), (1e-7, "0,0000001"), (-2.5, "-2,5"), (Decimal("1E+3"), "1000")],
)
def test_numbers_are_written_out(value: object, text: str) -> None:
    assert f">{text}<" in body_xml(Template.open(docx(p("{{ a }}"))).render({"a": value}))


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("tall", "1e5000"),
        ("tall", "1e-5000"),
        ("dato", "2026-12-03 eller 2026-12-10"),
        ("dato_lang", "2026-12-031"),
    ],
)
def test_a_filter_takes_the_whole_value_or_nothing(tag: str, value: str) -> None:
    code, params = refused(docx(p(f"{{{{ a|{tag} }}}}")), {"a": value})
    assert (code, params["field"]) == ("filter_value", "a")


def test_a_day_may_come_with_its_time() -> None:
    one = Template.open(docx(p("{{ a|dato }}")))
    assert "03.12.2026" in body_xml(one.render({"a": "2026-12-03T10:00:00"}))


def nested(start: str, end: str, depth: int) -> bytes:
    opening = "".join(p(start.format(n=n)) for n in range(depth))
    return docx(opening + p("x") + p(end) * depth)


def chained(word: str, count: int) -> bytes:
    return docx(p(f"{{% if {word.join(f'x{n}' for n in range(count))} %}}a{{% endif %}}"))


@pytest.mark.parametrize(
    "template",
    [
        nested("{{%p for a{n} in x %}}", "{%p endfor %}", MAX_LOOPS + 1),
        nested("{{%p if x %}}", "{%p endif %}", MAX_BLOCKS + 1),
        nested("{{%p if x %}}", "{%p endif %}", 400),
        chained(" or ", MAX_CHAIN + 3),
        chained(" and ", 3_000),
        docx(p("{{ " + ".".join("x" * (MAX_OPERATIONS + 3)) + " }}")),
        docx(p("{% if " + "not " * (MAX_OPERATIONS + 2) + "x %}a{% endif %}")),
        docx(p("{{ " + "(" * 500 + "x" + ")" * 500 + " }}")),
        docx(p("{{ " + "9" * 5_000 + " }}")),
    ],
    ids=["loops", "blocks", "deep", "or", "and", "names", "not", "parentheses", "number"],
)
def test_what_is_nested_beyond_measure_is_told_and_ends_nothing(template: bytes) -> None:
    assert {"tpl_forbidden", "tpl_syntax"}.intersection(codes(template))


@pytest.mark.parametrize(
    "template",
    [
        nested("{{%p for a{n} in x %}}", "{%p endfor %}", MAX_LOOPS),
        nested("{{%p if x %}}", "{%p endif %}", MAX_BLOCKS),
        chained(" or ", MAX_CHAIN),
        docx(p("{{ " + ".".join("x" * MAX_OPERATIONS) + " }}")),
        docx(p("{% if " + "not " * (MAX_OPERATIONS - 1) + "x %}a{% endif %}")),
    ],
    ids=["loops", "blocks", "or", "names", "not"],
)
def test_what_is_nested_as_deep_as_it_may_can_be_generated(template: bytes) -> None:
    assert codes(template) == []


def test_a_chain_says_what_it_says_whatever_its_length() -> None:
    source = "{% if a or b and c or d %}ja{% endif %}"
    for dialect in DIALECTS:
        for given in ({"b"}, {"b", "c"}, {"d"}, set[str]()):
            data = {name: name in given for name in "abcd"}
            expected = "ja" if (data["b"] and data["c"]) or data["d"] else ""
            assert written(source, data, dialect) == f"<w:t>{expected}</w:t>"


def test_many_fields_may_leave_out_one_paragraph() -> None:
    names = [f"x{n}" for n in range(120)]
    one = docx(p(" ".join(f"{{{{ {name} }}}}" for name in names)))
    template = Template.open(one, empties=dict.fromkeys(names, "omit_paragraph"))
    assert template.problems == ()
    assert body_xml(template.render(dict.fromkeys(names, ""))).count("<w:t") == 0


@pytest.mark.parametrize("outer", ["{}", "{{% for b in l %}}{}{{% endfor %}}"])
def test_a_loops_own_condition_cannot_ask_for_its_rounds(outer: str) -> None:
    source = outer.format("{% for a in l if not loop.first %}{{ a }}{% endfor %}")
    assert "tpl_forbidden" in codes(docx(p(source)))


def test_loops_that_write_nothing_end_too() -> None:
    inner = '{% if c == "z" %}y{% endif %}'
    for name in "cba":
        inner = f"{{% for {name} in l %}}{inner}{{% endfor %}}"
    rows = ["1"] * 200
    assert len(rows) ** 3 > MAX_ROUNDS
    assert refused(docx(p(inner)), {"l": rows}) == ("output_too_large", {"part": "body"})


def test_a_condition_of_a_loop_is_counted_too() -> None:
    source = "{% for a in l %}{% for b in l if b == 'z' %}y{% endfor %}{% endfor %}"
    many = ["1"] * 2_500
    assert refused(docx(p(source)), {"l": many}) == ("output_too_large", {"part": "body"})
    few = Template.open(docx(p(source)))
    assert "<w:t" in body_xml(few.render({"l": ["1", "z"]}))


def test_a_long_list_stays_below_the_limits() -> None:
    assert MAX_ROUNDS >= 1_000_000
    assert MAX_PIECES >= 1_000_000


BIG = "{{ 'a' * 100000000 }}"


@pytest.mark.parametrize(
    "template",
    [
        docx(p("x"), title=BIG),
        docx(f"<w:p>{picture(BIG)}</w:p>"),
        docx(f"<w:p>{field(f'AUTHOR {BIG}')}</w:p>"),
        docx(p("x"), title="{{ 'a' * loop.length }}"),
        docx(p("x"), title="{{ 3 * felt }}"),
        docx(p("x"), title="{{ felt|_rich(0) }}"),
        docx(p("{{r y }}") + f"<w:p>{picture('{{ x|_rich(0) }}')}</w:p>"),
        docx(p("{{r y }}") + f"<w:p>{field('AUTHOR {{ x|_rich(0) }}')}</w:p>"),
        docx(p("{{r y }}") + f"<w:p>{picture('{{ x|_rich(7) }}')}</w:p>"),
        docx(p("{{r y }}") + f"<w:p>{picture('{{ x|_rich }}')}</w:p>"),
    ],
)
def test_what_the_normaliser_may_write_an_author_may_not(template: bytes) -> None:
    assert {"tpl_forbidden", "tpl_unknown_filter"}.intersection(codes(template))


def test_an_address_in_a_field_is_judged_when_it_has_its_value() -> None:
    for instruction in ('HYPERLINK "{{ a }}"', 'HYPERLINK "{% if a %}{{ a }}{% endif %}"'):
        one = docx(f"<w:p>{field(instruction)}</w:p>")
        assert "https://a.no/x" in body_xml(Template.open(one).render({"a": "https://a.no/x"}))
        for bad in ("file:///x", "\\\\tjener\\x", "file:///x{{", "x.docx"):
            assert refused(one, {"a": bad}) == ("unsafe_link", {"part": "body"})


def test_an_address_in_a_field_of_one_piece_is_judged_too() -> None:
    one = docx(
        f'<w:p><w:fldSimple w:instr=" HYPERLINK {{{{ a }}}} ">{r("her")}</w:fldSimple></w:p>'
    )
    assert "https://a.no" in body_xml(Template.open(one).render({"a": "https://a.no"}))
    assert refused(one, {"a": "file:///x"}) == ("unsafe_link", {"part": "body"})


def test_a_web_address_may_be_written_in_any_case_but_must_name_a_place() -> None:
    one = with_link("{{ a }}")
    Template.open(one).render({"a": "HTTPS://eksempel.no"})
    for bad in ("https:///tjener", "https:\\\\tjener", "file:x{{", "file:x%7B%7B"):
        assert refused(one, {"a": bad})[0] == "unsafe_link"


def test_properties_are_named_in_errors_and_never_read_as_tags() -> None:
    one = docx(p("{{ a }}"))
    said = refused(one, {"a": "x"}, properties={"sak": "\x00"})
    assert said == ("bad_character", {"field": "sak", "character": "U+0000"})
    for name in ("{{ a }}", "{{ a", "a\x00"):
        assert refused(one, {"a": "x"}, properties={name: "b"})[0] == "bad_key"
    made = Template.open(one).render({"a": "x & y"}, properties={"sak": "{{ a }} & b"})
    assert b"{{ a }} &amp; b" in members(made)["docProps/custom.xml"]


@pytest.mark.parametrize("blank", ["", " ", "\n", "\t \n"])
def test_a_control_with_nothing_to_read_asks(blank: str) -> None:
    one = Template.open(docx(f"<w:p>{sdt('a', 'A', r('{{ a }}'))}</w:p>"))
    assert "Skriv her" in body_xml(one.render({"a": blank}))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<w:tcPr/>", ""),
        ('<w:tcPr><w:tcW w:w="9" w:type="dxa"/></w:tcPr>', ""),
        ("", ""),
        ('<w:bookmarkStart w:id="5" w:name="b"/>', '<w:bookmarkEnd w:id="5"/>'),
    ],
)
def test_a_cell_whose_paragraphs_are_left_out_keeps_one(before: str, after: str) -> None:
    inner = p("{%p if a %}") + p("tekst") + p("{%p endif %}")
    table = tbl(f"<w:tr><w:tc>{before}{inner}{after}</w:tc></w:tr>", columns=1)
    one = Template.open(docx(table))
    empty, full = (body_xml(one.render({"a": a})) for a in (False, True))
    for xml, count in ((empty, 1), (full, 1)):
        cell = xml[xml.index("<w:tc>") : xml.index("</w:tc>")]
        assert cell.count("<w:p>") + cell.count("<w:p/>") == count
    assert "tekst" in full


def test_a_bookmark_that_ends_a_cell_makes_no_blank_line() -> None:
    inner = '<w:bookmarkStart w:id="5" w:name="b"/>' + p("{{ a }}") + '<w:bookmarkEnd w:id="5"/>'
    one = Template.open(docx(tbl(f"<w:tr><w:tc>{inner}</w:tc></w:tr>", columns=1)))
    xml = body_xml(one.render({"a": "x"}))
    cell = xml[xml.index("<w:tc>") : xml.index("</w:tc>")]
    assert cell.count("<w:p>") + cell.count("<w:p/>") == 1


def test_a_comment_whose_paragraphs_are_left_out_keeps_one() -> None:
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    inner = p("{%p if a %}") + p("tekst") + p("{%p endif %}")
    comments = (
        f'<w:comments {names}><w:comment w:id="0" w:author="x">{inner}</w:comment></w:comments>'
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
    one = docx(
        p("x"),
        extra={"word/comments.xml": comments},
        relationships=f'<Relationship Id="rId70" Type="{kind}" Target="comments.xml"/>',
    )
    made = members(Template.open(one).render({"a": False}))["word/comments.xml"].decode()
    assert made.count("<w:p/>") == 1
