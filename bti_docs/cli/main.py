"""`bti-docs`: the group of all commands, and the one place where errors become output."""

from __future__ import annotations

import io
import os
import sys
import traceback

import click

from bti_docs import __version__
from bti_docs.cli import case, demo, documents, engine, inbox, office, records, templates
from bti_docs.cli.shell import Choices, error_lines, global_options
from bti_docs.errors import BtiError
from bti_docs.messages import text

INTERRUPTED = 130


@click.group(name="bti-docs", help=text("help_bti_docs", "nb"))
@click.version_option(__version__, prog_name="bti-docs")
@global_options
def bti_docs() -> None:
    """The documents of the BTI model, from workbook to archive."""


for room in (office, demo, templates, documents, inbox, case, records, engine):
    room.register(bti_docs)


def main() -> None:
    """Run the command line and end the process with the exit code of contract and errors."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Windows would write cp1252 into a pipe
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line; its exit code."""
    chosen = Choices()
    try:
        result = bti_docs.main(arguments, "bti-docs", standalone_mode=False, obj=chosen)
    except click.exceptions.Exit as done:
        return done.exit_code
    except BrokenPipeError:  # `| head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (click.Abort, KeyboardInterrupt):
        click.echo(text("cli_interrupted", chosen.language), err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BtiError as error:
        if chosen.verbose:
            traceback.print_exc()
        for line in error_lines(error, chosen.language):
            click.echo(line, err=True)
        return error.exit_code
    return result if isinstance(result, int) else 0
