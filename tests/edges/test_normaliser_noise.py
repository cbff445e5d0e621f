"""What editing left in a file goes, and nothing that shows."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bti_docs.merge.language.noise import drop_instructions, tidy
from tests.edges.docx_samples import r
from tests.edges.normaliser_samples import (
    BOLD,
    inner,
    part,
    shown,
)


def test_instructions_and_comments_go_and_the_text_behind_them_stays() -> None:
    root = etree.fromstring("<a><?x y?>1<!-- c -->2<b/>3<?bti-control 4?>5<!-- d --></a>")
    drop_instructions(root)
    assert etree.tostring(root) == b"<a>12<b/>35</a>"


def test_noise_goes_and_nothing_that_shows() -> None:
    root = part(
        '<w:p w:rsidR="1" w:rsidRDefault="2">\n <w:pPr/> <w:r w:rsidRPr="3"><w:t>a</w:t></w:r>'
        '<w:proofErr w:type="spellStart"/><w:r><w:rPr/><w:lastRenderedPageBreak/>'
        '<w:t xml:space="preserve">b</w:t><w:t xml:space="preserve"> c</w:t></w:r>'
        f"<w:r>{BOLD}<w:t>d</w:t></w:r><w:r>{BOLD}<w:t>e</w:t></w:r><w:r>{BOLD}<w:tab/></w:r>"
        "<w:r><w:t xml:space='preserve'> </w:t></w:r><w:r><w:t> f</w:t></w:r>"
        "<w:bookmarkEnd w:id='1'/><w:r><w:t>g</w:t></w:r></w:p> <w:p> </w:p>"
    )
    tidy(root)
    assert inner(etree.tostring(root).decode()) == (
        '<w:p><w:pPr/><w:r><w:t xml:space="preserve">ab c</w:t></w:r>'
        f"<w:r>{BOLD}<w:t>de</w:t></w:r><w:r>{BOLD}<w:tab/></w:r>"
        '<w:r><w:t xml:space="preserve"> </w:t></w:r><w:r><w:t> f</w:t></w:r>'
        '<w:bookmarkEnd w:id="1"/><w:r><w:t>g</w:t></w:r></w:p><w:p/>'
    )


PIECES = [
    r("a"), r(" b "), r("c", BOLD), r("d", BOLD), "<w:r><w:t> e</w:t></w:r>",
    "<w:r><w:tab/></w:r>", '<w:proofErr w:type="x"/>', "<w:bookmarkEnd w:id='1'/>", "<w:r/>", " ",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12))
@settings(max_examples=80, deadline=None)
def test_tidying_twice_changes_nothing_more(pieces: list[str]) -> None:
    root = part(f"<w:p>{''.join(pieces)}</w:p>")
    before = shown(root)
    tidy(root)
    once = etree.tostring(root)
    tidy(root)
    assert etree.tostring(root) == once
    assert shown(root) == before
