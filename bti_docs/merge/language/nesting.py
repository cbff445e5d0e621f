"""How deep a template may nest: less deep than the compiler of what is generated can go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from jinja2 import nodes

MAX_LOOPS: Final = 12
"""Python: 20 loops in each other."""
MAX_BLOCKS: Final = 40
"""Python: 100 steps of indentation; controls and the function take some."""
MAX_OPERATIONS: Final = 40
"""Python: 200 parentheses; an operation takes up to three."""
MAX_CHAIN: Final = 300
"""`a or b or c …` is a chain in the tree, though not in what is generated."""


@dataclass(frozen=True, slots=True)
class _Depth:
    loops: int = 0
    blocks: int = 0
    operations: int = 0
    chain: int = 0


def is_too_deep(tree: nodes.Node) -> bool:
    """Whether something stands deeper in *tree* than can be generated."""
    waiting = [(tree, _Depth())]
    while waiting:
        node, depth = waiting.pop()
        if (
            depth.loops > MAX_LOOPS
            or depth.blocks > MAX_BLOCKS
            or depth.operations > MAX_OPERATIONS
            or depth.chain > MAX_CHAIN
        ):
            return True
        waiting += [(child, _below(node, child, depth)) for child in node.iter_child_nodes()]
    return False


def _below(node: nodes.Node, child: nodes.Node, depth: _Depth) -> _Depth:
    if isinstance(node, nodes.For | nodes.If):
        is_loop = isinstance(node, nodes.For)
        return replace(depth, loops=depth.loops + is_loop, blocks=depth.blocks + 1)
    if isinstance(node, nodes.And | nodes.Or) and type(child) is type(node):
        return replace(depth, chain=depth.chain + 1)
    if isinstance(node, nodes.Expr):
        return replace(depth, operations=depth.operations + 1)
    return depth
