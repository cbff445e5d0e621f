"""The race: documents per processor second, beside docxtpl and the fastest engines there are.

    python3 dev.py bench                      with the peers that are installed
    BTI_BENCH_PEERS=DIR … merging.py          peers from DIR/venv and DIR/node_modules
    .venv/bin/python benchmarks/merging.py --short    a slice, as the tests run it

Nothing is installed. To race all of them: `python3 -m venv DIR/venv`, `DIR/venv/bin/pip install
docx-mailmerge2 rust-docxtpl`, `npm install --prefix DIR docxtemplater pizzip easy-template-x
carbone`; isal is raced when it is importable. All make the same letter (`_letter.py`) of the same
records, each as its README says, in turns, in processes of their own; the best turn counts.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing import active_children
from pathlib import Path
from tempfile import TemporaryDirectory

from _letter import JINJA, letter, record, records
from _race import DOCXTPL, OTHERS, OURS, PLACE, Runner, race, runners
from _same import same_letters
from docxtpl import DocxTemplate

from bti_docs.merge import Template
from bti_docs.merge.bulk import Outcome, bulk, process_pool

GOALS = {"ours, zlib": (150, 30), "ours, blocks packed beforehand": (300, 30)}
"""How many times docxtpl, and how many times the fastest peer."""
PAGE = 4096


@dataclass(frozen=True, slots=True)
class Length:
    """How long everything takes."""

    rounds: int
    seconds: float
    """Processor time of a turn."""
    turn: int
    """Documents a turn at most."""
    rows: int
    many: int
    """Records for the memory's sake."""
    sample: int
    """Documents compared with docxtpl's."""
    converted: int
    """Documents converted by LibreOffice."""


WHOLE = Length(5, 1.0, turn=1_000, rows=5_000, many=100_000, sample=100, converted=5)
SHORT = Length(2, 0.2, turn=45, rows=200, many=1_000, sample=5, converted=0)


def main(words: Sequence[str]) -> None:
    """Measure and print."""
    short = "--short" in words
    length = SHORT if short else WHOLE
    with TemporaryDirectory(prefix="bti-bench-") as folder:
        show_race(length, Path(folder), peers=not short)
    show_validity(length)
    show_long_table(length.rows)
    show_growth(length)
    show_bulk(length)


def show_race(length: Length, folder: Path, *, peers: bool) -> None:
    """Docs per CPU second, and how many times docxtpl and the fastest peer."""
    engines = [DOCXTPL, *OURS, *(OTHERS if peers else ())]
    with runners(engines, records(1_000), folder) as (found, missing):
        race(found, length.rounds, length.seconds, length.turn)
        docxtpl = next(one.best for one in found if one.engine is DOCXTPL)
        fastest = min((one for one in found if not one.engine.ours), key=lambda one: one.best)
        heading("engine", "docs/CPU-s", "× docxtpl", "× fastest peer", "kB")
        for one in found:
            show_engine(one, docxtpl, fastest.best)
    print(f"fastest peer: {fastest.engine.name}")
    for engine in missing if peers else ():
        print(f"not raced: {engine.name} (not here; see {PLACE} in this script)")


def show_engine(one: Runner, docxtpl: float, fastest: float) -> None:
    """One line of the race, with its goals."""
    goals = GOALS.get(one.engine.name)
    beside = f"   goals {goals[0]}× and {goals[1]}×" if goals else ""
    name = f"{one.engine.name} {'' if one.engine.ours else one.version}"
    ratios = f"{docxtpl / one.best:>15.1f}{fastest / one.best:>15.1f}"
    print(f"{name:<40}{1 / one.best:>15.1f}{ratios}{one.size / 1000:>15.1f}{beside}")


def show_validity(length: Length) -> None:
    """That what was raced is right."""
    heading("validity", "of", "right")
    for name, count, right in same_letters(letter(JINJA), records(length.sample), length.converted):
        print(f"{name:<40}{count:>15}{right:>15}")


def show_long_table(rows: int) -> None:
    """One document with a long table."""
    content, one = letter(JINJA), record(rows)
    template = Template.open(content)
    ours = best_of(3, lambda: template.render(one))
    theirs = best_of(1, lambda: docxtpl_render(content, one))
    heading(f"a table of {rows:,} rows", "CPU-s", "× ours")
    print(f"{'ours':<40}{ours:>15.3f}{1:>15.1f}")
    print(f"{'docxtpl':<40}{theirs:>15.3f}{theirs / ours:>15.1f}")


def show_growth(length: Length) -> None:
    """What more pages, rows and records cost: linear when the last column stays the same."""
    heading("growth", "µs", "µs each")
    usual = record(8)
    for pages in (2, 10, 50):
        template = Template.open(letter(JINJA, pages))
        show_cost(f"{pages} pages", pages, best_of(5, partial(template.render, usual)))
    template = Template.open(letter(JINJA))
    for rows in sorted({10, 100, 1_000, length.rows}):
        long = record(rows)
        show_cost(f"{rows:,} rows", rows, best_of(3, partial(template.render, long)))
    for count in (length.turn // 5, length.turn, length.turn * 5):
        some = records(count)
        show_cost(f"{count:,} records", count, best_of(2, partial(each, template, some)))
    marked = records(length.turn, marked=1)
    name = f"{length.turn:,} records with & and < in each"
    show_cost(name, length.turn, best_of(2, partial(each, template, marked)))


def show_cost(name: str, count: int, seconds: float) -> None:
    """One line: all of it, and one of so many."""
    print(f"{name:<40}{seconds * 1e6:>15,.0f}{seconds * 1e6 / count:>15,.1f}")


def show_bulk(length: Length) -> None:
    """Many records over processes: how fast, and how much memory on the way."""
    template, some = Template.open(letter(JINJA)), records(1_000)
    started, step = time.perf_counter(), length.many // 10
    heading("bulk over processes", "docs/s", "MB in all", "MB here")

    def write(outcome: Outcome) -> None:
        if outcome.number % step == 0:
            speed = outcome.number / (time.perf_counter() - started)
            workers = [process.pid for process in active_children()]
            here = resident(["self"])
            name = f"{outcome.number:,} records"
            whole = here + resident(workers)
            print(f"{name:<40}{speed:>15,.0f}{whole / 1e6:>15.1f}{here / 1e6:>15.1f}", flush=True)

    endless = (some[number % len(some)] for number in range(length.many))
    bulk(template, endless, write, executor=process_pool)


def resident(processes: Iterable[object]) -> int:
    """The bytes of memory that the processes hold, where Linux says so."""
    files = [Path(f"/proc/{process}/statm") for process in processes]
    return sum(int(one.read_text().split()[1]) * PAGE for one in files if one.exists())


def each(template: Template, some: Iterable[dict[str, object]]) -> None:
    """Render each."""
    for one in some:
        template.render(one)


def docxtpl_render(content: bytes, one: dict[str, object]) -> bytes:
    """As its README says."""
    template = DocxTemplate(io.BytesIO(content))
    template.render(one, autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def best_of(rounds: int, work: Callable[[], object]) -> float:
    """CPU seconds of the best of some runs."""
    costs = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        costs.append(time.process_time() - started)
    return min(costs)


def heading(*words: str) -> None:
    """A table's first line."""
    print(f"\n{words[0]:<40}" + "".join(f"{word:>15}" for word in words[1:]))


if __name__ == "__main__":
    main(sys.argv[1:])
