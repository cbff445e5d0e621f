"""Values as a person types them in a sheet: dates as dates, choices as labels, ticks as x."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bti_docs.core.layout import Column, Sheet, options_of, tick_columns
from bti_docs.core.manifest import Manifest, ManifestField
from bti_docs.core.profile import Profile
from bti_docs.core.raw import TICK
from bti_docs.core.values import find_option
from bti_docs.messages import text

CellValue = str | int | date


def printed_columns(sheet: Sheet, profile: Profile) -> tuple[Column, ...]:
    """The sheet's columns as they are drawn: a tick column for each of several choices."""
    return tuple(
        drawn
        for column in sheet.columns
        for drawn in (
            tick_columns(column, profile) if column.field.type == "flervalg" else (column,)
        )
    )


def row_cells(
    values: Mapping[str, Any], columns: Sequence[Column], profile: Profile, language: str
) -> dict[str, CellValue]:
    """The cells of one row from its values by flat key (`samtykke.formaal`)."""
    cells: dict[str, CellValue] = {}
    for column in columns:
        key, tick, choice = column.key.partition(TICK)
        value = values.get(key)
        if value in (None, "", (), []):
            continue
        if tick:
            if isinstance(value, list | tuple) and choice in value:
                cells[column.key] = "x"
        else:
            cells[column.key] = _cell(value, column.field, profile, language)
    return cells


def flat_values(record: Mapping[str, Any], manifest: Manifest) -> dict[str, Any]:
    """A record's values by flat key: blocks and nested objects unfolded, lists left out."""
    flat: dict[str, Any] = {}
    for key, value in record.items():
        field = manifest.find(key)
        if isinstance(value, Mapping):
            flat |= {f"{key}.{part}": inner for part, inner in value.items()}
        elif field is None or not field.repeated:
            flat[key] = value
    return flat


def child_rows(record: Mapping[str, Any], manifest: Manifest) -> Iterator[tuple[str, Any]]:
    """The rows of a record's repeated fields, each with its field's key."""
    for field in manifest.fields:
        if field.repeated:
            yield from ((field.key, row) for row in record.get(field.key) or ())


def _cell(value: Any, field: ManifestField, profile: Profile, language: str) -> CellValue:  # noqa: ANN401  (the field's type decides)
    if isinstance(value, bool):
        return text("wb_yes" if value else "wb_no", language)
    if field.type == "dato" and isinstance(value, str):
        return date.fromisoformat(value)
    if isinstance(value, date | int):
        return value
    known = find_option(str(value), options_of(field, profile)) if field.options else None
    return known.label(language) if known else str(value)
