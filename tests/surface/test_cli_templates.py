"""templates list, check, fields, approve, diff, trial; and the merge engine alone."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from bti_docs.cli.main import run
from bti_docs.merge import visible_texts
from bti_docs.pdf import extract_texts
from tests.flow import offices
from tests.surface.conftest import CASE, Command


def changed(path: Path, old: str, new: str, to: Path | None = None) -> Path:
    """The Word file with a text of its body exchanged."""
    target = to or path
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    body = parts["word/document.xml"].decode()
    assert old in body
    parts["word/document.xml"] = body.replace(old, new).encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in parts.items():
            out.writestr(name, data)
    return target


def test_the_shipped_templates_are_listed_and_approved(bti: Command) -> None:
    types = {one["type"]: one for one in bti("templates", "list", json_out=True).json}
    assert {"INV", "SAM", "REF", "TVT", "RUT", "SVR"} == set(types)
    assert all(one["approved"] == one["languages"] == ["nb", "nn"] for one in types.values())
    assert "Samtykkeskjema" in bti("templates", "list").out


def test_the_shipped_templates_have_no_faults(bti: Command) -> None:
    found = bti("templates", "check", json_out=True)
    assert found.code == 0
    assert {one["file"]: one["problems"] for one in found.json if one["problems"]} == {}
    assert all(one["fields"] for one in found.json)


@pytest.mark.parametrize(
    ("old", "new", "code", "suggestion"),
    [
        ("{{ barn.navn }}", "{{ barn.nvn }}", "tpl_unknown_field", "{{ barn.navn }}"),
        ("{{ vedlegg }}", "{{ vedlegg", "tpl_tag_unclosed", ""),
        ('w:tag w:val="moete.leder"', 'w:tag w:val="moete.ledr"', "tpl_control_unknown",
         "moete.leder"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_what_to_write(
    root: Path, bti: Command, old: str, new: str, code: str, suggestion: str
) -> None:
    path = changed(root / "templates" / "docx" / "INV.nb.docx", old, new)
    found = bti("templates", "check", path, json_out=True)
    assert found.code == 4
    problem = next(p for p in found.json[0]["problems"] if p["code"] == code)
    assert problem["severity"] == "error"
    assert problem["message"]
    assert suggestion in problem["suggestion"]
    assert "!" in bti("templates", "check", path).out


def test_the_two_languages_and_the_manifest_agree(root: Path, bti: Command) -> None:
    path = root / "templates" / "docx" / "INV.nn.docx"
    changed(path, "{{ moete.leder }}", "")
    nb, nn = (
        {(p["code"], p["severity"]) for p in _problems(bti, one)}
        for one in (path.with_name("INV.nb.docx"), path)
    )
    assert ("tpl_languages_differ", "warning") in nb
    assert ("tpl_field_unused", "warning") in nn
    path.unlink()
    left = _problems(bti, path.with_name("INV.nb.docx"))
    assert "tpl_other_language_missing" in {p["code"] for p in left}


def _problems(bti: Command, path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bti("templates", "check", path, json_out=True).json[0]["problems"]
    return found


def test_fields_come_with_tags_to_copy(bti: Command) -> None:
    fields = {one["key"]: one for one in bti("templates", "fields", "REF", json_out=True).json}
    assert fields["moete.dato"]["tags"] == ["{{ moete.dato|dato }}"]
    tags = fields["tiltak"]["tags"]
    assert (tags[0], tags[-1]) == ("{%tr for t in tiltak %}", "{%tr endfor %}")
    assert "{{ t.frist|dato }}" in tags
    assert "{%tr for t in tiltak %}" in bti("templates", "fields", "REF").out
    assert bti("templates", "fields", "XXX").code == 3


def test_a_changed_template_is_used_only_when_somebody_answers_for_it(
    root: Path, bti: Command
) -> None:
    path = root / "templates" / "docx" / "INV.nb.docx"
    changed(path, "{{ vedlegg }}", "{{ vedlegg|linjer }}")
    assert "ikke godkjent: nb" in bti("templates", "list").out
    refused = bti("templates", "approve", path, "--by", "u-07")
    assert (refused.code, "koden «u-07»" in refused.err) == (4, True)
    bti("staff", "add", "u-07", "--name", "Rita Test")
    said = bti("templates", "approve", path, "--by", "u-07", json_out=True)
    assert said.json == {"approved": ["INV.nb"], "by": "u-07"}
    types = {one["type"]: one for one in bti("templates", "list", json_out=True).json}
    assert types["INV"]["approved"] == ["nb", "nn"]


def test_a_faulty_template_is_not_approved(root: Path, bti: Command) -> None:
    path = root / "templates" / "docx" / "INV.nb.docx"
    changed(path, "{{ vedlegg }}", "{{ vedleg }}")
    bti("staff", "add", "u-07", "--name", "Rita Test")
    said = bti("templates", "approve", path, "--by", "u-07")
    assert said.code == 4
    assert "  ! Under overskriften «" in said.err
    assert "Skriv: {{ vedlegg }}" in said.err
    assert "blir ikke godkjent" in said.err
    assert "vedleg" in said.err
    assert bti("templates", "check", path).code == 4
    assert "ikke godkjent: nb" in bti("templates", "list").out
    manifest = root / "templates" / "docx" / "INV.toml"
    assert bti("templates", "approve", manifest, "--by", "u-07").code == 4


def test_every_fault_is_told_with_its_place_in_words(
    root: Path, bti: Command, tmp_path: Path
) -> None:
    path = root / "templates" / "docx" / "REF.nb.docx"
    for old, new in (
        ("{{ rad.evalueres|dato }}", "{{ rad.evaluert|dato }}"),
        ("{{ beslutning.tekst|linjer }}", "{{ beslutning.tekst|kl }}"),
        ("{{ situasjon.styrker|linjer }}", "{{ tiltak }} {{ barn }}"),
    ):
        changed(path, old, new)
    found = {p["code"]: p for p in _problems(bti, path)}
    wrong = found["tpl_unknown_field"]
    assert wrong["place"] == (
        "Under overskriften «Mål og tiltak», tabell 4, rad 3, kolonne 7, «{{ rad.evaluert|dato }}»"
    )
    assert (wrong["where"]["table"], wrong["where"]["row"], wrong["where"]["column"]) == (4, 3, 7)
    assert wrong["suggestion"] == "{{ rad.evalueres|dato }}"
    assert found["tpl_filter_for_other_type"]["suggestion"] == "{{ beslutning.tekst|linjer }}"
    assert found["tpl_prints_block"]["severity"] == "error"
    copies = tmp_path / "merket"
    said = bti("templates", "check", path, "--annotate", copies)
    assert (said.code, (copies / path.name).is_file()) == (4, True)
    with zipfile.ZipFile(copies / path.name) as archive:
        comments = archive.read("word/comments.xml").decode()
    assert comments.count("<w:comment ") == len(_problems(bti, path))
    assert "Skriv: {{ rad.evalueres|dato }}" in comments
    assert bti("templates", "check", path, "--annotate", copies).code == 4, "harmless when repeated"
    assert bti("templates", "check", path, "--annotate", path.parent).code == 4
    broken = tmp_path / "SAM.nb.docx"
    broken.write_bytes(b"PK nothing")
    said = bti("templates", "check", broken, "--annotate", copies)
    assert "ikke laget noen kopi" in said.out


def test_what_only_one_engine_drops_is_weighed_by_the_office_s_own(
    root: Path, bti: Command
) -> None:
    path = root / "templates" / "docx" / "INV.nb.docx"
    changed(path, '<w:t xml:space="preserve">{{ vedlegg }}',
            '<w:rPr><w:strike/></w:rPr><w:t xml:space="preserve">{{ vedlegg }}')  # fmt: skip
    (found,) = _problems(bti, path)
    assert (found["code"], found["severity"]) == ("tpl_lost_style", "error")
    assert "gjennomstreking" in found["message"]
    config = root / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('"dxpdf"', '"libreoffice"'), encoding="utf-8")
    (found,) = _problems(bti, path)
    assert found["severity"] == "info"
    assert bti("templates", "check", path).code == 0


def test_a_template_says_what_its_manifest_demands(root: Path, bti: Command) -> None:
    path = root / "templates" / "docx" / "SAM.nb.docx"
    changed(path, "Det er frivillig.", "Det er lurt.")
    changed(path, "{{ u.etikett }}", "{{ u.navn }}")
    found = {p["code"]: p for p in _problems(bti, path)}
    assert set(found) >= {"tpl_wording_missing", "tpl_no_signature_label"}
    assert found["tpl_wording_missing"]["suggestion"] == "Det er frivillig."
    assert found["tpl_no_signature_label"]["where"]["table"]
    assert bti("templates", "approve", path, "--by", "u-07").code == 4


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Det er frivillig.", "{# Det er frivillig. #}"),
        ("Det er frivillig.", "{% if false %}Det er frivillig.{% endif %}"),
        ("Det er frivillig.", "Det er {% if sak.nivaa %}ikke {% endif %}frivillig."),
        ('<w:t xml:space="preserve">Det er frivillig.',
         '<w:rPr><w:vanish/></w:rPr><w:t xml:space="preserve">Det er frivillig.'),
        ('<w:t xml:space="preserve">Det er frivillig.',
         '<w:rPr><w:color w:val="FDFDFD"/></w:rPr><w:t xml:space="preserve">Det er frivillig.'),
        ('<w:t xml:space="preserve">Det er frivillig.',
         '<w:rPr><w:sz w:val="1"/></w:rPr><w:t xml:space="preserve">Det er frivillig.'),
    ],
)  # fmt: skip
def test_what_a_family_must_read_is_there_for_it_to_see(
    root: Path, bti: Command, old: str, new: str
) -> None:
    path = changed(root / "templates" / "docx" / "SAM.nb.docx", old, new)
    found = {p["code"]: p["severity"] for p in _problems(bti, path)}
    assert found.get("tpl_wording_not_seen", found.get("tpl_wording_missing")) == "error"


@pytest.mark.parametrize(
    ("tag", "code", "suggestion"),
    [
        ("{% if moete.type_valg == 'samarbeide' %}x{% endif %}", "tpl_no_such_choice",
         "{% if moete.type_valg == 'samarbeid' %}"),
        ("{% if moete.type == 'samarbeid' %}x{% endif %}", "tpl_no_such_choice",
         "{% if moete.type_valg == 'samarbeid' %}"),
        ("{% if moete.dato == '03.12.2026' %}x{% endif %}", "tpl_compared_day", ""),
        ("{% if moete.start > '9' %}x{% endif %}", "tpl_compared_time", ""),
        ("{% if moete.sted == 3 %}x{% endif %}", "tpl_compared_text", "{% if moete.sted == '3' %}"),
        ("{{ moete['stad'] }}", "tpl_unknown_field", ""),
        ("{{ tiltak[0].frst }}", "tpl_unknown_field", ""),
    ],
)  # fmt: skip
def test_a_condition_that_nothing_meets_is_told(
    root: Path, bti: Command, tag: str, code: str, suggestion: str
) -> None:
    path = changed(root / "templates" / "docx" / "REF.nb.docx", ">Formål med møtet<", f">{tag}<")
    found = [p for p in _problems(bti, path) if p["code"] == code]
    assert [p["suggestion"] for p in found] == [suggestion]
    assert all(p["where"]["paragraph"] for p in found)


def test_conditions_that_can_be_met_are_left_alone(root: Path, bti: Command) -> None:
    path = root / "templates" / "docx" / "REF.nb.docx"
    tags = (
        "{% if moete.type_valg == 'samarbeid' or moete.type == 'Samarbeidsmøte' %}"
        "{% if moete.dato == '2026-12-03' or moete.sted == '' or 'x' in moete.sted %}x{% endif %}"
        "{% endif %}"
    )
    changed(path, ">Formål med møtet<", f">{tags}<")
    assert not [p for p in _problems(bti, path) if p["severity"] == "error"]


def test_a_field_that_is_to_be_filled_in_is_not_locked(root: Path, bti: Command) -> None:
    path = root / "templates" / "docx" / "REF.nb.docx"
    before = _control(path, "situasjon.naa")
    locked = before.replace('w:val="sdtLocked"', 'w:val="sdtContentLocked"')
    assert locked != before
    old = tuple(bti("templates", "diff", path, path).out.split())
    changed(path, before, locked, path.with_name("NY.docx"))
    said = bti("templates", "diff", path, path.with_name("NY.docx")).out
    assert "kan verken endres eller slettes" in said
    assert old == ("Ingen", "forskjell.")
    path.with_name("NY.docx").unlink()
    changed(path, before, locked)
    assert {p["code"] for p in _problems(bti, path)} == {"tpl_control_locked"}


def _control(path: Path, tag: str) -> str:
    """The beginning of the field's control."""
    with zipfile.ZipFile(path) as archive:
        body = archive.read("word/document.xml").decode()
    at = body.index(f'<w:tag w:val="{tag}"/>')
    return body[at : body.index("</w:sdtPr>", at)]


def test_a_trial_needs_no_register(bti: Command, tmp_path: Path) -> None:
    for number in (1, 2):
        out = tmp_path / f"{number}.docx"
        assert bti("templates", "trial", "INV", out, "--lang", "nb").code == 0
    example = tmp_path / "eksempel.xlsx"
    assert bti("workbook", example, "--example").code == 0
    bti("issue", example)
    assert bti("templates", "trial", "INV", tmp_path / "3.docx").code == 0, "child is known now"


def test_one_unreadable_file_does_not_end_the_check(root: Path, bti: Command) -> None:
    path = root / "templates" / "docx" / "INV.nb.docx"
    path.write_bytes(b"PK nothing")
    found = bti("templates", "check", json_out=True)
    assert found.code == 4
    assert len(found.json) == 12
    assert [one["file"] for one in found.json if not one["ok"]] == ["INV.nb.docx"]


def test_a_paper_of_an_earlier_approved_version_is_taken_back(
    root: Path, bti: Command, refs: Callable[[str], list[str]], drop: Callable[..., Path]
) -> None:
    path = root / "templates" / "docx" / "SAM.nb.docx"
    (ref, *_) = refs("SAM")
    changed(path, "Samtykkeskjema", "Skjema for samtykke")
    said = bti("issue", _consent(root.parent))
    assert said.code == 3
    assert "Den som har ansvar for malene" in said.err
    assert "templates approve SAM.nb.docx" in said.err
    assert bti("templates", "approve", "SAM.nb.docx", "--by", "u-04").code == 0, "as it says"
    drop("gammelt.pdf", ref)
    filed = bti("inbox", "--once", json_out=True).json
    assert [one["ref"] for one in filed["filed"]] == [ref]
    assert filed["tray"] == []
    assert bti("verify").code == 0


def _consent(folder: Path) -> Path:
    body = offices.batch([], [offices.consent("ny", CASE)], "uke-50")
    path = folder / "ny.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


def test_a_trial_print_leaves_no_trace(root: Path, bti: Command, tmp_path: Path) -> None:
    path = root / "templates" / "docx" / "SAM.nb.docx"
    changed(path, "Samtykkeskjema", "Skjema for samtykke")
    before = sorted(p for p in (root / "archive").rglob("*"))
    out = tmp_path / "utkast.pdf"
    said = bti("templates", "trial", "SAM", out, "--lang", "nb", json_out=True)
    assert said.json == {"type": "SAM", "language": "nb", "file": str(out), "pages": 2}
    text = " ".join(extract_texts(out.read_bytes()))
    assert "Skjema for samtykke" in text, "not yet approved, and shown all the same"
    assert "UTKAST" in text
    assert not re.search(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", text), "no reference"
    assert codes_of(out.read_bytes()) == []
    assert sorted(p for p in (root / "archive").rglob("*")) == before
    assert bti("templates", "trial", "SAM", out).code == 0, "same input, same bytes"
    assert bti("templates", "trial", "SAM", tmp_path / "utkast.txt").code == 4


def test_a_trial_print_of_a_row(root: Path, bti: Command, tmp_path: Path) -> None:
    source, out = _consent(tmp_path), tmp_path / "utkast.docx"
    assert bti("templates", "trial", "SAM", out, "--input", source).code == 0
    assert any("Kari Prøvesen" in line for line in visible_texts(out.read_bytes()))
    with zipfile.ZipFile(out) as archive:
        headers = [n for n in archive.namelist() if n.startswith("word/header") and "xml" in n]
        assert all(b'string="UTKAST"' in archive.read(name) for name in headers)
    said = bti("templates", "trial", "RUT", tmp_path / "r.pdf", "--input", source)
    assert said.code == 4
    assert "ingen rad i orden for RUT" in said.err
    assert (root / "archive").is_dir()


def codes_of(pdf: bytes) -> list[str]:
    """The codes that a scanner would find on the pages."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.render(scale=2).to_numpy() for page in document]
    return [code.text for page in pages for code in zxingcpp.read_barcodes(page)]


def test_what_a_new_version_changes(root: Path, bti: Command, tmp_path: Path) -> None:
    old = root / "templates" / "docx" / "INV.nb.docx"
    new = changed(old, "{{ vedlegg }}", "{{ sak.nivaa }}", tmp_path / "INV.nb.docx")
    changes = bti("templates", "diff", old, new, json_out=True).json
    found = {(c["what"], c["how"], c["name"]) for c in changes}
    assert ("text", "changed") in {(what, how) for what, how, _ in found}
    assert ("field", "added", "sak.nivaa") in found
    (told,) = (c for c in changes if c["what"] == "text")
    assert (told["how"], told["old"], told["new"]) == (
        "changed", "{{ vedlegg }}", "{{ sak.nivaa }}"
    )  # fmt: skip
    assert told["place"].startswith("Under overskriften «")
    assert "- {{ vedlegg }}" in bti("templates", "diff", old, new).out
    toml = tmp_path / "INV.toml"
    text = (old.parent / "INV.toml").read_text(encoding="utf-8")
    toml.write_text(text.replace('nb = "Møteleder"', 'nb = "Leder av møtet"'), encoding="utf-8")
    said = bti("templates", "diff", old.parent / "INV.toml", toml)
    assert "«Møteleder» → «Leder av møtet»" in said.out
    assert bti("templates", "diff", old, toml).code == 4
    assert "Ingen forskjell" in bti("templates", "diff", old, old).out


def test_the_merge_engine_alone(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = changed(
        root / "templates" / "docx" / "INV.nb.docx", "{{ vedlegg }}", "", tmp_path / "liten.docx"
    )
    data = tmp_path / "data.json"
    data.write_text("{}", encoding="utf-8")
    assert run(["merge", str(template), str(data), str(tmp_path / "ut.docx")]) == 5
    assert "missing_field" in capsys.readouterr().err
    small = _small_template(tmp_path / "hei.nb.docx", template)
    one, many = tmp_path / "en.json", tmp_path / "to.jsonl"
    one.write_text(json.dumps({"navn": "Ola", "dag": "2026-12-03"}), encoding="utf-8")
    lines = [json.dumps({"navn": name, "dag": ""}) for name in ("Kari", "Nils")]
    many.write_text("\n".join(lines), encoding="utf-8")
    assert run(["merge", str(small), str(one), str(tmp_path / "ut.docx")]) == 0
    assert "Hei Ola 03.12.2026" in visible_texts((tmp_path / "ut.docx").read_bytes())
    assert run(["merge", str(small), str(many), str(tmp_path / "mange")]) == 0
    assert [p.name for p in sorted((tmp_path / "mange").iterdir())] == ["0001.docx", "0002.docx"]
    assert run(["merge", str(small), str(many), str(tmp_path / "ut.docx" / "x")]) != 0
    one.write_text("[1, 2]", encoding="utf-8")
    assert run(["merge", str(small), str(one), str(tmp_path / "annen")]) == 4


def _small_template(path: Path, model: Path) -> Path:
    """One paragraph in the shell of another Word file."""
    with zipfile.ZipFile(model) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    body = parts["word/document.xml"].decode()
    head, _, rest = body.partition("<w:body>")
    text = "<w:p><w:r><w:t>Hei {{ navn }} {{ dag|dato }}</w:t></w:r></w:p>"
    parts["word/document.xml"] = f"{head}<w:body>{text}</w:body></w:document>".encode()
    assert rest
    with zipfile.ZipFile(path, "w") as out:
        for name, data in parts.items():
            if not name.startswith(("word/header", "word/footer", "word/_rels")):
                out.writestr(name, data)
    return path
