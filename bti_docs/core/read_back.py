"""What a Word file says when it comes back: its texts become typed values again. Pure.

A text that stands as it was issued keeps the value it was made from; only what somebody wrote is
read anew, so a date that we wrote in words need not be guessed at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bti_docs.core.loose import is_blank
from bti_docs.core.manifest import Manifest
from bti_docs.core.raw import Row
from bti_docs.core.rows import Rules, check_row

Said = str | bool
"""The text of a control, or whether its box is ticked."""

Rows = Mapping[str, Sequence[Mapping[str, Said]]]


@dataclass(frozen=True, slots=True)
class Texts:
    """What stands in the controls of a Word file: one text each, and rows of them."""

    values: Mapping[str, Said]
    rows: Rows


@dataclass(frozen=True, slots=True)
class ReadValues:
    """The values of a returned document, and the fields that are not in order."""

    values: Mapping[str, Any]
    missing: tuple[str, ...]
    """Keys of fields that must be there when it comes back, and are not."""
    wrong: tuple[str, ...]
    """Keys of fields that cannot be read."""


def read_values(
    manifest: Manifest, rules: Rules, back: Texts, issued: Texts, known: Mapping[str, Any]
) -> ReadValues:
    """The values that *back* holds, given what was issued and the values it was made from."""
    same = {field.key for field in manifest.fields if _unchanged(field.key, back, issued)}
    children = {
        key: tuple(
            Row(f"{key}.{number}", manifest.type, None, number, dict(row), path=f"{key}[{number}].")
            for number, row in enumerate(rows, start=1)
            if any(_plain(said) for said in row.values())
        )
        for key, rows in back.rows.items()
        if key not in same
    }
    cells = {key: text for key, text in back.values.items() if key not in same}
    checked = check_row(Row("1", manifest.type, None, 1, cells, children), manifest, rules)
    values = {**{key: known[key] for key in same if not is_blank(known.get(key))}, **checked.values}
    missing = tuple(
        field.key
        for field in manifest.fields
        if field.required != "never" and is_blank(values.get(field.key))
    )
    errors = [p for p in checked.problems if p.severity == "error" and p.place.field]
    wrong = (str(problem.place.field) for problem in errors)
    known_well = {*missing, *same}
    return ReadValues(
        values, missing, tuple(dict.fromkeys(k for k in wrong if k not in known_well))
    )


def _unchanged(key: str, back: Texts, issued: Texts) -> bool:
    """Whether the field stands as it was issued, with all parts of a block."""
    if key in issued.rows or key in back.rows:
        return _filled(back.rows.get(key, ())) == _filled(issued.rows.get(key, ()))
    return _of_field(back.values, key) == _of_field(issued.values, key)


def _of_field(values: Mapping[str, Said], key: str) -> dict[str, Said]:
    return {k: _plain(v) for k, v in values.items() if k == key or k.startswith(f"{key}.")}


def _filled(rows: Sequence[Mapping[str, Said]]) -> list[dict[str, Said]]:
    shown = [{key: _plain(said) for key, said in row.items() if _plain(said)} for row in rows]
    return [row for row in shown if row]


def _plain(said: Said) -> Said:
    return said.strip() if isinstance(said, str) else said
