"""workbook, issue, print, sent, settle."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook

from tests.flow import offices
from tests.surface.conftest import CASE, Command

Refs = Callable[[str], list[str]]


def test_a_workbook_is_made_filled_and_issued(bti: Command, tmp_path: Path) -> None:
    book = tmp_path / "bok.xlsx"
    assert bti("workbook", book, "--example").code == 0
    assert bti("workbook", book, "--example").code == 4
    made = bti("issue", book, json_out=True)
    assert made.code == 0
    assert made.json["problems"] == []
    assert len(made.json["issued"]) > 10
    assert Path(made.json["heap"]).is_file()
    again = bti("issue", book, json_out=True).json
    assert again["issued"] == []
    assert again["skipped"] == len(made.json["issued"])


def test_of_many_cases_the_first_and_last_are_named(bti: Command, tmp_path: Path) -> None:
    children = [{"fornavn": f"Ola {n}", "foedselsdato": f"2015-01-{n:02}"} for n in range(1, 22)]
    cases = [offices.case(f"s{n}", [], child) for n, child in enumerate(children)]
    path = tmp_path / "saker.json"
    path.write_text(json.dumps(offices.batch(cases[:10], [], "ti")), encoding="utf-8")
    assert "10 (2026-0002, 2026-0003, " in bti("issue", path).out
    path.write_text(json.dumps(offices.batch(cases[10:], [], "elleve")), encoding="utf-8")
    assert "11 (2026-0012 … 2026-0022)" in bti("issue", path).out


def test_a_workbook_comes_filled_with_what_the_office_knows(bti: Command, tmp_path: Path) -> None:
    book = tmp_path / "kjent.xlsx"
    assert bti("workbook", book, "--all-open", "--type", "REF").code == 0
    values = {cell.value for sheet in load_workbook(book) for row in sheet for cell in row}
    assert {CASE, "Kari", "Mona Prøvesen", "Siv Stafett"} <= values
    assert bti("workbook", tmp_path / "x.xlsx", "--cases", "2026-9999").code == 4
    assert bti("workbook", tmp_path / "x.xlsx", "--type", "XXX").code == 3


def test_problems_come_all_at_once_with_a_marked_copy(bti: Command, tmp_path: Path) -> None:
    book = tmp_path / "feil.xlsx"
    bti("workbook", book, "--example")
    document = load_workbook(book)
    sheet = next(s for s in document if s.title.startswith("INV"))
    header = 3
    date = next(c.column for c in sheet[header] if str(c.value).startswith("Dato"))
    for row in range(header + 1, header + 3):
        sheet.cell(row, date).value = "31.02.2026"
    document.save(book)
    said = bti("issue", book, json_out=True)
    assert said.code == 4
    assert said.json["issued"] == []
    assert len(said.json["problems"]) >= 2
    problem = said.json["problems"][0]
    assert problem["cell"]
    assert problem["message"]
    assert (tmp_path / "feil_rettes.xlsx").is_file()
    text = bti("issue", book).out
    assert "personopplysninger" in text
    some = bti("issue", book, "--skip-invalid", json_out=True)
    assert some.code == 4
    assert some.json["issued"]


def test_input_that_is_not_there(bti: Command, tmp_path: Path) -> None:
    assert bti("issue", tmp_path / "borte.xlsx").code == 4
    (tmp_path / "rart.bin").write_bytes(b"\x00\x01")
    assert bti("issue", tmp_path / "rart.bin").code == 4


def test_print_and_sent_and_settle(bti: Command, refs: Refs, tmp_path: Path) -> None:
    wanted = refs("SAM")
    heap = tmp_path / "bunke.pdf"
    assert bti("print", *wanted, "--heap", heap, "--reminder", json_out=True).json["count"] == 2
    assert heap.read_bytes().startswith(b"%PDF")
    assert bti("sent", *wanted, "--how", "post", json_out=True).json == {
        "sent": wanted, "before": 0, "unfinished": [],
    }  # fmt: skip
    assert bti("sent", *wanted, "--how", "post", json_out=True).json["before"] == 2
    assert bti("settle", wanted[0], "--how", "refused", "--by", "f1", "--why", "Sa nei").code == 0
    assert bti("settle", wanted[0], "--how", "oral", "--why", "x").code == 4
    assert bti("settle", "7K3M", "--how", "oral", "--why", "x").code == 2
    log = bti("log", CASE, json_out=True).json
    assert [c["outcome"] for c in log["consents"]] == ["refused"]


def test_an_answer_that_is_nobodys_says_how_to_write_it(bti: Command, refs: Refs) -> None:
    first, second = refs("SAM")
    partly = bti("settle", first, "--how", "partly", "--why", "Ringte", "--by", "f1")
    assert "case consent note" in partly.out
    assert "--outcome given --by f1 --service" in partly.out
    assert bti("log", CASE, json_out=True).json["consents"] == []
    part = bti("settle", second, "--how", "partly", "--why", "Ringte", "--without", "ppt",
               json_out=True)  # fmt: skip
    assert part.json | {"ref": ""} == {
        "ref": "", "case_id": CASE, "how": "partly", "settled": True, "consent": "partly",
        "missing": ["f1"],
    }  # fmt: skip
    (consent,) = bti("log", CASE, json_out=True).json["consents"]
    assert (consent["services"], consent["in_force"]) == (["skole"], False)


def test_the_yes_of_one_home_is_told_to_wait(bti: Command, refs: Refs) -> None:
    said = bti("settle", refs("SAM")[0], "--how", "oral", "--by", "f1", "--why", "Ringte").out
    assert "er avgjort" in said
    assert "Per Eksempel (f2)" in said
    other = bti("settle", refs("SAM")[1], "--how", "other-channel", "--why", "SMS").out
    assert "--outcome given --by f2" in other


def test_a_sheet_for_two_stays_open_for_the_other(bti: Command, tmp_path: Path) -> None:
    home = [offices.guardian(), offices.guardian("Per Eksempel")]
    body = offices.batch([offices.case("s2", home, {"fornavn": "Ida"})],
                         [offices.consent("b", "s2")], "to")  # fmt: skip
    source = tmp_path / "to.json"
    source.write_text(json.dumps(body), encoding="utf-8")
    (made,) = bti("issue", source, json_out=True).json["issued"]
    said = bti("settle", made["ref"], "--how", "oral", "--by", "f1", "--why", "Ringte").out
    assert "er avgjort" not in said
    assert "Per Eksempel (f2)" in said
    (waits,) = [o for o in bti("outstanding", json_out=True).json if o["ref"] == made["ref"]]
    assert waits["missing"] == ["f2"]
    last = bti("settle", made["ref"], "--how", "oral", "--by", "f2", "--why", "Ringte",
               json_out=True)  # fmt: skip
    assert (last.json["settled"], last.json["missing"]) == (True, [])
    (consent,) = bti("log", made["case_id"], json_out=True).json["consents"]
    assert consent["in_force"]


def test_a_batch_of_nothing_but_cases_says_their_numbers(bti: Command, tmp_path: Path) -> None:
    path = tmp_path / "saker.json"
    new = offices.case("x", child={"fornavn": "Ida"})
    path.write_text(json.dumps({"saker": [new]}), encoding="utf-8")
    assert "2026-0002" in bti("issue", path).out
    assert "ingenting nytt" in bti("issue", path).out
    new["barn"]["klasse"] = "6A"
    path.write_text(json.dumps({"saker": [new]}), encoding="utf-8")
    assert "«5A» → «6A»" in bti("issue", path).out
    assert bti("issue", path, "--replace", json_out=True).json["changed"] == ["2026-0002"]
    path.write_text("{}", encoding="utf-8")
    empty = bti("issue", path)
    assert (empty.code, "Ingen rader" in empty.out) == (0, True)
    assert bti("issue", path, "--case", "2026-0077").code == 4
