"""Papers of a case: move out of the wrong one, journal numbers, lawful removal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import click

from bti_docs.app.cases import note_journal
from bti_docs.app.disposing import GROUNDS, dispose
from bti_docs.app.moving import CallBack, Moved, Target, move_document
from bti_docs.app.office import Office
from bti_docs.cli.confirm import confirm_case
from bti_docs.cli.shell import REF, STAFF, command, open_here, say, show
from bti_docs.core.events import ChainId
from bti_docs.core.references import Reference, parse_reference, show_reference


def register(case: click.Group) -> None:
    """Add the commands."""
    _move(case)
    _journal(case)
    _dispose(case)


def _move(group: click.Group) -> None:
    @click.argument("document", type=REF)
    @click.option("--to", required=True, metavar="REF|CASE")
    @click.option("--type", "type_code", default="INN")
    @click.option("--signed", multiple=True, metavar="CODE")
    @click.option("--why", required=True)
    def case_move(ctx: click.Context, document: Reference, to: str, **said: Any) -> None:  # noqa: ANN401
        """Take a paper out of the wrong child's case, into the right one."""
        office = open_here(ctx)
        target = replace(_target(office, to, said["type_code"]), signed=said["signed"])
        _confirm(ctx, office, document, target)
        moved = move_document(office, document, target, said["why"])
        show(ctx, _moved_body(moved), _moved_lines(ctx, moved))

    command(group, "move")(case_move)


def _target(office: Office, to: str, type_code: str) -> Target:
    """A case's number looks like a reference of nothing but digits: a case that is there wins."""
    ref = parse_reference(to)
    if ref is None or office.archive.exists(ChainId(to)):
        return Target(case=ChainId(to), type=type_code)
    return Target(ref=ref)


def _confirm(ctx: click.Context, office: Office, document: Reference, target: Target) -> None:
    wrong, _ = office.document(document)
    if target.ref is not None:
        right, _ = office.document(target.ref)
    else:
        right = office.case(target.case or wrong.chain)
    confirm_case(ctx, right, wrong.chain, sys.stdin.isatty())


def _moved_body(moved: Moved) -> dict[str, Any]:
    return {
        "ref": moved.ref,
        "from": moved.wrong,
        "to": moved.right,
        "new_ref": moved.new_ref,
        "filed_on": moved.filed_on,
        "removed": list(moved.removed),
        "call_back": [
            {"kind": c.kind, "day": c.day, "ref": c.ref, "recipient": c.recipient}
            for c in moved.call_back
        ],
    }


def _moved_lines(ctx: click.Context, moved: Moved) -> Iterable[str]:
    new = show_reference(Reference(moved.new_ref))
    yield say(ctx, "move_done", ref=show_reference(Reference(moved.ref)), wrong=moved.wrong,
              right=moved.right, new=new)  # fmt: skip
    yield say(ctx, "move_call_back" if moved.call_back else "move_nothing_made")
    yield from (f"  – {_call_back(ctx, item)}" for item in moved.call_back)
    day = moved.filed_on.strftime("%d.%m.%Y") if moved.filed_on else "–"
    yield say(ctx, "move_deviation", day=day, count=len(moved.removed))


def _call_back(ctx: click.Context, item: CallBack) -> str:
    day = item.day.strftime("%d.%m.%Y") if item.day else "–"
    ref = show_reference(Reference(item.ref)) if item.ref else ""
    return say(ctx, f"move_made_{item.kind}", day=day, who=item.recipient or "", ref=ref)


def _journal(group: click.Group) -> None:
    @click.argument("ref", type=REF)
    @click.argument("number")
    def case_journal(ctx: click.Context, ref: Reference, number: str) -> None:
        """Write the number that the municipality's archive gave a document."""
        case = note_journal(open_here(ctx), ref, number)
        line = say(ctx, "journal_done", ref=show_reference(ref), number=number)
        show(ctx, {"ref": ref, "case_id": case.chain, "number": number}, [line])

    command(group, "journal")(case_journal)


def _dispose(group: click.Group) -> None:
    @click.argument("chain", metavar="CASE")
    @click.option("--ref", "refs", multiple=True, type=REF)
    @click.option("--ground", type=click.Choice(GROUNDS), required=True)
    @click.option("--law", required=True)
    @click.option("--second", type=STAFF, required=True, metavar="CODE")
    @click.option("--why", required=True)
    def case_dispose(ctx: click.Context, chain: str, **act: Any) -> None:  # noqa: ANN401
        """Remove contents by law, two people answering for it."""
        office = open_here(ctx)
        gone = dispose(office, office.case(ChainId(chain)), **act)
        body = {"case_id": gone.case, "events": gone.events, "removed": list(gone.paths)}
        line = say(ctx, "dispose_done", case=gone.case, count=len(gone.paths))
        show(ctx, body, [line])

    command(group, "dispose")(case_dispose)
