"""What a sheet's XML says that its values do not: hidden rows, formulas without value, merges."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from bti_docs.errors import InputError

_TAGS: Final = ("{*}row", "{*}col", "{*}mergeCell")
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_TRUE: Final = frozenset({"1", "true"})


@dataclass(slots=True)
class SheetFacts:
    """What was found in one sheet. Rows and columns count from 1."""

    last_row: int = 0
    last_column: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    """Hidden rows that hold something."""
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """First and last of each run of hidden columns."""
    filled_columns: set[int] = field(default_factory=set)
    """The columns that hold something, looked for only where some are hidden."""
    holds_something: bool = False
    formulas: list[tuple[int, int]] = field(default_factory=list)
    """Formulas that no program has worked out yet."""
    errors: list[tuple[int, int]] = field(default_factory=list)
    """Cells that show #N/A, #REF! and their like."""
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, first column, last row, last column."""

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return not self.holds_something and not self.formulas


def scan_sheet(package: zipfile.ZipFile, path: str) -> SheetFacts:
    """Read one worksheet's XML as a stream.

    Raises:
        InputError: the XML is broken.
    """
    scanner = _Scanner()
    try:
        with package.open(path) as stream:
            items = etree.iterparse(stream, tag=_TAGS, resolve_entities=False, no_network=True)
            for _, item in items:
                scanner.take(item)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError("input_unreadable") from error
    return scanner.facts


def column_letters(number: int) -> str:
    """Column 28 as `AB`."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """`AB` as column 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class _Scanner:
    """Where the reading is, and what it has found. Columns come before rows, merges after."""

    def __init__(self) -> None:
        self.facts = SheetFacts()
        self._row = 0

    def take(self, item: etree._Element) -> None:
        """Take one element at its end."""
        name = etree.QName(item).localname
        if name == "row":
            self._row = int(item.get("r") or self._row + 1)
            self._take_row(item)
        elif name == "col" and item.get("hidden") in _TRUE:
            span = int(item.get("min", "1")), int(item.get("max", "1"))
            self.facts.hidden_columns.append(span)
        elif name == "mergeCell":
            first, _, last = item.get("ref", "").partition(":")
            if last:
                self.facts.merges.append((*_split(first), *_split(last)))

    def _take_row(self, row: etree._Element) -> None:
        filled = False
        column = 0
        for cell in row:
            reference = cell.get("r")
            if not len(cell):
                column = column + 1 if reference is None else column
                continue
            column = _split(reference)[1] if reference else column + 1
            filled |= self._take_cell(cell, column)
        if filled and row.get("hidden") in _TRUE:
            self.facts.hidden_rows.append(self._row)
        self.facts.holds_something |= filled
        row.clear()
        parent = row.getparent()
        while parent is not None and row.getprevious() is not None:
            del parent[0]  # lets go of the rows read, so memory stays bounded

    def _take_cell(self, cell: etree._Element, column: int) -> bool:
        """Whether the cell holds something."""
        filled = formula = False
        for part in cell:
            name = str(part.tag).rpartition("}")[2]
            filled |= name == "is" or (name == "v" and bool(part.text))
            formula |= name == "f"
        facts, kind = self.facts, cell.get("t")
        facts.last_row = self._row
        facts.last_column = max(facts.last_column, column)
        if formula and not filled and kind != "str":
            facts.formulas.append((self._row, column))
        if kind == "e":
            facts.errors.append((self._row, column))
        if filled and facts.hidden_columns:
            facts.filled_columns.add(column)
        return filled


def _split(reference: str) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise InputError("input_unreadable")
    return int(match[2]), column_number(match[1])
