"""Peak memory for reading a workbook of 20,000 rows, beside one of 2,000.

Each is read in a process of its own, since a process never says that it has given memory back.
"""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from _office import figure, throw_away_office
from openpyxl import load_workbook

from bti_docs.app.input import read_batch, workbook_bytes
from bti_docs.app.opening import open_office

SMALL, LARGE = 2_000, 20_000
FIRST_LINE = 5
MEGABYTE = 1024 * 1024


def main() -> None:
    """Make the workbooks, read each in its own process, and print."""
    with throw_away_office() as (office, _), TemporaryDirectory(prefix="bti-bench-") as folder:
        blank = workbook_bytes(office, types=["INV"])
        root = office.settings.root
        peaks = {}
        for rows in (0, SMALL, LARGE):
            path = Path(folder) / f"{rows}.xlsx"
            path.write_bytes(filled(blank, rows))
            peaks[rows] = peak_of(root, path)
    if not all(peaks.values()):
        print("Peak memory is not measured on this system.")
        return
    figure("an empty workbook, all in all", peaks[0] / MEGABYTE, "MB")
    figure(f"{SMALL} rows", (peaks[SMALL] - peaks[0]) / MEGABYTE, "MB more")
    figure(f"{LARGE} rows", (peaks[LARGE] - peaks[0]) / MEGABYTE, "MB more")
    figure("ratio: 20,000 / 2,000 rows, all in all", peaks[LARGE] / peaks[SMALL])


def filled(blank: bytes, rows: int) -> bytes:
    """*blank* with so many invented cases typed in."""
    book = load_workbook(io.BytesIO(blank))
    page = book["Saker"]
    header = {str(cell.value).rstrip(" *"): cell.column for cell in page[3] if cell.value}
    for line in range(FIRST_LINE, FIRST_LINE + rows):
        page.cell(line, 1).value = line
        page.cell(line, header["Fornavn"]).value = f"Ola {line}"
        page.cell(line, header["Etternavn"]).value = f"Eksempel {line}"
        page.cell(line, header["Fødselsdato"]).value = "17.08.2015"
        page.cell(line, header["Barnehage eller skole"]).value = "Eksempel skole"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def peak_of(root: Path, workbook: Path) -> int:
    """The peak memory, in bytes, of a process that reads *workbook*; 0 where nobody can say."""
    words = [sys.executable, __file__, str(root), str(workbook)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603  (itself)
    return int(done.stdout)


def read_here(root: Path, workbook: Path) -> None:
    """Read a workbook, and print this process's peak memory in bytes."""
    try:
        import resource  # noqa: PLC0415  (not on Windows)
    except ImportError:
        print(0)
        return
    with open_office(root) as office:
        raw = read_batch(office, workbook, None)
        assert raw.problems is not None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak if sys.platform == "darwin" else peak * 1024)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        read_here(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        main()
