"""For whoever edits a Word template: tags to copy and paste, and what a version changes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bti_docs.core.layout import parts_of, shown_parts
from bti_docs.core.manifest import Manifest, ManifestField

FILTER_OF: Final[Mapping[str, str]] = {
    "dato": "|dato",
    "tid": "|kl",
    "tall": "|tall",
    "langtekst": "|linjer",
    "flervalg": "|liste",
}
"""The filter that a field of a type is printed through."""


@dataclass(frozen=True, slots=True)
class FieldTags:
    """A field with the tags that print it."""

    key: str
    type: str
    label: str
    required: str
    repeated: bool
    tags: tuple[str, ...]
    """To copy into the Word file, in order; a list's first and last stand in rows of their own."""


def paste_tags(manifest: Manifest, case_manifest: Manifest, language: str) -> tuple[FieldTags, ...]:
    """Every field of a type with its tags."""
    return tuple(_field(field, case_manifest, language) for field in manifest.fields)


def _field(field: ManifestField, case_manifest: Manifest, language: str) -> FieldTags:
    return FieldTags(
        field.key,
        field.type,
        field.label.of(language),
        field.required,
        field.repeated,
        tuple(_tags(field, case_manifest)),
    )


def _tags(field: ManifestField, case_manifest: Manifest) -> Iterator[str]:
    if not field.is_block:
        yield _tag(field.key, field.type)
        return
    if not field.repeated:
        for part in parts_of(field, case_manifest):
            yield _tag(f"{field.key}.{part.key}", part.type)
        return
    row = field.key.rpartition(".")[2][:1]
    yield f"{{%tr for {row} in {field.key} %}}"
    for part in shown_parts(field, case_manifest):
        yield _tag(f"{row}.{part.key}", part.type)
    yield "{%tr endfor %}"


def _tag(key: str, kind: str) -> str:
    if kind == "ja_nei":
        return f"{{% if {key} %}}☒{{% else %}}☐{{% endif %}}"
    return f"{{{{ {key}{FILTER_OF.get(kind, '')} }}}}"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a new version adds, takes away or words anew."""

    what: str
    """field, label, rule or text."""
    how: str
    """added, removed or changed."""
    name: str
    old: str = ""
    new: str = ""


def manifest_changes(old: Manifest, new: Manifest) -> tuple[Change, ...]:
    """What a new manifest changes: fields, their labels and demands, and the type's own rules."""
    before = {field.key: field for field in old.fields}
    after = {field.key: field for field in new.fields}
    changes = list(listed_changes("field", list(before), list(after)))
    for key in (key for key in after if key in before):
        changes += _field_changes(before[key], after[key])
    for rule in sorted(type(old).model_fields.keys() - {"fields", "blocks"}):
        changes += _value_change("rule", rule, getattr(old, rule), getattr(new, rule))
    return tuple(changes)


def listed_changes(what: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """What is only in one of two lists, each once and in its order."""
    for name in dict.fromkeys(old):
        if name not in new:
            yield Change(what, "removed", name)
    for name in dict.fromkeys(new):
        if name not in old:
            yield Change(what, "added", name)


def _field_changes(old: ManifestField, new: ManifestField) -> Iterator[Change]:
    for language in ("nb", "nn"):
        name = f"{new.key} ({language})"
        yield from _value_change("label", name, old.label.of(language), new.label.of(language))
    for rule in sorted(type(old).model_fields.keys() - {"key", "label", "help", "example"}):
        yield from _value_change(
            "rule", f"{new.key}.{rule}", getattr(old, rule), getattr(new, rule)
        )


def _value_change(what: str, name: str, old: object, new: object) -> Iterator[Change]:
    if old != new:
        yield Change(what, "changed", name, _shown(old), _shown(new))


def _shown(value: Any) -> str:  # noqa: ANN401  (whatever a manifest may hold)
    dumped = value.model_dump(by_alias=True) if hasattr(value, "model_dump") else value
    return "" if dumped is None else str(dumped)


def sample_record(language: str) -> Mapping[str, Any]:
    """A record with one of everything, to learn which names a template may use."""
    return {
        "maalform": language,
        "barn": {"fornavn": "A", "etternavn": "B"},
        "foresatte": [{"navn": "C", "foreldreansvar": "ja"}],
    }
