"""What the benchmarks share: a throw-away office, its workbook, and the processor's clock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bti_docs import files
from bti_docs.app.demo.place import new_office
from bti_docs.app.demo.story import Story, read_story
from bti_docs.app.demo.typist import typed_workbook
from bti_docs.app.input import read_batch, workbook_bytes
from bti_docs.app.issuing import IssueResult, issue
from bti_docs.app.office import Office


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
