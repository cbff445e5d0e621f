"""What the benchmarks share: a throw-away office, its workbook, and the processor's clock."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bti_docs import files
from bti_docs.app.demo.place import new_office
from bti_docs.app.demo.story import Story, read_story
from bti_docs.app.demo.typist import typed_workbook
from bti_docs.app.input import read_batch, workbook_bytes
from bti_docs.app.issuing import IssueResult, issue
from bti_docs.app.office import Office
from bti_docs.merge import Template

Job = tuple[Template, Mapping[str, Any], dict[str, Any]]


@contextmanager
def throw_away_office() -> Iterator[tuple[Office, Story]]:
    """An office of the demo's municipality, and the demo's story."""
    story = read_story()
    with TemporaryDirectory(prefix="bti-bench-", ignore_cleanup_errors=True) as folder:
        office = new_office(Path(folder) / "kontor", story.week.monday)
        with office:
            yield office, story


def issue_workbook(office: Office, story: Story) -> IssueResult:
    """Issue the demo's first workbook."""
    path = office.settings.root / "bench.xlsx"
    blank = workbook_bytes(office)
    files.rewrite(office.disk, path, typed_workbook(office, blank, story))
    return issue(office, read_batch(office, path, None))


def cpu_seconds() -> float:
    """Processor time so far, that of finished worker processes included."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def figure(name: str, value: float, unit: str = "") -> None:
    """Print one line."""
    print(f"{name:<58}{value:>10.2f} {unit}".rstrip())


@contextmanager
def renders_seen() -> Iterator[list[Job]]:
    """Every call of `Template.render` while the block runs."""
    seen: list[Job] = []
    real = Template.render

    def render(self: Template, values: Mapping[str, Any], **how: Any) -> bytes:  # noqa: ANN401
        seen.append((self, values, how))
        return real(self, values, **how)

    Template.render = render  # type: ignore[method-assign, assignment]
    try:
        yield seen
    finally:
        Template.render = real  # type: ignore[method-assign]
