"""References, archive names, and the code that is printed on every page.

A page code is `BTI1/K7QM/7K3MQ2XP/2/3/C8`: format, archive, reference, page, pages, check.
It is at most 29 characters of the QR alphanumeric set, so it fits a version 2-Q symbol
(measured: 30 characters jump to version 3). It holds no personal data.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NewType

Reference = NewType("Reference", str)
"""Eight Crockford base32 characters, `7K3MQ2XP`; shown to people as `7K3M-Q2XP`."""

ArchiveName = NewType("ArchiveName", str)
"""Four Crockford base32 characters that tell one municipality's archive from another's."""

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O or U, so nobody has to guess."""

MAX_PAGES: Final = 99
CODE_FORMAT: Final = "BTI1"
_NAME_LENGTH: Final = 4
_LOOKALIKES: Final = str.maketrans("ILO", "110")
_CODE: Final = re.compile(
    rf"BTI1/([{ALPHABET}]{{4}})/([{ALPHABET}]{{8}})/(\d{{1,2}})/(\d{{1,2}})/([{ALPHABET}]{{2}})"
)


@dataclass(frozen=True, slots=True)
class PageCode:
    """What one printed code says. Page 0 of 0 is a Word file's page-less code."""

    archive: ArchiveName
    reference: Reference
    page: int
    pages: int

    def text(self) -> str:
        """The characters that go into the symbol, with their check."""
        body = f"{CODE_FORMAT}/{self.archive}/{self.reference}/{self.page}/{self.pages}"
        return f"{body}/{check_characters(body)}"


def is_archive_name(text: str) -> bool:
    """Whether *text* is four characters that an archive can be called."""
    return len(text) == _NAME_LENGTH and set(text) <= set(ALPHABET)


def page_codes(archive: ArchiveName, reference: Reference, pages: int) -> tuple[str, ...]:
    """The text of every page's code, from the first page to the last."""
    return tuple(PageCode(archive, reference, n, pages).text() for n in range(1, pages + 1))


def check_characters(body: str) -> str:
    """Two characters from CRC-32 modulo 1024: catches typing errors and foreign symbols."""
    value = binascii.crc32(body.encode("ascii")) % 1024
    return ALPHABET[value // 32] + ALPHABET[value % 32]


def parse_page_code(text: str) -> PageCode | None:
    """Read a symbol's text; None when it is not one of ours or its check is wrong."""
    match = _CODE.fullmatch(text)
    if match is None:
        return None
    archive, reference, page, pages, check = match.groups()
    if check != check_characters(text.rpartition("/")[0]):
        return None
    numbers = int(page), int(pages)
    if numbers[0] > numbers[1]:
        return None
    return PageCode(ArchiveName(archive), Reference(reference), *numbers)


def show_reference(reference: Reference) -> str:
    """`7K3MQ2XP` as people read it: `7K3M-Q2XP`."""
    return f"{reference[:4]}-{reference[4:]}"


def parse_reference(text: str) -> Reference | None:
    """Read a reference as a person types it; None when it cannot be one."""
    plain = text.strip().upper().replace("-", "").replace(" ", "").translate(_LOOKALIKES)
    if len(plain) == 8 and all(c in ALPHABET for c in plain):  # noqa: PLR2004  (the length above)
        return Reference(plain)
    return None


def make_reference(random_bits: Callable[[int], int]) -> Reference:
    """A new reference; *random_bits* gives that many random bits (`secrets.randbits`)."""
    return Reference(_characters(random_bits(40), 8))


def make_archive_name(random_bits: Callable[[int], int]) -> ArchiveName:
    """A new archive's name from *random_bits*."""
    return ArchiveName(_characters(random_bits(20), 4))


def _characters(value: int, length: int) -> str:
    return "".join(ALPHABET[value >> 5 * i & 31] for i in reversed(range(length)))
