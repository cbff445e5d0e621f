"""A part while it is looked through for what it should not carry, and how that is told."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bti_docs.merge.word.findings import Finding, Place
from bti_docs.merge.word.text import shortened
from bti_docs.merge.word.xml import Element, W

CODES: Final = {
    "attachedtemplate": "tpl_attached_template",
    "mailmerge": "tpl_mail_merge",
    "mailmergesource": "tpl_mail_merge",
    "mailmergeheadersource": "tpl_mail_merge",
    "recipientdata": "tpl_mail_merge",
    "printersettings": "tpl_printer_settings",
    "webextension": "tpl_web_extension",
    "webextensiontaskpanes": "tpl_web_extension",
}
"""Ties that have a sentence of their own, by kind in lower case."""
UNWANTED: Final = frozenset((
    "activexcontrolbinary", "afchunk", "attachedtoolbars", "control", "oleobject", "package",
    "printersettings", "recipientdata", "subdocument", "vbaproject", "webextension",
    "webextensiontaskpanes",
))  # fmt: skip
"""Kinds of parts, in lower case, that no letter needs."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part while it is looked through."""

    name: str
    label: str
    root: Element | None = None
    """None for the package itself and for what is not XML."""
    numbers: Mapping[Element, int] = field(default_factory=dict)
    """The part's paragraphs, counted from 1."""


def label_of(part: str, main: str) -> str:
    """What people call the part, as `bti_docs.merge.word.parts` does."""
    if part == main:
        return "body"
    folder = posixpath.join(posixpath.dirname(main), "")
    return posixpath.splitext(part)[0].removeprefix(folder)


def place_in(part: Part, element: Element) -> Place:
    """Where the element stands: the paragraph around it, or the first one in it."""
    near = (element, *element.iterancestors(), *element.iter(W + "p"))
    holder = next((one for one in near if one in part.numbers), None)
    if holder is None:
        return Place(part.label)
    text = "".join(node.text or "" for node in holder.iter(W + "t"))
    return Place(part.label, part.numbers[holder], shortened(text))


def removal(kind: str, place: Place) -> Finding:
    """Tells that a tie of that kind was cut."""
    code = CODES.get(kind.lower())
    if code is not None:
        return Finding(code, "warning", place)
    return Finding("tpl_external_removed", "warning", place, {"kind": kind})


def refusal(kind: str, place: Place) -> Finding:
    """Tells that a tie of that kind cannot be cut without losing what it shows."""
    if kind.lower() in UNWANTED:
        return Finding("tpl_foreign_content", "error", place, {"element": kind})
    return Finding("tpl_external", "error", place, {"kind": kind})
