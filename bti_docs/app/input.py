"""What an office hands in: reading it, making workbooks for it, saying what is wrong with it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.core.events import ChainId
from bti_docs.core.model import Case
from bti_docs.core.prefill import known_case
from bti_docs.core.problems import Problem
from bti_docs.core.raw import RawInput
from bti_docs.errors import ArchiveError, InputError
from bti_docs.messages import text
from bti_docs.workbook import mark_problems, read_input, write_workbook

MARKED: Final = "_rettes.xlsx"
"""How the name of a marked copy ends; it lies beside its workbook and nowhere else."""


def read_batch(office: Office, source: Path, type_code: str | None) -> RawInput:
    """The rows of a workbook, JSON or CSV file.

    Raises:
        InputError: there is no such file, or it is none of these.
    """
    if not source.is_file():
        raise InputError("input_missing", file=source.name)
    library = office.library
    return read_input(
        source,
        manifests=library.manifests(),
        case_manifest=library.case_manifest(),
        type_code=type_code,
    )


def read_case(office: Office, body: Mapping[str, Any]) -> RawInput:
    """One entry of the contract's «saker», as the input of a batch that makes no document."""
    data = json.dumps({"saker": [dict(body)], "dokumenter": []}, ensure_ascii=False).encode()
    library = office.library
    return read_input(
        (data, "sak.json"), manifests=library.manifests(), case_manifest=library.case_manifest()
    )


def workbook_bytes(
    office: Office,
    *,
    types: Sequence[str] = (),
    language: str | None = None,
    cases: Sequence[str] = (),
    unit: str | None = None,
    all_open: bool = False,
    example: bool = False,
) -> bytes:
    """A workbook for these types, filled with known cases or an invented office.

    Known cases have a document's row to start from for each of *types*, and none when no type is
    named: then the cases are all that was asked for.

    Raises:
        InputError: one of *cases* is not there.
        ConfigError: the office has no such type.
    """
    library = office.library
    wanted = [library.manifest(code) for code in types]
    known = _cases(office, cases, unit, all_open=all_open)
    return write_workbook(
        library.manifests(),
        library.case_manifest(),
        office.profile,
        language=language or office.profile.language,
        workbook_id=secrets.token_hex(8),
        types=types,
        example=example,
        on=office.today,
        cases=[known_case(case, wanted, office.today) for case in known],
    )


def _cases(
    office: Office, named: Sequence[str], unit: str | None, *, all_open: bool
) -> tuple[Case, ...]:
    """The cases that were named, and the open ones of a unit or of the whole office."""
    found = {name: office.case(ChainId(name)) for name in named}
    if unit or all_open:
        for case in office.cases(office.archive.chains()):
            wanted = case.record and (all_open or case.record.unit == unit)
            if case.kind == "sak" and case.open and wanted:
                found[case.chain] = case
    return tuple(found.values())


def row_sentences(office: Office, problems: Sequence[Problem]) -> list[str]:
    """The sentence of each problem in the office's language."""
    language = office.settings.language
    return [text(problem.code, language, **problem.params) for problem in problems]


def marked_copy(office: Office, source: Path, problems: Sequence[Problem]) -> Path | None:
    """A copy of a faulty workbook with its wrong cells marked, beside it; None when none is made.

    None is made of other files, of a workbook without errors, or where nobody may write.
    """
    if source.suffix.lower() != ".xlsx" or not any(p.severity == "error" for p in problems):
        return None
    data = files.read(source)
    if data is None:
        return None
    sentences = row_sentences(office, problems)
    pairs = list(zip(problems, sentences, strict=True))
    path = source.with_name(source.name.removesuffix(MARKED).removesuffix(".xlsx") + MARKED)
    if path == source:
        return None
    try:
        files.rewrite(office.disk, path, mark_problems(data, pairs, office.settings.language))
    except ArchiveError:  # open in Excel, or a folder for reading only: the list says it all
        return None
    return path
