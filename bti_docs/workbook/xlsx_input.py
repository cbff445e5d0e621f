"""A workbook as rows: every sheet recognised or named, child rows with their parents."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from bti_docs.core.layout import LANGUAGES, fold
from bti_docs.core.problems import Place, Problem
from bti_docs.core.raw import CASE, NUMBER, RawInput, Row
from bti_docs.core.values import as_text, quote
from bti_docs.errors import InputError
from bti_docs.messages import text
from bti_docs.workbook.package import SheetPart, open_package, sheet_parts, workbook_id
from bti_docs.workbook.plan import Plan
from bti_docs.workbook.scan import SheetFacts, scan_sheet
from bti_docs.workbook.sheet_input import SheetRows, read_sheet

_MAX_CELLS: Final = 10_000_000
"""From A1 to the last filled cell; a stray cell in row 1,048,576 is not worth the memory."""

_LOOSE: Final = frozenset({"merged_cells", "parent_missing", "parent_unknown"})
"""Errors of one row that may have taken something from another."""

_OWN_SHEETS: Final = ("wb_sheet_readme", "wb_sheet_lists", "wb_sheet_problems")


def read_workbook(data: bytes, name: str, plan: Plan) -> RawInput:
    """Read an .xlsx.

    Raises:
        InputError: the bytes are no workbook, or one that cannot be opened.
    """
    with open_package(data) as package:
        own_id = workbook_id(package)
        parts = sheet_parts(package)
        try:
            values = CalamineWorkbook.from_filelike(io.BytesIO(data))
        except (CalamineError, OSError) as error:
            raise InputError("input_unreadable") from error
        sheets, problems = _read_sheets(package, parts, values, plan)
    if own_id is None:
        problems.append(Problem("workbook_without_id", severity="warning"))
    examples = sum(sheet.examples for sheet in sheets)
    if examples:
        problems.append(Problem("example_skipped", Place(), {"count": examples}, "note"))
    problems += [problem for sheet in sheets for problem in sheet.problems]
    types = _types(parts, plan)
    cases, documents, more = _join(sheets, plan, _untrusted(problems, types))
    problems += more
    return RawInput(own_id or name, cases, documents, tuple(problems), _untrusted(problems, types))


def _types(parts: Sequence[SheetPart], plan: Plan) -> dict[str | None, str]:
    names = plan.sheet_names()
    return {part.name: names[fold(part.name)].type for part in parts if fold(part.name) in names}


def _untrusted(problems: Iterable[Problem], types: Mapping[str | None, str]) -> frozenset[str]:
    """The types with an error that may hide whole rows: of a sheet, or of whom a row belongs to."""
    return frozenset(
        types[p.place.sheet]
        for p in problems
        if p.severity == "error"
        and p.place.sheet in types
        and (p.place.row is None or p.code in _LOOSE)
    )


def _read_sheets(
    package: zipfile.ZipFile,
    parts: Sequence[SheetPart],
    values: CalamineWorkbook,
    plan: Plan,
) -> tuple[list[SheetRows], list[Problem]]:
    names = plan.sheet_names()
    own = {fold(text(code, language)) for code in _OWN_SHEETS for language in LANGUAGES}
    found: list[SheetRows] = []
    problems: list[Problem] = []
    for part in parts:
        if fold(part.name) in own:
            continue
        facts = scan_sheet(package, part.path)
        if facts.is_empty:
            continue
        sheet = names.get(fold(part.name))
        problem = _unusable(part, facts, known=sheet is not None)
        if problem:
            problems.append(problem)
        elif sheet:
            lines = _lines(values, part.name)
            found.append(read_sheet(part.name, sheet, facts, lines, plan.headers(sheet)))
    return found, problems


def _unusable(part: SheetPart, facts: SheetFacts, *, known: bool) -> Problem | None:
    place = Place(sheet=part.name)
    if not known:
        return Problem("extra_sheet", place, {"value": quote(part.name)}, "warning")
    if part.hidden:
        return Problem("hidden_sheet", place, {"value": quote(part.name)})
    if facts.last_row * facts.last_column > _MAX_CELLS:
        return Problem("sheet_too_large", place, {"row": facts.last_row})
    return None


def _lines(values: CalamineWorkbook, name: str) -> list[list[object]]:
    try:
        return values.get_sheet_by_name(name).to_python(skip_empty_area=False)  # type: ignore[return-value]  # calamine's own types
    except (CalamineError, OSError) as error:
        raise InputError("input_unreadable") from error


def _join(
    sheets: Sequence[SheetRows], plan: Plan, untrusted: frozenset[str]
) -> tuple[tuple[Row, ...], tuple[Row, ...], list[Problem]]:
    """Child rows into their parents; what has no parent or no Nr is a problem."""
    children: dict[tuple[str, str], dict[str, list[Row]]] = {}
    problems: list[Problem] = []
    for sheet in sheets:
        if sheet.sheet.list_key:
            problems += _collect(sheet, children)
    cases: list[Row] = []
    documents: list[Row] = []
    for sheet in sheets:
        if sheet.sheet.list_key is None:
            target = cases if sheet.sheet.type == CASE else documents
            target += _parents(sheet, children, plan, problems)
    for (type_code, _), lists in children.items():
        if type_code not in untrusted:  # their parents may be there, and not have been read
            problems += _orphans(lists)
    return tuple(cases), tuple(documents), problems


def _collect(
    sheet: SheetRows, children: dict[tuple[str, str], dict[str, list[Row]]]
) -> Iterator[Problem]:
    for row in sheet.rows:
        if not row.id:
            yield Problem("parent_missing", row.place(NUMBER))
        key = sheet.sheet.list_key or ""
        children.setdefault((row.type, row.id), {}).setdefault(key, []).append(row)


def _parents(
    sheet: SheetRows,
    children: dict[tuple[str, str], dict[str, list[Row]]],
    plan: Plan,
    problems: list[Problem],
) -> Iterator[Row]:
    """The sheet's rows with their child rows; a row of which nothing is filled is passed over."""
    manifest = plan.manifest(sheet.sheet.type)
    demanding = manifest is not None and any(f.required == "issue" for f in manifest.fields)
    for row in sheet.rows:
        names = {row.id, as_text(row.cells.get("sak")).strip()} if row.type == CASE else {row.id}
        lists: dict[str, tuple[Row, ...]] = {}
        for name in sorted(names - {""}):
            for key, rows in children.pop((row.type, name), {}).items():
                both = [*lists.get(key, ()), *rows]
                lists[key] = tuple(sorted(both, key=lambda child: child.number))
        if demanding and not lists and all(key.startswith("@") for key in row.cells):
            problems.append(Problem("row_not_filled", row.place(), {}, "warning"))
            continue
        if not row.id:
            problems.append(Problem("nr_missing", row.place(NUMBER)))
        yield replace(row, id=row.id or f"rad {row.number}", lists=lists)


def _orphans(lists: dict[str, list[Row]]) -> Iterator[Problem]:
    for rows in lists.values():
        for row in rows:
            if row.id:
                yield Problem("parent_unknown", row.place(NUMBER), {"value": quote(row.id)})
