"""Documents that come back: their values, their rows, and what else was changed."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bti_docs.merge import ReadBack, Template
from tests.edges.docx_samples import (
    body_xml,
    docx,
    edited,
    field,
    p,
    r,
    saved_by_word,
    sdt,
    tbl,
    tc,
    tr,
)

SOFFICE = shutil.which("soffice")
DATE = '<w:date><w:dateFormat w:val="dd.MM.yyyy"/></w:date>'
CHOICE = '<w:dropDownList><w:listItem w:displayText="Ny" w:value="ny"/></w:dropDownList>'


def inline(tag: str, alias: str, kind: str = '<w:text w:multiLine="1"/>') -> str:
    expression = tag.replace("tiltak.", "t.") + ("|dato" if kind == DATE else "")
    return f"<w:p>{sdt(tag, alias, r('{{ ' + expression + ' }}'), kind)}</w:p>"


DATE_CONTROL = sdt("moete.dato", "Dato", r("{{ moete.dato|dato }}"), DATE)
MINUTES = Template.open(
    docx(
        p("Referat")
        + f"<w:p>{r('Dato: ')}{DATE_CONTROL}{r('.')}</w:p>"
        + sdt("situasjon", "Situasjon", p("{{ situasjon }}"), "")
        + tbl(
            tr(p("Nr."), p("Mål"), p("Ansvarlig"), p("Frist"), p("Status")),
            tr(p("{%tr for t in tiltak %}"), *["<w:p/>"] * 4),
            tr(
                p("{{ loop.index }}"),
                inline("tiltak.maal", "Tiltak: mål"),
                sdt("tiltak.ansvarlig", "Tiltak: ansvarlig", p("{{ t.ansvarlig }}"), ""),
                inline("tiltak.frist", "Tiltak: frist", DATE),
                inline("tiltak.status", "Tiltak: status", CHOICE),
            ),
            tr(p("{%tr endfor %}"), *["<w:p/>"] * 4),
            columns=5,
        )
        + p("Merknader meldes til stafettholderen.")
        + sdt("slutt", "Slutt", p("{{ slutt }}"), ""),
        header=p("{{ kommune }}"),
        footer=f"<w:p>{r('Side ')}{field('PAGE')}{r(' av ')}{field('NUMPAGES')}</w:p>",
    )
)
ROWS = [
    {"maal": "Sove\nbedre", "ansvarlig": "Kari Prøvesen", "frist": "2026-12-03", "status": "ny"},
    {"maal": "Lese", "ansvarlig": "Ola Eksempel", "frist": "", "status": ""},
]
DATA: dict[str, Any] = {
    "kommune": "Testkommunen",
    "moete": {"dato": "2026-12-03"},
    "situasjon": "Går greit.\nMer å gjøre.",
    "tiltak": [{**row, "status": row["status"].title()} for row in ROWS],
    "slutt": "",
}
ISSUED = MINUTES.render(DATA)
VALUES = {"moete.dato": "2026-12-03", "situasjon": DATA["situasjon"], "slutt": ""}


def back(docx_file: bytes) -> ReadBack:
    return MINUTES.read_back(docx_file, issued=ISSUED)


def unchanged(read: ReadBack) -> None:
    assert read.values == VALUES
    assert read.rows == {"tiltak": ROWS}
    assert read.changes == ()
    assert read.problems == ()


def test_the_template_is_clean() -> None:
    assert MINUTES.problems == ()


def test_what_was_rendered_is_read() -> None:
    unchanged(back(ISSUED))
    unchanged(MINUTES.read_back(ISSUED))


def test_words_own_marks_do_not_matter() -> None:
    saved = saved_by_word(ISSUED)
    assert saved != ISSUED
    unchanged(back(saved))


def test_a_page_number_is_no_change() -> None:
    footer = "word/footer1.xml"
    unchanged(back(edited(ISSUED, '">1</w:t>', '">17</w:t>', footer)))


@pytest.mark.office
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_what_libreoffice_saves_is_read(tmp_path: Path) -> None:
    source = tmp_path / "issued.docx"
    source.write_bytes(ISSUED)
    subprocess.run(
        [
            str(SOFFICE),
            "--headless",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--convert-to",
            "docx",
            "--outdir",
            str(tmp_path / "out"),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=100,
    )
    saved = (tmp_path / "out" / "issued.docx").read_bytes()
    assert "w:tag" not in body_xml(saved)
    unchanged(back(saved))


def test_values_written_by_hand_are_read() -> None:
    filled = edited(ISSUED, ">Lese<", ">Skrive &amp; lese<")
    filled = edited(filled, ">Går greit.<", ">Går bedre.<")
    read = back(filled)
    assert read.rows["tiltak"][1]["maal"] == "Skrive & lese"
    assert read.values["situasjon"] == "Går bedre.\nMer å gjøre."
    assert read.changes == ()


def test_a_value_written_into_an_empty_control_is_read() -> None:
    filled = edited(ISSUED, "<w:showingPlcHdr/></w:sdtPr>", "</w:sdtPr>")
    assert "Skriv her" in body_xml(filled)
    assert back(filled).values["slutt"] == ""  # the mark is lost, and nothing was written
    assert back(edited(filled, "Skriv her", "Takk")).values["slutt"] == "Takk"


def test_a_row_added_by_hand_is_read() -> None:
    new = tr(p("3"), p("Leke"), p("Per Testmann"), p("10.12.2026"), p("Ny"))
    read = back(edited(ISSUED, "</w:tbl>", f"{new}</w:tbl>"))
    assert read.rows["tiltak"][2] == {
        "maal": "Leke",
        "ansvarlig": "Per Testmann",
        "frist": "2026-12-10",
        "status": "ny",
    }
    assert read.changes == ()


def test_a_row_copied_or_taken_out_by_hand_is_read() -> None:
    xml = body_xml(ISSUED)
    last = xml[xml.rindex("<w:tr>") : xml.rindex("</w:tr>") + len("</w:tr>")]
    read = back(edited(ISSUED, last, last + last))
    assert [row["maal"] for row in read.rows["tiltak"]] == ["Sove\nbedre", "Lese", "Lese"]
    assert read.changes == ()
    read = back(edited(ISSUED, last, ""))
    assert read.rows["tiltak"] == ROWS[:1]
    assert read.changes == ()


def test_a_control_deleted_in_a_row_leaves_its_text() -> None:
    xml = body_xml(ISSUED)
    start = xml.rindex("<w:sdt>", 0, xml.index(">Lese<"))
    control = xml[start : xml.index("</w:sdt>", start) + len("</w:sdt>")]
    read = back(edited(ISSUED, control, r("Lese mer")))
    assert read.rows["tiltak"][1]["maal"] == "Lese mer"
    assert read.changes == ()


def test_several_paragraphs_in_one_control_are_lines() -> None:
    end = ">Kari Prøvesen</w:t></w:r></w:p>"
    read = back(edited(ISSUED, end, end + p("Ola Eksempel")))
    assert read.rows["tiltak"][0]["ansvarlig"] == "Kari Prøvesen\nOla Eksempel"
    assert read.changes == ()


def test_lines_are_paragraphs_of_their_control() -> None:
    xml = body_xml(ISSUED)
    assert "<w:br/>" not in xml
    assert '<w:spacing w:after="0"/></w:pPr><w:r><w:t xml:space="preserve">Sove<' in xml
    assert '<w:spacing w:before="0"/></w:pPr><w:r><w:t xml:space="preserve">bedre<' in xml


def test_changed_official_text_is_shown() -> None:
    (change,) = back(edited(ISSUED, "Merknader meldes", "Merknader meldes ikke")).changes
    assert change.before == "Merknader meldes til stafettholderen."
    assert change.after == "Merknader meldes ikke til stafettholderen."
    assert change.place.part == "body"
    (change,) = back(edited(ISSUED, "<w:sectPr>", p("Lagt til.") + "<w:sectPr>")).changes
    assert (change.before, change.after) == ("", "Lagt til.")
    changes = back(edited(ISSUED, "Testkommunen", "Nabokommunen", "word/header1.xml")).changes
    assert {(change.before, change.after) for change in changes} == {
        ("Testkommunen", ""),
        ("", "Nabokommunen"),
    }


def test_text_written_beside_the_fields_of_a_row_is_shown() -> None:
    (change,) = back(edited(ISSUED, ">1</w:t>", ">1 (gjelder ikke)</w:t>")).changes
    assert change.after == "1 (gjelder ikke)"


def test_white_space_and_composition_are_no_change() -> None:
    changed = edited(ISSUED, "Merknader meldes til", "Merknader\u00a0meldes  til")
    assert back(changed).changes == ()
    assert back(edited(ISSUED, "Mål<", "Ma\u030al<")).changes == ()


def test_tracked_changes_comments_and_lost_controls_are_problems() -> None:
    tracked = edited(ISSUED, r("."), f'<w:ins w:id="1" w:author="x">{r(".")}</w:ins>')
    assert [one.code for one in back(tracked).problems] == ["rb_tracked_changes"]
    noted = edited(ISSUED, r("."), f'{r(".")}<w:r><w:commentReference w:id="0"/></w:r>')
    assert [one.code for one in back(noted).problems] == ["rb_comments"]
    xml = body_xml(ISSUED)
    start = xml.index("<w:sdt>")
    control = xml[start : xml.index("</w:sdt>") + len("</w:sdt>")]
    lost = back(edited(ISSUED, control, ""))
    assert [(one.code, dict(one.params)) for one in lost.problems] == [
        ("rb_control_missing", {"tag": "moete.dato"})
    ]


def test_a_field_that_stands_twice_counts_where_it_was_changed() -> None:
    one = Template.open(docx(inline("a", "A") + inline("a", "A")))
    issued = one.render({"a": "før"})
    second = body_xml(issued).rindex(">før<")
    xml = body_xml(issued)
    changed = edited(issued, xml[second - 60 :], xml[second - 60 :].replace("før", "etter", 1))
    read = one.read_back(changed, issued=issued)
    assert (read.values, read.problems) == ({"a": "etter"}, ())
    both = edited(changed, ">før<", ">midt<")
    assert [p.code for p in one.read_back(both, issued=issued).problems] == ["rb_two_values"]


def test_tick_boxes_and_foreign_controls() -> None:
    box = '<w14:checkbox><w14:checked w14:val="{}"/></w14:checkbox>'
    body = f"<w:p>{sdt('ja', 'Ja', r('☐'), box.format(0))}</w:p>" + p("Fast")
    one = Template.open(docx(body))
    issued = one.render({})
    assert one.read_back(issued, issued=issued).values == {"ja": False}
    ticked = edited(issued, 'w14:val="0"', 'w14:val="1"')
    assert one.read_back(ticked, issued=issued).values == {"ja": True}
    foreign = edited(issued, ">Fast<", "> Fast<")
    foreign = edited(foreign, r(" Fast"), sdt("fremmed", "Fremmed", r("Fast")))
    assert one.read_back(foreign, issued=issued).changes == ()


def test_a_list_in_paragraphs_begins_a_row_where_a_key_comes_again() -> None:
    body = p("{%p for t in tiltak %}") + inline("tiltak.a", "A") + inline("tiltak.b", "B")
    one = Template.open(docx(body + p("{%p endfor %}")))
    rows = [{"a": "1", "b": "2"}, {"a": "3", "b": ""}]
    issued = one.render({"tiltak": rows})
    assert one.read_back(issued, issued=issued).rows == {"tiltak": rows}


def test_a_cell_control_is_read() -> None:
    cell = sdt("x", "X", tc(p("{{ x }}")), "")
    one = Template.open(docx(tbl(f"<w:tr>{tc(p('Navn'))}{cell}</w:tr>", columns=2)))
    issued = one.render({"x": "Ola"})
    assert one.read_back(issued, issued=issued).values == {"x": "Ola"}
    assert one.read_back(one.render({"x": ""})).values == {"x": ""}


VALUE = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=30)
    .map(lambda value: unicodedata.normalize("NFC", value.strip()))
    .filter(lambda value: value != "Skriv her")
)
LINES = st.lists(VALUE.filter(bool), min_size=1, max_size=3).map("\n".join)
DAY = st.dates().map(str)
ROW = st.fixed_dictionaries(
    {"maal": LINES, "ansvarlig": VALUE, "frist": DAY, "status": st.just("Fri tekst")}
)


@given(st.lists(ROW, max_size=4), LINES, VALUE)
@settings(max_examples=40, deadline=None)
def test_any_values_go_out_and_come_back(
    rows: list[dict[str, str]], situation: str, last: str
) -> None:
    issued = MINUTES.render({**DATA, "tiltak": rows, "situasjon": situation, "slutt": last})
    read = MINUTES.read_back(saved_by_word(issued), issued=issued)
    assert read.rows == {"tiltak": rows}
    assert read.values["situasjon"] == situation
    assert read.values["slutt"] == last
    assert read.changes == ()
