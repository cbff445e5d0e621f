"""Which field each tag reads, seen from where it stands: a loop's row by the list's own name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from jinja2 import TemplateSyntaxError, nodes

from bti_docs.merge.language.dialect import Environment, steps_of
from bti_docs.merge.language.tags import Tag
from bti_docs.merge.lint.alone import alone
from bti_docs.merge.lint.spelling import repaired
from bti_docs.merge.word.findings import Place

_LOOP: Final = "loop"
Against = tuple[tuple[str, str | int | float], ...]
"""What a field is compared with: the sign, and the tag's own text or number; `contains` for
`'PPT' in tjenester`."""


@dataclass(frozen=True, slots=True)
class Use:
    """One reading of a field."""

    path: str
    """The field from the record's top: `tiltak.frist` for `rad.frist`."""
    written: str
    """As the tag says it: `rad.frist`."""
    kind: Literal["text", "list", "condition"]
    filter: str
    """The filter that it is printed through, or nothing."""
    tag: str
    place: Place
    is_row: bool = False
    """Whether it reads a loop's row itself: `linje` in `{%p for linje in adresselinjer %}`."""
    against: Against = ()


@dataclass(frozen=True, slots=True)
class StrayLoopName:
    """A loop's word, used where the loop has ended or not begun."""

    name: str
    loop: str
    """The tag that the word belongs to."""
    tag: str
    place: Place


@dataclass(slots=True)
class _Scope:
    """What names stand for at one point of a part."""

    loops: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, path, and the loop's tag; nothing for a name that `set` made."""
    owners: dict[str, str] = field(default_factory=dict)
    """Every loop word of the part → its tag."""

    def path(self, steps: list[str]) -> str | None:
        """The whole path; None for a loop's own word, a local name or a stray one."""
        for name, path, _ in reversed(self.loops):
            if steps[0] == name:
                return ".".join([path, *steps[1:]]) if path else None
        return None if steps[0] in self.owners else ".".join(steps)

    def is_row(self, steps: list[str]) -> bool:
        """Whether the name is a loop's row, and not a part of one."""
        tags = [tag for name, _, tag in self.loops if name == steps[0]]
        return len(steps) == 1 and bool(tags) and bool(tags[-1])

    def is_stray(self, name: str) -> bool:
        known = {one for one, _, _ in self.loops}
        if name == _LOOP:
            return not any(tag for _, _, tag in self.loops)
        return name in self.owners and name not in known


def uses_of(tags: Iterable[Tag], environment: Environment) -> tuple[Use | StrayLoopName, ...]:
    """What the tags of one part read, in order. Tags that cannot be read are passed over."""
    meant = (repaired(tag) for tag in tags)
    listed = [(tag, tree) for tag in meant if (tree := _tree(tag, environment)) is not None]
    scope = _Scope(owners=dict(_owners(listed)))
    found: list[Use | StrayLoopName] = []
    for tag, tree in listed:
        found += _uses(tag, tree, scope)
        _enter(tag, tree, scope)
    return tuple(found)


def _tree(tag: Tag, environment: Environment) -> nodes.Template | None:
    if tag.sign == "{#":
        return None
    try:
        return environment.parse(alone(tag))
    except TemplateSyntaxError:
        return None


def _owners(listed: Iterable[tuple[Tag, nodes.Template]]) -> Iterator[tuple[str, str]]:
    for tag, tree in listed:
        loop = tree.find(nodes.For) if tag.word == "for" else None
        if loop and _target(tree) and _target(tree) not in steps_of(loop.iter)[:1]:
            yield _target(tree), tag.text


def _target(tree: nodes.Template) -> str:
    loop = tree.find(nodes.For)
    return loop.target.name if loop and isinstance(loop.target, nodes.Name) else ""


def _enter(tag: Tag, tree: nodes.Template, scope: _Scope) -> None:
    """Open and close what the tag opens and closes."""
    if tag.word == "for":
        loop = tree.find(nodes.For)
        steps = steps_of(loop.iter) if loop else []
        scope.loops.append((_target(tree), scope.path(steps) or "" if steps else "", tag.text))
    elif tag.word == "endfor":
        while scope.loops and not scope.loops.pop()[2]:
            continue
    elif tag.word == "set":
        made = tree.find(nodes.Assign)
        if made and isinstance(made.target, nodes.Name):
            steps = steps_of(made.node)
            path = scope.path(steps) or "" if steps else ""
            scope.loops.append((made.target.name, path, ""))


def _uses(tag: Tag, tree: nodes.Template, scope: _Scope) -> Iterator[Use | StrayLoopName]:
    if tag.word.startswith("end") or tag.word == "else":
        return
    kind: Literal["text", "condition"] = "condition" if tag.word in {"if", "elif"} else "text"
    loop = tree.find(nodes.For) if tag.word == "for" else None
    for node, filtered, against in _readings(tree):
        steps = steps_of(node)
        if scope.is_stray(steps[0]):
            owner = scope.owners.get(steps[0], "")
            yield StrayLoopName(steps[0], owner, tag.text, tag.place)
            continue
        if tag.word == "for" and steps[0] == _target(tree) and loop and node is not loop.iter:
            continue
        path = scope.path(steps)
        if path and steps[0] != _LOOP:
            read = "list" if loop and node is loop.iter else kind
            row = scope.is_row(steps)
            yield Use(path, ".".join(steps), read, filtered, tag.text, tag.place, row, against)


def _readings(
    node: nodes.Node, filtered: str = "", against: Against = ()
) -> Iterator[tuple[nodes.Node, str, Against]]:
    """The names that are read, each as long as it goes, with the filter right outside it."""
    if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem) and steps_of(node):
        stored = isinstance(node, nodes.Name) and node.ctx != "load"
        if not stored:
            yield node, filtered, against
        return
    if isinstance(node, nodes.Compare):
        yield from _compared(node)
        return
    inner = node.name if isinstance(node, nodes.Filter) else ""
    for child in node.iter_child_nodes():
        yield from _readings(child, inner)


def _compared(node: nodes.Compare) -> Iterator[tuple[nodes.Node, str, Against]]:
    """The two sides of each comparison, one of them often a text of the tag's own."""
    sides = [node.expr, *(one.expr for one in node.ops)]
    for number, side in enumerate(sides):
        against: list[tuple[str, str | int | float]] = []
        if number < len(node.ops) and isinstance(other := sides[number + 1], nodes.Const):
            against.append((node.ops[number].op, other.value))
        if number and isinstance(other := sides[number - 1], nodes.Const):
            sign = node.ops[number - 1].op
            against.append(("contains" if sign in {"in", "notin"} else sign, other.value))
        yield from _readings(side, "", tuple(against))
