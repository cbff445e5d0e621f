"""Codes on pages as they are after a year of work: seeds that nothing was tuned on."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bti_docs.core.paper import CODE_BOTTOM_LEFT, CODE_TOP_RIGHT, MODULES, PAGE, Box
from bti_docs.core.references import ArchiveName, PageCode, Reference
from bti_docs.inbox import read_file
from bti_docs.inbox.codes import find_codes, rescue_codes, symbol
from bti_docs.inbox.modules import read_modules
from bti_docs.simulate import Grey, Lot, as_pdf, draw_form, printed_pages, scan, worn_scan
from bti_docs.simulate.wear import CHECK_SEEDS

CODE = PageCode(ArchiveName("K7QM"), Reference("7K3MQ2XP"), 2, 3)
FORM = draw_form([CODE])
DPI = 200
PX = DPI / 25.4
FINDERS = {"top left": (0, 0), "top right": (18, 0), "bottom left": (0, 18)}
TESTED = CHECK_SEEDS + 500_000
N = pikepdf.Name


@cache
def printed(dpi: int = DPI) -> Grey:
    return printed_pages(FORM, dpi)[0]


def cover(page: Grey, box: Box, level: int = 255) -> None:
    left, top, right, bottom = (
        round(edge * PX) for edge in (box.x, box.y, box.x + box.w, box.y + box.h)
    )
    page[top:bottom, left:right] = level


def finder(code: Box, place: tuple[int, int]) -> Box:
    module = code.w / MODULES
    return Box(code.x + place[0] * module, code.y + place[1] * module, 7 * module, 7 * module)


def only(code: Box) -> Grey:
    """The page with the other code cut out."""
    page = printed().copy()
    other = CODE_TOP_RIGHT if code == CODE_BOTTOM_LEFT else CODE_BOTTOM_LEFT
    cover(page, other)
    return page


def corners_of(code: Box) -> np.ndarray:  # type: ignore[type-arg]
    right, bottom = code.x + code.w, code.y + code.h
    return np.array([(code.x, code.y), (right, code.y), (right, bottom), (code.x, bottom)]) * PX


def test_both_codes_are_found_without_looking_at_the_whole_page() -> None:
    found = find_codes(printed())
    assert [seen.code for seen in found.codes] == [CODE, CODE]
    for seen, box in zip(found.codes, (CODE_TOP_RIGHT, CODE_BOTTOM_LEFT), strict=True):
        assert np.abs(np.array(seen.corners) - corners_of(box)).max() < 2.5


def test_two_codes_that_disagree_are_both_told() -> None:
    page = printed().copy()
    other = printed_pages(draw_form([PageCode(CODE.archive, Reference("9XZ2AB7C"), 1, 1)]), DPI)[0]
    half = page.shape[0] // 2
    page[half:] = other[half:]
    assert {seen.code.reference for seen in find_codes(page).codes} == {"7K3MQ2XP", "9XZ2AB7C"}


def test_a_code_far_from_where_a_stamp_puts_it_is_found() -> None:
    page = np.full_like(printed(), 255)
    box = corners_of(CODE_TOP_RIGHT).round().astype(int)
    (left, top), (right, bottom) = box[0] - 20, box[2] + 20
    page[1000 : 1000 + bottom - top, 700 : 700 + right - left] = printed()[top:bottom, left:right]
    assert [seen.code for seen in find_codes(page).codes] == [CODE]


@pytest.mark.parametrize("level", [255, 40], ids=["white", "black"])
@pytest.mark.parametrize("place", FINDERS)
@pytest.mark.parametrize("code", [CODE_TOP_RIGHT, CODE_BOTTOM_LEFT], ids=["top", "bottom"])
def test_a_lost_finder_square_is_no_loss(code: Box, place: str, level: int) -> None:
    page = only(code)
    cover(page, finder(code, FINDERS[place]), level)
    assert find_codes(page).codes == ()
    (seen,) = rescue_codes(page).codes
    assert seen.code == CODE
    assert np.abs(np.array(seen.corners) - corners_of(code)).max() < 4


def test_a_corner_cut_off_with_its_finder_square() -> None:
    page = only(CODE_TOP_RIGHT)[:, : round((PAGE.w - 11.5) * PX)]
    assert find_codes(page).codes == ()
    assert [seen.code for seen in rescue_codes(page).codes] == [CODE]


def test_two_torn_symbols_are_read_as_one() -> None:
    page = printed().copy()
    for code, half in ((CODE_TOP_RIGHT, 0.62), (CODE_BOTTOM_LEFT, 0.0)):
        torn = Box(code.x + 0.36 * code.w, code.y + half * code.h, 0.64 * code.w, 0.38 * code.h)
        cover(page, torn, 128)
        alone = only(code)
        cover(alone, torn, 128)
        assert rescue_codes(alone).codes == ()
    assert {seen.code for seen in rescue_codes(page).codes} == {CODE}


def test_a_torn_symbol_that_shines_through_from_the_back_is_not_read() -> None:
    page = only(CODE_TOP_RIGHT)
    cover(page, finder(CODE_TOP_RIGHT, FINDERS["top right"]))
    assert rescue_codes(page).codes
    assert rescue_codes(np.ascontiguousarray(page[:, ::-1])).codes == ()


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(0, MODULES**2 - 1), max_size=160), st.booleans())
def test_modules_say_the_text_or_nothing(flipped: set[int], torn: bool) -> None:  # noqa: FBT001
    dark = symbol(CODE.text())
    dark.flat[list(flipped)] ^= True
    levels = np.where(dark, 40.0, 230.0)
    if torn:
        levels[15:, 12:] = 130.0
    text = read_modules([levels])
    assert text in {"", CODE.text()}
    if len(flipped) < 8 and not torn:
        assert text == CODE.text()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([(40, 60), (300, 200), (900, 640)]))
def test_noise_is_no_code(seed: int, shape: tuple[int, int]) -> None:
    page = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    assert find_codes(page).codes == rescue_codes(page).codes == ()


@pytest.mark.parametrize(
    "lot", [Lot(200), Lot(150), Lot(200, "1bit"), Lot(150, "1bit"), Lot(300)], ids=str
)
def test_worn_and_spoilt_pages_are_read(lot: Lot) -> None:
    assert unread(lot, TESTED, 3 if lot.dpi > 200 else 5) == []


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("lot", [Lot(200), Lot(150)], ids=["200", "150"])
def test_a_thousand_worn_and_spoilt_pages_are_read(lot: Lot) -> None:
    share = {200: 0.001, 150: 0.005}[lot.dpi]
    assert len(unread(lot, TESTED + 10_000, 1000)) <= 1000 * share


def unread(lot: Lot, first: int, count: int) -> list[int]:
    """The seeds of the pages that were not read; a wrong code fails at once."""
    missed = []
    for seed in range(first, first + count):
        worn = worn_scan(printed(lot.dpi), seed, lot)
        data = as_pdf([worn.data]) if lot.mode == "grey" else worn.data
        (page,) = read_file(data, "scan").pages
        assert {seen.code for seen in page.codes} <= {CODE}
        if not page.codes:
            missed.append(seed)
        else:
            assert page.rotation == worn.rotation
    return missed


def pdf_of(picture: Grey, data: bytes, **said: object) -> bytes:
    """A PDF with one picture on its page, kept as *said*."""
    out = io.BytesIO()
    height, width = picture.shape
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595.2, 841.8))
        size = {"Width": width, "Height": height}
        image = pdf.make_stream(data, Type=N.XObject, Subtype=N.Image, **size, **said)
        pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image))
        pdf.pages[0].Contents = pdf.make_stream(b"q 595.2 0 0 841.8 0 0 cm /Im Do Q")
        pdf.save(out)
    return out.getvalue()


def group_4(bits: Grey) -> bytes:
    out = io.BytesIO()
    one_strip = {278: bits.shape[0]}
    picture = Image.fromarray(bits.astype(bool))
    picture.save(out, "TIFF", compression="group4", tiffinfo=one_strip)
    with Image.open(out) as image:
        (start,), (length,) = image.tag_v2[273], image.tag_v2[279]  # type: ignore[attr-defined]
    return out.getvalue()[start : start + length]


def test_pictures_of_every_kind_are_read_as_they_lie_in_the_file() -> None:
    with Image.open(io.BytesIO(scan(FORM, seed=TESTED)[0])) as image:
        grey = np.asarray(image)
    bits = (grey > 150).astype(np.uint8)
    packed = np.packbits(bits, axis=1).tobytes()
    two = pikepdf.Array([N.Indexed, N.DeviceGray, 1, pikepdf.String(b"\x00\xff")])
    fax = pikepdf.Dictionary(K=-1, Columns=grey.shape[1], Rows=grey.shape[0], BlackIs1=False)
    files = [
        pdf_of(grey, grey.tobytes(), ColorSpace=N.DeviceGray, BitsPerComponent=8),
        pdf_of(grey, grey.repeat(3).tobytes(), ColorSpace=N.DeviceRGB, BitsPerComponent=8),
        pdf_of(bits, packed, ColorSpace=two, BitsPerComponent=1),
        pdf_of(bits, packed, ImageMask=True, BitsPerComponent=1),
        pdf_of(
            bits, group_4(1 - bits), ColorSpace=N.DeviceGray, BitsPerComponent=1,
            Filter=N.CCITTFaxDecode, DecodeParms=fax,
        ),
    ]  # fmt: skip
    for data in files:
        (page,) = read_file(data, "a.pdf").pages
        assert {seen.code for seen in page.codes} == {CODE}
        assert page.dpi == DPI
        assert abs(page.size_px[0] - grey.shape[1]) <= 1
