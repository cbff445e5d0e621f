"""Another case than the guess: show whose it is and ask for two digits (users.md rule 5)."""

from __future__ import annotations

import sys

import click

from bti_docs.cli.shell import choices, say
from bti_docs.core.model import Case
from bti_docs.errors import UsageError


def confirm_case(
    ctx: click.Context,
    case: Case,
    guess: str | None,
    someone_is_there: bool,  # noqa: FBT001  (the terminal's answer)
) -> None:
    """Ask a person at a terminal for the last two digits of the number of a case not guessed.

    Raises:
        UsageError: they are not the case's.
    """
    if guess in {None, case.chain} or not someone_is_there or choices(ctx).as_json:
        return
    _ask(ctx, case)


def demand_confirmation(
    ctx: click.Context, case: Case, guess: str | None, said: str | None
) -> None:
    """Take no other case than the guess without its last two digits, said or asked for.

    Raises:
        UsageError: they are not the case's, or nobody is there to be asked.
    """
    if guess in {None, case.chain}:
        return
    if said is not None:
        _compare(case, said)
    elif sys.stdin.isatty() and not choices(ctx).as_json:
        _ask(ctx, case)
    else:
        raise UsageError("confirm_needed", case=case.chain, guess=guess or "")


def _ask(ctx: click.Context, case: Case) -> None:
    child = case.record.child if case.record else None
    born = f"{child.birth_date:%d.%m.%Y}" if child and child.birth_date else "–"
    click.echo(say(ctx, "confirm_case", case=case.chain, child=child.name if child else "–",
                   born=born), err=True)  # fmt: skip
    _compare(case, click.prompt(say(ctx, "confirm_digits"), err=True))


def _compare(case: Case, said: str) -> None:
    if said.strip() != case.chain[-2:]:
        raise UsageError("confirm_wrong", case=case.chain)
