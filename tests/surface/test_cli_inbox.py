"""inbox, scan, tray: what other programs and people are told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flow import offices
from tests.surface.conftest import CASE, Command

Refs = Callable[[str], list[str]]
Drop = Callable[..., Path]


def test_a_return_that_is_complete_is_filed(bti: Command, refs: Refs, drop: Drop) -> None:
    consent = refs("SAM")[0]
    path = drop("skann 1.pdf", consent)
    seen = bti("scan", path, json_out=True).json[0]
    assert seen["kind"] == "pdf"
    assert [page["codes"] for page in seen["pages"]] == [
        [{"ref": consent, "page": n, "pages": 2}] for n in (1, 2)
    ]
    assert seen["pages"][1]["signatures"][0]["field"] == "f1"
    assert seen["pages"][1]["signatures"][0]["seen"] is True
    assert path.exists()
    said = bti("inbox", "--once", json_out=True)
    assert said.code == 0
    filed = said.json["filed"][0]
    assert (filed["ref"], filed["case_id"], filed["type"]) == (consent, CASE, "SAM")
    assert filed["signed"] is True
    assert filed["signatures"] == [{"signer": "f1", "seen": True}]
    assert (path.parents[1] / "archive" / filed["document"]).is_file()
    assert not path.exists()
    assert "Innboksen er tom" in bti("inbox", "--once").out


def test_everything_else_waits_with_a_reason_for_people_by_name(
    bti: Command, refs: Refs, drop: Drop
) -> None:
    drop("uten strek.pdf", refs("SAM")[0], signed=False)
    (item,) = bti("inbox", "--once", json_out=True).json["tray"]
    assert item["guess"] == {"ref": refs("SAM")[0], "case_id": CASE}
    assert item["reasons"] == [
        {"code": "signature_look", "message": "Vi finner ikke underskriften til f1."}
    ]
    assert bti("tray", json_out=True).json == [item]
    assert "underskriften til Mona Prøvesen" in bti("tray").out


def test_one_bad_file_holds_up_nobody(root: Path, bti: Command, refs: Refs, drop: Drop) -> None:
    inbox = root / "inbox"
    good = drop("god.pdf", refs("SAM")[0])
    (inbox / "avkortet.pdf").write_bytes(good.read_bytes()[:900])
    (inbox / "tom.pdf").write_bytes(b"")
    (inbox / "passord.pdf").write_bytes(b"%PDF-1.4 dette er ingen pdf %%EOF")
    (inbox / "Thumbs.db").write_bytes(b"x")
    (inbox / "~$brev.docx").write_bytes(b"x")
    (inbox / "skann.tmp").write_bytes(b"x")
    (inbox / "mappe").mkdir()
    said = bti("inbox", "--once", json_out=True).json
    assert len(said["filed"]) == 1
    assert [item["file"] for item in said["tray"]] == ["passord.pdf"]
    waiting = {one["file"]: (one["reason"], bool(one["message"])) for one in said["waiting"]}
    assert waiting == {
        "avkortet.pdf": ("not_whole", True),
        "tom.pdf": ("empty_file", True),
        "mappe": ("is_folder", True),
    }
    assert {"Thumbs.db", "~$brev.docx", "skann.tmp", "mappe"} <= {p.name for p in inbox.iterdir()}
    os.utime(inbox / "avkortet.pdf", (time.time() - 7200,) * 2)
    said = bti("inbox", "--once", json_out=True).json
    assert said["tray"][0]["reasons"][0]["code"] == "damaged"


def test_the_receipt_names_nobody(root: Path, bti: Command, refs: Refs, drop: Drop) -> None:
    drop("Kari Prøvesen samtykke.pdf", *refs("SAM"), pages=slice(0, 3))
    assert bti("inbox", "--once").code == 0
    (receipt,) = (root / "inbox" / "kvitteringer").glob("20*.txt")
    text = receipt.read_text(encoding="utf-8-sig")
    assert "3 sider · 1 dokument lagt i sak · 1 til avklaring" in text
    assert "1 venter på en side som mangler" in text
    assert "Ikke makuler" in text
    assert "Prøvesen" not in text


def test_a_missing_page_that_comes_later_completes_the_paper(
    bti: Command, refs: Refs, drop: Drop
) -> None:
    consent = refs("SAM")[0]
    drop("del 1.pdf", consent, pages=slice(0, 1))
    assert bti("inbox", "--once", json_out=True).json["tray"]
    drop("del 2.pdf", consent, pages=slice(1, 2))
    assert bti("inbox", "--once", json_out=True).json["filed"][0]["signed"] is True
    assert bti("tray", json_out=True).json == []


def test_a_person_files_what_the_machine_did_not_dare_to(
    bti: Command, refs: Refs, drop: Drop
) -> None:
    drop("se her.pdf", refs("SAM")[0], signed=False)
    item = bti("inbox", "--once", json_out=True).json["tray"][0]["item"]
    said = bti("tray", "file", item, "--ref", refs("SAM")[0], "--signed", "f1", "--why", "Sett på",
               json_out=True)  # fmt: skip
    assert said.json["signed"] is True
    assert bti("tray").out.startswith("Ingenting venter")
    assert bti("tray", "file", item, "--ref", refs("SAM")[0], "--why", "Igjen").code == 4


def test_only_those_who_are_seen_or_answered_for_have_signed(
    bti: Command, refs: Refs, drop: Drop
) -> None:
    ref = refs("SAM")[0]
    drop("a.pdf", ref, signed=False)
    item = bti("inbox", "--once", json_out=True).json["tray"][0]
    assert item["seen"] == []
    assert (
        bti("tray", "file", item["item"], "--ref", ref, "--signed", "f9", "--why", "Sett").code == 4
    )
    said = bti("tray", "file", item["item"], "--ref", ref, "--why", "Sett på")
    assert "Mangler fortsatt underskrift fra Mona Prøvesen" in said.out
    waiting = {one["ref"]: one for one in bti("outstanding", json_out=True).json}
    assert waiting[ref]["missing"] == ["f1"]
    drop("b.pdf", ref)
    filed = bti("inbox", "--once", json_out=True).json["filed"][0]
    assert (filed["signed"], filed["missing"]) == (True, [])


def test_another_case_than_the_guess_wants_its_last_two_digits(
    root: Path, bti: Command, refs: Refs, drop: Drop
) -> None:
    with offices.opened(root) as office:
        body = offices.batch([offices.case("s2", [offices.FATHER], {"fornavn": "Ola"})],
                             [offices.consent("to", "s2")])  # fmt: skip
        offices.issue_all(office, body)
        other = next(d.ref for c, d in offices.papers(office, "SAM") if c != CASE)
    drop("a.pdf", refs("SAM")[0], signed=False)
    item = bti("inbox", "--once", json_out=True).json["tray"][0]["item"]
    line = ["tray", "file", item, "--ref", other, "--why", "Feil kode"]
    for json_out in (False, True):
        assert bti(*line, json_out=json_out).code == 2
    assert "--confirm" in bti(*line).err
    assert bti(*line, "--confirm", "01").code == 2
    foreign = ["tray", "file", item, "--case", "2026-0002", "--type", "INN", "--date", "20.11.2026",
               "--from", "Far", "--why", "Brev"]  # fmt: skip
    assert bti(*foreign).code == 2
    assert bti(*line, "--confirm", "02", json_out=True).json["case_id"] == "2026-0002"


def test_papers_we_did_not_make(root: Path, bti: Command) -> None:
    (root / "inbox" / "brev.txt").write_text("Hei", encoding="utf-8")
    (root / "inbox" / "reklame.txt").write_text("Kjøp", encoding="utf-8")
    items = {one["file"]: one["item"] for one in bti("inbox", "--once", json_out=True).json["tray"]}
    letter, junk = items["brev.txt"], items["reklame.txt"]
    assert bti("tray", "file", letter, "--case", CASE, "--why", "Fra mor").code == 2
    rest = ["--date", "20.11.2026", "--from", "Mor", "--why", "Brev"]
    wrong = bti("tray", "file", letter, "--case", CASE, "--type", "inn", *rest)
    assert wrong.code == 4
    assert "INN, INV, MRK" in wrong.err
    assert bti("tray", "file", letter, "--case", "kontor", "--type", "INN", *rest).code == 4
    said = bti("tray", "file", letter, "--case", CASE, "--type", "INN", *rest, json_out=True)
    assert said.json["type"] == "INN"
    gone = bti("tray", "dismiss", junk, "--why", "Reklame", json_out=True).json
    assert (root / "inbox" / "ikke-vart" / gone["file"]).read_text(encoding="utf-8") == "Kjøp"
    assert bti("tray", json_out=True).json == []


def test_scan_of_nothing_readable_says_why(bti: Command, tmp_path: Path) -> None:
    file = tmp_path / "notat.txt"
    file.write_text("x", encoding="utf-8")
    (found,) = bti("scan", file, json_out=True).json
    assert [problem["code"] for problem in found["problems"]] == ["unreadable_kind"]
    assert bti("scan", tmp_path / "borte.pdf").code == 4


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal to send")
def test_the_watcher_takes_in_what_comes_and_stops_at_once(
    root: Path, refs: Refs, drop: Drop
) -> None:
    config = root / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("ro_sekunder = 10", "ro_sekunder = 0.2"), encoding="utf-8")
    consent = refs("SAM")[0]
    command = [sys.executable, "-m", "bti_docs", "-C", str(root), "--actor", "u-04", "inbox"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as watcher:
        assert watcher.stdout is not None
        assert watcher.stderr is not None
        assert b"Ctrl+C" in watcher.stderr.readline()
        drop("skann.pdf", consent)
        line = watcher.stdout.readline().decode()
        assert consent[:4] in line
        assert (root / "inbox" / "kvitteringer" / "sist-sett.txt").is_file()
        watcher.send_signal(signal.SIGINT)
        assert watcher.wait(10) == 130
