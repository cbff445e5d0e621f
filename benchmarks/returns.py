"""Returns taken in: filing beside a synced copy of the same bytes, and beside only decoding.

Then how long a scan waits from its last byte until it is filed, and whether an archive of many
files makes the next one slower: 3,000 files, with `--full` 100,000.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from typing import Any, Final

from _office import cpu_seconds, figure, issue_workbook, throw_away_office

from bti_docs.app.office import Office
from bti_docs.app.opening import open_office
from bti_docs.app.outgoing import stamped_pdf
from bti_docs.app.taking import take_in_file
from bti_docs.core.events import digest
from bti_docs.core.references import ALPHABET, Reference
from bti_docs.inbox import read_file
from bti_docs.simulate import as_pdf, scan
from bti_docs.watch import watch

RETURNS: Final = 12
QUIET: Final = 0.5
FEW, MANY = 3_000, 100_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    files_more = MANY if parser.parse_args().full else FEW
    with throw_away_office() as (office, story):
        result = issue_workbook(office, story)
        signed = (made.ref for made in result.issued if made.type == "SAM")
        papers = [signed_scan(office, ref) for ref in islice(signed, RETURNS)]
        third = len(papers) // 3
        filed = filing(office, papers[:third])
        latency(office, papers[third])
        written = crowd(office, files_more)
        start = time.perf_counter()
        with reopened(office) as again:
            grown = time.perf_counter() - start
            figure(f"opening an office that grew by {written} files", grown, "s")
            later = taken(again, papers[third + 1 : 2 * third + 1])
        figure(f"CPU for each return with {written} files more", later * 1000, "ms")
        figure("ratio: a return in the large archive / in the small one", later / filed)


def filing(office: Office, papers: Sequence[bytes]) -> float:
    """Returns filed, beside a copy with fsync and beside decoding; CPU seconds for each return."""
    copying = timed(lambda: copy_and_sync(office, papers)) / len(papers)
    start = cpu_seconds()
    decoding = timed(lambda: [read_file(data, "scan.pdf") for data in papers]) / len(papers)
    decoding_cpu = (cpu_seconds() - start) / len(papers)
    start, clock = cpu_seconds(), time.perf_counter()
    took = taken(office, papers)
    wall = (time.perf_counter() - clock) / len(papers)
    figure("returns of two pages filed", 1 / wall, "per s")
    figure("only decoded", 1 / decoding, "per s")
    figure("copied with fsync", 1 / copying, "per s")
    figure("ratio: filing / copying with fsync", wall / copying)
    figure("ratio: filing / only decoding, CPU", took / decoding_cpu)
    figure("CPU for each return", took * 1000, "ms")
    return took


def taken(office: Office, papers: Sequence[bytes]) -> float:
    """CPU seconds for each of *papers*; all of them must be filed."""
    paths = [lay(office, number, data) for number, data in enumerate(papers)]
    start = cpu_seconds()
    filed = sum(len(take_in_file(office, path).filed) for path in paths)
    took = (cpu_seconds() - start) / len(papers)
    assert filed == len(papers), "a signed consent was not filed by itself"
    return took


def copy_and_sync(office: Office, papers: Sequence[bytes]) -> None:
    """What the plainest safe filing does: the bytes, and the folder's entry, on the disk."""
    folder = office.settings.root / "kopi"
    folder.mkdir()
    for number, data in enumerate(papers):
        with (folder / f"{number}.pdf").open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        entry = os.open(folder, os.O_RDONLY)
        os.fsync(entry)
        os.close(entry)
    shutil.rmtree(folder)


def latency(office: Office, paper: bytes) -> None:
    """Seconds from a scan's last byte until it is filed, with the watcher running."""
    stop, done = threading.Event(), threading.Event()

    def quick() -> Office:
        again = reopened(office)
        return replace(again, settings=replace(again.settings, quiet_seconds=QUIET))

    watcher = threading.Thread(
        target=watch, args=(quick, lambda _: done.set()), kwargs={"stop": stop}
    )
    watcher.start()
    time.sleep(1)
    lay(office, 0, paper)
    start = time.perf_counter()
    done.wait(60)
    waited = time.perf_counter() - start - QUIET
    figure("from the last byte to filed, beyond the quiet time", waited, "s")
    stop.set()
    watcher.join()
    office.refresh()


def reopened(office: Office) -> Office:
    """The office as another process opens it."""
    return open_office(office.settings.root, clock=office.clock, today=office.today)


def crowd(office: Office, files_more: int) -> int:
    """Cases that are copies of those there are, under other numbers and references."""
    root = office.settings.archive / "saker"
    models = [path for path in sorted(root.iterdir()) if any(path.glob("hendelser/*.json"))]
    written = 0
    for number in count(1):
        written += copied_case(models[number % len(models)], root / f"2019-{number:04}", number)
        if written >= files_more or number == 9999:
            return written
    raise AssertionError


def copied_case(model: Path, folder: Path, number: int) -> int:
    """*model* under another name, whole and with a valid chain; how many files that is."""
    events = [json.loads(path.read_bytes()) for path in sorted(model.glob("hendelser/*.json"))]
    refs = {event["ref"] for event in events if event["ref"]}
    renamed = dict(zip(sorted(refs), other_references(number), strict=False))
    renamed[model.name] = folder.name
    files = dict(copied_files(model, events, renamed))
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return len(files)


def copied_files(
    model: Path, events: Sequence[dict[str, Any]], names: dict[str, str]
) -> Iterator[tuple[str, bytes]]:
    """Documents, payloads and events of a case with other names in them."""
    hashes: dict[str, str] = {}
    for path in model.glob("dokumenter/*"):
        yield f"dokumenter/{changed(path.name, names)}", path.read_bytes()
    for path in model.glob("data/*.json"):
        data = changed(path.read_text("utf-8"), names).encode()
        hashes[path.stem] = digest(data)
        yield f"data/{hashes[path.stem]}.json", data
    before = ""
    for event in events:
        text = changed(json.dumps(event | {"prev": before}), names | hashes)
        line = json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))
        data = (line + "\n").encode()
        before = digest(data)
        yield f"hendelser/{event['n']:06}.json", data


def changed(text: str, names: dict[str, str]) -> str:
    """*text* with every name replaced."""
    for old, new in names.items():
        text = text.replace(old, new)
    return text


def other_references(number: int) -> Iterator[str]:
    """References that nobody has, other ones for each number."""
    for more in count(number * 1000):
        yield "".join(ALPHABET[more >> 5 * i & 31] for i in range(8))


def signed_scan(office: Office, ref: str) -> bytes:
    """The printed consent, signed by everybody, scanned."""
    case, document = office.document(Reference(ref))
    pdf = stamped_pdf(office, case, document)
    return as_pdf(scan(pdf, seed=len(ref), sign=document.places))


def lay(office: Office, number: int, data: bytes) -> Path:
    """Lay a scan in the inbox."""
    path = office.settings.inbox / f"{number}.pdf"
    path.write_bytes(data)
    return path


def timed(work: Callable[[], object]) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
