"""Documents issued per processor second, beside plain docxtpl rendering and writing the same.

    python3 dev.py bench

The last two lines are what to follow over time: how many times the work of one plain render a
document costs that is checked, given a code, stamped, archived and put in a heap.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from _office import Job, cpu_seconds, figure, issue_workbook, renders_seen, throw_away_office
from docxtpl import DocxTemplate
from jinja2 import Environment


def timed(work: Callable[[], object]) -> float:
    """Processor seconds of one run."""
    start = cpu_seconds()
    work()
    return cpu_seconds() - start


def main() -> None:
    """Measure and print."""
    with throw_away_office() as (office, story):
        with renders_seen() as jobs:
            whole = timed(lambda: issue_workbook(office, story))
        templates = office.settings.templates
        with TemporaryDirectory(prefix="bti-bench-") as folder:
            word = timed(lambda: write_ours(jobs, Path(folder)))
            plain = timed(lambda: write_plain(jobs, templates, Path(folder)))
    count = len(jobs)
    figure("documents", count)
    figure("issued, whole chain with PDF", count / whole, "per CPU-s")
    figure("Word files only", count / word, "per CPU-s")
    figure("plain docxtpl", count / plain, "per CPU-s")
    figure("ratio: Word file only / plain docxtpl", word / plain)
    figure("ratio: whole chain with PDF / plain docxtpl", whole / plain)


def write_ours(jobs: list[Job], folder: Path) -> None:
    """Render every document with the merge engine and write it."""
    for number, (template, values, how) in enumerate(jobs):
        (folder / f"{number}.docx").write_bytes(template.render(values, **how))


def write_plain(jobs: list[Job], templates: Path, folder: Path) -> None:
    """Render every document with docxtpl as its own documentation does, and write it."""
    for number, (_, values, how) in enumerate(jobs):
        name = f"{how['properties']['BTI-type']}.{values['dok']['maalform']}.docx"
        template = DocxTemplate(templates / name)
        template.render(dict(values), plain_environment(), autoescape=True)
        template.save(folder / f"{number}.docx")


def plain_environment() -> Environment:
    """Jinja2 with the templates' filters as the cheapest thing that runs."""
    environment = Environment(autoescape=True)
    for name in ("dato", "dato_lang", "dato_dag", "kl", "tall", "liste", "linjer", "fnr"):
        environment.filters[name] = str
    return environment


if __name__ == "__main__":
    main()
