"""Issuing a long workbook as Word files, beside writing the same bytes to the same tree.

    python3 benchmarks/bulk_issue.py            a few hundred records
    python3 benchmarks/bulk_issue.py --full     10,000 records, and memory at three times as many

A is the whole command from the open workbook on: check, plan, open the cases, fill the Word files,
archive, log, copy out. B makes the same folders and files with the same bytes, as plainly as Python
can, and makes them durable once a round as A does. They take turns; the medians are compared.
Nothing is deleted before the last turn: ext4 passes over inodes deleted within the last minutes one
by one, which makes the next turn's files several times as dear. At 10,000 it takes 10 GB of disk.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from _bulk import long_workbook
from _office import cpu_seconds, figure, renders_seen, throw_away_office

from bti_docs import files
from bti_docs.app.input import read_batch
from bti_docs.app.issuing import issue
from bti_docs.app.issuing.run import WORD_ROUND
from bti_docs.app.opening import open_office
from bti_docs.files import Disk

FEW, FULL, TIMES = 500, 10_000, 5
_FILES_A_RECORD: Final = 10
MEGABYTE: Final = 1024 * 1024


def main() -> None:
    """Measure and print."""
    asked = _asked()
    if asked.peak:
        _print_peak(asked.peak[0], asked.peak[1])
        return
    count = asked.count or (FULL if asked.full else FEW)
    with throw_away_office() as (office, _), TemporaryDirectory(prefix="bti-bench-") as folder:
        base, book = office.settings.root, Path(folder) / "lang.xlsx"
        office.index.close()
        with open_office(base) as opened:
            book.write_bytes(long_workbook(opened, count))
        _compare(base, book, Path(folder), count, asked.times)
        if asked.full:
            _memory(base, Path(folder), book, count)


def _compare(base: Path, book: Path, folder: Path, count: int, repeats: int) -> None:
    """A and B in turns, and what reading and merging take of A."""
    ours: list[float] = []
    plain: list[float] = []
    read: list[float] = []
    merged: list[float] = []
    worked: list[tuple[float, float]] = []
    for number in range(repeats):
        root = folder / f"a{number}"
        shutil.copytree(base, root)
        before = set(_tree(root))
        os.sync()
        gc.collect()
        with open_office(root) as office:
            begun, start = cpu_seconds(), perf_counter()
            raw = read_batch(office, book, None)
            read.append(perf_counter() - start)
            start = perf_counter()
            made = issue(office, raw, pdf=False)
            ours.append(perf_counter() - start + read[-1])
            work = cpu_seconds() - begun
        assert len(made.issued) == count, made.problems[:3]
        del raw, made
        rounds = _contents(root, [path for path in _tree(root) if path not in before])
        begun = cpu_seconds()
        plain.append(_write_plainly(folder / f"b{number}", rounds))
        worked.append((work, cpu_seconds() - begun))
        if not merged:
            merged.append(_merging(base, folder, book))
    figure("records", count)
    _report(count, ours, plain, worked)
    figure("reading the workbook", median(read), "s")
    figure("merging its documents", merged[0], "s")
    figure("ratio reading / merging", median(read) / merged[0])


def _report(
    count: int, ours: list[float], plain: list[float], worked: list[tuple[float, float]]
) -> None:
    figure("A: read, check, issue, archive", median(ours), "s")
    figure("   a record", median(ours) / count * 1000, "ms")
    figure("B: write the same plainly", median(plain), "s")
    figure("ratio A / B", median(ours) / median(plain))
    print("   A", *(f"{a:.2f}" for a in ours), "  B", *(f"{b:.2f}" for b in plain))
    for name, times in zip("AB", zip(*worked, strict=True), strict=True):
        figure(f"{name}: processor", median(times), "s")


def _tree(root: Path) -> Iterator[Path]:
    """Every folder and file below *root*, in the order they can be made."""
    for place, folders, names in os.walk(root):
        folders.sort()
        here = Path(place).relative_to(root)
        yield from (here / name for name in (*folders, *sorted(names)))


Item = tuple[str, bytes | None]
"""A folder (None) or a file with its bytes."""


def _contents(root: Path, new: Iterable[Path]) -> list[Item]:
    return [(str(p), None if (root / p).is_dir() else (root / p).read_bytes()) for p in new]


def _write_plainly(root: Path, items: list[Item]) -> float:
    """Make folders and files, durable once a round; the seconds it takes."""
    for name, data in items:
        if data is None:
            continue
        (root / name).parent.parent.mkdir(parents=True, exist_ok=True)
        break
    disk, stream = Disk(), iter(items)
    root.mkdir(parents=True, exist_ok=True)
    os.sync()
    gc.collect()
    start = perf_counter()
    while some := tuple(islice(stream, WORD_ROUND * _FILES_A_RECORD)):
        folders = _plain_round(root, some)
        disk.sync_folders(folders)
    return perf_counter() - start


def _plain_round(root: Path, items: Iterable[Item]) -> list[Path]:
    folders: dict[str, None] = {}
    top = str(root)
    for name, data in items:
        path = f"{top}/{name}"
        parent = path.rpartition("/")[0]
        if parent not in folders:
            os.makedirs(parent, exist_ok=True)  # noqa: PTH103  (as fast as can be)
            folders[parent] = None
        if data is None:
            os.makedirs(path, exist_ok=True)  # noqa: PTH103
            continue
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        os.write(descriptor, data)
        os.close(descriptor)
    return [Path(folder) for folder in folders]


def _merging(base: Path, folder: Path, book: Path) -> float:
    """Seconds that filling the same Word files takes alone."""
    again = folder / "merge"
    shutil.copytree(base, again)
    with renders_seen() as jobs, open_office(again) as office:
        issue(office, read_batch(office, book, None), pdf=False)
    start = perf_counter()
    for template, values, how in jobs:
        template.render(values, **how)
    seconds = perf_counter() - start
    shutil.rmtree(again)
    return seconds


def _memory(base: Path, folder: Path, book: Path, count: int) -> None:
    """Peak memory of a process that issues *count* records, and of one that issues three times."""
    longer = folder / "lengre.xlsx"
    with open_office(base) as office:
        files.rewrite(office.disk, longer, long_workbook(office, 3 * count))
    peaks = []
    for source in (book, longer):
        root = folder / "peak"
        shutil.copytree(base, root)
        words = [sys.executable, __file__, "--peak", str(root), str(source)]
        done = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603
        peaks.append(int(done.stdout) / MEGABYTE)
        shutil.rmtree(root)
    figure(f"peak memory, {count} records", peaks[0], "MB")
    figure(f"peak memory, {3 * count} records", peaks[1], "MB")
    figure("memory a further record", (peaks[1] - peaks[0]) * 1024 / (2 * count), "kB")


def _print_peak(root: Path, book: Path) -> None:
    with open_office(root) as office:
        issue(office, read_batch(office, book, None), pdf=False)
    print(_peak())


def _peak() -> int:
    """Bytes. Linux' getrusage also counts what the process had before it became this program."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    import resource  # noqa: PLC0415  (not on Windows)

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--count", type=int)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--peak", nargs=2, type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
