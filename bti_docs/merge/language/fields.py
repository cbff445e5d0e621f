"""Which fields a template wants, read from its syntax and not guessed from its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, cast

from jinja2 import nodes

from bti_docs.merge.language.dialect import steps_of
from bti_docs.merge.word.findings import FieldNode

Kind = Literal["text", "list", "condition"]
_RANK: Final[tuple[Kind, ...]] = ("condition", "text", "list")


@dataclass(slots=True)
class _Entry:
    kind: Kind
    children: dict[str, _Entry] = field(default_factory=dict)


def field_tree(trees: Iterable[nodes.Template]) -> tuple[FieldNode, ...]:
    """The fields of all parts together, sorted by name."""
    root: dict[str, _Entry] = {}
    for tree in trees:
        _walk(tree, "text", root, {})  # each part has its own `set`
    return _frozen(root)


def unknown_keys(fields: Iterable[FieldNode], data: Mapping[str, object]) -> tuple[str, ...]:
    """The dotted paths in *data* that no field reads."""
    return tuple(_unknown(tuple(fields), data, ""))


def _unknown(fields: tuple[FieldNode, ...], data: Mapping[str, object], path: str) -> Iterator[str]:
    names = {node.name: node for node in fields}
    for key, value in data.items():
        dotted = f"{path}.{key}" if path else key
        node = names.get(dotted)
        if node is not None:
            rows = value if node.children and isinstance(value, list) else ()
            for row in rows:
                if isinstance(row, Mapping):
                    yield from (f"{dotted}.{one}" for one in _unknown(node.children, row, ""))
        elif isinstance(value, Mapping) and any(n.startswith(f"{dotted}.") for n in names):
            yield from _unknown(fields, value, dotted)
        else:
            yield dotted


def _walk(node: nodes.Node, kind: Kind, root: dict[str, _Entry], scope: dict[str, _Entry]) -> None:
    if isinstance(node, nodes.For):
        _walk_loop(node, root, scope)
    elif isinstance(node, nodes.Assign):
        value = _note(node.node, kind, root, scope)
        if value is None:
            _walk(node.node, kind, root, scope)
        scope[cast("nodes.Name", node.target).name] = value or _Entry("text")
    elif isinstance(node, nodes.If | nodes.CondExpr):
        _walk(node.test, "condition", root, scope)
        for child in node.iter_child_nodes(exclude=("test",)):
            _walk(child, kind, root, scope)
    elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
        _note(node, kind, root, scope)
    else:
        for child in node.iter_child_nodes():
            _walk(child, kind, root, scope)


def _walk_loop(node: nodes.For, root: dict[str, _Entry], scope: dict[str, _Entry]) -> None:
    rows = _note(node.iter, "list", root, scope) or _Entry("list")
    inner = {**scope, cast("nodes.Name", node.target).name: rows}
    if node.test is not None:
        _walk(node.test, "condition", root, inner)
    for child in node.body:
        _walk(child, "text", root, inner)
    for child in node.else_:
        _walk(child, "text", root, dict(scope))


def _note(
    node: nodes.Node, kind: Kind, root: dict[str, _Entry], scope: Mapping[str, _Entry]
) -> _Entry | None:
    """Enter the field that *node* reads; None when it is a loop's own word or no field."""
    steps = steps_of(node)
    if not steps or steps[0] == "loop":
        return None
    owner = scope.get(steps[0])
    names = steps if owner is None else steps[1:]
    if not names:
        return None
    held = root if owner is None else owner.children
    entry = held.setdefault(".".join(names), _Entry(kind))
    entry.kind = max(entry.kind, kind, key=_RANK.index)
    return entry


def _frozen(entries: Mapping[str, _Entry]) -> tuple[FieldNode, ...]:
    return tuple(
        FieldNode(name, entry.kind, _frozen(entry.children))
        for name, entry in sorted(entries.items())
    )
