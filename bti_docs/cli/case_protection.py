"""Protected addresses and families that are not told: only a person lifts them."""

from __future__ import annotations

from typing import Final

import click

from bti_docs.app.protection import note_informed, set_protection
from bti_docs.cli.shell import STAFF, command, open_here, say, show
from bti_docs.core.events import ChainId
from bti_docs.core.records import Protection

LEVELS: Final[tuple[Protection, ...]] = ("ingen", "fortrolig", "klientadresse")
"""Strengt fortrolig (kode 6) comes with the case's own row, where the profile allows it."""


def register(case: click.Group) -> None:
    """Add the commands."""
    _protection(case)
    _informed(case)


def _protection(group: click.Group) -> None:
    @click.argument("chain", metavar="CASE")
    @click.argument("person", metavar="PERSON")
    @click.argument("level", type=click.Choice(LEVELS))
    @click.option("--by", type=STAFF, required=True)
    @click.option("--why", required=True)
    def case_protection(
        ctx: click.Context, chain: str, person: str, level: Protection, by: str, why: str
    ) -> None:
        """Set or lift the protection of one person's address."""
        office = open_here(ctx)
        case = set_protection(office, office.case(ChainId(chain)), person, level, by=by, why=why)
        code = "case_protection_lifted" if level == "ingen" else "case_protection_set"
        body = {"case_id": case.chain, "person": person, "protection": level}
        show(ctx, body, [say(ctx, code, case=case.chain, person=person)])

    command(group, "protection")(case_protection)


def _informed(group: click.Group) -> None:
    @click.argument("chain", metavar="CASE")
    @click.option("--by", type=STAFF, required=True)
    @click.option("--why", required=True)
    def case_informed(ctx: click.Context, chain: str, by: str, why: str) -> None:
        """Write that the guardians have been told."""
        office = open_here(ctx)
        case = note_informed(office, office.case(ChainId(chain)), by=by, why=why)
        show(ctx, {"case_id": case.chain}, [say(ctx, "case_informed_done", case=case.chain)])

    command(group, "informed")(case_informed)
