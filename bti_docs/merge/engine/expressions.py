"""The language's expressions as Python expressions, in two dialects.

Trusting ones take what is there, and any surprise is an exception. The other is there to find out
what the surprise was: every step names its field. Plain ones are for records that `is_plain` has
seen to. Names of the template never become Python names, only text constants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, cast

from jinja2 import nodes as jinja

from bti_docs.merge.language.dialect import LENGTH, path_of
from bti_docs.merge.language.values import is_plain

_OPERATORS: Final = {
    "eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=",
    "in": "in", "notin": "not in",
}  # fmt: skip
_WORDS: Final = {jinja.And: "and", jinja.Or: "or", jinja.Mul: "*"}
_LOOP: Final = {
    "index": "(n{0} + 1)",
    "index0": "n{0}",
    "first": "(n{0} == 0)",
    "last": "(n{0} + 1 == len(l{0}))",
    "length": "len(l{0})",
    "revindex": "(len(l{0}) - n{0})",
    "revindex0": "(len(l{0}) - n{0} - 1)",
}
_SEVERAL_LINES: Final = frozenset({"linjer"})


@dataclass(frozen=True, slots=True)
class Scope:
    """Which Python variable each name of the template is, and which loop is the innermost."""

    names: Mapping[str, str] = field(default_factory=dict)
    """Rows of loops, which always have a value."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Names that `set` gives, which may have none yet."""
    loop: int | None = None

    def row(self, name: str, number: int) -> Scope:
        """The scope of a loop's body."""
        given = {key: value for key, value in self.given.items() if key != name}
        return replace(self, names={**self.names, name: f"r{number}"}, given=given, loop=number)

    def setting(self, name: str, variable: str) -> Scope:
        """The scope in which `set` may give *name* a value."""
        names = {key: value for key, value in self.names.items() if key != name}
        return replace(self, names=names, given={**self.given, name: variable})


@dataclass(frozen=True, slots=True)
class Dialect:
    """How expressions are written."""

    trusting: bool
    """Takes what is there; a surprise is an exception that says nothing of its field."""
    plain: bool
    """The record's texts may go into XML as they are."""

    def value(self, node: jinja.Node, scope: Scope) -> str:  # noqa: C901, PLR0911  (one line for each kind of node)
        """The expression's value."""
        match node:
            case jinja.Const():
                return repr(node.value)
            case jinja.Name():
                return self._name(node.name, scope)
            case jinja.Getattr() if _is_loop(node.node, scope):
                return _LOOP[node.attr].format(scope.loop)
            case jinja.Getattr():
                return self._key(node, node.attr, scope)
            case jinja.Getitem():
                return self._key(node, cast("jinja.Const", node.arg).value, scope)
            case jinja.Compare():
                return self._compare(node, scope)
            case jinja.And() | jinja.Or() | jinja.Mul():
                word = f" {_WORDS[type(node)]} "
                return f"({word.join(self.value(one, scope) for one in _operands(node))})"
            case jinja.Not():
                return f"(not {self.value(node.node, scope)})"
            case jinja.CondExpr():
                return self._either(node, scope)
            case jinja.Test():
                return self._has(node.node, scope)
            case jinja.Filter():
                return self._filter(node, scope)
        raise TypeError(type(node).__name__)

    def text(self, node: jinja.Node, scope: Scope, how: str) -> str:
        """The expression as XML; *how* is what makes XML of a value that needs care."""
        value, path = self.value(node, scope), path_of(node)
        if not self.plain or _needs_care(node, scope):
            return f"{how}({value}, {path!r})"
        if isinstance(node, jinja.Filter) and node.name != LENGTH:
            return value
        return f"(t if (t := {value}).__class__ is str else shown(t, {path!r}))"

    def _name(self, name: str, scope: Scope) -> str:
        if name in scope.names:
            return scope.names[name]
        if name in scope.given:
            return f"need({scope.given[name]}, {name!r})"
        return f"d[{name!r}]" if self.trusting else f"get(d, {name!r}, {name!r})"

    def _key(self, node: jinja.Getattr | jinja.Getitem, key: str | int, scope: Scope) -> str:
        owner = self.value(node.node, scope)
        if not self.trusting:
            return f"get({owner}, {key!r}, {path_of(node)!r})"
        return f"{owner}[{key!r}]" if isinstance(key, str) else f"item_of({owner}, {key!r})"

    def _compare(self, node: jinja.Compare, scope: Scope) -> str:
        pieces = [self.value(node.expr, scope)]
        pieces += [f"{_OPERATORS[one.op]} {self.value(one.expr, scope)}" for one in node.ops]
        return f"({' '.join(pieces)})"

    def _either(self, node: jinja.CondExpr, scope: Scope) -> str:
        yes = self.value(node.expr1, scope)
        no = self.value(cast("jinja.Expr", node.expr2), scope)
        return f"({yes} if {self.value(node.test, scope)} else {no})"

    def _has(self, node: jinja.Node, scope: Scope) -> str:
        keys: list[str] = []
        while isinstance(node, jinja.Getattr):
            keys.insert(0, node.attr)
            node = node.node
        name = cast("jinja.Name", node).name
        variable = scope.names.get(name) or scope.given.get(name)
        return f"has(d, {[name, *keys]!r})" if variable is None else f"has({variable}, {keys!r})"

    def _filter(self, node: jinja.Filter, scope: Scope) -> str:
        value = self.value(cast("jinja.Expr", node.node), scope)
        function = "length" if node.name == LENGTH else f"f_{node.name}"
        return f"{function}({value}, {path_of(node)!r})"


DIALECTS: Final = (
    Dialect(trusting=True, plain=True),
    Dialect(trusting=True, plain=False),
    Dialect(trusting=False, plain=False),
)
"""Plain, escaping, explaining."""


def _operands(node: jinja.BinExpr) -> list[jinja.Expr]:
    """`a`, `b` and `c` of `a or b or c`: one pair of parentheses for any number of them."""
    found: list[jinja.Expr] = []
    first: jinja.Expr = node
    while isinstance(first, jinja.BinExpr) and type(first) is type(node):
        found.append(first.right)
        first = first.left
    return [first, *reversed(found)]


def _is_loop(node: jinja.Node, scope: Scope) -> bool:
    return isinstance(node, jinja.Name) and node.name == "loop" and scope.loop is not None


def _needs_care(node: jinja.Node, scope: Scope) -> bool:
    """Whether a plain record can give something here that is not plain.

    That is line breaks, the template's own words, and what `set` has made of such.
    """
    for one in (node, *node.find_all((jinja.Filter, jinja.Const, jinja.Name))):
        if isinstance(one, jinja.Filter) and one.name in _SEVERAL_LINES:
            return True
        if isinstance(one, jinja.Const) and not is_plain({"": one.value}):
            return True
        if isinstance(one, jinja.Name) and one.name in scope.given:
            return True
    return False
