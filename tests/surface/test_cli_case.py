"""The case's course, its consents, and papers that lie in the wrong one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flow import offices
from tests.surface.conftest import CASE, Command

Refs = Callable[[str], list[str]]
Drop = Callable[..., Path]


def people(bti: Command) -> dict[str, str]:
    found: dict[str, str] = bti("case", "show", CASE, "--names", json_out=True).json["people"]
    return found


def test_names_are_for_people_and_asked_for_in_json(bti: Command) -> None:
    assert "Kari Prøvesen (2015)" in bti("case", "list").out
    assert "Siv Stafett 40000009" in bti("case", "list").out
    plain = bti("case", "list", json_out=True)
    assert plain.json[0]["case_id"] == CASE
    assert "Prøvesen" not in plain.out
    assert bti("case", "list", "--names", json_out=True).json[0]["name"] == "Kari Prøvesen (2015)"
    assert "Prøvesen" not in bti("case", "show", CASE, json_out=True).out
    assert people(bti)["f1"] == "Mona Prøvesen"
    assert "f2" in bti("case", "show", CASE).out


def test_a_case_is_found_by_number_and_name(bti: Command) -> None:
    assert len(bti("case", "list", "--find", "prøvesen", json_out=True).json) == 1
    assert len(bti("case", "list", "--find", "2026", json_out=True).json) == 1
    assert bti("case", "list", "--find", "ingen").out == "Ingen saker.\n"
    assert bti("case", "show", "2026-9999").code == 4


def test_a_case_is_opened_once(bti: Command) -> None:
    words = ("case", "open", "--first", "Nils", "--last", "Testesen", "--born", "17.08.2014",
             "--level", "1")  # fmt: skip
    opened = bti(*words, json_out=True)
    assert opened.code == 0
    assert opened.json == {"case_id": "2026-0002", "problems": []}
    assert bti(*words, json_out=True).json["case_id"] is None
    assert "åpnet før" in bti(*words).out


def test_a_case_is_opened_from_a_file_with_all_its_problems_told(
    bti: Command, tmp_path: Path
) -> None:
    path = tmp_path / "sak.json"
    wrong = {"barn": {"fornavn": "Ida", "foedselsdato": "30.02.2015"}, "nivaa": "9"}
    path.write_text(json.dumps(wrong), encoding="utf-8")
    said = bti("case", "open", "--json-file", path, json_out=True)
    assert said.code == 4
    assert {p["field"] for p in said.json["problems"]} >= {"barn.etternavn", "barn.foedselsdato"}
    path.write_text(json.dumps(offices.case("x", child={"fornavn": "Ida"})), encoding="utf-8")
    assert bti("case", "open", "--json-file", path, json_out=True).json["case_id"] == "2026-0002"
    path.write_text("[", encoding="utf-8")
    assert bti("case", "open", "--json-file", path).code == 4
    assert bti("case", "open").code == 2


def test_level_and_baton(bti: Command) -> None:
    assert bti("case", "level", CASE, "1", "--why", "Enklere nå").code == 0
    assert bti("case", "level", CASE, "9", "--why", "x").code == 4
    assert bti("case", "handover", CASE, "--why", "x").code == 2
    assert bti("case", "handover", CASE, "--accept", "--why", "x").code == 4
    assert bti("case", "handover", CASE, "--to", "Per Påfunn", "--service", "PPT", "--phone",
               "40000010", "--why", "Flytter").code == 0  # fmt: skip
    assert "Per Påfunn ble tilbudt" in bti("log", CASE).out
    assert bti("log", CASE, "--names", json_out=True).json["relay_holder"] == "Siv Stafett"
    assert bti("case", "handover", CASE, "--accept", "--why", "Ja").code == 0
    assert bti("log", CASE, "--names", json_out=True).json["relay_holder"] == "Per Påfunn"
    assert bti("log", CASE, json_out=True).json["level"] == "1"


def test_a_baton_is_taken_by_whom_it_is_offered_to(bti: Command) -> None:
    hand = ("case", "handover", CASE, "--why", "Bytte")
    assert bti(*hand, "--to", " ").code == 2
    assert bti(*hand, "--to", "siv  stafett").code == 4  # has it already
    assert bti(*hand, "--to", "Per Påfunn", "--title", "Rådgiver").code == 0
    refused = bti(*hand, "--to", "Lise Lærer", "--accept")
    assert refused.code == 4
    assert "tilbudt en annen" in refused.err
    assert "Påfunn" not in refused.err
    assert bti(*hand, "--to", "Per Påfunn", "--phone", "40000010", "--accept").code == 0
    told = bti("log", CASE).out
    assert "Per Påfunn" in told
    assert bti(*hand, "--to", "Lise Lærer", "--accept").code == 0
    assert bti("log", CASE, "--names", json_out=True).json["relay_holder"] == "Lise Lærer"


def test_another_offer_may_take_the_place_of_one_that_stands(bti: Command) -> None:
    hand = ("case", "handover", CASE, "--why", "Bytte")
    bti(*hand, "--to", "Per Påfunn")
    assert bti(*hand, "--to", "Lise Lærer").code == 0
    assert bti(*hand, "--accept").code == 0
    assert bti("log", CASE, "--names", json_out=True).json["relay_holder"] == "Lise Lærer"


def test_nothing_moves_in_a_case_that_has_ended(bti: Command) -> None:
    assert bti("case", "reopen", CASE, "--why", "x").code == 4
    assert bti("case", "close", CASE, "--why", " ", "--settle-why", "x").code == 4
    assert bti("case", "close", CASE, "--why", "Ferdig", "--settle-why", "").code == 4
    bti("case", "close", CASE, "--why", "Ferdig", "--settle-why", "Trengs ikke")
    count = bti("case", "show", CASE, json_out=True).json["head"]["count"]
    for words in (
        ("close", CASE, "--why", "igjen"),
        ("level", CASE, "1", "--why", "x"),
        ("handover", CASE, "--to", "Per Påfunn", "--why", "x"),
        ("handover", CASE, "--accept", "--why", "x"),
    ):
        said = bti("case", *words)
        assert (said.code, "avsluttet" in said.err) == (4, True)
    assert bti("case", "show", CASE, json_out=True).json["head"]["count"] == count
    assert bti("case", "reopen", CASE, "--why", "").code == 4
    assert bti("case", "reopen", CASE, "--why", "Likevel").code == 0


def test_closing_settles_what_is_outstanding_and_never_refuses(bti: Command) -> None:
    said = bti("case", "close", CASE, "--why", "Familien vil ikke mer")
    assert said.code == 4
    assert "--settle-why" in said.err
    closed = bti("case", "close", CASE, "--why", "Familien vil ikke mer", "--settle-why",
                 "Trengs ikke", json_out=True)  # fmt: skip
    assert len(closed.json["settled"]) == 6
    assert bti("outstanding", json_out=True).json == []
    assert "avsluttet" in bti("case", "list").out
    assert bti("case", "reopen", CASE, "--why", "Mer å gjøre").code == 0
    assert bti("case", "show", CASE, json_out=True).json["status"] == "open"


def test_a_signed_consent_gives_nothing_until_somebody_has_read_it(
    bti: Command, refs: Refs, drop: Drop
) -> None:
    first, second = refs("SAM")
    assert bti("case", "consent", "read", first).code == 4
    drop("en.pdf", first)
    bti("inbox", "--once")
    assert bti("log", CASE, json_out=True).json["consents"] == []
    assert "kommet inn, ikke lest" in bti("outstanding").out
    read = bti("case", "consent", "read", first, "--without", "ppt", "--limit", "skole=bare fravær",
               "--until", "2027-01-31", json_out=True)  # fmt: skip
    assert read.json == {
        "ref": first, "case_id": CASE, "services": ["skole"], "missing": ["f2"],
    }  # fmt: skip
    drop("to.pdf", second)
    bti("inbox", "--once")
    assert bti("case", "consent", "read", second).code == 0
    (consent,) = bti("log", CASE, json_out=True).json["consents"]
    assert (consent["in_force"], consent["services"], consent["to"]) == (
        True, ["skole"], "2027-01-31",
    )  # fmt: skip
    assert bti("case", "consent", "read", refs("INV")[0]).code == 4
    assert bti("case", "consent", "read", first, "--limit", "skole").code == 2


def test_what_the_family_says_aloud_holds_at_once(bti: Command) -> None:
    note = ("case", "consent", "note", CASE)
    assert bti(*note, "--outcome", "given", "--by", "f1", "--why", "Ringte").code == 2
    assert bti(*note, "--outcome", "refused", "--by", "f9", "--why", "Ringte").code == 4
    given = bti(*note, "--outcome", "given", "--by", "f1", "--by", "f2", "--service", "Skole",
                "--why", "Ringte", json_out=True)  # fmt: skip
    assert given.json["in_force"] == 1
    gone = bti(*note, "--outcome", "withdrawn", "--by", "f2", "--why", "Ombestemt", json_out=True)
    assert gone.json["in_force"] == 0
    assert "Del ikke mer" in bti(*note, "--outcome", "withdrawn", "--by", "f2", "--why", "x").out


def test_what_one_of_two_says_waits_for_the_other_by_name(bti: Command) -> None:
    given = ("case", "consent", "note", CASE, "--outcome", "given", "--service", "skole",
             "--why", "Ringte")  # fmt: skip
    said = bti(*given, "--by", "f1").out
    assert "Per Eksempel (f2)" in said
    assert bti(*given, "--by", "f2", json_out=True).json == {
        "case_id": CASE, "outcome": "given", "in_force": 1, "missing": [],
    }  # fmt: skip
    assert bti(*given, "--by", "barn").code == 4
    assert bti(*given, "--by", "f1", "--service", "romfart").code == 4
    out = ("case", "consent", "note", CASE, "--outcome", "withdrawn", "--by", "f1", "--why", "x")
    assert "Tatt ut av samtykket i sak 2026-0001: Skole." in bti(*out, "--service", "skole").out
    refused = ("case", "consent", "note", CASE, "--outcome", "refused", "--by", "f1", "--why", "x")
    assert bti(*refused, "--until", "2026-12-01").code == 2
    assert bti(*refused, "--service", "ppt").code == 0


def test_who_may_know(bti: Command, refs: Refs, tmp_path: Path) -> None:
    assert bti("case", "log", CASE, "shared", "--why", "Ja i møte").code == 0
    assert bti("case", "show", CASE, json_out=True).json["log"] == "shared"
    invitation = refs("INV")[0]
    assert bti("case", "audience", invitation, "nobody", "--silent", "--why", "Vold").code == 0
    assert (
        bti("case", "audience", invitation, "recipient", "--person", "f9", "--why", "x").code == 4
    )
    copy = bti("export", CASE, tmp_path / "kopi", "--for", "f1", json_out=True)
    assert invitation not in copy.json["refs"]
    assert bti("case", "copy-for", CASE, "f2", "no", "--why", "Leder har bestemt").code == 0
    assert bti("export", CASE, tmp_path / "kopi2", "--for", "f2").code == 4
    assert not (tmp_path / "kopi2").exists()
    assert bti("case", "allow", CASE, "school", "place", "--by", "u-07", "--why", "Ja").code == 0


def filed_letter(root: Path, bti: Command) -> str:
    (root / "inbox" / "brev.txt").write_text("Hei", encoding="utf-8")
    item = bti("inbox", "--once", json_out=True).json["tray"][0]["item"]
    said = bti("tray", "file", item, "--case", CASE, "--type", "INN", "--date", "2026-11-20",
               "--from", "Mor", "--why", "Brev", json_out=True)  # fmt: skip
    ref: str = said.json["ref"]
    return ref


def test_the_wrong_child(root: Path, bti: Command, tmp_path: Path) -> None:
    bti("case", "open", "--first", "Nils", "--last", "Testesen", "--born", "2014-08-17")
    letter = filed_letter(root, bti)
    bti("export", CASE, tmp_path / "kopi", "--for", "f1")
    said = bti("case", "move", letter, "--to", "2026-0002", "--why", "Feil barn", json_out=True)
    assert (said.json["from"], said.json["to"]) == (CASE, "2026-0002")
    assert [(c["kind"], c["recipient"]) for c in said.json["call_back"]] == [("exported", "f1")]
    assert any("INN" in path for path in said.json["removed"])
    names = [p.name for p in (root / "archive" / "saker" / CASE / "dokumenter").iterdir()]
    assert not any("INN" in name for name in names)
    moved = root / "archive" / "saker" / "2026-0002" / "dokumenter"
    assert [p.read_text(encoding="utf-8") for p in moved.iterdir()] == ["Hei"]
    assert bti("verify").code == 0
    new = said.json["new_ref"]
    assert bti("case", "move", new, "--to", "2026-0002", "--why", "x").code == 4
    text = bti("case", "move", new, "--to", CASE, "--type", "INN", "--why", "Riktig likevel").out
    assert "avviksmeldingen" in text
    assert bti("verify").code == 0


def test_a_return_under_the_wrong_reference_leaves_its_letter_waiting(
    bti: Command, refs: Refs, drop: Drop
) -> None:
    first, second = refs("SAM")
    drop("en.pdf", first)
    bti("inbox", "--once")
    bti("case", "consent", "read", first)
    assert bti("case", "move", second, "--to", first, "--why", "x").code == 4
    opened = bti("case", "open", "--first", "Nils", "--last", "Testesen", json_out=True).json
    said = bti("case", "move", first, "--to", opened["case_id"], "--why", "Feil", json_out=True)
    assert said.code == 0
    waiting = {one["ref"]: one for one in bti("outstanding", json_out=True).json}
    assert waiting[first]["waits_for"] == "signed"
    assert waiting[first]["missing"] == ["f1"]
    assert bti("log", CASE, json_out=True).json["consents"] == []


def test_a_journal_number_ends_nothing(bti: Command, refs: Refs) -> None:
    consent = refs("SAM")[0]
    before = bti("outstanding", json_out=True).json
    assert bti("case", "journal", consent, "2026/123-4").code == 0
    assert bti("outstanding", json_out=True).json == before


def test_removal_by_law_takes_two(root: Path, bti: Command) -> None:
    words = ("case", "dispose", CASE, "--law", "offl13", "--why", "Tiden er ute", "--ground")
    bti("staff", "add", "u-07", "--name", "Rita Test")
    assert bti(*words, "kassasjon", "--second", "u-07").code == 4
    bti("case", "close", CASE, "--why", "Ferdig", "--settle-why", "Trengs ikke")
    assert bti(*words, "kassasjon", "--second", "u-04").code == 4
    assert bti(*words, "kassasjon", "--second", "u-77").code == 4
    assert bti(*words[:4], "tull", *words[5:], "kassasjon", "--second", "u-07").code == 4
    gone = bti(*words, "kassasjon", "--second", "u-07", json_out=True)
    assert gone.code == 0
    assert len(gone.json["removed"]) > 6
    assert not list((root / "archive" / "saker" / CASE / "dokumenter").iterdir())
    assert not [p for p in (root / "outbox").iterdir() if p.suffix in {".pdf", ".docx"}]
    assert bti("verify").code == 0
    assert bti("case", "list", "--find", "prøvesen", json_out=True).json == []
    assert "Prøvesen" not in bti("case", "list").out
    assert bti(*words, "kassasjon", "--second", "u-07").code == 4


def test_a_person_at_a_terminal_is_asked_for_two_digits(
    root: Path, bti: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    bti("case", "open", "--first", "Nils", "--last", "Testesen", "--born", "2014-08-17")
    letter = filed_letter(root, bti)
    answers = iter(["47", "02"])
    monkeypatch.setattr("bti_docs.cli.case_papers.sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(answers))
    said = bti("case", "move", letter, "--to", "2026-0002", "--why", "Feil barn")
    assert said.code == 2
    assert "Nils Testesen, født 17.08.2014" in said.err
    assert bti("case", "move", letter, "--to", "2026-0002", "--why", "Feil barn").code == 0


def test_a_protection_is_set_and_lifted_by_a_person(bti: Command) -> None:
    said = ("--by", "u-04", "--why", "Vedtak i dag")
    done = bti("case", "protection", CASE, "f1", "fortrolig", *said, json_out=True)
    assert done.json == {"case_id": CASE, "person": "f1", "protection": "fortrolig"}
    assert "ikke lenger sperret" in bti("case", "protection", CASE, "f1", "ingen", *said).out
    assert bti("case", "protection", CASE, "f9", "ingen", *said).code == 4
    assert bti("case", "protection", CASE, "f1", "ingen").code == 2
    assert bti("case", "informed", CASE, *said, json_out=True).json == {"case_id": CASE}
