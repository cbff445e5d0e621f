"""A template against its manifest: the fields it names, how it prints them, what it must say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from bti_docs.app.office import Office
from bti_docs.app.template_conditions import Asked, asked_fields, of_condition
from bti_docs.app.template_problem import TemplateProblem
from bti_docs.core.context import Making, block_choices, context
from bti_docs.core.letters import APPROVER, Letter, people_of
from bti_docs.core.manifest import Manifest, ManifestField
from bti_docs.core.records import CaseRecord
from bti_docs.core.templates import FILTER_OF, sample_record
from bti_docs.merge import FieldNode
from bti_docs.merge.lint.controls_lint import ControlPlace
from bti_docs.merge.lint.report import Report
from bti_docs.merge.lint.spelling import nearest
from bti_docs.merge.lint.uses import Use

_WANTS: Final[Mapping[str, str]] = {
    "dato": "dato",
    "dato_lang": "dato",
    "dato_dag": "dato",
    "kl": "tid",
    "tall": "tall",
    "liste": "flervalg",
}
"""The type of field that a filter is for."""
_LIST_FILTERS: Final = frozenset({"liste", "length"})
_CHOICES: Final = frozenset({"ja_nei", "valg", "flervalg"})
"""Fields whose answer is often a tick, or what a paragraph stands for."""
_LABEL: Final = "underskrifter.etikett"


def against_manifest(
    office: Office,
    manifest: Manifest,
    language: str,
    fields: Sequence[FieldNode],
    report: Report,
) -> Iterator[TemplateProblem]:
    """What a template and its manifest do not agree on."""
    known = known_tree(office, manifest)
    asked = asked_fields(office, manifest, language)
    names = _all_names(known)
    for use in report.uses:
        yield from _of_use(use, known, asked, names)
    yield from _unseen(fields, known, report)
    for control in report.controls:
        yield from _of_control(control, known, names)
    yield from _not_in_template(manifest, fields, report)
    yield from _only_asked(manifest, report)
    yield from _locked(manifest, report)
    yield from _signatures(manifest, report)
    yield from _unsaid(manifest, language, report)


# --- each tag --------------------------------------------------------------------------------


def _of_use(
    use: Use, known: Mapping[str, Any], asked: Mapping[str, Asked], names: Collection[str]
) -> Iterator[TemplateProblem]:
    found, value = _find(known, use.path)
    params = {"field": use.written, "tag": use.tag}
    if use.is_row and isinstance(value, list):
        value = value[0] if value else ""
    if not found:
        better = _better(use, names)
        yield TemplateProblem("tpl_unknown_field", "error", use.place, params, better)
    elif use.kind == "list":
        if not isinstance(value, list):
            yield TemplateProblem("not_a_list", "error", use.place, params)
    elif use.against:
        yield from of_condition(use, asked.get(use.path))
    elif use.kind == "text":
        kind = asked[use.path].type if use.path in asked else ""
        yield from _of_print(use, value, kind, params)


def _of_print(
    use: Use, value: object, kind: str, params: Mapping[str, str]
) -> Iterator[TemplateProblem]:
    """A value that cannot be printed as the tag says."""
    wanted = _WANTS.get(use.filter, "")
    if isinstance(value, Mapping) or (isinstance(value, list) and use.filter not in _LIST_FILTERS):
        yield TemplateProblem("tpl_prints_block", "error", use.place, params, _part_of(use, value))
    elif kind == "ja_nei":
        better = f"{{% if {use.written} %}}☒{{% else %}}☐{{% endif %}}"
        yield TemplateProblem("tpl_prints_yes_no", "error", use.place, params, better)
    elif wanted and kind and kind != wanted:
        more = {**params, "filter": use.filter}
        better = f"{{{{ {use.written}{FILTER_OF.get(kind, '')} }}}}"
        yield TemplateProblem("tpl_filter_for_other_type", "error", use.place, more, better)


def _part_of(use: Use, value: object) -> str:
    """How to print what is not one text: a part of it, or the list in words."""
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(value, list) and isinstance(first, Mapping):
        return f"{{%tr for {use.written.rpartition('.')[2][:1]} in {use.written} %}}"
    if isinstance(first, Mapping):
        return f"{{{{ {use.written}.{next(iter(first), '')} }}}}"
    return f"{{{{ {use.written}|liste }}}}" if isinstance(value, list) else ""


def _better(use: Use, names: Collection[str]) -> str:
    """The tag with the known field that is most like the one it names."""
    near = nearest(use.path, names)
    row = use.path[: len(use.path) - len(use.written.partition(".")[2])]
    if near and row != use.path and "." in use.written and near.startswith(row):
        near = f"{use.written.partition('.')[0]}.{near.removeprefix(row)}"
    whole = rf"(?<![\w.\-'\"]){re.escape(use.written)}(?![\w.\-\[])"
    better, found = re.subn(whole, near, use.tag, count=1) if near else ("", 0)
    return better if found else ""


def _unseen(
    nodes: Sequence[FieldNode], known: Mapping[str, Any], report: Report
) -> Iterator[TemplateProblem]:
    """Fields that no paragraph reads but the file does: in a title, a picture's alt text."""
    seen = {use.path for use in report.uses}
    stray = {f.params["name"] for f in report.findings if f.code == "tpl_loop_name_outside"}
    names = _all_names(known)
    for name in _paths(nodes):
        told = name in seen or name.partition(".")[0] in stray
        if not told and not _find(known, name)[0]:
            near = nearest(name, names)
            better = f"{{{{ {near} }}}}" if near else ""
            params = {"field": name, "tag": f"{{{{ {name} }}}}"}
            yield TemplateProblem("tpl_unknown_field", "error", None, params, better)


def _of_control(
    control: ControlPlace, known: Mapping[str, Any], names: Collection[str]
) -> Iterator[TemplateProblem]:
    if control.tag and not _find(known, control.tag)[0]:
        params = {"tag": control.tag}
        better = nearest(control.tag, names)
        yield TemplateProblem("tpl_control_unknown", "error", control.place, params, better)


# --- the manifest's demands --------------------------------------------------------------------


def _not_in_template(
    manifest: Manifest, nodes: Sequence[FieldNode], report: Report
) -> Iterator[TemplateProblem]:
    names = frozenset([node.name for node in nodes] + [use.path for use in report.uses])
    controls = {control.tag for control in report.controls}
    for one in manifest.fields:
        if not _is_used(one.key, names, manifest):
            yield TemplateProblem("tpl_field_unused", "warning", None, {"field": one.key})
        elif one.required == "return" and not one.is_block and one.key not in controls:
            params = {"field": one.key}
            place = next((use.place for use in report.uses if use.path == one.key), None)
            yield TemplateProblem("tpl_field_without_control", "warning", place, params)


def _only_asked(manifest: Manifest, report: Report) -> Iterator[TemplateProblem]:
    """Fields that the template asks about and never prints: what is filled in is not seen."""
    for one in manifest.fields:
        uses = [u for u in report.uses if u.path == one.key or u.path.startswith(f"{one.key}.")]
        asked = bool(uses) and all(use.kind == "condition" for use in uses)
        if asked and one.type not in _CHOICES and one.key != manifest.unit:
            params = {"field": one.key}
            yield TemplateProblem("tpl_field_only_asked", "warning", uses[0].place, params)


def _locked(manifest: Manifest, report: Report) -> Iterator[TemplateProblem]:
    """Fields that are to be filled in, and can not."""
    wanted = {one.key for one in manifest.fields if one.required == "return"}
    for control in report.controls:
        if control.locked and (control.tag in wanted or control.tag.partition(".")[0] in wanted):
            params = {"tag": control.tag}
            yield TemplateProblem("tpl_control_locked", "error", control.place, params)


def _is_used(key: str, names: frozenset[str], manifest: Manifest) -> bool:
    """Whether a field is printed, in whole or in part, or is there to name the series."""
    printed = key in names or any(name.startswith(f"{key}.") for name in names)
    return printed or key == manifest.unit


def _signatures(manifest: Manifest, report: Report) -> Iterator[TemplateProblem]:
    """Who signs has a line, and under it the label that the signature is found by."""
    if manifest.signers == "none":
        return
    if not any(use.path == "underskrifter" for use in report.uses):
        loop = "{%tr for u in underskrifter %}"
        yield TemplateProblem("tpl_no_signatures", "error", None, {}, loop)
    elif not any(use.path == _LABEL and use.kind == "text" for use in report.uses):
        place = next((u.place for u in report.uses if u.path == "underskrifter"), None)
        yield TemplateProblem("tpl_no_signature_label", "error", place, {}, "{{ u.etikett }}")


def _unsaid(manifest: Manifest, language: str, report: Report) -> Iterator[TemplateProblem]:
    """Wording that the manifest demands, and that some paper would not show."""
    there = report.text.casefold()
    for wording in manifest.must_say:
        text = " ".join(wording.of(language).split())
        if text not in report.always:
            missing = text.casefold() not in there
            code = "tpl_wording_missing" if missing else "tpl_wording_not_seen"
            yield TemplateProblem(code, "error", None, {"wording": text}, text if missing else "")


# --- what there is to name ---------------------------------------------------------------------


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
            row = {part.key: ["x"] for part in _parts(office, one) if part.type == "flervalg"}
            values[one.key] = [row] if one.repeated else row
        elif one.type == "flervalg":
            values[one.key] = ["x"]
    return values


def _parts(office: Office, one: ManifestField) -> tuple[ManifestField, ...]:
    return office.library.case_manifest().block(one.type)


def _find(known: Mapping[str, Any], name: str) -> tuple[bool, Any]:
    value: Any = known
    for part in name.split("."):
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            value = value[0]
        if not isinstance(value, Mapping) or part not in value:
            return False, None
        value = value[part]
    return True, value


def _all_names(known: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(_names_of(known))


def _names_of(known: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in known.items():
        yield f"{prefix}{key}"
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, Mapping):
            yield from _names_of(inner, f"{prefix}{key}.")


def _paths(nodes: Sequence[FieldNode], prefix: str = "") -> Iterator[str]:
    for node in nodes:
        yield f"{prefix}{node.name}"
        yield from _paths(node.children, f"{prefix}{node.name}.")
