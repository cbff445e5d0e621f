"""docs/kommandoer.md: every command with its options, from click."""

from __future__ import annotations

import re
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
        yield f"```\n{usage(name, command, words)}\n```"
        yield (command.help or "").strip()
        yield _options(command, shared, words)


def usage(name: str, command: click.Command, words: Words) -> str:
    """How the command is written, with the page's words for what stands open."""
    context = click.Context(command, info_name=name)
    pieces = command.collect_usage_pieces(context)
    return " ".join([name, *(_place(piece, words) for piece in pieces)])


def _place(piece: str, words: Words) -> str:
    """`FILE…` as the page says it; what the program must be given as it stands is left alone."""
    named = words.table("kommando", "plass")
    if piece in named:
        return str(named[piece])
    return re.sub(r"[A-Z]{3,}", lambda found: str(named.get(found[0], found[0])), piece)


def _options(command: click.Command, shared: frozenset[str], words: Words) -> str:
    rows = [
        (_names(option, words), _told(option, words))
        for option in command.params
        if isinstance(option, click.Option) and option.name not in shared
    ]
    head = (words.of("kommando", "valg"), words.of("kommando", "gjor"))
    return table(head, rows) if rows else ""


def _names(option: click.Option, words: Words) -> str:
    names = ", ".join((*option.opts, *option.secondary_opts))
    if option.is_flag:
        return code(names)
    context = click.Context(click.Command(PROGRAM))
    chosen = isinstance(option.type, click.Choice)
    shown = "…" if chosen else _place(option.make_metavar(context), words)
    return code(f"{names} {shown}")


def _told(option: click.Option, words: Words) -> str:
    """The option's own help, and what it leaves unsaid."""
    said = [option.help or ""]
    if isinstance(option.type, click.Choice):
        choices = [str(choice) for choice in option.type.choices]
        unsaid = not all(choice in said[0] for choice in choices)
        listed = words.of("kommando", "ett_av").format(choices=", ".join(map(code, choices)))
        said += [listed] * unsaid
    more = words.of("kommando", "flere")
    said += [more] * (option.multiple and more not in said[0])
    said += [words.of("kommando", "maa")] * option.required
    return " ".join(part for part in said if part)
