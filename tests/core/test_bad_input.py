"""Every problem of the input stage has a folder under tests/bad with an input and what is said."""

from __future__ import annotations

import importlib.util
import json
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from bti_docs.core.problems import Problem
from bti_docs.errors import InputError
from bti_docs.messages import LANGUAGES, text
from tests.intake_samples import BAD, judge, read

FOLDERS = sorted(folder for folder in BAD.iterdir() if (folder / "expected.json").exists())


def input_codes() -> set[str]:
    file = resources.files("bti_docs.messages").joinpath("nb", "input.toml")
    return {code for code in tomllib.loads(file.read_text("utf-8")) if not code.startswith("wb_")}


def source(folder: Path, work: Path) -> Path:
    script = folder / "make.py"
    if not script.exists():
        return next(folder.glob("input.*"))
    spec = importlib.util.spec_from_file_location(f"bad_{folder.name}", script)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: Path = module.make(work)
    return made


def said(problem: Problem) -> dict[str, Any]:
    place = problem.place
    told = {
        "code": problem.code,
        "severity": problem.severity,
        "sheet": place.sheet,
        "row": place.row,
        "cell": place.cell,
        "field": place.field,
        "message": text(problem.code, "nb", **problem.params),
    }
    return {key: value for key, value in told.items() if value is not None}


def outcome(path: Path) -> dict[str, Any]:
    try:
        checked = judge(read(path))
    except InputError as error:
        message = text(error.code, "nb", **error.params)
        return {"error": error.code, "message": message}
    for problem in checked.problems:
        assert all(text(problem.code, language, **problem.params) for language in LANGUAGES)
    return {
        "problems": [said(problem) for problem in checked.problems],
        "cases": len(checked.cases),
        "documents": len(checked.documents),
    }


def test_every_code_has_a_folder() -> None:
    assert input_codes() <= {folder.name for folder in FOLDERS}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_bad_input_is_told_clearly(folder: Path, tmp_path: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    found = outcome(source(folder, tmp_path))
    assert found == expected
    told = {problem["code"] for problem in found.get("problems", ())} | {found.get("error")}
    assert folder.name in told
