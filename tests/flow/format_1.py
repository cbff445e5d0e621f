"""How `tests/archives/office-format-1` was made: a small office's whole week, by the program.

    python -m tests.flow.format_1 FOLDER

It is made once for a format: it proves that later programs read what this one wrote.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from bti_docs.app.cases import accept_baton
from bti_docs.app.consents import Spoken, note_consent
from bti_docs.app.outgoing import mark_sent
from bti_docs.app.settling import read_consent
from bti_docs.core.references import Reference
from bti_docs.simulate import as_pdf
from tests.flow.offices import (
    TODAY,
    batch,
    case,
    consent,
    docx_of,
    drop,
    guardian,
    issue_all,
    minutes,
    new_office,
    opened,
    papers,
    scanned,
    written,
)
from tests.flow.test_words import ROWS, TEXTS


def make(folder: Path) -> None:
    """Live the week in a new office, and keep its archive."""
    with tempfile.TemporaryDirectory() as work, opened(new_office(Path(work) / "kontor")) as office:
        result = issue_all(office, batch([case(guardians=[guardian()])], [consent(), minutes()]))
        mark_sent(office, office.index.refs_of_batch(result.batch)[:1], "ranselpost", TODAY)
        (chain, sheet), (_, paper) = papers(office, "SAM") + papers(office, "REF")
        first, second = scanned(office, sheet.ref)
        drop(office, "SCAN0001.pdf", as_pdf([first, second]))
        read_consent(office, Reference(sheet.ref), limits={"ppt": "bare lesing"})
        drop(office, "referat.docx", written(docx_of(office, paper.ref), TEXTS, ROWS))
        found = accept_baton(office, office.document(Reference(paper.ref))[0])
        note_consent(office, found, Spoken("withdrawn", ("f1",), TODAY, "Ringte", ("ppt",)))
        drop(office, "SCAN0002.pdf", as_pdf([second]))
        shutil.copytree(office.archive.root, folder)
        assert chain


if __name__ == "__main__":
    make(Path(sys.argv[1]))
