"""The official templates: list, check, fields, approve, diff."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click

from bti_docs.app.approvals import approve, unapproved
from bti_docs.app.office import Office
from bti_docs.app.template_check import CheckedTemplate, check_templates
from bti_docs.app.template_notes import Annotated, write_annotated
from bti_docs.app.template_problem import TemplateProblem
from bti_docs.app.template_trial import trial
from bti_docs.cli.shell import STAFF, choices, command, group_of, open_here, read_here, say, show
from bti_docs.cli.template_diff import add_diff
from bti_docs.cli.template_places import place_body, place_text
from bti_docs.core.templates import FieldTags, paste_tags
from bti_docs.errors import InputError
from bti_docs.merge import FieldNode

BAD_TEMPLATE = InputError.exit_code
FILE = click.Path(path_type=Path)
MARKS = {"error": "!", "warning": "·", "info": "i"}


def register(group: click.Group) -> None:
    """Add the commands."""
    templates = group_of(group, "templates")
    _list(templates)
    _check(templates)
    _fields(templates)
    _approve(templates)
    add_diff(templates)
    _trial(templates)


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
    @click.option("--annotate", "folder", metavar="DIR", type=FILE)
    def check(ctx: click.Context, paths: tuple[Path, ...], folder: Path | None) -> int:
        """Look for faults in the Word files, with the place of each."""
        office = read_here(ctx)
        found = check_templates(office, paths)
        copies: list[Annotated] = []
        if folder is not None:
            lines = partial(_note_lines, ctx)
            copies += write_annotated(office, found, folder, lines)
        by_file = {one.file: one for one in copies}
        body = [_checked_body(ctx, one, by_file.get(one.file)) for one in found]
        said = [line for one in found for line in _checked_lines(ctx, one)]
        show(ctx, body, [*said, *(_copy_line(ctx, one) for one in copies)])
        return 0 if all(one.ok for one in found) else BAD_TEMPLATE

    command(group, "check")(check)


def _note_lines(ctx: click.Context, problem: TemplateProblem) -> tuple[str, ...]:
    """What a Word comment says: the place where Word shows none, the fault, what to write."""
    at_place = problem.place is not None and problem.place.kind == "body"
    where = () if at_place else (place_text(problem.place, partial(say, ctx)),)
    write = _write_lines(ctx, problem)
    return (*where, _sentence(ctx, problem), *write)


def _copy_line(ctx: click.Context, one: Annotated) -> str:
    if one.copy is None:
        return say(ctx, "templates_unreadable", file=one.file)
    return say(ctx, "templates_annotated", file=one.copy)


def _checked_body(
    ctx: click.Context, one: CheckedTemplate, annotated: Annotated | None
) -> dict[str, Any]:
    problems = [
        {
            "code": problem.code,
            "severity": problem.severity,
            "place": place_text(problem.place, partial(say, ctx)),
            "where": place_body(problem.place),
            "message": _sentence(ctx, problem),
            "suggestion": problem.suggestion,
        }
        for problem in one.problems
    ]
    fields = [_node_body(node) for node in one.fields]
    body = {"file": one.file, "ok": one.ok, "problems": problems, "fields": fields}
    return body if annotated is None else {**body, "annotated": annotated.copy}


def _node_body(node: FieldNode) -> dict[str, Any]:
    children = [_node_body(child) for child in node.children]
    return {"name": node.name, "kind": node.kind, "fields": children}


def _sentence(ctx: click.Context, problem: TemplateProblem) -> str:
    params = dict(problem.params)
    if problem.code == "tpl_lost_style":
        params["style"] = say(ctx, f"look_{params['style']}")
    return say(ctx, problem.code, **params)


def _checked_lines(ctx: click.Context, one: CheckedTemplate) -> Iterable[str]:
    if not one.problems:
        yield say(ctx, "templates_fine", file=one.file)
        return
    yield say(ctx, "templates_faults", file=one.file, count=len(one.problems))
    for problem in one.problems:
        yield from _problem_lines(ctx, problem)


def _problem_lines(ctx: click.Context, problem: TemplateProblem) -> Iterator[str]:
    mark = MARKS.get(problem.severity, "·")
    yield f"  {mark} {place_text(problem.place, partial(say, ctx))}"
    yield f"      {_sentence(ctx, problem)}"
    yield from (f"      {line}" for line in _write_lines(ctx, problem))


def _write_lines(ctx: click.Context, problem: TemplateProblem) -> tuple[str, ...]:
    if not problem.suggestion:
        return ()
    return (say(ctx, "templates_write", suggestion=problem.suggestion),)


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
    def templates_approve(ctx: click.Context, path: Path, by: str) -> int:
        """Make a Word file with its manifest official."""
        try:
            pairs = approve(open_here(ctx), path, by)
        except InputError as error:
            if not any(isinstance(one, TemplateProblem) for one in error.problems):
                raise
            for line in _refusal_lines(ctx, error):
                click.echo(line, err=True)
            return error.exit_code
        lines = [say(ctx, "templates_approved", pair=pair, by=by) for pair in pairs]
        show(ctx, {"approved": list(pairs), "by": by}, lines)
        return 0

    command(group, "approve")(templates_approve)


def _refusal_lines(ctx: click.Context, error: InputError) -> Iterator[str]:
    """The refusal with every fault at its place, as `templates check` tells it."""
    yield say(ctx, error.code, **error.params)
    for problem in error.problems:
        if isinstance(problem, TemplateProblem):
            yield from _problem_lines(ctx, problem)
    yield say(ctx, "cli_error_code", code=error.code)


def _trial(group: click.Group) -> None:
    @click.argument("type_code", metavar="TYPE")
    @click.argument("out", metavar="OUT", type=FILE)
    @click.option("--lang", "language", type=click.Choice(["nb", "nn"]))
    @click.option("--input", "source", metavar="INPUT", type=FILE)
    def templates_trial(ctx: click.Context, type_code: str, out: Path, **asked: Any) -> None:  # noqa: ANN401
        """Make one document to look at, with UTKAST across it."""
        made = trial(read_here(ctx), type_code, out, **asked)
        body = {"type": made.type, "language": made.language, "file": made.file}
        lines = [say(ctx, "templates_tried", file=made.file)]
        show(ctx, {**body, "pages": made.pages or None}, lines)

    command(group, "trial")(templates_trial)
