"""`bti-docs demo`: one week in a throw-away office, told step by step."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import click

from bti_docs.cli.progress import Told, bar
from bti_docs.cli.shell import choices, command, say, show

FAILED = 1


def register(group: click.Group) -> None:
    """Add the command."""

    @click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
    @click.option("--no-browser", is_flag=True)
    def demo(ctx: click.Context, folder: Path | None, *, no_browser: bool) -> int:
        """Live one week in a throw-away office."""
        # it draws and scans, and no other command needs what that loads
        from bti_docs.app.demo import run_demo  # noqa: PLC0415

        place = folder or Path(mkdtemp(prefix="bti-demo-"))
        quiet = choices(ctx).as_json
        result = run_demo(place, _tell(ctx, quiet=quiet), bars=_bars(ctx, quiet=quiet))
        show(ctx, _body(ctx, result), _end(ctx, result))
        if result.ok and not (no_browser or quiet):
            for page in (result.log_page, result.family_page):
                webbrowser.open(page.absolute().as_uri())
        return 0 if result.ok else FAILED

    command(group, "demo")(demo)


def _tell(ctx: click.Context, *, quiet: bool) -> Callable[[Any], None]:
    def tell(step: Any) -> None:  # noqa: ANN401  (a DemoStep, loaded late)
        if not quiet:
            for line in _step_lines(ctx, step):
                click.echo(line)

    return tell


def _step_lines(ctx: click.Context, step: Any) -> Iterable[str]:  # noqa: ANN401
    day = say(ctx, f"demo_day_{step.day.weekday()}")
    yield f"{'✓' if step.ok else '!'} {day:8} {say(ctx, step.code, **step.counts)}"
    for check in step.failed:
        yield "    " + say(
            ctx, "demo_failed", what=check.what, expected=check.expected, found=check.found
        )


def _end(ctx: click.Context, result: Any) -> Iterable[str]:  # noqa: ANN401
    wrong = sum(not step.ok for step in result.steps)
    code, count = ("demo_not_well", wrong) if wrong else ("demo_all_well", len(result.steps))
    yield ""
    yield say(ctx, code, count=count)
    yield say(ctx, "demo_look_office", path=result.office)
    yield say(ctx, "demo_look_log", path=result.log_page)
    yield say(ctx, "demo_look_family", path=result.family_page)
    yield say(ctx, "demo_look_throw")


def _bars(ctx: click.Context, *, quiet: bool) -> Callable[[str], AbstractContextManager[Told]]:
    return lambda code: bar(say(ctx, code), quiet=quiet)


def _body(ctx: click.Context, result: Any) -> dict[str, Any]:  # noqa: ANN401
    steps = [
        {
            "day": step.day,
            "step": step.code,
            "ok": step.ok,
            "text": say(ctx, step.code, **step.counts),
        }
        for step in result.steps
    ]
    return {
        "ok": result.ok,
        "office": result.office,
        "log": result.log_page,
        "family": result.family_page,
        "steps": steps,
    }
