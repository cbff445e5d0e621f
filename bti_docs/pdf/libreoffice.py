"""LibreOffice as a converter: slower, for other scripts and where dxpdf cannot."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bti_docs.errors import MergeError


def convert(
    document: bytes, soffice: str | None, environment: dict[str, str], seconds: float
) -> bytes:
    """One document's PDF, made in a profile of its own so that calls do not lock each other out.

    Args:
        document: The docx file.
        soffice: LibreOffice's program; None: the one on the path.
        environment: The process's environment.
        seconds: How long it may take.

    Raises:
        MergeError: `pdf_engine_missing`, `pdf_engine_crashed`, `pdf_engine_refused`.
    """
    program = soffice or find_program()
    if program is None:
        raise MergeError("pdf_engine_missing", engine="libreoffice")
    with TemporaryDirectory(prefix="bti-docs-lo-", ignore_cleanup_errors=True) as folder:
        source = Path(folder, "document.docx")
        source.write_bytes(document)
        _run(program, Path(folder), source, environment, seconds)
        result = source.with_suffix(".pdf")
        if not result.is_file():
            raise MergeError("pdf_engine_refused", engine="libreoffice")
        return result.read_bytes()


def find_program() -> str | None:
    """LibreOffice's program on the path, if it is there."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def _run(
    soffice: str, folder: Path, source: Path, environment: dict[str, str], seconds: float
) -> None:
    command = [
        soffice,
        "--headless",
        "--norestore",
        f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
        "--convert-to",
        "pdf:writer_pdf_Export",
        "--outdir",
        str(folder),
        str(source),
    ]
    try:
        process = subprocess.Popen(  # noqa: S603  (the program is the configuration's)
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise MergeError("pdf_engine_missing", engine="libreoffice") from error
    with process:
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            _end(process)
            raise MergeError("pdf_engine_crashed", engine="libreoffice") from error
        except KeyboardInterrupt:
            _end(process)
            raise
    if status != 0:
        raise MergeError("pdf_engine_crashed", engine="libreoffice")


def _end(process: subprocess.Popen[bytes]) -> None:
    # soffice starts children of its own, which would outlive it
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
