"""Word documents to PDF: by dxpdf or by LibreOffice, in worker processes of their own."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import BinaryIO, Final, Literal, Self, TypeVar, cast

import bti_docs
from bti_docs.errors import MergeError
from bti_docs.pdf import libreoffice, worker
from bti_docs.pdf.fonts import font_environment
from bti_docs.pdf.printing import NoPrintCopy, PrintCopy, PrintJob

Engine = Literal["dxpdf", "libreoffice"]
SECONDS: Final = 60.0
"""How long one document may take. Measured: 16 ms by dxpdf, 80 ms by LibreOffice."""
_END_SECONDS: Final = 10.0
_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


class _Worker:
    """One converter's process. It is started when first needed, and again after a crash."""

    def __init__(
        self, engine: Engine, soffice: str | None, seconds: float, environment: Mapping[str, str]
    ) -> None:
        self._engine = engine
        self._words = (engine, str(seconds), soffice or "")
        # LibreOffice's worker keeps the time itself and ends its program; this is for the worker's
        spare = libreoffice.START_SECONDS * 2 if engine == "libreoffice" else 0.0
        self._seconds = seconds + spare
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, kind: bytes, body: bytes) -> tuple[bytes, bytes]:
        """Send one message and wait for its answer."""
        process = self._running()
        clock = threading.Timer(self._seconds, process.kill)
        clock.start()
        try:
            worker.send(cast("BinaryIO", process.stdin), kind, body)
            answer = worker.receive(cast("BinaryIO", process.stdout))
        except BrokenPipeError:
            answer = None
        except BaseException:
            self.close()  # half a message in the pipe is of no use to the next document
            raise
        finally:
            clock.cancel()
        if answer is None:
            self.close()
            raise MergeError("pdf_engine_crashed", engine=self._engine)
        return answer

    def close(self) -> None:
        """End the process; it ends its own LibreOffice first."""
        process, self._process = self._process, None
        if process is None:
            return
        if self._engine == "dxpdf":
            process.kill()
        elif sys.platform != "win32":
            process.terminate()
        try:
            process.communicate(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603  (our own file, by our own interpreter)
                [sys.executable, "-P", str(Path(worker.__file__)), *self._words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self._environment,
            )
        return self._process


class Converter:
    """Converts many documents: `with Converter("dxpdf", workers=2) as converter: …`.

    Safe to use from several threads; a document that crashes or hangs the engine fails alone.
    """

    def __init__(
        self,
        engine: Engine = "dxpdf",
        *,
        soffice: str | None = None,
        workers: int = 1,
        seconds: float = SECONDS,
    ) -> None:
        self._engine = engine
        self._soffice = soffice
        self._workers = workers
        self._seconds = seconds
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        """Make ready; processes start when they are needed."""
        own_fonts_only = self._engine == "dxpdf"
        environment = self._cleanup.enter_context(font_environment(with_system=not own_fonts_only))
        environment["PYTHONPATH"] = _import_path()
        for _ in range(self._workers):
            one = _Worker(self._engine, self._soffice, self._seconds, environment)
            self._cleanup.callback(one.close)
            self._idle.put(one)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the processes."""
        self._cleanup.close()

    def convert(self, document: bytes) -> bytes:
        """One document's PDF.

        Raises:
            MergeError: `pdf_engine_crashed`, `pdf_engine_refused`, `pdf_engine_missing`.
        """
        kind, body = self._ask(worker.DOCUMENT, document)
        if kind != worker.PDF:
            raise MergeError(body.decode("ascii"), engine=self._engine)
        return body

    def convert_many(self, documents: Iterable[bytes]) -> Iterator[bytes | MergeError]:
        """The PDFs in the documents' order; a document that failed gives its error as a value.

        Documents are drawn from *documents* as they are needed, so memory stays bounded.
        """
        return self._in_order(self._outcome, documents)

    def print_copy(self, job: PrintJob) -> PrintCopy | NoPrintCopy:
        """One document converted, checked and stamped, all in the worker's process."""
        try:
            _, body = self._ask(worker.JOB, pickle.dumps(job))
        except MergeError as error:
            return NoPrintCopy(error.code, dict(error.params))
        made: PrintCopy | NoPrintCopy = pickle.loads(body)  # noqa: S301  (our own process's)
        return made

    def print_copies(self, jobs: Iterable[PrintJob]) -> Iterator[PrintCopy | NoPrintCopy]:
        """A print copy for each job, in order, or why there is none; memory stays bounded."""
        return self._in_order(self.print_copy, jobs)

    def _in_order(self, call: Callable[[_Item], _Made], items: Iterable[_Item]) -> Iterator[_Made]:
        waiting: deque[Future[_Made]] = deque()
        threads = ThreadPoolExecutor(self._workers)
        try:
            for item in items:
                waiting.append(threads.submit(call, item))
                if len(waiting) > 2 * self._workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            threads.shutdown(cancel_futures=True)

    def _outcome(self, document: bytes) -> bytes | MergeError:
        try:
            return self.convert(document)
        except MergeError as error:
            return error

    def _ask(self, kind: bytes, body: bytes) -> tuple[bytes, bytes]:
        one = self._idle.get()
        try:
            return one.ask(kind, body)
        finally:
            self._idle.put(one)


def _import_path() -> str:
    """Where a worker finds the program, wherever this process has it from."""
    here = str(Path(bti_docs.__file__).parent.parent)
    before = os.environ.get("PYTHONPATH")
    return os.pathsep.join([here, before] if before else [here])


def convert(
    docx_print_form: bytes, *, engine: Engine = "dxpdf", soffice: str | None = None
) -> bytes:
    """One document's PDF; for more than one use `Converter`, which keeps its process.

    Args:
        docx_print_form: What `bti_docs.merge.print_form` made.
        engine: `dxpdf`, or `libreoffice` (then *soffice* is its program).
        soffice: Path of LibreOffice's program.

    Raises:
        MergeError: `pdf_engine_crashed`, `pdf_engine_refused`, `pdf_engine_missing`.
    """
    with Converter(engine, soffice=soffice) as converter:
        return converter.convert(docx_print_form)


def convert_many(
    documents: Iterable[bytes],
    *,
    engine: Engine = "dxpdf",
    soffice: str | None = None,
    workers: int = 2,
) -> Iterator[bytes | MergeError]:
    """The PDFs in order, made by *workers* processes; failures are values. See `Converter`."""
    with Converter(engine, soffice=soffice, workers=workers) as converter:
        yield from converter.convert_many(documents)
