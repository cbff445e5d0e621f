"""Reading a returned document: the values in its controls, its rows, and what else was changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bti_docs.merge.engine.compiled import Compiled
from bti_docs.merge.readback.layout import Layout, Reference, Value, read_layout
from bti_docs.merge.readback.official import Change, OfficialText, compare, tidy
from bti_docs.merge.word.findings import FieldNode, Finding, Place
from bti_docs.merge.word.package import Package, open_package
from bti_docs.merge.word.parts import story_parts
from bti_docs.merge.word.xml import Element, W, parse

Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a returned document says."""

    values: Mapping[str, Value]
    """By field key; an empty control is the empty text, a tick box is true or false."""
    rows: Mapping[str, list[Row]]
    """By list key: the rows that say anything, with their sub-fields."""
    changes: tuple[Change, ...]
    """Where the official text is not as issued; empty when it was not compared."""
    problems: tuple[Finding, ...]
    """What a person must look at: tracked changes, lost controls, a field with two values."""


def read_document(
    docx: bytes, compiled: Compiled, *, issued: bytes | None, prompt: str
) -> ReadBack:
    """Read *docx*, and compare it with *issued* when that is given. See `Template.read_back`."""
    lists = tuple(_lists(compiled.fields))
    before = None if issued is None else _read(open_package(issued), compiled, lists, prompt, None)
    package = open_package(docx)
    after = _read(package, compiled, lists, prompt, before)
    values, problems = _values(after, before)
    changes = () if before is None else compare(_official(before), _official(after))
    return ReadBack(
        values,
        {name: _rows(after, name) for name in lists},
        changes,
        (*_marks(package), *problems),
    )


def _lists(fields: tuple[FieldNode, ...]) -> Iterator[str]:
    return (node.name for node in fields if node.kind == "list" and node.children)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One document's parts, the body first."""

    body: Layout
    around: tuple[Layout, ...]

    @property
    def layouts(self) -> tuple[Layout, ...]:
        return (self.body, *self.around)


def _read(
    package: Package,
    compiled: Compiled,
    lists: tuple[str, ...],
    prompt: str,
    before: _Reading | None,
) -> _Reading:
    tags = frozenset(compiled.aliases.values())
    layouts = []
    for part in story_parts(package):
        root = parse(package.members[part.name], part.label)
        known = before.body if before is not None and part.kind == "body" else None
        layouts.append(read_layout(root, Reference(compiled.aliases, tags, lists, prompt, known)))
    return _Reading(layouts[0], tuple(layouts[1:]))


def _rows(reading: _Reading, name: str) -> list[Row]:
    rows = [row for layout in reading.layouts for row in layout.rows.get(name, ())]
    return [row for row in rows if any(value not in {"", False} for value in row.values())]


def _values(after: _Reading, before: _Reading | None) -> tuple[dict[str, Value], list[Finding]]:
    """Each field once. Where it stands several times, the one that a person changed counts."""
    found, known = _scalars(after), {} if before is None else _scalars(before)
    values: dict[str, Value] = {}
    problems = []
    for key, all_values in found.items():
        distinct = list(dict.fromkeys(all_values))
        changed = [value for value in distinct if value not in known.get(key, ())]
        candidates = changed or distinct
        values[key] = candidates[0]
        if len(candidates) > 1:
            problems.append(Finding("rb_two_values", "error", Place("body"), {"tag": key}))
    problems += [
        Finding("rb_control_missing", "error", Place("body"), {"tag": key})
        for key in known
        if key not in found
    ]
    return values, problems


def _scalars(reading: _Reading) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for layout in reading.layouts:
        for key, value in layout.scalars:
            found.setdefault(key, []).append(value)
    return found


def _official(reading: _Reading) -> OfficialText:
    around = [text for layout in reading.around for text in layout.official]
    beside = [text for layout in reading.layouts for text in layout.beside]
    return OfficialText(
        tuple(tidy(reading.body.official)), frozenset(tidy(beside)), frozenset(tidy(around))
    )


def _marks(package: Package) -> Iterator[Finding]:
    body: Element = parse(package.members[package.main_part()], "body")
    if next(body.iter(W + "ins", W + "del", W + "moveFrom", W + "moveTo"), None) is not None:
        yield Finding("rb_tracked_changes", "error", Place("body"))
    if next(body.iter(W + "commentReference"), None) is not None:
        yield Finding("rb_comments", "warning", Place("body"))
