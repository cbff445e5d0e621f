"""Reading a returned document: the values in its controls, its rows, and what else was changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bti_docs.merge.engine.compiled import Compiled
from bti_docs.merge.readback.layout import Layout, Reference, read_layout
from bti_docs.merge.readback.naming import Names
from bti_docs.merge.readback.official import Change, OfficialText, compare, tidy
from bti_docs.merge.word.findings import FieldNode, Finding, Place
from bti_docs.merge.word.kinds import Value
from bti_docs.merge.word.package import Package, open_package
from bti_docs.merge.word.parts import story_parts
from bti_docs.merge.word.xml import W, parse

Row = dict[str, Value]
_TRACKED: Final = tuple(
    W + name for name in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge")
)


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a returned document says."""

    values: Mapping[str, Value]
    """By field key: a text, empty for an empty control; a date as ISO 8601 where it can be read as
    one; a choice's value; a tick box is true or false."""
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
    tags = frozenset(compiled.aliases.values())
    names = Names(compiled.aliases, tags, compiled.kinds.sections)
    first = Reference(names, compiled.kinds, lists, prompt, is_issued=issued is not None)
    before = None if issued is None else _read(open_package(issued), first)
    package = open_package(docx)
    issued_body = None if before is None else before.body
    after = _read(package, replace(first, is_issued=False, issued=issued_body))
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


def _read(package: Package, reference: Reference) -> _Reading:
    around = replace(reference, issued=None)
    layouts = [
        read_layout(
            parse(package.members[part.name], part.label),
            reference if part.kind == "body" else around,
        )
        for part in story_parts(package)
    ]
    return _Reading(layouts[0], tuple(layouts[1:]))


def _rows(reading: _Reading, name: str) -> list[Row]:
    rows = [row for layout in reading.layouts for row in layout.rows.get(name, ())]
    return [row for row in rows if any(value not in {"", False} for value in row.values())]


def _values(after: _Reading, before: _Reading | None) -> tuple[dict[str, Value], list[Finding]]:
    """Each field once, and what a person must look at."""
    found, known = _scalars(after), {} if before is None else _scalars(before)
    for layout in after.layouts:
        for key, value in layout.inner:
            if key in known and key not in found:
                found[key] = [value]
    candidates = {key: _candidates(said, known.get(key, [])) for key, said in found.items()}
    torn = [key for key, said in candidates.items() if len(said) > 1]
    torn += dict.fromkeys(key for layout in after.layouts for key in layout.torn)
    body = Place("body")
    problems = [Finding("rb_two_values", "error", body, {"tag": key}) for key in torn]
    problems += [
        Finding("rb_control_missing", "error", body, {"tag": key})
        for key in known
        if key not in found
    ]
    return {key: said[0] for key, said in candidates.items()}, problems


def _candidates(said: list[Value], before: list[Value]) -> list[Value]:
    """What a field may be. Where it stands several times, the one that a person changed counts.

    When there are more of them than were issued, one is a copy, and both may be meant.
    """
    distinct = list(dict.fromkeys(said))
    if before and len(said) > len(before):
        return [value for value in distinct if value not in {"", False}] or distinct[:1]
    return [value for value in distinct if value not in before] or distinct


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
        tuple(tidy(reading.body.official)),
        frozenset(tidy(beside)),
        frozenset(tidy(around)),
        reading.body.pictures,
    )


def _marks(package: Package) -> Iterator[Finding]:
    parts = [parse(package.members[part.name], part.label) for part in story_parts(package)]
    if any(next(root.iter(*_TRACKED), None) is not None for root in parts):
        yield Finding("rb_tracked_changes", "error", Place("body"))
    if any(next(root.iter(W + "commentReference"), None) is not None for root in parts):
        yield Finding("rb_comments", "warning", Place("body"))
