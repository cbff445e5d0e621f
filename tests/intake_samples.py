"""A small office's manifests and profile, and inputs made from them, for the tests of intake."""

from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook

from bti_docs.core.intake import Checked, check
from bti_docs.core.manifest import Manifest
from bti_docs.core.profile import Profile
from bti_docs.core.raw import RawInput
from bti_docs.workbook import read_input, write_workbook

TODAY = date(2026, 11, 23)
"""The day it is."""

BAD = Path(__file__).parent / "bad"
OFFICE = BAD / "_office"


@cache
def manifests() -> dict[str, Manifest]:
    return {
        code: Manifest.model_validate(tomllib.loads((OFFICE / f"{code}.toml").read_text("utf-8")))
        for code in ("ANO", "KRV", "PRV")
    }


@cache
def case_manifest() -> Manifest:
    file = resources.files("bti_docs").joinpath("assets", "SAK.toml")
    return Manifest.model_validate(tomllib.loads(file.read_text("utf-8")))


@cache
def profile() -> Profile:
    return Profile.model_validate(tomllib.loads((OFFICE / "profil.toml").read_text("utf-8")))


def read(source: Path | tuple[bytes, str], type_code: str | None = None) -> RawInput:
    return read_input(
        source, manifests=manifests(), case_manifest=case_manifest(), type_code=type_code
    )


def judge(raw: RawInput, case: str | None = None) -> Checked:
    return check(raw, manifests(), case_manifest(), profile(), "nb", on=TODAY, case=case)


def from_json(body: object) -> Checked:
    return judge(read((json.dumps(body, ensure_ascii=False).encode(), "inn.json")))


def case(**more: object) -> dict[str, Any]:
    """One valid case."""
    barn = {"fornavn": "Kari", "etternavn": "Eksempel", "foedselsdato": "17.08.2015"}
    guardian = {"navn": "Ola Eksempel", "foreldreansvar": "ja"}
    return {"id": "s1", "sak": None, "barn": barn, "foresatte": [guardian], **more}


def document(**fields: object) -> dict[str, Any]:
    """One valid document of the only case."""
    return {"id": "1", "type": "PRV", "felter": {"moete.dato": "03.12.2026", **fields}}


@cache
def workbook(*, example: bool = True, language: str = "nb") -> bytes:
    """The small office's workbook."""
    return write_workbook(
        manifests(),
        case_manifest(),
        profile(),
        language=language,
        workbook_id="WB-PROEVE",
        example=example,
    )


def edited(data: bytes, edit: Callable[[Workbook], object]) -> bytes:
    """A workbook after somebody has worked in it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def codes(checked: Checked) -> list[str]:
    return [problem.code for problem in checked.problems]
