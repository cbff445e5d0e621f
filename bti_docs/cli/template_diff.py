"""`templates diff`: what a new version changes, in words."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from bti_docs.app.template_diff import PlacedChange, template_changes
from bti_docs.cli.shell import command, say, show
from bti_docs.cli.template_places import place_body, place_text
from bti_docs.merge.lint.paragraph_looks import LookChange

_FILE: Final = click.Path(path_type=Path)
_SAID: Final = frozenset({"", "on", "off"})
_MARKS: Final = {"added": "+", "removed": "-", "changed": "~", "moved": ">"}


def add_diff(group: click.Group) -> None:
    """Add the command."""

    @click.argument("old", type=_FILE)
    @click.argument("new", type=_FILE)
    def diff(ctx: click.Context, old: Path, new: Path) -> None:
        """What a new version of a template changes."""
        changes = template_changes(old, new)
        lines = [line for one in changes for line in _lines(ctx, one)]
        show(ctx, [_body(ctx, one) for one in changes], lines or [say(ctx, "templates_same")])

    command(group, "diff")(diff)


def _body(ctx: click.Context, one: PlacedChange) -> dict[str, Any]:
    change = one.change
    where = {} if one.place is None else {"place": place_text(one.place, partial(say, ctx))}
    return {
        "what": change.what,
        "how": change.how,
        "name": change.name,
        "old": change.old,
        "new": change.new,
        **where,
        "where": place_body(one.place),
        **({"looks": [asdict(look) for look in one.looks]} if one.looks else {}),
    }


def _lines(ctx: click.Context, one: PlacedChange) -> tuple[str, ...]:
    change, mark = one.change, _MARKS[one.change.how]
    what = say(ctx, f"templates_what_{change.what}")
    if one.place is None:
        told = f" {change.name}"
        told += f": «{change.old}» → «{change.new}»" if change.how == "changed" else ""
        return (f"{mark} {what}{told}",)
    where = place_text(one.place, partial(say, ctx), quote=False)
    head = f"{mark} {what}, {say(ctx, f'templates_how_{change.how}')}"
    return (f"{head}: {where}" if where else head, *_shown(ctx, one))


def _shown(ctx: click.Context, one: PlacedChange) -> tuple[str, ...]:
    """What was there and what is there now; a style's name says enough."""
    change = one.change
    if change.what == "lock":
        old, new = (say(ctx, f"lock_{lock or 'none'}") for lock in (change.old, change.new))
        return tuple(f"      {look.look}: {old} → {new}" for look in one.looks)
    if one.looks:
        text = () if change.what == "style" else (f"      {change.name}",)
        return (*text, *(f"      {_look(ctx, look)}" for look in one.looks))
    if change.what == "style":
        return ()
    if change.how == "changed":
        return (f"    - {change.old}", f"    + {change.new}")
    return (f"      {change.name}",)


def _look(ctx: click.Context, change: LookChange) -> str:
    old, new = (
        say(ctx, f"look_is_{value or 'unsaid'}") if value in _SAID else value
        for value in (change.old, change.new)
    )
    return f"{say(ctx, f'look_{change.look}')}: {old} → {new}"
