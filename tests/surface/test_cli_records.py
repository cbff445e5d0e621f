"""log, outstanding, export, deposit, verify, checkpoint, reindex, and the workbook's commands."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bti_docs.cli import records
from bti_docs.cli.main import run
from bti_docs.errors import ArchiveError
from tests.flow import offices
from tests.surface.conftest import CASE, Command

Refs = Callable[[str], list[str]]
Drop = Callable[..., Path]


def test_the_log_fits_a_terminal_and_names_people_only_there(bti: Command) -> None:
    text = bti("log", CASE).out
    assert max(map(len, text.splitlines())) <= 80
    assert "Kari Prøvesen" in text
    assert "VENTER PÅ" in text
    plain = bti("log", CASE, json_out=True)
    assert {"case_id", "level", "relay_holder", "status", "head", "events", "measures",
            "consents"} <= plain.json.keys()  # fmt: skip
    assert "Prøvesen" not in plain.out
    assert "Stafett" not in plain.out
    assert plain.json["head"]["count"] == plain.json["events"][-1]["n"]


def test_the_log_as_a_page_is_not_written_over(bti: Command, tmp_path: Path) -> None:
    page = tmp_path / "logg.html"
    assert bti("log", CASE, "--html", page).code == 0
    assert "Kari Prøvesen" in page.read_text(encoding="utf-8")
    page.write_text("mitt eget", encoding="utf-8")
    assert bti("log", CASE, "--html", page).code == 4
    assert page.read_text(encoding="utf-8") == "mitt eget"


def test_what_is_outstanding_comes_overdue_first(bti: Command) -> None:
    found = bti("outstanding", "--on", "2027-02-01", json_out=True).json
    overdue = [one["days_overdue"] for one in found]
    assert overdue == sorted(overdue, reverse=True)
    assert {"ref", "case_id", "type", "issued", "due", "days_overdue"} <= found[0].keys()
    named = bti("outstanding", "--names", json_out=True).json
    assert named[0]["name"] == "Kari Prøvesen (2015)"
    text = bti("outstanding", "--on", "2027-02-01").out
    assert "dager over fristen" in text
    assert "stafettholder Siv Stafett 40000009" in text


def test_a_copy_goes_to_a_new_folder_and_is_recorded(
    root: Path, bti: Command, tmp_path: Path
) -> None:
    target = tmp_path / "kopi"
    made = bti("export", CASE, target, "--for", "f1", json_out=True)
    assert made.code == 0
    assert "START_HER.html" in made.json["files"]
    assert (target / "Samlet.pdf").read_bytes().startswith(b"%PDF")
    if shutil.which("sha256sum"):
        check = ["sha256sum", "-c", "--quiet", "sjekksummer.txt"]
        assert subprocess.run(check, cwd=target, check=False).returncode == 0
    events = bti("log", CASE, json_out=True).json["events"]
    assert events[-1]["kind"] == "exported"
    assert bti("export", CASE, target, "--for", "f1").code == 4
    assert bti("export", CASE, root / "outbox" / "kopi", "--for", "f1").code == 4
    paper = bti("export", CASE, tmp_path / "papir", "--for", "f1", "--paper", json_out=True)
    assert paper.json["files"] == ["Samlet.pdf"]
    assert bti("export", CASE, tmp_path / "ny", "--for", "d1").code == 4
    assert bti("export", CASE, tmp_path / "ny").code == 2


def test_an_archivist_gets_files_and_a_list(
    bti: Command, refs: Refs, drop: Drop, tmp_path: Path
) -> None:
    assert bti("deposit", "2026-9999", tmp_path / "x").code == 4
    bti("sent", *refs("SAM"), "--how", "post", "--on", "2026-11-20")
    drop("en.pdf", refs("SAM")[0])
    bti("inbox", "--once")
    bti("case", "journal", refs("SAM")[0], "26/12-3")
    target = tmp_path / "avlevering"
    assert bti("deposit", CASE, target, json_out=True).json["documents"] == 7
    rows = list(csv.DictReader(io.StringIO((target / "liste.csv").read_text("utf-8-sig")),
                               delimiter=";"))  # fmt: skip
    by_file = {row["Fil"]: row for row in rows}
    assert set(by_file) == {p.name for p in (target / "dokumenter").iterdir()}
    returned = next(row for row in rows if row["Journalposttype"] == "I")
    assert returned["Referanse"] == refs("SAM")[0]
    assert returned["Tittel"] == "Samtykkeskjema"
    assert returned["Skjermet tittel"] == "Samtykkeskjema – Kari Prøvesen, 17.08.2015"
    assert returned["Nummer i kommunens arkiv"] == "26/12-3"
    assert {row["Journalposttype"] for row in rows} == {"I", "U", "X"}
    assert all(row["Hjemmel"].startswith("offl. § 13") for row in rows)
    sheet = load_workbook(target / "liste.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(rows[0])
    assert sheet.max_row == 1 + len(rows)


def test_verify_says_what_is_not_as_it_was_and_writes_nothing_more(
    root: Path, bti: Command, tmp_path: Path
) -> None:
    office_events = root / "archive" / "kontor" / "hendelser"
    point = tmp_path / "punkt.txt"
    assert bti("checkpoint", point).code == 0
    assert bti("verify", "--checkpoint", point).code == 0
    count = len(list(office_events.iterdir()))
    assert bti("verify", CASE).code == 0
    assert len(list(office_events.iterdir())) == count
    document = next((root / "archive" / "saker" / CASE / "dokumenter").glob("*.pdf"))
    document.write_bytes(document.read_bytes() + b"x")
    found = bti("verify", json_out=True)
    assert found.code == 8
    assert found.json["ok"] is False
    (finding,) = (f for f in found.json["findings"] if not f["note"])
    assert (finding["case_id"], finding["kind"]) == (CASE, "changed")
    assert finding["message"]
    assert len(list(office_events.iterdir())) == count
    last = max((root / "archive" / "saker" / CASE / "hendelser").iterdir())
    last.unlink()
    kinds = {
        f["kind"] for f in bti("verify", "--checkpoint", point, json_out=True).json["findings"]
    }
    assert "head" in kinds


def test_a_broken_case_is_named_and_the_others_can_be_read(root: Path, bti: Command) -> None:
    middle = sorted((root / "archive" / "saker" / CASE / "hendelser").iterdir())[2]
    middle.unlink()
    for words in (("case", "list"), ("outstanding",), ("tray",)):
        others = bti(*words)
        assert others.code == 0
        assert f"! Sak {CASE} er skadet" in others.err
    assert bti("case", "show", CASE).code == 8
    assert bti("log", CASE).code == 8
    assert bti("checkpoint", root.parent / "punkt.txt").code == 8
    assert bti("doctor").code == 3
    assert bti("verify").code == 8
    assert bti("verify", "--checkpoint", root / "borte.txt").code == 4


def test_verify_answers_where_nothing_can_be_written(
    bti: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise ArchiveError("disk_full", reason="ENOSPC")

    monkeypatch.setattr(records, "note_verified", full)
    said = bti("verify", json_out=True)
    assert said.code == 0
    assert said.json["ok"] is True
    assert "Disken er full" in said.err


def test_verify_works_when_the_office_cannot_be_opened(root: Path, bti: Command) -> None:
    middle = sorted((root / "archive" / "kontor" / "hendelser").iterdir())[2]
    middle.unlink()
    assert bti("case", "list").code == 8
    assert bti("verify").code == 8


def test_an_index_that_cannot_be_written_is_told_of_and_done_without(
    root: Path, bti: Command
) -> None:
    shutil.rmtree(root / "indeks")
    (root / "indeks").touch()
    said = bti("case", "list")
    assert said.code == 0
    assert "indeksen" in said.err
    assert "Kari Prøvesen" in said.out
    (index,) = (c for c in bti("doctor", json_out=True).json["checks"] if c["check"] == "index")
    assert (index["ok"], index["needed"]) == (False, False)


def test_a_second_place_gets_the_checkpoint_too(root: Path, bti: Command, tmp_path: Path) -> None:
    config = root / "config.toml"
    second = tmp_path / "annet-sted"
    text = config.read_text(encoding="utf-8")
    config.write_text(f'{text}\n[sikring]\nkontrollpunkt = "{second}"\n', encoding="utf-8")
    made = bti("checkpoint", tmp_path / "punkt.txt", json_out=True).json
    assert len(made["files"]) == 2
    assert len(list(second.iterdir())) == 1


def test_the_index_is_only_a_cache(root: Path, bti: Command) -> None:
    before = bti("case", "list", json_out=True).json
    assert bti("reindex").code == 0
    shutil.rmtree(root / "indeks")
    assert bti("case", "list", json_out=True).json == before


def test_json_is_one_document_also_for_an_empty_office(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = offices.new_office(tmp_path / "tomt")
    capsys.readouterr()
    for words in (["case", "list"], ["outstanding"], ["tray"], ["inbox", "--once"], ["verify"]):
        assert run(["-C", str(root), "--json", *words]) == 0
        json.loads(capsys.readouterr().out)
