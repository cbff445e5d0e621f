"""The office's own list of issuers: certificates in a folder, and the day the list is of.

No list is fetched, and the operating system's is never asked: what the office trusts is what
somebody has laid there, and how old that is can be seen.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath
from typing import Final

from bti_docs import files

DATED: Final = "liste.toml"
"""Holds `dato = 2026-11-01`, the day of the list, and may say in `kilde` where it is from."""
_ENDINGS: Final = frozenset({".pem", ".crt", ".cer", ".der"})


@dataclass(frozen=True, slots=True)
class TrustList:
    """Certificates (DER) that a chain may end in."""

    anchors: tuple[bytes, ...] = ()
    day: date | None = None
    unread: tuple[str, ...] = ()
    """Names of files that hold no certificate."""


def read_trust(folder: Path | None) -> TrustList:
    """The list in *folder*; an empty one where there is none. Broken files are named, not used."""
    if folder is None or not folder.is_dir():
        return TrustList()
    anchors: dict[bytes, None] = {}
    unread = []
    for name in files.listing(folder):
        if PurePath(name).suffix.lower() in _ENDINGS:
            found = _certificates(files.read(folder / name) or b"")
            anchors |= dict.fromkeys(found)
            unread += [] if found else [name]
    return TrustList(tuple(anchors), _day(files.read(folder / DATED)), tuple(unread))


def _certificates(data: bytes) -> tuple[bytes, ...]:
    """Those in a file, DER or any number in PEM; none when one is broken."""
    from asn1crypto import pem, x509  # noqa: PLC0415  (few files are signed; the program starts fast)

    try:
        bodies = [b for _, _, b in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        for body in bodies:
            _ = x509.Certificate.load(body, strict=True).subject.native
    except (ValueError, TypeError):
        return ()
    return tuple(bodies)


def _day(data: bytes | None) -> date | None:
    try:
        said = tomllib.loads((data or b"").decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    day = said.get("dato")
    return day if type(day) is date else None
