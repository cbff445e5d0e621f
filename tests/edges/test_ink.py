"""Signatures and other ink, on scans whose ink is known."""

from __future__ import annotations

import numpy as np
import pytest

from bti_docs.core.paper import Box, Place
from bti_docs.core.references import ArchiveName, PageCode, Reference
from bti_docs.inbox import (
    Sheet,
    align,
    foreign_ink,
    measure_ink,
    page_image,
    printed_page,
    read_file,
)
from bti_docs.inbox.align import PX_PER_MM, page_ink
from bti_docs.simulate import OFFICE, POOR, Damage, Pen, Scanner, as_pdf, draw_form, scan

CODE = PageCode(ArchiveName("K7QM"), Reference("7K3MQ2XP"), 1, 1)
PLACES = [
    Place("f1", "Ola Eksempel, foresatt", 1, Box(20, 225, 75, 12)),
    Place("f2", "Kari Eksempel, foresatt", 1, Box(110, 225, 75, 12)),
    Place("barn", "Nora Eksempel", 1, Box(20, 250, 75, 12)),
]
FORM = draw_form([CODE], PLACES)
PRINTED = printed_page(FORM, 1)
ZONES = [place.box.grown(6) for place in PLACES]
WORN = Damage(fold=True, stain=True, streak=True, punched=True)
LINE = Place(None, "", 1, Box(22, 58.4, 90, 5.2))
"""Round the third line of text."""


def sheet_of(**options: object) -> Sheet:
    data = as_pdf(scan(FORM, **options))  # type: ignore[arg-type]
    (page,) = read_file(data, "a.pdf").pages
    sheet = align(page_image(data, "a.pdf", page), page.codes)
    assert sheet is not None
    return sheet


def outcomes(sheet: Sheet) -> list[str]:
    return [measure_ink(sheet, place.box).outcome for place in PLACES]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"scanner": POOR},
        {"scanner": Scanner(dpi=300)},
        {"scanner": Scanner(dpi=150)},
        {"damage": WORN},
        {"damage": Damage(code_spoiled=True)},
        {"rotate": 180},
        {"pen": Pen(pressure=0.45, width=0.35)},
    ],
    ids=["office", "poor", "300", "150", "worn", "one-code", "upside-down", "faint"],
)
def test_who_has_signed_and_who_has_not(options: dict[str, object]) -> None:
    sheet = sheet_of(seed=11, sign=[PLACES[0], PLACES[2]], **options)
    assert outcomes(sheet) == ["seen", "not_seen", "seen"]
    assert foreign_ink(sheet, PRINTED, ZONES) == 0


def test_a_black_and_white_scan_leaves_what_is_not_seen_to_a_person() -> None:
    scanner = Scanner(mode="1bit")
    sheet = sheet_of(seed=11, scanner=scanner, sign=[PLACES[0], PLACES[2]])
    assert outcomes(sheet) == ["seen", "look", "seen"]
    assert foreign_ink(sheet, PRINTED, ZONES) == 0


def test_measures_are_in_millimetres() -> None:
    sheet = sheet_of(seed=12, sign=PLACES[:1])
    ink, none = (measure_ink(sheet, place.box) for place in PLACES[:2])
    assert 15 < ink.area_mm2 < 150
    assert 20 < ink.extent_mm < 75
    assert (none.area_mm2, none.extent_mm) == (0, 0)


@pytest.mark.parametrize("scanner", [OFFICE, POOR, Scanner(mode="1bit")])
def test_a_struck_out_line_and_a_written_sentence_are_foreign(scanner: Scanner) -> None:
    struck = sheet_of(seed=13, scanner=scanner, strike=[LINE])
    assert foreign_ink(struck, PRINTED, ZONES) > 3
    margin = Place(None, "", 1, Box(110, 172, 70, 8))
    written = sheet_of(seed=14, scanner=scanner, write=[margin])
    assert foreign_ink(written, PRINTED, ZONES) > 3
    assert foreign_ink(written, PRINTED, [*ZONES, margin.box.grown(2)]) == 0


def test_the_page_lies_straight_to_less_than_a_millimetre() -> None:
    ink = page_ink(sheet_of(seed=15, scanner=POOR))
    for row_mm in (190, 197, 204, 211):
        rows = slice(round((row_mm - 3) * PX_PER_MM), round((row_mm + 3) * PX_PER_MM))
        for left, right in ((60, 90), (150, 180)):
            strip = ink[rows, left * PX_PER_MM : right * PX_PER_MM].sum(axis=1)
            found = row_mm - 3 + (int(np.argmax(strip)) + 0.5) / PX_PER_MM
            assert abs(found - row_mm) < 0.8


def test_a_page_without_its_codes_cannot_be_laid_straight() -> None:
    data = draw_form([PageCode(CODE.archive, CODE.reference, 0, 0)])
    (page,) = read_file(data, "a.pdf").pages
    assert page.codes
    assert align(page_image(data, "a.pdf", page), page.codes) is None
    assert align(page_image(data, "a.pdf", page), ()) is None


def test_the_issued_page_itself_has_no_foreign_ink() -> None:
    (page,) = read_file(FORM, "a.pdf").pages
    sheet = align(page_image(FORM, "a.pdf", page), page.codes)
    assert sheet is not None
    assert outcomes(sheet) == ["not_seen"] * 3
    assert foreign_ink(sheet, PRINTED, ()) == 0


def test_the_same_seed_gives_the_same_scan() -> None:
    options = {"seed": 16, "sign": PLACES, "damage": WORN}
    assert scan(FORM, **options) == scan(FORM, **options)  # type: ignore[arg-type]
    assert scan(FORM, seed=17) != scan(FORM, seed=18)


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_three_hundred_boxes_with_and_without_a_signature() -> None:
    wrong, looks, false_alarms, missed, marked = 0, 0, 0, 0, 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        signed = [place for place in PLACES if rng.random() < 0.5]
        damage = Damage(*(bool(hit) for hit in rng.random(5) < 0.2))
        strike = [LINE] if rng.random() < 0.3 else []
        pen = Pen(float(rng.uniform(0.45, 0.9)), float(rng.uniform(0.35, 0.7)))
        scanner = POOR if seed % 4 == 0 else OFFICE
        sheet = sheet_of(
            seed=seed, scanner=scanner, sign=signed, strike=strike, pen=pen, damage=damage
        )
        wanted = ["seen" if place in signed else "not_seen" for place in PLACES]
        found = outcomes(sheet)
        looks += found.count("look")
        wrong += sum(a not in {b, "look"} for a, b in zip(found, wanted, strict=True))
        fires = foreign_ink(sheet, PRINTED, ZONES) > 0
        marked += bool(strike)
        missed += bool(strike) and not fires
        false_alarms += not strike and fires
    assert wrong <= 1
    assert looks <= 60
    assert false_alarms <= 2
    assert missed <= marked * 0.02
