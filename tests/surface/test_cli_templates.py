"""templates list, check, fields, approve, diff; and the merge engine alone."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from bti_docs.cli.main import run
from bti_docs.merge import visible_texts
from tests.surface.conftest import Command


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
        ("{{ moete.leder }}", "{{ moete.leder", "tpl_syntax", ""),
        ('w:tag w:val="moete.leder"', 'w:tag w:val="moete.ledr"', "tpl_control_unknown",
         "{{ moete.leder }}"),
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


def _problems(bti: Command, path: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = bti("templates", "check", path, json_out=True).json[0]["problems"]
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
    said = bti("templates", "approve", path, "--by", "u-07", json_out=True)
    assert said.json == {"approved": ["INV.nb"], "by": "u-07"}
    types = {one["type"]: one for one in bti("templates", "list", json_out=True).json}
    assert types["INV"]["approved"] == ["nb", "nn"]


def test_a_faulty_template_is_not_approved(root: Path, bti: Command) -> None:
    path = root / "templates" / "docx" / "INV.nb.docx"
    changed(path, "{{ vedlegg }}", "{{ vedleg }}")
    said = bti("templates", "approve", path, "--by", "u-07")
    assert said.code == 4
    assert "blir ikke godkjent" in said.err
    assert "vedleg" in said.err
    assert bti("templates", "check", path).code == 4
    assert "ikke godkjent: nb" in bti("templates", "list").out
    manifest = root / "templates" / "docx" / "INV.toml"
    assert bti("templates", "approve", manifest, "--by", "u-07").code == 4


def test_what_a_new_version_changes(root: Path, bti: Command, tmp_path: Path) -> None:
    old = root / "templates" / "docx" / "INV.nb.docx"
    new = changed(old, "{{ moete.leder }}", "{{ sak.nivaa }}", tmp_path / "INV.nb.docx")
    changes = bti("templates", "diff", old, new, json_out=True).json
    found = {(c["what"], c["how"], c["name"]) for c in changes}
    assert ("field", "removed", "moete.leder") in found
    assert ("field", "added", "sak.nivaa") in found
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
