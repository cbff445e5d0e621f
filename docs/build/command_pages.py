"""docs/kommandoer.md: every command with its options, from click."""

from __future__ import annotations

from collections.abc import Iterator

import click
from page_parts import Words, code, page, table

from bti_docs.cli.main import bti_docs
from bti_docs.cli.shell import global_options

PROGRAM = "bti-docs"


def command_page(words: Words) -> str:
    """The whole page."""
    return page("kommandoer", *_shared(words), *_group(bti_docs, (PROGRAM,), words))


def commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    """Every command under *group* with its whole name, groups before what is in them."""
    for name, command in sorted(group.commands.items()):
        yield " ".join((*path, name)), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def global_names() -> frozenset[str]:
    """The names of the options that every command takes."""
    return frozenset(option.name or "" for option in _global_command().params)


def _global_command() -> click.Command:
    @click.command()
    @global_options
    def none() -> None:
        """Do nothing."""

    return none


def _shared(words: Words) -> Iterator[str]:
    yield f"## {words.of('kommando', 'alle')}"
    yield _options(_global_command(), frozenset(), words)


def _group(group: click.Group, path: tuple[str, ...], words: Words) -> Iterator[str]:
    shared = global_names()
    for name, command in commands(group, path):
        yield f"## {name}"
        yield f"```\n{usage(name, command)}\n```"
        yield (command.help or "").strip()
        yield _options(command, shared, words)


def usage(name: str, command: click.Command) -> str:
    """How the command is written, without the options that are not needed."""
    context = click.Context(command, info_name=name)
    return " ".join([name, *command.collect_usage_pieces(context)])


def _options(command: click.Command, shared: frozenset[str], words: Words) -> str:
    rows = [
        (_names(option), _told(option, words))
        for option in command.params
        if isinstance(option, click.Option) and option.name not in shared
    ]
    head = (words.of("kommando", "valg"), words.of("kommando", "gjor"))
    return table(head, rows) if rows else ""


def _names(option: click.Option) -> str:
    names = ", ".join((*option.opts, *option.secondary_opts))
    if option.is_flag:
        return code(names)
    context = click.Context(click.Command(PROGRAM))
    chosen = isinstance(option.type, click.Choice)
    return code(f"{names} {'…' if chosen else option.make_metavar(context)}")


def _told(option: click.Option, words: Words) -> str:
    said = [option.help or ""]
    if isinstance(option.type, click.Choice):
        choices = ", ".join(code(str(choice)) for choice in option.type.choices)
        said.append(words.of("kommando", "ett_av").format(choices=choices))
    said += [words.of("kommando", "maa")] * option.required
    said += [words.of("kommando", "flere")] * option.multiple
    return " ".join(part for part in said if part)
