"""The sheets and columns that manifests make: one plan for writing, reading and checking them.

A document type is a sheet, and each repeated field a child sheet joined by the parent row's Nr.
A block that is not repeated lies flat in its document's row, `samtykke.formaal`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bti_docs.core.manifest import Manifest, ManifestField, Option, Text
from bti_docs.core.profile import Profile
from bti_docs.core.raw import BASE, CASE, CASE_OF, NUMBER, TICK

LANGUAGES: Final = ("nb", "nn", "en")
MAX_SHEET_NAME: Final = 31
"""Excel's limit."""

_NOT_IN_SHEET_NAMES: Final = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key of its cells, its header, and the field that says what it may hold."""

    key: str
    labels: Text
    field: ManifestField

    @property
    def is_base(self) -> bool:
        """Whether every row of the sheet has it, whatever the manifest says."""
        return self.key.startswith(BASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a type's rows, or the child rows of one repeated field."""

    type: str
    list_key: str | None
    labels: Text
    columns: tuple[Column, ...]
    """The columns this document asks for."""
    more: tuple[Column, ...] = ()
    """Parts of its blocks it does not ask for, and takes when they are there."""

    def name(self, language: str) -> str:
        """The sheet's name: cases by their title, documents with their code in front."""
        label = self.labels.of(language)
        return sheet_name(label if self.type == CASE else f"{self.type} {label}")

    def find(self, key: str) -> Column | None:
        """The column with *key*."""
        return next((column for column in self.columns if column.key == key), None)


def sheet_name(text: str) -> str:
    """*text* as Excel allows it: at most 31 characters, none of those it forbids."""
    plain = " ".join(_NOT_IN_SHEET_NAMES.sub(" ", text).split()).strip("'")
    if len(plain) <= MAX_SHEET_NAME:
        return plain
    cut = plain[:MAX_SHEET_NAME].rpartition(" ")[0] or plain[: MAX_SHEET_NAME - 1]
    return cut.rstrip(",.;– ") + "…"


def sheets(manifest: Manifest, case_manifest: Manifest) -> tuple[Sheet, ...]:
    """The sheets of one type, its own first."""
    base = case_manifest.block("sak" if manifest.type == CASE else "dokument")
    values = _value_columns(manifest, case_manifest)
    own = _sheet(manifest, None, manifest.title, [*_base_columns(base), *values])
    children = (_child_sheet(manifest, f, case_manifest) for f in manifest.fields if f.repeated)
    return own, *children


def _child_sheet(manifest: Manifest, field: ManifestField, case_manifest: Manifest) -> Sheet:
    base = case_manifest.block("saksrad" if manifest.type == CASE else "rad")
    shown = {part.key for part in shown_parts(field, case_manifest)}
    parts = [
        (Column(part.key, part.label, part), part.key in shown)
        for part in (*shown_parts(field, case_manifest), *parts_of(field, case_manifest))
    ]
    return _sheet(manifest, field.key, field.label, [*_base_columns(base), *parts])


def _sheet(
    manifest: Manifest, key: str | None, labels: Text, columns: list[tuple[Column, bool]]
) -> Sheet:
    once = {column.key: (column, shown) for column, shown in reversed(columns)}
    ordered = [once[key] for key in dict.fromkeys(column.key for column, _ in columns)]
    named = _unique([column for column, _ in ordered])
    shown = {column.key for column, shown in ordered if shown}
    return Sheet(
        manifest.type,
        key,
        labels,
        tuple(column for column in named if column.key in shown),
        tuple(column for column in named if column.key not in shown),
    )


def parts_of(field: ManifestField, case_manifest: Manifest) -> tuple[ManifestField, ...]:
    """All parts of a block field."""
    return case_manifest.block(field.type)


def shown_parts(field: ManifestField, case_manifest: Manifest) -> tuple[ManifestField, ...]:
    """The parts this document asks for, in its order; all of them when it does not say."""
    parts = {part.key: part for part in parts_of(field, case_manifest)}
    return tuple(parts[key] for key in field.columns if key in parts) or tuple(parts.values())


def options_of(field: ManifestField, profile: Profile) -> tuple[Option, ...]:
    """The choices of a field, from the profile when the manifest names a list of it."""
    return profile.options(field.options) if isinstance(field.options, str) else field.options


def tick_columns(column: Column, profile: Profile) -> tuple[Column, ...]:
    """A column for each choice of a field with several, `Tjenester: Skole`."""
    return tuple(_tick(column, option) for option in options_of(column.field, profile))


def _tick(column: Column, option: Option) -> Column:
    labels = _each(lambda lang: f"{column.labels.of(lang)}: {option.label(lang)}")
    return Column(f"{column.key}{TICK}{option.key}", labels, column.field)


def lower_first(text: str) -> str:
    """A label inside another: «Tiltak: mål»; abbreviations such as BTI keep their letters."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def header_index(sheet: Sheet, case_manifest: Manifest) -> Mapping[str, Column]:
    """Every name a header may have, folded: keys and labels in all languages. The first wins."""
    index: dict[str, Column] = {}
    columns = (*sheet.columns, *sheet.more)
    for column in columns:
        for name in _names(column):
            index.setdefault(fold(name), column)
    case_field = case_manifest.find("sak")
    owner = CASE_OF if sheet.list_key is None else NUMBER
    joined = sheet.find(owner)
    if case_field and joined and sheet.type != CASE:
        index.setdefault(fold(case_field.label.nb), joined)
    if joined and sheet.list_key:
        index.setdefault("sak", joined)
    return index


def header_key(text: str, index: Mapping[str, Column]) -> str | None:
    """The key of the cells under the header *text*; None when it is not one of the sheet's.

    «Tjenester: Skole» is the tick column of the choice «Skole»; whether there is such a choice is
    asked when a cell under it is filled.
    """
    folded = fold(text)
    if folded in index:
        return index[folded].key
    outer, colon, choice = folded.rpartition(": ")
    column = index.get(outer)
    if colon and column and column.field.type == "flervalg":
        return f"{column.key}{TICK}{choice}"
    return None


def fold(text: str) -> str:
    """A label without what people vary: case, white space, the star of required columns."""
    return " ".join(text.replace("*", " ").split()).casefold()


def _names(column: Column) -> Iterator[str]:
    yield column.key.removeprefix(BASE)
    yield from (column.labels.of(language) for language in LANGUAGES)


def _base_columns(fields: Iterable[ManifestField]) -> Iterator[tuple[Column, bool]]:
    return ((Column(BASE + field.key, field.label, field), True) for field in fields)


def _value_columns(manifest: Manifest, case_manifest: Manifest) -> Iterator[tuple[Column, bool]]:
    """The columns of a row's own values, and whether the document asks for each."""
    for field in manifest.fields:
        if field.repeated:
            continue
        if not field.is_block:
            yield Column(field.key, field.label, field), True
            continue
        asked = shown_parts(field, case_manifest)
        for part in dict.fromkeys((*asked, *parts_of(field, case_manifest))):
            label = (
                part.label
                if _says_enough(part, field, manifest)
                else _inside(field.label, part.label)
            )
            yield Column(f"{field.key}.{part.key}", label, part), part in asked


def _says_enough(part: ManifestField, block: ManifestField, manifest: Manifest) -> bool:
    """Whether a part's tick columns need no block in front: «Tjenester: Skole» is long enough."""
    alike = [field for field in manifest.fields if field.type == block.type]
    return part.type == "flervalg" and len(alike) == 1


def _inside(outer: Text, inner: Text) -> Text:
    return _each(lambda lang: f"{outer.of(lang)}: {lower_first(inner.of(lang))}")


def _each(make: Callable[[str], str]) -> Text:
    return Text(nb=make("nb"), nn=make("nn"), en=make("en"))


def _unique(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Columns whose headers tell them apart: the key is added to those that do not."""
    seen: set[str] = set()
    result = []
    for column in columns:
        names = {fold(column.labels.of(language)) for language in LANGUAGES}
        result.append(_with_key(column) if names & seen else column)
        seen |= names
    return tuple(result)


def _with_key(column: Column) -> Column:
    key = column.key.removeprefix(BASE)
    return replace(column, labels=_each(lambda lang: f"{column.labels.of(lang)} ({key})"))
