"""Mixed heaps: whatever order papers are scanned in, each finds its document or a person."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bti_docs.app.office import Office
from bti_docs.app.taking import Taken
from bti_docs.core.events import digest
from bti_docs.core.references import ArchiveName, PageCode, Reference
from bti_docs.simulate import as_pdf, as_tiff, draw_form, scan
from bti_docs.simulate.phone import Phone, snap
from tests.flow.offices import (
    FATHER,
    MOTHER,
    QUICK,
    assert_sound,
    batch,
    case,
    consent,
    copy_office,
    drop,
    held_bytes,
    issue_all,
    opened,
    papers,
    pdf_of,
    scanned,
)

FLAT = dict.fromkeys(("skew", "shift", "stretch", "wobble"), 0.0)


@pytest.fixture(scope="module")
def desk(office_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_office(office_folder, tmp_path_factory.mktemp("bunker") / "kontor")
    with opened(root) as office:
        body = batch(
            [case(guardians=[MOTHER]), case("s2", [FATHER], {"fornavn": "Ola"})],
            [consent("a"), consent("b", "s2")],
        )
        assert len(issue_all(office, body).issued) == 2
    return root


@pytest.fixture
def root(desk: Path, tmp_path: Path) -> Path:
    return copy_office(desk, tmp_path / "kontor")


@pytest.fixture(scope="module")
def leaves(desk: Path) -> list[list[bytes]]:
    """Two consents of two pages each, signed and scanned."""
    with opened(desk) as office:
        refs = [paper.ref for _, paper in papers(office, "SAM")]
        return [scanned(office, ref, seed=seed) for seed, ref in enumerate(refs)]


def turned(jpeg: bytes) -> bytes:
    """The sheet fed in upside down."""
    with Image.open(io.BytesIO(jpeg)) as image:
        out = io.BytesIO()
        image.rotate(180).save(out, "JPEG", quality=80, dpi=image.info["dpi"])
    return out.getvalue()


def back() -> bytes:
    """The blank back of a sheet."""
    page = np.random.default_rng(5).normal(243, 2, (1754, 1240)).clip(0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(page).save(out, "JPEG", quality=80, dpi=(150, 150))
    return out.getvalue()


def stranger() -> bytes:
    code = PageCode(ArchiveName("XXXX"), Reference("7K3MQ2XP"), 1, 1)
    return scan(draw_form([code]), seed=9, scanner=QUICK)[0]


def codes_of(taken: Taken) -> list[list[str]]:
    return [[reason.code for reason in item.reasons] for item in taken.tray]


def test_shuffled_upside_down_with_blank_backs_and_a_foreign_page(
    office: Office, leaves: list[list[bytes]]
) -> None:
    (one, two), (three, four) = leaves
    sheets = [turned(four), one, stranger(), turned(two), three]
    heap = as_pdf([page for sheet in sheets for page in (sheet, back())])
    taken = drop(office, "SCAN0001.pdf", heap)
    assert [filed.signed for filed in taken.filed] == [True, True]
    assert codes_of(taken) == [["foreign_archive"]]
    assert digest(heap) in held_bytes(office)
    assert_sound(office)


def test_the_same_heap_scanned_again_says_nothing_new(
    office: Office, leaves: list[list[bytes]]
) -> None:
    assert len(drop(office, "a.pdf", as_pdf([*leaves[0], *leaves[1]])).filed) == 2
    again = as_pdf([*map(turned, leaves[1]), *leaves[0]])  # other bytes, the same papers
    taken = drop(office, "b.pdf", again)
    assert (taken.filed, taken.tray, len(taken.duplicates)) == ((), (), 2)
    assert digest(again) in held_bytes(office)
    assert_sound(office)


def test_a_heap_fed_twice_in_one_go(office: Office, leaves: list[list[bytes]]) -> None:
    taken = drop(office, "a.pdf", as_pdf([*leaves[0], *leaves[0]]))
    assert (len(taken.filed), taken.tray, len(taken.duplicates)) == (1, (), 1)


def test_a_page_that_is_missing_holds_up_its_own_document_until_a_later_heap_brings_it(
    office: Office, leaves: list[list[bytes]]
) -> None:
    (one, two), (three, four) = leaves
    first = drop(office, "a.pdf", as_pdf([three, one, four]))
    assert len(first.filed) == 1
    assert codes_of(first)[0][0] == "page_missing"
    later = drop(office, "b.pdf", as_pdf([stranger(), two]))
    assert [filed.signed for filed in later.filed] == [True]
    assert len(later.completed) == 1
    assert codes_of(later) == [["foreign_archive"]]
    assert_sound(office)


def test_a_fax_in_group_4(office: Office, leaves: list[list[bytes]]) -> None:
    taken = drop(office, "faks.tif", as_tiff([*leaves[0], *leaves[1]]))
    assert len(taken.filed) + len(taken.tray) == 2
    assert {code for codes in codes_of(taken) for code in codes} <= {"signature_look"}


@pytest.mark.parametrize("seed", [41, 42])
def test_two_photographs_with_a_telephone_are_one_document(office: Office, seed: int) -> None:
    _, paper = papers(office, "SAM")[0]
    flat = {"dpi": 250, "noise": 1.0, "quality": 92, **FLAT}
    sheets = scan(
        pdf_of(office, paper.ref), seed=seed, sign=paper.places,
        scanner=type(QUICK)(**flat),  # type: ignore[arg-type]
    )  # fmt: skip
    phone = Phone(size=(2268, 3024), noise=4.0)
    photos = []
    for number, sheet in enumerate(sheets):
        with Image.open(io.BytesIO(sheet)) as image:
            grey = np.asarray(image.convert("L"))
        photos.append(snap(grey, seed=seed + 10 * number, phone=phone, held=90))
    assert codes_of(drop(office, "IMG_1.jpg", photos[0]))[0][0] == "page_missing"
    (filed,) = drop(office, "IMG_2.jpg", photos[1]).filed
    assert filed.signed
    assert_sound(office)
