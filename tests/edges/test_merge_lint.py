"""What `Template.problems` finds, with its place; and that a template with errors does not run."""

from __future__ import annotations

from pathlib import Path

import pytest

from bti_docs.errors import MergeError
from bti_docs.merge import FieldNode, Finding, Template
from tests.edges.docx_samples import docx, field, p, picture, r, sdt, tbl, tr

TEMPLATES = sorted((Path(__file__).parents[2] / "templates" / "docx").glob("*.docx"))

GOOD_CONTROL = f"<w:p>{sdt('a', 'A', r('{{ a }}'))}</w:p>"
BOUND = '<w:dataBinding w:xpath="/a" w:storeItemID="{1}"/>'

CASES: list[tuple[str, str]] = [
    ("tpl_tag_unclosed", p("{{ a")),
    ("tpl_tag_unclosed", p("a }}")),
    ("tpl_syntax", p("{{ a b }}")),
    ("tpl_syntax", p("{{ a| }}")),
    ("tpl_unknown_filter", p("{{ a|datoo }}")),
    ("tpl_forbidden", p("{{ a() }}")),
    ("tpl_forbidden", p("{{ a.b.__class__ }}")),
    ("tpl_forbidden", p("{{ a * 3 }}")),
    ("tpl_forbidden", p("{{ [1, 2] }}")),
    ("tpl_forbidden", p("{{ a[b] }}")),
    ("tpl_forbidden", p("{{ a[1:2] }}")),
    ("tpl_forbidden", p("{% if a is string %}x{% endif %}")),
    ("tpl_forbidden", p("{{ a|dato('x') }}")),
    ("tpl_forbidden", p("{% macro x() %}")),
    ("tpl_forbidden", p("{% include 'x' %}")),
    ("tpl_forbidden", p("{% for k, v in a %}{% endfor %}")),
    ("tpl_forbidden", p("{%p import x %}")),
    ("tpl_dash_tag", p("{%- if a %}x{% endif %}")),
    ("tpl_rich_tag", p("{{p a }}")),
    ("tpl_end_without_start", p("{% endif %}")),
    ("tpl_end_without_start", p("{% else %}")),
    ("tpl_end_without_start", p("{% for x in a %}{% endif %}")),
    ("tpl_start_without_end", p("{% if a %}x")),
    ("tpl_tag_kinds_differ", p("{%p if a %}") + p("x") + p("{% endif %}")),
    ("tpl_block_crosses", p("{% if a %}x") + p("y{% endif %}")),
    ("tpl_block_crosses", p("{%p if a %}") + tbl(tr(p("{%p endif %}")), columns=1)),
    ("tpl_text_beside_tag", p("før {%p if a %}") + p("{%p endif %}")),
    ("tpl_text_beside_tag", tbl(tr(p("{%tr for x in a %}"), p("b")), tr(p("{%tr endfor %}")))),
    ("tpl_scope_outside", p("{%tr for x in a %}") + p("{%tr endfor %}")),
    ("tpl_clock_field", f"<w:p>{field('DATE')}</w:p>"),
    ("tpl_text_box", f"<w:p><w:r><w:txbxContent>{p('x')}</w:txbxContent></w:r></w:p>"),
    ("tpl_tracked_changes", f"<w:p><w:ins w:id='1' w:author='x'>{r('x')}</w:ins></w:p>"),
    ("tpl_foreign_content", '<w:altChunk r:id="rId9"/>'),
    ("tpl_lost_style", f"<w:p>{r('x', '<w:rPr><w:strike/></w:rPr>')}</w:p>"),
    ("tpl_lost_style", f"<w:p>{r('x', '<w:rPr><w:caps/></w:rPr>')}</w:p>"),
    ("tpl_comment", '<w:p><w:r><w:commentReference w:id="0"/></w:r></w:p>'),
    ("tpl_control_without_tag", f"<w:p>{sdt('', 'A', r('x'))}</w:p>"),
    ("tpl_control_without_alias", f"<w:p>{sdt('a', '', r('x'))}</w:p>"),
    ("tpl_control_bound", f"<w:p>{sdt('a', 'A', r('x'), BOUND)}</w:p>"),
    ("tpl_duplicate_alias", GOOD_CONTROL + f"<w:p>{sdt('b', 'A', r('x'))}</w:p>"),
]


def problems(body: str, **parts: str) -> tuple[Finding, ...]:
    return Template.open(docx(body, **parts)).problems


@pytest.mark.parametrize(("code", "body"), CASES)
def test_each_problem_is_found(code: str, body: str) -> None:
    found = problems(body)
    assert code in {one.code for one in found}
    assert all(one.place.part == "body" for one in found)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_the_shipped_templates_are_clean(path: Path) -> None:
    assert Template.open(path).problems == ()


def test_a_place_says_part_paragraph_and_how_it_begins() -> None:
    (found,) = problems(
        p("god dag") + p("og {{ a|datoo_lang }} til et langt avsnitt som går videre")
    )
    assert str(found.place) == "body, paragraph 2: «og {{ a|datoo_lang }} til et langt avsn…»"
    assert (found.code, found.suggestion) == (
        "tpl_unknown_filter",
        "{{ a|dato_lang }}",
    )
    (found,) = problems(p("a"), footer=p("{{ b"))
    assert str(found.place) == "footer1, paragraph 1: «{{ b»"


def test_an_error_in_an_attribute_is_found_too() -> None:
    (found,) = problems(picture("{{ a() }}"))
    assert (found.code, found.place.paragraph) == ("tpl_forbidden", None)


def test_a_template_with_errors_does_not_render() -> None:
    one = Template.open(docx(p("{{ a() }}")))
    with pytest.raises(MergeError) as caught:
        one.render({"a": "x"})
    assert caught.value.code == "tpl_has_errors"
    assert caught.value.params == {"count": 1, "first": "tpl_forbidden"}


def test_a_template_with_warnings_renders() -> None:
    one = Template.open(docx(f"<w:p>{r('x', '<w:rPr><w:strike/></w:rPr>')}</w:p>"))
    assert [problem.severity for problem in one.problems] == ["warning"]
    one.render({})


def test_fields_are_a_tree() -> None:
    body = (
        p("{{ a.b }} {% if c %}{{ d|dato }}{% endif %} {{ 'x' if e else f }}")
        + p("{%p for t in g.h %}")
        + p("{{ t.i }} {{ loop.index }} {% for u in t.j %}{{ u }}{% endfor %}")
        + p("{% if t.k %}{% endif %}")
        + p("{%p endfor %}")
    )
    text, condition = "text", "condition"
    assert Template.open(docx(body)).fields == (
        FieldNode("a.b", text),
        FieldNode("c", condition),
        FieldNode("d", text),
        FieldNode("e", condition),
        FieldNode("f", text),
        FieldNode(
            "g.h", "list", (FieldNode("i", text), FieldNode("j", "list"), FieldNode("k", condition))
        ),
    )
