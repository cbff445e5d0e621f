"""The lint of an office's templates: Word file, manifest, profile and other language together."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.core.context import Making, block_choices, context
from bti_docs.core.letters import APPROVER, Letter, people_of
from bti_docs.core.manifest import Manifest
from bti_docs.core.records import CaseRecord
from bti_docs.core.templates import sample_record
from bti_docs.errors import InputError, MergeError
from bti_docs.merge import FieldNode, Template

_NEAR: Final = 0.6


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """One thing to put right in a template."""

    code: str
    severity: str
    """error or warning."""
    place: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)
    suggestion: str = ""
    """What to write instead, when that can be said."""


@dataclass(frozen=True, slots=True)
class CheckedTemplate:
    """One Word file with all that is wrong with it, and the fields it wants."""

    file: str
    problems: tuple[TemplateProblem, ...]
    fields: tuple[FieldNode, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether documents can be made of it."""
        return not any(problem.severity == "error" for problem in self.problems)


def check_templates(office: Office, chosen: Sequence[Path] = ()) -> tuple[CheckedTemplate, ...]:
    """Check the Word files *chosen*, or all of the office's.

    Raises:
        InputError: a file is not there.
    """
    library = office.library
    paths = chosen or [
        library.word_file(code, language)
        for code in library.types()
        for language in library.languages(code)
    ]
    return tuple(_checked(office, path) for path in paths)


def _checked(office: Office, path: Path) -> CheckedTemplate:
    data = files.read(path) if path.is_file() else None
    if data is None:
        raise InputError("input_missing", file=path.name)
    code, language = _name_parts(path)
    try:
        template = Template.open(data, language=language)
    except MergeError as error:
        problem = TemplateProblem(error.code, "error", path.name, error.params)
        return CheckedTemplate(path.name, (problem,))
    problems = [
        TemplateProblem(f.code, f.severity, str(f.place), f.params, f.suggestion)
        for f in template.problems
    ]
    if code in office.library.types():
        manifest = office.library.manifest(code)
        problems += _against_manifest(office, template, data, manifest)
        problems += _against_sibling(path, template, language)
    else:
        params = {"file": path.name}
        problems.append(TemplateProblem("word_file_without_manifest", "warning", "", params))
    return CheckedTemplate(path.name, tuple(problems), template.fields)


def _name_parts(path: Path) -> tuple[str, str]:
    """`SAM.nb.docx` → SAM, nb."""
    parts = path.name.split(".")
    language = parts[1] if len(parts) > 2 and parts[1] in {"nb", "nn"} else "nb"  # noqa: PLR2004
    return parts[0], language


# --- against the manifest -------------------------------------------------------------------


def _against_manifest(
    office: Office, template: Template, data: bytes, manifest: Manifest
) -> Iterator[TemplateProblem]:
    known = known_tree(office, manifest)
    yield from _unknown_fields(template.fields, known, "")
    back = template.read_back(data)
    tags = [*back.values, *(f"{key}.{part}" for key in back.rows for part in _parts(back, key))]
    for tag in tags:
        if not _find(known, tag)[0]:
            yield _problem("tpl_control_unknown", "error", _nearest(tag, known), tag=tag)
    names = _all_names(template.fields)
    for one in manifest.fields:
        if not _is_used(one.key, names, manifest):
            yield _problem("tpl_field_unused", "warning", "", field=one.key)
        elif one.required == "return" and not one.is_block and one.key not in back.values:
            yield _problem("tpl_field_without_control", "warning", "", field=one.key)
    if manifest.signers != "none" and "underskrifter" not in names:
        yield _problem("tpl_no_signatures", "error", "{%tr for u in underskrifter %}")


def _is_used(key: str, names: frozenset[str], manifest: Manifest) -> bool:
    """Whether a field is printed, in whole or in part, or is there to name the series."""
    printed = key in names or any(name.startswith(f"{key}.") for name in names)
    return printed or key == manifest.unit


def _parts(back: Any, key: str) -> list[str]:  # noqa: ANN401
    return list(back.rows[key][0]) if back.rows[key] else []


def known_tree(office: Office, manifest: Manifest) -> Mapping[str, Any]:
    """Everything a template of this type may name, with one row in each list."""
    language = office.profile.language
    record = CaseRecord.model_validate(sample_record(language))
    people = people_of({"barn": record.child.norwegian(), "f1": record.guardians[0].norwegian()})
    signer = APPROVER if manifest.signers == "approver" else "f1"
    making = Making(
        manifest=manifest,
        profile=office.profile,
        choices=block_choices(office.library.case_manifest(), office.profile),
        say=office.say(language),
        language=language,
        case_id="2026-0001",
        record=record,
        people=people,
        letter=Letter("f1", ("A",), (signer,)),
        reference="0000-0000",
        on=office.today,
    )
    return context(making, _sample_values(office, manifest))


def _sample_values(office: Office, manifest: Manifest) -> Mapping[str, Any]:
    """A row in each list, and a choice where several may be made."""
    values: dict[str, Any] = {}
    for one in manifest.fields:
        if one.is_block:
            parts = office.library.case_manifest().block(one.type)
            row = {part.key: ["x"] for part in parts if part.type == "flervalg"}
            values[one.key] = [row] if one.repeated else row
        elif one.type == "flervalg":
            values[one.key] = ["x"]
    return values


def _unknown_fields(
    nodes: Sequence[FieldNode], known: Mapping[str, Any], within: str
) -> Iterator[TemplateProblem]:
    for node in nodes:
        found, value = _find(known, node.name)
        shown = f"{within}.{node.name}" if within else node.name
        if not found:
            yield _problem("tpl_unknown_field", "error", _nearest(node.name, known), field=shown)
        elif node.kind == "list" and not isinstance(value, list):
            yield _problem("not_a_list", "error", "", field=shown)
        elif node.children and isinstance(value, list):
            row = value[0] if value and isinstance(value[0], Mapping) else {}
            yield from _unknown_fields(node.children, row, shown)


def _find(known: Mapping[str, Any], name: str) -> tuple[bool, Any]:
    value: Any = known
    for part in name.split("."):
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            value = value[0]
        if not isinstance(value, Mapping) or part not in value:
            return False, None
        value = value[part]
    return True, value


def _nearest(name: str, known: Mapping[str, Any]) -> str:
    """The known name that is most like *name*, or nothing."""
    near = difflib.get_close_matches(name, list(_names_of(known)), n=1, cutoff=_NEAR)
    return f"{{{{ {near[0]} }}}}" if near else ""


def _names_of(known: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in known.items():
        yield f"{prefix}{key}"
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, Mapping):
            yield from _names_of(inner, f"{prefix}{key}.")


def _all_names(nodes: Sequence[FieldNode]) -> frozenset[str]:
    return frozenset(node.name for node in nodes)


def _problem(code: str, severity: str, suggestion: str, **params: str | int) -> TemplateProblem:
    return TemplateProblem(code, severity, "", params, suggestion)


# --- against the other language -------------------------------------------------------------


def _against_sibling(path: Path, template: Template, language: str) -> Iterator[TemplateProblem]:
    """What only one of the two målformer prints."""
    other = "nn" if language == "nb" else "nb"
    sibling = path.with_name(f"{path.name.split('.')[0]}.{other}.docx")
    data = files.read(sibling)
    if data is None:
        params = {"file": sibling.name}
        yield TemplateProblem("tpl_other_language_missing", "warning", "", params)
        return
    try:
        theirs = Template.open(data, language=other).fields
    except MergeError:
        return  # said of that file itself
    for name in sorted(_deep(template.fields) - _deep(theirs)):
        yield _problem("tpl_languages_differ", "warning", "", field=name, file=sibling.name)


def _deep(nodes: Sequence[FieldNode], prefix: str = "") -> frozenset[str]:
    names = {f"{prefix}{node.name}" for node in nodes}
    below = (_deep(node.children, f"{prefix}{node.name}.") for node in nodes)
    return frozenset(names).union(*below)
