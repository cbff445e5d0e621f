"""What goes into a bulk merge, and what comes out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, islice

from bti_docs.errors import MergeError


@dataclass(frozen=True, slots=True)
class Job:
    """One record, with what belongs to its document alone. See `Template.render`."""

    data: Mapping[str, object] = field(repr=False)
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    properties: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A record that became a document."""

    number: int
    """The record's place among the records, from 1."""
    content: bytes = field(repr=False)
    """The docx: the same bytes wherever it was made."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that did not: values that do not fit, or that end the process which holds them."""

    number: int
    error: MergeError


Outcome = Rendered | Refused


@dataclass(frozen=True, slots=True)
class Tally:
    """How a bulk merge ended."""

    rendered: int
    refused: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Neighbouring records that travel together."""

    first: int
    jobs: tuple[Job, ...]

    def halves(self) -> tuple[Chunk, Chunk]:
        """The same records as two chunks; of two records or more."""
        middle = len(self.jobs) // 2
        return (
            Chunk(self.first, self.jobs[:middle]),
            Chunk(self.first + middle, self.jobs[middle:]),
        )


def chunks_of(records: Iterable[Mapping[str, object] | Job], size: int) -> Iterator[Chunk]:
    """The records in chunks, read only as far as asked."""
    jobs = (one if isinstance(one, Job) else Job(one) for one in records)
    for number in count(1, size):
        taken = tuple(islice(jobs, size))
        if not taken:
            return
        yield Chunk(number, taken)
