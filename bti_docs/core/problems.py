"""A problem in what a person handed in: a code, a place, and what the sentence needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input: a workbook's sheet and cell, a JSON path's row and field."""

    sheet: str | None = None
    row: int | None = None
    """The row number a person sees: 1 is the first row of the sheet or file."""
    column: str | None = None
    """The column's letters in a workbook, `AB`."""
    field: str | None = None
    """The field's key, `moete.dato`."""

    @property
    def cell(self) -> str | None:
        """`B7`, when both parts are known."""
        return f"{self.column}{self.row}" if self.column and self.row else None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right. The sentence is made from `code` and `params`, per language.

    `params` may quote what the person typed; a problem is shown to that person and never logged.
    """

    code: str
    place: Place = Place()
    params: Mapping[str, str | int] = field(default_factory=dict)
    severity: str = "error"
    """`error` stops the row; `warning` is shown and does not."""
