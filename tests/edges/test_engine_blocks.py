"""Loops, choices, names, controls and repeated elements, in every dialect that is generated."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from bti_docs.errors import MergeError
from bti_docs.merge import Template
from bti_docs.merge.engine.balance import soundness
from bti_docs.merge.engine.building import build
from bti_docs.merge.engine.runtime import NotPlainError, State, has_words, item_of, rows_of
from tests.edges.docx_samples import PIXEL, body_xml, docx, members, p, picture, r, sdt, tbl, tr
from tests.edges.test_engine import ENVIRONMENT, shown

LOOP = (
    "{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}"
    "{{ loop.length }}{% if loop.first %}F{% endif %}{% if loop.last %}L{% endif %} {% endfor %}"
)


@pytest.mark.parametrize(
    ("source", "data", "text"),
    [
        (LOOP, {"l": [*"abc"]}, "10323F 21213 32103L "),
        (
            "{% for x in l %}{% set x = 'ny' %}{{ x }}{% endfor %}{{ x }}",
            {"l": ["1"], "x": "gammel"},
            "nygammel",
        ),
        ("{% if a %}{% set x = '1' %}{% else %}{% set x = '2' %}{% endif %}{{ x }}", {"a": 0}, "2"),
        ("{% if b %}{% elif a %}{% set x = '1' %}{% endif %}{{ x }}", {"a": 1, "b": 0}, "1"),
        ("{% if c %}{% set a = 'ny' %}{% endif %}{{ a }}", {"a": "x", "c": False}, "x"),
        (
            "{% if x is defined %}A{% endif %}{% set x = '1' %}{% if x is defined %}B{% endif %}",
            {},
            "B",
        ),
        ("{% if x.y is defined %}A{% endif %}{% set x = a %}{{ x.y }}", {"a": {"y": "1"}}, "1"),
        (
            "{% for x in l %}{% if x == '1' %}{% set x = 'en' %}{% endif %}{{ x }}{% endfor %}",
            {"l": ["1", "2"]},
            "en2",
        ),
        ("{% for x in l %}{% for x in x %}{{ x }}{% endfor %}{% endfor %}", {"l": [["1"]]}, "1"),
        (
            "{% for x in l %}{{ x.b is defined and x.b }}{% endfor %}",
            {"l": [{"b": "1"}, {"b": "2"}]},
            "12",
        ),
        ("{% for x in l %}{{ loop.index }}{% endfor %}" * 2, {"l": [*"ab"]}, "1212"),
        ("{% if a %}{% endif %}b", {"a": True}, "b"),
        ("{% for x in l %}{% endfor %}b", {"l": ["1"]}, "b"),
        ("{% if a %}{% else %}c{% endif %}", {"a": False}, "c"),
        ("{{ a|length }}{{ b|length }}{{ c|length }}", {"a": {"x": 1}, "b": "abc", "c": []}, "130"),
        ("{% set x = 'a&b' %}{{ x }}", {}, "a&amp;b"),
        ("{{ a if a == 'x&y' else 'z' }}", {"a": "b"}, "z"),
        ("{{ 'x&y' if a else a }}", {"a": True}, "x&amp;y"),
    ],
)
def test_the_language_in_its_corners(source: str, data: dict[str, Any], text: str) -> None:
    assert shown(source, data) == text


@pytest.mark.parametrize("value", [0, 1, 2, 3])
@pytest.mark.parametrize(
    ("operator", "holds"),
    [
        ("==", lambda a: a == 2), ("!=", lambda a: a != 2), ("<", lambda a: a < 2),
        ("<=", lambda a: a <= 2), (">", lambda a: a > 2), (">=", lambda a: a >= 2),
    ],
)  # fmt: skip
def test_comparisons(value: int, operator: str, holds: Callable[[int], bool]) -> None:
    source = f"{{% if a {operator} 2 %}}ja{{% endif %}}"
    assert shown(source, {"a": value}) == ("ja" if holds(value) else "")


@pytest.mark.parametrize("value", ["a", "z"])
def test_what_stands_in_a_list(value: str) -> None:
    data = {"a": value, "l": ["a", "b"]}
    assert shown("{% if a in l %}ja{% else %}nei{% endif %}", data) == ["ja", "nei"][value == "z"]
    assert shown("{% if a not in l %}ja{% endif %}", data) == ("ja" if value == "z" else "")


@pytest.mark.parametrize(
    ("source", "data", "code", "name"),
    [
        ("{% if a %}{% set x = '1' %}{% endif %}{{ x }}", {"a": False}, "missing_field", "x"),
        ("{{ a.b }}", {"a": "x"}, "missing_field", "a.b"),
        ("{{ a.b.c }}", {"a": {"b": "x & y"}}, "missing_field", "a.b.c"),
        ("{{ l[2] }}", {"l": ["0", "1"]}, "missing_field", "l[2]"),
        ("{{ l[2] }}", {"l": ["0 & 0", "1"]}, "missing_field", "l[2]"),
        ("{{ l[0] }}", {"l": {"a": "x"}}, "missing_field", "l.0"),
        ("{{ l[0] }}", {"l": "tekst"}, "missing_field", "l[0]"),
        ("{{ a|length }}", {"a": 7}, "not_a_list", "a"),
        ("{% for x in a %}{{ x }}{% endfor %}", {"a": "x"}, "not_a_list", "a"),
        ("{% for x in a %}{{ x }}{% endfor %}", {"a": "x & y"}, "not_a_list", "a"),
        ("{{ a }}", {"a": True}, "unprintable_value", "a"),
        ("{% for x in l %}{{ x|dato }}{% endfor %}", {"l": ["i går"]}, "filter_value", "x"),
    ],
)
def test_a_fault_is_named_with_its_field(
    source: str, data: dict[str, Any], code: str, name: str
) -> None:
    with pytest.raises(MergeError) as caught:
        Template.open(docx(p(source))).render(data, refuse_unknown=False)
    assert (caught.value.code, caught.value.params["field"]) == (code, name)


def test_quick_readers_take_only_what_they_know() -> None:
    assert rows_of([1]) == [1]
    assert item_of(["a", "b"], 1) == "b"
    assert item_of({0: "a"}, 0) == "a"
    for strange in ((1, 2), "ab", None):
        with pytest.raises(NotPlainError):
            rows_of(strange)
        with pytest.raises(NotPlainError):
            item_of(strange, 0)


def test_what_says_something_between_tags() -> None:
    assert has_words("<a>x</a>")
    assert has_words('b="1">x<w:t a="')
    assert not has_words('b="1"> <w:t a="')
    assert not has_words("<a b='c'/> <d>\n</d>")


def test_identifiers_are_given_out_once() -> None:
    state = State({1: '<wp:docPr id="7" name="x"/>'}, "")
    assert [state.serial("7"), state.serial("7"), state.serial("7")] == ["7", "1000001", "1000002"]
    assert [state.once("<b/>"), state.once("<b/>"), state.once("<c/>")] == ["<b/>", "", "<c/>"]
    assert state.picture(1) == '<wp:docPr id="1000003" name="x"/>'
    assert state.lines("a\nb", "x").count("<w:br/>") == 1
    assert state.broken_line
    assert state.counted([1, 2]) == [1, 2]
    state.begin_again()
    assert (state.broken_line, state.rounds) == (False, 0)
    assert [state.serial("7"), state.serial("7")] == ["7", "1000001"]


ROUND = (
    p("{%p for x in l %}")
    + '<w:p w14:paraId="00000001" w14:textId="00000002">'
    + '<w:bookmarkStart w:id="3" w:name="merke"/>'
    + r("{{ x }}")
    + '<w:bookmarkEnd w:id="3"/></w:p>'
    + sdt("navn", "Navn", p("{{ x }}"), '<w:id w:val="44"/>')
    + f"<w:p>{picture('fast', number=5)}{picture('bilde:logo', number=6)}</w:p>"
    + p("{%p endfor %}")
    + '<w:p w14:paraId="00000009"><w:bookmarkStart w:id="9" w:name="etter"/>'
    + '<w:bookmarkEnd w:id="9"/></w:p>'
)


@pytest.mark.parametrize("given", [{}, {"bilde:logo": PIXEL}])
def test_what_is_repeated_shares_no_identifiers(given: dict[str, bytes]) -> None:
    xml = body_xml(Template.open(docx(ROUND)).render({"l": [*"abc", ""]}, pictures=given))
    for pattern in (r'<wp:docPr id="(\d+)"', r'<w:id w:val="(-?\d+)"'):
        found = re.findall(pattern, xml)
        assert len(found) == len(set(found)) >= 4
    assert xml.count("<wp:docPr") == (8 if given else 4)
    for name in ("merke", "etter"):
        assert xml.count(f'<w:bookmarkStart w:id="{"3" if name == "merke" else "9"}"') == 1
    assert xml.count("<w:bookmarkEnd") == 2
    assert "00000001" not in xml
    assert "00000002" not in xml
    assert xml.count('w14:paraId="00000009"') == 1


@pytest.mark.parametrize("rows", [[["a"], ["b"]], [[], ["b"]], [[], []]])
def test_a_bookmark_in_a_control_that_asks_is_not_lost(rows: list[list[str]]) -> None:
    marked = (
        '<w:p><w:bookmarkStart w:id="3" w:name="merke"/>'
        + r("{% for y in x %}{{ y }}{% endfor %}")
        + '<w:bookmarkEnd w:id="3"/></w:p>'
    )
    one = docx(p("{%p for x in l %}") + sdt("k", "K", marked) + p("{%p endfor %}"))
    xml = body_xml(Template.open(one).render({"l": rows}))
    assert xml.count("<w:bookmarkStart") == xml.count("<w:bookmarkEnd") == 1


def test_pictures_whose_names_look_alike_are_two_pictures() -> None:
    keys = ("bilde:rød", "bilde:råd", "bilde:r d", "bilde:r_d", "bilde:R_D", "bilde:logo", "kode")
    drawn = "".join(picture(key, number=n) for n, key in enumerate(keys, start=1))
    given = {key: PIXEL + bytes([n]) for n, key in enumerate(keys)}
    made = members(Template.open(docx(f"<w:p>{drawn}</w:p>")).render({}, pictures=given))
    shown = {n: c for n, c in made.items() if c in given.values()}
    assert sorted(shown.values()) == sorted(given.values())
    assert {"word/media/bilde_logo.png", "word/media/kode.png"} < set(shown)


INSIDE = "{% for x in l %}{{ x }}{% endfor %}{% if b %}{% else %}{{ c }}{% endif %}"


@pytest.mark.parametrize(
    ("data", "asks"),
    [
        ({"l": [], "b": True, "c": "x"}, True),
        ({"l": ["", " "], "b": False, "c": ""}, True),
        ({"l": ["en"], "b": True, "c": "x"}, False),
        ({"l": ["en & to"], "b": True, "c": "x"}, False),
        ({"l": [], "b": False, "c": "x"}, False),
    ],
)
@pytest.mark.parametrize("around", [p, r])
def test_a_control_of_blocks_asks_when_they_say_nothing(
    data: dict[str, Any], around: Callable[[str], str], *, asks: bool
) -> None:
    held = (
        sdt("k", "K", around(INSIDE)) if around is p else f"<w:p>{sdt('k', 'K', r(INSIDE))}</w:p>"
    )
    xml = body_xml(Template.open(docx(p("før") + held * 2 + p("etter"))).render(data))
    assert xml.count("Skriv her") == 2 * asks
    assert xml.count("<w:showingPlcHdr") == 2 * asks
    assert xml.count("<w:sdt>") == 2
    assert [word in xml for word in ("før", "etter")] == [True, True]
    assert xml.count(">en") == (0 if asks or not data["l"] else 2)


def test_a_control_with_words_of_its_own_never_asks() -> None:
    one = Template.open(docx(f"<w:p>{sdt('k', 'K', r('Fast {{ a }}'))}</w:p>"))
    assert "Skriv her" not in body_xml(one.render({"a": ""}))
    assert "Fast " in body_xml(one.render({"a": ""}))


def test_a_control_without_tags_asks_only_when_it_is_empty() -> None:
    empty, full = (Template.open(docx(f"<w:p>{sdt('k', 'K', r(t))}</w:p>")) for t in ("", "Fast"))
    assert "Skriv her" in body_xml(empty.render({}))
    assert "Skriv her" not in body_xml(full.render({}))
    xml = body_xml(empty.render({}))
    assert '<w:rStyle w:val="Plassholder"/>' in xml


def test_a_block_may_begin_inside_a_control_only_when_it_ends_there() -> None:
    crossing = p("{%p if a %}") + sdt("k", "K", p("{{ b }}") + p("{%p endif %}"))
    assert Template.open(docx(crossing)).problems


def test_lines_in_a_control_become_paragraphs_and_beside_it_breaks() -> None:
    held = sdt("k", "K", p("{{ a }}"))
    xml = body_xml(Template.open(docx(held + p("{{ b }}"))).render({"a": "1\n2", "b": "3\n4"}))
    control = xml[xml.index("<w:sdtContent>") : xml.index("</w:sdtContent>")]
    assert control.count("<w:p>") == 2
    assert "<w:br/>" not in control
    assert xml.count("<w:br/>") == 1


ROW = "<w:tr><w:tc><w:p/></w:tc></w:tr>"
CELL = "<w:tc><w:p/></w:tc>"


@pytest.mark.parametrize(
    ("xml", "holes", "moves"),
    [
        ("<w:tr>{% for x in a %}<w:tc><w:p/></w:tc>{% endfor %}</w:tr>", {"w:tr"}, True),
        (f"<w:tr>{CELL}{{% if a %}}{CELL}{{% endif %}}</w:tr>", set(), True),
        (f"<w:tbl>{{% if a %}}{ROW}{{% else %}}{ROW}{{% endif %}}</w:tbl>", {"w:tbl"}, False),
        ("<w:tc>{% if a %}<w:p/>{% endif %}<w:sdt></w:sdt></w:tc>", set(), False),
        (
            '<w:tc><w:p/>{% if a %}<w:p/>{% endif %}<w:bookmarkEnd w:id="1"/></w:tc>',
            set(),
            False,
        ),
        ('<w:tc>{% if a %}<w:p/>{% endif %}<w:bookmarkEnd w:id="1"/></w:tc>', {"w:tc"}, False),
        *(
            (f"<w:{name}>{{% if a %}}<w:p/>{{% endif %}}</w:{name}>", {f"w:{name}"}, False)
            for name in ("hdr", "ftr", "footnote", "endnote", "comment", "txbxContent")
        ),
        ("<w:tc><w:p/>{{ a }}</w:tc>", set(), False),
        ("<w:body>{% if a %}<w:p/>{% endif %}<?bti x?><!-- y --></w:body>", set(), False),
    ],
)
def test_holes_and_moved_columns_are_seen_beforehand(
    xml: str, holes: set[str], *, moves: bool
) -> None:
    found = soundness(build(ENVIRONMENT.parse(f"<x>{xml}</x>"), ()))
    assert (found.well_formed, found.holes, found.moves_columns) == (True, holes, moves)


@pytest.mark.parametrize(
    "xml",
    [
        "<w:p/></w:p>{{ a }}",
        "<w:p>{{ a }}</w:r>",
        "<w:p><w:r>{{ a }}</w:p></w:r>",
        "{% for x in a %}</w:p><w:p>{% endfor %}",
        '<w:p a="{% if a %}<{% endif %}"/>',
        "<w:p {{ a }} < b>",
    ],
)
def test_what_could_not_be_read_again_is_seen_beforehand(xml: str) -> None:
    assert not soundness(build(ENVIRONMENT.parse(xml), ())).well_formed


def test_a_row_that_is_left_out_whole_leaves_no_table() -> None:
    rows = tr(p("{%tr for x in l %}")) + tr(p("{{ x }}")) + tr(p("{%tr endfor %}"))
    one = Template.open(docx(tbl(rows, columns=1) + p("etter")))
    assert "<w:tbl>" not in body_xml(one.render({"l": []}))
    assert body_xml(one.render({"l": [*"ab"]})).count("<w:tr>") == 2


def test_each_problem_is_told_once_and_where_it_stands() -> None:
    found = Template.open(docx(p("{{ a() }}") + p("x"), title="{{ b() }}", header=p("{{ c( }}")))
    told = sorted((one.code, one.place.part) for one in found.problems)
    assert told == [
        ("tpl_forbidden", "body"),
        ("tpl_forbidden", "docProps/core"),
        ("tpl_syntax", "header1"),
    ]


def test_two_controls_may_not_share_an_alias() -> None:
    twins = "".join(f"<w:p>{sdt(tag, 'Navn', r('x'))}</w:p>" for tag in ("a", "b"))
    assert [one.code for one in Template.open(docx(twins)).problems] == ["tpl_duplicate_alias"]
