"""`bti-docs merge`: the merge engine alone, without an office."""

from __future__ import annotations

from pathlib import Path

import click

from bti_docs.app.merging import merge_files
from bti_docs.cli.shell import command, say, show

FILE = click.Path(path_type=Path)


def register(group: click.Group) -> None:
    """Add the command."""

    @click.argument("template", type=FILE)
    @click.argument("data", type=FILE)
    @click.argument("out", type=FILE)
    def merge(ctx: click.Context, template: Path, data: Path, out: Path) -> None:
        """Fill a Word template with JSON."""
        made = merge_files(template, data, out)
        lines = [say(ctx, "merge_done", count=len(made), file=out)]
        show(ctx, {"files": [str(path) for path in made]}, lines)

    command(group, "merge")(merge)
