"""One sheet of a workbook as rows: header found, cells by key, what is wrong with the sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from bti_docs.core.layout import Column, Sheet
from bti_docs.core.problems import Place, Problem
from bti_docs.core.raw import NUMBER, Row, Value
from bti_docs.core.values import as_text, is_blank, nearest, quote
from bti_docs.workbook.plan import Header, is_example, match_header
from bti_docs.workbook.scan import SheetFacts, column_letters

_HEADER_SEARCH: Final = 10
"""The header is among the first rows; people write a title above it."""

_LEAST_MATCHES: Final = 2
_MOST_HIDDEN_ROWS: Final = 20


@dataclass(frozen=True, slots=True)
class SheetRows:
    """The filled rows of one sheet. A child row's id is its parent's Nr."""

    sheet: Sheet
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    examples: int = 0


def read_sheet(
    name: str,
    sheet: Sheet,
    facts: SheetFacts,
    lines: Sequence[Sequence[Any]],
    index: Mapping[str, Column],
) -> SheetRows:
    """Read one recognised sheet.

    Args:
        name: the sheet's name as the person sees it.
        sheet: what the sheet is.
        facts: what its XML says besides the values.
        lines: all rows from the first, cells from column A.
        index: the names its headers may have.
    """
    at = _header_row(lines, index)
    if at is None:
        problem = Problem(
            "header_missing", Place(sheet=name), {"label": sheet.columns[0].labels.nb}
        )
        return SheetRows(sheet, (), (problem,))
    header = match_header(lines[at], index)
    problems = [*_header_problems(name, sheet, header), *_sheet_problems(name, facts, header, at)]
    if NUMBER not in header.keys.values():
        return SheetRows(sheet, (), tuple(problems))
    rows, examples = _rows(name, sheet, header, lines, at + 1)
    problems += _without_header(name, header, lines, rows)
    return SheetRows(sheet, rows, tuple(problems), examples)


def _rows(
    name: str, sheet: Sheet, header: Header, lines: Sequence[Sequence[Any]], first: int
) -> tuple[tuple[Row, ...], int]:
    """The filled rows from index *first*, and how many example rows were passed over."""
    columns = {key: column_letters(at + 1) for at, key in header.keys.items()}
    rows: list[Row] = []
    known: dict[Value, Value] = {}
    examples = 0
    for number, line in enumerate(islice(lines, first, None), first + 1):
        cells = {key: _value(line[at]) for at, key in header.keys.items() if at < len(line)}
        filled = {k: _once(value, known) for k, value in cells.items() if not is_blank(value)}
        row_id = as_text(filled.get(NUMBER)).strip()
        if is_example(row_id):
            examples += 1
        elif not filled.keys() <= {NUMBER}:
            rows.append(Row(row_id, sheet.type, name, number, filled, columns=columns))
    return tuple(rows), examples


def _once(value: Value, known: dict[Value, Value]) -> Value:
    """The value, as one object for all cells of a sheet that say the same: a school, a name."""
    return known.setdefault(value, value) if isinstance(value, str) else value


def _value(cell: object) -> Value:
    if isinstance(cell, timedelta):
        return cell.total_seconds() / 86_400
    return None if cell == "" else cell  # type: ignore[return-value]  # calamine's own types


def _header_row(lines: Sequence[Sequence[Any]], index: Mapping[str, Column]) -> int | None:
    """The first of the rows near the top that knows most headers."""
    counts = [
        (len(match_header(line, index).keys), -at)
        for at, line in enumerate(islice(lines, _HEADER_SEARCH))
    ]
    best, at = max(counts, default=(0, 0))
    return -at if best >= _LEAST_MATCHES else None


def _header_problems(name: str, sheet: Sheet, header: Header) -> Iterator[Problem]:
    if NUMBER not in header.keys.values():
        label = sheet.columns[0].labels.nb
        yield Problem("column_missing", Place(sheet=name), {"label": label})
    for at, text in header.twice.items():
        place = Place(sheet=name, column=column_letters(at + 1))
        yield Problem("column_twice", place, {"value": quote(text)})
    labels = [column.labels.nb for column in sheet.columns]
    labels += [column.labels.nn for column in sheet.columns]
    for at, text in header.unknown.items():
        place = Place(sheet=name, column=column_letters(at + 1))
        near = nearest(text, labels)
        if near:
            params: dict[str, str | int] = {"value": quote(text), "nearest": near}
            yield Problem("extra_column_near", place, params, "warning")
        else:
            yield Problem("extra_column", place, {"value": quote(text)}, "warning")


def _sheet_problems(name: str, facts: SheetFacts, header: Header, at: int) -> Iterator[Problem]:
    first = at + 1
    hidden = [row for row in facts.hidden_rows if row >= first]
    if len(hidden) > _MOST_HIDDEN_ROWS:
        yield Problem("hidden_rows", Place(sheet=name), {"count": len(hidden)})
    else:
        yield from (Problem("hidden_row", Place(name, row), {"row": row}) for row in hidden)
    for low, high in facts.hidden_columns:
        for column in sorted(c for c in facts.filled_columns if low <= c <= high):
            letters = column_letters(column)
            yield Problem("hidden_column", Place(name, column=letters), {"column": letters})
    for code, cells in (
        ("formula_without_value", facts.formulas),
        ("formula_error", facts.errors),
    ):
        for row, column in cells:
            if row > first and column - 1 in header.keys:
                key = header.keys[column - 1]
                yield Problem(code, Place(name, row, column_letters(column), key.lstrip("@")))
    yield from _merges(name, facts, header, first)


def _merges(name: str, facts: SheetFacts, header: Header, first: int) -> Iterator[Problem]:
    """Merged cells that cover the header or data: only the upper left keeps its value."""
    for row, column, last_row, last_column in facts.merges:
        covered = any(column - 1 <= at <= last_column - 1 for at in header.keys)
        if last_row >= first and row <= facts.last_row and covered:
            cells = f"{column_letters(column)}{row}:{column_letters(last_column)}{last_row}"
            yield Problem(
                "merged_cells", Place(name, row, column_letters(column)), {"cells": cells}
            )


def _without_header(
    name: str, header: Header, lines: Sequence[Sequence[Any]], rows: Sequence[Row]
) -> Iterator[Problem]:
    """The first cell in each column nobody named: it would be lost without a word."""
    named = header.keys.keys() | header.unknown.keys() | header.twice.keys()
    told: set[int] = set()
    for row in rows:
        for at, cell in enumerate(lines[row.number - 1]):
            if at not in named and at not in told and not is_blank(_value(cell)):
                told.add(at)
                place = Place(name, row.number, column_letters(at + 1))
                yield Problem("column_without_header", place, {}, "warning")
