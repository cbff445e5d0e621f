"""Where things lie in an archive of format 1, and which names are allowed. No disk here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from bti_docs.core.events import OFFICE, ChainId
from bti_docs.errors import ArchiveError

MARKER: Final = "bti-archive.toml"
CASES: Final = "saker"
SERIES: Final = "serier"
TEMPLATES: Final = "maler"
TRAY: Final = "til-avklaring"
HEAPS: Final = "bunker"
DAYS: Final = "dager"
DOCUMENTS: Final = "dokumenter"
EVENTS: Final = "hendelser"
PAYLOADS: Final = "data"
MANIFEST: Final = "manifest-sha256.txt"
LOG: Final = "stafettlogg.html"
FOLDERS: Final = (OFFICE, CASES, SERIES, TEMPLATES, TRAY, HEAPS, DAYS)
"""The folders that every archive has."""
DERIVED: Final = frozenset({MANIFEST, LOG})
"""Files in a chain's folder that are made from the chain and rewritten."""

_CASE: Final = re.compile(r"(\d{4})-(\d{4,6})")
_SERIES: Final = re.compile(r"(?=.{3,40}\Z)[A-Z][A-Z0-9]*(-[A-Z0-9]+)+")
_FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,118}[A-Za-z0-9]")
_ID_NUMBER: Final = re.compile(r"(?<!\d)\d{11}(?!\d)")
_DIGEST: Final = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])")
"""A SHA-256, in which eleven digits may follow each other by chance: in one of 22 they do."""
_WORD: Final = re.compile(r"[\x21-\x7e]{0,100}")
_DIGITS: Final = 6
_LITTER: Final = re.compile(r"(?i)thumbs\.db|desktop\.ini|\.ds_store|\._.*|~\$.*|\.~lock\..*")


def is_case(chain: str) -> bool:
    """Whether *chain* is a case's number, `2026-0147`."""
    return _CASE.fullmatch(chain) is not None


def is_chain(chain: str) -> bool:
    """Whether *chain* can name a chain at all."""
    return chain == OFFICE or is_case(chain) or _SERIES.fullmatch(chain) is not None


def chain_folder(root: Path, chain: ChainId) -> Path:
    """The folder of a case, a series or the office.

    Raises:
        ArchiveError: *chain* is not a name a chain can have.
    """
    if chain == OFFICE:
        return root / OFFICE
    if is_case(chain):
        return root / CASES / chain
    if is_chain(chain):
        return root / SERIES / chain
    raise ArchiveError("chain_name_bad")


def chain_order(chain: str) -> tuple[int, int, str]:
    """Cases by year and number, then series, then the office."""
    match = _CASE.fullmatch(chain)
    if match:
        return 0, int(match[1] + match[2].zfill(6)), chain
    return (2 if chain == OFFICE else 1), 0, chain


def case_id(year: int, number: int) -> ChainId:
    """`2026-0147`; from ten thousand on the number has five digits."""
    return ChainId(f"{year:04d}-{number:04d}")


def case_number(name: str, year: int) -> int:
    """The number in a case folder's name, 0 when it is another year's or no case."""
    match = _CASE.fullmatch(name)
    return int(match[2]) if match and int(match[1]) == year else 0


def event_name(n: int) -> str:
    """`000017.json`."""
    return f"{n:0{_DIGITS}d}.json"


def event_number(name: str) -> int | None:
    """The number in an event file's name; None when it is not one."""
    stem, _, suffix = name.partition(".")
    is_one = suffix == "json" and len(stem) == _DIGITS and stem.isascii() and stem.isdigit()
    return int(stem) if is_one else None


def payload_name(digest: str) -> str:
    """A payload is named by its own hash."""
    return f"{digest}.json"


def check_name(name: str) -> str:
    """Pass a file name on that is neutral ASCII of at most 120 characters.

    Raises:
        ArchiveError: it is not; the name is not quoted, since it may be a person's.
    """
    if not _FILE.fullmatch(name) or ".." in name:
        raise ArchiveError("file_name_bad", length=len(name))
    return name


def document_path(path: str) -> PurePosixPath:
    """Check a path out of a payload, `dokumenter/2026-11-22_SAM_7K3MQ2XP_utstedt.pdf`.

    Raises:
        ArchiveError: it leads anywhere else than into the chain's documents.
    """
    folder, _, name = path.partition("/")
    if folder != DOCUMENTS:
        raise ArchiveError("document_path_bad")
    return PurePosixPath(folder, check_name(name))


def check_neutral(key: str, value: object) -> None:
    """Let only small neutral values into an event, since it can never be put right later.

    Raises:
        ArchiveError: a text with a space, a letter outside ASCII or eleven digits, a fraction, or
            anything but numbers, such texts, and lists and tables of them.
    """
    match value:
        case None | bool() | int():
            return
        case str() if _WORD.fullmatch(value) and not _ID_NUMBER.search(_DIGEST.sub("", value)):
            return
        case Mapping():
            children: Iterable[Any] = (*value.keys(), *value.values())
        case list() | tuple():
            children = value
        case _:
            raise ArchiveError("event_not_neutral", key=key)
    for child in children:
        check_neutral(key, child)


def is_litter(name: str) -> bool:
    """Files that systems and word processors leave behind: neither ours nor anybody's."""
    return _LITTER.fullmatch(name) is not None
