"""The paper of a document that was finished in Word: nothing is left blank to fill in by hand."""

from __future__ import annotations

import pytest

from bti_docs.merge import Template, print_form
from tests.edges.docx_samples import body_xml, docx, edited, members, p, r, sdt, tbl, tr
from tests.edges.minutes_samples import MEASURE, issued, measure
from tests.edges.word_habits import Desk, done


def rows(content: bytes) -> list[int]:
    """How many rows each table of the body has."""
    root = Desk(content).root
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    return [len(table.findall(f"{w}tr")) for table in root.iter(f"{w}tbl")]


def test_blank_rows_go_when_the_minutes_are_finished() -> None:
    finished = done(
        issued(),
        measure(0),
        measure(2, MEASURE | {"nr": "2"}),
        lambda d: d.type_into("tiltak.nr", "3", 3),
    )
    before, after = rows(print_form(finished)), _printed(finished)
    assert [was - now for was, now in zip(before, after, strict=True)] == [0, 3, 0, 2, 0]
    text = body_xml(print_form(finished, finished=True))
    assert text.count(">Møter i porten<") == 2
    assert "Klikk eller" not in text


def _printed(content: bytes) -> list[int]:
    return rows(print_form(content, finished=True))


def test_a_list_with_nothing_keeps_one_row() -> None:
    before, after = rows(print_form(issued())), _printed(issued())
    assert (before[3], after[3]) == (5, 2)


def test_unfinished_minutes_keep_what_is_to_be_filled_in() -> None:
    assert rows(print_form(issued())) == rows(print_form(issued(), finished=False))
    assert rows(print_form(issued()))[3] == 5


def test_the_same_bytes_each_time() -> None:
    finished = done(issued(), measure(0))
    once = print_form(finished, finished=True)
    assert print_form(finished, finished=True) == once
    assert members(once).keys() == members(issued()).keys()


@pytest.mark.parametrize(
    ("beside", "kept"), [("", 1), ("1.", 1), ("Sum", 2)], ids=["bare", "number", "label"]
)
def test_only_rows_that_say_nothing_go(beside: str, kept: int) -> None:
    def row(text: str) -> str:
        control = f"<w:p>{sdt('t.a', 'A', r(text))}</w:p>"
        return tr(p(beside) if beside else "<w:p/>", control)

    made = docx(tbl(row("Noe"), row("Skriv her"), columns=2))
    assert _printed(made) == [kept]
    assert rows(print_form(made)) == [2]
    assert "Skriv her" not in body_xml(print_form(made))


def test_a_prompt_in_another_language() -> None:
    template = Template.open(docx(f"<w:p>{sdt('a', 'A', r('{{ a }}'))}</w:p>"), language="en")
    made = template.render({"a": ""}, placeholder="Write here")
    lost = edited(made, "<w:showingPlcHdr/>", "")
    assert "Write here" in body_xml(print_form(lost))
    assert "Write here" not in body_xml(print_form(lost, prompt="Write here"))
    assert template.read_back(lost, placeholder="Write here").values == {"a": ""}
