"""Looking back: log, outstanding, export, deposit, verify, checkpoint, reindex."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import click

from bti_docs.app.checking import checkpoint_file, note_verified, second_place, verify_folder
from bti_docs.app.depositing import deposit
from bti_docs.app.exporting import START, export
from bti_docs.app.listing import OutstandingLine, outstanding_lines
from bti_docs.app.relay import log_of, log_page
from bti_docs.app.writing import write_new
from bti_docs.archive import Finding, VerifyReport
from bti_docs.cli.log_text import log_lines
from bti_docs.cli.progress import bar
from bti_docs.cli.shell import (
    DAY,
    choices,
    command,
    office_folder,
    open_here,
    read_here,
    say,
    show,
)
from bti_docs.config import read_settings
from bti_docs.core.events import ChainId
from bti_docs.core.outstanding import as_json as outstanding_json
from bti_docs.core.references import Reference, show_reference
from bti_docs.core.relay_log import as_json as log_json
from bti_docs.errors import BtiError, IntegrityError
from bti_docs.messages import codes

BROKEN = IntegrityError.exit_code
FILE = click.Path(path_type=Path)


def register(group: click.Group) -> None:
    """Add the commands."""
    for add in (_log, _outstanding, _export, _deposit, _verify, _checkpoint, _reindex):
        add(group)


def _log(group: click.Group) -> None:
    @click.argument("chain", metavar="CASE")
    @click.option("--html", type=FILE)
    @click.option("--names", is_flag=True)
    def log(ctx: click.Context, chain: str, html: Path | None, *, names: bool) -> None:
        """The relay log of a case."""
        office = read_here(ctx)
        case = office.case(ChainId(chain))
        if html is not None:
            write_new(office, html, log_page(office, case))
        as_json = choices(ctx).as_json
        found = log_of(office, case, language=choices(ctx).language, names=names or not as_json)
        told = [say(ctx, "log_written", file=html)] if html else log_lines(ctx, found)
        show(ctx, log_json(found), told)

    command(group, "log")(log)


# --- outstanding ----------------------------------------------------------------------------


def _outstanding(group: click.Group) -> None:
    @click.option("--on", type=DAY)
    @click.option("--names", is_flag=True)
    def outstanding(ctx: click.Context, on: date | None, *, names: bool) -> None:
        """What was issued and has not ended, overdue first."""
        office = read_here(ctx)
        found = outstanding_lines(office, on or office.today)
        body = outstanding_json(line.what for line in found)
        if names:
            for one, line in zip(body, found, strict=True):
                one |= {"name": line.child, "waits_for_names": list(line.waits_for)}
        lines = [part for line in found for part in _outstanding_lines(ctx, line)]
        show(ctx, body, lines or [say(ctx, "outstanding_none")])

    command(group, "outstanding")(outstanding)


def _outstanding_lines(ctx: click.Context, line: OutstandingLine) -> Iterable[str]:
    what = line.what
    ref = show_reference(Reference(what.ref))
    yield f"{_due(ctx, line)}  {ref}  {line.title}  {what.case_id}  {line.child}".rstrip()
    waits = say(ctx, f"outstanding_{line.step}", people=", ".join(line.waits_for) or "–")
    holder = say(ctx, "outstanding_holder", holder=line.holder) if line.holder else ""
    yield "    " + " · ".join(part for part in (waits, holder) if part)


def _due(ctx: click.Context, line: OutstandingLine) -> str:
    what = line.what
    if what.days_overdue:
        return say(ctx, "outstanding_overdue", days=what.days_overdue)
    if what.due is None:
        return say(ctx, "outstanding_no_due")
    return say(ctx, "outstanding_due", day=what.due.strftime("%d.%m.%Y"))


# --- what leaves the office -----------------------------------------------------------------


def _export(group: click.Group) -> None:
    @click.argument("chain", metavar="CASE")
    @click.argument("target", metavar="DEST", type=FILE)
    @click.option("--for", "person", metavar="PERSON", required=True)
    @click.option("--since", type=DAY)
    @click.option("--paper", is_flag=True)
    def export_copy(ctx: click.Context, chain: str, person: str, **how: Any) -> None:  # noqa: ANN401
        """The copy of one named person."""
        office = open_here(ctx)
        made = export(office, office.case(ChainId(chain)), person, **how)
        body = {
            "case_id": made.case.chain,
            "person": made.person,
            "folder": made.folder,
            "files": list(made.files),
            "refs": list(made.refs),
            "held_back": made.held,
        }
        start = made.folder / (START if START in made.files else made.files[0])
        lines = [say(ctx, "export_done", count=len(made.refs), person=person)]
        lines += [say(ctx, "export_held", count=made.held)] if made.held else []
        show(ctx, body, [*lines, say(ctx, "export_open", file=start)])

    command(group, "export")(export_copy)


def _deposit(group: click.Group) -> None:
    @click.argument("chain", metavar="CASE")
    @click.argument("target", metavar="DEST", type=FILE)
    def deposit_case(ctx: click.Context, chain: str, target: Path) -> None:
        """What an archivist imports into the municipality's archive."""
        office = open_here(ctx)
        made = deposit(office, office.case(ChainId(chain)), target)
        body = {"case_id": made.case.chain, "folder": made.folder, "documents": made.documents}
        line = say(ctx, "deposit_done", count=made.documents, folder=made.folder)
        show(ctx, body, [line, say(ctx, "deposit_next")])

    command(group, "deposit")(deposit_case)


# --- integrity ------------------------------------------------------------------------------


def _verify(group: click.Group) -> None:
    @click.argument("chains", metavar="[CASE…]", nargs=-1)
    @click.option("--checkpoint", type=FILE)
    def verify(ctx: click.Context, chains: tuple[str, ...], checkpoint: Path | None) -> int:
        """Whether the archive is what it was."""
        root = office_folder(ctx)
        choices(ctx).language = read_settings(root).language
        with bar(say(ctx, "verify_progress"), quiet=choices(ctx).as_json) as progress:
            report = verify_folder(root, chains=chains, checkpoint=checkpoint, progress=progress)
        show(ctx, _report_body(ctx, report), _report_lines(ctx, report))
        if report.ok and not chains:
            _note_verified(ctx, report)
        return 0 if report.ok else BROKEN

    command(group, "verify")(verify)


def _note_verified(ctx: click.Context, report: VerifyReport) -> None:
    """Note it where it can be noted: the answer does not hang on it."""
    try:
        note_verified(open_here(ctx), report)
    except BtiError as error:
        why = say(ctx, error.code, **error.params)
        click.echo(say(ctx, "verify_not_noted", why=why), err=True)


def _report_body(ctx: click.Context, report: VerifyReport) -> dict[str, Any]:
    findings = [
        {
            "case_id": finding.chain,
            "kind": finding.kind,
            "path": finding.path,
            "code": finding.code,
            "note": finding.note,
            "message": _finding_text(ctx, finding),
        }
        for finding in report.findings
    ]
    return {
        "ok": report.ok,
        "cases": report.cases,
        "documents": report.documents,
        "bytes": report.bytes,
        "findings": findings,
    }


def _finding_text(ctx: click.Context, finding: Finding) -> str:
    own = f"finding_{finding.code}"
    code = own if own in codes(choices(ctx).language) else f"finding_{finding.kind}"
    return say(ctx, code, path=finding.path or "–")


def _report_lines(ctx: click.Context, report: VerifyReport) -> Iterable[str]:
    for finding in report.findings:
        mark = "·" if finding.note else "!"
        yield f"{mark} {finding.chain or ''} {_finding_text(ctx, finding)}"
    megabytes = round(report.bytes / 1_000_000, 1)
    yield say(ctx, "verify_sum", cases=report.cases, documents=report.documents,
              megabytes=megabytes)  # fmt: skip
    yield say(ctx, "verify_ok" if report.ok else "verify_broken")


def _checkpoint(group: click.Group) -> None:
    @click.argument("target", metavar="FILE", type=FILE)
    def checkpoint(ctx: click.Context, target: Path) -> None:
        """The heads of all chains, to keep in a second place."""
        office = open_here(ctx)
        data, chains = checkpoint_file(office)
        places = [target] + [path for path in (second_place(office),) if path]
        for path in places:
            write_new(office, path, data)
        lines = [say(ctx, "checkpoint_done", file=path, count=chains) for path in places]
        show(ctx, {"files": places, "chains": chains}, lines)

    command(group, "checkpoint")(checkpoint)


def _reindex(group: click.Group) -> None:
    def reindex(ctx: click.Context) -> None:
        """Throw the index away and build it again."""
        office = read_here(ctx)
        office.index.rebuild()
        office.refresh()
        count = len(office.archive.chains())
        show(ctx, {"chains": count}, [say(ctx, "reindex_done", count=count)])

    command(group, "reindex")(reindex)
