"""The relay log at a terminal: plain text that reads well at 80 columns and when piped."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

import click

from bti_docs.cli.shell import say
from bti_docs.core.relay_model import ConsentLine, DocumentLine, MeasureLine, RelayLog

WIDTH = 80


def log_lines(ctx: click.Context, log: RelayLog) -> Iterator[str]:
    """The whole log, what matters now first."""
    yield from _heading(ctx, log)
    sections = (
        (
            "log_page_outstanding",
            _documents(ctx, log.outstanding, now=True),
            "log_page_nothing_waits",
        ),
        ("log_page_consents", _consents(log), "log_page_no_consents"),
        ("log_page_other_consents", _answers(log.other_consents), ""),
        ("log_page_goals", _goals(ctx, log), "log_page_no_goals"),
        ("log_page_meetings", _wrapped(m.text for m in log.meetings), "log_page_no_meetings"),
        ("log_page_child_voice", _wrapped(s.text for s in log.child_voice), ""),
        ("log_page_decisions", _wrapped(s.text for s in log.decisions), ""),
        ("log_page_documents", _documents(ctx, log.documents, now=False), "log_page_no_documents"),
        ("log_page_timeline", _timeline(log), ""),
    )
    for title, lines, nothing in sections:
        found = list(lines)
        if found or nothing:
            yield ""
            yield say(ctx, title).upper()
            yield from found or [f"  {say(ctx, nothing)}"]


def _heading(ctx: click.Context, log: RelayLog) -> Iterator[str]:
    yield " · ".join(part for part in (log.case_id, log.child, log.level_text) if part)
    yield log.status_text
    yield from textwrap.wrap(log.log_text, WIDTH)
    baton = log.baton.text if log.baton else say(ctx, "log_page_no_baton")
    yield from textwrap.wrap(baton, WIDTH)
    if log.baton and log.baton.phone:
        yield f"  {log.baton.phone}"
    if log.offered:
        yield from textwrap.wrap(log.offered.text, WIDTH)


def _documents(ctx: click.Context, lines: Iterable[DocumentLine], *, now: bool) -> Iterator[str]:
    for line in lines:
        state = line.overdue_text if now and line.overdue_text else line.state_text
        parts = (line.shown_ref, line.title, line.recipient, line.day_text, state)
        yield from _one(" · ".join(part for part in parts if part))
        if now and line.missing_text:
            missing = say(ctx, "log_page_missing", people=line.missing_text)
            yield from _one(missing, indent="      ")


def _consents(log: RelayLog) -> Iterator[str]:
    yield from _wrapped(log.unread)
    yield from _answers(log.consents)


def _answers(lines: Iterable[ConsentLine]) -> Iterator[str]:
    for line in lines:
        yield from _one(line.text)
        yield from _limits(line)


def _limits(line: ConsentLine) -> Iterator[str]:
    for limit in line.limits:
        yield from _one(limit, indent="      ")


def _goals(ctx: click.Context, log: RelayLog) -> Iterator[str]:
    for goal in (*log.goals, *log.ended_goals):
        title = say(ctx, "log_page_goal", goal=goal.goal) if goal.goal else ""
        yield from _one(title or say(ctx, "log_page_no_goal"))
        for measure in goal.measures:
            yield from _measure(ctx, measure)


def _measure(ctx: click.Context, line: MeasureLine) -> Iterator[str]:
    yield from _one(f"– {line.measure}", indent="    ")
    due = f"{say(ctx, 'log_page_due')} {line.due_text}" if line.due_text else ""
    parts = (line.owner, due, line.status_text, line.evaluate_text)
    overdue = say(ctx, "log_page_overdue") if line.overdue else ""
    detail = " · ".join(part for part in (*parts, overdue) if part)
    yield from _one(detail, indent="      ")
    for text in (line.result, line.evaluation):
        yield from _one(text, indent="      ")


def _timeline(log: RelayLog) -> Iterator[str]:
    for entry in log.timeline:
        yield from _one(f"{entry.day.isoformat()}  {entry.whole}")


def _wrapped(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _one(text)


def _one(text: str, indent: str = "  ") -> Iterator[str]:
    yield from textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ")
