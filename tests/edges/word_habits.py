"""What Word and the people at it do to a document, done to a file the way Word writes it.

No Word runs here. Each method says what was done and which marks Word leaves of it, after the
format's standard (ISO/IEC 29500, MS-DOCX) and files that Word has saved:

* Every save: revision ids (`w:rsidR`), proofing marks, runs cut where the cursor or a misspelling
  was, languages on runs, `_GoBack`, page breaks as last drawn, smart tags in older files.
* Autocorrection while typing: curly quotes, long dashes, three dots in one, arrows as symbols.
* A control that shows a prompt has `w:showingPlcHdr` and the placeholder style; typing takes both
  away. Emptied again, or in a row from «+», it asks in Word's own language and words.
* «+» copies the last row of a repeating section with new numbers and emptied controls.
* A date that was picked stands in `w:fullDate` beside its text; a choice only as its text, with
  `w:lastValue` beside it.
* A control that fills its paragraph may come back around the paragraph, one that fills its cell
  around the cell.
"""

from __future__ import annotations

import copy
import io
import random
import zipfile
from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

from tests.edges.word_marks import (
    Element,
    W,
    cut,
    drop,
    lift,
    looks,
    new_paragraph,
    new_run,
    outermost,
    wrap,
)

BODY: Final = "word/document.xml"
WORDS_PROMPT: Final = "Klikk eller trykk her for å skrive inn tekst."
AUTOCORRECTED: Final = {
    "«": "“",
    "»": "”",
    "'": "’",
    " - ": " – ",
    "...": "…",
    " til ": "\u00a0til ",
}


class Desk:
    """A document open in Word; `saved()` is the file."""

    def __init__(self, docx: bytes, part: str = BODY) -> None:
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            self._members = {name: archive.read(name) for name in archive.namelist()}
        self._part = part
        self.root = etree.fromstring(self._members[part])
        self._number = 2_000_000

    def saved(self) -> bytes:
        self._members[self._part] = etree.tostring(
            self.root, encoding="UTF-8", xml_declaration=True, standalone=True
        )
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self._members.items():
                archive.writestr(name, content)
        return written.getvalue()

    # --- finding -------------------------------------------------------------------------------

    def controls(self, tag: str) -> list[Element]:
        return [
            control
            for control in self.root.iter(f"{W}sdt")
            if any(t.get(f"{W}val") == tag for t in control.findall(f"{W}sdtPr/{W}tag"))
        ]

    def control(self, tag: str, nth: int = 0) -> Element:
        return self.controls(tag)[nth]

    def rows(self, name: str) -> list[Element]:
        """The rows that hold fields of a list."""
        return [
            row
            for row in self.root.iter(f"{W}tr")
            if any((t.get(f"{W}val") or "").startswith(f"{name}.") for t in row.iter(f"{W}tag"))
        ]

    def paragraph(self, text: str) -> Element:
        return next(p for p in self.root.iter(f"{W}p") if text in "".join(p.itertext()))

    # --- filling in ----------------------------------------------------------------------------

    def type_into(self, tag: str, text: str, nth: int = 0) -> None:
        """Write in a control: the prompt goes, Enter is a line break."""
        self._fill(self.control(tag, nth), text)

    def clear(self, tag: str, nth: int = 0) -> None:
        """Empty a control: Word asks in its own words."""
        self._ask(self.control(tag, nth))

    def pick_date(self, tag: str, iso: str, shown: str, nth: int = 0) -> None:
        control = self.control(tag, nth)
        self._fill(control, shown)
        control.find(f"{W}sdtPr/{W}date").set(f"{W}fullDate", f"{iso}T00:00:00Z")

    def choose(self, tag: str, shown: str, nth: int = 0) -> None:
        control = self.control(tag, nth)
        self._fill(control, shown)
        choices = control.find(f"{W}sdtPr/{W}dropDownList")
        items = {i.get(f"{W}displayText"): i.get(f"{W}value") for i in choices}
        choices.set(f"{W}lastValue", items[shown])

    def type_beside(self, tag: str, text: str, nth: int = 0) -> None:
        """Write behind a control, in its paragraph."""
        control = self.control(tag, nth)
        line = control if control.getparent().tag == f"{W}p" else None
        if line is not None:
            line.addnext(new_run(text))
        else:
            list(control.iter(f"{W}p"))[-1].addnext(new_paragraph(text))

    # --- rows ----------------------------------------------------------------------------------

    def plus(self, name: str) -> None:
        """Word's own «+» at the end of a repeating section."""
        last = self._items(name)[-1]
        new = copy.deepcopy(last)
        last.addnext(new)
        for number in new.iter(f"{W}id"):
            self._number += 1
            number.set(f"{W}val", str(self._number))
        for control in new.iter(f"{W}sdt"):
            if control.find(f"{W}sdtPr/{W}tag") is not None:
                self._ask(control)

    def delete_row(self, name: str, nth: int) -> None:
        drop(self._items(name)[nth])

    def copy_row(self, name: str, nth: int) -> None:
        item = self._items(name)[nth]
        item.addnext(copy.deepcopy(item))

    def type_row(self, name: str, *texts: str) -> None:
        """A row below the last one made with the table tools: the same cells, no controls."""
        last = self._items(name)[-1]
        row = copy.deepcopy(self.rows(name)[-1])
        for cell, text in zip(row.iter(f"{W}tc"), texts, strict=True):
            for child in [c for c in cell if c.tag != f"{W}tcPr"]:
                cell.remove(child)
            cell.append(new_paragraph(text))
        last.addnext(row)

    def paste_row(self, source: str, nth: int, target: str) -> None:
        """A row copied from one table to the end of another."""
        self._items(target)[-1].addnext(copy.deepcopy(self.rows(source)[nth]))

    def mark_row_deleted(self, name: str, nth: int) -> None:
        """A row deleted with tracked changes on."""
        row = self.rows(name)[nth]
        properties = row.find(f"{W}trPr")
        if properties is None:
            properties = etree.Element(f"{W}trPr")
            row.insert(0, properties)
        etree.SubElement(properties, f"{W}del", {f"{W}id": "9", f"{W}author": "x"})
        for run in list(row.iter(f"{W}r")):
            wrap(run, etree.Element(f"{W}del", {f"{W}id": "9", f"{W}author": "x"}))
        for text in row.iter(f"{W}t"):
            text.tag = f"{W}delText"

    # --- controls that suffer ------------------------------------------------------------------

    def delete_control(self, tag: str, nth: int = 0, *, text: bool = True) -> None:
        """Delete a control, with its text or only the control around it."""
        control = self.control(tag, nth)
        parent, at = control.getparent(), control.getparent().index(control)
        held = [] if not text else list(control.find(f"{W}sdtContent"))
        parent[at : at + 1] = held

    def copy_control(self, tag: str, beside: str) -> None:
        """Paste a copy of a control at the end of the paragraph that says *beside*."""
        new = copy.deepcopy(self.control(tag))
        self._number += 1
        for number in new.iter(f"{W}id"):
            number.set(f"{W}val", str(self._number))
        self.paragraph(beside).append(new)

    def nest(self, inner: str, outer: str, *, moved: bool) -> None:
        """Paste a control into another one's text."""
        held = self.control(inner)
        content = self.control(outer).find(f"{W}sdtContent")
        last = [*content.iter(f"{W}p")]
        (last[-1] if last else content).append(held if moved else copy.deepcopy(held))

    def lift_to_paragraphs(self) -> None:
        """Controls that fill their paragraph stand around it."""
        for control in [c for c in self.root.iter(f"{W}sdt") if c.getparent().tag == f"{W}p"]:
            paragraph = control.getparent()
            if len([c for c in paragraph if c.tag != f"{W}pPr"]) == 1:
                lift(control, paragraph)

    def lift_to_cells(self) -> None:
        """Controls that fill their cell stand around it."""
        self.lift_to_paragraphs()
        for control in [c for c in self.root.iter(f"{W}sdt") if c.getparent().tag == f"{W}tc"]:
            cell = control.getparent()
            if len([c for c in cell if c.tag != f"{W}tcPr"]) == 1:
                lift(control, cell)

    # --- reviewing -----------------------------------------------------------------------------

    def track_insertion(self, beside: str, text: str) -> None:
        mark = etree.Element(f"{W}ins", {f"{W}id": "8", f"{W}author": "x"})
        mark.append(new_run(text))
        self.paragraph(beside).append(mark)

    def comment(self, beside: str) -> None:
        paragraph = self.paragraph(beside)
        first = 1 if paragraph.find(f"{W}pPr") is not None else 0
        paragraph.insert(first, etree.Element(f"{W}commentRangeStart", {f"{W}id": "0"}))
        paragraph.append(etree.Element(f"{W}commentRangeEnd", {f"{W}id": "0"}))
        run = etree.SubElement(paragraph, f"{W}r")
        etree.SubElement(run, f"{W}commentReference", {f"{W}id": "0"})

    # --- saving --------------------------------------------------------------------------------

    def autocorrect(self) -> None:
        """What autocorrection makes of the official text once somebody has touched it."""
        for text in self._official():
            for typed, made in AUTOCORRECTED.items():
                text.text = (text.text or "").replace(typed, made)

    def save_again(self, chance: random.Random) -> None:
        """The marks of a save: cut runs, revision ids, proofing, languages, smart tags."""
        for paragraph in self.root.iter(f"{W}p"):
            paragraph.set(f"{W}rsidR", f"{chance.getrandbits(32):08X}")
        for text in list(self.root.iter(f"{W}t")):
            run = text.getparent()
            if (
                len(run.findall(f"{W}t")) == 1
                and len(text.text or "") > 1
                and chance.random() < 0.5
            ):
                cut(run, text, chance)
        for run in list(self.root.iter(f"{W}r")):
            if chance.random() < 0.2:
                run.addprevious(etree.Element(f"{W}proofErr", {f"{W}type": "spellStart"}))
            if chance.random() < 0.1 and run.getparent().tag == f"{W}p":
                wrap(run, etree.Element(f"{W}smartTag", {f"{W}element": "place"}))
            if chance.random() < 0.2:
                looks(run).append(etree.Element(f"{W}lang", {f"{W}val": "en-GB"}))

    # --- how -----------------------------------------------------------------------------------

    def _items(self, name: str) -> list[Element]:
        """The rows of a list, each with the repeating item around it where there is one."""
        return [outermost(row) for row in self.rows(name)]

    def _official(self) -> Iterator[Element]:
        for text in self.root.iter(f"{W}t"):
            if next(text.iterancestors(f"{W}sdtContent"), None) is None:
                yield text

    def _fill(self, control: Element, text: str) -> None:
        properties = control.find(f"{W}sdtPr")
        for mark in properties.findall(f"{W}showingPlcHdr"):
            properties.remove(mark)
        self._set(control, new_run(text))

    def _ask(self, control: Element) -> None:
        properties = control.find(f"{W}sdtPr")
        for mark in properties.findall(f"{W}showingPlcHdr"):
            properties.remove(mark)
        names = [c for c in properties if c.tag in {f"{W}alias", f"{W}tag", f"{W}id", f"{W}lock"}]
        names[-1].addnext(etree.Element(f"{W}showingPlcHdr"))
        run = new_run(WORDS_PROMPT)
        looks(run).append(etree.Element(f"{W}rStyle", {f"{W}val": "PlaceholderText"}))
        self._set(control, run)

    def _set(self, control: Element, run: Element) -> None:
        content = control.find(f"{W}sdtContent")
        paragraphs = list(content.iter(f"{W}p"))
        for spare in paragraphs[1:]:
            drop(spare)
        for old in list(content.iter(f"{W}r")):
            drop(old)
        (paragraphs[0] if paragraphs else content).append(run)


def done(docx: bytes, *acts: Callable[[Desk], object]) -> bytes:
    """The file after these acts."""
    desk = Desk(docx)
    for act in acts:
        act(desk)
    return desk.saved()
