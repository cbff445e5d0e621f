"""What a batch will make: new cases, letters, and what is there already. Writes nothing.

A row's identity is its workbook, sheet and number. The same identity with the same values makes
nothing; with other values it is shown as changed and made again only when that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bti_docs.app.issuing.comparing import find_slots
from bti_docs.app.issuing.known import Slot, Slots
from bti_docs.app.issuing.row import RowPlan, Wish
from bti_docs.app.office import Office
from bti_docs.core.events import ChainId
from bti_docs.core.intake import Checked, DocumentEntry
from bti_docs.core.intake_dates import ABOUT_NEW
from bti_docs.core.problems import Place, Problem


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a batch would do, and everything that is wrong with it."""

    slots: tuple[Slot, ...] = ()
    """Cases that are to be opened or changed."""
    wishes: tuple[Wish, ...] = ()
    problems: tuple[Problem, ...] = ()
    skipped: int = 0
    """Letters that were made before, with the same values."""
    known: tuple[str, ...] = field(default=())
    """The references of those."""
    sets: Mapping[str, str] = field(default_factory=dict)
    """What the papers of a row that are there already have in common, by the row's key."""
    unmarked: tuple[tuple[ChainId, str, str], ...] = ()
    """Letters (case, old, new) that were replaced, and no event tells so: the run was stopped."""
    opening: Mapping[Place, str] = field(default_factory=dict)
    """The slot of each row whose case is to be opened, by the row's place."""


def plan_batch(
    office: Office, checked: Checked, *, replace: bool, only: str | None, alone: bool
) -> Plan:
    """Plan every letter of *checked*.

    Args:
        office: where.
        checked: the rows that are in order, and what is wrong with the others.
        replace: whether changes are to be made, and not only shown.
        only: the case whose rows are meant; None: all.
        alone: whether somebody has asked for just this case, or for just one document.
    """
    slots, problems = find_slots(office, checked, replace=replace)
    rows: list[RowPlan] = []
    found = _Problems([*checked.problems, *problems])
    for entry in checked.documents:
        slot = slots.of(entry)
        if only is not None and (slot is None or slot.number != only):
            continue
        if slot is None:
            found.add_without_case(entry, slots)
        elif slot.broken:
            found.add_to_confirm(entry, slot)
        if slot is not None:
            rows.append(RowPlan(office, entry, slot, replace=replace, alone=alone))
            rows[-1].plan()
            found.problems += rows[-1].problems
    known = tuple(document for row in rows for document in row.known)
    return Plan(
        tuple(slot for slot in slots.touched() if only in (None, slot.number)),
        tuple(wish for row in rows for wish in row.wishes),
        tuple(_worth_saying(found.problems, rows)),
        len(known),
        tuple(document.ref for document in known),
        {row.entry.key: document.set for row in rows for document in row.known},
        tuple(unmarked for row in rows for unmarked in row.unmarked()),
        {row.entry.place: row.slot.id for row in rows if row.slot.new},
    )


class _Problems:
    """The problems so far; that a case's own row is no good is said once a case."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        self._told: set[str] = set()

    def add_without_case(self, entry: DocumentEntry, slots: Slots) -> None:
        """Say why the row has no case, unless another row of the same case has said it."""
        name = entry.case_key or entry.case_id or ""
        own_row = slots.failed(entry) or entry.case_key is not None
        if own_row and name not in self._told:
            self.problems.append(Problem("case_has_errors", entry.place))
        elif not own_row:
            params = {"case": name}
            self.problems.append(Problem("unknown_case_number", entry.place, params))
        self._told.add(name)

    def add_to_confirm(self, entry: DocumentEntry, slot: Slot) -> None:
        """Say that the row waits for somebody to confirm what has changed in its case."""
        if slot.id not in self._told:
            params = {"case": slot.number}
            self.problems.append(Problem("case_to_confirm", entry.place, params, "warning"))
        self._told.add(slot.id)


def _worth_saying(problems: Iterable[Problem], rows: Iterable[RowPlan]) -> Iterator[Problem]:
    """Without warnings of days that have passed since the row's letters were made."""
    made = {(r.entry.place.sheet, r.entry.place.row) for r in rows if r.known and not r.wishes}
    for problem in problems:
        if problem.code in ABOUT_NEW and (problem.place.sheet, problem.place.row) in made:
            continue
        yield problem


def with_numbers(
    problems: Sequence[Problem], numbers: Mapping[Place, str], unknown: str
) -> tuple[Problem, ...]:
    """The problems with the numbers of cases that had none when the batch was planned.

    Args:
        problems: those of a plan; a blank number stands for a case to be opened.
        numbers: the number of the case by its row's place, for the cases that were opened.
        unknown: what is written instead of a number that nobody knows yet.
    """
    return tuple(
        _with_number(problem, numbers.get(problem.place, ""), unknown)
        if problem.params.get("case") == ""
        else problem
        for problem in problems
    )


def _with_number(problem: Problem, number: str, unknown: str) -> Problem:
    code = problem.code.removesuffix("_new") if number else problem.code
    return replace(problem, code=code, params={**problem.params, "case": number or unknown})
