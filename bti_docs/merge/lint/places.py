"""Where things stand, as Word shows it: heading above, table, row and column, header or note."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bti_docs.merge.language.tags import own_text
from bti_docs.merge.word.findings import Place
from bti_docs.merge.word.package import Package
from bti_docs.merge.word.parts import TextPart
from bti_docs.merge.word.tables import cells_of, rows_of
from bti_docs.merge.word.text import shortened
from bti_docs.merge.word.xml import Element, R, W, w

_NOTES: Final = {"footnotes": W + "footnote", "endnotes": W + "endnote"}
_NO_NOTE: Final = frozenset({"separator", "continuationSeparator", "continuationNotice"})
_TOP_LEVELS: Final = 9
"""Outline levels 0–8 are headings; 9 says that it is none."""


@dataclass(frozen=True, slots=True)
class Atlas:
    """The places of all paragraphs of a Word file."""

    parts: Mapping[str, TextPart]
    """By label."""
    numbered: Mapping[str, tuple[Place, ...]]
    """By the part's label, in order."""
    paragraphs: Mapping[Element, Place]

    def of(self, element: Element, part: TextPart) -> Place:
        """The place of an element: its paragraph, or the first that it holds."""
        around = (e for e in (element, *element.iterancestors(W + "p")) if e in self.paragraphs)
        held = (e for e in element.iter(W + "p") if e in self.paragraphs)
        found = next(around, None)
        found = next(held, None) if found is None else found
        return Place(part.label, kind=part.kind) if found is None else self.paragraphs[found]

    def located(self, place: Place) -> Place:
        """A place that knows only its part and paragraph, with all the rest."""
        if place.kind:
            return place
        places = self.numbered.get(place.part, ())
        if place.paragraph is not None and place.paragraph <= len(places):
            return replace(places[place.paragraph - 1], excerpt=place.excerpt)
        part = self.parts.get(place.part)
        return replace(place, kind=part.kind if part else "properties")


def atlas_of(
    package: Package, roots: Mapping[TextPart, Element], headings: frozenset[str]
) -> Atlas:
    """The places in *roots*.

    Args:
        package: The file that they are from.
        roots: The parts with paragraphs, read.
        headings: The ids of the styles that make a paragraph a heading.
    """
    roles = _roles(package, roots)
    paragraphs: dict[Element, Place] = {}
    numbered = {}
    for part, root in roots.items():
        found = dict(_places(root, part, roles.get(part.name, ""), headings))
        paragraphs.update(found)
        numbered[part.label] = tuple(found.values())
    return Atlas({part.label: part for part in roots}, numbered, paragraphs)


def _places(
    root: Element, part: TextPart, role: str, headings: frozenset[str]
) -> Iterator[tuple[Element, Place]]:
    tables = {t: n for n, t in enumerate(_outer_tables(root), start=1)}
    rows = {row: n for table in tables for n, row in enumerate(rows_of(table), start=1)}
    notes = _note_numbers(root, part)
    sections = sum(1 for _ in root.iter(W + "sectPr"))
    section, heading = 1, ""
    for number, paragraph in enumerate(root.iter(W + "p"), start=1):
        excerpt = shortened(own_text(paragraph))
        place = Place(
            part.label, number, excerpt, part.kind, role, heading,
            section if sections > 1 else None,
        )  # fmt: skip
        yield paragraph, _within(place, paragraph, tables, rows, notes)
        if excerpt and _is_heading(paragraph, headings):
            heading = excerpt
        section += 1 if paragraph.find(f"{W}pPr/{W}sectPr") is not None else 0


def _within(
    place: Place,
    paragraph: Element,
    tables: Mapping[Element, int],
    rows: Mapping[Element, int],
    notes: Mapping[Element, int],
) -> Place:
    """The place with what stands around the paragraph: text box, note, table."""
    row = cell = None
    for around in paragraph.iterancestors():
        if around.tag == W + "tc":
            cell = around
        elif around.tag == W + "tr":
            row = around
        elif around.tag == W + "txbxContent":
            place = replace(place, text_box=True)
        elif around in notes:
            place = replace(place, note=notes[around])
        elif around in tables:
            place = _in_table(place, tables[around], row, cell, rows)
    return place


def _in_table(
    place: Place,
    number: int,
    row: Element | None,
    cell: Element | None,
    rows: Mapping[Element, int],
) -> Place:
    if row is None or cell is None or row not in rows:
        return replace(place, table=number)
    return replace(place, table=number, row=rows[row], column=cells_of(row).index(cell) + 1)


def _outer_tables(root: Element) -> Iterator[Element]:
    for table in root.iter(W + "tbl"):
        if next(table.iterancestors(W + "tbl"), None) is None:
            yield table


def _note_numbers(root: Element, part: TextPart) -> dict[Element, int]:
    name = _NOTES.get(part.kind)
    if name is None:
        return {}
    shown = [note for note in root.iter(name) if w(note, "type") not in _NO_NOTE]
    return {note: number for number, note in enumerate(shown, start=1)}


def _is_heading(paragraph: Element, headings: frozenset[str]) -> bool:
    level = paragraph.find(f"{W}pPr/{W}outlineLvl")
    if level is not None:
        value = w(level, "val") or ""
        return value.isdigit() and int(value) < _TOP_LEVELS
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return style is not None and w(style, "val") in headings


def _roles(package: Package, roots: Mapping[TextPart, Element]) -> dict[str, str]:
    """Which headers and footers are those of first or of even pages, by the part's name."""
    body = next((part for part in roots if part.kind == "body"), None)
    if body is None:
        return {}
    targets = {one.id: one.target for one in package.relationships(body.name)}
    found: dict[str, set[str]] = {}
    for reference in roots[body].iter(W + "headerReference", W + "footerReference"):
        target = targets.get(reference.get(R + "id", ""), "")
        found.setdefault(target, set()).add(w(reference, "type") or "default")
    return {name: "default" if "default" in kinds else min(kinds) for name, kinds in found.items()}
