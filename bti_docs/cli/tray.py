"""`tray`: what waits in Til avklaring for a person's decision."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import click

from bti_docs.app.office import Office
from bti_docs.app.taking import Filed, InTray
from bti_docs.app.taking.tray import (
    ForeignPaper,
    dismiss,
    file_foreign,
    file_under_reference,
    tray_items,
)
from bti_docs.cli.confirm import confirm_case
from bti_docs.cli.shell import (
    DAY,
    REF,
    command,
    global_options,
    open_here,
    read_here,
    say,
    show,
)
from bti_docs.core.events import ChainId
from bti_docs.core.filing import Reason
from bti_docs.core.naming import full_name
from bti_docs.core.references import Reference, show_reference
from bti_docs.errors import UsageError
from bti_docs.messages import text


def register(group: click.Group) -> None:
    """Add the commands."""

    @group.group("tray", invoke_without_command=True, help=text("help_tray", "nb"))
    @global_options
    @click.pass_context
    def tray(ctx: click.Context) -> None:
        """Til avklaring."""
        if ctx.invoked_subcommand is None:
            office = read_here(ctx)
            items = list(tray_items(office))
            lines = [line for item in items for line in item_lines(ctx, office, item)]
            body = [item_body(ctx, office, item) for item in items]
            show(ctx, body, lines or [say(ctx, "tray_empty")])

    _tray_file(tray)
    _tray_dismiss(tray)


def _tray_file(group: click.Group) -> None:
    @click.argument("item")
    @click.option("--ref", type=REF)
    @click.option("--case", "chain")
    @click.option("--type", "type_code")
    @click.option("--date", "day", type=DAY)
    @click.option("--from", "sender")
    @click.option("--why", required=True)
    def tray_file(ctx: click.Context, item: str, **said: Any) -> None:  # noqa: ANN401
        """File an item: a person has looked at it."""
        office = open_here(ctx)
        filed = _filed_by_person(ctx, office, item, said)
        ref = show_reference(Reference(filed.ref))
        line = say(ctx, "inbox_filed", ref=ref, type=filed.type, case=filed.case_id)
        show(ctx, filed_body(filed), [line])

    command(group, "file")(tray_file)


def _filed_by_person(
    ctx: click.Context, office: Office, item: str, said: Mapping[str, Any]
) -> Filed:
    ref, chain, why = said["ref"], said["chain"], said["why"]
    guess = next((one.guess_case for one in tray_items(office) if one.item == item), None)
    if ref is not None and chain is None:
        case, _ = office.document(ref)
        confirm_case(ctx, case, guess, sys.stdin.isatty())
        return file_under_reference(office, item, ref, why)
    rest = (said["type_code"], said["day"], said["sender"])
    if chain is None or ref is not None or not all(rest):
        raise UsageError("tray_file_needs")
    confirm_case(ctx, office.case(ChainId(chain)), guess, sys.stdin.isatty())
    return file_foreign(office, item, ForeignPaper(ChainId(chain), *rest), why)


def _tray_dismiss(group: click.Group) -> None:
    @click.argument("item")
    @click.option("--why", required=True)
    def tray_dismiss(ctx: click.Context, item: str, why: str) -> None:
        """Say that an item is not ours."""
        name = dismiss(open_here(ctx), item, why)
        show(ctx, {"item": item, "file": name}, [say(ctx, "tray_dismissed", file=name)])

    command(group, "dismiss")(tray_dismiss)


def filed_body(filed: Filed) -> dict[str, Any]:
    """What was filed, as other programs read it."""
    return {
        "ref": filed.ref,
        "case_id": filed.case_id,
        "type": filed.type,
        "document": filed.document,
        "signed": filed.signed,
        "signatures": [{"signer": code, "seen": seen} for code, seen in filed.signatures],
        "pages": filed.pages,
    }


def item_body(ctx: click.Context, office: Office, item: InTray) -> dict[str, Any]:
    """Other programs get people by their codes."""
    guess = {"ref": item.guess_ref, "case_id": item.guess_case} if item.guess_ref else None
    reasons = [
        {"code": reason.code, "message": reason_text(ctx, office, item, reason, names=False)}
        for reason in item.reasons
    ]
    return {"item": item.item, "file": item.file, "reasons": reasons, "guess": guess}


def reason_text(
    ctx: click.Context, office: Office, item: InTray, reason: Reason, *, names: bool
) -> str:
    """Why an item waits; a signer by name for people at the desk."""
    params = dict(reason.params)
    signer = str(params.get("signer", ""))
    if signer and names and item.guess_case:
        people = office.case(ChainId(item.guess_case)).people
        params["signer"] = full_name(people.get(signer, {})) or signer
    return say(ctx, reason.code, **params)


def item_lines(ctx: click.Context, office: Office, item: InTray) -> Iterator[str]:
    """An item with its reasons, as people read it."""
    yield f"? {item.item}  {item.file}"
    if item.guess_ref:
        ref = show_reference(Reference(item.guess_ref))
        yield "    " + say(ctx, "tray_guess", ref=ref, case=item.guess_case or "–")
    for reason in item.reasons:
        yield f"    {reason_text(ctx, office, item, reason, names=True)}"
