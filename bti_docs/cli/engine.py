"""`bti-docs merge`: the merge engine alone, without an office."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import click

from bti_docs.app.merging import Merged, merge_files
from bti_docs.cli.progress import bar
from bti_docs.cli.shell import choices, command, say, show
from bti_docs.errors import MergeError

FILE = click.Path(path_type=Path)
_SHOWN: Final = 20
"""So many refused records are shown at a terminal; --json has them all."""


def register(group: click.Group) -> None:
    """Add the command."""

    @click.argument("template", type=FILE)
    @click.argument("data", type=FILE)
    @click.argument("out", type=FILE)
    def merge(ctx: click.Context, template: Path, data: Path, out: Path) -> int:
        """Fill a Word template with JSON."""
        with bar(say(ctx, "merge_progress"), quiet=choices(ctx).as_json) as progress:
            merged = merge_files(template, data, out, progress=progress)
        show(ctx, _json(ctx, merged), _lines(ctx, merged, out))
        return MergeError.exit_code if merged.refused else 0

    command(group, "merge")(merge)


def _json(ctx: click.Context, merged: Merged) -> dict[str, Any]:
    problems = [
        {
            "record": one.number,
            "code": one.error.code,
            "message": say(ctx, one.error.code, **one.error.params),
        }
        for one in merged.refused
    ]
    return {"files": [str(path) for path in merged.files], "problems": problems}


def _lines(ctx: click.Context, merged: Merged, out: Path) -> Iterator[str]:
    for one in islice(merged.refused, _SHOWN):
        why = say(ctx, one.error.code, **one.error.params)
        yield say(ctx, "merge_refused", record=one.number, why=why)
    if merged.refused:
        yield say(ctx, "merge_refused_all", count=len(merged.refused))
    yield say(ctx, "merge_done", count=len(merged.files), file=out)
