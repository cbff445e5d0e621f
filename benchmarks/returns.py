"""Returns filed per second, beside only decoding the codes of the same scans."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from _office import figure, issue_workbook, throw_away_office

from bti_docs.app.office import Office
from bti_docs.app.outgoing import stamped_pdf
from bti_docs.app.taking import take_in_file
from bti_docs.core.references import Reference
from bti_docs.inbox import read_file
from bti_docs.simulate import as_pdf, scan

RETURNS = 10


def main() -> None:
    """Measure and print."""
    with throw_away_office() as (office, story):
        result = issue_workbook(office, story)
        signed = (made.ref for made in result.issued if made.type == "SAM")
        papers = [signed_scan(office, ref) for ref in islice(signed, RETURNS)]
        paths = [lay(office, number, data) for number, data in enumerate(papers)]
        decoding = timed(lambda: [read_file(data, "scan.pdf") for data in papers])
        filed = 0

        def take_all() -> None:
            nonlocal filed
            filed = sum(len(take_in_file(office, path).filed) for path in paths)

        filing = timed(take_all)
    assert filed == len(papers), "a signed consent was not filed by itself"
    figure("returns (two pages each)", len(papers))
    figure("filed", len(papers) / filing, "per s")
    figure("only decoded", len(papers) / decoding, "per s")
    figure("ratio: filing / only decoding", filing / decoding)


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
