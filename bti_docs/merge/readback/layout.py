"""One part of a returned document, taken apart into fields, rows of lists, and the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bti_docs.merge.readback.fields import Fields, cell_of, paragraph_of
from bti_docs.merge.readback.naming import Names, name_controls
from bti_docs.merge.readback.rows import Shape, list_of, owner_of, shape_of, take_rows
from bti_docs.merge.word.controls import has_tag
from bti_docs.merge.word.kinds import Kinds, Value
from bti_docs.merge.word.text import is_held, official_text, official_texts, pictures, same, text_of
from bti_docs.merge.word.xml import Element, W, detach


@dataclass(slots=True)
class Layout:
    """What `read_layout` found in one part."""

    scalars: list[tuple[str, Value]] = field(default_factory=list)
    inner: list[tuple[str, Value]] = field(default_factory=list)
    """Fields that stand inside another one by accident."""
    rows: dict[str, list[dict[str, Value]]] = field(default_factory=dict)
    torn: list[str] = field(default_factory=list)
    """Row fields that one row gives two values."""
    shapes: dict[str, Shape] = field(default_factory=dict)
    """How the lists lie that have one table and nothing outside it."""
    sequence: tuple[str, ...] = ()
    """The keys of its controls, in order."""
    following: dict[str, str] = field(default_factory=dict)
    """Key → the first official text after its control."""
    in_cell: frozenset[str] = frozenset()
    """Keys whose control has its table cell to itself: the whole cell is then the value."""
    in_line: frozenset[str] = frozenset()
    """Keys whose control has its paragraph to itself."""
    official: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    """Text beside the fields in the rows of lists."""
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """What a part is read with: what the template says, and what the issued document showed."""

    names: Names
    kinds: Kinds
    lists: tuple[str, ...]
    """The template's list fields with rows."""
    prompt: str
    """The text of an empty control, should a program have lost the mark."""
    is_issued: bool
    """Whether it is the issued document that is read."""
    issued: Layout | None = None
    """The issued document's same part."""


def read_layout(root: Element, reference: Reference) -> Layout:
    """Read one part. *root* is taken apart and of no use afterwards."""
    return _Reader(root, reference).read()


class _Reader:
    def __init__(self, root: Element, reference: Reference) -> None:
        issued = reference.issued
        self._root = root
        self._reference = reference
        sequence = () if issued is None else issued.sequence
        named = name_controls(root, reference.names, sequence)
        self._fields = Fields(named.keys, reference.kinds, reference.prompt)
        self._layout = Layout(inner=named.inner, sequence=tuple(named.keys.values()))

    def read(self) -> Layout:
        issued, layout = self._reference.issued, self._layout
        layout.pictures = pictures(self._root)
        if issued is None:
            layout.in_cell, layout.in_line = self._alone()
        else:
            layout.in_cell, layout.in_line = issued.in_cell, issued.in_line
        self._fields.empty_prompts()
        layout.shapes = self._shapes() if issued is None else issued.shapes
        self._read_tables()
        layout.following = self._following()
        self._read_controls()
        layout.official = official_texts(self._root)
        return layout

    def _alone(self) -> tuple[frozenset[str], frozenset[str]]:
        """The keys that never share their cell, or else their paragraph, with anything."""
        own_cell: set[str] = set()
        own_line: set[str] = set()
        no_cell: set[str] = set()
        no_line: set[str] = set()
        for control, key in self._fields.keys.items():
            is_own = self._has_alone(cell_of(control))
            (own_cell if is_own else no_cell).add(key)
            (own_line if self._has_alone(paragraph_of(control)) else no_line).add(key)
        in_cell = frozenset(own_cell - no_cell)
        return in_cell, frozenset(own_line - no_line) - in_cell

    def _has_alone(self, holder: Element | None) -> bool:
        return (
            holder is not None
            and len(self._fields.within(holder)) == 1
            and not "".join(official_texts(holder)).strip()
        )

    def _shapes(self) -> dict[str, Shape]:
        lists = self._reference.lists
        tables: Counter[str] = Counter()
        shapes: dict[str, Shape] = {}
        for table in self._root.iter(W + "tbl"):
            name = owner_of(table, self._fields, lists)
            shape = None if name is None else self._shape(table, name)
            if name is not None:
                tables[name] += 1
            if name is not None and shape is not None:
                shapes[name] = shape
        return {name: shape for name, shape in shapes.items() if tables[name] == 1}

    def _shape(self, table: Element, name: str) -> Shape | None:
        is_issued = self._reference.is_issued
        return shape_of(table, name, self._fields, self._layout.in_cell, is_issued=is_issued)

    def _read_tables(self) -> None:
        lists, layout = self._reference.lists, self._layout
        for table in list(self._root.iter(W + "tbl")):
            name = owner_of(table, self._fields, lists)
            if name is None:
                continue
            shape = layout.shapes.get(name) or self._shape(table, name)
            if shape is not None:
                taken = take_rows(table, name, shape, self._fields, lists)
                layout.rows.setdefault(name, []).extend(taken.rows)
                layout.scalars += taken.scalars
                layout.beside += taken.beside
                layout.torn += taken.torn

    def _read_controls(self) -> None:
        """Fields outside such tables: a row begins where a key comes for the second time."""
        for control, key in self._remaining():
            name = list_of(key, self._reference.lists)
            if name is None:
                self._layout.scalars.append((key, self._say(control, key)))
                continue
            rows = self._layout.rows.setdefault(name, [])
            short = key.removeprefix(f"{name}.")
            if not rows or short in rows[-1]:
                rows.append({})
            rows[-1][short] = self._say(control, key)

    def _remaining(self) -> Iterator[tuple[Element, str]]:
        for control in list(self._root.iter(W + "sdt")):
            key = self._fields.keys.get(control)
            if key is not None:
                holder = self._holder(control, key)
                yield control, key
                for run in [] if holder is None else _own_runs(holder):
                    detach(run)

    def _say(self, control: Element, key: str) -> Value:
        holder = self._holder(control, key)
        if holder is None:
            return self._with_fallen_lines(control, key, self._fields.say(control))
        value = self._fields.say_with_all(holder, control)
        return self._with_fallen_lines(control, key, value) if holder.tag == W + "p" else value

    def _holder(self, control: Element, key: str) -> Element | None:
        """The cell or paragraph that is all the field's, whatever else was written there."""
        layout = self._layout
        cell = cell_of(control) if key in layout.in_cell else None
        line = paragraph_of(control) if key in layout.in_line else None
        holder = line if cell is None else cell
        if holder is None or {self._fields.keys[c] for c in self._fields.within(holder)} != {key}:
            return None
        return holder

    def _following(self) -> dict[str, str]:
        """The first official text after each control."""
        following: dict[str, str] = {}
        waiting: list[str] = []
        for element in self._root.iter(W + "sdt", W + "p"):
            if element in self._fields.keys:
                waiting.append(self._fields.keys[element])
            elif not is_held(element) and (text := official_text(element).strip()):
                following.update(dict.fromkeys(waiting, text))
                waiting.clear()
        return following

    def _with_fallen_lines(self, control: Element, key: str, value: Value) -> Value:
        """The value with the lines that LibreOffice has put out of a control of several paragraphs.

        Only where it has been at work, which shows in the control's deleted tag; and only up to
        the official text that followed in the issued document.
        """
        issued = self._reference.issued
        if issued is None or isinstance(value, bool) or has_tag(control):
            return value
        anchor = issued.following.get(key, "")
        paragraph = next(control.iterancestors(W + "p"), control)
        lines = [value]
        for sibling in list(paragraph.itersiblings()):
            text = text_of(sibling)
            if sibling.tag != W + "p" or self._fields.within(sibling) or same(text, anchor):
                break
            lines.append(text)
            detach(sibling)
        return "\n".join(lines).strip("\n")


def _own_runs(holder: Element) -> list[Element]:
    """The runs that stand beside the control."""
    paragraphs = [holder] if holder.tag == W + "p" else list(holder.iter(W + "p"))
    return [run for paragraph in paragraphs for run in paragraph.iterchildren(W + "r")]
