"""Bulk merging: a window of chunks under way, outcomes in order, dead workers made good."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import closing
from itertools import chain, islice
from typing import Final

from bti_docs.errors import MergeError
from bti_docs.merge.bulk.crew import Crew, crew_of, processors
from bti_docs.merge.bulk.jobs import Chunk, Job, Outcome, Refused, Rendered, Tally, chunks_of
from bti_docs.merge.bulk.worker import Sealed, get_ready, render_chunk, render_sealed
from bti_docs.merge.template import Template

CHUNK: Final = 32
"""Records that travel together: enough that the way costs little, few enough to lose again."""
HERE: Final = 4_096
"""Up to so many records are merged in this process: sooner done than workers are started."""

Executors = Executor | Callable[[], Executor] | None
Underway = tuple[Chunk, "Future[Sealed]"]


def bulk(
    template: Template,
    records: Iterable[Mapping[str, object] | Job],
    write: Callable[[Outcome], object],
    *,
    executor: Executors = None,
    chunk: int = CHUNK,
    ahead: int | None = None,
    refuse_unknown: bool = True,
) -> Tally:
    """Merge every record, and hand its outcome to *write*: in order, each exactly once.

    *write* runs in this thread. When it raises, or Ctrl-C comes, the workers are dismissed and
    what was written is the first part of the whole. For the rest see `outcomes`.
    """
    rendered = refused = 0
    made = outcomes(
        template,
        records,
        executor=executor,
        chunk=chunk,
        ahead=ahead,
        refuse_unknown=refuse_unknown,
    )
    with closing(made):
        for outcome in made:
            write(outcome)
            rendered += isinstance(outcome, Rendered)
            refused += isinstance(outcome, Refused)
    return Tally(rendered, refused)


def outcomes(
    template: Template,
    records: Iterable[Mapping[str, object] | Job],
    *,
    executor: Executors = None,
    chunk: int = CHUNK,
    ahead: int | None = None,
    refuse_unknown: bool = True,
) -> Generator[Outcome, None, None]:
    """The outcome of each record, in order, made only a window ahead of who asks.

    Args:
        template: Travels as its bytes, and is compiled once in each worker.
        records: Read as needed; they must be picklable.
        executor: An executor (a Dask cluster's `Client.get_executor()` is one), or a way to get
            one: it is asked again when workers die, which an executor that is merely given cannot
            make good if it breaks for ever, as pools of processes do. Without one, few records are
            merged here and many by `process_pool`; a script then needs the usual
            `if __name__ == "__main__"`.
        chunk: How many records travel together.
        ahead: How many chunks are under way at most; otherwise three for each processor here.
        refuse_unknown: As `Template.render`.

    Raises:
        ValueError: *chunk* is no number of records.
        MergeError: `tpl_has_errors`; `workers_lost` when workers die without any record in them.
            A record's own failure is its outcome, and its error never holds a value.
    """
    _refuse(template, chunk)
    chunks = chunks_of(records, chunk)
    if executor is None:
        few = list(islice(chunks, -(-HERE // chunk) + 1))
        chunks = chain(few, chunks)
        if processors() == 1 or len(few) * chunk <= HERE:
            for one in chunks:
                yield from render_chunk(template, one, refuse_unknown=refuse_unknown)
            return
    window = ahead or 3 * processors()
    with closing(_Run(template, crew_of(executor), refuse_unknown=refuse_unknown)) as run:
        yield from run.outcomes(chunks, window)


def _refuse(template: Template, chunk: int) -> None:
    if chunk < 1:
        raise ValueError(chunk)
    errors = [problem for problem in template.problems if problem.severity == "error"]
    if errors:
        raise MergeError("tpl_has_errors", count=len(errors), first=errors[0].code)


class _Run:
    """One bulk merge over a crew."""

    def __init__(self, template: Template, crew: Crew, *, refuse_unknown: bool) -> None:
        self._template = Sealed(template)
        self._crew = crew
        self._refuse_unknown = refuse_unknown
        self._executor = crew.recruit()
        self._underway: deque[Underway] = deque()

    def close(self) -> None:
        """Call back what is under way, and dismiss the crew."""
        for _, future in self._underway:
            future.cancel()
        self._crew.dismiss(self._executor)

    def outcomes(self, chunks: Iterator[Chunk], window: int) -> Iterator[Outcome]:
        """The chunks' outcomes in order, with at most *window* chunks under way."""
        while True:
            for chunk in islice(chunks, window - len(self._underway)):
                self._underway.append((chunk, self._send(chunk)))
            if not self._underway:
                return
            chunk, future = self._underway.popleft()
            try:
                done = future.result()
            except self._crew.lost:
                self._renew()
                yield from self._alone(chunk)
                yield from self._rest_alone()
            else:
                yield from done.open()

    def _send(self, chunk: Chunk) -> Future[Sealed]:
        try:
            return self._executor.submit(
                render_sealed, self._template, Sealed(chunk), refuse_unknown=self._refuse_unknown
            )
        except BrokenExecutor as error:  # a worker died since: the same as if it had died later
            failed: Future[Sealed] = Future()
            failed.set_exception(error)
            return failed

    def _rest_alone(self) -> Iterator[Outcome]:
        """Finish what was under way when a worker died, before anything new is sent."""
        while self._underway:
            chunk, future = self._underway.popleft()
            try:
                done = future.result()
            except self._crew.lost:
                yield from self._alone(chunk)
            else:
                yield from done.open()

    def _alone(self, chunk: Chunk) -> Iterator[Outcome]:
        """A chunk whose worker died once more, with nothing beside it.

        When a worker dies again, this chunk is the reason: its halves are tried, down to one
        record.
        """
        try:
            done = self._send(chunk).result()
        except self._crew.lost:
            self._renew()
            if len(chunk.jobs) == 1:
                yield Refused(chunk.first, MergeError("record_ends_worker"))
                return
            for half in chunk.halves():
                yield from self._alone(half)
        else:
            yield from done.open()

    def _renew(self) -> None:
        """See that there are living workers again: a pool that broke for ever is replaced."""
        if self._is_ready():
            return
        self._crew.dismiss(self._executor)
        self._executor = self._crew.recruit()
        if not self._is_ready():
            raise MergeError("workers_lost")

    def _is_ready(self) -> bool:
        try:
            self._executor.submit(get_ready, self._template).result()
        except self._crew.lost:
            return False
        return True
