"""Who does the work: executors, how to get another one, and what they raise when a worker died."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass

from bti_docs.merge.bulk.processes import Processes


@dataclass(frozen=True, slots=True)
class Crew:
    """Where chunks are sent. An executor that was given stays its owner's to shut down."""

    recruit: Callable[[], Executor]
    """An executor with living workers."""
    owned: bool
    lost: tuple[type[BaseException], ...]
    """What a task's future raises when its worker died."""

    def dismiss(self, executor: Executor) -> None:
        """Let the workers finish what they hold, and go."""
        if self.owned:
            executor.shutdown(wait=True, cancel_futures=True)


def crew_of(executor: Executor | Callable[[], Executor] | None) -> Crew:
    """The crew that an argument names; None is a pool of processes."""
    if isinstance(executor, Executor):
        return Crew(lambda: executor, owned=False, lost=_losses())
    return Crew(executor or process_pool, owned=True, lost=_losses())


def process_pool(workers: int | None = None) -> Processes:
    """A pool of fresh processes.

    Args:
        workers: How many; otherwise as many as processors that this process may use.
    """
    return Processes(workers or processors())


def processors() -> int:
    """The processors that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _losses() -> tuple[type[BaseException], ...]:
    # a cluster's executor exists only where its library has been imported already
    library = sys.modules.get("distributed")
    return (BrokenExecutor,) if library is None else (BrokenExecutor, library.KilledWorker)
