"""`tray`: what waits in Til avklaring for a person's decision."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import click

from bti_docs.app.office import Office
from bti_docs.app.taking import Filed, InTray
from bti_docs.app.taking.foreign import ForeignPaper, file_foreign, persons_case
from bti_docs.app.taking.signed import signed_item
from bti_docs.app.taking.signed_words import signed_body, signed_text
from bti_docs.app.taking.tray import dismiss, file_under_reference, tray_items, unanswered
from bti_docs.cli.confirm import demand_confirmation
from bti_docs.cli.shell import (
    DAY,
    REF,
    choices,
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
from bti_docs.messages import reason_text as sentence_of
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
    @click.option("--signed", multiple=True, metavar="CODE")
    @click.option("--unsigned", multiple=True, metavar="CODE")
    @click.option("--case", "chain")
    @click.option("--type", "type_code")
    @click.option("--date", "day", type=DAY)
    @click.option("--from", "sender")
    @click.option("--confirm", metavar="NN")
    @click.option("--why", required=True)
    def tray_file(ctx: click.Context, item: str, **said: Any) -> None:  # noqa: ANN401
        """File an item: a person has looked at it."""
        office = open_here(ctx)
        filed = _filed_by_person(ctx, office, item, said)
        lines = [*filed_lines(ctx, office, filed), *_unread_lines(ctx, filed)]
        show(ctx, {**filed_body(filed), "unread": list(filed.unread)}, lines)

    command(group, "file")(tray_file)


def _filed_by_person(
    ctx: click.Context, office: Office, item: str, said: Mapping[str, Any]
) -> Filed:
    ref, chain = said["ref"], said["chain"]
    rest = (said["type_code"], said["day"], said["sender"])
    signatures = (*said["signed"], *said["unsigned"])
    if (ref is None) == (chain is None) or (chain and (signatures or not all(rest))):
        raise UsageError("tray_file_needs")
    guess = next((one.guess_case for one in tray_items(office) if one.item == item), None)
    if chain is not None:
        demand_confirmation(ctx, persons_case(office, chain), guess, said["confirm"])
        return file_foreign(office, item, ForeignPaper(ChainId(chain), *rest), said["why"])
    case, _ = office.document(ref)
    demand_confirmation(ctx, case, guess, said["confirm"])
    signed = (*said["signed"], *_asked_about(ctx, office, item, said))
    return file_under_reference(
        office, item, ref, said["why"], signed=signed, unsigned=said["unsigned"]
    )


def _asked_about(
    ctx: click.Context, office: Office, item: str, said: Mapping[str, Any]
) -> Iterator[str]:
    """At a terminal: whom of those that nobody has answered for a person sees the name of."""
    if choices(ctx).as_json or not sys.stdin.isatty():
        return
    case, _ = office.document(said["ref"])
    for code in unanswered(office, item, said["ref"]):
        if code not in (*said["signed"], *said["unsigned"]):
            name = full_name(case.people.get(code, {})) or code
            if click.confirm(say(ctx, "tray_has_signed", signer=name), default=None, err=True):
                yield code


def filed_lines(ctx: click.Context, office: Office, filed: Filed) -> Iterator[str]:
    """What was filed, and whose signature is still missing, by name for people at the desk."""
    ref = show_reference(Reference(filed.ref))
    yield "✓ " + say(ctx, "inbox_filed", ref=ref, type=filed.type, case=filed.case_id)
    if filed.missing:
        people = office.case(ChainId(filed.case_id)).people
        names = [full_name(people.get(code, {})) or code for code in filed.missing]
        yield "    " + say(ctx, "filed_still_missing", people=", ".join(names))


def _unread_lines(ctx: click.Context, filed: Filed) -> Iterator[str]:
    if filed.unread:
        yield "    " + say(ctx, "filed_unread", fields=", ".join(filed.unread))


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
        "missing": list(filed.missing),
        "pages": filed.pages,
    }


def item_body(ctx: click.Context, office: Office, item: InTray) -> dict[str, Any]:
    """Other programs get people by their codes."""
    guess = {"ref": item.guess_ref, "case_id": item.guess_case} if item.guess_ref else None
    signed = signed_item(office, item.item)
    reasons = [
        {"code": reason.code, "message": reason_text(ctx, office, item, reason, names=False)}
        for reason in item.reasons
    ]
    return {
        "item": item.item,
        "file": item.file,
        "reasons": reasons,
        "guess": guess,
        "seen": list(item.seen),
        "digital_signatures": signed_body(signed) if signed else [],
    }


def reason_text(
    ctx: click.Context, office: Office, item: InTray, reason: Reason, *, names: bool
) -> str:
    """Why an item waits; a signer by name for people at the desk."""
    params = {"label": reason.params.get("field", reason.params.get("tag", "")), **reason.params}
    signer = str(params.get("signer", ""))
    if signer and names and item.guess_case:
        case = office.case_if_whole(ChainId(item.guess_case))
        params["signer"] = full_name(case.people.get(signer, {}) if case else {}) or signer
    return sentence_of(reason.code, choices(ctx).language, **params)


def item_lines(ctx: click.Context, office: Office, item: InTray) -> Iterator[str]:
    """An item with its reasons, as people read it."""
    yield f"? {item.item}  {item.file}"
    if item.guess_ref:
        ref = show_reference(Reference(item.guess_ref))
        yield "    " + say(ctx, "tray_guess", ref=ref, case=item.guess_case or "–")
    for reason in item.reasons:
        yield f"    {reason_text(ctx, office, item, reason, names=True)}"
    if signed := signed_item(office, item.item):
        yield from (f"    {line}" for line in signed_text(signed, choices(ctx).language))
