"""The rows of a list that stands in a table, also those that people wrote, copied and pasted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bti_docs.merge.readback.fields import Fields
from bti_docs.merge.readback.official import is_number
from bti_docs.merge.word.controls import Control
from bti_docs.merge.word.header_rows import is_header
from bti_docs.merge.word.kinds import Value
from bti_docs.merge.word.tables import cells_of
from bti_docs.merge.word.text import official_texts, text_of
from bti_docs.merge.word.xml import Element, W, detach


@dataclass(frozen=True, slots=True)
class Shape:
    """How a list lies in its table."""

    columns: Mapping[int, str]
    """Column → key, for the columns that hold one field and nothing else."""
    cells: int
    """How many cells a row has."""
    keys: frozenset[str]
    above: int
    """The rows above the list's first one."""
    fixed: frozenset[str] = frozenset()
    """The texts of the template's own rows in the table, which are no rows of the list."""


@dataclass(slots=True)
class Taken:
    """What one table's rows say."""

    rows: list[dict[str, Value]] = field(default_factory=list)
    scalars: list[tuple[str, Value]] = field(default_factory=list)
    """Fields of no list that stand in the rows."""
    beside: list[str] = field(default_factory=list)
    """Text beside the fields."""
    torn: list[str] = field(default_factory=list)
    """Keys that a row gives two values."""


def list_of(key: str, lists: Sequence[str]) -> str | None:
    """The list that the row field *key* belongs to: `tiltak` of `tiltak.maal`."""
    owners = [name for name in lists if key.startswith(f"{name}.")]
    return max(owners, key=len, default=None)


def owner_of(table: Element, fields: Fields, lists: Sequence[str]) -> str | None:
    """The list that most of the table's rows belong to."""
    rows = Counter(
        name for row in _rows(table) for name in {list_of(k, lists) for k in _keys(row, fields)}
    )
    del rows[None]
    return max(rows, key=lambda name: rows[name], default=None)


def shape_of(
    table: Element, name: str, fields: Fields, whole: frozenset[str], *, is_issued: bool
) -> Shape | None:
    """How the list lies in the table; None when not each row of the one is a row of the other."""
    rows = _rows(table)
    keys = [[k for k in _keys(row, fields) if k.startswith(f"{name}.")] for row in rows]
    filled = [(row, k) for row, k in zip(rows, keys, strict=True) if k]
    if not filled or any(len(set(k)) != len(k) for _, k in filled):
        return None
    longest = max((k for _, k in filled), key=len)
    if len({frozenset(k) for _, k in filled if len(k) == len(longest)}) != 1:
        return None  # a row of the list takes several rows of the table
    if any(not set(k) <= set(longest) for _, k in filled):
        return None
    columns: dict[int, str] = {}
    for row, _ in filled:
        for number, cell in enumerate(cells_of(row)):
            held = fields.within(cell)
            if len(held) == 1 and fields.keys[held[0]] in whole:
                columns.setdefault(number, fields.keys[held[0]])
    above = next(number for number, k in enumerate(keys) if k)
    own = (r for r, k in zip(rows[above:], keys[above:], strict=True) if is_issued and not k)
    fixed = frozenset(text_of(row) for row in own)
    return Shape(columns, len(cells_of(filled[0][0])), frozenset(longest), above, fixed)


def take_rows(
    table: Element, name: str, shape: Shape, fields: Fields, lists: Sequence[str]
) -> Taken:
    """Read the rows of the list *name* and take them out of the table."""
    taken = Taken()
    reader = _RowReader(name, shape, fields, lists, taken)
    for row in _rows(table)[shape.above :]:
        if _is_deleted(row):
            detach(row)
        elif reader.takes(row):
            reader.read(row)
            detach(row)
    return taken


@dataclass(frozen=True, slots=True)
class _RowReader:
    name: str
    shape: Shape
    fields: Fields
    lists: Sequence[str]
    taken: Taken

    def takes(self, row: Element) -> bool:
        """Whether it is a row of the list: it has fields of a list, or was added by hand."""
        if any(self._own(control) for control in self.fields.within(row)):
            return True
        cells = cells_of(row)
        return (
            bool(self.shape.columns)
            and len(cells) == self.shape.cells
            and not is_header(row)
            and text_of(row) not in self.shape.fixed
            and any(text_of(cells[number]).strip() for number in self.shape.columns)
        )

    def read(self, row: Element) -> None:
        """Read one row."""
        values: dict[str, list[Value]] = {}
        for key, value in self._said(row):
            values.setdefault(key.removeprefix(f"{self.name}."), []).append(value)
        for key, said in values.items():
            if len(set(said) - {"", False}) > 1:
                self.taken.torn.append(f"{self.name}.{key}")
        self.taken.rows.append({key: max(said, key=bool) for key, said in values.items()})

    def _said(self, row: Element) -> Iterator[tuple[str, Value]]:
        cells = cells_of(row)
        fits = len(cells) == self.shape.cells
        is_bare = not self.fields.within(row)
        for number, cell in enumerate(cells):
            column = self.shape.columns.get(number) if fits else None
            own = self._own_in(cell)
            if not own and column is not None:
                yield column, self.fields.read(column, text_of(cell), None)
            elif self._fills(cell, own):
                control, key = next(iter(own.items()))
                yield key, self.fields.say_with_all(cell, control)
            else:
                yield from ((key, self.fields.say(control)) for control, key in own.items())
                texts = () if is_bare else official_texts(cell)
                self.taken.beside += [text for text in texts if not is_number(text)]

    def _own_in(self, cell: Element) -> dict[Element, str]:
        """The list's controls in a cell with their keys; what is left of others is kept too."""
        own = {}
        for control in self.fields.within(cell):
            key = self._own(control)
            if key is not None:
                own[control] = key
            elif list_of(self.fields.keys[control], self.lists) is None:
                self.taken.scalars.append((self.fields.keys[control], self.fields.say(control)))
            else:
                self.taken.beside.append(text_of(control))
        return own

    def _own(self, control: Element) -> str | None:
        """The list's key for a control, also for one pasted in with a row of another list."""
        key = self.fields.keys[control]
        other = list_of(key, self.lists)
        if other is None or key in self.shape.keys:
            return None if other is None else key
        twin = f"{self.name}.{key.removeprefix(f'{other}.')}"
        return twin if twin in self.shape.keys else None

    def _fills(self, cell: Element, own: Mapping[Element, str]) -> bool:
        """Whether the cell is one field's, so that all of its text is the value."""
        keys = set(own.values())
        alone = len(keys) == 1 and len(own) == len(self.fields.within(cell))
        is_box = any(Control(control, "", "").checked is not None for control in own)
        return alone and not is_box and keys <= set(self.shape.columns.values())


def _rows(table: Element) -> list[Element]:
    return list(table.iterchildren(W + "tr"))


def _keys(row: Element, fields: Fields) -> list[str]:
    """The keys of the row's own controls, without those in tables inside it."""
    table = row.getparent()
    return [
        fields.keys[control]
        for control in fields.within(row)
        if next(control.iterancestors(W + "tbl"), None) is table
    ]


def _is_deleted(row: Element) -> bool:
    """Whether the row's deletion is a tracked change; it is read as if accepted."""
    return row.find(f"{W}trPr/{W}del") is not None
