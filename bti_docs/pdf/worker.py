"""The process that runs dxpdf: a document in on stdin, a PDF or a refusal out on stdout.

It stands alone (imports nothing of the program) so that it starts fast, sees only the fonts that
its environment names, and may crash without harm. Every message is one byte that says what it is
(`d` document, `p` PDF, `e` error), eight bytes of length, and the bytes.
"""

from __future__ import annotations

import signal
import struct
import sys
from typing import BinaryIO, Final

HEADER: Final = struct.Struct(">cQ")
DOCUMENT: Final = b"d"
PDF: Final = b"p"
ERROR: Final = b"e"


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


def _answer(document: bytes) -> tuple[bytes, bytes]:
    import dxpdf  # noqa: PLC0415  (its fonts are looked up when it is first used)

    try:
        return PDF, dxpdf.convert(document)
    except (RuntimeError, ValueError, OSError) as error:
        return ERROR, type(error).__name__.encode()


def main() -> None:
    """Answer until stdin is closed. Ctrl-C is for the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while (message := receive(sys.stdin.buffer)) is not None:
        send(sys.stdout.buffer, *_answer(message[1]))


if __name__ == "__main__":
    main()
