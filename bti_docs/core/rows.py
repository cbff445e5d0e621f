"""One row against its manifest: typed values by key, and every problem with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bti_docs.core.layout import lower_first, options_of, parts_of, shown_parts
from bti_docs.core.manifest import Manifest, ManifestField, Option
from bti_docs.core.moments import Fault
from bti_docs.core.problems import Problem
from bti_docs.core.profile import Profile
from bti_docs.core.raw import TICK, Row
from bti_docs.core.records import BLOCK_MODELS
from bti_docs.core.values import is_blank, parse_choice, parse_value, parse_yes_no

_NOTHING: Final = (None, "", ())


@dataclass(frozen=True, slots=True)
class Rules:
    """What rows are judged by."""

    manifests: Mapping[str, Manifest]
    case_manifest: Manifest
    profile: Profile
    language: str
    """For labels in problems: nb, nn or en."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The values that could be read, and what is wrong with the rest."""

    values: Mapping[str, Any]
    problems: tuple[Problem, ...]


_BLANK: Final = Checked({}, ())


@dataclass(frozen=True, slots=True)
class _Slot:
    """A field in a row: what it may hold, the key of its cell, and what people call it."""

    field: ManifestField
    key: str
    label: str


def check_row(row: Row, manifest: Manifest, rules: Rules) -> Checked:
    """Read all fields of *row* that *manifest* has, its child rows too. Blank ones are left out."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in manifest.fields:
        found = _check_field(row, field, rules)
        values |= found.values
        problems += found.problems
    return Checked(values, tuple(problems))


def _check_field(row: Row, field: ManifestField, rules: Rules) -> Checked:
    if field.repeated:
        return _check_list(row, field, rules)
    if field.is_block:
        return _check_block(row, field, rules, f"{field.key}.")
    slot = _Slot(field, field.key, field.label.of(rules.language))
    return _demand(_check_scalar(row, slot, rules), row, slot)


def _check_list(row: Row, field: ManifestField, rules: Rules) -> Checked:
    children = [_check_block(child, field, rules, "") for child in row.lists.get(field.key, ())]
    problems = tuple(problem for child in children for problem in child.problems)
    if not children and field.required == "issue":
        label = field.label.of(rules.language)
        problems = (Problem("missing_rows", row.place(field.key), {"label": label}),)
    blocks = tuple(child.values[field.key] for child in children)
    return Checked({field.key: blocks} if blocks else {}, problems)


def _check_block(row: Row, field: ManifestField, rules: Rules, prefix: str) -> Checked:
    """Read a block's parts.

    What must be there counts in a child row, in a block that must be there, and in one begun.
    """
    found = [(slot, _check_scalar(row, slot, rules)) for slot in _slots(field, rules, prefix)]
    values = {
        key.removeprefix(prefix): value
        for _, checked in found
        for key, value in checked.values.items()
    }
    begun = bool(values) or any(checked.problems for _, checked in found)
    if not (begun or not prefix or field.required == "issue"):
        return Checked({}, ())
    shown = {part.key for part in shown_parts(field, rules.case_manifest)}
    problems = [
        problem
        for slot, checked in found
        for problem in _demand(checked, row, slot, when=slot.field.key in shown).problems
    ]
    return Checked({field.key: _block(field, values, rules)}, tuple(problems))


def _slots(field: ManifestField, rules: Rules, prefix: str) -> Iterator[_Slot]:
    outer = field.label.of(rules.language)
    for part in parts_of(field, rules.case_manifest):
        label = part.label.of(rules.language)
        yield _Slot(part, prefix + part.key, f"{outer}: {lower_first(label)}" if prefix else label)


def _block(field: ManifestField, values: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    """The block by its model; a text that must be there and is not, is blank."""
    blanks = {
        part.key: ""
        for part in parts_of(field, rules.case_manifest)
        if part.type == "text" and part.required == "issue"
    }
    return BLOCK_MODELS[field.type].model_validate({**blanks, **values}).norwegian()


def _demand(found: Checked, row: Row, slot: _Slot, *, when: bool = True) -> Checked:
    """*found*, with a problem when a value that must be there is not."""
    if found.values or found.problems or slot.field.required != "issue" or not when:
        return found
    return Checked({}, (Problem("missing_value", row.place(slot.key), {"label": slot.label}),))


def _check_scalar(row: Row, slot: _Slot, rules: Rules) -> Checked:
    value = row.cells.get(slot.key)
    if slot.field.type != "flervalg" and is_blank(value):
        return _BLANK
    options = options_of(slot.field, rules.profile)
    results: list[tuple[str, Any]] = []
    if not is_blank(value):
        results.append((slot.key, parse_value(value, slot.field, options, rules.language)))
    if slot.field.type == "flervalg":
        results += _ticks(row, slot.key, options, rules.language)
    problems = tuple(
        Problem(fault.code, row.place(at), {**fault.params, "label": slot.label}, fault.severity)
        for at, fault in results
        if isinstance(fault, Fault)
    )
    read = [r.value if isinstance(r, Fault) else r for _, r in results]
    merged = _merge(slot.field, [r for r in read if r not in _NOTHING], options)
    return Checked({} if merged in _NOTHING else {slot.key: merged}, problems)


def _merge(field: ManifestField, read: Sequence[Any], options: Sequence[Option]) -> Any:  # noqa: ANN401
    """One value from a cell and its tick columns, choices in the list's own order."""
    if field.type != "flervalg":
        return read[0] if read else None
    ticked = {key for keys in read for key in keys}
    return tuple(option.key for option in options if option.key in ticked)


def _ticks(
    row: Row, key: str, options: Sequence[Option], language: str
) -> Iterator[tuple[str, tuple[str, ...] | Fault]]:
    """The ticked choices of a field that has a column for each."""
    prefix = key + TICK
    for at, cell in row.cells.items():
        if not at.startswith(prefix) or is_blank(cell):
            continue
        choice = parse_choice(at.removeprefix(prefix), options, language)
        ticked = parse_yes_no(cell)
        if isinstance(choice, Fault):
            yield at, choice
        elif isinstance(ticked, Fault):
            yield at, Fault("bad_tick", ticked.params)
        elif ticked:
            yield at, (choice,)
