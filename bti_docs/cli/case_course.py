"""A case's course: level, handover, close, reopen, and who may know."""

from __future__ import annotations

from typing import Any, Final

import click

from bti_docs.app import cases
from bti_docs.cli.shell import REF, STAFF, command, open_here, say, show
from bti_docs.core.events import ChainId
from bti_docs.core.model import Case
from bti_docs.core.records import Person
from bti_docs.core.references import Reference, show_reference
from bti_docs.errors import UsageError

PRINTABLE: Final = ("school", "unit", "place", "recipients", "other_parent")
AUDIENCES: Final = ("family", "recipient", "youth", "review", "nobody")


def register(case: click.Group) -> None:
    """Add the commands."""
    for add in (_level, _handover, _close, _reopen, _log, _audience, _copy, _allow):
        add(case)


def _level(group: click.Group) -> None:
    @click.argument("chain", metavar="CASE")
    @click.argument("level")
    @click.option("--why", required=True)
    def case_level(ctx: click.Context, chain: str, level: str, why: str) -> None:
        """Move a case to another level."""
        office = open_here(ctx)
        case = cases.set_level(office, office.case(ChainId(chain)), level, why)
        _done(ctx, case, "case_level_set", level=case.level)

    command(group, "level")(case_level)


def _handover(group: click.Group) -> None:
    @click.argument("chain", metavar="CASE")
    @click.option("--to", "name")
    @click.option("--title", default="")
    @click.option("--service", default="")
    @click.option("--phone", default="")
    @click.option("--email", default="")
    @click.option("--accept", is_flag=True)
    @click.option("--why", required=True)
    def case_handover(
        ctx: click.Context, chain: str, name: str | None, why: str, *, accept: bool, **who: str
    ) -> None:
        """Offer the baton, or take it."""
        office = open_here(ctx)
        if not (name or "").strip() and (name is not None or not accept):
            raise UsageError("handover_needs")
        holder = Person.model_validate({"name": name, **who}) if name else None
        case = office.case(ChainId(chain))
        case = cases.hand_over(office, case, holder, accept=accept, why=why)
        _done(ctx, case, "case_baton_taken" if accept else "case_baton_offered")

    command(group, "handover")(case_handover)


def _close(group: click.Group) -> None:
    @click.argument("chain", metavar="CASE")
    @click.option("--why", required=True)
    @click.option("--settle-why")
    def case_close(ctx: click.Context, chain: str, why: str, settle_why: str | None) -> None:
        """Close a case; what is outstanding ends with a reason."""
        office = open_here(ctx)
        case = office.case(ChainId(chain))
        left = [document.ref for document in cases.waiting(case)]
        if left and settle_why is None:
            for ref in left:
                click.echo(f"  {show_reference(Reference(ref))}", err=True)
        case = cases.close_case(office, case, why, settle_why)
        _done(ctx, case, "case_closed", settled=left)

    command(group, "close")(case_close)


def _reopen(group: click.Group) -> None:
    @click.argument("chain", metavar="CASE")
    @click.option("--why", required=True)
    def case_reopen(ctx: click.Context, chain: str, why: str) -> None:
        """Work goes on after all."""
        office = open_here(ctx)
        case = cases.reopen_case(office, office.case(ChainId(chain)), why)
        _done(ctx, case, "case_reopened")

    command(group, "reopen")(case_reopen)


# --- who may know ---------------------------------------------------------------------------


def _log(group: click.Group) -> None:
    @click.argument("chain", metavar="CASE")
    @click.argument("log", type=click.Choice(["shared", "own"]))
    @click.option("--why", required=True)
    def case_log(ctx: click.Context, chain: str, log: str, why: str) -> None:
        """Whether the family has said yes to a shared log."""
        office = open_here(ctx)
        case = cases.set_log(office, office.case(ChainId(chain)), log, why)
        _done(ctx, case, f"case_log_{log}")

    command(group, "log")(case_log)


def _audience(group: click.Group) -> None:
    @click.argument("ref", type=REF)
    @click.argument("who", type=click.Choice(AUDIENCES))
    @click.option("--person")
    @click.option("--silent", is_flag=True)
    @click.option("--reason", default="")
    @click.option("--ground", default="")
    @click.option("--why", required=True)
    def case_audience(
        ctx: click.Context,
        ref: Reference,
        who: str,
        why: str,
        *,
        silent: bool,
        **more: str | None,
    ) -> None:
        """Decide who may have a document."""
        office = open_here(ctx)
        case, _ = office.document(ref)
        decision = {"ref": ref, "audience": who, "told": not silent}
        decision |= {key: value for key, value in more.items() if value}
        case = cases.set_audience(office, case, decision, why)
        _done(ctx, case, "case_audience_set", ref=show_reference(ref))

    command(group, "audience")(case_audience)


def _copy(group: click.Group) -> None:
    @click.argument("chain", metavar="CASE")
    @click.argument("person")
    @click.argument("answer", type=click.Choice(["yes", "no"]))
    @click.option("--why", required=True)
    def case_copy_for(ctx: click.Context, chain: str, person: str, answer: str, why: str) -> None:
        """Decide whether one person may have a copy of the case."""
        office = open_here(ctx)
        case = office.case(ChainId(chain))
        case = cases.set_copy_right(office, case, person, may=answer == "yes", why=why)
        _done(ctx, case, f"case_copy_{answer}", person=person)

    command(group, "copy-for")(case_copy_for)


def _allow(group: click.Group) -> None:
    @click.argument("chain", metavar="CASE")
    @click.argument("parts", metavar="PART…", nargs=-1, required=True,
                    type=click.Choice(PRINTABLE))  # fmt: skip
    @click.option("--by", type=STAFF, required=True)
    @click.option("--why", required=True)
    def case_allow(
        ctx: click.Context, chain: str, parts: tuple[str, ...], by: str, why: str
    ) -> None:
        """A leader's yes to print what could give a protected address away."""
        office = open_here(ctx)
        case = cases.allow_printing(office, office.case(ChainId(chain)), parts, by, why)
        _done(ctx, case, "case_allowed", parts=list(parts))

    command(group, "allow")(case_allow)


def _done(ctx: click.Context, case: Case, code: str, **more: Any) -> None:  # noqa: ANN401
    params = {key: value for key, value in more.items() if not isinstance(value, list)}
    show(ctx, {"case_id": case.chain, **more}, [say(ctx, code, case=case.chain, **params)])
