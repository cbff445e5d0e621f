"""What a worker does. Its arguments are sealed: whoever logs them shows nothing of a person."""

from __future__ import annotations

import pickle
import secrets
from functools import lru_cache
from typing import Any, Final

from bti_docs.errors import MergeError
from bti_docs.merge.bulk.jobs import Chunk, Job, Outcome, Refused, Rendered
from bti_docs.merge.template import Template

_TEMPLATES_KEPT: Final = 4


class Sealed:
    """A value as bytes, whose text says nothing: schedulers log arguments when a task fails.

    Two are equal when their bytes are, so a worker finds the template that it has already opened.
    """

    __slots__ = ("_content",)

    def __init__(self, value: object) -> None:
        self._content: Final = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)

    def open(self) -> Any:  # noqa: ANN401  (whatever was sealed)
        """The value."""
        return pickle.loads(self._content)  # noqa: S301  (our own bytes)

    def __repr__(self) -> str:
        """Nothing about what is inside."""
        return "<sealed>"

    def __dask_tokenize__(self) -> str:
        """A cluster names tasks by their arguments; a hash of values could be guessed back."""
        return secrets.token_hex()

    def __eq__(self, other: object) -> bool:
        """Whether the other holds the same bytes."""
        return isinstance(other, Sealed) and self._content == other._content

    def __hash__(self) -> int:
        """Of the bytes."""
        return hash(self._content)


def render_sealed(template: Sealed, chunk: Sealed, *, refuse_unknown: bool) -> Sealed:
    """Render a chunk in a worker: the sealed outcomes, in order."""
    engine = _opened(template)
    return Sealed(render_chunk(engine, chunk.open(), refuse_unknown=refuse_unknown))


def render_chunk(template: Template, chunk: Chunk, *, refuse_unknown: bool) -> list[Outcome]:
    """Render a chunk: an outcome a record, in order."""
    numbered = enumerate(chunk.jobs, start=chunk.first)
    return [_outcome(template, number, job, refuse_unknown) for number, job in numbered]


def get_ready(template: Sealed) -> None:
    """Open the template; that this returns shows that the worker lives."""
    _opened(template)


def _outcome(template: Template, number: int, job: Job, refuse_unknown: bool) -> Outcome:  # noqa: FBT001  (a setting handed on)
    try:
        content = template.render(
            job.data,
            pictures=job.pictures,
            properties=job.properties,
            refuse_unknown=refuse_unknown,
        )
    except MergeError as error:
        return Refused(number, error.with_traceback(None))
    return Rendered(number, content)


@lru_cache(maxsize=_TEMPLATES_KEPT)
def _opened(template: Sealed) -> Template:
    # the one thing a worker process keeps between chunks: compiling takes as long as 100 records
    found = template.open()
    assert isinstance(found, Template)  # noqa: S101  (for the type checker)
    return found
