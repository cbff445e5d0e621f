"""What a sheet's XML says that its values do not: hidden rows, formulas without value, merges."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from bti_docs.errors import InputError

_TAGS: Final = ("{*}row", "{*}c", "{*}col", "{*}mergeCell")
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
    filled_columns: set[int] = field(default_factory=set)
    formulas: list[tuple[int, int]] = field(default_factory=list)
    """Formulas that no program has worked out yet."""
    errors: list[tuple[int, int]] = field(default_factory=list)
    """Cells that show #N/A, #REF! and their like."""
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, first column, last row, last column."""

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return not self.filled_columns and not self.formulas


def scan_sheet(package: zipfile.ZipFile, path: str) -> SheetFacts:
    """Read one worksheet's XML as a stream.

    Raises:
        InputError: the XML is broken.
    """
    scanner = _Scanner()
    try:
        with package.open(path) as stream:
            items = etree.iterparse(
                stream, ("start", "end"), tag=_TAGS, resolve_entities=False, no_network=True
            )
            for event, item in items:
                scanner.take(event, item)
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
    """Where the reading is, and what it has found."""

    def __init__(self) -> None:
        self.facts = SheetFacts()
        self._row = 0
        self._column = 0
        self._filled = False

    def take(self, event: str, item: etree._Element) -> None:
        """Take the start or end of one element."""
        name = etree.QName(item).localname
        if name == "row":
            self._row_starts(item) if event == "start" else self._row_ends(item)
        elif event == "end" and name == "c":
            self._cell(item)
        elif event == "end" and name == "col" and item.get("hidden") in _TRUE:
            span = int(item.get("min", "1")), int(item.get("max", "1"))
            self.facts.hidden_columns.append(span)
        elif event == "end" and name == "mergeCell":
            first, _, last = item.get("ref", "").partition(":")
            if last:
                self.facts.merges.append((*_split(first), *_split(last)))

    def _row_starts(self, item: etree._Element) -> None:
        self._row = int(item.get("r") or self._row + 1)
        self._column = 0
        self._filled = False

    def _row_ends(self, item: etree._Element) -> None:
        if self._filled and item.get("hidden") in _TRUE:
            self.facts.hidden_rows.append(self._row)
        item.clear()
        parent = item.getparent()
        while parent is not None and item.getprevious() is not None:
            del parent[0]  # lets go of the rows read, so memory stays bounded

    def _cell(self, item: etree._Element) -> None:
        reference = item.get("r")
        self._column = _split(reference)[1] if reference else self._column + 1
        if len(item) == 0:
            return
        value, formula = item.find("{*}v"), item.find("{*}f")
        filled = item.find("{*}is") is not None or (value is not None and bool(value.text))
        facts = self.facts
        facts.last_row = max(facts.last_row, self._row)
        facts.last_column = max(facts.last_column, self._column)
        if formula is not None and not filled and item.get("t") != "str":
            facts.formulas.append((self._row, self._column))
        if item.get("t") == "e":
            facts.errors.append((self._row, self._column))
        if filled:
            self._filled = True
            facts.filled_columns.add(self._column)


def _split(reference: str) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(reference.replace("$", ""))
    if match is None:
        raise InputError("input_unreadable")
    return int(match[2]), column_number(match[1])
