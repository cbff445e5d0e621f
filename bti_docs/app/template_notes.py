"""Copies of faulty templates with a Word comment at each place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bti_docs.app.office import Office
from bti_docs.app.template_check import CheckedTemplate
from bti_docs.app.template_problem import TemplateProblem
from bti_docs.app.writing import write_new
from bti_docs.errors import MergeError
from bti_docs.merge.lint.annotate import Note, annotate

Lines = Callable[[TemplateProblem], tuple[str, ...]]
"""What a comment says of a problem."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """A faulty template, and the copy that tells of its faults; None when it cannot be opened."""

    file: str
    copy: Path | None


def write_annotated(
    office: Office, checked: Iterable[CheckedTemplate], folder: Path, lines: Lines
) -> Iterator[Annotated]:
    """Write a copy of each template that something is said of to *folder*, under its own name.

    Raises:
        InputError: a file of that name with other contents is there, or the folder is in the
            archive, the inbox or among the templates.
    """
    for one in checked:
        if one.problems:
            copy = _with_comments(one, lines)
            if copy is not None:
                write_new(office, folder / one.file, copy)
            yield Annotated(one.file, None if copy is None else folder / one.file)


def _with_comments(one: CheckedTemplate, lines: Lines) -> bytes | None:
    try:
        return annotate(one.content, [Note(p.place, lines(p)) for p in one.problems])
    except MergeError:
        return None
