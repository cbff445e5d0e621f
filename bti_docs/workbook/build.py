"""The workbook an office fills: made from the manifests, with known cases or an invented office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.custom import CustomPropertyList, StringProperty

from bti_docs.core.layout import Sheet, fold, sheets
from bti_docs.core.manifest import Manifest
from bti_docs.core.profile import Profile
from bti_docs.core.raw import CASE, CASE_OF, NUMBER
from bti_docs.messages import text
from bti_docs.workbook.cells import CellValue, child_rows, flat_values, printed_columns, row_cells
from bti_docs.workbook.example import WRITTEN_FOR, ExampleOffice, example_office
from bti_docs.workbook.package import ID_PROPERTY
from bti_docs.workbook.readme import write_readme
from bti_docs.workbook.saving import workbook_bytes
from bti_docs.workbook.sheet_output import Content, Lists, write_sheet

Rows = dict[tuple[str, str | None], list[dict[str, CellValue]]]
"""The rows of each sheet, by type and list."""


def write_workbook(  # noqa: PLR0913  (what a workbook is made of)
    manifests: Mapping[str, Manifest],
    case_manifest: Manifest,
    profile: Profile,
    *,
    language: str,
    workbook_id: str,
    types: Sequence[str] = (),
    example: bool = False,
    on: date = WRITTEN_FOR,
    cases: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """Make an .xlsx: a sheet for cases and one for each type, with child sheets.

    Args:
        manifests: the document types by code.
        case_manifest: the case's own.
        profile: for drop-downs and the urgent box.
        language: nb or nn.
        workbook_id: tells this workbook from its siblings; the only part that is not given by the
            rest, so that the same call gives the same bytes.
        types: the types to make sheets for; none: all that a person fills.
        example: fill it with an invented, valid office.
        on: the day from which the invented meetings are to come.
        cases: known cases, `{"sak": "2026-0147", …}` by the keys of `CaseRecord.norwegian()`, and
            optionally `"dokumenter": {"REF": {…values}}` for rows to start from.
    """
    chosen = [manifests[code] for code in types] or [
        m for _, m in sorted(manifests.items()) if m.reply_to is None
    ]
    office = example_office(case_manifest, profile, language, on)
    filler = _Filler(office, chosen)
    if example:
        filler.add_example()
    for case in cases:
        filler.add_case(case)
    plan = [sheet for m in (case_manifest, *chosen) for sheet in sheets(m, case_manifest)]
    contents = [filler.content(sheet, fresh=not example and not cases) for sheet in plan]
    return workbook_bytes(_draw(plan, contents, profile, language, workbook_id))


def _draw(
    plan: Sequence[Sheet],
    contents: Sequence[Content],
    profile: Profile,
    language: str,
    workbook_id: str,
) -> Workbook:
    book = Workbook()
    book.properties.title = text("wb_title", language)
    book.properties.creator = profile.municipality.name
    properties: CustomPropertyList[Any] = book.custom_doc_props  # type: ignore[attr-defined]
    properties.append(StringProperty(name=ID_PROPERTY, value=workbook_id))
    names = _sheet_names(plan, language)
    write_readme(book.active, names, profile, language)
    lists = Lists(book.create_sheet(text("wb_sheet_lists", language)))
    for sheet, name, content in zip(plan, names, contents, strict=True):
        write_sheet(book.create_sheet(name), sheet, content, profile, lists, language)
    book.move_sheet(lists.sheet, len(plan))
    lists.sheet.sheet_state = "hidden"
    return book


def _sheet_names(plan: Sequence[Sheet], language: str) -> list[str]:
    """The sheets' names; where two are cut to the same, the key tells them apart."""
    names: list[str] = []
    for sheet in plan:
        name = sheet.name(language)
        if fold(name) in map(fold, names):
            name = f"{sheet.type} {sheet.list_key}"[:31]
        names.append(name)
    return names


@dataclass(slots=True)
class _Filler:
    """Collects rows for all sheets, with the numbers that join them."""

    office: ExampleOffice
    chosen: Sequence[Manifest]
    rows: Rows = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    """The last Nr of each type."""

    def add_example(self) -> None:
        """The invented office: its cases, and documents of every type."""
        for case in self.office.cases():
            self._add(self.office.case_manifest, case, {})
        for manifest in self.chosen:
            for case_number, values in self.office.documents(manifest):
                base: dict[str, CellValue] = {} if case_number is None else {CASE_OF: case_number}
                self._add(manifest, values, base)

    def add_case(self, case: Mapping[str, Any]) -> None:
        """A known case, and the rows that its documents are started from."""
        self._add(self.office.case_manifest, case, {})
        started = case.get("dokumenter") or {}
        for manifest in self.chosen:
            if manifest.chain == "sak" and manifest.type in started:
                self._add(manifest, started[manifest.type], {CASE_OF: case["sak"]})

    def content(self, sheet: Sheet, *, fresh: bool) -> Content:
        """What *sheet* is filled with; a fresh workbook has an example row on each."""
        rows = self.rows.get((sheet.type, sheet.list_key), [])
        example = self._example(sheet) if fresh else None
        return Content(rows, example, numbered=sheet.list_key is None)

    def _add(
        self, manifest: Manifest, values: Mapping[str, Any], base: Mapping[str, CellValue]
    ) -> None:
        number = self.keys.get(manifest.type, 0) + 1
        self.keys[manifest.type] = number
        plan = sheets(manifest, self.office.case_manifest)
        cells = self._cells(plan[0], flat_values(values, manifest))
        own = self.rows.setdefault((manifest.type, None), [])
        own.append({NUMBER: number, **base, **cells})
        children = {sheet.list_key: sheet for sheet in plan[1:]}
        for key, row in child_rows(values, manifest):
            target = self.rows.setdefault((manifest.type, key), [])
            target.append({NUMBER: number, **self._cells(children[key], row)})

    def _cells(self, sheet: Sheet, values: Mapping[str, Any]) -> dict[str, CellValue]:
        columns = printed_columns(sheet, self.office.profile)
        return row_cells(values, columns, self.office.profile, self.office.language)

    def _example(self, sheet: Sheet) -> dict[str, CellValue]:
        values = next(self._example_rows(sheet), {})
        nr = text("wb_example_nr", self.office.language)
        base: dict[str, CellValue] = {NUMBER: nr}
        if sheet.find(CASE_OF):
            base[CASE_OF] = 1
        return {**base, **self._cells(sheet, values)}

    def _example_rows(self, sheet: Sheet) -> Iterator[Mapping[str, Any]]:
        if sheet.type == CASE:
            manifest, values = self.office.case_manifest, self.office.cases()[0]
        else:
            manifest = next(m for m in self.chosen if m.type == sheet.type)
            values = self.office.document(manifest)
        if sheet.list_key is None:
            yield flat_values(values, manifest)
        else:
            yield from (row for key, row in child_rows(values, manifest) if key == sheet.list_key)
