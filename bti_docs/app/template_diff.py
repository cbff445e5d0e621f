"""What a new version of a template or manifest changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bti_docs import files
from bti_docs.core.manifest import Manifest
from bti_docs.core.templates import Change, listed_changes, manifest_changes
from bti_docs.errors import InputError
from bti_docs.merge import FieldNode, Place, Template
from bti_docs.merge.lint.compare import compare
from bti_docs.merge.lint.paragraph_looks import LookChange
from bti_docs.toml_model import parse_toml


@dataclass(frozen=True, slots=True)
class PlacedChange:
    """A change, and where it is in the Word file; None for a manifest's, or a field's."""

    change: Change
    place: Place | None = None
    looks: tuple[LookChange, ...] = ()
    """What looks otherwise now, or is locked otherwise."""


def template_changes(old: Path, new: Path) -> tuple[PlacedChange, ...]:
    """Compare two Word files, or two manifests.

    Raises:
        InputError: a file is missing, one of each kind was given, or a manifest does not hold.
        MergeError: a Word file cannot be read.
    """
    if {old.suffix, new.suffix} == {".toml"}:
        changes = manifest_changes(_manifest(old), _manifest(new))
        return tuple(PlacedChange(one) for one in changes)
    if {old.suffix, new.suffix} == {".docx"}:
        return tuple(_word_changes(_bytes(old), _bytes(new)))
    raise InputError("diff_two_kinds")


def _word_changes(old: bytes, new: bytes) -> Iterator[PlacedChange]:
    before, after = Template.open(old), Template.open(new)
    for change in listed_changes("field", _names(before.fields), _names(after.fields)):
        yield PlacedChange(change)
    for one in compare(old, new, language=after.language):
        yield PlacedChange(
            Change(one.what, one.how, one.new or one.old, one.old, one.new), one.place, one.looks
        )


def _names(nodes: tuple[FieldNode, ...], prefix: str = "") -> list[str]:
    found = []
    for node in nodes:
        found.append(f"{prefix}{node.name}")
        found += _names(node.children, f"{prefix}{node.name}.")
    return found


def _manifest(path: Path) -> Manifest:
    parsed = parse_toml(Manifest, _bytes(path))
    if isinstance(parsed, tuple):
        raise InputError(parsed[0].code, (), **{"file": path.name, **parsed[0].params})
    return parsed


def _bytes(path: Path) -> bytes:
    data = files.read(path) if path.is_file() else None
    if data is None:
        raise InputError("input_missing", file=path.name)
    return data
