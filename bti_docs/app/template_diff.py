"""What a new version of a template or manifest changes."""

from __future__ import annotations

from pathlib import Path

from bti_docs import files
from bti_docs.core.manifest import Manifest
from bti_docs.core.templates import Change, listed_changes, manifest_changes
from bti_docs.errors import InputError
from bti_docs.merge import FieldNode, Template, visible_texts
from bti_docs.toml_model import parse_toml


def template_changes(old: Path, new: Path) -> tuple[Change, ...]:
    """Compare two Word files, or two manifests.

    Raises:
        InputError: a file is missing, one of each kind was given, or a manifest does not hold.
        MergeError: a Word file cannot be read.
    """
    if {old.suffix, new.suffix} == {".toml"}:
        return manifest_changes(_manifest(old), _manifest(new))
    if {old.suffix, new.suffix} == {".docx"}:
        return _word_changes(_bytes(old), _bytes(new))
    raise InputError("diff_two_kinds")


def _word_changes(old: bytes, new: bytes) -> tuple[Change, ...]:
    before, after = Template.open(old), Template.open(new)
    return (
        *listed_changes("field", _names(before.fields), _names(after.fields)),
        *listed_changes("text", list(visible_texts(old)), list(visible_texts(new))),
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
