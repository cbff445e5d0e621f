"""What stands in the place of a field without a value, as the template's policies say."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from bti_docs.merge.language.empties import DASH, LINE, Policy, apply_policies
from bti_docs.merge.language.normalise import story
from tests.edges.docx_samples import p, r, sdt, tbl, tr
from tests.edges.normaliser_samples import jinja, part, shown

BOLD = "<w:rPr><w:b/></w:rPr>"


def filled(body: str, policies: dict[str, Policy], data: dict[str, Any]) -> list[str]:
    root = part(body)
    apply_policies(root, policies)
    return shown(etree.fromstring(jinja().from_string(story(root).text).render(data)))


ROWS = tbl(
    tr(p("{%tr for t in tiltak %}"), p("")),
    tr(p("{{ loop.index }}"), p("{{ t.frist }}")),
    tr(p("{%tr endfor %}"), p("")),
    columns=2,
)


@pytest.mark.parametrize(
    ("policy", "empty", "full"),
    [
        ("blank", ["Tlf: ", "x"], ["Tlf: 5", "x"]),
        ("dash", [f"Tlf: {DASH}", "x"], ["Tlf: 5", "x"]),
        ("line", [f"Tlf: {LINE}", "x"], ["Tlf: 5", "x"]),
        ("omit_paragraph", ["x"], ["Tlf: 5", "x"]),
        ("omit_row", ["x"], ["Tlf: 5", "x"]),
    ],
)
def test_each_policy(policy: Policy, empty: list[str], full: list[str]) -> None:
    body = f"<w:p>{r('Tlf: {{ a.')}{r('tlf|store', BOLD)}{r(' }}')}</w:p>" + p("x")
    policies: dict[str, Policy] = {"a.tlf": policy}
    assert filled(body, policies, {"a": {"tlf": ""}}) == empty
    assert filled(body, policies, {"a": {"tlf": "5"}}) == full


def test_nought_is_a_value() -> None:
    assert filled(p("{{ n }}"), {"n": "dash"}, {"n": 0}) == ["0"]
    assert filled(p("{{ n }}"), {"n": "omit_paragraph"}, {"n": 0}) == ["0"]


def test_nothing_that_has_a_value_is_left_out() -> None:
    body = p("{{ navn }}, tlf. {{ tlf }}")
    assert filled(body, {"tlf": "omit_paragraph"}, {"navn": "Ola", "tlf": ""}) == ["Ola, tlf. "]
    assert filled(body, {"tlf": "omit_paragraph"}, {"navn": "", "tlf": ""}) == []
    row = tbl(tr(p("Tlf"), p("{{ tlf }}")), tr(p("Navn"), p("{{ navn }}")), columns=2)
    made = filled(row, {"tlf": "omit_row", "navn": "omit_row"}, {"navn": "Ola", "tlf": ""})
    assert made == ["Navn", "Ola"]


def test_a_field_of_a_lists_rows_is_named_with_its_list() -> None:
    data = {"tiltak": [{"frist": "3.12."}, {"frist": ""}], "t": {"frist": ""}}
    body = ROWS + p("{{ t.frist }}")
    assert filled(body, {"tiltak.frist": "dash"}, data) == ["1", "3.12.", "2", DASH, ""]
    # a row's number is no value of its own
    assert filled(body, {"tiltak.frist": "omit_row"}, data) == ["1", "3.12.", ""]
    assert filled(body, {"t.frist": "dash"}, data) == ["1", "3.12.", "2", "", DASH]


def test_loops_in_loops_are_followed() -> None:
    body = p("{%p for x in a.rader %}{%p for y in x.deler %}") + p("{{ y }}{{ y.n }}")
    body += p("{%p endfor %}{%p endfor %}") + p("{% for z in q|f if z %}{{ z.n }}{% endfor %}")
    root = part(body)
    apply_policies(root, {"a.rader.deler.n": "dash", "q.n": "line"})
    text = story(root).text
    assert "{{ y }}{% if y.n or y.n == 0 %}{{ y.n }}{% else %}—{% endif %}" in text
    assert "{% if z.n or z.n == 0 %}{{ z.n }}{% else %}____" in text


def test_a_loop_within_the_paragraph_keeps_it() -> None:
    body = p("{% for x in a %}{{ x.n }}{% endfor %}")
    assert filled(body, {"a.n": "omit_paragraph"}, {"a": [{"n": ""}]}) == [""]


def test_the_end_of_a_section_stays() -> None:
    body = p("{{ a }}", "<w:pPr><w:sectPr/></w:pPr>")
    assert filled(body, {"a": "omit_paragraph"}, {"a": ""}) == [""]


def test_other_tags_and_other_fields_stay_as_they_are() -> None:
    body = p("{%- if a.b -%} {{ a if b else c }}{{r a }}{# a #}{_{ {{ loop.index }}{{ d }}")
    body += (
        f"<w:p><w:r><w:instrText>{{{{ a }}}}</w:instrText></w:r>{sdt('a', 'A', r('{{ a }}'))}</w:p>"
    )
    root = part(body)
    apply_policies(root, {"a": "dash", "loop.index": "dash", "a.b": "line"})
    text = "".join(root.itertext())
    assert text == (
        "{%- if a.b -%} {{ a if b else c }}{{r a }}{# a #}{_{ {{ loop.index }}{{ d }}"
        "{{ a }}{% if a or a == 0 %}{{ a }}{% else %}—{% endif %}"
    )


def test_only_blanks_change_nothing() -> None:
    root = part(f"<w:p>{r('{{ ')}{r('a }}')}</w:p>")
    before = etree.tostring(root)
    apply_policies(root, {"a": "blank"})
    assert etree.tostring(root) == before
