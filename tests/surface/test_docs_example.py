"""The example of docs/maler.md, done step by step: a sixth document type by two files, no code."""

from __future__ import annotations

import copy
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest

from bti_docs.cli.main import run
from bti_docs.merge.word.xml import Element

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "maler.md").read_text(encoding="utf-8")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
KEPT = ("Siden sist", "Det barnet eller ungdommen selv sier", "Mål og tiltak")
CASE = {
    "id": "s1",
    "barn": {"fornavn": "Ola", "etternavn": "Eksempel", "foedselsdato": "2015-08-17"},
    "foresatte": [{"navn": "Kari Prøvesen", "foreldreansvar": "ja"}],
}


def manifest() -> str:
    """The manifest as the page shows it."""
    found = re.search(r"```toml\n(type = \"EVA\".*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def word_file() -> bytes:
    """What a person does in Word, following the page's list."""
    document = docx.Document(str(ROOT / "templates" / "docx" / "REF.nb.docx"))
    body = document.element.body
    for element, wanted in list(_wanted(body)):
        if not wanted:
            body.remove(element)
    _write(body[0], "Evaluering av tiltak")
    day = copy.deepcopy(body[0])
    _write(day, "Evaluert {{ moete.dato|dato_lang }}")
    body.insert(1, day)
    _rename(body)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def _wanted(body: Element) -> Iterator[tuple[Element, bool]]:
    """Each paragraph and table, and whether it stays: heading by heading."""
    keep = True
    for element in body:
        text = _text(element)
        style = next((s.get(f"{W}val") for s in element.iter(f"{W}pStyle")), "")
        if style == "Heading2" or text.startswith("{%p if forrige"):
            keep = text.startswith(("Vurdering", "{%p if")) or any(name in text for name in KEPT)
        in_table = element.tag == f"{W}tbl" and "moete.dato" in text
        yield element, (keep and not in_table) or element.tag == f"{W}sectPr"


def _text(element: Element) -> str:
    return "".join(node.text or "" for node in element.iter(f"{W}t"))


def _write(paragraph: Element, text: str) -> None:
    nodes = list(paragraph.iter(f"{W}t"))
    for node in nodes[1:]:
        node.text = ""
    nodes[0].text = text


def _rename(body: Element) -> None:
    """«Vurdering» becomes «Samlet vurdering», in its heading and its content control."""
    for paragraph in body.iter(f"{W}p"):
        if _text(paragraph).startswith("Vurdering"):
            _write(paragraph, "Samlet vurdering")
    for control in body.iter(f"{W}sdt"):
        tag, alias = (next(control.iter(f"{W}{name}"), None) for name in ("tag", "alias"))
        if tag is not None and tag.get(f"{W}val") == "situasjon.vurdering":
            tag.set(f"{W}val", "evaluering.samlet")
            alias.set(f"{W}val", "Samlet vurdering")
            _write(control, "{{ evaluering.samlet|linjer }}")


def finished(issued: bytes) -> bytes:
    """The issued Word file with its fields filled in."""
    values = {
        "stemme.tekst": "Jeg vil at gåturen skal fortsette.",
        "stemme.hvordan": "Barnet var med i møtet",
        "evaluering.samlet": "Det går bedre.",
        "tiltak.maal": "En roligere morgen",
        "tiltak.tiltak": "Gå til skolen sammen med en venn",
        "tiltak.ansvarlig": "Nils Testesen, Skole",
        "tiltak.frist": "15.01.2027",
    }
    document = docx.Document(io.BytesIO(issued))
    for control in document.element.body.iter(f"{W}sdt"):
        tag = next((t.get(f"{W}val") for t in control.iter(f"{W}tag")), "")
        value = values.pop(tag, None)  # the first row of the table only
        if value is not None:
            for mark in list(control.iter(f"{W}showingPlcHdr")):
                mark.getparent().remove(mark)
            _write(control, value)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "kontor"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert run(["init", str(folder)]) == 0
    monkeypatch.chdir(folder)
    return folder


def said(capsys: pytest.CaptureFixture[str], *words: str) -> Any:  # noqa: ANN401  (JSON)
    capsys.readouterr()
    code = run([*words, "--json"])
    out = capsys.readouterr()
    assert code == 0, out
    return json.loads(out.out)


def test_a_sixth_type_by_two_files(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    templates = office / "templates" / "docx"
    (templates / "EVA.toml").write_text(manifest(), encoding="utf-8")
    (templates / "EVA.nb.docx").write_bytes(word_file())
    checked = said(capsys, "templates", "check", str(templates / "EVA.nb.docx"))
    assert [p for p in checked[0]["problems"] if p["severity"] == "error"] == []

    batch = office / "evaluering.json"
    row = {"id": "1", "type": "EVA", "sak": "s1", "felter": {"moete.dato": "2026-12-03"}}
    batch.write_text(json.dumps({"saker": [CASE], "dokumenter": [row]}), encoding="utf-8")
    assert run(["issue", str(batch)]) == 3  # nobody has approved it
    said(capsys, "templates", "approve", str(templates / "EVA.nb.docx"), "--by", "u-01")
    made = said(capsys, "issue", str(batch))["issued"][0]

    back = finished(Path(made["docx"]).read_bytes())
    (office / "inbox" / "ferdig.docx").write_bytes(back)
    taken = said(capsys, "inbox", "--once")
    assert [filed["type"] for filed in taken["filed"]] == ["EVA"], taken
    log = said(capsys, "log", made["case_id"])
    assert [m["measure"] for m in log["measures"]] == ["Gå til skolen sammen med en venn"]
    assert log["measures"][0]["due"] == "2027-01-15"


def test_its_workbook_has_its_sheets(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    templates = office / "templates" / "docx"
    (templates / "EVA.toml").write_text(manifest(), encoding="utf-8")
    (templates / "EVA.nb.docx").write_bytes(word_file())
    said(capsys, "workbook", str(office / "evaluering.xlsx"), "--type", "EVA")
    assert (office / "evaluering.xlsx").is_file()
