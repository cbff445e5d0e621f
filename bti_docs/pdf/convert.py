"""Word documents to PDF: by dxpdf in worker processes of its own, or by LibreOffice."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import BinaryIO, Final, Literal, Self, cast

from bti_docs.errors import MergeError
from bti_docs.pdf import libreoffice, worker
from bti_docs.pdf.fonts import font_environment

Engine = Literal["dxpdf", "libreoffice"]
SECONDS: Final = 60.0
"""How long one document may take. Measured: 30 ms by dxpdf, 1.5 s by LibreOffice."""


class _Worker:
    """One dxpdf process. It is started when first needed, and again after a crash."""

    def __init__(self, environment: dict[str, str], seconds: float) -> None:
        self._environment = environment
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def convert(self, document: bytes) -> bytes:
        process = self._running()
        clock = threading.Timer(self._seconds, process.kill)
        clock.start()
        try:
            worker.send(cast("BinaryIO", process.stdin), worker.DOCUMENT, document)
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
            raise MergeError("pdf_engine_crashed", engine="dxpdf")
        kind, body = answer
        if kind != worker.PDF:
            raise MergeError("pdf_engine_refused", engine="dxpdf")
        return body

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603  (our own file, by our own interpreter)
                [sys.executable, "-P", str(Path(worker.__file__))],
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
        self._environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Make ready; processes start when they are needed."""
        own_fonts_only = self._engine == "dxpdf"
        self._environment = self._cleanup.enter_context(
            font_environment(with_system=not own_fonts_only)
        )
        for _ in range(self._workers):
            one = _Worker(self._environment, self._seconds)
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
        if self._engine == "libreoffice":
            return libreoffice.convert(document, self._soffice, self._environment, self._seconds)
        one = self._idle.get()
        try:
            return one.convert(document)
        finally:
            self._idle.put(one)

    def convert_many(self, documents: Iterable[bytes]) -> Iterator[bytes | MergeError]:
        """The PDFs in the documents' order; a document that failed gives its error as a value.

        Documents are drawn from *documents* as they are needed, so memory stays bounded.
        """
        waiting: deque[Future[bytes | MergeError]] = deque()
        with ThreadPoolExecutor(self._workers) as threads:
            for document in documents:
                waiting.append(threads.submit(self._outcome, document))
                if len(waiting) > 2 * self._workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _outcome(self, document: bytes) -> bytes | MergeError:
        try:
            return self.convert(document)
        except MergeError as error:
            return error


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
