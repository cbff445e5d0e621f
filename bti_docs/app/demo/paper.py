"""Paper comes back: the printed PDFs are signed, written on, scanned, and laid in the inbox."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Final

import numpy as np

from bti_docs import files
from bti_docs.app.demo.place import Stage
from bti_docs.app.demo.story import Scan
from bti_docs.app.outgoing import stamped_pdf
from bti_docs.core.letters import APPROVER
from bti_docs.core.model import Document
from bti_docs.core.paper import Box, Place
from bti_docs.core.references import ArchiveName, PageCode, Reference
from bti_docs.files import NewFile
from bti_docs.simulate import OFFICE, Scanner, as_pdf, as_png, as_tiff, draw_form, scan

_WORN: Final = Scanner(dpi=60, blur=2.0, noise=20.0, quality=20)
"""A machine whose pictures hold no code that anybody could read."""

_SENTENCE: Final = Place(None, "", 1, Box(40, 150, 120, 8))
_FOREIGN_REFERENCE: Final = Reference("9Z9Z9Z9Z")

Sheet = list[bytes]
"""Both sides of a sheet, as pictures."""

_HAND: Final = 1
"""Which simulated hand signs in the demo: one whose names nobody takes for a note."""


def lay_in_inbox(stage: Stage, name: str, scans: Sequence[Scan]) -> int:
    """Scan the papers of one file and lay it in the inbox; how many pages it has."""
    heap = len(scans) > 1
    sheets = [
        sheet
        for number, paper in enumerate(scans)
        for sheet in _sheets(stage, paper, _seed(name, number), duplex=heap)
    ]
    if heap:
        order = np.random.default_rng(_seed(name, -1)).permutation(len(sheets))
        sheets = [sheets[at] for at in order]
    pages = [page for sheet in sheets for page in sheet]
    path = stage.office.settings.inbox / name
    files.publish(stage.office.disk, [NewFile(path, _in_container(pages, path))])
    return len(pages)


def _seed(name: str, number: int) -> int:
    return zlib.crc32(f"{name}/{_HAND}/{number}".encode())


def _sheets(stage: Stage, paper: Scan, seed: int, *, duplex: bool) -> Iterator[Sheet]:
    """The paper's sheets; scanned on both sides, a page without a back has an empty one."""
    if paper.archive is not None:
        code = PageCode(ArchiveName(paper.archive), _FOREIGN_REFERENCE, 1, 1)
        yield scan(draw_form([code]), seed=seed)
        return
    document = stage.document(paper.case, paper.type, paper.recipient)
    pages = _scanned(stage, paper, document, seed, duplex=duplex and document.pages == 1)
    kept = [p for n, p in enumerate(pages, 1) if not paper.pages or n in paper.pages]
    for at in range(0, len(kept), 2):
        yield kept[at : at + 2]


def _scanned(
    stage: Stage, paper: Scan, document: Document, seed: int, *, duplex: bool
) -> list[bytes]:
    pdf = stamped_pdf(stage.office, stage.office.document(Reference(document.ref))[0], document)
    return scan(
        pdf,
        seed=seed,
        scanner=_WORN if paper.unreadable else OFFICE,
        sign=_signatures(paper, document),
        write=(_SENTENCE,) if paper.written_on else (),
        rotate=180 if paper.upside_down else 0,
        duplex=duplex,
    )


def _signatures(paper: Scan, document: Document) -> tuple[Place, ...]:
    wanted = document.signers if paper.signed_by is None else paper.signed_by
    return tuple(p for p in document.places if p.signer in wanted or p.signer == APPROVER)


def _in_container(pages: Sequence[bytes], path: PurePath) -> bytes:
    match path.suffix:
        case ".pdf":
            return as_pdf(pages)
        case ".tif":
            return as_tiff(pages)
        case ".png":
            return as_png(pages[0])
        case _:
            return pages[0]
