"""A progress bar for people at a terminal, silence for everybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Told = Callable[[int, int], None]
"""Told (done, of all)."""


@contextmanager
def bar(label: str, *, quiet: bool) -> Iterator[Told]:
    """A bar on stderr while the block runs; nothing when it is no terminal, or *quiet*."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield _nobody
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(label, total=None)

        def told(done: int, of: int) -> None:
            progress.update(task, completed=done, total=of)

        yield told


def _nobody(done: int, of: int) -> None:
    """Nobody is looking."""
    del done, of
