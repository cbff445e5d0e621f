"""Protected addresses in a case: who is inside the protected home, and what would open it. Pure.

A protection is set and lifted by a person only; an import may raise it and never lower it
(users.md rule 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bti_docs.core.events import Json
from bti_docs.core.people import disclosures
from bti_docs.core.records import CaseRecord, Child, Guardian, Protection

CHILD: Final = "barn"
_STRICTNESS: Final[Mapping[Protection, int]] = {
    "ingen": 0, "klientadresse": 1, "fortrolig": 2, "strengt_fortrolig": 3,
}  # fmt: skip
_GUARDIAN_LETTER: Final = "f"


def lowered(known: CaseRecord, said: CaseRecord) -> tuple[int | None, ...]:
    """Whose protection *said* would lower or leave out: None for the child, else the guardian.

    A guardian is known by name; one who is spelt otherwise, or is not there any more, has lost it.
    """
    found: list[int | None] = []
    if _is_lower(known.child.protection, [said.child.protection]):
        found.append(None)
    for index, guardian in enumerate(known.guardians):
        now = [g.protection for g in said.guardians if _folded(g.name) == _folded(guardian.name)]
        if _is_lower(guardian.protection, now):
            found.append(index)
    return tuple(found)


def outside_protected_home(
    child: Child, guardians: Mapping[str, Guardian], codes: Iterable[str]
) -> tuple[str, ...]:
    """Those of *codes* who are guardians without protection where somebody else is protected.

    Whoever shares the household mark of a protected guardian lives in the protected home.
    """
    hidden = [g for g in guardians.values() if g.protection != "ingen"]
    if child.protection == "ingen" and not hidden:
        return ()
    homes = {g.household.casefold() for g in hidden} - {""}
    return tuple(
        code
        for code in codes
        if (guardian := guardians.get(code)) is not None
        and guardian.protection == "ingen"
        and guardian.household.casefold() not in homes
    )


def maybe_in_protected_home(record: CaseRecord) -> Iterator[int]:
    """Guardians with a full address and no mark, where only the child's address is protected."""
    if record.child.protection == "ingen" or any(
        guardian.protection != "ingen" for guardian in record.guardians
    ):
        return
    for index, guardian in enumerate(record.guardians):
        if guardian.address:
            yield index


def guardian_codes(people: Mapping[str, Json]) -> tuple[str, ...]:
    """The guardians' codes in the order of the record's guardians."""
    return tuple(c for c in people if c[0] == _GUARDIAN_LETTER and c[1:].isdigit())


def with_protection(record: CaseRecord, who: int | None, level: Protection) -> CaseRecord:
    """The record with one person's protection set: None for the child, else the guardian.

    What tells where a protected person is goes out of the record in the same act.
    """
    if who is None:
        child = record.child.model_copy(update={"protection": level})
        return _undisclosed(record.model_copy(update={"child": child}))
    guardians = list(record.guardians)
    guardians[who] = guardians[who].model_copy(update={"protection": level})
    return _undisclosed(record.model_copy(update={"guardians": tuple(guardians)}))


def _undisclosed(record: CaseRecord) -> CaseRecord:
    body = record.norwegian()
    for told in disclosures(record):
        owner = body["barn"] if told.guardian is None else body["foresatte"][told.guardian]
        owner[told.key.rpartition(".")[2]] = ""
    return CaseRecord.model_validate(body)


def _is_lower(known: Protection, now: Iterable[Protection]) -> bool:
    levels = [_STRICTNESS[level] for level in now]
    return _STRICTNESS[known] > min(levels, default=0)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
