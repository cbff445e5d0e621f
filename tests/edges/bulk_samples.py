"""Records for the tests of bulk merging: sound, refused, and of the kind that ends a worker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from bti_docs.merge import Template, visible_texts
from bti_docs.merge.bulk import Outcome, Refused, Rendered
from tests.edges.docx_samples import docx, p

SENTINEL = "Ola-Vaktpost-Eksempel"
"""Stands in every record and may stand in no log."""


class EndsWorker:
    """A value that ends the process which unpacks it."""

    def __reduce__(self) -> tuple[Any, tuple[int]]:
        return os._exit, (9,)


def template() -> Template:
    return Template.open(docx(p("Hei {{ navn }}") + p("{{ tekst }}"), header=p("Nr. {{ nr }}")))


def record(number: int) -> dict[str, object]:
    return {"navn": f"{SENTINEL} {number}", "tekst": "Vi møtes på skolen. " * 20, "nr": number}


def records(count: int, **odd: object) -> Iterator[dict[str, object]]:
    """Sound ones; `_7=value` gives the seventh that name, and None takes its name away."""
    for number in range(1, count + 1):
        one = record(number)
        if f"_{number}" in odd:
            one["navn"] = odd[f"_{number}"]
            if one["navn"] is None:
                del one["navn"]
        yield one


def assert_whole(found: list[Outcome], count: int, refused: dict[int, str] | None = None) -> None:
    """Each record has one outcome, in order, and it is its own."""
    refused = refused or {}
    assert [one.number for one in found] == list(range(1, count + 1))
    for one in found:
        if isinstance(one, Refused):
            assert one.error.code == refused[one.number]
        else:
            assert one.number not in refused
            assert f"Hei {SENTINEL} {one.number}" in visible_texts(one.content)


def documents(found: list[Outcome]) -> list[bytes]:
    return [one.content for one in found if isinstance(one, Rendered)]
