"""`bti-docs merge` with many records: good ones are made, others told of by their number."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bti_docs.app.merging import merge_files
from bti_docs.cli.main import run
from bti_docs.errors import InputError
from bti_docs.merge import visible_texts
from bti_docs.merge.bulk import run as bulk_run
from tests.edges.docx_samples import docx, p


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "brev.nb.docx"
    path.write_bytes(docx(p("Hei {{ navn }}")))
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_good_records_are_made_and_others_told(
    letter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = tmp_path / "data.json", tmp_path / "ut"
    data.write_text(json.dumps([{"navn": "Ola"}, {}, {"navn": "Kari"}]), encoding="utf-8")
    words = ["merge", str(letter), str(data), str(out)]
    assert run([*words, "--json"]) == 5
    said = json.loads(capsys.readouterr().out)
    assert said["files"] == [str(out / "0001.docx"), str(out / "0003.docx")]
    assert [(one["record"], one["code"]) for one in said["problems"]] == [(2, "missing_field")]
    assert names(out) == ["0001.docx", "0003.docx"]
    data.write_text(json.dumps([{"navn": n} for n in ("Ola", "Per", "Kari")]), encoding="utf-8")
    assert run(words) == 0, "what is there already is no obstacle"
    assert names(out) == ["0001.docx", "0002.docx", "0003.docx"]
    data.write_text(json.dumps([{"navn": "En annen"}]), encoding="utf-8")
    assert run(words) == 4, "nothing is written over"


def test_lines_are_lines_of_json(letter: Path, tmp_path: Path) -> None:
    data = tmp_path / "data.jsonl"
    odd = '{"navn": "Ola\u2028Eksempel"}\r\n\r\n{"navn": "Kari"}'
    data.write_bytes(b"\xef\xbb\xbf" + odd.encode())
    made = merge_files(letter, data, tmp_path / "ut").files
    assert [path.name for path in made] == ["0001.docx", "0002.docx"]
    assert "Hei Kari" in visible_texts(made[1].read_bytes())


@pytest.mark.parametrize(
    "last",
    [b'{"navn": ', b"[1]", b'{"navn": "\xff"}', b"[" * 100_000, b'{"navn": "a", "navn": "b"}'],
)
def test_a_bad_line_stops_all_before_anything_is_made(
    letter: Path, tmp_path: Path, last: bytes
) -> None:
    data = tmp_path / "data.jsonl"
    data.write_bytes(b'{"navn": "Ola"}\n' + last)
    with pytest.raises(InputError) as raised:
        merge_files(letter, data, tmp_path / "ut")
    assert raised.value.code == "merge_line"
    assert raised.value.params["line"] == 2
    assert not (tmp_path / "ut").exists()


def test_many_records_go_through_processes(
    letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_run, "HERE", 100)
    data, told = tmp_path / "data.jsonl", []
    count = 600
    lines = [json.dumps({"navn": f"Nr. {number}"}) for number in range(1, count + 1)]
    data.write_text("\n".join(lines), encoding="utf-8")
    merged = merge_files(
        letter, data, tmp_path / "ut", progress=lambda done, of: told.append((done, of))
    )
    assert told == [(number, count) for number in range(1, count + 1)]
    assert [path.name for path in merged.files] == names(tmp_path / "ut")
    assert len(merged.files) == count
    assert f"Hei Nr. {count}" in visible_texts(merged.files[-1].read_bytes())
