"""A converter's process as its parent sees it: asked, timed, ended, started anew."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final, Literal, cast

import bti_docs
from bti_docs.errors import MergeError
from bti_docs.pdf import libreoffice, worker

Engine = Literal["dxpdf", "libreoffice"]
_END_SECONDS: Final = 10.0


class Process:
    """One converter's process. It is started when first needed, and again after a crash."""

    def __init__(
        self, engine: Engine, soffice: str | None, seconds: float, environment: Mapping[str, str]
    ) -> None:
        self._engine = engine
        self._words = (engine, str(seconds), soffice or "")
        self._seconds = seconds
        self._environment = {**environment, "PYTHONPATH": _import_path()}
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, kind: bytes, body: bytes, documents: int) -> bytes:
        """Send one message about so many documents and wait for its answer.

        Raises:
            MergeError: `pdf_engine_crashed`.
        """
        process = self._running()
        clock = threading.Timer(self._patience(documents), process.kill)
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
        return answer[1]

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

    def _patience(self, documents: int) -> float:
        """Seconds until the process is ended.

        LibreOffice's keeps the time itself and ends its program, and each document may be tried
        twice: with the others and alone. Its limit is for the process itself.
        """
        if self._engine == "dxpdf":
            return self._seconds * documents
        return 2 * (self._seconds * documents + libreoffice.START_SECONDS)

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


def _import_path() -> str:
    """Where a worker finds the program, wherever this process has it from."""
    here = str(Path(bti_docs.__file__).parent.parent)
    before = os.environ.get("PYTHONPATH")
    return os.pathsep.join([here, before] if before else [here])
