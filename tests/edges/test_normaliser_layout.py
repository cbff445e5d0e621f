"""Tags that stand for rows, cells, paragraphs and runs; dashes; cells that are merged."""

from __future__ import annotations

import pytest

from bti_docs.merge.language.normalise import story
from tests.edges.docx_samples import p, r, tbl, tr
from tests.edges.normaliser_samples import (
    BOLD,
    DATA,
    inner,
    part,
    plain,
    rendered,
    shown,
    source,
)


def test_ranges_that_begin_or_end_at_a_scoped_tag_stay() -> None:
    start, end = '<w:bookmarkStart w:id="1" w:name="x"/>', '<w:bookmarkEnd w:id="1"/>'
    both = '<w:bookmarkStart w:id="2" w:name="y"/><w:bookmarkEnd w:id="2"/>'
    body = f"<w:p>{start}{both}{r('{%p if ja %}')}</w:p>{p('x')}<w:p>{r('{%p endif %}')}{end}</w:p>"
    assert source(body) == (f"{start}{{% if ja %}}{p('x')}{{% endif %}}{end}")
    four = '<w:commentRangeStart w:id="1"/>' + start + r("{%p endif %}") + '<w:permEnd w:id="9"/>'
    assert source(f"<w:p>{four}</w:p>").startswith(
        f'{{% endif %}}<w:commentRangeStart w:id="1"/>{start}<w:permEnd w:id="9"/>'
    )


@pytest.mark.parametrize(
    "name", ["bookmark", "commentRange", "perm", "moveFromRange", "moveToRange"]
)
def test_every_kind_of_range_stays(name: str) -> None:
    start, end = f'<w:{name}Start w:id="1"/>', f'<w:{name}End w:id="1"/>'
    body = f"<w:p>{start}{r('{%p if ja %}')}</w:p><w:p>{r('{%p endif %}')}{end}</w:p>"
    assert source(body) == f"{start}{{% if ja %}}{{% endif %}}{end}"


def test_a_section_end_stays_behind_its_tag() -> None:
    section = "<w:sectPr><w:pgSz/></w:sectPr>"
    paragraph = f"<w:p><w:pPr><w:jc/>{section}</w:pPr>{r('{%p endif %}')}</w:p>"
    assert source(paragraph) == f"{{% endif %}}<w:p><w:pPr>{section}</w:pPr></w:p>"


def test_a_scope_outside_its_table_stays_as_it_was_written() -> None:
    assert plain(source(p("{%tr for x in y %}{% vm %}"))) == "{%tr for x in y %}{% vm %}"
    assert plain(source(p("{{p a }}{{tr b }}"))) == "{{p a }}{{tr b }}"


def test_rich_text_stands_for_its_run() -> None:
    local = '<w:rPr xmlns:x="urn:x"><w:b/><x:y/></w:rPr>'
    body = (
        f"<w:p><w:r>{BOLD}<w:tab/><w:t>a{{{{r b.c }}}}{{{{r a if b else c }}}}d</w:t><w:cr/></w:r>"
    )
    body += f"{r('{{r b.c|f }}')}{r('{{r a }}', BOLD)}{r('{{r a }}', local)}</w:p>"
    made = story(part(body))
    assert inner(made.text) == (
        f'<w:p><w:r>{BOLD}<w:tab/><w:t xml:space="preserve">a</w:t></w:r>'
        "{{ b.c|_rich(0) }}{{ (a if b else c)|_rich(0) }}"
        f'<w:r>{BOLD}<w:t xml:space="preserve">d</w:t><w:cr/></w:r>'
        "{{ b.c|f|_rich(1) }}{{ a|_rich(0) }}{{ a|_rich(2) }}</w:p>"
    )
    assert made.run_properties == (BOLD, "", local)


def test_dashes_join_only_what_may_be_joined() -> None:
    section = "<w:pPr><w:sectPr/></w:pPr>"
    table = tbl(tr(p("x")), columns=1)
    assert shown(rendered(p("a") + table + p("{%- if ja %}b{% endif %}"), DATA)) == ["a", "x", "b"]
    assert shown(rendered(p("a", section) + p("{%- if ja %}b{% endif %}"), DATA)) == ["a", "b"]
    body = p("a") + p("{%- if ja %}b{% endif %}", section) + p("c")
    assert shown(rendered(body, DATA)) == ["ab", "c"]
    assert source(body).startswith("<w:p><w:pPr><w:sectPr/></w:pPr><w:r>")
    body = p("{%p if ja %}") + p("{%- if ja -%}") + p("{%p endif %}") + p("{% endif %}")
    assert plain(source(body)) == "{% if ja %}{% if ja %}{% endif %}{% endif %}"


def test_dashes_take_the_bookmarks_between_along_and_leave_pictures() -> None:
    mark = '<w:bookmarkStart w:id="1" w:name="x"/>'
    body = p("a ") + mark + p("{%- if ja -%} ") + mark + p(" b{% endif %}")
    assert source(body).count("<w:p>") == 1
    assert plain(source(body)) == "a {% if ja %} b{% endif %}"
    assert source(body).count(mark) == 2
    picture = "<w:r><w:drawing/></w:r>"
    body = p("a") + f"<w:p>{picture}{r(' {%- if ja -%} ')}{picture}</w:p>" + p("b{% endif %}")
    assert plain(source(body)) == "a{% if ja %}b{% endif %}"
    assert source(body).count("<w:p>") == 3
    assert source(p("a") + "<?bti-end 1?>" + p("{%- if ja %}")).count("<w:p>") == 2


def test_a_dash_of_a_value_eats_space_and_joins_nothing() -> None:
    body = p("a") + f"<w:p>{r('x ')}{r('  {{- a -}}  ', BOLD)}{r(' y')}</w:p>" + p("b")
    assert shown(rendered(body, DATA)) == ["a", "xOlay", "b"]
    assert shown(rendered(p("a") + p("{{- a -}}") + p("b"), DATA)) == ["a", "Ola", "b"]


CELL = '<w:tcPr><w:tcW w:w="1"/><w:gridSpan w:val="2"/>{}<w:vAlign w:val="top"/></w:tcPr>'


def cell(text: str, inside: str = "") -> str:
    return source(f"<w:tbl><w:tr><w:tc>{CELL.format(inside)}{p(text)}</w:tc></w:tr></w:tbl>")


def test_cells_get_their_properties_in_the_formats_order() -> None:
    assert '<w:tcW w:w="1"/><w:gridSpan w:val="{{ n|_columns }}"/><w:vAlign' in cell(
        "x{% colspan n %}"
    )
    shade = '<w:shd w:val="clear" w:fill="000000"/>'
    made = cell("x{% cellbg a.b %}", shade)
    assert '<w:shd w:val="clear" w:color="auto" w:fill="{{ a.b|_colour }}"/><w:vAlign' in made
    assert "000000" not in made
    made = cell("x{% hm %}")
    assert '<w:gridSpan w:val="{{ 2 * loop.length }}"/>' in made
    assert "<w:tr>{% if loop.first %}<w:tc>" in made
    assert "</w:tc>{% endif %}</w:tr>" in made
    bare = source(f"<w:tbl><w:tr><w:tc>{p('{% colspan 3 %}')}</w:tc></w:tr></w:tbl>")
    assert '<w:tc><w:tcPr><w:gridSpan w:val="{{ 3|_columns }}"/></w:tcPr><w:p/></w:tc>' in bare


def test_a_cell_merged_down_says_its_text_once() -> None:
    properties = '<w:pPr><w:pStyle w:val="x"/></w:pPr>'
    inside = f"{p('{% vm %}{{ a }}', properties)}{p('{%p if ja %}')}{p('b')}{p('{%p endif %}')}"
    old = '<w:vMerge w:val="restart"/><w:shd/>'
    body = f"{p('{%p for x in rader %}')}<w:tc><w:tcPr>{old}</w:tcPr>{inside}</w:tc>"
    made = source(body + p("{%p endfor %}"))
    assert (
        '<w:tcPr>{% if loop.first %}<w:vMerge w:val="restart"/>{% else %}'
        '<w:vMerge w:val="continue"/>{% endif %}<w:shd/></w:tcPr>{% if loop.first %}<w:p>'
    ) in made
    assert f"{{% endif %}}{{% else %}}<w:p>{properties}</w:p>{{% endif %}}</w:tc>" in made
    assert shown(rendered(body + p("{%p endfor %}"), DATA)) == ["Ola", "b", ""]


def test_comments_with_a_scope_leave_nothing() -> None:
    assert source(p("{#p tull #}") + p("x{#r tull #}y")) == f"<w:p>{r('x')}{r('y')}</w:p>"


def test_a_table_in_a_cell_that_goes_takes_its_tags_along() -> None:
    mark = '<w:bookmarkStart w:id="1" w:name="x"/>'
    table = f"<w:tbl>{mark}{tr(p('{%tr for x in rader %}'))}{tr(p('{%tr endfor %}'))}</w:tbl>"
    body = tbl(tr(p("{%tc if ja %}") + table, p("x"), p("{%tc endif %}")), columns=1)
    assert plain(source(body)) == "{% if ja %}x{% endif %}"


def test_a_run_keeps_what_else_it_holds() -> None:
    inside = "<w:tab/><w:t>{%r if ja %}</w:t><w:cr/><w:t>y{%r endif %}</w:t>"
    assert source(f"<w:p><w:r>{BOLD}{inside}</w:r></w:p>") == (
        f"<w:p><w:r>{BOLD}<w:tab/></w:r>{{% if ja %}}<w:r>{BOLD}<w:cr/>"
        '<w:t xml:space="preserve">y</w:t></w:r>{% endif %}</w:p>'
    )
