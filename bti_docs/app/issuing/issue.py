"""The use case: check everything, then make every letter, then one heap to print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final

from bti_docs.app.approvals import require_approved
from bti_docs.app.cases import change_case, ensure_series, open_case
from bti_docs.app.issuing.batches import end_batch, heaps_again, start_batch
from bti_docs.app.issuing.checks import LEFT_OUT
from bti_docs.app.issuing.known import Slot
from bti_docs.app.issuing.making import Maker, Paper
from bti_docs.app.issuing.plan import Plan, plan_batch, with_numbers
from bti_docs.app.issuing.row import Wish
from bti_docs.app.issuing.selecting import rows_of_case, without_prefilled
from bti_docs.app.issuing.writing import Writer, file_name, write_replaced
from bti_docs.app.office import Office
from bti_docs.app.relay import refresh_logs
from bti_docs.core.events import ChainId
from bti_docs.core.intake import Checked, check
from bti_docs.core.model import Case
from bti_docs.core.problems import Place, Problem
from bti_docs.core.raw import RawInput

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
    changed: tuple[str, ...] = ()
    """Cases of which something new is known."""
    heaps: tuple[Path, ...] = ()
    """All heaps that hold what the input has made; `heap` is the newest."""

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
    office.require_known()
    rows = without_prefilled(office, raw)
    if only is not None:
        rows = rows_of_case(office, rows, ChainId(only))
        stray = _stray_case(office, rows, ChainId(only))
        if stray:
            return IssueResult(problems=(stray,))
    checked = _checked(office, rows, only)
    alone = only is not None or len(rows.documents) == 1
    plan = plan_batch(office, checked, replace=replace_changed, only=only, alone=alone)
    unknown = office.say(office.settings.language)("new_case_number")
    shown = with_numbers(plan.problems, {}, unknown)
    found = IssueResult(problems=shown, skipped=plan.skipped)
    if not skip_invalid and any(p.code not in LEFT_OUT for p in found.errors):
        return found
    require_approved(office, sorted({(wish.manifest.type, wish.language) for wish in plan.wishes}))
    if check_only:
        return found
    return _carried_out(office, plan, raw.identity, progress)


def _checked(office: Office, rows: RawInput, only: str | None) -> Checked:
    """The rows checked; a row that names no case is of the one that was asked for."""
    library = office.library
    return check(
        rows, library.manifests(), library.case_manifest(), office.profile,
        office.settings.language, on=office.today, case=only,
    )  # fmt: skip


def _stray_case(office: Office, rows: RawInput, only: ChainId) -> Problem | None:
    """Why nothing can be made for the one case that was asked for."""
    if not office.archive.exists(only):
        return Problem("only_unknown_case", Place(), {"case": only})
    if not rows.cases and not rows.documents:
        return Problem("only_no_rows", Place(), {"case": only})
    return None


def _carried_out(
    office: Office, plan: Plan, identity: str, progress: Progress | None
) -> IssueResult:
    cases = {slot.id: _settled_slot(office, slot) for slot in plan.slots}
    write_replaced(office, plan.unmarked)
    refresh_logs(office, [case.chain for case in cases.values()])
    numbers = {place: cases[slot].chain for place, slot in plan.opening.items() if slot in cases}
    found = IssueResult(
        problems=with_numbers(plan.problems, numbers, ""),
        skipped=plan.skipped,
        opened=tuple(cases[slot.id].chain for slot in plan.slots if slot.new),
        changed=tuple(cases[slot.id].chain for slot in plan.slots if not slot.new),
    )
    made = _made(office, plan, cases, identity, progress)
    found = replace(found, problems=(*found.problems, *made.problems))
    heaps = _heaps(office, made.batch) if made.batch else heaps_again(office, identity, plan.known)
    newest = next(iter(heaps), None)
    return replace(found, batch=made.batch, issued=made.issued, heap=newest, heaps=heaps)


def _heaps(office: Office, batch: str) -> tuple[Path, ...]:
    heap = end_batch(office, batch)
    return (heap,) if heap else ()


def _settled_slot(office: Office, slot: Slot) -> Case:
    """Open or change a case, so that its number is known before anything is printed."""
    if slot.series:
        return ensure_series(office, slot.series)
    if slot.case is None and slot.entry and slot.record:
        return open_case(office, slot.record, slot.entry.key)
    if slot.case and slot.changed and slot.record:
        return change_case(office, slot.case, slot.record)
    raise ValueError(slot.id)


def _work(office: Office, plan: Plan, cases: Mapping[str, Case]) -> tuple[tuple[Wish, Case], ...]:
    """Each letter with the case it goes into, opened by now; every case is read once."""
    known = {**cases}
    for wish in plan.wishes:
        if wish.slot.id not in known:
            if wish.slot.case is None:
                raise ValueError(wish.slot.id)
            known[wish.slot.id] = office.case(wish.slot.case.chain)
    return tuple((wish, known[wish.slot.id]) for wish in plan.wishes)


@dataclass(frozen=True, slots=True)
class _Made:
    """What came of a plan's letters; no batch when there was none to make, or none could be."""

    batch: str = ""
    issued: tuple[Issued, ...] = ()
    problems: tuple[Problem, ...] = ()


def _made(
    office: Office,
    plan: Plan,
    cases: Mapping[str, Case],
    identity: str,
    progress: Progress | None,
) -> _Made:
    """Make the letters; the batch is begun when the first of them are."""
    work = _work(office, plan, cases)
    if not work:
        return _Made()
    writer: Writer | None = None
    issued: list[Issued] = []
    problems: list[Problem] = []
    made = zip(Maker(office).make(work), (case for _, case in work), strict=True)
    for papers in _rounds(made, problems):
        if writer is None:
            writer = Writer(office, start_batch(office, identity, len(work)), dict(plan.sets))
        issued += [_shown(office, paper, case, writer.sets) for paper, case in writer.write(papers)]
        if progress:
            progress(len(issued), len(work))
    return _Made(writer.batch if writer else "", tuple(issued), tuple(problems))


def _rounds(
    made: Iterable[tuple[Paper | Problem, Case]], problems: list[Problem]
) -> Iterator[list[tuple[Paper, Case]]]:
    def papers() -> Iterator[tuple[Paper, Case]]:
        for paper, case in made:
            if isinstance(paper, Problem):
                problems.append(paper)
                continue
            problems.extend(_too_long(paper))
            yield paper, case

    stream = papers()
    while chunk := list(islice(stream, ROUND)):
        yield chunk


def _too_long(paper: Paper) -> Iterator[Problem]:
    """A paper that has grown over what its manifest wants is made, and said."""
    most = paper.wish.manifest.max_pages
    if most and paper.pages > most:
        params = {"pages": paper.pages, "most": most}
        yield Problem("too_long", paper.wish.entry.place, params, "warning")


def _shown(office: Office, paper: Paper, case: Case, sets: Mapping[str, str]) -> Issued:
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
