"""A block as a Python function that writes it: straight code, no interpreter in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias, cast

from bti_docs.merge.engine.expressions import Dialect, Scope
from bti_docs.merge.engine.nodes import (
    Assign,
    Block,
    Choice,
    Control,
    Loop,
    Node,
    Once,
    Picture,
    Print,
    Prompt,
    Rich,
    Serial,
    Text,
)
from bti_docs.merge.engine.runtime import FUNCTIONS, State, naming
from bti_docs.merge.language.dialect import path_of
from bti_docs.merge.language.filters import Filter

Writer: TypeAlias = Callable[[Mapping[str, object], State, list[str]], None]
"""Writes a part of a record to the list, in pieces."""
MAX_PIECES: Final = 4_000_000
"""How many pieces a part may have: a loop in a loop in a loop is stopped here."""
_STEP: Final = "    "


def generate(block: Block, filters: Mapping[str, Filter], dialect: Dialect) -> Writer:
    """The function that writes *block*.

    Args:
        block: A part.
        filters: The template's filters by name.
        dialect: How it reads the record. A trusting one raises LookupError, TypeError,
            NotPlainError or MergeError when there is more to a record than it knows how to treat.
    """
    source = "\n".join(_Generator(dialect).function(block))
    names: dict[str, object] = {
        **FUNCTIONS,
        **{f"f_{name}": naming(function) for name, function in filters.items()},
        "__builtins__": {"enumerate": enumerate, "len": len, "str": str},
    }
    exec(compile(source, "<template>", "exec"), names)  # noqa: S102  (generated from listed nodes; texts are constants)
    return cast("Writer", names["write"])


class _Generator:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._number = 0
        self._in_control = False

    def function(self, block: Block) -> Iterator[str]:
        yield "def write(d, s, o):"
        yield f"{_STEP}t = None"
        yield from _indented(self._scoped(block, Scope()))

    def _scoped(self, block: Block, scope: Scope) -> Iterator[str]:
        """A block in which `set` gives names that end with it."""
        for name in dict.fromkeys(_given_names(block)):
            self._number += 1
            variable = f"v{self._number}"
            yield f"{variable} = {self._before(name, scope)}"
            scope = scope.setting(name, variable)
        yield from self._block(block, scope)

    def _before(self, name: str, scope: Scope) -> str:
        """What a name that `set` gives is before that."""
        known = scope.names.get(name) or scope.given.get(name)
        return known or f"(d[{name!r}] if {name!r} in d else NOTHING)"

    def _block(self, block: Block, scope: Scope) -> Iterator[str]:
        written: list[str] = []
        for node in block:
            piece = self._piece(node, scope)
            if piece is not None:
                written.append(piece)
                continue
            yield from _extend(written)
            written = []
            yield from self._statement(node, scope)
        yield from _extend(written)

    def _piece(self, node: Node, scope: Scope) -> str | None:  # noqa: PLR0911  (one for each kind)
        """The node as a Python expression that is a text; None when it takes statements."""
        match node:
            case Text():
                return repr(node.xml)
            case Print():
                how = self._how() if node.in_text else "attribute_xml"
                return self._dialect.text(node.value, scope, how)
            case Rich():
                value = self._dialect.value(node.value, scope)
                return f"rich_runs({value}, {node.properties!r}, {path_of(node.value)!r})"
            case Prompt():
                return "s.prompt"
            case Picture():
                return (
                    f"s.picture({node.number})" if node.repeated else f"s.pictures[{node.number}]"
                )
            case Serial():
                return f"s.serial({node.value!r})"
            case Once():
                return f"s.once({node.xml!r})"
        return None

    def _how(self) -> str:
        return "s.lines" if self._in_control else "text_xml"

    def _statement(self, node: Node, scope: Scope) -> Iterator[str]:
        match node:
            case Loop():
                yield from self._loop(node, scope)
            case Choice():
                yield from self._choice(node, scope)
            case Assign():
                yield f"{scope.given[node.name]} = {self._dialect.value(node.value, scope)}"
            case Control():
                yield from self._control(node, scope)

    def _loop(self, node: Loop, scope: Scope) -> Iterator[str]:
        self._number += 1
        number = self._number
        inner = scope.row(node.target, number)
        rows = self._dialect.value(node.rows, scope)
        checked = (
            f"s.counted(rows_of({rows}))"
            if self._dialect.trusting
            else f"s.counted(each({rows}, {path_of(node.rows)!r}))"
        )
        if node.only_if is not None:
            chosen = self._dialect.value(node.only_if, inner)
            checked = f"[r{number} for r{number} in {checked} if {chosen}]"
        yield f"l{number} = {checked}"
        yield f"for n{number}, r{number} in enumerate(l{number}):"
        yield f"{_STEP}if len(o) > {MAX_PIECES}: too_large()"
        yield from _indented(self._scoped(node.body, inner))
        if node.otherwise:
            yield f"if not l{number}:"
            yield from _indented(self._block(node.otherwise, scope))

    def _choice(self, node: Choice, scope: Scope) -> Iterator[str]:
        word = "if"
        for test, block in node.cases:
            yield f"{word} {self._dialect.value(test, scope)}:"
            yield from _indented(self._block(block, scope))
            word = "elif"
        if node.otherwise:
            yield "else:"
            yield from _indented(self._block(node.otherwise, scope))

    def _control(self, node: Control, scope: Scope) -> Iterator[str]:
        outside, self._in_control = self._in_control, True
        if not node.prompt:
            yield from self._block(node.body, scope)
        elif all(isinstance(one, Text | Print | Serial | Once) for one in node.body):
            yield from self._simple_control(node, scope)
        else:
            self._number += 1
            yield f"m{self._number} = len(o)"
            yield f"u{self._number} = len(s.used)"
            number = self._number
            yield from self._block(node.body, scope)
            yield f"if is_blank(o, m{number}):"
            yield f"{_STEP}del o[m{number}:]"
            yield f"{_STEP}s.forget(u{number})"
            yield from _indented(self._block(node.prompt, scope))
        self._in_control = outside

    def _simple_control(self, node: Control, scope: Scope) -> Iterator[str]:
        """A control of texts and values: empty when all values are."""
        pieces, values = [], []
        for one in node.body:
            piece = self._piece(one, scope)
            if isinstance(one, Print) and one.in_text:
                self._number += 1
                yield f"w{self._number} = {piece}"
                piece = f"w{self._number}"
                values.append(
                    f"{piece}.isspace() or not {piece}"
                    if self._dialect.plain
                    else f"not has_words({piece})"
                )
            pieces.append(str(piece))
        if not values:
            yield from self._block(node.prompt, scope)
            return
        yield f"if {' and '.join(f'({one})' for one in values)}:"
        yield from _indented(self._block(node.prompt, scope))
        yield "else:"
        yield from _indented(_extend(pieces))


def _given_names(block: Block) -> Iterator[str]:
    """The names that `set` gives in the block, not in its loops."""
    for node in block:
        match node:
            case Assign():
                yield node.name
            case Choice():
                for inner in (*(case for _, case in node.cases), node.otherwise):
                    yield from _given_names(inner)
            case Control():
                yield from _given_names(node.body)
            case Loop():
                yield from _given_names(node.otherwise)


def _extend(pieces: list[str]) -> Iterator[str]:
    if len(pieces) == 1:
        yield f"o.append({pieces[0]})"
    elif pieces:
        yield f"o += ({', '.join(pieces)})"


def _indented(lines: Iterable[str]) -> Iterator[str]:
    any_line = False
    for line in lines:
        any_line = True
        yield _STEP + line
    if not any_line:
        yield _STEP + "pass"
