"""Tags in Word's XML: put together again wherever Word cut them, and nothing else moved."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bti_docs.merge.language.normalise import property_source, story
from bti_docs.merge.language.tags import paragraphs
from tests.edges.docx_samples import p, r, sdt, tbl, tr
from tests.edges.normaliser_samples import (
    BOLD,
    DATA,
    MC,
    ODD,
    canonical,
    jinja,
    part,
    plain,
    rendered,
    shown,
    source,
)

MARKS = (
    '<w:bookmarkStart w:id="{0}" w:name="m{0}"/>',
    '<w:bookmarkEnd w:id="{0}"/>',
    '<w:commentRangeStart w:id="{0}"/>',
    '<w:commentRangeEnd w:id="{0}"/>',
)
NOISE = ('<w:proofErr w:type="spellStart"/>', "<w:lastRenderedPageBreak/>", "")


def split(text: str, chance: random.Random) -> str:
    """A paragraph with the text in random runs, and what Word leaves between them."""
    cuts = sorted(chance.sample(range(1, len(text)), min(len(text) - 1, chance.randint(0, 12))))
    written = []
    for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(text)], strict=True)):
        looks = chance.choice(["", BOLD, '<w:rPr><w:lang w:val="nb-NO"/></w:rPr>'])
        written += [r(text[start:end], looks), chance.choice(MARKS).format(number)]
        written.append(chance.choice(NOISE))
    return f"<w:p>{''.join(written)}</w:p>"


SENTENCES = (
    "Hei {{ a }}, {% if ja and b.c == «Kari» %}og {{ b.c }}{% endif %}{{ a|store }}.",
    "{% for x in rader %}{{ x.n }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{{a}}{{b.c}}{# tull #}{_{ a }_}{{ 'x}}' }}",
    "a{%r if ja %}b{{ a }}{%r endif %}c{{r a }}d",
    "Hei {%- if ja -%} , {{- a -}} !{% endif %}",
)


@given(st.sampled_from(SENTENCES), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_a_tag_may_be_cut_anywhere(sentence: str, chance: random.Random) -> None:
    body = split(sentence, chance)
    made = rendered(body, DATA)
    assert "".join(shown(made)) == "".join(shown(rendered(p(sentence), DATA)))
    for mark in ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd"):
        assert source(body).count(mark) == body.count(mark)
    assert b"proofErr" not in etree.tostring(made)


@given(st.lists(st.sampled_from(SENTENCES), max_size=2), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_a_tag_for_a_paragraph_or_a_row_may_be_cut_anywhere(
    sentences: list[str], chance: random.Random
) -> None:
    def document(one: Callable[[str], str]) -> str:
        inside = "".join(one(text) for text in sentences) + one("{{ y.n }}")
        rows = tbl(tr(one("{%tr for y in rader %}")), tr(inside), tr(one("{%tr endfor %}")))
        return one("{%p for y in rader %}") + inside + one("{%p endfor %}") + rows

    made = rendered(document(lambda text: split(text, chance)), DATA)
    assert shown(made) == shown(rendered(document(p), DATA))


@given(ODD, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_odd_text_is_read_alike_in_one_piece_and_in_many(text: str, chance: random.Random) -> None:
    whole = p(text)
    pieces = split(text, chance) if len(text) > 1 else whole
    assert plain(source(pieces)) == plain(source(whole))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
@settings(deadline=None)
def test_text_without_tags_stays(text: str) -> None:
    root = part(
        p(text.replace("{", "(").replace("}", ")")).replace("\ufffe", "").replace("\uffff", "")
    )
    own = etree.tostring(root).decode()
    made = story(root).text
    assert etree.tostring(root).decode() == own
    assert canonical(etree.fromstring(made)) == canonical(root)


def test_everything_between_the_pieces_stays() -> None:
    body = (
        f"<w:p>{r('{{ ')}<w:bookmarkStart w:id='1' w:name='x'/><w:commentRangeStart w:id='2'/>"
        '<w:r><w:footnoteReference w:id="3"/></w:r><w:r><w:drawing/></w:r><?bti-picture 4?>'
        f"<w:hyperlink>{r('a ')}</w:hyperlink><w:ins w:id='5' w:author='x'>{r('}')}</w:ins>"
        f"{r('}')}<w:bookmarkEnd w:id='1'/></w:p>"
    )
    assert source(body) == (
        '<w:p><w:r><w:t xml:space="preserve">{{ a }}</w:t></w:r>'
        '<w:bookmarkStart w:id="1" w:name="x"/><w:commentRangeStart w:id="2"/>'
        '<w:r><w:footnoteReference w:id="3"/></w:r><w:r><w:drawing/></w:r><?bti-picture 4?>'
        '<w:bookmarkEnd w:id="1"/></w:p>'
    )


def test_a_run_goes_only_when_it_held_nothing_but_a_tag() -> None:
    body = (
        f"<w:p>{r('{{ a')}<w:r><w:rPr><w:i/></w:rPr><w:t> }}}}</w:t><w:tab/></w:r>"
        f"<w:r>{BOLD}<w:t/></w:r></w:p>"
    )
    made = source(body)
    assert "<w:r><w:rPr><w:i/></w:rPr><w:tab/></w:r>" in made
    assert f"<w:r>{BOLD}<w:t/></w:r>" in made
    # a control keeps its run, whose looks are those of what is typed there
    kept = source(f"<w:p>{r('{{ a')}{sdt('k', 'K', r(' }}', BOLD))}</w:p>")
    assert f"<w:sdtContent><w:r>{BOLD}</w:r></w:sdtContent>" in kept


def test_a_tag_over_two_lines_reads_a_space_and_a_page_break_stays() -> None:
    line, page = "<w:r><w:br/></w:r>", '<w:r><w:br w:type="page"/></w:r>'
    hyphen = "<w:r><w:t>{% if a %}a</w:t><w:noBreakHyphen/><w:t>b{% endif %}</w:t></w:r>"
    made = source(
        f"<w:p>{r('{% if a')}{line}{r('and b %}')}{line}{hyphen}{r('{{ a')}{page}{r(' }}')}</w:p>"
    )
    assert "{% if a and b %}</w:t></w:r><w:r><w:br/></w:r>" in made
    assert "a</w:t><w:noBreakHyphen/><w:t" in made
    assert '{{ a }}</w:t></w:r><w:r><w:br w:type="page"/></w:r>' in made


def test_a_tab_stop_is_no_tab() -> None:
    stops = '<w:pPr><w:tabs><w:tab w:val="left" w:pos="1"/></w:tabs></w:pPr>'
    body = f"<w:p>{stops}{r('{{')}{r(' a }}')}</w:p>"
    assert [found.text for found in paragraphs(part(body), "body")] == ["{{ a }}"]
    made = source(body)
    assert stops in made
    assert "{{ a }}" in made


def test_tags_of_fields_and_formulas_are_joined_too() -> None:
    m = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    code = "<w:r><w:instrText>{}</w:instrText></w:r>"
    body = (
        f"<w:p>{code.format(' HYPERLINK {{ ')}{r('{% if a %}')}{code.format('a }} ')}"
        f"<m:oMath {m}><m:r><m:t>{{{{ b</m:t></m:r><m:r><m:t> }}}}</m:t></m:r></m:oMath></w:p>"
    )
    made = source(body)
    assert '<w:instrText xml:space="preserve"> HYPERLINK {{ a }}</w:instrText>' in made
    assert "{{ b }}</m:t>" in made


def test_a_text_box_has_its_own_tags_in_both_of_its_forms() -> None:
    box = f"<w:txbxContent>{p('{%p if ja %}')}<w:p>{r('{{ ')}{r('a }}')}</w:p>{p('{%p endif %}')}"
    box += "</w:txbxContent>"
    body = (
        f"<w:p>{r('{{ b')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>{r('.c }}')}</w:p>"
    )
    assert shown(rendered(body, DATA)) == ["KariOlaOla", "Ola", "Ola"]
    assert MC in story(part(body)).text


def test_tags_in_attributes_are_read_as_typed() -> None:
    described = '<wp:docPr id="1" descr="Om {{ a|f }} &amp; {{ “&lt;x&gt;” }}"/>'
    body = f"<w:p><w:r><w:drawing>{described}</w:drawing></w:r></w:p>"
    assert 'descr="Om {{ a|f }} &amp; {{ "<x>" }}"' in source(body)


def test_properties_and_addresses() -> None:
    root = etree.fromstring("<x><y>{{ a &lt; “b” }}{# c #}</y><z n='{{ d }}'>&lt;</z></x>")
    assert property_source(root) == '<x><y>{{ a < "b" }}</y><z n="{{ d }}">&lt;</z></x>'
    uri = "http://schemas.openxmlformats.org/package/2006/relationships"
    root = etree.fromstring(
        f'<Relationships xmlns="{uri}"><Relationship Target="https://x/%7b%7B%20a%7Cf%20%7D%7d/'
        '%20{{%20b }}"/></Relationships>'
    )
    assert 'Target="https://x/{{ a|f }}/%20{{ b }}"' in property_source(root)
    assert b"%7b%7B" in etree.tostring(root)


def test_characters_that_nobody_means_are_no_marks() -> None:
    body = p("\ufdd00\ufdd0{{ a }}\ufdd1")
    assert shown(rendered(body, DATA)) == ["\ufdd00\ufdd0Ola\ufdd1"]


def test_lint_sees_the_tags_that_the_normaliser_sees() -> None:
    [found] = paragraphs(part(f"<w:p>{r('{{ a {%')}{r('p if x -%} b')}{r(' }}')}</w:p>"), "body")
    assert [(tag.text, tag.dash, tag.word) for tag in found.tags] == [("{%p if x %}", True, "if")]
    assert (found.loose, found.rest) == ("{{", "{{ a  b }}")
    [found] = paragraphs(part(p("{{{ a }}} {_{")), "body")
    assert (found.loose, found.rest) == ("", "} ")


def test_takes_linear_time() -> None:
    def seconds(count: int) -> float:
        odd = "{{ a ‘ « } {# {% \" 'b }} %} {{ x }}"
        root = part("<w:p>" + (r(odd) + r("{%- if a", BOLD)) * count + "</w:p>")
        start = time.process_time()
        story(root)
        return time.process_time() - start

    seconds(50)
    assert seconds(2000) < 40 * max(seconds(200), 0.005)


def test_jinja_prints_signs_that_are_escaped_as_docxtpl_does() -> None:
    text = plain(source(p("{_{ a }_} {_% b %_}")))
    assert jinja().from_string(text).render() == "{{ a }} {% b %}"


def test_every_break_in_a_tag_is_read_as_what_it_looks_like() -> None:
    inside = "<w:t>{% if</w:t><w:cr/><w:t>a</w:t><w:tab/><w:t>in 'x</w:t><w:noBreakHyphen/>"
    inside += "<w:t>y' and lang</w:t><w:softHyphen/><w:t>t %}z{%</w:t>"
    inside += '<w:br w:type="textWrapping"/><w:t>endif %}</w:t>'
    made = source(f"<w:p><w:r>{inside}</w:r></w:p>").replace(' xml:space="preserve"', "")
    assert made == (
        "<w:p><w:r><w:t>{% if a in 'x-y' and langt %}</w:t><w:t>z{% endif %}</w:t></w:r></w:p>"
    )
