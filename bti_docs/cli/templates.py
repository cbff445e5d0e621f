"""The official templates: list, check, fields, approve, diff."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import click

from bti_docs.app.approvals import approve, unapproved
from bti_docs.app.office import Office
from bti_docs.app.template_check import CheckedTemplate, TemplateProblem, check_templates
from bti_docs.app.template_diff import template_changes
from bti_docs.cli.shell import STAFF, choices, command, group_of, open_here, read_here, say, show
from bti_docs.core.templates import Change, FieldTags, paste_tags
from bti_docs.errors import InputError
from bti_docs.merge import FieldNode
from bti_docs.messages import text

BAD_TEMPLATE = InputError.exit_code
FILE = click.Path(path_type=Path)


def register(group: click.Group) -> None:
    """Add the commands."""
    templates = group_of(group, "templates")
    _list(templates)
    _check(templates)
    _fields(templates)
    _approve(templates)
    _diff(templates)


def _list(group: click.Group) -> None:
    def templates_list(ctx: click.Context) -> None:
        """The document types of the office."""
        office = read_here(ctx)
        library = office.library
        pairs = [(code, one) for code in library.types() for one in library.languages(code)]
        left = unapproved(office, pairs)
        types = [_type_body(office, code, left) for code in library.types()]
        language = choices(ctx).language
        show(ctx, types, [_type_line(ctx, body, language) for body in types])

    command(group, "list")(templates_list)


def _type_body(office: Office, code: str, left: Collection[tuple[str, str]]) -> dict[str, Any]:
    manifest = office.library.manifest(code)
    languages = office.library.languages(code)
    return {
        "type": code,
        "title": {"nb": manifest.title.nb, "nn": manifest.title.nn, "en": manifest.title.en},
        "version": manifest.version,
        "languages": list(languages),
        "approved": [one for one in languages if (code, one) not in left],
        "settled": list(manifest.settled),
    }


def _type_line(ctx: click.Context, body: dict[str, Any], language: str) -> str:
    title = body["title"].get(language) or body["title"]["nb"]
    missing = [one for one in body["languages"] if one not in body["approved"]]
    state = say(ctx, "templates_not_approved", languages=", ".join(missing)) if missing else ""
    languages = ", ".join(body["languages"])
    return f"{body['type']}  {title}  {body['version']}  ({languages})  {state}".rstrip()


def _check(group: click.Group) -> None:
    @click.argument("paths", metavar="[FILE…]", nargs=-1, type=FILE)
    def check(ctx: click.Context, paths: tuple[Path, ...]) -> int:
        """Look for faults in the Word files, with the place of each."""
        found = check_templates(read_here(ctx), paths)
        body = [_checked_body(ctx, one) for one in found]
        show(ctx, body, [line for one in found for line in _checked_lines(ctx, one)])
        return 0 if all(one.ok for one in found) else BAD_TEMPLATE

    command(group, "check")(check)


def _checked_body(ctx: click.Context, one: CheckedTemplate) -> dict[str, Any]:
    problems = [
        {
            "code": problem.code,
            "severity": problem.severity,
            "place": problem.place,
            "message": _sentence(ctx, problem),
            "suggestion": problem.suggestion,
        }
        for problem in one.problems
    ]
    fields = [_node_body(node) for node in one.fields]
    return {"file": one.file, "problems": problems, "fields": fields}


def _node_body(node: FieldNode) -> dict[str, Any]:
    children = [_node_body(child) for child in node.children]
    return {"name": node.name, "kind": node.kind, "fields": children}


def _sentence(ctx: click.Context, problem: TemplateProblem) -> str:
    return text(problem.code, choices(ctx).language, **problem.params)


def _checked_lines(ctx: click.Context, one: CheckedTemplate) -> Iterable[str]:
    if not one.problems:
        yield say(ctx, "templates_fine", file=one.file)
        return
    yield say(ctx, "templates_faults", file=one.file, count=len(one.problems))
    for problem in one.problems:
        mark = "!" if problem.severity == "error" else "·"
        where = f"{problem.place}: " if problem.place else ""
        yield f"  {mark} {where}{_sentence(ctx, problem)}"
        if problem.suggestion:
            yield "      " + say(ctx, "templates_write", suggestion=problem.suggestion)


def _fields(group: click.Group) -> None:
    @click.argument("type_code", metavar="TYPE")
    def fields(ctx: click.Context, type_code: str) -> None:
        """The fields of a document type, with tags to copy."""
        library = read_here(ctx).library
        manifest = library.manifest(type_code)
        found = paste_tags(manifest, library.case_manifest(), choices(ctx).language)
        show(ctx, [_field_body(one) for one in found], _field_lines(ctx, found))

    command(group, "fields")(fields)


def _field_body(one: FieldTags) -> dict[str, Any]:
    return {
        "key": one.key,
        "type": one.type,
        "label": one.label,
        "required": one.required,
        "repeated": one.repeated,
        "tags": list(one.tags),
    }


def _field_lines(ctx: click.Context, found: Iterable[FieldTags]) -> Iterable[str]:
    for one in found:
        demand = say(ctx, f"templates_required_{one.required}")
        yield f"{one.label} · {one.type} {demand}".rstrip()
        for tag in one.tags:
            yield f"    {tag}"


def _approve(group: click.Group) -> None:
    @click.argument("path", metavar="FILE", type=FILE)
    @click.option("--by", type=STAFF, required=True)
    def templates_approve(ctx: click.Context, path: Path, by: str) -> None:
        """Make a Word file with its manifest official."""
        pairs = approve(open_here(ctx), path, by)
        lines = [say(ctx, "templates_approved", pair=pair, by=by) for pair in pairs]
        show(ctx, {"approved": list(pairs), "by": by}, lines)

    command(group, "approve")(templates_approve)


def _diff(group: click.Group) -> None:
    @click.argument("old", type=FILE)
    @click.argument("new", type=FILE)
    def diff(ctx: click.Context, old: Path, new: Path) -> None:
        """What a new version of a template changes."""
        changes = template_changes(old, new)
        lines = [_change_line(ctx, change) for change in changes]
        show(ctx, [_change_body(c) for c in changes], lines or [say(ctx, "templates_same")])

    command(group, "diff")(diff)


def _change_body(change: Change) -> dict[str, Any]:
    return {
        "what": change.what,
        "how": change.how,
        "name": change.name,
        "old": change.old,
        "new": change.new,
    }


def _change_line(ctx: click.Context, change: Change) -> str:
    what = say(ctx, f"templates_what_{change.what}")
    if change.how == "changed":
        return f"~ {what} {change.name}: «{change.old}» → «{change.new}»"
    return f"{'+' if change.how == 'added' else '-'} {what} {change.name}"
