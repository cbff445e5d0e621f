"""The workbook: made from the manifests, read back as it was, robust against what people do."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import tracemalloc
import unicodedata
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from bti_docs.core.layout import MAX_SHEET_NAME, sheet_name
from bti_docs.core.problems import Place, Problem
from bti_docs.messages import LANGUAGES, text
from bti_docs.workbook import mark_problems, write_workbook
from bti_docs.workbook.scan import column_letters, column_number
from tests.intake_samples import (
    case_manifest,
    codes,
    edited,
    judge,
    manifests,
    profile,
    read,
    workbook,
)

SOFFICE = shutil.which("soffice")
PRV = "PRV Prøveskjema"


def load(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def xlsx(data: bytes) -> tuple[bytes, str]:
    return data, "arbeidsbok.xlsx"


def made(rows: list[list[object]], sheet: str = PRV) -> bytes:
    """A workbook somebody made themselves, with one sheet."""
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_office_is_valid_in_every_language(language: str) -> None:
    checked = judge(read(xlsx(workbook(language=language))))
    assert not checked.problems
    assert len(checked.cases) == 4
    assert {document.type for document in checked.documents} == {"ANO", "KRV", "PRV"}


def test_the_example_office_has_the_hard_families() -> None:
    records = [entry.record for entry in judge(read(xlsx(workbook()))).cases]
    together, apart, protected, pregnant = records
    assert len({g.household for g in together.guardians}) == 1
    assert len({g.household for g in apart.guardians}) == 2
    assert protected.protected
    assert (pregnant.child.kind, pregnant.guardians) == ("gravid", ())


def test_documents_of_the_protected_case_are_left_to_a_person() -> None:
    checked = judge(read(xlsx(workbook())))
    protected = next(entry.key for entry in checked.cases if entry.record.protected)
    assert protected not in {document.case_key for document in checked.documents}


def test_an_empty_workbook_has_nothing_but_examples() -> None:
    checked = judge(read(xlsx(workbook(example=False))))
    assert codes(checked) == ["example_skipped", "no_rows"]
    assert checked.problems[0].severity == "note"
    assert not checked.cases
    assert not checked.documents


def test_the_same_call_gives_the_same_bytes() -> None:
    again = write_workbook(
        manifests(),
        case_manifest(),
        profile(),
        language="nb",
        workbook_id="WB-PROEVE",
        example=True,
    )
    assert again == workbook()


def test_a_workbook_knows_itself_again_after_it_was_worked_in() -> None:
    worked = edited(workbook(), lambda book: book["Saker"].cell(20, 2, None))
    assert read(xlsx(worked)).identity == "WB-PROEVE"
    first = {document.key for document in judge(read(xlsx(worked))).documents}
    assert first == {document.key for document in judge(read(xlsx(workbook()))).documents}


def test_sheets_look_as_they_should() -> None:
    book = load(workbook(example=False))
    assert book.sheetnames[:4] == ["Les meg først", "Saker", "Foresatte", "Deltakere"]
    assert book["Lister"].sheet_state == "hidden"
    sheet = book[PRV]
    assert sheet.freeze_panes == "C4"
    headers = {cell.value: cell for cell in sheet[3]}
    assert headers["Nr *"].comment.text.startswith("Ditt eget nummer")
    assert headers["Møtedato *"].fill.fgColor.rgb != headers["Tittel"].fill.fgColor.rgb
    assert "Arenaer: Hjemme" in headers
    dated = headers["Møtedato *"].column_letter
    assert sheet.column_dimensions[dated].number_format == "dd.mm.yyyy"
    assert sheet.column_dimensions[headers["Tittel"].column_letter].number_format == "@"
    form = headers["Form"].column_letter
    (rule,) = [r for r in sheet.data_validations.dataValidation if f"{form}4:" in str(r.sqref)]
    assert rule.formula1.startswith("'Lister'!")
    assert rule.showErrorMessage


def test_open_lists_do_not_insist() -> None:
    sheet = load(workbook())["PRV Tiltak"]
    letters = {cell.value: cell.column_letter for cell in sheet[3]}
    (rule,) = [
        r
        for r in sheet.data_validations.dataValidation
        if f"{letters['Tjeneste']}4:" in str(r.sqref)
    ]
    assert not rule.showErrorMessage


def test_known_cases_come_filled_and_are_read_back_the_same() -> None:
    entry = judge(read(xlsx(workbook()))).cases[1]
    known = {
        "sak": "2026-0147",
        **entry.record.norwegian(),
        "dokumenter": {"PRV": {"moete.dato": "2027-01-21", "tiltak": [{"tiltak": "Ro"}]}},
    }
    data = write_workbook(
        manifests(), case_manifest(), profile(), language="nn", workbook_id="W2", cases=[known]
    )
    checked = judge(read(xlsx(data)))
    assert checked.cases[0].record == entry.record
    assert checked.cases[0].case_id == "2026-0147"
    (document,) = checked.documents
    assert document.values["moete.dato"] == date(2027, 1, 21)
    assert document.values["tiltak"][0]["tiltak"] == "Ro"
    assert not codes(checked)


def test_hard_values_of_a_sheet() -> None:
    data = made(
        [
            ["Nr", "sak", "MØTEDATO", "Fra klokka", "Antall", unicodedata.normalize("NFD", "Form")],
            [1.0, "2026-0147", date(2026, 12, 3), 0.5, 12.0, unicodedata.normalize("NFD", "Åpen ")],
            [2, "2026-0147", "3.12.26", 9.3, "12", "lukka, utan gjester"],
            [None, None, None, None, None, "  "],
        ]
    )
    checked = judge(read(xlsx(data)))
    assert codes(checked) == ["workbook_without_id"]
    assert [d.key for d in checked.documents] == ["arbeidsbok/PRV/1", "arbeidsbok/PRV/2"]
    one, two = (dict(document.values) for document in checked.documents)
    assert one == {"moete.dato": date(2026, 12, 3), "moete.start": "12:00", "antall": 12,
                   "form": "aapen"}  # fmt: skip
    assert (two["moete.dato"], two["moete.start"]) == (date(2026, 12, 3), "09:30")
    assert (two["antall"], two["form"]) == (12, "lukket")


def test_a_raw_serial_number_is_a_date_and_says_so() -> None:
    data = made([["Nr", "Sak", "Møtedato"], [1, "2026-0147", 46359]])
    checked = judge(read(xlsx(data)))
    assert checked.documents[0].values["moete.dato"] == date(2026, 12, 3)
    assert "date_from_number" in codes(checked)


@pytest.mark.parametrize("name", ["PRV", "prøveskjema", "PRV Prøveskjema", "Sample form"])
def test_a_sheet_is_known_by_code_or_title(name: str) -> None:
    data = made([["Nr", "Sak", "Møtedato"], [1, "2026-0147", "3.12.2026"]], name)
    assert len(judge(read(xlsx(data))).documents) == 1


def test_child_rows_are_joined_by_the_number_people_see() -> None:
    def add(book: Workbook) -> None:
        sheet = book["PRV Tiltak"]
        sheet.cell(8, 1, "2")
        sheet.cell(8, 2, "Et mål til")

    checked = judge(read(xlsx(edited(workbook(), add))))
    one, two = [d for d in checked.documents if d.type == "PRV"]
    assert (len(one.values["tiltak"]), len(two.values["tiltak"])) == (2, 3)


def test_guardians_may_be_joined_by_the_case_number() -> None:
    def renumber(book: Workbook) -> None:
        book["Saker"]["B4"] = "2026-0147"
        book["Foresatte"]["A4"] = "2026-0147"

    checked = judge(read(xlsx(edited(workbook(), renumber))))
    assert not checked.problems
    assert [g.name for g in checked.cases[0].record.guardians] == ["Anne Eksempel", "Ola Eksempel"]


def test_an_empty_sheet_is_passed_over_and_a_strange_one_is_named() -> None:
    def add(book: Workbook) -> None:
        book.create_sheet("Ark1")
        book.create_sheet("Notater")["A1"] = "husk melk"

    assert codes(judge(read(xlsx(edited(workbook(), add))))) == ["extra_sheet"]


def test_csv_in_every_dress() -> None:
    wanted = None
    for delimiter in ";,\t":
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
            out = io.StringIO()
            writer = csv.writer(out, delimiter=delimiter)
            writer.writerow(["Nr", "type", "sak", "Møtedato", "form", "notat", "leder.navn"])
            writer.writerow(["7", "prv", "2026-0147", "3.12.2026", "Åpen", "a, b; c\nd", "Åse"])
            checked = judge(read((out.getvalue().encode(encoding), "bunke1.csv")))
            assert not checked.problems, (delimiter, encoding)
            wanted = wanted or checked.documents[0]
            assert checked.documents == (wanted,)
    assert wanted
    assert wanted.key == "bunke1/PRV/7"
    assert wanted.values["notat"] == "a, b; c\nd"


def test_csv_takes_its_type_from_the_command_and_its_number_from_the_line() -> None:
    data = "sak;Møtedato\n2026-0147;3.12.2026\n\n2026-0148;4.12.2026\n".encode()
    checked = judge(read((data, "b.csv"), "PRV"))
    assert [d.key for d in checked.documents] == ["b/PRV/2", "b/PRV/4"]


def test_cases_may_come_as_csv() -> None:
    data = "Nr;Fornavn;Etternavn;Fødselsdato\n1;Kari;Eksempel;17.08.2015\n".encode("cp1252")
    (entry,) = judge(read((data, "b.csv"), "SAK")).cases
    assert entry.record.child.name == "Kari Eksempel"


def test_json_is_the_same_input() -> None:
    data = made([["Nr", "Sak", "Møtedato", "Antall"], [1, "2026-0147", "3.12.2026", 12]])
    body = {"dokumenter": [{"id": "1", "type": "PRV", "sak": "2026-0147",
            "felter": {"moete": {"dato": "2026-12-03"}, "antall": "12"}}]}  # fmt: skip
    from_xlsx = judge(read(xlsx(data))).documents[0]
    from_json = judge(read((json.dumps(body).encode("utf-8-sig"), "x.json"))).documents[0]
    assert from_xlsx.values == from_json.values


def test_a_marked_copy_shows_what_to_correct_and_can_be_used_again() -> None:
    def spoil(book: Workbook) -> None:
        book[PRV]["E4"] = "31.2.2026"
        book[PRV]["Z3"] = "Ekstra"

    bad = edited(workbook(), spoil)
    problems = judge(read(xlsx(bad))).problems
    marked = mark_problems(bad, [(p, text(p.code, "nb", **p.params)) for p in problems])
    book = load(marked)
    assert book.sheetnames[0] == "Rett dette"
    listed = [tuple(c.value for c in row) for row in book["Rett dette"].iter_rows(min_row=5)]
    assert (PRV, "E4", "Feil") in [row[:3] for row in listed]
    cell = book[PRV]["E4"]
    assert cell.fill.fgColor.rgb == "FFFFC7CE"
    assert "31.2.2026" in cell.comment.text
    assert codes(judge(read(xlsx(marked)))) == [p.code for p in problems]
    fixed = edited(marked, lambda book: book[PRV].__setitem__("E4", "3.2.2026"))
    assert read(xlsx(fixed)).identity == "WB-PROEVE"
    clean = load(mark_problems(fixed, []))[PRV]["E4"]
    assert clean.comment is None
    assert clean.fill.fgColor.rgb != "FFFFC7CE"


def test_marking_is_repeatable_and_safe_with_odd_places() -> None:
    problems = [
        (Problem("extra_sheet", Place("finnes ikke", 1, "A")), "=1+1"),
        (Problem("bad_date", Place(PRV, 4)), "hele raden"),
    ]
    first = mark_problems(workbook(), problems)
    assert first == mark_problems(workbook(), problems)
    assert load(first)["Rett dette"]["D5"].data_type == "s"


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    known = {"sak": "2026-0001", "barn": {"fornavn": "=1+1", "etternavn": "Eksempel"}}
    data = write_workbook(
        manifests(), case_manifest(), profile(), language="nb", workbook_id="W", cases=[known]
    )
    (entry,) = judge(read(xlsx(data))).cases
    assert entry.record.child.given_name == "=1+1"


@given(st.text(min_size=1, max_size=80))
def test_every_title_makes_a_name_excel_takes(title: str) -> None:
    name = sheet_name(title)
    assert len(name) <= MAX_SHEET_NAME
    assert not set("[]:*?/\\") & set(name)


@given(st.integers(1, 16_384))
def test_column_letters_and_numbers(number: int) -> None:
    assert column_number(column_letters(number)) == number


line = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)


@settings(max_examples=25, deadline=None)
@given(line, st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=80))
def test_texts_come_back_from_a_workbook_as_they_were(title: str, note: str) -> None:
    started = {"PRV": {"moete.dato": "2026-12-03", "tittel": title, "notat": note}}
    child = {"fornavn": "K", "etternavn": "E"}
    known = {"sak": "2026-0001", "barn": child, "dokumenter": started}
    one = {"PRV": manifests()["PRV"]}
    data = write_workbook(one, case_manifest(), profile(), language="nb", workbook_id="W",
                          cases=[known])  # fmt: skip
    body = {"dokumenter": [{"id": "1", "type": "PRV", "sak": "2026-0001",
            "felter": started["PRV"]}]}  # fmt: skip
    wanted = judge(read((json.dumps(body).encode(), "x.json"))).documents
    found = judge(read(xlsx(data))).documents
    assert [d.values for d in found] == [d.values for d in wanted]


def test_a_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(5):
            package.writestr(f"xl/{number}.xml", b"0" * 100_000_000)
    with pytest.raises(Exception, match="input_too_large"):
        read(xlsx(out.getvalue()))


def big(rows: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("PRV")
    sheet.append(["Nr", "Sak", "Møtedato", "Fra klokka", "Antall", "Tittel", "Notat", "Hastesak",
                  "Form", "Arenaer: Hjemme", "Arenaer: Fritid", "Leder: navn"])  # fmt: skip
    for number in range(1, rows + 1):
        sheet.append([number, f"2026-{number:04d}", date(2026, 12, 3), "09.30", 12, "Prøve",
                      "Et notat om prøven", "ja", "Åpen", "x", None, "Siri Stafett"])  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.soak
def test_twenty_thousand_rows_are_read_in_bounded_memory() -> None:
    data = big(20_000)
    tracemalloc.start()
    checked = judge(read(xlsx(data)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(checked.documents) == 20_000
    assert peak < 200_000_000


@pytest.mark.office
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_keeps_a_workbook_whole(tmp_path: Path) -> None:
    (tmp_path / "inn.xlsx").write_bytes(workbook())
    command = [SOFFICE or "", f"-env:UserInstallation=file://{tmp_path}/profil", "--headless",
               "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "ut"),
               str(tmp_path / "inn.xlsx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    saved = judge(read(tmp_path / "ut" / "inn.xlsx"))
    made_here = judge(read(xlsx(workbook())))
    assert not saved.problems
    assert saved.cases == made_here.cases
    assert saved.documents == made_here.documents
