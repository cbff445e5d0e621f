"""Word documents to PDF: by dxpdf or by LibreOffice, in worker processes of their own."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Final, Self

from bti_docs.errors import MergeError
from bti_docs.pdf import worker
from bti_docs.pdf.fonts import font_environment
from bti_docs.pdf.in_order import in_order
from bti_docs.pdf.printing import ANOTHER_ENGINE, NoPrintCopy, PrintCopy, PrintJob
from bti_docs.pdf.process import Engine, Process

SECONDS: Final = 60.0
"""How long one document may take. Measured: 16 ms by dxpdf, 60 ms by LibreOffice."""
_SHARE: Final = {"dxpdf": 1, "libreoffice": 8}
"""Documents handed over at once. A call to LibreOffice costs 3 ms, more where `soffice` is slow to
start; dxpdf's costs nothing, and a crash takes the whole share with it."""


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
        self._idle: SimpleQueue[Process] = SimpleQueue()
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        """Make ready; processes start when they are needed."""
        own_fonts_only = self._engine == "dxpdf"
        environment = self._cleanup.enter_context(font_environment(with_system=not own_fonts_only))
        for _ in range(self._workers):
            one = Process(self._engine, self._soffice, self._seconds, environment)
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
        (made,) = self._pdfs([document])
        if isinstance(made, MergeError):
            raise made
        return made

    def convert_many(self, documents: Iterable[bytes]) -> Iterator[bytes | MergeError]:
        """The PDFs in the documents' order; a document that failed gives its error as a value.

        Documents are drawn from *documents* as they are needed, so memory stays bounded.
        """
        return in_order(self._pdfs, documents, workers=self._workers, most=_SHARE[self._engine])

    def print_copy(self, job: PrintJob) -> PrintCopy | NoPrintCopy:
        """One document converted, checked and stamped, all in the worker's process."""
        (made,) = self._copies([job])
        return made

    def print_copies(self, jobs: Iterable[PrintJob]) -> Iterator[PrintCopy | NoPrintCopy]:
        """A print copy for each job, in order, or why there is none; memory stays bounded."""
        return in_order(self._copies, jobs, workers=self._workers, most=_SHARE[self._engine])

    def _pdfs(self, documents: Sequence[bytes]) -> Sequence[bytes | MergeError]:
        try:
            made: Sequence[bytes | str] = self._ask(worker.DOCUMENTS, documents)
        except MergeError as error:
            return [error] * len(documents)
        return [
            MergeError(one, engine=self._engine) if isinstance(one, str) else one for one in made
        ]

    def _copies(self, jobs: Sequence[PrintJob]) -> Sequence[PrintCopy | NoPrintCopy]:
        try:
            made: Sequence[PrintCopy | NoPrintCopy] = self._ask(worker.JOBS, jobs)
        except MergeError as error:
            return [NoPrintCopy(error.code, dict(error.params))] * len(jobs)
        return made

    def _ask(self, kind: bytes, share: Sequence[object]) -> Any:  # noqa: ANN401  (what *kind* says)
        one = self._idle.get()
        try:
            body = one.ask(kind, pickle.dumps(share, pickle.HIGHEST_PROTOCOL), len(share))
        finally:
            self._idle.put(one)
        return pickle.loads(body)  # noqa: S301  (our own process's)


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


def convert_print_copy(
    job: PrintJob, *, engine: Engine = "dxpdf", soffice: str | None = None
) -> PrintCopy | NoPrintCopy:
    """One print copy, by *engine*, or by LibreOffice where that may do better."""
    with Converter(engine, soffice=soffice) as converter:
        copy = converter.print_copy(job)
    better = isinstance(copy, NoPrintCopy) and copy.code in ANOTHER_ENGINE
    if not better or engine == "libreoffice":
        return copy
    return convert_print_copy(job, engine="libreoffice", soffice=soffice)
