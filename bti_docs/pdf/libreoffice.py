"""LibreOffice as a converter: slower, for other scripts and where dxpdf cannot.

One program is kept running with a small file open in it. Further calls of `soffice --convert-to`
with the same profile hand their documents to it and wait, which takes no start; when it has gone
they convert on their own, so a document never depends on it. No UNO binding is needed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, Self

START_SECONDS: Final = 20.0
"""How long the program may take to start. Measured: 0.3 s; 1.1 s when its version is unknown."""
_END_SECONDS: Final = 3.0
_POLL: Final = 0.02
_PAGE: Final = 4096
_PRODUCT: Final = re.compile(r"^ProductKey=\D*(\d+\.\d+)", re.MULTILINE)
_END_OF_PDF: Final = b"%%EOF"
_CRASHED: Final = "pdf_engine_crashed"
_REFUSED: Final = "pdf_engine_refused"
_MISSING: Final = "pdf_engine_missing"
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
        self._looked = 0

    def __enter__(self) -> Self:
        """Make the folder for profile and files."""
        self._temporary = TemporaryDirectory(prefix="bti-docs-lo-", ignore_cleanup_errors=True)
        self._folder = Path(self._temporary.name)
        profile = self._folder / "profile"
        self._profile = profile.as_uri()
        if self._program is not None:
            user = profile / "user"
            user.mkdir(parents=True)
            settings = _settings(_version(self._program))
            (user / "registrymodifications.xcu").write_text(settings, encoding="utf-8")
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

    def convert(self, documents: Sequence[bytes]) -> list[bytes | str]:
        """Each document's PDF, or the code of why there is none.

        They are handed over together, which spares calls. What that leaves undone, because one of
        them crashed LibreOffice, hung or was refused, is tried alone: nobody fails for another.

        Returns:
            PDFs, or `pdf_engine_missing`, `pdf_engine_crashed`, `pdf_engine_refused`.
        """
        made = self._made(documents)
        if len(documents) > 1:
            alone = self._program is not None
            made = [
                self._made([document])[0] if alone and isinstance(one, str) else one
                for document, one in zip(documents, made, strict=True)
            ]
        return made

    def _made(self, documents: Sequence[bytes]) -> list[bytes | str]:
        """The PDFs that one call makes."""
        sources = [self._folder / f"{number}.docx" for number in range(len(documents))]
        results = [source.with_suffix(".pdf") for source in sources]
        try:
            for source, document in zip(sources, documents, strict=True):
                source.write_bytes(document)
            why = self._call_for(sources, results)
            return [_whole(result) or why for result in results]
        finally:
            for path in (*sources, *results):
                path.unlink(missing_ok=True)
            self._restart_when_grown()

    def _call_for(self, sources: Sequence[Path], results: Sequence[Path]) -> str:
        """Let LibreOffice make the results; the code of why one of them may be missing."""
        if self._program is None:
            return _MISSING
        try:
            if self._process is None or self._process.poll() is not None:
                self._stop()
                self._start(self._program)
            return self._hand_over(self._program, sources, results)
        except (FileNotFoundError, PermissionError):
            return _MISSING

    def _start(self, program: str) -> None:
        kept = self._folder / "open.txt"
        kept.write_text("open\n", encoding="ascii")
        self._done = self._looked = 0
        self._process = self._call(program, "--nologo", str(kept))
        # LibreOffice's own lock file says that the document is open
        lock = kept.with_name(f".~lock.{kept.name}#")
        last = time.monotonic() + START_SECONDS
        while not lock.exists() and self._process.poll() is None and time.monotonic() < last:
            time.sleep(_POLL)

    def _hand_over(self, program: str, sources: Sequence[Path], results: Sequence[Path]) -> str:
        words = ("--convert-to", "pdf:writer_pdf_Export", "--outdir", str(self._folder))
        done = False
        with self._call(_messenger(program), *words, *map(str, sources)) as client:
            try:
                done = self._wait(client, results)
            finally:
                if not done:
                    _kill(client)
                    self._stop()
        self._done += len(sources)
        if self._process is None or self._process.poll() is not None:
            self._stop()
            return _CRASHED
        return _REFUSED

    def _wait(self, client: subprocess.Popen[bytes], results: Sequence[Path]) -> bool:
        """Wait for as long as results keep coming; whether the call ended well."""
        there = 0
        while True:
            try:
                return client.wait(self._seconds) == 0
            except subprocess.TimeoutExpired:
                before, there = there, sum(result.exists() for result in results)
                if there == before:
                    return False

    def _call(self, program: str, *words: str) -> subprocess.Popen[bytes]:
        profile = f"-env:UserInstallation={self._profile}"
        return subprocess.Popen(  # noqa: S603  (the program is the configuration's)
            [program, "--headless", "--norestore", profile, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self._environment,
            start_new_session=True,
        )

    def _restart_when_grown(self) -> None:
        if self._process is None:
            return
        grown = False
        if self._done - self._looked >= LOOK_EVERY:
            self._looked = self._done
            grown = _resident(self._process.pid) > MAX_RESIDENT
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


def _settings(version: str) -> str:
    """A new profile's settings.

    One that does not know its version takes the start for an update's first, and tries out how it
    draws on this machine: 0.6 s of processor time.
    """
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Setup/Product">'
        f'<prop oor:name="ooSetupLastVersion" oor:op="fuse"><value>{version}</value></prop>'
        "</item></oor:items>\n"
    )


def _version(program: str) -> str:
    """The version that the program's own files name; empty when they are elsewhere."""
    folder = Path(program).resolve().parent
    for file in ("bootstraprc", "bootstrap.ini", "../Resources/bootstraprc"):
        try:
            text = (folder / file).read_text(encoding="utf-8")
        except OSError:
            continue
        if (found := _PRODUCT.search(text)) is not None:
            return found[1]
    return ""


def _whole(result: Path) -> bytes | None:
    """What lies there, unless nothing does, or half a file of a program that crashed."""
    try:
        pdf = result.read_bytes()
    except FileNotFoundError:
        return None
    return pdf if pdf.rstrip().endswith(_END_OF_PDF) else None


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
