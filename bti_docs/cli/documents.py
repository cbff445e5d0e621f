"""Workbook in, documents out: workbook, issue, print, sent, settle, approve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from bti_docs.app.input import marked_copy, read_batch, row_sentences, workbook_bytes
from bti_docs.app.issuing import IssueResult, issue
from bti_docs.app.outgoing import mark_sent, print_heap
from bti_docs.app.settling import (
    HOW,
    Answer,
    Settled,
    approve_document,
    is_consent,
    read_paper,
    settle,
)
from bti_docs.app.writing import write_new
from bti_docs.cli.people import people_text
from bti_docs.cli.progress import bar
from bti_docs.cli.shell import DAY, REF, STAFF, choices, command, open_here, say, show
from bti_docs.core.references import Reference, show_reference
from bti_docs.errors import InputError, UsageError

SENT_HOW = ("post", "ranselpost", "digital", "handed-over")
BAD_INPUT = InputError.exit_code
_MOST_CASES: Final = 10
"""So many are named, each by its number."""


def register(group: click.Group) -> None:
    """Add the commands."""
    _workbook(group)
    _issue(group)
    _print(group)
    _sent(group)
    _settle(group)
    _approve(group)
    _read(group)


def _workbook(group: click.Group) -> None:
    @click.argument("out", type=click.Path(path_type=Path))
    @click.option("--type", "types", multiple=True)
    @click.option("--language", type=click.Choice(["nb", "nn"]))
    @click.option("--cases", multiple=True)
    @click.option("--unit")
    @click.option("--all-open", is_flag=True)
    @click.option("--example", is_flag=True)
    def workbook(ctx: click.Context, out: Path, **asked: Any) -> None:  # noqa: ANN401
        """Write an empty, pre-filled or example workbook."""
        office = open_here(ctx)
        write_new(office, out, workbook_bytes(office, **asked))
        show(ctx, {"workbook": out}, [say(ctx, "workbook_written", file=out)])

    command(group, "workbook")(workbook)


def _issue(group: click.Group) -> None:
    @click.argument("source", metavar="INPUT", type=click.Path(path_type=Path))
    @click.option("--check-only", is_flag=True)
    @click.option("--case", "only")
    @click.option("--type", "type_code")
    @click.option("--replace", "replace_changed", is_flag=True)
    @click.option("--skip-invalid", is_flag=True)
    @click.option("--no-pdf", is_flag=True)
    def issue_input(
        ctx: click.Context,
        source: Path,
        type_code: str | None,
        *,
        no_pdf: bool,
        **asked: Any,  # noqa: ANN401
    ) -> int:
        """Check a batch and make its documents."""
        office = open_here(ctx)
        raw = read_batch(office, source, type_code)
        with bar(say(ctx, "issue_progress"), quiet=choices(ctx).as_json) as progress:
            result = issue(office, raw, pdf=not no_pdf, progress=progress, **asked)
        sentences = row_sentences(office, result.problems)
        copy = marked_copy(office, source, result.problems)
        lines = _issue_lines(ctx, result, sentences, copy, check_only=asked["check_only"])
        show(ctx, _issue_json(result, sentences), lines)
        return BAD_INPUT if result.errors else 0

    command(group, "issue")(issue_input)


def _issue_json(result: IssueResult, sentences: Iterable[str]) -> dict[str, Any]:
    problems = [
        {
            "code": problem.code,
            "sheet": problem.place.sheet,
            "cell": problem.place.cell,
            "row": problem.place.row,
            "field": problem.place.field,
            "message": sentence,
            "severity": problem.severity,
        }
        for problem, sentence in zip(result.problems, sentences, strict=True)
    ]
    issued = [
        {
            "ref": made.ref,
            "case_id": made.case_id,
            "type": made.type,
            "language": made.language,
            "recipient": made.recipient,
            "set": made.set,
            "docx": made.docx,
            "pdf": made.pdf,
            "pages": made.pages,
            "due": made.due,
        }
        for made in result.issued
    ]
    return {
        "batch": result.batch or None,
        "heap": result.heap,
        "issued": issued,
        "problems": [p for p in problems if p["severity"] == "error"],
        "warnings": [p for p in problems if p["severity"] != "error"],
        "skipped": result.skipped,
        "opened": list(result.opened),
        "changed": list(result.changed),
        "heaps": list(result.heaps),
    }


def _issue_lines(
    ctx: click.Context,
    result: IssueResult,
    sentences: Iterable[str],
    copy: Path | None,
    *,
    check_only: bool,
) -> Iterable[str]:
    for problem, sentence in zip(result.problems, sentences, strict=True):
        place = problem.place
        where = " ".join(str(part) for part in (place.sheet, place.cell or place.row) if part)
        mark = "!" if problem.severity == "error" else "·"
        yield f"{mark} {where}: {sentence}" if where else f"{mark} {sentence}"
    if copy:
        yield say(ctx, "issue_marked_copy", file=copy)
    if result.skipped:
        yield say(ctx, "issue_skipped", count=result.skipped)
    done = result.issued or result.opened or result.changed
    if result.errors and not done:
        yield say(ctx, "issue_nothing_made", count=len(result.errors))
        return
    if check_only:
        yield say(ctx, "issue_check_passed")
        return
    yield from _done_lines(ctx, result)


def _done_lines(ctx: click.Context, result: IssueResult) -> Iterable[str]:
    """What came of it: cases by their numbers, letters, and the heaps to print."""
    for code, chains in (("issue_opened", result.opened), ("issue_changed", result.changed)):
        if chains:
            yield say(ctx, code, count=len(chains), cases=_named(chains))
    if result.issued:
        yield say(ctx, "issue_made", count=len(result.issued), batch=result.batch)
    elif not (result.opened or result.changed or result.skipped):
        yield say(ctx, "issue_nothing_new")
    for heap in result.heaps:
        yield say(ctx, "issue_heap", file=heap)
    for word in [made.docx for made in result.issued if made.pdf is None][:1]:
        yield say(ctx, "issue_without_pdf", folder=Path(word).parent)


def _named(chains: Sequence[str]) -> str:
    """The cases by number; of many the first and the last."""
    return ", ".join(chains) if len(chains) <= _MOST_CASES else f"{chains[0]} … {chains[-1]}"


def _print(group: click.Group) -> None:
    @click.argument("refs", nargs=-1, type=REF)
    @click.option("--batch")
    @click.option("--heap", type=click.Path(path_type=Path), required=True)
    @click.option("--reminder", is_flag=True)
    def print_refs(
        ctx: click.Context,
        refs: tuple[Reference, ...],
        batch: str | None,
        heap: Path,
        *,
        reminder: bool,
    ) -> None:
        """Put documents in one heap to print again."""
        office = open_here(ctx)
        wanted = refs or office.index.refs_of_batch(batch or "")
        _need_refs(wanted)
        count = print_heap(office, wanted, heap, reminder=reminder)
        show(ctx, {"heap": heap, "count": count}, [say(ctx, "print_done", count=count, file=heap)])

    command(group, "print")(print_refs)


def _need_refs(refs: tuple[str, ...]) -> None:
    if not refs:
        raise UsageError("refs_or_batch_needed")


def _sent(group: click.Group) -> None:
    @click.argument("refs", nargs=-1, type=REF)
    @click.option("--batch")
    @click.option("--how", type=click.Choice(SENT_HOW), required=True)
    @click.option("--on", type=DAY)
    def sent(
        ctx: click.Context,
        refs: tuple[Reference, ...],
        batch: str | None,
        how: str,
        on: date | None,
    ) -> None:
        """Write that documents went out."""
        office = open_here(ctx)
        wanted = refs or office.index.refs_of_batch(batch or "")
        _need_refs(wanted)
        found = mark_sent(office, wanted, how, on or office.today)
        lines = [say(ctx, "sent_done", count=len(found.now))]
        lines += [say(ctx, "sent_before", count=len(found.before))] if found.before else []
        left = len(found.unfinished)
        lines += [say(ctx, "sent_unfinished", count=left)] if left else []
        body = {"sent": found.now, "before": len(found.before), "unfinished": found.unfinished}
        show(ctx, body, lines)

    command(group, "sent")(sent)


def _settle(group: click.Group) -> None:
    @click.argument("ref", type=REF)
    @click.option("--how", type=click.Choice(HOW), required=True)
    @click.option("--why", required=True)
    @click.option("--by", multiple=True, metavar="PERSON")
    @click.option("--on", type=DAY)
    @click.option("--service", "services", multiple=True, metavar="SERVICE")
    @click.option("--without", multiple=True, metavar="SERVICE")
    def settle_ref(ctx: click.Context, ref: Reference, on: date | None, **said: Any) -> None:  # noqa: ANN401
        """End what will not come back on paper."""
        office = open_here(ctx)
        settled = settle(office, ref, Answer(on=on or office.today, **said))
        body = {"ref": ref, "case_id": settled.case.chain, "how": said["how"],
                "settled": settled.over, "consent": settled.consent or None,
                "missing": settled.missing}  # fmt: skip
        show(ctx, body, _settle_lines(ctx, settled, ref, said["how"]))

    command(group, "settle")(settle_ref)


def _settle_lines(ctx: click.Context, settled: Settled, ref: Reference, how: str) -> Iterable[str]:
    case, shown = settled.case, show_reference(ref)
    document = case.document(ref)
    if not settled.over and document is not None:
        left = people_text(case, document.missing_signers)
        code = "settle_waits" if left else "settle_waits_reading"
        yield say(ctx, code, ref=shown, people=left)
        return
    yield say(ctx, "settle_done", ref=shown, case=case.chain)
    if settled.missing:
        yield say(ctx, "consent_waits_answer", people=people_text(case, settled.missing))
    answered = how in {"oral", "partly", "refused", "other-channel"}
    if document is not None and is_consent(document) and answered and not settled.consent:
        outcome = "refused" if how == "refused" else "given"
        by = " ".join(f"--by {code}" for code in document.signers) or "--by …"
        yield say(ctx, "settle_no_consent", case=case.chain, outcome=outcome, by=by)


def _approve(group: click.Group) -> None:
    @click.argument("ref", type=REF)
    @click.option("--by", type=STAFF, required=True)
    @click.option("--why", default="")
    def approve(ctx: click.Context, ref: Reference, by: str, why: str) -> None:
        """Write that the one who answers for a document has approved it."""
        office = open_here(ctx)
        case = approve_document(office, ref, by, why)
        line = say(ctx, "approve_done", ref=show_reference(ref))
        show(ctx, {"ref": ref, "case_id": case.chain}, [line])

    command(group, "approve")(approve)


def _read(group: click.Group) -> None:
    @click.argument("ref", type=REF)
    @click.option("--why", default="")
    def read(ctx: click.Context, ref: Reference, why: str) -> None:
        """Write that a person has read what was written by hand."""
        office = open_here(ctx)
        case = read_paper(office, ref, why=why)
        line = say(ctx, "read_done", ref=show_reference(ref))
        show(ctx, {"ref": ref, "case_id": case.chain}, [line])

    command(group, "read")(read)
