"""What comes back: inbox, scan, tray."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from bti_docs.app.office import Office
from bti_docs.app.opening import open_office
from bti_docs.app.reading import FileRead, PageRead, look_at
from bti_docs.app.sweeping import Sweep, Waiting, sweep_once
from bti_docs.app.taking.signed_words import signed_body, signed_text
from bti_docs.cli import tray
from bti_docs.cli.shell import (
    choices,
    command,
    error_lines,
    open_here,
    read_here,
    say,
    show,
)
from bti_docs.core.references import Reference, show_reference
from bti_docs.errors import BtiError, IntegrityError
from bti_docs.watch import watch


def register(group: click.Group) -> None:
    """Add the commands."""
    _inbox(group)
    _scan(group)
    tray.register(group)


# --- inbox ----------------------------------------------------------------------------------


def _inbox(group: click.Group) -> None:
    @click.option("--once", is_flag=True)
    def inbox(ctx: click.Context, *, once: bool) -> int:
        """Take in what lies in the inbox, or watch it."""
        office = open_here(ctx)
        if once:
            sweep = sweep_once(office)
            show(ctx, _sweep_body(ctx, office, sweep), _sweep_lines(ctx, office, sweep))
            return IntegrityError.exit_code if sweep.broken else 0
        click.echo(say(ctx, "inbox_watching", folder=office.settings.inbox), err=True)
        _watch(ctx, office)
        return 0

    command(group, "inbox")(inbox)


def _watch(ctx: click.Context, office: Office) -> None:
    root, actor, today = office.settings.root, office.actor, choices(ctx).today

    def reopened() -> Office:
        return open_office(root, actor=actor, today=today)

    def told(news: Sweep | BtiError) -> None:
        if isinstance(news, BtiError):
            for line in error_lines(news, choices(ctx).language):
                click.echo(line, err=True)
            return
        office.refresh()
        show(ctx, _sweep_body(ctx, office, news), _sweep_lines(ctx, office, news))

    watch(reopened, told, stop=threading.Event())


def _sweep_body(ctx: click.Context, office: Office, sweep: Sweep) -> dict[str, Any]:
    taken = sweep.taken
    return {
        "filed": [tray.filed_body(filed) for filed in taken.filed],
        "tray": [tray.item_body(ctx, office, item) for item in taken.tray],
        "duplicates": list(taken.duplicates),
        "waiting": [_waiting_body(ctx, waiting) for waiting in sweep.waiting],
    }


def _waiting_body(ctx: click.Context, waiting: Waiting) -> dict[str, Any]:
    return {
        "file": waiting.file,
        "reason": waiting.reason,
        "seconds": waiting.seconds,
        "message": _waiting_text(ctx, waiting),
    }


def _waiting_text(ctx: click.Context, waiting: Waiting) -> str:
    error = waiting.error
    if error is None:
        return say(ctx, waiting.reason)
    return say(ctx, "waits_error", why=say(ctx, error.code, **error.params))


def _sweep_lines(ctx: click.Context, office: Office, sweep: Sweep) -> Iterable[str]:
    taken = sweep.taken
    for filed in taken.filed:
        yield from tray.filed_lines(ctx, office, filed)
    for item in taken.tray:
        yield from tray.item_lines(ctx, office, item)
    for duplicate in taken.duplicates:
        yield "· " + say(ctx, "inbox_duplicate", what=duplicate)
    for waiting in sweep.waiting:
        body = _waiting_body(ctx, waiting)
        yield "… " + say(ctx, "inbox_waits", file=waiting.file, why=body["message"])
    if sweep.empty and not sweep.waiting:
        yield say(ctx, "inbox_empty")
        return
    yield say(ctx, "inbox_sum", filed=len(taken.filed), tray=len(taken.tray),
              waiting=len(sweep.waiting))  # fmt: skip


# --- scan -----------------------------------------------------------------------------------


def _scan(group: click.Group) -> None:
    @click.argument("paths", metavar="FILE…", nargs=-1, required=True,
                    type=click.Path(path_type=Path))  # fmt: skip
    def scan(ctx: click.Context, paths: tuple[Path, ...]) -> None:
        """Read scans and Word files without changing anything."""
        office = read_here(ctx)
        found = [look_at(office, path) for path in paths]
        show(ctx, [_read_body(ctx, one) for one in found], _read_lines(ctx, found))

    command(group, "scan")(scan)


def _read_body(ctx: click.Context, one: FileRead) -> dict[str, Any]:
    return {
        "file": one.file,
        "sha256": one.reading.sha256,
        "kind": one.reading.kind,
        "ref": one.ref,
        "pages": [_page_body(page) for page in one.pages],
        "digital_signatures": signed_body(one.signed) if one.signed else [],
        "problems": [{"code": code, "message": say(ctx, code)} for code in one.reading.problems],
    }


def _page_body(page: PageRead) -> dict[str, Any]:
    reading = page.reading
    codes = dict.fromkeys(
        (seen.code.reference, seen.code.page, seen.code.pages) for seen in reading.codes
    )
    return {
        "page": reading.number,
        "codes": [{"ref": ref, "page": number, "pages": of} for ref, number, of in codes],
        "rotation": reading.rotation,
        "blank": reading.blank,
        "signatures": [
            {"field": ink.field, "seen": ink.seen, "score": ink.score} for ink in page.signatures
        ],
    }


def _read_lines(ctx: click.Context, found: Iterable[FileRead]) -> Iterable[str]:
    for one in found:
        yield f"{one.file} · {one.reading.kind}"
        for code in one.reading.problems:
            yield f"  ! {say(ctx, code)}"
        if one.ref:
            yield "  " + say(ctx, "scan_word", ref=one.ref)
        for page in one.pages:
            yield "  " + _page_line(ctx, page)
        if one.signed:
            yield from (f"  {line}" for line in signed_text(one.signed, choices(ctx).language))


def _page_line(ctx: click.Context, page: PageRead) -> str:
    body = _page_body(page)
    codes = [
        f"{show_reference(Reference(c['ref']))} {c['page']}/{c['pages']}" for c in body["codes"]
    ]
    state = "scan_blank" if body["blank"] else "scan_no_code"
    shown = ", ".join(codes) or say(ctx, state)
    inks = [f"{ink.field} {_ink_mark(ink.seen)}" for ink in page.signatures]
    return " · ".join([say(ctx, "scan_page", page=body["page"]), shown, *inks])


def _ink_mark(seen: bool | None) -> str:  # noqa: FBT001  (an answer with a third value)
    return {True: "✓", False: "✗", None: "?"}[seen]
