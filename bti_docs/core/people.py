"""What is checked about people: identity numbers, the same child twice, protected addresses.

An identity number is never quoted, and neither sex nor birth date is read from it: from 2032 the
numbers no longer tell (Skatteetaten, «Nytt fødselsnummer fra 2032»).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bti_docs.core.records import CaseRecord, Child, Guardian

_LENGTH: Final = 11
_FIRST_WEIGHTS: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND_WEIGHTS: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_FIRST_REMAINDERS: Final = frozenset({0, 1, 2, 3})
"""0 in the numbers given out before 2032; 1, 2 and 3 as well in the series that follow."""


def id_number_fault(digits: str) -> str | None:
    """What is wrong with a fødselsnummer, D-number, H-number or synthetic number.

    Args:
        digits: the number without spaces.

    Returns:
        None when both check calculations hold, otherwise `id_number_ten_digits` (Excel has dropped
        a leading zero), `id_number_length` or `id_number_check`.
    """
    if not (digits.isascii() and digits.isdigit()) or len(digits) != _LENGTH:
        ten = digits.isascii() and digits.isdigit() and len(digits) == _LENGTH - 1
        return "id_number_ten_digits" if ten else "id_number_length"
    numbers = [int(digit) for digit in digits]
    first = sum(w * n for w, n in zip(_FIRST_WEIGHTS, numbers, strict=False)) % 11
    second = sum(w * n for w, n in zip(_SECOND_WEIGHTS, numbers, strict=True)) % 11
    if first in _FIRST_REMAINDERS and second == 0 and any(numbers):
        return None
    return "id_number_check"


def child_marks(child: Child) -> Iterator[str]:
    """What makes two rows the same child: the number, or full name and birth date."""
    if child.id_number:
        yield f"number:{child.id_number}"
    if child.birth_date:
        name = " ".join(child.name.casefold().split())
        yield f"name:{name}:{child.birth_date:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A filled cell that tells where somebody with a protected address is."""

    guardian: int | None
    """The guardian's place in the list, from 0; None: the child's own row."""
    key: str
    """The field's key, `barn.skole` or a guardian's `adresse`."""


_ADDRESS: Final = (("address", "adresse"), ("postcode", "postnr"), ("town", "poststed"))
_SCHOOL: Final = (("school", "skole"), ("class_group", "klasse"))


def disclosures(case: CaseRecord) -> Iterator[Disclosure]:
    """The filled cells that must be empty when an address in the case is protected.

    A guardian's protected address also keeps the child's own address out, and that of guardians of
    the same household, since they may live there.
    """
    if case.protected:
        yield from _filled_by_child(case.child, _ADDRESS)
    if case.child.protection != "ingen":
        yield from _filled_by_child(case.child, _SCHOOL)
    protected_homes = {g.household for g in case.guardians if g.protection != "ingen"} - {""}
    for index, guardian in enumerate(case.guardians):
        if guardian.protection != "ingen" or guardian.household in protected_homes:
            yield from _filled_by_guardian(index, guardian)


def _filled_by_child(child: Child, pairs: tuple[tuple[str, str], ...]) -> Iterator[Disclosure]:
    return (Disclosure(None, f"barn.{key}") for name, key in pairs if getattr(child, name))


def _filled_by_guardian(index: int, guardian: Guardian) -> Iterator[Disclosure]:
    return (Disclosure(index, key) for name, key in _ADDRESS if getattr(guardian, name))


def strictly_confidential(case: CaseRecord) -> Iterator[int | None]:
    """Who has a strictly confidential address (kode 6): None for the child, else the guardian."""
    if case.child.protection == "strengt_fortrolig":
        yield None
    for index, guardian in enumerate(case.guardians):
        if guardian.protection == "strengt_fortrolig":
            yield index
