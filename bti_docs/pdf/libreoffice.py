"""LibreOffice as a converter: slower, for other scripts and where dxpdf cannot.

One program is kept running with a small file open in it. Further calls of `soffice --convert-to`
with the same profile hand their document to it and wait, which takes no start; when it has gone
they convert on their own, so a document never depends on it. No UNO binding is needed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, Self

from bti_docs.errors import MergeError

START_SECONDS: Final = 20.0
"""How long the program may take to start. Measured: 0.9 s with a new profile."""
_END_SECONDS: Final = 3.0
_POLL: Final = 0.02
_PAGE: Final = 4096
LOOK_EVERY: Final = 20
"""Documents between two looks at the memory."""
MAX_DOCUMENTS: Final = 500
"""After this many the program is started anew, since it gives back little memory."""
MAX_RESIDENT: Final = 1 << 30
"""Bytes of memory after which it is started anew (looked up on Linux). At rest it has 170 MB."""


class Office:
    """One LibreOffice with a profile of its own: `with Office(soffice, environment) as office: …`.

    It is started when first needed, and again after a crash, a hang, or when it has grown.
    """

    def __init__(
        self, soffice: str | None, environment: Mapping[str, str], seconds: float = 60.0
    ) -> None:
        self._program = soffice or find_program()
        self._environment = environment
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._done = 0

    def __enter__(self) -> Self:
        """Make the folder for profile and files."""
        self._temporary = TemporaryDirectory(prefix="bti-docs-lo-", ignore_cleanup_errors=True)
        self._folder = Path(self._temporary.name)
        self._profile = (self._folder / "profile").as_uri()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the program and remove what it left."""
        self._stop()
        self._temporary.cleanup()

    def convert(self, document: bytes) -> bytes:
        """One document's PDF.

        Raises:
            MergeError: `pdf_engine_missing`, `pdf_engine_crashed`, `pdf_engine_refused`.
        """
        if self._program is None:
            raise MergeError("pdf_engine_missing", engine="libreoffice")
        if self._process is None or self._process.poll() is not None:
            self._stop()
            self._start(self._program)
        source = self._folder / "document.docx"
        result = source.with_suffix(".pdf")
        source.write_bytes(document)
        try:
            self._hand_over(self._program, source)
            if not result.is_file():
                raise MergeError("pdf_engine_refused", engine="libreoffice")
            return result.read_bytes()
        finally:
            result.unlink(missing_ok=True)
            self._restart_when_grown()

    def _start(self, program: str) -> None:
        kept = self._folder / "open.txt"
        kept.write_text("open\n", encoding="ascii")
        self._done = 0
        self._process = self._call(program, "--nologo", str(kept))
        # LibreOffice's own lock file says that the document is open
        lock = kept.with_name(f".~lock.{kept.name}#")
        last = time.monotonic() + START_SECONDS
        while not lock.exists() and self._process.poll() is None and time.monotonic() < last:
            time.sleep(_POLL)

    def _hand_over(self, program: str, source: Path) -> None:
        words = ("--convert-to", "pdf:writer_pdf_Export", "--outdir", str(self._folder))
        with self._call(_messenger(program), *words, str(source)) as client:
            try:
                status = client.wait(self._seconds)
            except BaseException as error:
                _kill(client)
                self._stop()
                if isinstance(error, subprocess.TimeoutExpired):
                    raise MergeError("pdf_engine_crashed", engine="libreoffice") from error
                raise
        self._done += 1
        crashed = self._process is not None and self._process.poll() is not None
        if status != 0 or crashed:
            self._stop()
            raise MergeError("pdf_engine_crashed", engine="libreoffice")

    def _call(self, program: str, *words: str) -> subprocess.Popen[bytes]:
        profile = f"-env:UserInstallation={self._profile}"
        try:
            return subprocess.Popen(  # noqa: S603  (the program is the configuration's)
                [program, "--headless", "--norestore", profile, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=self._environment,
                start_new_session=True,
            )
        except OSError as error:
            raise MergeError("pdf_engine_missing", engine="libreoffice") from error

    def _restart_when_grown(self) -> None:
        if self._process is None:
            return
        looks = self._done % LOOK_EVERY == 0
        grown = looks and _resident(self._process.pid) > MAX_RESIDENT
        if grown or self._done >= MAX_DOCUMENTS:
            self._stop()

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with process:
            _kill(process)
        _socket_of(self._profile).unlink(missing_ok=True)
        for lock in self._folder.glob("**/.*lock*"):
            lock.unlink(missing_ok=True)


def find_program() -> str | None:
    """LibreOffice's program on the path, if it is there."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def _messenger(program: str) -> str:
    """The part of LibreOffice that hands over a document: on Linux `soffice` is a slow script."""
    beside = Path(program).resolve().with_name("oosplash")
    return str(beside) if beside.is_file() else program


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and the children it started, which would outlive it."""
    if sys.platform == "win32":
        subprocess.run(  # noqa: S603
            ["taskkill", "/F", "/T", "/PID", str(process.pid)],  # noqa: S607
            check=False,
            capture_output=True,
        )
        return
    for how, seconds in ((signal.SIGTERM, _END_SECONDS), (signal.SIGKILL, None)):
        try:
            os.killpg(process.pid, how)
            process.wait(seconds)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _socket_of(profile: str) -> Path:
    """The socket by which calls find a running program; one that is killed leaves it behind."""
    digest = hashlib.md5(profile.encode("utf-16-le"), usedforsecurity=False).digest()
    name = "".join(f"{byte:x}" for byte in digest)
    user = os.getuid() if sys.platform != "win32" else 0
    return Path(f"/tmp/OSL_PIPE_{user}_SingleOfficeIPC_{name}")  # noqa: S108  (LibreOffice's own)


def _resident(group: int) -> int:
    """Bytes of memory that a process and its children hold; 0 where the system does not tell."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[2]) == group:
                pages = stat.with_name("statm").read_text(encoding="ascii").split()[1]
                total += int(pages) * _PAGE
        except OSError:  # it has ended
            continue
    return total
