"""What a template's data looks like, so that data that no field reads is seen at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bti_docs.merge.word.findings import FieldNode


@dataclass(slots=True)
class Shape:
    """The keys of one object, and what is below them."""

    names: set[str] = field(default_factory=set)
    objects: dict[str, Shape] = field(default_factory=dict)
    lists: dict[str, Shape] = field(default_factory=dict)


def shape_of(fields: Iterable[FieldNode]) -> Shape:
    """The shape of the data that these fields read."""
    top = Shape()
    for node in fields:
        *owners, name = node.name.split(".")
        shape = top
        for owner in owners:
            shape.names.add(owner)
            shape = shape.objects.setdefault(owner, Shape())
        shape.names.add(name)
        if node.children:
            shape.lists[name] = shape_of(node.children)
    return top


def fits(data: Mapping[str, object], shape: Shape) -> bool:
    """Whether every key in *data* is one that some field reads, on every level.

    No only means that a closer look is needed, which `fields.unknown_keys` takes.
    """
    if not data.keys() <= shape.names:
        return False
    for name, below in shape.objects.items():
        value = data.get(name)
        if isinstance(value, dict) and not fits(value, below):
            return False
    for name, below in shape.lists.items():
        rows = data.get(name)
        if isinstance(rows, list):
            for row in rows:
                if isinstance(row, dict) and not fits(row, below):
                    return False
    return True
