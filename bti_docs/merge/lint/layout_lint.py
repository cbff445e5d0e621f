"""What in a Word file would be lost, changed or unreadable on its way to paper and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bti_docs.merge.language.tags import own_text
from bti_docs.merge.word.controls import Control, field_controls
from bti_docs.merge.word.findings import Finding, Place, Severity
from bti_docs.merge.word.parts import TextPart
from bti_docs.merge.word.text import shortened
from bti_docs.merge.word.xml import Element, W, inside, on, w

_CLOCK_FIELD: Final = re.compile(r"\s*(DATE|TIME|CREATEDATE|SAVEDATE|PRINTDATE)\b", re.IGNORECASE)
_ELEMENTS: Final[tuple[tuple[str, str, Severity], ...]] = (
    ("txbxContent", "tpl_text_box", "warning"),
    ("commentReference", "tpl_comment", "warning"),
)
_TRACKED: Final = {
    "ins": "tpl_tag_in_insertion",
    "moveTo": "tpl_tag_in_insertion",
    "del": "tpl_tag_in_deletion",
    "moveFrom": "tpl_tag_in_deletion",
}
_TRACKED_LOOKS: Final = tuple(
    W + name
    for name in (
        "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "tblGridChange",
        "trPrChange", "tcPrChange", "numberingChange", "cellIns", "cellDel", "cellMerge",
    )
)  # fmt: skip
"""Looks that nobody has decided on: each tells who changed them, and when."""
LOST_LOOKS: Final = ("strike", "dstrike", "caps", "vanish")
"""What a PDF engine may draw as if it were not there."""


def layout_findings(root: Element, part: TextPart) -> Iterator[Finding]:
    """What is wrong with one part, apart from its tags; each thing once a paragraph."""
    numbers = {p: n for n, p in enumerate(root.iter(W + "p"), start=1)}
    told: set[tuple[str, str, int | None]] = set()
    for finding in _found(root, part, numbers):
        key = (finding.code, repr(sorted(finding.params.items())), finding.place.paragraph)
        if key not in told:
            told.add(key)
            yield finding


def _found(root: Element, part: TextPart, numbers: dict[Element, int]) -> Iterator[Finding]:
    for name, code, severity in _ELEMENTS:
        for element in root.iter(W + name):
            yield Finding(code, severity, _place(element, part, numbers))
    yield from _tracked(root, part, numbers)
    for name in LOST_LOOKS:
        for element in root.iter(W + name):
            if on(element) and inside(element, W + "rPr"):
                place = _place(element, part, numbers)
                yield Finding("tpl_lost_style", "warning", place, {"style": name})
    yield from _field_findings(root, part, numbers)
    for control in field_controls(root):
        yield from _control_findings(control, part, numbers)


def _tracked(root: Element, part: TextPart, numbers: dict[Element, int]) -> Iterator[Finding]:
    """Changes that nobody has decided on; and tags in them, which would run all the same."""
    for name, code in _TRACKED.items():
        for element in root.iter(W + name):
            place = _place(element, part, numbers)
            text = "".join(e.text or "" for e in element.iter(W + "t", W + "delText"))
            if "{{" in text or "{%" in text:
                yield Finding(code, "error", place, {"tag": shortened(text)})
            else:
                yield Finding("tpl_tracked_changes", "error", place)
    for element in root.iter(*_TRACKED_LOOKS):
        yield Finding("tpl_tracked_changes", "error", _place(element, part, numbers))


def alias_findings(controls: list[tuple[TextPart, Control]]) -> Iterator[Finding]:
    """Aliases that stand for two fields: LibreOffice keeps only the alias, so it must be enough."""
    tags: dict[str, str] = {}
    for part, control in controls:
        if control.alias and tags.setdefault(control.alias, control.tag) != control.tag:
            params = {"alias": control.alias, "tag": control.tag, "other": tags[control.alias]}
            yield Finding("tpl_duplicate_alias", "error", _alias_place(part, control), params)


def _alias_place(part: TextPart, control: Control) -> Place:
    root = [control.element, *control.element.iterancestors()][-1]
    return _place(control.element, part, {p: n for n, p in enumerate(root.iter(W + "p"), start=1)})


def _field_findings(
    root: Element, part: TextPart, numbers: dict[Element, int]
) -> Iterator[Finding]:
    for element, text in field_instructions(root):
        clock = _CLOCK_FIELD.match(text)
        if clock is not None:
            place = _place(element, part, numbers)
            params = {"field": clock[1].upper()}
            yield Finding("tpl_clock_field", "error", place, params, "{{ dok.dato|dato }}")


def field_instructions(root: Element) -> list[tuple[Element, str]]:
    """Word's own fields in a part: where each stands, and what it is told to show."""
    instructions = [(e, e.text or "") for e in root.iter(W + "instrText")]
    return instructions + [(e, w(e, "instr") or "") for e in root.iter(W + "fldSimple")]


def _control_findings(
    control: Control, part: TextPart, numbers: dict[Element, int]
) -> Iterator[Finding]:
    place = _place(control.element, part, numbers)
    if not control.tag:
        yield Finding("tpl_control_without_tag", "error", place, {"alias": control.alias})
    if not control.alias:
        yield Finding("tpl_control_without_alias", "error", place, {"tag": control.tag})
    if control.element.find(f"{W}sdtPr/{W}dataBinding") is not None:
        yield Finding("tpl_control_bound", "error", place, {"tag": control.tag})


def _place(element: Element, part: TextPart, numbers: dict[Element, int]) -> Place:
    paragraph = next(
        (e for e in (element, *element.iterancestors()) if e in numbers),
        next((e for e in element.iter(W + "p") if e in numbers), None),
    )
    if paragraph is None:
        return Place(part.label)
    return Place(part.label, numbers[paragraph], shortened(own_text(paragraph)))
