"""A person at a workbook: types the story's cases and documents in, first with mistakes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bti_docs.app.demo.story import Fault, Round, Story
from bti_docs.app.office import Office
from bti_docs.core.layout import Sheet, sheets
from bti_docs.core.manifest import Manifest
from bti_docs.core.raw import CASE, CASE_OF, NUMBER, RECIPIENTS
from bti_docs.workbook.cells import CellValue, child_rows, flat_values, printed_columns, row_cells

_HEADER_ROW: Final = 3
_EXAMPLE_ROW: Final = 4
_NUMBER_COLUMN: Final = 1


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A document row as the workbook has it: whose it is, and what stands in it."""

    case: str | None
    type: str
    values: Mapping[str, Any]
    recipients: tuple[str, ...] | None = None


def rows_of(story: Story, round_: Round) -> tuple[TypedRow, ...]:
    """The story's document rows of one round, the cases' own first."""
    own = [
        TypedRow(case.id, row.type, story.values(case, row.type, row.values), row.recipients)
        for case in story.cases
        for row in case.rows
        if row.round == round_
    ]
    common = [TypedRow(None, r.type, r.values) for r in story.week.common if r.round == round_]
    return (*own, *common)


def typed_workbook(
    office: Office, blank: bytes, story: Story, faults: Sequence[Fault] = ()
) -> bytes:
    """*blank* with the week's first cases and documents typed in, with *faults* among them."""
    book = load_workbook(io.BytesIO(blank))
    typist = _Typist(office, book)
    numbers = {case.id: number for number, case in enumerate(story.cases, 1)}
    for case in story.cases:
        wrong = {f.field: f.value for f in faults if (f.case, f.type) == (case.id, CASE)}
        typist.add(office.library.case_manifest(), case.record, {}, wrong)
    for row in (*rows_of(story, "mandag"), *_extra_rows(story, faults)):
        wrong = {
            f.field: f.value for f in faults if (f.case, f.type) == (row.case, row.type) and f.field
        }
        base: dict[str, CellValue] = {CASE_OF: numbers[row.case]} if row.case else {}
        base |= {RECIPIENTS: ", ".join(row.recipients)} if row.recipients else {}
        typist.add(office.library.manifest(row.type), row.values, base, wrong)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _extra_rows(story: Story, faults: Iterable[Fault]) -> Iterable[TypedRow]:
    """Whole rows that should not be there."""
    for fault in faults:
        if fault.extra:
            values = story.values(story.case(fault.case), fault.type, {})
            yield TypedRow(fault.case, fault.type, values)


@dataclass(slots=True)
class _Typist:
    """Types rows, each on the next line of its sheet, the way a person finds the columns."""

    office: Office
    book: Workbook
    lines: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def add(
        self,
        manifest: Manifest,
        values: Mapping[str, Any],
        base: Mapping[str, CellValue],
        wrong: Mapping[str, str],
    ) -> None:
        """Type one record, its child rows too; *wrong* is typed instead of what is right."""
        number = self.numbers[manifest.type] = self.numbers.get(manifest.type, 0) + 1
        plan = sheets(manifest, self.office.library.case_manifest())
        cells = {NUMBER: number, **base, **self._cells(plan[0], flat_values(values, manifest))}
        self._type(plan[0], {**cells, **wrong})
        children = {sheet.list_key: sheet for sheet in plan[1:]}
        for key, row in child_rows(values, manifest):
            self._type(children[key], {NUMBER: number, **self._cells(children[key], row)})

    def _cells(self, sheet: Sheet, values: Mapping[str, Any]) -> dict[str, CellValue]:
        profile = self.office.profile
        return row_cells(values, printed_columns(sheet, profile), profile, profile.language)

    def _type(self, sheet: Sheet, cells: Mapping[str, CellValue]) -> None:
        page = self._page(sheet)
        line = self.lines[page.title] = self.lines.get(page.title, _EXAMPLE_ROW) + 1
        columns = {c.key: at for at, c in enumerate(printed_columns(sheet, self.office.profile), 1)}
        for key, value in cells.items():
            page.cell(line, columns[key]).value = value or None

    def _page(self, sheet: Sheet) -> Worksheet:
        name, by_key = sheet.name(self.office.profile.language), f"{sheet.type} {sheet.list_key}"
        page = self.book[by_key[:31] if by_key[:31] in self.book.sheetnames else name]
        if not isinstance(page, Worksheet):
            raise TypeError(page.title)
        return page
