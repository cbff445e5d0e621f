"""Worker processes, each at the end of a pipe of its own.

`ProcessPoolExecutor` has one pipe for all results: when a worker is killed in the middle of writing
a large one, the reader waits for the rest for ever (seen after some hundred kills; documents are
large). Here a worker's death ends its own pipe, and is known at once, by the one task it held.
"""

from __future__ import annotations

import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Lock
from traceback import format_exception
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class WorkerLost(BrokenExecutor):
    """The worker that held the task has died. The others have not, and another takes its place."""


@dataclass(frozen=True, slots=True, eq=False)
class _Worker:
    process: SpawnProcess
    pipe: Connection

    def call(self, task: bytes) -> tuple[bool, Any]:
        """Let it do a task: whether that went well, and what it gave or raised.

        Raises:
            WorkerLost: it has died.
        """
        try:
            self.pipe.send_bytes(task)
            answer: tuple[bool, Any] = pickle.loads(self.pipe.recv_bytes())  # noqa: S301  (our own)
        except (EOFError, OSError) as error:
            self.process.kill()
            raise WorkerLost from error
        return answer

    def dismiss(self) -> None:
        """Let it go: a closed pipe is the end of its work."""
        self.pipe.close()
        self.process.join()


class Processes(Executor):
    """An executor over fresh processes (spawn: safe beside threads, the same on every system).

    They leave Ctrl-C to the parent, end when it does, and are replaced when they die.
    """

    def __init__(self, workers: int) -> None:
        self._threads: Final = ThreadPoolExecutor(workers, initializer=_deaf)
        self._idle: Final[deque[_Worker]] = deque()
        self._hired: Final[set[_Worker]] = set()
        self._changing: Final = Lock()

    @property
    def workers(self) -> tuple[int, ...]:
        """The process numbers of the workers."""
        with self._changing:
            return tuple(one.process.pid or 0 for one in self._hired)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As any executor's; the future raises `WorkerLost` when the worker dies."""
        return self._threads.submit(self._call, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002  (as any executor's)
        """As any executor's."""
        self._threads.shutdown(wait=wait, cancel_futures=cancel_futures)
        while wait and self._idle:
            self._dismiss(self._idle.pop())

    def _call(self, fn: Callable[..., T], args: object, kwargs: object) -> T:
        task = pickle.dumps((fn, args, kwargs), pickle.HIGHEST_PROTOCOL)
        worker = self._hire()
        try:
            done, value = worker.call(task)
        except WorkerLost:
            self._dismiss(worker)
            raise
        self._idle.append(worker)
        if not done:
            raise value
        result: T = value
        return result

    def _hire(self) -> _Worker:
        try:
            return self._idle.pop()
        except IndexError:
            with self._changing:
                worker = _start()
                self._hired.add(worker)
                return worker

    def _dismiss(self, worker: _Worker) -> None:
        worker.dismiss()
        with self._changing:
            self._hired.discard(worker)


def _start() -> _Worker:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()  # else nobody would see the end of the pipe
    return _Worker(process, ours)


def _work(pipe: Connection) -> None:
    """A worker's life: task by task, until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with ThreadPoolExecutor(1) as thread:
        while True:
            try:
                fn, args, kwargs = pickle.loads(pipe.recv_bytes())  # noqa: S301  (our own parent)
                pipe.send_bytes(_answer(thread.submit(fn, *args, **kwargs)))
            except (EOFError, OSError):
                return


def _answer(task: Future[object]) -> bytes:
    """What came of the task, as bytes: an error of it is raised again where it came from."""
    error = task.exception()
    if error is not None:
        error.add_note("".join(format_exception(error)))
    answer = (True, task.result()) if error is None else (False, error)
    return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)


def _deaf() -> None:
    # inherited by the workers that a thread starts: Ctrl-C may come while they are still loading
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
