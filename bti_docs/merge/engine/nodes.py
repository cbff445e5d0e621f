"""A part of a template as a tree of what is written, printed, repeated and chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from jinja2 import nodes as jinja


@dataclass(frozen=True, slots=True)
class Text:
    """XML that is the same in every document."""

    xml: str


@dataclass(frozen=True, slots=True)
class Print:
    """A value."""

    value: jinja.Expr
    in_text: bool
    """Whether it stands in a `w:t`, where line breaks and tabs are Word's own elements."""
    in_field: bool = False
    """Whether it stands in a field's instruction, which may lead somewhere."""


@dataclass(frozen=True, slots=True)
class Rich:
    """A value in the place of a whole run, whose looks are `properties` (`<w:rPr>…` or nothing)."""

    value: jinja.Expr
    properties: str


@dataclass(frozen=True, slots=True)
class Loop:
    """A block for each row of a list."""

    target: str
    rows: jinja.Expr
    only_if: jinja.Expr | None
    body: Block
    otherwise: Block


@dataclass(frozen=True, slots=True)
class Choice:
    """The first block whose condition holds."""

    cases: tuple[tuple[jinja.Expr, Block], ...]
    otherwise: Block


@dataclass(frozen=True, slots=True)
class Assign:
    """A name for a value, until the loop or the part ends."""

    name: str
    value: jinja.Expr


@dataclass(frozen=True, slots=True)
class Control:
    """A content control: as filled, or, with nothing to read in it, as its prompt."""

    body: Block
    prompt: Block
    """Empty when the control always says something."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What an empty control asks for."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The place of a picture that is given with the record, or left out."""

    number: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class Serial:
    """An identifier that no two elements may share, in a block that is repeated."""

    value: str


@dataclass(frozen=True, slots=True)
class Once:
    """XML that only the first round of a repeated block keeps."""

    xml: str


Node: TypeAlias = (
    Text | Print | Rich | Loop | Choice | Assign | Control | Prompt | Picture | Serial | Once
)
Block: TypeAlias = "tuple[Node, ...]"


def inner_blocks(node: Node) -> tuple[Block, ...]:
    """The blocks that a node may write, one of them or more."""
    match node:
        case Loop():
            return (node.body, node.otherwise)
        case Choice():
            return (*(block for _, block in node.cases), node.otherwise)
        case Control():
            return (node.body, node.prompt)
    return ()
