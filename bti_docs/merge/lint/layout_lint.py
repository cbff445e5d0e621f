"""What in a Word file would be lost, changed or unreadable on its way to paper and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bti_docs.merge.language.tags import shortened
from bti_docs.merge.word.controls import Control, field_controls
from bti_docs.merge.word.findings import Finding, Place, Severity
from bti_docs.merge.word.package import Package
from bti_docs.merge.word.parts import TextPart
from bti_docs.merge.word.xml import Element, W, inside, on, w

_CLOCK_FIELD: Final = re.compile(r"\s*(DATE|TIME|CREATEDATE|SAVEDATE|PRINTDATE)\b", re.IGNORECASE)
_OUTSIDE_FIELD: Final = re.compile(
    r"\s*(INCLUDEPICTURE|INCLUDETEXT|DDE|DDEAUTO|LINK|RTF)\b", re.IGNORECASE
)
_SAFE_LINK: Final = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_ELEMENTS: Final[tuple[tuple[str, str, Severity], ...]] = (
    ("txbxContent", "tpl_text_box", "warning"),
    ("ins", "tpl_tracked_changes", "error"),
    ("del", "tpl_tracked_changes", "error"),
    ("moveFrom", "tpl_tracked_changes", "error"),
    ("altChunk", "tpl_foreign_content", "error"),
    ("object", "tpl_foreign_content", "error"),
    ("subDoc", "tpl_foreign_content", "error"),
    ("commentReference", "tpl_comment", "warning"),
)
_STYLES: Final = ("strike", "dstrike", "caps", "vanish")


def layout_findings(root: Element, part: TextPart) -> Iterator[Finding]:
    """What is wrong with one part, apart from its tags."""
    numbers = {p: n for n, p in enumerate(root.iter(W + "p"), start=1)}
    for name, code, severity in _ELEMENTS:
        found = next((e for e in root.iter(W + name) if not inside(e, W + "trPr")), None)
        if found is not None:
            yield Finding(code, severity, _place(found, part, numbers), {"element": name})
    for name in _STYLES:
        for element in root.iter(W + name):
            if on(element) and inside(element, W + "rPr"):
                yield Finding(
                    "tpl_lost_style", "warning", _place(element, part, numbers), {"style": name}
                )
                break
    yield from _field_findings(root, part, numbers)
    for control in field_controls(root):
        yield from _control_findings(control, part, numbers)


def alias_findings(controls: list[tuple[TextPart, Control]]) -> Iterator[Finding]:
    """Aliases that stand for two fields: LibreOffice keeps only the alias, so it must be enough."""
    tags: dict[str, str] = {}
    for part, control in controls:
        if control.alias and tags.setdefault(control.alias, control.tag) != control.tag:
            params = {"alias": control.alias, "tag": control.tag, "other": tags[control.alias]}
            yield Finding("tpl_duplicate_alias", "error", Place(part.label), params)


def link_findings(package: Package, part: TextPart) -> Iterator[Finding]:
    """What the part points at outside the file."""
    for one in package.relationships(part.name):
        if not one.external:
            continue
        if one.kind == "hyperlink" and "%7B%7B" in one.target.upper():
            yield Finding("tpl_tag_in_link", "error", Place(part.label))
        elif one.kind != "hyperlink" or not _SAFE_LINK.match(one.target):
            yield Finding("tpl_external", "error", Place(part.label), {"kind": one.kind})


def _field_findings(
    root: Element, part: TextPart, numbers: dict[Element, int]
) -> Iterator[Finding]:
    instructions = [(e, e.text or "") for e in root.iter(W + "instrText")]
    instructions += [(e, w(e, "instr") or "") for e in root.iter(W + "fldSimple")]
    for element, text in instructions:
        clock, outside = _CLOCK_FIELD.match(text), _OUTSIDE_FIELD.match(text)
        place = _place(element, part, numbers)
        if clock is not None:
            params = {"field": clock[1].upper()}
            yield Finding("tpl_clock_field", "error", place, params, "{{ dok.dato|dato }}")
        elif outside is not None:
            params = {"field": outside[1].upper()}
            yield Finding("tpl_outside_field", "error", place, params)


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
    text = "".join(node.text or "" for node in paragraph.iter(W + "t"))
    return Place(part.label, numbers[paragraph], shortened(text))
