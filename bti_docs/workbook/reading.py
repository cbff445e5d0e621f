"""Which kind of input some bytes are, and the rows in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from bti_docs.core.manifest import Manifest
from bti_docs.core.problems import Place, Problem
from bti_docs.core.raw import RawInput
from bti_docs.errors import InputError
from bti_docs.workbook.csv_input import read_csv
from bti_docs.workbook.json_input import read_json
from bti_docs.workbook.package import OLE
from bti_docs.workbook.plan import Plan
from bti_docs.workbook.xlsx_input import read_workbook

_ZIP: Final = b"PK\x03\x04"
_LOCKS: Final = ("~${}", ".~lock.{}#")
"""What Excel and LibreOffice lay beside a workbook that is open."""


def read_input(
    source: Path | tuple[bytes, str],
    *,
    manifests: Mapping[str, Manifest],
    case_manifest: Manifest,
    type_code: str | None = None,
) -> RawInput:
    """Read a workbook, a JSON file or a CSV file as rows, without judging their values.

    Args:
        source: the file, or its bytes and name.
        manifests: the document types by code.
        case_manifest: the case's own.
        type_code: the type of a CSV file without the column `type`.

    Raises:
        InputError: the bytes are none of these, or cannot be opened.
    """
    data, name = (_bytes(source), source.name) if isinstance(source, Path) else source
    plan = Plan(manifests, case_manifest)
    stem, _, ending = name.rpartition(".")
    raw = _read(data, stem or name, ending.casefold(), plan, type_code)
    if isinstance(source, Path) and _is_open(source):
        warning = Problem("workbook_open", Place(), {}, "warning")
        return replace(raw, problems=(warning, *raw.problems))
    return raw


def _read(data: bytes, stem: str, ending: str, plan: Plan, type_code: str | None) -> RawInput:
    """The content decides; the name only tells JSON from CSV where both could be."""
    if data.startswith((_ZIP, OLE)):
        return read_workbook(data, stem, plan)
    if ending == "json" or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return read_json(data, stem, plan)
    if ending in {"csv", "txt", "tsv"}:
        return read_csv(data, stem, plan, type_code)
    raise InputError("input_unknown_kind")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError("input_cannot_open") from error


def _is_open(path: Path) -> bool:
    return any((path.parent / lock.format(path.name)).exists() for lock in _LOCKS)
