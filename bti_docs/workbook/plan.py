"""Which document types a reader knows, and which sheet or header of a file means what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bti_docs.core.layout import LANGUAGES, Column, Sheet, fold, header_index, header_key, sheets
from bti_docs.core.manifest import Manifest
from bti_docs.core.raw import CASE, Value
from bti_docs.core.values import as_text, is_blank
from bti_docs.messages import text


@dataclass(frozen=True, slots=True)
class Plan:
    """The document types and the case, and what their sheets and headers may be called."""

    manifests: Mapping[str, Manifest]
    case_manifest: Manifest

    def manifest(self, type_code: str) -> Manifest | None:
        """The manifest of a type, the case's own too."""
        return self.case_manifest if type_code == CASE else self.manifests.get(type_code)

    def sheets(self) -> tuple[Sheet, ...]:
        """Every sheet a workbook may have, the cases first."""
        manifests = (self.case_manifest, *self.manifests.values())
        return tuple(sheet for m in manifests for sheet in sheets(m, self.case_manifest))

    def sheet_names(self) -> Mapping[str, Sheet]:
        """Every name a sheet may have, folded."""
        names: dict[str, Sheet] = {}
        for sheet in self.sheets():
            for name in _names(sheet):
                names.setdefault(fold(name), sheet)
        return names

    def headers(self, sheet: Sheet) -> Mapping[str, Column]:
        """Every name a header of *sheet* may have, folded."""
        return header_index(sheet, self.case_manifest)


def _names(sheet: Sheet) -> Iterator[str]:
    for language in LANGUAGES:
        label = sheet.labels.of(language)
        yield from (sheet.name(language), f"{sheet.type} {label}")
        if sheet.list_key is None or sheet.type == CASE:
            yield label
    yield f"{sheet.type} {sheet.list_key}" if sheet.list_key else sheet.type


@dataclass(frozen=True, slots=True)
class Header:
    """A header row: which cell of a row belongs to which key."""

    keys: Mapping[int, str]
    """The key by the cell's index in the row, from 0."""
    unknown: Mapping[int, str]
    """Headers that are not the sheet's."""
    twice: Mapping[int, str]
    """Headers whose column is there already."""


def match_header(cells: Sequence[Value], index: Mapping[str, Column]) -> Header:
    """Find the keys of a header row."""
    keys: dict[int, str] = {}
    unknown: dict[int, str] = {}
    twice: dict[int, str] = {}
    for at, cell in enumerate(cells):
        if is_blank(cell):
            continue
        name = " ".join(as_text(cell).split())
        key = header_key(name, index)
        if key is None:
            unknown[at] = name
        elif key in keys.values():
            twice[at] = name
        else:
            keys[at] = key
    return Header(keys, unknown, twice)


def is_example(number: str) -> bool:
    """Whether a row's Nr says that it is the example row, in any language."""
    folded = fold(number).rstrip(".")
    return any(
        folded == fold(text("wb_example_nr", language)).rstrip(".") for language in LANGUAGES
    )
