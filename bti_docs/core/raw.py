"""Input as it was handed in: values with places, without meaning. The readers make it.

A workbook, a JSON file and a CSV file all become the same rows, so everything is checked once, in
`bti_docs.core.intake`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from bti_docs.core.problems import Place, Problem

Value = str | int | float | bool | date | datetime | time | None
"""One cell as the reader found it."""

CASE: Final = "SAK"
"""The type of a row that is a case."""

NUMBER: Final = "@nr"
CASE_OF: Final = "@sak"
LANGUAGE: Final = "@maalform"
RECIPIENTS: Final = "@mottakere"
BASE: Final = "@"
"""Keys of what every row has; the mark keeps them apart from the manifests' fields."""

TICK: Final = "="
"""`samtykke.tjenester=Skole`: one ticked choice of a field with several, a column of its own."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet or one object of a JSON list."""

    id: str
    """What tells this row from the others: the visible Nr, or the `id` of a JSON entry."""
    type: str
    sheet: str | None
    number: int
    """The row number a person sees."""
    cells: Mapping[str, Value]
    """Filled cells by key: a field's, `block.part`, `field=choice`, or `@nr` and its like."""
    lists: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    """The child rows of each repeated field."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """The column letters by key, shared by all rows of a sheet; empty for other files."""
    path: str = ""
    """Where a JSON child row stands in its parent, `tiltak[2].`."""

    def place(self, key: str = "") -> Place:
        """Where the cell *key* of this row is, whether it is filled or not."""
        return Place(
            sheet=self.sheet,
            row=self.number,
            column=self.columns.get(key),
            field=(self.path + key.removeprefix(BASE).partition(TICK)[0]) or None,
        )


@dataclass(frozen=True, slots=True)
class RawInput:
    """All rows of one input, and what was wrong with the file itself."""

    identity: str
    """What tells this input from others: a workbook's id, a JSON file's batch name."""
    cases: tuple[Row, ...] = ()
    documents: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    untrusted: frozenset[str] = frozenset()
    """Types of which rows or child rows may be lost, so that none of their rows is taken."""
