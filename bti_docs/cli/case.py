"""The case: list, open, show. Its course, its papers and consent stand in files of their own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from bti_docs.app.input import read_case, row_sentences
from bti_docs.app.issuing import IssueResult, issue
from bti_docs.app.listing import CaseLine, case_lines
from bti_docs.cli import case_consent, case_course, case_papers, case_protection
from bti_docs.cli.shell import command, group_of, open_here, read_here, say, show
from bti_docs.core.events import ChainId
from bti_docs.core.model import Case
from bti_docs.core.naming import full_name
from bti_docs.core.references import Reference, show_reference
from bti_docs.errors import InputError, UsageError


def register(group: click.Group) -> None:
    """Add the commands."""
    case = group_of(group, "case")
    for add in (_list, _open, _show):
        add(case)
    case_course.register(case)
    case_consent.register(case)
    case_papers.register(case)
    case_protection.register(case)


# --- which there are ------------------------------------------------------------------------


def _list(group: click.Group) -> None:
    @click.option("--find", "wanted", default="")
    @click.option("--names", is_flag=True)
    def case_list(ctx: click.Context, wanted: str, *, names: bool) -> None:
        """The cases, with children's names for people."""
        found = case_lines(read_here(ctx), wanted)
        body = [_line_body(line, names=names) for line in found]
        show(ctx, body, [_line_text(line) for line in found] or [say(ctx, "case_none")])

    command(group, "list")(case_list)


def _line_body(line: CaseLine, *, names: bool) -> dict[str, Any]:
    body = {
        "case_id": line.case_id,
        "kind": line.kind,
        "status": line.status,
        "level": line.level,
        "unit": line.unit,
        "outstanding": line.outstanding,
    }
    return body | ({"name": line.child, "relay_holder": line.holder} if names else {})


def _line_text(line: CaseLine) -> str:
    parts = (line.child, line.level_text, line.holder, line.status_text, line.outstanding_text)
    return f"{line.case_id}  " + " · ".join(part for part in parts if part)


def _show(group: click.Group) -> None:
    @click.argument("chain", metavar="CASE")
    @click.option("--names", is_flag=True)
    def case_show(ctx: click.Context, chain: str, *, names: bool) -> None:
        """The people of a case by their codes, and its documents."""
        case = read_here(ctx).case(ChainId(chain))
        show(ctx, _case_body(case, names=names), _case_text(ctx, case))

    command(group, "show")(case_show)


def _case_body(case: Case, *, names: bool) -> dict[str, Any]:
    people = {
        code: full_name(body) if names else body.get("tilknytning", "")
        for code, body in case.people.items()
    }
    documents = [
        {"ref": d.ref, "type": d.type, "recipient": d.recipient, "over": d.over, "set": d.set}
        for d in case.documents
    ]
    return {
        "case_id": case.chain,
        "kind": case.kind,
        "status": "open" if case.open else "closed",
        "level": case.level,
        "language": case.language,
        "log": case.log,
        "people": people,
        "documents": documents,
        "head": {"count": case.head.count, "hash": case.head.hash},
    }


def _case_text(ctx: click.Context, case: Case) -> Iterable[str]:
    yield say(ctx, "case_people", case=case.chain)
    for code, body in case.people.items():
        yield f"  {code:5} {full_name(body)}"
    yield say(ctx, "case_documents")
    for document in case.documents:
        state = say(ctx, "case_over" if document.over else "case_waits")
        recipient = document.recipient or ""
        ref = show_reference(Reference(document.ref))
        yield f"  {ref}  {document.type}  {recipient:5} {state}"


# --- opening --------------------------------------------------------------------------------


def _open(group: click.Group) -> None:
    @click.option("--json-file", type=click.Path(path_type=Path))
    @click.option("--first")
    @click.option("--last")
    @click.option("--born")
    @click.option("--language", type=click.Choice(["nb", "nn"]))
    @click.option("--unit")
    @click.option("--level")
    def case_open(ctx: click.Context, json_file: Path | None, **said: str | None) -> int:
        """Open one case; many are opened with a workbook."""
        office = open_here(ctx)
        result = issue(office, read_case(office, _entry(json_file, said)))
        sentences = row_sentences(office, result.problems)
        opened = next(iter(result.opened), None)
        body = {"case_id": opened, "problems": _problems(result, sentences)}
        show(ctx, body, _opened_text(ctx, result, sentences))
        return InputError.exit_code if result.errors else 0

    command(group, "open")(case_open)


def _entry(json_file: Path | None, said: Mapping[str, str | None]) -> Mapping[str, Any]:
    """The contract's entry of «saker», from a file or from the options."""
    if json_file is not None:
        return _read_entry(json_file)
    if not (said["first"] and said["last"]):
        raise UsageError("case_open_needs")
    child = {"fornavn": said["first"], "etternavn": said["last"], "foedselsdato": said["born"]}
    more = {"maalform": said["language"], "enhet": said["unit"], "nivaa": said["level"]}
    kept = {key: value for key, value in more.items() if value}
    return {"barn": {key: value for key, value in child.items() if value}, **kept}


def _read_entry(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError("input_missing", file=path.name) from error
    except ValueError as error:
        raise InputError("case_file_unreadable", file=path.name) from error
    if not isinstance(found, dict):
        raise InputError("case_file_unreadable", file=path.name)
    return found


def _problems(result: IssueResult, sentences: Iterable[str]) -> list[dict[str, Any]]:
    return [
        {
            "code": problem.code,
            "field": problem.place.field,
            "severity": problem.severity,
            "message": sentence,
        }
        for problem, sentence in zip(result.problems, sentences, strict=True)
    ]


def _opened_text(
    ctx: click.Context, result: IssueResult, sentences: Iterable[str]
) -> Iterable[str]:
    for problem, sentence in zip(result.problems, sentences, strict=True):
        yield f"{'!' if problem.severity == 'error' else '·'} {sentence}"
    for chain in result.opened:
        yield say(ctx, "case_opened", case=chain)
    if not result.opened and not result.errors:
        yield say(ctx, "case_known")
