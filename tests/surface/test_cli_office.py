"""init, doctor, staff, and how errors and options reach a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from bti_docs import files
from bti_docs.cli.main import bti_docs, run
from bti_docs.errors import ArchiveError
from bti_docs.messages import codes
from tests.surface.conftest import CASE, Command


def test_an_office_is_made_once_and_never_over_something_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "hjem"))
    folder = tmp_path / "kontor"
    assert run(["init", str(folder)]) == 0
    assert "profil.toml" in capsys.readouterr().out
    marker = (folder / "archive" / "bti-archive.toml").read_bytes()
    assert run(["init", str(folder)]) == 0
    assert (folder / "archive" / "bti-archive.toml").read_bytes() == marker
    (tmp_path / "annet").mkdir()
    (tmp_path / "annet" / "noe.txt").write_text("x", encoding="utf-8")
    assert run(["init", str(tmp_path / "annet")]) == 3
    assert "tom mappe" in capsys.readouterr().err


def test_outside_an_office_one_is_told_where_to_go(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["case", "list"]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert "bti-docs init" in said.err
    assert "office_not_found" in said.err


def test_the_environment_names_the_office(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BTI_DOCS_OFFICE", str(root))
    assert run(["case", "list"]) == 0
    assert "Kari Prøvesen" in capsys.readouterr().out


def test_the_language_of_the_office_is_spoken(root: Path, bti: Command) -> None:
    config = root / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('spraak = "nb"', 'spraak = "nn"'), encoding="utf-8")
    assert "Ingenting ventar" in bti("tray").out
    assert "finst" in bti("case", "show", "2026-9999").err


def test_the_doctor_says_that_a_new_office_is_ready(bti: Command) -> None:
    found = bti("doctor", json_out=True)
    assert found.code == 0
    assert found.json["ok"] is True
    assert found.json["settings"]["pdf_engine"] == "dxpdf"
    names = {check["check"] for check in found.json["checks"]}
    assert {"folder", "templates", "approved", "writable", "pdf_maker", "tesseract"} <= names
    assert all(check["message"] for check in found.json["checks"])
    assert "Kontoret kan brukes" in bti("doctor").out


def test_the_doctor_finds_what_is_missing_and_says_what_to_do(root: Path, bti: Command) -> None:
    template = root / "templates" / "docx" / "INV.nb.docx"
    template.write_bytes(template.read_bytes()[:4000])
    (root / "inbox" / "LES-MEG.txt").unlink(missing_ok=True)
    (root / "inbox").rmdir()
    found = bti("doctor", json_out=True)
    assert found.code == 3
    wrong = {check["check"]: check["advice"] for check in found.json["checks"] if not check["ok"]}
    assert "INV.nb.docx" in wrong["templates"]
    assert "inbox" in wrong["folder"]


def test_the_doctor_works_where_nothing_else_does(
    root: Path, bti: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "config.toml").write_text("[mapper]\ninbox = 3\n", encoding="utf-8")
    assert bti("doctor").code == 3
    assert run(["-C", str(tmp_path), "doctor"]) == 3
    assert "Python" in capsys.readouterr().out


def test_the_doctor_looks_at_every_folder_also_when_one_cannot_be_written(
    bti: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> Path:
        raise ArchiveError("write_failed", reason="EACCES")

    monkeypatch.setattr(files, "temporary_folder", refused)
    found = bti("doctor", json_out=True)
    assert found.code == 3
    wrong = {c["key"] for c in found.json["checks"] if c["check"] == "writable" and not c["ok"]}
    assert {"inbox", "outbox", "archive", "archive/saker", "archive/kontor"} <= wrong
    assert "Mappen" not in bti("doctor").err


def test_staff_keep_what_is_not_said_again(bti: Command) -> None:
    assert bti("staff", "add", "u-05", "--name", "Rita Test", "--login", "rita").code == 0
    assert bti("staff", "add", "u-05", "--title", "Leder").code == 0
    known = {one["code"]: one for one in bti("staff", "list", json_out=True).json}
    assert known["u-05"] == {
        "code": "u-05", "name": "Rita Test", "login": "rita", "title": "Leder",
    }  # fmt: skip
    assert "Rita Test" in bti("staff", "list").out


def test_looking_does_not_give_a_new_login_a_code(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = len(list((root / "archive" / "kontor" / "hendelser").iterdir()))
    for words in (["case", "list"], ["log", CASE], ["outstanding"], ["tray"], ["doctor"]):
        assert run(["-C", str(root), *words]) == 0
    capsys.readouterr()
    assert len(list((root / "archive" / "kontor" / "hendelser").iterdir())) == events


def test_every_command_and_option_has_a_sentence() -> None:
    stack = [bti_docs]
    bare = []
    while stack:
        command = stack.pop()
        stack += getattr(command, "commands", {}).values()
        bare += [
            f"{command.name} {parameter.name}"
            for parameter in command.params
            if parameter.param_type_name == "option"
            and parameter.name not in {"help", "version"}
            and not parameter.help
        ]
        assert command.help
    assert bare == []
    assert "help_issue" in codes("nn")


@pytest.mark.parametrize("words", [["nope"], ["settle"], ["sent", "--how", "post"]])
def test_words_that_do_not_go_together_end_with_2(bti: Command, words: list[str]) -> None:
    said = bti(*words)
    assert said.code == 2
    assert said.out == ""
    assert said.err
