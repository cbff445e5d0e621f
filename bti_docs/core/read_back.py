"""What a Word file says when it comes back: its texts become typed values again. Pure.

A text that stands as it was issued keeps the value it was made from; only what somebody wrote is
read anew, so a date that we wrote in words need not be guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bti_docs.core.layout import lower_first
from bti_docs.core.loose import is_blank
from bti_docs.core.manifest import Manifest
from bti_docs.core.problems import Problem
from bti_docs.core.raw import Row
from bti_docs.core.rows import Rules, check_row

Said = str | bool
"""The text of a control, or whether its box is ticked."""

_MISSING: Final = frozenset({"missing_value", "missing_rows"})
"""Problems that say that nothing is there, rather than something unreadable."""

_ROW: Final = re.compile(r"[^\[]+\[(\d+)\]")

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
    """Keys of fields that cannot be read, `tiltak[2].frist` in a row."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What people call those that are missing or wrong."""


def read_values(
    manifest: Manifest, rules: Rules, back: Texts, issued: Texts, known: Mapping[str, Any]
) -> ReadValues:
    """The values that *back* holds, given what was issued and the values it was made from."""
    same = {entry.key for entry in manifest.fields if _unchanged(entry.key, back, issued)}
    children = {
        key: tuple(
            Row(f"{key}.{number}", manifest.type, None, number, dict(row), path=f"{key}[{number}].")
            for number, row in enumerate(rows, start=1)
            if any(_plain(said) for said in row.values())
        )
        for key, rows in back.rows.items()
        if key not in same
    }
    cells = {key: text for key, text in back.values.items() if not _in(key, same)}
    checked = check_row(Row("1", manifest.type, None, 1, cells, children), manifest, rules)
    values = {**{key: known[key] for key in same if not is_blank(known.get(key))}, **checked.values}
    errors = {
        str(p.place.field): p
        for p in checked.problems
        if p.severity == "error" and p.place.field and not _in(p.place.field, same)
    }
    wrong = tuple(key for key, problem in errors.items() if problem.code not in _MISSING)
    blank = (
        entry.key
        for entry in manifest.fields
        if entry.required != "never" and is_blank(values.get(entry.key))
    )
    missing = [key for key in blank if not any(_is_part(one, key) for one in wrong)]
    missing += [key for key, problem in errors.items() if problem.code in _MISSING]
    labels = _Labels(manifest, rules.language)
    said = {key: labels.of(key, errors.get(key)) for key in (*missing, *wrong)}
    return ReadValues(values, tuple(dict.fromkeys(missing)), wrong, said)


@dataclass(frozen=True, slots=True)
class _Labels:
    """What people call a field, in the document's language."""

    manifest: Manifest
    language: str

    def of(self, key: str, problem: Problem | None) -> str:
        """The label of *key*, with its row's when it stands in one."""
        outer = next((f for f in self.manifest.fields if _is_part(key, f.key)), None)
        own = str(problem.params.get("label", "")) if problem else ""
        if outer is None:
            return own or key
        label, row = outer.label.of(self.language), _ROW.match(key)
        if row is None:
            return own or label
        return f"{label} {row[1]}: {lower_first(own)}" if own else f"{label} {row[1]}"


def _in(key: str, fields: Collection[str]) -> bool:
    return any(_is_part(key, one) for one in fields)


def _is_part(key: str, of: str) -> bool:
    return key == of or key.startswith((f"{of}.", f"{of}["))


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
