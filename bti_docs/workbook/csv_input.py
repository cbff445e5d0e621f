"""A CSV file as rows: one document type, columns by key or label. UTF-8 or cp1252; `;` `,` tab."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bti_docs.core.layout import Column, fold, sheets
from bti_docs.core.problems import Place, Problem
from bti_docs.core.raw import CASE, NUMBER, RawInput, Row
from bti_docs.core.values import is_blank, quote
from bti_docs.errors import InputError
from bti_docs.workbook.plan import Header, Plan, is_example, match_header

_DELIMITERS: Final = (";", ",", "\t")
_TYPE: Final = "type"
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_MAX_CELL: Final = 131_072


def read_csv(data: bytes, name: str, plan: Plan, type_code: str | None) -> RawInput:
    """Read a CSV file.

    Args:
        data: the file's bytes.
        name: the batch name: with the column nr it is the rows' identity.
        plan: the document types.
        type_code: the type of all rows; None: the file has a column `type`.

    Raises:
        InputError: the bytes are not text.
    """
    text = _decode(data)
    best: tuple[int, RawInput] | None = None
    for delimiter in _DELIMITERS:
        lines = _lines(text, delimiter)
        known, raw = _read(lines, name, plan, type_code)
        if best is None or known > best[0]:
            best = known, raw
    if best is None:
        raise InputError("input_unreadable")
    return best[1]


def _decode(data: bytes) -> str:
    for bom, encoding in (*_BOMS, (b"", "utf-8"), (b"", "cp1252")):
        if data.startswith(bom):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return text
    raise InputError("input_unreadable")


def _lines(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The filled lines with the number of the line each ends on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [(reader.line_num, line) for line in reader if any(c.strip() for c in line)]
    except csv.Error as error:
        raise InputError("input_bad_csv", line=reader.line_num, limit=_MAX_CELL) from error


def _read(
    lines: Sequence[tuple[int, list[str]]], name: str, plan: Plan, type_code: str | None
) -> tuple[int, RawInput]:
    """The rows, and how many headers were known: the delimiter with most is the file's."""
    if not lines:
        return 0, RawInput(name)
    heads = [fold(cell) for cell in lines[0][1]]
    type_at = heads.index(_TYPE) if _TYPE in heads else None
    code = (type_code or _first_type(lines, type_at)).upper()
    manifest = plan.manifest(code)
    if manifest is None:
        known = 1 if type_at is not None else 0
        params: dict[str, str | int] = {"options": ", ".join(sorted(plan.manifests))}
        problem = Problem("type_missing", Place(row=1, field=_TYPE), params)
        return known, RawInput(name, problems=(problem,))
    sheet = sheets(manifest, plan.case_manifest)[0]
    header = _header(lines[0][1], plan.headers(sheet), type_at)
    problems = [*_header_problems(header), *_mixed_types(lines[1:], type_at, code)]
    rows = tuple(_rows(lines[1:], code, header))
    cases, documents = (rows, ()) if code == CASE else ((), rows)
    return len(header.keys), RawInput(name, cases, documents, tuple(problems))


def _header(line: Sequence[str], index: Mapping[str, Column], type_at: int | None) -> Header:
    return match_header(["" if at == type_at else cell for at, cell in enumerate(line)], index)


def _first_type(lines: Sequence[tuple[int, list[str]]], type_at: int | None) -> str:
    if type_at is None:
        return ""
    return next((line[type_at].strip() for _, line in lines[1:] if type_at < len(line)), "")


def _header_problems(header: Header) -> Iterator[Problem]:
    for text in header.twice.values():
        yield Problem("column_twice", Place(), {"value": quote(text)})
    for text in header.unknown.values():
        yield Problem("extra_column", Place(row=1), {"value": quote(text)}, "warning")


def _mixed_types(
    lines: Sequence[tuple[int, list[str]]], type_at: int | None, code: str
) -> Iterator[Problem]:
    for number, line in lines:
        here = line[type_at].strip().upper() if type_at is not None and type_at < len(line) else ""
        if here and here != code:
            params: dict[str, str | int] = {"value": quote(here), "type": code}
            yield Problem("type_mixed", Place(row=number, field=_TYPE), params)


def _rows(lines: Sequence[tuple[int, list[str]]], code: str, header: Header) -> Iterator[Row]:
    for number, line in lines:
        cells = {
            key: line[at]
            for at, key in header.keys.items()
            if at < len(line) and not is_blank(line[at])
        }
        row_id = cells.get(NUMBER, "").strip()
        if cells and not is_example(row_id):
            yield Row(row_id or str(number), code, None, number, cells)
