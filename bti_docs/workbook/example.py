"""An invented office: the example rows, and the rows of `workbook --example`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from typing import Any, Final

from bti_docs.core.layout import options_of, parts_of
from bti_docs.core.manifest import Manifest, ManifestField
from bti_docs.core.profile import Profile

WRITTEN_FOR: Final = date(2026, 11, 2)
"""The day from which the examples' dates lie well ahead; they are moved by whole weeks."""
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class ExampleOffice:
    """Makes invented values from the manifests' own examples and `assets/eksempel.toml`."""

    case_manifest: Manifest
    profile: Profile
    language: str
    data: Mapping[str, Any]
    on: date = WRITTEN_FOR
    """The day the office is made: its meetings are to come."""

    def cases(self) -> list[dict[str, Any]]:
        """The cases, as records by Norwegian keys."""
        return [self._case(case) for case in self.data["sak"]]

    def documents(self, manifest: Manifest) -> Iterator[tuple[int | None, dict[str, Any]]]:
        """Rows of one type: the number of the case each belongs to (None: a series), and values."""
        values = self.document(manifest)
        if manifest.chain == "serie":
            yield None, values
            return
        for number, case in enumerate(self.data["sak"], 1):
            has_family = bool(case.get("foresatte"))
            if case["dokumenter"] and (has_family or manifest.consent == "gives"):
                yield number, values

    def document(self, manifest: Manifest) -> dict[str, Any]:
        """The values of one document, from the fields' examples."""
        values: dict[str, Any] = {}
        nameless = tuple((manifest.anonymous or "=").split("=", 1))
        for field in manifest.fields:
            value = self._field(field)
            if (field.key, value) == nameless:  # a document of a case is not anonymous
                others = (o.key for o in options_of(field, self.profile) if o.key != value)
                value = next(others, value)
            if value not in (None, "", []):
                values[field.key] = self._moved(value)
        return values

    def _moved(self, value: Any) -> Any:  # noqa: ANN401  (any value of a field)
        """The value with its dates moved, so that the example is never about a year gone by."""
        ahead = timedelta(weeks=(self.on - WRITTEN_FOR).days // 7)
        if isinstance(value, date):
            return value + ahead
        if isinstance(value, str) and _ISO_DAY.fullmatch(value):
            return (date.fromisoformat(value) + ahead).isoformat()
        if isinstance(value, Mapping):
            return {key: self._moved(part) for key, part in value.items()}
        return [self._moved(part) for part in value] if isinstance(value, list) else value

    def _field(self, field: ManifestField) -> Any:  # noqa: ANN401  (the field's type decides)
        if field.is_block:
            rows = [self._block(row, field) for row in self.data["blokk"][field.type]]
            if field.repeated:
                return rows
            return rows[0] if field.required == "issue" else None
        if field.example:
            return field.example.of(self.language)
        if field.required == "never":
            return None
        return self._filler(field)

    def _filler(self, field: ManifestField) -> Any:  # noqa: ANN401  (the field's type decides)
        options = options_of(field, self.profile)
        if field.type == "flervalg":
            return [option.key for option in options[:2]]
        if options:
            return options[0].key
        label = field.label.of(self.language)
        return {"dato": "2026-12-03", "tid": "09:00", "tall": 1, "ja_nei": True}.get(
            field.type, label
        )

    def _case(self, case: Mapping[str, Any]) -> dict[str, Any]:
        record: dict[str, Any] = {"maalform": self.language if self.language != "en" else "nb"}
        for key, value in case.items():
            field = self.case_manifest.find(key)
            if field and field.repeated:
                record[key] = [self._block(row, field) for row in value]
            elif field:
                record[key] = self._value(value, field)
            elif isinstance(value, Mapping):
                record[key] = self._object(key, value)
        return record

    def _object(self, group: str, values: Mapping[str, Any]) -> dict[str, Any]:
        fields = {field.key: field for field in self.case_manifest.fields}
        return {key: self._value(value, fields[f"{group}.{key}"]) for key, value in values.items()}

    def _block(self, row: Mapping[str, Any], field: ManifestField) -> dict[str, Any]:
        parts = {part.key: part for part in parts_of(field, self.case_manifest)}
        return {key: self._value(value, parts[key]) for key, value in row.items()}

    def _value(self, value: Any, field: ManifestField) -> Any:  # noqa: ANN401  (the field's type decides)
        """A value in the office's målform; a number where there is a list is a place in it."""
        if isinstance(value, Mapping):
            return value["nn" if self.language == "nn" else "nb"]
        options = options_of(field, self.profile)
        if options and isinstance(value, int):
            return options[value % len(options)].key
        if options and isinstance(value, Sequence) and not isinstance(value, str):
            return [options[place % len(options)].key for place in value]
        return value


def example_office(
    case_manifest: Manifest, profile: Profile, language: str, on: date
) -> ExampleOffice:
    """The invented office that ships with the program, on the day *on*."""
    file = resources.files("bti_docs").joinpath("assets", "eksempel.toml")
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return ExampleOffice(case_manifest, profile, language, data, on)
