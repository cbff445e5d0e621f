"""One part of a returned document, taken apart into fields, rows of lists, and the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bti_docs.merge.readback.naming import name_controls
from bti_docs.merge.readback.official import is_number
from bti_docs.merge.word.controls import Control, has_tag
from bti_docs.merge.word.text import is_held, official_text, official_texts, same, text_of
from bti_docs.merge.word.xml import Element, W, detach

Value = str | bool


@dataclass(slots=True)
class Layout:
    """What `read_layout` found in one part."""

    scalars: list[tuple[str, Value]] = field(default_factory=list)
    rows: dict[str, list[dict[str, Value]]] = field(default_factory=dict)
    sequence: tuple[str, ...] = ()
    """The keys of its controls, in order."""
    following: dict[str, str] = field(default_factory=dict)
    """Key → the first official text after its control."""
    whole: frozenset[str] = frozenset()
    """Keys whose control has its table cell to itself: the whole cell is then the value."""
    official: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    """Text beside the fields in the rows of lists."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a part is read with: what the template says, and what the issued document showed."""

    aliases: Mapping[str, str]
    """Alias → tag, for controls whose tag a program has deleted."""
    tags: frozenset[str]
    """The tags that the template has."""
    lists: tuple[str, ...]
    """The template's list fields with rows."""
    prompt: str
    """The text of an empty control, should a program have lost the mark."""
    issued: Layout | None = None
    """The issued document's same part."""


def read_layout(root: Element, reference: Reference) -> Layout:
    """Read one part. *root* is taken apart and of no use afterwards."""
    return _Reader(root, reference).read()


def list_of(key: str, lists: tuple[str, ...]) -> str | None:
    """The list that the row field *key* belongs to: `tiltak` of `tiltak.maal`."""
    owners = [name for name in lists if key.startswith(f"{name}.")]
    return max(owners, key=len, default=None)


class _Reader:
    def __init__(self, root: Element, reference: Reference) -> None:
        issued = reference.issued
        self._root = root
        self._lists = reference.lists
        self._prompt = reference.prompt
        self._keys = name_controls(
            root, reference.aliases, reference.tags, None if issued is None else issued.sequence
        )
        self._issued = issued
        self._layout = Layout(
            sequence=tuple(self._keys.values()),
            whole=self._own_cells() if issued is None else issued.whole,
        )

    def read(self) -> Layout:
        for table in list(self._root.iter(W + "tbl")):
            for name in self._lists:
                self._read_table(table, name)
        self._layout.following = self._following()
        self._read_controls()
        self._layout.official = official_texts(self._root)
        return self._layout

    def _own_cells(self) -> frozenset[str]:
        """The keys that never share their cell with other text or another field."""
        own: set[str] = set()
        shared: set[str] = set()
        for control, key in self._keys.items():
            cell = _cell(control)
            alone = (
                cell is not None
                and len(self._in(cell)) == 1
                and not "".join(official_texts(cell)).strip()
            )
            (own if alone else shared).add(key)
        return frozenset(own - shared)

    def _in(self, element: Element) -> list[Element]:
        return [control for control in element.iter(W + "sdt") if control in self._keys]

    def _read_table(self, table: Element, name: str) -> None:
        """Rows of a table in which every row of the list *name* has all of its columns."""
        rows = list(table.iterchildren(W + "tr"))
        mine = [[c for c in self._in(row) if self._list(c) == name] for row in rows]
        keys = [[self._keys[c] for c in controls] for controls in mine]
        filled = [k for k in keys if k]
        if not filled or any(len(set(k)) != len(k) for k in filled):
            return
        longest = max(filled, key=len)
        if len({frozenset(k) for k in filled if len(k) == len(longest)}) != 1:
            return  # a row of the list takes several rows of the table
        if any(not set(k) <= set(longest) for k in filled):
            return
        first = next(n for n, k in enumerate(keys) if k)
        columns = self._columns(rows, keys)
        for row, controls in zip(rows[first:], mine[first:], strict=True):
            if controls or _is_added(row, rows[first], columns):
                self._take_row(row, name, columns)

    def _columns(self, rows: list[Element], keys: list[list[str]]) -> dict[int, str]:
        """Column → key, for the columns that hold one field and nothing else."""
        columns: dict[int, str] = {}
        for row, _ in filter(lambda pair: pair[1], zip(rows, keys, strict=True)):
            for number, cell in enumerate(_cells(row)):
                held = self._in(cell)
                if len(held) == 1 and self._keys[held[0]] in self._layout.whole:
                    columns.setdefault(number, self._keys[held[0]])
        return columns

    def _take_row(self, row: Element, name: str, columns: Mapping[int, str]) -> None:
        cells = _cells(row)
        values: dict[str, Value] = {}
        for control in self._in(row):
            if self._list(control) == name:
                values[self._keys[control]] = self._value(control)
        for number, key in columns.items():
            if number < len(cells) and not isinstance(values.get(key), bool):
                values[key] = self._text(cells[number])
        added = not self._in(row)
        for number, cell in enumerate(cells):
            if number not in columns and not added:
                texts = official_texts(cell)
                self._layout.beside += [text for text in texts if not is_number(text)]
        detach(row)
        short = {key.removeprefix(f"{name}."): value for key, value in values.items()}
        self._layout.rows.setdefault(name, []).append(short)

    def _read_controls(self) -> None:
        """Fields outside such tables: a row begins where a key comes for the second time."""
        for control, key in self._remaining():
            name = list_of(key, self._lists)
            value = self._value(control)
            if name is None:
                self._layout.scalars.append((key, self._with_fallen_lines(control, key, value)))
                continue
            rows = self._layout.rows.setdefault(name, [])
            short = key.removeprefix(f"{name}.")
            if not rows or short in rows[-1]:
                rows.append({})
            rows[-1][short] = value

    def _remaining(self) -> Iterator[tuple[Element, str]]:
        for control in list(self._root.iter(W + "sdt")):
            key = self._keys.get(control)
            if key is None:
                continue
            cell = _cell(control)
            yield control, key
            if key in self._layout.whole and cell is not None:
                for paragraph in list(cell.iter(W + "p")):
                    for run in list(paragraph):
                        if run.tag == W + "r":
                            paragraph.remove(run)

    def _following(self) -> dict[str, str]:
        """The first official text after each control."""
        following: dict[str, str] = {}
        waiting: list[str] = []
        for element in self._root.iter(W + "sdt", W + "p"):
            if element in self._keys:
                waiting.append(self._keys[element])
            elif not is_held(element) and (text := official_text(element).strip()):
                following.update(dict.fromkeys(waiting, text))
                waiting.clear()
        return following

    def _with_fallen_lines(self, control: Element, key: str, value: Value) -> Value:
        """The value with the lines that LibreOffice has put out of a control of several paragraphs.

        Only where it has been at work, which shows in the control's deleted tag; and only up to
        the official text that followed in the issued document.
        """
        in_own_cell = key in self._layout.whole and _cell(control) is not None
        if self._issued is None or isinstance(value, bool) or has_tag(control) or in_own_cell:
            return value
        anchor = self._issued.following.get(key, "")
        paragraph = next(control.iterancestors(W + "p"), control)
        lines = [value]
        for sibling in list(paragraph.itersiblings()):
            text = text_of(sibling)
            if sibling.tag != W + "p" or self._in(sibling) or same(text, anchor):
                break
            lines.append(text)
            detach(sibling)
        return "\n".join(lines)

    def _list(self, control: Element) -> str | None:
        return list_of(self._keys[control], self._lists)

    def _value(self, control: Element) -> Value:
        value = Control(control, "", "").value()
        if isinstance(value, bool):
            return value
        cell = _cell(control)
        if self._keys[control] in self._layout.whole and cell is not None:
            return self._text(cell)
        return self._unprompted(value)

    def _text(self, cell: Element) -> str:
        controls = [Control(c, "", "") for c in self._in(cell)]
        if any(control.prompting for control in controls):
            return "\n".join(text for text in official_texts(cell) if text)
        return self._unprompted(text_of(cell))

    def _unprompted(self, text: str) -> str:
        return "" if text.strip() == self._prompt else text


def _cells(row: Element) -> list[Element]:
    """The row's cells, also those inside controls around a cell."""
    return [c for c in row.iter(W + "tc") if next(c.iterancestors(W + "tr")) is row]


def _cell(control: Element) -> Element | None:
    """The cell that a control stands in, or that stands in it."""
    held = control.find(f"{W}sdtContent/{W}tc")
    return held if held is not None else next(control.iterancestors(W + "tc"), None)


def _is_added(row: Element, model: Element, columns: Mapping[int, str]) -> bool:
    """Whether a row without controls is one that a person added by hand."""
    cells = _cells(row)
    same_shape = bool(columns) and len(cells) == len(_cells(model))
    return same_shape and any(text_of(cells[number]).strip() for number in columns)
