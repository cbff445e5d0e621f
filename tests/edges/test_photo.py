"""Photographs of signed sheets: read, laid flat, and judged like a scan."""

from __future__ import annotations

import io
from typing import Literal

import numpy as np
import pytest
from PIL import Image, ImageFilter

from bti_docs.core.paper import Box, Place
from bti_docs.core.references import ArchiveName, PageCode, Reference
from bti_docs.inbox import align, foreign_ink, measure_ink, page_image, printed_page, read_file
from bti_docs.inbox.photo import FLAT_PX_PER_MM, flattened, homography
from bti_docs.simulate import Pen, Scanner, as_pdf, draw_form, scan
from bti_docs.simulate.phone import Phone, snap

CODE = PageCode(ArchiveName("K7QM"), Reference("7K3MQ2XP"), 1, 1)
PLACES = [
    Place(f"f{n}", "Ola Eksempel", 1, Box(x, y, 75, 12))
    for n, (x, y) in enumerate(((20.0, 214.0), (110.0, 214.0), (20.0, 240.0), (110.0, 240.0)))
]
FORM = draw_form([CODE], PLACES)
FLAT = Scanner(dpi=250, skew=0, shift=0, stretch=0, wobble=0, blur=0.3, noise=1, quality=95)
SMALL = Phone(size=(2268, 3024), noise=4.0)
Held = Literal[0, 90, 180, 270]
ALL_WAYS: tuple[Held, ...] = (0, 90, 180, 270)


def sheet(seed: int, *signed: Place, pen: Pen = Pen()) -> np.ndarray:  # noqa: B008
    (jpeg,) = scan(FORM, seed=seed, sign=signed, scanner=FLAT, pen=pen)
    with Image.open(io.BytesIO(jpeg)) as image:
        return np.asarray(image.convert("L"))


def judge(photo: bytes, signed: list[Place]) -> tuple[int, list[tuple[bool, str]], float]:
    """How many codes; each place's truth and outcome; ink elsewhere."""
    (page,) = read_file(photo, "IMG.jpg").pages
    straight = align(page_image(photo, "IMG.jpg", page), page.codes)
    if straight is None:
        return len(page.codes), [], 0.0
    found = [(p in signed, measure_ink(straight, p.box).outcome) for p in PLACES]
    zones = [place.box.grown(4) for place in PLACES]
    return len(page.codes), found, foreign_ink(straight, printed_page(FORM, 1), zones)


def test_a_perspective_is_found_from_its_points() -> None:
    here = np.array([(0.0, 0.0), (210, 0), (210, 297), (0, 297), (50, 60)])
    matrix = np.array([[9, 1, 200], [-0.5, 8, 150], [0.0004, 0.0002, 1]])
    seen = np.column_stack([here, np.ones(5)]) @ matrix.T
    assert np.allclose(homography(here, seen[:, :2] / seen[:, 2:]), matrix)


@pytest.mark.parametrize(("seed", "held"), list(zip(range(700, 704), ALL_WAYS, strict=True)))
def test_a_photographed_sheet_is_read_and_its_signatures_are_judged(seed: int, held: Held) -> None:
    signed = [PLACES[seed % 4], PLACES[(seed + 1) % 4]]
    photo = snap(sheet(seed, *signed), seed=seed, phone=SMALL, held=held)
    codes, found, elsewhere = judge(photo, signed)
    assert (codes, elsewhere) == (2, 0.0)
    assert all((outcome == "seen") == is_signed for is_signed, outcome in found)


def test_a_flat_photograph_lies_where_the_printed_page_lies() -> None:
    photo = snap(sheet(3), seed=31, phone=SMALL)
    (page,) = read_file(photo, "a.jpg").pages
    flat = flattened(page_image(photo, "a.jpg", page), page.codes)
    assert flat is not None
    printed = Image.fromarray(printed_page(FORM, 1)).resize(flat[0].shape[::-1])
    margin = 6 * FLAT_PX_PER_MM
    inner = np.s_[margin:-margin, margin:-margin]
    soft = [
        np.asarray(image.filter(ImageFilter.GaussianBlur(4)))[inner].ravel()
        for image in (Image.fromarray(flat[0]), printed)
    ]
    assert np.corrcoef(soft)[0, 1] > 0.9
    blocks = flat[0][: 2376 // 72 * 72, : 1680 // 72 * 72].reshape(33, 72, 23, 72)
    paper = np.percentile(blocks, 80, axis=(1, 3))[1:-1, 1:-1]
    assert np.ptp(paper) < 25  # no shadow is left


def test_a_scan_comes_back_as_it_is() -> None:
    scanned = as_pdf(scan(FORM, seed=4))
    (page,) = read_file(scanned, "a.pdf").pages
    grey = page_image(scanned, "a.pdf", page)
    flat = flattened(grey, page.codes)
    assert flat is not None
    assert flat[0] is grey


def test_a_photograph_with_one_code_is_looked_at_by_a_person() -> None:
    page = sheet(5).copy()
    page[-300:, :400] = 244
    photo = snap(page, seed=5, phone=SMALL)
    (seen,) = read_file(photo, "a.jpg").pages
    assert len(seen.codes) == 1
    assert align(page_image(photo, "a.jpg", seen), seen.codes) is None


def test_the_same_seed_gives_the_same_photograph() -> None:
    page = sheet(6)
    assert snap(page, seed=6, phone=SMALL) == snap(page, seed=6, phone=SMALL)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_two_hundred_photographs() -> None:
    """Measured at 12 million pixels, tilt to 25°, pens from 0.3 of black."""
    wrong, looks, decided, unread = 0, 0, 0, 0
    for seed in range(2000, 2200):
        rng = np.random.default_rng(seed)
        signed = [place for place in PLACES if rng.random() < 0.5]
        pen = Pen(pressure=float(rng.uniform(0.3, 0.95)))
        photo = snap(sheet(seed, *signed, pen=pen), seed=seed, held=ALL_WAYS[seed % 4])
        codes, found, _ = judge(photo, signed)
        unread += codes == 0
        looks += sum(outcome == "look" for _, outcome in found)
        decided += sum(outcome != "look" for _, outcome in found)
        wrong += sum((o == "seen") != is_signed for is_signed, o in found if o != "look")
    assert unread <= 1
    assert wrong <= 0.003 * decided
    assert looks <= 0.1 * (looks + decided)
