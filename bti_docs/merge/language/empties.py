"""What a template shows for a field without a value, field by field.

`blank` leaves the place empty; `dash` prints a dash; `line` prints a line to fill in by hand;
`omit_paragraph` and `omit_row` leave out the paragraph or the table row. Nothing that has a value
is left out with it: a paragraph or row goes only when every field that it prints is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from lxml import etree

from bti_docs.merge.language.normalise_paragraphs import join_pieces, join_tags, text_pieces
from bti_docs.merge.language.normalise_scan import Sign, scan
from bti_docs.merge.word.xml import Element, W

Policy = Literal["blank", "dash", "line", "omit_paragraph", "omit_row"]
DASH: Final = "—"
LINE: Final = "_" * 16
_INSTEAD: Final[Mapping[Policy, str]] = {"dash": DASH, "line": LINE}
_SCOPES: Final = frozenset({"omit_paragraph", "omit_row"})
_PATH: Final = r"(?P<path>[^\W\d]\w*(?:\.\w+)*)"
_PRINTED: Final = re.compile(rf"{_PATH}\s*(?:\|.*)?", re.DOTALL)
_FOR: Final = re.compile(rf"for\s+(?P<name>\w+)\s+in\s+{_PATH}")


def apply_policies(root: Element, policies: Mapping[str, Policy]) -> None:
    """Write the policies into the tags of a part, before it is normalised.

    A policy reaches the tags that print the field alone or through filters, `{{ barn.navn }}` or
    `{{ t.frist|dato }}`; a field of a list's rows is named with the list, `tiltak.frist`.

    Args:
        root: A part with paragraphs; it is changed.
        policies: By dotted field; fields without one are `blank`.
    """
    if all(policy == "blank" for policy in policies.values()):
        return
    join_tags(root, lambda sign: sign.text)
    printed = list(_printed_fields(root, policies))
    held: dict[Element, list[_Printed]] = {}
    for one in printed:
        held.setdefault(one.paragraph, []).append(one)
    for holder, scope in {_holder(one): None for one in printed if one.policy in _SCOPES}:
        _leave_out(holder, scope, [one for p in holder.iter(W + "p") for one in held.get(p, ())])
    reading = iter(printed)
    for paragraph in root.iter(W + "p"):
        join_pieces(text_pieces(paragraph), lambda sign: _shown(sign, reading))


@dataclass(frozen=True, slots=True)
class _Printed:
    """A field where a tag prints it."""

    path: str
    """As the tag calls it: `t.frist`."""
    policy: Policy
    paragraph: Element
    loop: Element | None
    """The paragraph in which the loop begins that gives the path its first name."""


def _printed_fields(root: Element, policies: Mapping[str, Policy]) -> Iterator[_Printed]:
    """The fields that the part's tags print, in the order of reading."""
    loops: list[_Loop] = []
    for paragraph, sign in _signs(root):
        if sign.word == "for":
            loop = _FOR.match(sign.body)
            name, rows = (loop["name"], _resolved(loop["path"], loops)) if loop else ("", "")
            loops.append(_Loop(name, rows, paragraph))
        elif sign.word == "endfor" and loops:
            loops.pop()
        path = _path_of(sign)
        if path:
            policy = policies.get(_resolved(path, loops), "blank")
            own = _loop_of(path, loops)
            yield _Printed(path, policy, paragraph, own.paragraph if own else None)


@dataclass(frozen=True, slots=True)
class _Loop:
    name: str
    rows: str
    paragraph: Element


def _signs(root: Element) -> Iterator[tuple[Element, Sign]]:
    for paragraph in root.iter(W + "p"):
        for sign in scan("".join(text for _, text in text_pieces(paragraph))):
            yield paragraph, sign


def _path_of(sign: Sign) -> str:
    """The field that a tag prints, as the tag calls it; the empty text for anything else."""
    if sign.opening != "{{" or sign.scope == "r":
        return ""
    found = _PRINTED.fullmatch(sign.body)
    return found["path"] if found and not found["path"].startswith("loop.") else ""


def _loop_of(path: str, loops: list[_Loop]) -> _Loop | None:
    first = path.partition(".")[0]
    return next((loop for loop in reversed(loops) if loop.name == first), None)


def _resolved(path: str, loops: list[_Loop]) -> str:
    """The field's own name: `t.frist` in a loop over `tiltak` is `tiltak.frist`."""
    loop = _loop_of(path, loops)
    return path if loop is None else loop.rows + path[len(loop.name) :]


def _shown(sign: Sign, reading: Iterator[_Printed]) -> str:
    """The tag, with what its policy prints when the field is empty."""
    printed = next(reading) if _path_of(sign) else None
    instead = None if printed is None else _INSTEAD.get(printed.policy)
    if printed is None or instead is None:
        return sign.text
    condition = _has_value(printed.path)
    return f"{{% if {condition} %}}{sign.text}{{% else %}}{instead}{{% endif %}}"


def _has_value(path: str) -> str:
    # nought is a value, though Jinja2 calls it false
    return f"{path} or {path} == 0"


def _holder(printed: _Printed) -> tuple[Element, str]:
    """What is left out with the field: its row, or its paragraph where there is no row."""
    row = next(printed.paragraph.iterancestors(W + "tr"), None)
    if printed.policy == "omit_row" and row is not None:
        return row, "tr"
    return printed.paragraph, "p"


def _leave_out(holder: Element, scope: str, held: list[_Printed]) -> None:
    """Let *holder* be there only when one of the fields that it prints has a value."""
    if holder.find(f"{W}pPr/{W}sectPr") is not None or any(
        one.loop is not None and _within(one.loop, holder) for one in held
    ):
        return
    condition = " or ".join(dict.fromkeys(_has_value(one.path) for one in held))
    holder.addprevious(_tag(scope, f"if {condition}"))
    holder.addnext(_tag(scope, "endif"))


def _within(element: Element, holder: Element) -> bool:
    return element is holder or any(one is holder for one in element.iterancestors(holder.tag))


def _tag(scope: str, body: str) -> Element:
    """A paragraph or a row with a tag that takes its place."""
    paragraph = etree.Element(W + "p")
    text = etree.SubElement(etree.SubElement(paragraph, W + "r"), W + "t")
    text.text = f"{{%{scope} {body} %}}"
    if scope == "p":
        return paragraph
    row = etree.Element(W + "tr")
    etree.SubElement(row, W + "tc").append(paragraph)
    return row
