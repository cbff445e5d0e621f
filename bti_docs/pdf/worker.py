"""A converter's process: documents in on stdin, PDFs or refusals out on stdout.

It is run by its path and imports the program only for what needs it, so that dxpdf starts fast,
sees only the fonts that its environment names, and may crash without harm. It ends when stdin is
closed, which the system also does for a parent that was killed. Every message is one byte that
says what it is (below), eight bytes of length, and a pickled list. Arguments: the engine's name,
the seconds one document may take, and LibreOffice's program (empty: the one on the path).
"""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import BinaryIO, Final

HEADER: Final = struct.Struct(">cQ")
DOCUMENTS: Final = b"d"
"""Word documents; answered by a PDF, or an error's code, for each."""
JOBS: Final = b"j"
"""Of `bti_docs.pdf.printing.PrintJob`; answered by a `PrintCopy` or `NoPrintCopy` for each."""
_Convert = Callable[[Sequence[bytes]], Sequence[bytes | str]]


def send(stream: BinaryIO, kind: bytes, body: bytes) -> None:
    """Write one message."""
    stream.write(HEADER.pack(kind, len(body)))
    stream.write(body)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    """Read one message; None when the other side has gone, also in the middle of one."""
    head = stream.read(HEADER.size)
    if len(head) < HEADER.size:
        return None
    kind, length = HEADER.unpack(head)
    body = stream.read(length)
    return (kind, body) if len(body) == length else None


@contextmanager
def _engine(name: str, seconds: str, soffice: str) -> Iterator[_Convert]:
    if name == "dxpdf":
        yield lambda documents: [_by_dxpdf(document) for document in documents]
        return
    signal.signal(signal.SIGTERM, _end)
    office_program = _module_beside("libreoffice")
    with office_program.Office(soffice or None, os.environ, float(seconds)) as office:
        yield office.convert


def _module_beside(name: str) -> ModuleType:
    """A module of this folder by its path: the whole package takes 0.4 s, and it needs none."""
    spec = spec_from_file_location(name, os.path.join(os.path.dirname(__file__), f"{name}.py"))  # noqa: PTH118, PTH120
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _end(_number: int, _frame: object) -> None:
    sys.exit(0)  # by way of `Office`, which ends its program


def _by_dxpdf(document: bytes) -> bytes | str:
    import dxpdf  # noqa: PLC0415  (its fonts are looked up when it is first used)

    try:
        made: bytes = dxpdf.convert(document)
    except (RuntimeError, ValueError, OSError):
        return "pdf_engine_refused"
    return made


def _answer(convert: _Convert, kind: bytes, body: bytes, engine: str) -> Sequence[object]:
    share = pickle.loads(body)  # noqa: S301  (from the process that started this one)
    if kind == DOCUMENTS:
        return convert(share)
    from bti_docs.pdf.printing import NoPrintCopy, print_copy  # noqa: PLC0415

    pdfs = convert([job.docx for job in share])
    return [
        NoPrintCopy(pdf, {"engine": engine}) if isinstance(pdf, str) else print_copy(job, pdf)
        for job, pdf in zip(share, pdfs, strict=True)
    ]


def main(name: str, seconds: str, soffice: str) -> None:
    """Answer until stdin is closed. Ctrl-C is for the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = os.getppid()
    with _engine(name, seconds, soffice) as convert:
        while (message := receive(sys.stdin.buffer)) is not None:
            kind, body = message
            made = _answer(convert, kind, body, name)
            try:
                send(sys.stdout.buffer, kind, pickle.dumps(made, pickle.HIGHEST_PROTOCOL))
            except BrokenPipeError:
                break
    if os.getppid() != parent:  # it was killed and could not clear up
        shutil.rmtree(os.path.dirname(os.environ["FONTCONFIG_FILE"]), ignore_errors=True)  # noqa: PTH120


if __name__ == "__main__":
    main(*sys.argv[1:])
