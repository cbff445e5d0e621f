"""One run of a plan: round after round, letters are made, archived, logged and copied out.

A round's papers are written and synced together, and then let go of: what a run needs of memory
does not grow with the bytes it makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final

from bti_docs.app.issuing.batches import (
    Batch,
    copy_out,
    end_batch,
    end_unbroken_batch,
    heaps_again,
    start_batch,
)
from bti_docs.app.issuing.making import Maker, Paper
from bti_docs.app.issuing.plan import Plan, with_numbers
from bti_docs.app.issuing.settled import SettledCases
from bti_docs.app.issuing.writing import Writer, documents_of, file_name, write_replaced
from bti_docs.app.office import Office
from bti_docs.core.events import ChainId
from bti_docs.core.problems import Problem

ROUND: Final = 16
"""Documents with PDFs that are written and synced together. A kill loses at most their work."""
WORD_ROUND: Final = 512
"""Word files that are: as many as are made in about a second."""

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
    pdf: str | None
    """None when it was issued as a Word file only."""
    pages: int
    """0 without a PDF: nobody has counted them."""
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


@dataclass(frozen=True, slots=True)
class Run:
    """What was asked of one run."""

    identity: str
    """The input's own."""
    progress: Progress | None
    pdf: bool


@dataclass(slots=True)
class _Made:
    """What has come of a plan's letters so far."""

    batch: Batch | None = None
    """None when there was nothing to make, or nothing could be."""
    issued: list[Issued] = field(default_factory=list)
    replacing: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def carry_out(office: Office, plan: Plan, run: Run) -> IssueResult:
    """Open and change the plan's cases, and make its letters."""
    cases = SettledCases(office, plan)
    write_replaced(office, plan.unmarked, cases)
    made = _made(office, plan, cases, run)
    cases.finish()
    opening = plan.opening.items()
    numbers = {place: cases.chains[slot] for place, slot in opening if slot in cases.chains}
    heaps = _heaps(office, made, run, plan)
    return IssueResult(
        batch=made.batch.name if made.batch else "",
        heap=next(iter(heaps), None),
        issued=tuple(made.issued),
        problems=(*with_numbers(plan.problems, numbers, ""), *made.problems),
        skipped=plan.skipped,
        opened=tuple(cases.chains[slot.id] for slot in plan.slots if slot.new),
        changed=tuple(cases.chains[slot.id] for slot in plan.slots if not slot.new),
        heaps=heaps,
    )


def _heaps(office: Office, made: _Made, run: Run, plan: Plan) -> tuple[Path, ...]:
    batch = made.batch
    if batch is None:
        return heaps_again(office, run.identity, plan.known)
    if batch.resumed:
        heap = end_batch(office, batch.name)
    else:
        heap = end_unbroken_batch(office, batch.name, made.replacing, to_print=run.pdf)
    return (heap,) if heap else ()


def _made(office: Office, plan: Plan, cases: SettledCases, run: Run) -> _Made:
    """Make the letters; the batch is begun when the first of them are."""
    found = _Made()
    writer: Writer | None = None
    papers = Maker(office, pdf=run.pdf).make((wish, cases.of(wish)) for wish in plan.wishes)
    for some in _rounds(papers, found.problems, ROUND if run.pdf else WORD_ROUND):
        if writer is None:
            found.batch = start_batch(office, run.identity, len(plan.wishes))
            writer = Writer(office, found.batch.name, dict(plan.sets), cases)
        written = writer.write(some)
        cases.written(paper.wish for paper in some)
        copy_out(office, (d for paper, _ in written for d in documents_of(office, paper)))
        found.issued += (_shown(office, *item, writer.sets) for item in written)
        found.replacing += (paper.ref for paper, _ in written if paper.wish.replaces)
        if run.progress:
            run.progress(len(found.issued), len(plan.wishes))
    return found


def _rounds(
    made: Iterable[Paper | Problem], problems: list[Problem], size: int
) -> Iterator[Sequence[Paper]]:
    def papers() -> Iterator[Paper]:
        for paper in made:
            if isinstance(paper, Problem):
                problems.append(paper)
                continue
            problems.extend(_too_long(paper))
            yield paper

    stream = papers()
    while chunk := tuple(islice(stream, size)):
        yield chunk


def _too_long(paper: Paper) -> Iterator[Problem]:
    """A paper that has grown over what its manifest wants is made, and said."""
    most = paper.wish.manifest.max_pages
    if most and paper.pages > most:
        params = {"pages": paper.pages, "most": most}
        yield Problem("too_long", paper.wish.entry.place, params, "warning")


def _shown(office: Office, paper: Paper, chain: ChainId, sets: Mapping[str, str]) -> Issued:
    outbox = office.settings.outbox
    return Issued(
        ref=paper.ref,
        case_id=chain,
        type=paper.wish.manifest.type,
        language=paper.wish.language,
        recipient=paper.wish.letter.recipient,
        set=sets[paper.wish.entry.key],
        docx=str(outbox / file_name(office, paper, "docx")),
        pdf=None if paper.pdf is None else str(outbox / file_name(office, paper, "pdf")),
        pages=paper.pages,
        due=paper.due,
    )
