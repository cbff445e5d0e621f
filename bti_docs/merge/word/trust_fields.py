"""Fields that fetch from outside the file, turned into the text they show.

ECMA-376 part 1, 17.16: a field stands in one element, or in runs between the marks `begin`,
`separate` and `end`; fields stand inside each other, also inside another's instruction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from bti_docs.merge.word.xml import Element, W, detach, w

_OUTSIDE: Final = frozenset((
    "DATABASE", "DDE", "DDEAUTO", "EMBED", "IMPORT", "INCLUDE", "INCLUDEPICTURE", "INCLUDETEXT",
    "LINK", "RD", "RTF",
))  # fmt: skip
_NAME: Final = re.compile(r"\s*([A-Za-z]+)")
_WORD: Final = re.compile(r'\\[a-z](?=\s|$)|"([^"]*)"?|[^\s"]+', re.IGNORECASE)
_WITH_VALUE: Final = frozenset(("\\l", "\\o", "\\t"))
"""A link's switches that the next word belongs to: place in the document, tip, window."""
_SAFE_LINK: Final = re.compile(r"https?://[^/\\]|mailto:|tel:|#", re.IGNORECASE)
_TAG: Final = re.compile(r"\{\{|%7B%7B", re.IGNORECASE)
IsSafe: TypeAlias = Callable[[str], bool]
UNKNOWN: Final = "?"
"""The name of a field whose name is put together by another field."""


@dataclass(frozen=True, slots=True)
class OutsideField:
    """A field that fetches, and whether it could be turned into what it shows."""

    name: str
    element: Element
    """A paragraph, or whatever held the field."""
    removed: bool


def leads_safely(address: str) -> bool:
    """Whether a reader may be led there: the web, e-mail, telephone, a place in the document."""
    return _SAFE_LINK.match(address) is not None


def is_safe_link(address: str) -> bool:
    """Whether a template may lead there.

    An address with a tag in it passes here; it is judged again when the tag has its value.
    """
    return leads_safely(address) or _TAG.search(address) is not None


@dataclass(slots=True)
class _Field:
    """A field of several runs, while it is being read."""

    begin: Element
    name: str = ""
    """The instruction, up to a field inside it."""
    fixed: bool = True
    """Nothing stands inside the instruction yet."""
    in_instruction: bool = True
    nodes: list[Element] = field(default_factory=list)
    """The marks, and all that stands in the instruction."""


def unlink_fields(root: Element, is_safe: IsSafe = is_safe_link) -> Iterator[OutsideField]:
    """Turn each field that fetches into the text it shows now; gives each of them.

    Not removed is a field that never ends, or whose name another field makes.

    Args:
        root: A part; it is changed.
        is_safe: What judges the addresses of links: `leads_safely` when tags have their values.
    """
    for simple in list(root.iter(W + "fldSimple")):
        name = _outside(w(simple, "instr") or "", is_safe, fixed=True)
        if name:
            yield OutsideField(name, _holder(simple), removed=True)
            _unwrap(simple)
    ended, never_ended = _read(root)
    for one in never_ended:
        if name := _outside(one.name, is_safe, fixed=one.fixed):
            yield OutsideField(name, _holder(one.begin), removed=False)
    for one in ended:
        name = _outside(one.name, is_safe, fixed=one.fixed)
        if name:
            yield OutsideField(name, _holder(one.begin), removed=name != UNKNOWN)
        if name not in {"", UNKNOWN}:
            _remove(one.nodes)


def _read(root: Element) -> tuple[list[_Field], list[_Field]]:
    """The fields of several runs: those that ended, and those that did not."""
    ended: list[_Field] = []
    stack: list[_Field] = []
    for run in root.iter(W + "r"):
        for node in run:
            kind = w(node, "fldCharType") if node.tag == W + "fldChar" else None
            if kind == "begin":
                for outer in stack[-1:]:
                    outer.fixed = outer.fixed and not outer.in_instruction
                stack.append(_Field(node))
            _note(stack, node, kind)
            if kind == "separate" and stack:
                stack[-1].in_instruction = False
            elif kind == "end" and stack:
                ended.append(stack.pop())
    return ended, stack


def _note(stack: list[_Field], node: Element, kind: str | None) -> None:
    if not stack or node.tag == W + "rPr":
        return
    if kind is not None:
        stack[-1].nodes.append(node)
    for outer in stack:
        if outer.in_instruction and (outer is not stack[-1] or kind is None):
            outer.nodes.append(node)
    top = stack[-1]
    if top.in_instruction and node.tag == W + "t":  # what a field in one element shows
        top.fixed = False
    elif top.in_instruction and top.fixed and node.tag == W + "instrText":
        top.name += node.text or ""


def _outside(instruction: str, is_safe: IsSafe, *, fixed: bool) -> str:
    """The name of a field that fetches; the empty text for one that does not."""
    name = _NAME.match(instruction)
    if not fixed and (not instruction.strip() or (name and name.end() == len(instruction))):
        return UNKNOWN
    if name is None:
        return ""
    said = name[1].upper()
    if said == "HYPERLINK":
        return said if _leads_outside(instruction[name.end() :], is_safe, fixed=fixed) else ""
    return said if said in _OUTSIDE else ""


def _leads_outside(rest: str, is_safe: IsSafe, *, fixed: bool) -> bool:
    """Whether a link's instruction, after its name, has an address that readers should not get."""
    switch = ""
    for word in _WORD.finditer(rest):
        if word[1] is None and word[0][0] == "\\" and len(word[0]) == 2:  # noqa: PLR2004
            switch = word[0].lower()
        elif switch in _WITH_VALUE:
            switch = ""
        else:
            return not is_safe(word[0] if word[1] is None else word[1])
    return not fixed


def _holder(element: Element) -> Element:
    return next(element.iterancestors(W + "p"), element)


def _unwrap(simple: Element) -> None:
    for child in simple:
        if child.tag != W + "fldData":
            simple.addprevious(child)
    detach(simple)


def _remove(nodes: list[Element]) -> None:
    for node in nodes:
        run = node.getparent()
        detach(node)
        if run is not None and all(child.tag == W + "rPr" for child in run):
            detach(run)
