"""Pages recognised: how many, and how fast beside only decoding the pictures and beside rendering.

`--full` measures the goals: 3,000 pages at 200 and at 150 dpi, and a heap of 500 pages.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pypdfium2
import zxingcpp
from _office import cpu_seconds, figure
from PIL import Image

from bti_docs.core.references import ALPHABET, ArchiveName, PageCode, Reference
from bti_docs.inbox import read_file
from bti_docs.simulate import Grey, Lot, Scanner, as_pdf, draw_form, printed_pages, scan, worn_scan
from bti_docs.simulate.wear import CHECK_SEEDS

FORMS: Final = 12
CLEAN: Final = 24
PEER_DPI: Final = 300
ARCHIVE: Final = ArchiveName("K7QM")
WORKERS: Final = 2
LOTS: Final = {
    "200 dpi, grey": Lot(200),
    "150 dpi, grey": Lot(150),
    "200 dpi, black and white": Lot(200, "1bit"),
    "150 dpi, black and white": Lot(150, "1bit"),
    "300 dpi, grey": Lot(300),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    speed()
    memory(500 if full else 100)
    for name, lot in LOTS.items():
        main_lot = lot.mode == "grey" and lot.dpi <= 200
        count = (3000 if main_lot else 600) if full else (80 if main_lot else 30)
        recognised(name, lot, count)


def speed() -> None:
    """Clean grey pages of 200 dpi: our reading, only decoding, and rendering for all formats."""
    codes = [PageCode(ARCHIVE, reference(n), 1, 1) for n in range(FORMS)]
    jpegs = scan(draw_form(codes), seed=CHECK_SEEDS, scanner=Scanner(quality=75))
    jpegs *= CLEAN // FORMS
    pdf = as_pdf(jpegs)
    decode = per_page(lambda: decoded(jpegs))
    ours = per_page(lambda: read_file(pdf, "heap.pdf"))
    peer = per_page(lambda: rendered_and_read(pdf), times=1)
    assert all(page.codes for page in read_file(pdf, "heap.pdf").pages)
    figure("decode alone, 200 dpi grey JPEG", decode, "ms per page")
    figure("read: picture out of the PDF, decode, codes", ours, "ms per page")
    figure("ratio: read / decode alone", ours / decode)
    figure("render every page at 300 dpi, look for all formats", peer, "ms per page")
    figure("ratio: render every page / read", peer / ours)
    for workers in (1, WORKERS):
        figure(f"pages read with {workers} worker(s)", pages_per_second(pdf, workers), "per s")


def per_page(work: Callable[[], object], times: int = 5) -> float:
    """The least processor time of some runs, in ms for each of the clean pages."""
    took = []
    for _ in range(times):
        start = cpu_seconds()
        work()
        took.append(cpu_seconds() - start)
    return min(took) / CLEAN * 1000


def decoded(jpegs: Sequence[bytes]) -> None:
    """Only the pictures' pixels."""
    for jpeg in jpegs:
        with Image.open(io.BytesIO(jpeg)) as image:
            image.load()


def rendered_and_read(pdf: bytes) -> None:
    """What a widely used archive does: draw each page at 300 dpi, look for every symbology."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        zxingcpp.read_barcodes(page.render(scale=PEER_DPI / 72).to_pil())
    document.close()


def pages_per_second(pdf: bytes, workers: int) -> float:
    """Pages read by the clock, each worker with heaps of its own."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        list(pool.map(len_of_reading, [pdf] * workers))
        start = time.perf_counter()
        pages = sum(pool.map(len_of_reading, [pdf] * 4))
        return pages / (time.perf_counter() - start)


def len_of_reading(pdf: bytes) -> int:
    """How many pages were read."""
    return len(read_file(pdf, "heap.pdf").pages)


def memory(pages: int) -> None:
    """What a heap takes beyond its own bytes, in a process of its own."""
    codes = [PageCode(ARCHIVE, reference(n), 1, 1) for n in range(FORMS)]
    jpegs = scan(draw_form(codes), seed=CHECK_SEEDS)
    heap = as_pdf((jpegs * (pages // FORMS + 1))[:pages])
    with TemporaryDirectory(prefix="bti-bench-") as folder:
        path = Path(folder) / "heap.pdf"
        path.write_bytes(heap)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            more = pool.submit(memory_for, path).result()
    figure(f"a heap of {pages} pages", len(heap) / 1e6, "MB")
    figure("memory for reading it, beyond its own bytes", more, "MB")


def memory_for(path: Path) -> float:
    """How much the process grows when a file's bytes are read as pages, in MB."""
    heap = path.read_bytes()
    before = peak_mb()
    read_file(heap, path.name)
    return peak_mb() - before


def peak_mb() -> float:
    """The most memory this process has had (Linux); getrusage would count its parent's, too."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


def recognised(name: str, lot: Lot, count: int) -> None:
    """How many worn and spoilt pages are read, and whether any is read wrong."""
    start = cpu_seconds()
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(partial(one_page, lot), range(count), chunksize=10))
    read, wrong = sum(seen for seen, _ in results), sum(bad for _, bad in results)
    figure(f"{name}: pages read of {count}", 100 * read / count, "%")
    figure(f"{name}: pages read wrong", wrong)
    figure(f"{name}: making and reading", (cpu_seconds() - start) / count * 1000, "ms per page")


def one_page(lot: Lot, number: int) -> tuple[bool, bool]:
    """Whether a page was read, and whether anything wrong was read."""
    code = PageCode(ARCHIVE, reference(number % FORMS), 1 + number % 3, 3)
    worn = worn_scan(printed(code, lot.dpi), CHECK_SEEDS + number, lot)
    data = as_pdf([worn.data]) if lot.mode == "grey" else worn.data
    (page,) = read_file(data, "scan").pages
    return bool(page.codes), any(seen.code != code for seen in page.codes)


@lru_cache(maxsize=3 * FORMS)
def printed(code: PageCode, dpi: int) -> Grey:
    """The form as printed."""
    return printed_pages(draw_form([code]), dpi)[0]


def reference(number: int) -> Reference:
    """An invented reference, the same for the same number."""
    letters = np.random.default_rng(number).integers(0, len(ALPHABET), 8)
    return Reference("".join(ALPHABET[letter] for letter in letters))


if __name__ == "__main__":
    main()
