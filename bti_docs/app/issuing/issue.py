"""The use case: check everything, then make every letter, then one heap to print."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final

from bti_docs.app.cases import change_case, ensure_series, open_case
from bti_docs.app.issuing.known import Slot
from bti_docs.app.issuing.making import Maker, Paper
from bti_docs.app.issuing.plan import Plan, Wish, plan_batch
from bti_docs.app.issuing.writing import file_name, write_papers
from bti_docs.app.office import Office
from bti_docs.app.outgoing import heap_of
from bti_docs.app.relay import refresh_logs
from bti_docs.core.events import OFFICE, Act
from bti_docs.core.intake import check
from bti_docs.core.model import Case
from bti_docs.core.problems import Problem
from bti_docs.core.raw import RawInput
from bti_docs.core.references import ALPHABET, Reference

ROUND: Final = 16
"""Documents that are written and synced together. A kill loses at most one round's work."""

Progress = Callable[[int, int], None]
"""Told (done, of all) as documents are made."""


@dataclass(frozen=True, slots=True)
class Issued:
    """One document that was made."""

    ref: str
    case_id: str
    type: str
    language: str
    recipient: str | None
    set: str
    docx: str
    pdf: str
    pages: int
    due: date | None


@dataclass(frozen=True, slots=True)
class IssueResult:
    """What a batch came to."""

    batch: str = ""
    heap: Path | None = None
    issued: tuple[Issued, ...] = ()
    problems: tuple[Problem, ...] = ()
    skipped: int = 0
    opened: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop a row."""
        return tuple(p for p in self.problems if p.severity == "error")


def issue(
    office: Office,
    raw: RawInput,
    *,
    check_only: bool = False,
    only: str | None = None,
    replace_changed: bool = False,
    skip_invalid: bool = False,
    progress: Progress | None = None,
) -> IssueResult:
    """Check everything first, then make everything; with problems nothing is made.

    Interrupted at any instant, the same call again makes what is missing and nothing twice.
    """
    library = office.library
    checked = check(
        raw, library.manifests(), library.case_manifest(), office.profile,
        office.settings.language, case=only,
    )  # fmt: skip
    plan = plan_batch(office, checked, replace=replace_changed, only=only)
    found = IssueResult(problems=plan.problems, skipped=plan.skipped)
    if check_only or (found.errors and not skip_invalid):
        return found
    if not plan.wishes and not plan.slots:
        return replace(found, heap=_heap_again(office, plan))
    return _carried_out(office, plan, raw.identity, progress)


def _carried_out(
    office: Office, plan: Plan, identity: str, progress: Progress | None
) -> IssueResult:
    cases = {slot.id: _settled_slot(office, slot) for slot in plan.slots}
    opened = tuple(cases[slot.id].chain for slot in plan.slots if slot.new)
    batch = start_batch(office, identity, len(plan.wishes)) if plan.wishes else ""
    work = [(wish, _case_of(office, wish, cases)) for wish in plan.wishes]
    issued, problems = _made(office, work, batch, progress)
    refresh_logs(office, [case.chain for _, case in work] + list(opened))
    heap = heap_of(office, batch, office.index.refs_of_batch(batch)) if batch else None
    return IssueResult(batch, heap, issued, (*plan.problems, *problems), plan.skipped, opened)


def _settled_slot(office: Office, slot: Slot) -> Case:
    """Open or change a case, so that its number is known before anything is printed."""
    if slot.series:
        return ensure_series(office, slot.series)
    if slot.case is None and slot.entry and slot.record:
        return open_case(office, slot.record, slot.entry.key)
    if slot.case and slot.changed and slot.record:
        return change_case(office, slot.case, slot.record)
    raise ValueError(slot.id)


def _case_of(office: Office, wish: Wish, cases: dict[str, Case]) -> Case:
    slot = wish.slot
    if slot.id in cases:
        return cases[slot.id]
    if slot.case is None:
        raise ValueError(slot.id)
    return office.case(slot.case.chain)


def start_batch(office: Office, identity: str, count: int) -> str:
    """A batch's neutral name, `B-2026-11-22-7K3M`, told to the office's own chain."""
    going_on = unfinished_batch(office, identity)
    if going_on:
        return going_on
    name = "".join(ALPHABET[secrets.randbelow(len(ALPHABET))] for _ in range(4))
    batch = f"B-{office.today.isoformat()}-{name}"
    codes = {"batch": batch, "count": count}
    office.note(Act("batch", office.actor, codes=codes, payload={"input": identity}))
    return batch


def unfinished_batch(office: Office, identity: str) -> str | None:
    """The batch of the same input that was stopped before all of it was made."""
    for entry in reversed(office.archive.history(OFFICE)):
        event, payload = entry.event, entry.payload or {}
        if event.kind == "batch" and payload.get("input") == identity:
            batch = str(event.codes.get("batch"))
            made = len(office.index.refs_of_batch(batch))
            return batch if made < int(event.codes.get("count", 0)) else None
    return None


def _made(
    office: Office,
    work: Sequence[tuple[Wish, Case]],
    batch: str,
    progress: Progress | None,
) -> tuple[tuple[Issued, ...], tuple[Problem, ...]]:
    sets: dict[str, str] = {}
    issued: list[Issued] = []
    problems: list[Problem] = []
    made = zip(Maker(office).make(work), (case for _, case in work), strict=True)
    for papers in _rounds(made, problems):
        fresh = [(paper, office.case(case.chain)) for paper, case in papers]
        write_papers(office, fresh, batch=batch, sets=sets)
        issued += [_shown(office, paper, case, sets) for paper, case in fresh]
        if progress:
            progress(len(issued) + len(problems), len(work))
    return tuple(issued), tuple(problems)


def _rounds(
    made: Iterable[tuple[Paper | Problem, Case]], problems: list[Problem]
) -> Iterator[list[tuple[Paper, Case]]]:
    def papers() -> Iterator[tuple[Paper, Case]]:
        for paper, case in made:
            if isinstance(paper, Problem):
                problems.append(paper)
            else:
                yield paper, case

    stream = papers()
    while chunk := list(islice(stream, ROUND)):
        yield chunk


def _shown(office: Office, paper: Paper, case: Case, sets: dict[str, str]) -> Issued:
    outbox = office.settings.outbox
    return Issued(
        ref=paper.ref,
        case_id=case.chain,
        type=paper.wish.manifest.type,
        language=paper.wish.language,
        recipient=paper.wish.letter.recipient,
        set=sets[paper.wish.entry.key],
        docx=str(outbox / file_name(office, paper, "docx")),
        pdf=str(outbox / file_name(office, paper, "pdf")),
        pages=paper.pages,
        due=paper.due,
    )


def _heap_again(office: Office, plan: Plan) -> Path | None:
    """Nothing was made; the heap of what is there is put in the outbox again."""
    if not plan.known:
        return None
    _, document = office.document(Reference(plan.known[0]))
    refs = office.index.refs_of_batch(document.batch)
    return heap_of(office, document.batch, refs) if refs else None
