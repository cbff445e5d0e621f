"""Papers that we did not make, and where they may not go."""

from __future__ import annotations

import io
from datetime import date

import numpy as np
import pytest
from PIL import Image

from bti_docs.app.office import Office
from bti_docs.app.taking.foreign import ForeignPaper, file_foreign
from bti_docs.app.taking.tray import dismiss
from bti_docs.core.events import OFFICE, ChainId
from bti_docs.core.model import Case
from bti_docs.core.paper import CODE_BOTTOM_LEFT, CODE_TOP_RIGHT, quiet_zone
from bti_docs.errors import InputError
from bti_docs.simulate import as_pdf
from tests.flow.offices import (
    TODAY,
    batch,
    case,
    consent,
    drop,
    issue_all,
    papers,
    routine,
    scanned,
)


def the_case(office: Office) -> Case:
    return office.case(office.archive.chains()[0])


def without_codes(jpeg: bytes) -> bytes:
    """A page whose codes nobody can read any more."""
    with Image.open(io.BytesIO(jpeg)) as image:
        page, dpi = np.array(image.convert("L")), image.info["dpi"]
    per_mm = page.shape[1] / 210
    for code in (CODE_TOP_RIGHT, CODE_BOTTOM_LEFT):
        box = quiet_zone(code).grown(6)
        rows = slice(round(max(0, box.y) * per_mm), round((box.y + box.h) * per_mm))
        page[rows, round(max(0, box.x) * per_mm) : round((box.x + box.w) * per_mm)] = 240
    out = io.BytesIO()
    Image.fromarray(page).save(out, "JPEG", dpi=dpi)
    return out.getvalue()


@pytest.fixture
def letter(office: Office) -> str:
    """An item without a guess."""
    issue_all(office, batch([case()], [consent()]))
    sheet = papers(office, "SAM")[0][1]
    return (
        drop(office, "a.pdf", as_pdf([without_codes(scanned(office, sheet.ref)[0])])).tray[0].item
    )


@pytest.mark.parametrize(
    ("paper", "code"),
    [
        (ForeignPaper(OFFICE, "INN", TODAY, "Mor"), "unknown_case"),
        (ForeignPaper(ChainId("../kontor"), "INN", TODAY, "Mor"), "unknown_case"),
        (ForeignPaper(ChainId("2026-9999"), "INN", TODAY, "Mor"), "unknown_case"),
        (ForeignPaper(ChainId("2026-0001"), "inn", TODAY, "Mor"), "paper_type_unknown"),
        (ForeignPaper(ChainId("2026-0001"), "X" * 50, TODAY, "Mor"), "paper_type_unknown"),
        (ForeignPaper(ChainId("2026-0001"), "INN", date(2029, 1, 1), "Mor"), "day_to_come"),
    ],
)
def test_what_is_not_right_about_a_letter(
    office: Office, letter: str, paper: ForeignPaper, code: str
) -> None:
    with pytest.raises(InputError, match=code):
        file_foreign(office, letter, paper, "Brev")
    assert letter in office.archive.tray_items()


def test_a_series_takes_no_persons_paper(office: Office, letter: str) -> None:
    issue_all(office, batch([], [routine()]))
    ((chain, _),) = papers(office, "RUT")
    with pytest.raises(InputError, match="series_takes_no_paper"):
        file_foreign(office, letter, ForeignPaper(ChainId(chain), "INN", TODAY, "Mor"), "Brev")
    paper = ForeignPaper(the_case(office).chain, "MRK", TODAY, "Mor")
    with pytest.raises(InputError, match="why_is_empty"):
        file_foreign(office, letter, paper, "")
    with pytest.raises(InputError, match="why_is_empty"):
        dismiss(office, letter, " ")
    assert file_foreign(office, letter, paper, "Merknad").type == "MRK"
