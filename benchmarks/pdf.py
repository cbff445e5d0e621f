"""PDFs a second: our two pools beside one batch of LibreOffice over the same files.

    python3 dev.py bench
    .venv/bin/python benchmarks/pdf.py --long     beside it, 204 documents

Every round runs each way once, in turn, so that a machine whose speed drifts is fair to all; the
ratios are medians over the rounds. Wall time is what a person waits; processor time is what it
costs. The batch is run with a profile that has been used, as a person's has, and with a new one,
which takes longer. LibreOffice's lines are missing where it is not installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from _office import cpu_seconds, figure

from bti_docs.core.references import ArchiveName, Reference
from bti_docs.merge import print_form, visible_texts
from bti_docs.pdf import Converter, Engine, PrintCopy, PrintJob

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.paper_samples import FOLDER, case, filled, making, manifest, values

WORKERS = 2
ROUNDS = 5
COPIES, LONG = 6, 17
BATCH = "one LibreOffice batch"
Timing = tuple[float, float]


def sample_jobs(copies: int) -> list[PrintJob]:
    """Every shipped template filled, *copies* times, each with other words."""
    jobs = []
    for number in range(copies):
        for path in sorted(FOLDER.glob("*.docx")):
            code, language, _ = path.name.split(".")
            record = None if manifest(code).chain == "serie" else case()
            made = filled(
                making(code, language, record), values(code, words=f"svar nummer {number} ")
            )
            docx = print_form(made)
            labels: dict[str, str] = {}
            archive, ref = ArchiveName("K7QM"), Reference("7K3MQ2XP")
            jobs.append(
                PrintJob(docx, visible_texts(docx), labels, archive, ref, "Testdokument", language)
            )
    return jobs


def timed(work: Callable[[], object]) -> Timing:
    """Wall and processor seconds of one run."""
    wall, processor = time.perf_counter(), cpu_seconds()
    work()
    return time.perf_counter() - wall, cpu_seconds() - processor


def one_batch(jobs: list[PrintJob], soffice: str, profile: Path | None = None) -> None:
    """What an office would do without us: one program over all the files."""
    with TemporaryDirectory(prefix="bti-bench-", ignore_cleanup_errors=True) as folder:
        paths = []
        for number, job in enumerate(jobs):
            path = Path(folder, f"{number}.docx")
            path.write_bytes(job.docx)
            paths.append(str(path))
        user = f"-env:UserInstallation={(profile or Path(folder, 'profile')).as_uri()}"
        words = ["--headless", "--norestore", user, "--convert-to", "pdf", "--outdir", folder]
        subprocess.run(  # noqa: S603  (LibreOffice, on our own files)
            [soffice, *words, *paths],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if len(list(Path(folder).glob("*.pdf"))) != len(jobs):
            raise AssertionError


def by_pool(engine: Engine, jobs: list[PrintJob]) -> None:
    """Converted by our pool, started and ended."""
    with Converter(engine, workers=WORKERS) as converter:
        for made in converter.convert_many(job.docx for job in jobs):
            assert isinstance(made, bytes)


def print_copies(jobs: list[PrintJob]) -> None:
    """Converted, found whole, stamped, PDF/A-2b."""
    with Converter(workers=WORKERS) as converter:
        for made in converter.print_copies(jobs):
            assert isinstance(made, PrintCopy), made


def ways(jobs: list[PrintJob], used: Path) -> dict[str, Callable[[], object]]:
    """The ways to make the PDFs, by name; *used* is a profile that LibreOffice has made."""
    found: dict[str, Callable[[], object]] = {
        "dxpdf pool": lambda: by_pool("dxpdf", jobs),
        "dxpdf pool, checked, stamped, PDF/A": lambda: print_copies(jobs),
    }
    soffice = shutil.which("soffice")
    if soffice is not None:
        one_batch(jobs[:1], soffice, used)
        found["LibreOffice pool"] = lambda: by_pool("libreoffice", jobs)
        found[BATCH] = lambda: one_batch(jobs, soffice, used)
        found[f"{BATCH}, new profile"] = lambda: one_batch(jobs, soffice)
    return found


def main(words: Sequence[str]) -> None:
    """Measure and print."""
    jobs = sample_jobs(COPIES)
    show_race(jobs)
    if "--long" in words:
        show_race(sample_jobs(LONG))
    parts = [jobs[: len(jobs) // share] for share in (4, 2, 1)]
    for part in parts:
        seconds = timed(partial(print_copies, part))[1]
        figure(f"print copies, {len(part)} documents", seconds / len(part) * 1000, "ms CPU each")


def show_race(jobs: list[PrintJob]) -> None:
    """What a document costs by each way, and how many times faster than the batch it is."""
    figure("documents", len(jobs))
    with TemporaryDirectory(prefix="bti-bench-", ignore_cleanup_errors=True) as folder:
        all_ways = ways(jobs, Path(folder))
        rounds = [{name: timed(way) for name, way in all_ways.items()} for _ in range(ROUNDS)]
    for name in rounds[0]:
        figure(name, median(times[name][0] for times in rounds) / len(jobs) * 1000, "ms wall")
        figure("", median(times[name][1] for times in rounds) / len(jobs) * 1000, "ms CPU")
    for batch in (BATCH, f"{BATCH}, new profile"):
        for name, ratio in ratios(rounds, batch):
            figure(f"{batch} / {name}", ratio, "× (wall)")


def ratios(rounds: list[dict[str, Timing]], batch: str) -> Iterator[tuple[str, float]]:
    """How many times faster than the batch each pool is, round by round."""
    for name in rounds[0]:
        if batch in rounds[0] and not name.startswith(BATCH):
            yield name, median(times[batch][0] / times[name][0] for times in rounds)


if __name__ == "__main__":
    main(sys.argv[1:])
