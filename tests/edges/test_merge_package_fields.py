"""Fields that fetch from outside the file: what they show stays, what they say goes."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bti_docs.merge.word.package import open_package
from bti_docs.merge.word.trust import make_trusted
from bti_docs.merge.word.trust_fields import unlink_fields
from bti_docs.merge.word.xml import parse, serialise
from tests.edges.docx_samples import W, docx, field, p, r
from tests.edges.trust_samples import body, trusted

FETCHING = [
    "INCLUDEPICTURE http://example.org/a.png \\d",
    'INCLUDEPICTURE"http://example.org/a.png"',
    "  includetext C:\\\\a.docx",
    "INCLUDE x",
    "DDE Excel x",
    "DDEAUTO c:\\\\x",
    "LINK Excel.Sheet.12 x",
    "IMPORT x",
    "EMBED Package",
    "RD x",
    "RTF x",
    "DATABASE \\d x",
    'HYPERLINK "file:///x"',
    'HYPERLINK \\o "tips" "\\\\\\\\tjener\\\\x"',
    "HYPERLINK x.docx",
    "HYPERLINK \\\\\\\\tjener\\\\x",
    'HYPERLINK \\n \\t "_blank" "file:///x"',
    'HYPERLINK "file:///x',
]
STAYING = [
    "PAGE",
    "NUMPAGES \\* MERGEFORMAT",
    "REF DDE",
    "= 1 + 2",
    "TOC \\o",
    "MERGEFIELD LINK",
    'HYPERLINK "https://example.org" \\o "file:x"',
    'HYPERLINK \\l "sted"',
    'HYPERLINK \\o "tips" \\l "sted"',
    'HYPERLINK "{{ lenke }}"',
    "HYPERLINK",
    "LINKED",
]


Maker = Callable[[str], str]


def simple(instruction: str) -> str:
    return f"<w:fldSimple w:instr={quoteattr(instruction)}>{r('vist')}</w:fldSimple>"


MAKERS: tuple[Maker, ...] = (simple, lambda one: field(one, "vist"))


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("instruction", FETCHING)
def test_fields_that_fetch_become_what_they_show(
    instruction: str, make: Callable[[str], str]
) -> None:
    package, found = trusted(docx(f"<w:p>{r('før ')}{make(instruction)}{r(' etter')}</w:p>"))
    name = re.findall("[A-Z]+", instruction.upper())[0]
    assert [(one[0], one[1], one[3]) for one in found] == [
        ("tpl_outside_field_removed", "warning", {"field": name})
    ]
    assert found[0][2].startswith("body, paragraph 1: «før")
    assert f"<w:p>{r('før ')}{r('vist')}{r(' etter')}</w:p>" in body(package)


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("instruction", STAYING)
def test_other_fields_stay(instruction: str, make: Maker) -> None:
    package = open_package(docx(f"<w:p>{make(instruction)}</w:p>"))
    assert make_trusted(package) == (package, ())


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def said(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>'


BEGIN, THEN, END = mark("begin"), mark("separate"), mark("end")
PAGE = BEGIN + said("PAGE") + THEN + r("7") + END
QUOTE = BEGIN + said("QUOTE 68 68 69") + THEN + r("DDE") + END
QUOTE_SIMPLE = f'<w:fldSimple w:instr="QUOTE 68 68 69">{r("DDE")}</w:fldSimple>'


@pytest.mark.parametrize(
    ("runs", "left", "names"),
    [
        # the name is in pieces; a field stands in the instruction, another in what is shown
        (BEGIN + said(" DD") + said("EAUTO x") + THEN + r("a") + END, r("a"), ["DDEAUTO"]),
        (BEGIN + said("LINK x ") + PAGE + THEN + r("a") + END, r("a"), ["LINK"]),
        (BEGIN + said("LINK x") + THEN + r("a") + PAGE + END, r("a") + PAGE, ["LINK"]),
        (PAGE + BEGIN + said("DDE x") + END + PAGE, PAGE + PAGE, ["DDE"]),
        (BEGIN + said("IF 1 = 1 ") + BEGIN + said("DDE x") + THEN + r("a") + END + THEN + r("b")
         + END, BEGIN + said("IF 1 = 1 ") + r("a") + THEN + r("b") + END, ["DDE"]),
        # marks in one run, with looks
        ('<w:r><w:rPr><w:b/></w:rPr><w:fldChar w:fldCharType="begin"/><w:instrText>DDE x'
         '</w:instrText><w:fldChar w:fldCharType="separate"/><w:t>a</w:t></w:r>' + END,
         "<w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r>", ["DDE"]),
        (BEGIN + said("= ") + PAGE + said(" + 1") + THEN + r("8") + END, None, []),
        (BEGIN + said("IF ") + PAGE + said(" = 1 a b") + THEN + r("8") + END, None, []),
        (END + THEN + said("DDE x") + r("a"), None, []),
    ],
)  # fmt: skip
def test_fields_in_fields(runs: str, left: str | None, names: list[str]) -> None:
    package, found = trusted(docx(f"<w:p>{runs}</w:p>"))
    assert [one[3]["field"] for one in found] == names
    assert {one[1] for one in found} <= {"warning"}
    assert f"<w:p>{runs if left is None else left}</w:p>" in body(package)


@pytest.mark.parametrize(
    ("runs", "name"),
    [
        (BEGIN + QUOTE + said(" x") + THEN + r("a") + END, "?"),
        (BEGIN + said(" ") + QUOTE + said(" x") + THEN + r("a") + END, "?"),
        (BEGIN + said("D") + QUOTE + said(" x") + THEN + r("a") + END, "?"),
        (BEGIN + QUOTE_SIMPLE + said(" x") + THEN + r("a") + END, "?"),
        (BEGIN + said("DDE x") + THEN + r("a"), "DDE"),
        (BEGIN + said("DDE x"), "DDE"),
    ],
)
def test_fields_that_cannot_be_judged_are_refused(runs: str, name: str) -> None:
    package, found = trusted(docx(f"<w:p>{runs}</w:p>"))
    assert [(one[0], one[1], one[3]) for one in found] == [
        ("tpl_outside_field", "error", {"field": name})
    ]
    assert f"<w:p>{runs}</w:p>" in body(package)


def test_a_link_whose_address_a_field_makes_becomes_text() -> None:
    runs = BEGIN + said("HYPERLINK ") + QUOTE + THEN + r("a") + END
    package, found = trusted(docx(f"<w:p>{runs}</w:p>"))
    assert [one[3] for one in found] == [{"field": "HYPERLINK"}]
    assert f"<w:p>{r('a')}</w:p>" in body(package)


def test_a_field_over_several_paragraphs_leaves_them() -> None:
    paragraphs = (
        f"<w:p>{BEGIN}{said('INCLUDETEXT x')}{THEN}{r('en')}</w:p>"
        f"<w:p>{r('to')}</w:p><w:p>{END}</w:p>"
    )
    package, _ = trusted(docx(paragraphs))
    assert f"<w:p>{r('en')}</w:p><w:p>{r('to')}</w:p><w:p/>" in body(package)


def test_a_field_in_the_header_is_told_there() -> None:
    package, found = trusted(docx(p("x"), header=f"<w:p>{field('DDE x')}</w:p>"))
    assert found[0][2].startswith("header1, paragraph 1")
    assert b"DDE" not in package.members["word/header1.xml"]


PIECES = st.lists(
    st.sampled_from(["DDE", "LINK", "PAGE", "IF", "=", " ", "HYPERLINK", '"file:x"', "\\l", "D"]),
    max_size=4,
).map("".join)


@st.composite
def fields_at_random(draw: st.DrawFn) -> str:
    kinds = st.sampled_from([BEGIN, THEN, END, r("a"), "instruction", QUOTE_SIMPLE])
    return "".join(
        said(draw(PIECES).replace('"', "&quot;")) if one == "instruction" else one
        for one in draw(st.lists(kinds, max_size=14))
    )


@given(fields_at_random())
@settings(deadline=None, max_examples=300)
def test_after_one_cleaning_there_is_nothing_left_to_clean(runs: str) -> None:
    root = parse(f'<w:p xmlns:w="{W}">{runs}</w:p>'.encode(), "x")
    shown = re.findall(r"<w:t [^>]*>a</w:t>", runs)
    first = list(unlink_fields(root))
    once = serialise(root)
    again = list(unlink_fields(root))
    assert serialise(root) == once
    assert not any(one.removed for one in again)
    assert len(again) <= len([one for one in first if not one.removed])
    if not first:
        assert len(re.findall(r"<w:t [^>]*>a</w:t>", once.decode())) == len(shown)
