"""What every command shares: the global options, the open office, and how things are shown."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from bti_docs.app.office import Office
from bti_docs.app.opening import open_office
from bti_docs.config import find_office, read_settings
from bti_docs.core.references import Reference, parse_reference
from bti_docs.errors import BtiError, InputError
from bti_docs.messages import codes, text

Callback = TypeVar("Callback", bound=Callable[..., Any])
ENVIRONMENT = "BTI_DOCS_OFFICE"
HELP = "nb"
"""The language of what `--help` says: it is asked before anybody knows the office."""


@dataclass(slots=True)
class Choices:
    """The global options, wherever on the line they were given."""

    directory: Path | None = None
    as_json: bool = False
    actor: str | None = None
    today: date | None = None
    verbose: bool = False
    language: str = "nb"


def choices(ctx: click.Context) -> Choices:
    """The global options of this call."""
    return ctx.find_root().ensure_object(Choices)


def _remember(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(ctx: click.Context, _: click.Parameter, value: Any) -> None:  # noqa: ANN401
        if value not in (None, False):
            setattr(choices(ctx), name, value)

    return callback


class Day(click.ParamType[date]):
    """A day as `2026-11-22` or `22.11.2026`."""

    name = "DAG"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> date:
        """Read the day, or end with the way to write it."""
        found = value if isinstance(value, date) else next(_days(str(value)), None)
        if found is None:
            self.fail(text("cli_bad_day", "nb"), param, ctx)
        return found


def _days(text: str) -> Iterator[date]:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        with contextlib.suppress(ValueError):
            yield datetime.strptime(text, form).date()  # noqa: DTZ007  (a day, no instant)


class Ref(click.ParamType[Reference]):
    """A reference as people write it: `7K3M-Q2XP`."""

    name = "REF"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Reference:
        """Read the reference, or end with the way to write it."""
        found = parse_reference(str(value))
        if found is None:
            self.fail(text("cli_bad_reference", "nb"), param, ctx)
        return found


class Staff(click.ParamType[str]):
    """A staff code, `u-04`: events keep it for ever, so a name or a number is refused."""

    name = "KODE"

    def convert(
        self,
        value: Any,  # noqa: ANN401  (as click gives it)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Read the code, or end with the way to write it."""
        if not re.fullmatch(r"[A-Za-z]{1,4}-?\d{1,6}", str(value)):
            self.fail(text("cli_bad_staff_code", HELP), param, ctx)
        return str(value)


DAY, REF, STAFF = Day(), Ref(), Staff()

_GLOBAL = (
    click.option("-C", "directory", type=click.Path(path_type=Path), expose_value=False,
                 callback=_remember("directory"), help=text("help_option_C", "nb")),
    click.option("--json", "as_json", is_flag=True, expose_value=False,
                 callback=_remember("as_json"), help=text("help_option_json", "nb")),
    click.option("--actor", type=STAFF, expose_value=False, callback=_remember("actor"),
                 help=text("help_option_actor", "nb")),
    click.option("--today", type=DAY, expose_value=False, callback=_remember("today"),
                 help=text("help_option_today", "nb")),
    click.option("-v", "--verbose", is_flag=True, expose_value=False,
                 callback=_remember("verbose"), help=text("help_option_verbose", "nb")),
)  # fmt: skip


def global_options(function: Callback) -> Callback:
    """Take the global options at this place of the line too."""
    for option in reversed(_GLOBAL):
        function = option(function)
    return function


def command(group: click.Group, name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command whose help is the sentence `help_NAME` of the catalogue."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        key = "help_" + (f"{group.name}_{name}" if group.name != "bti-docs" else name)
        key = key.replace("-", "_")
        made = group.command(name, help=text(key, HELP))
        found = made(click.pass_context(global_options(function)))
        for parameter in found.params:
            if isinstance(parameter, click.Option) and not parameter.help:
                parameter.help = _option_help(key, parameter.name or "")
        return found

    return decorate


def _option_help(key: str, name: str) -> str:
    """An option's own sentence for this command, or the one it has everywhere."""
    own = f"option_{name}_{key.removeprefix('help_')}"
    return text(own if own in codes(HELP) else f"option_{name}", HELP)


def open_here(ctx: click.Context) -> Office:
    """The office of this call, closed when the command ends."""
    wanted = choices(ctx)
    root = office_folder(ctx)
    wanted.language = read_settings(root).language
    office = open_office(root, actor=wanted.actor, login=_login(), today=wanted.today)
    return _kept_open(ctx, office)


def read_here(ctx: click.Context) -> Office:
    """The office of this call, only to look: a login without a staff code gets none."""
    wanted = choices(ctx)
    root = office_folder(ctx)
    wanted.language = read_settings(root).language
    return _kept_open(ctx, open_office(root, actor=wanted.actor, today=wanted.today))


def _kept_open(ctx: click.Context, office: Office) -> Office:
    """Close the office when the command ends, and say then what was left out."""
    if office.index.in_memory:
        folder = office.index.path.parent
        click.echo(say(ctx, "index_in_memory", folder=folder), err=True)
    ctx.call_on_close(lambda: _say_broken(ctx, office))
    return ctx.with_resource(office)


def _say_broken(ctx: click.Context, office: Office) -> None:
    """Which cases the command has not looked at, because they are broken."""
    for chain, error in sorted(office.broken.items()):
        why = say(ctx, error.code, **error.params)
        click.echo(say(ctx, "case_is_broken", case=chain, why=why), err=True)


def group_of(parent: click.Group, name: str) -> click.Group:
    """A group of commands, `case …`; its help is the sentence `help_NAME`."""
    made = click.Group(name, help=text(f"help_{name}", HELP))
    parent.add_command(made)
    return made


def office_folder(ctx: click.Context) -> Path:
    """The office's folder: -C, the environment, or upwards from here."""
    return find_office(choices(ctx).directory, os.environ.get(ENVIRONMENT))


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def say(ctx: click.Context, code: str, /, **params: object) -> str:
    """A sentence in the office's language."""
    return text(code, choices(ctx).language, **params)


def show(ctx: click.Context, body: Any, lines: Iterable[str]) -> None:  # noqa: ANN401  (JSON)
    """Print one JSON document, or the lines for people."""
    if choices(ctx).as_json:
        click.echo(json.dumps(body, ensure_ascii=False, indent=2, default=_plain))
        return
    for line in lines:
        click.echo(line)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    raise TypeError(type(value).__name__)


def error_lines(error: BtiError, language: str) -> Iterable[str]:
    """The sentences of an error and all its problems."""
    yield text(error.code, language, **error.params)
    if isinstance(error, InputError):
        for problem in error.problems:
            params = getattr(problem, "params", {})
            yield f"  – {text(problem.code, language, **params)}"
    yield text("cli_error_code", language, code=error.code)
