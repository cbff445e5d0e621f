"""Reading what scanners and people put in the inbox: real files, made by the simulator."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from bti_docs.core.filing import READING_PROBLEMS
from bti_docs.core.references import ArchiveName, PageCode, Reference
from bti_docs.inbox import (
    Unreadable,
    cut_pages,
    is_whole,
    kind_of,
    page_image,
    read_file,
)
from bti_docs.inbox.reading import Reading
from bti_docs.simulate import POOR, Damage, Scanner, as_pdf, as_tiff, draw_form, scan

ARCHIVE = ArchiveName("K7QM")
REF = Reference("7K3MQ2XP")
CODES = [PageCode(ARCHIVE, REF, page, 3) for page in (1, 2, 3)]
FORM = draw_form(CODES)
SCANS = scan(FORM, seed=1)
SCANNED = as_pdf(SCANS)
GREY_TIFF = as_tiff(SCANS, mode="grey")
FAX_TIFF = as_tiff(SCANS)


def picture_bytes(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format=form, **options)
    return out.getvalue()


def word_file(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        for name in ("[Content_Types].xml", *names):
            container.writestr(name, "<x/>" * 5000)
    return out.getvalue()


def page_numbers(reading: Reading) -> list[set[int]]:
    return [{seen.code.page for seen in page.codes} for page in reading.pages]


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (SCANNED, "a.pdf", "pdf"),
        (FORM, "a.docx", "pdf"),
        (SCANS[0], "a", "image"),
        (FAX_TIFF, "a.tif", "image"),
        (word_file("word/document.xml"), "a", "docx"),
        (word_file("word/document.xml", "word/vbaProject.bin"), "a.docx", "other"),
        (word_file("META-INF/signatures.xml"), "a.asice", "asic"),
        (b"PK\x03\x04 cut off", "a.docx", "docx"),
        (b"hei", "a.txt", "other"),
        (b"", "a.pdf", "pdf"),
    ],
)
def test_the_kind_is_asked_of_the_content_first(data: bytes, name: str, kind: str) -> None:
    assert kind_of(data, name) == kind


@pytest.mark.parametrize(
    "data",
    [
        SCANNED,
        FORM,
        SCANS[0],
        GREY_TIFF,
        FAX_TIFF,
        picture_bytes(Image.new("L", (60, 80), 255), "PNG"),
        word_file("word/document.xml"),
    ],
    ids=["scan", "born-digital", "jpeg", "grey-tiff", "fax-tiff", "png", "docx"],
)
def test_a_whole_file_is_whole_and_no_part_of_it_is(data: bytes) -> None:
    kind = kind_of(data, "")
    assert is_whole(data, kind)
    for share in (0.2, 0.5, 0.9, 0.99):
        part = data[: int(len(data) * share)]
        kind_of_part = {"docx": "a.docx"}.get(kind, "")
        assert not is_whole(part, kind_of(part, kind_of_part))
        filled = part + bytes(len(data) - len(part) + 2048)
        assert not is_whole(filled, kind), "a copy that set its size first"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (FORM, "a.pdf"),
        (SCANNED, "a.pdf"),
        (GREY_TIFF, "a.tiff"),
        (FAX_TIFF, "a.tiff"),
        (as_pdf(scan(FORM, seed=2, scanner=Scanner(dpi=300))), "a.pdf"),
        (as_pdf(scan(FORM, seed=3, scanner=Scanner(dpi=150))), "a.pdf"),
        (as_pdf(scan(FORM, seed=4, scanner=Scanner(mode="1bit"))), "a.pdf"),
        (as_pdf(scan(FORM, seed=5, scanner=POOR, damage=Damage(streak=True, fold=True))), "a.pdf"),
    ],
    ids=["born-digital", "pdf", "tiff", "fax", "300", "150", "1bit", "poor"],
)
def test_every_page_is_read_in_every_format(data: bytes, name: str) -> None:
    reading = read_file(data, name)
    assert page_numbers(reading) == [{1}, {2}, {3}]
    assert reading.problems == ()
    for page in reading.pages:
        image = page_image(data, name, page)
        assert image.shape == page.size_px[::-1]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_turned_back(turn: int) -> None:
    data = as_pdf(scan(FORM, seed=6, rotate=turn))  # type: ignore[arg-type]
    page = read_file(data, "a.pdf").pages[0]
    assert page.rotation == turn
    assert page.size_px[0] < page.size_px[1]
    for seen in page.codes:
        (left, top), (right, _), (_, bottom), _ = seen.corners
        assert right > left
        assert bottom > top
    highest = min(page.codes, key=lambda seen: seen.corners[0][1])
    assert highest.corners[0][0] > page.size_px[0] / 2


def test_a_pdf_that_turns_its_pages_itself() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(SCANNED)) as pdf:
        pdf.pages[0].Rotate = 90
        pdf.save(out)
    assert read_file(out.getvalue(), "a.pdf").pages[0].rotation == 90


def test_a_code_shining_through_from_the_back_is_not_read() -> None:
    with Image.open(io.BytesIO(SCANS[0])) as image:
        mirrored = picture_bytes(ImageOps.mirror(image), "PNG", dpi=(200, 200))
    (page,) = read_file(mirrored, "a.png").pages
    assert page.codes == ()
    assert not page.blank


def test_strange_symbols_are_passed_over() -> None:
    foreign = FORM.replace(b"BTI1", b"XXXX")
    assert page_numbers(read_file(foreign, "a.pdf")) == [{1}, {2}, {3}]
    other = draw_form([PageCode(ARCHIVE, REF, 3, 2)])
    assert read_file(other, "a.pdf").pages[0].codes == ()


def test_the_empty_back_of_a_sheet_is_blank_also_when_worn() -> None:
    worn = Damage(fold=True, punched=True, stain=True, streak=True)
    data = as_pdf(scan(FORM, seed=7, duplex=True, damage=worn))
    reading = read_file(data, "a.pdf")
    assert [page.blank for page in reading.pages] == [False, True] * 3
    assert page_numbers(reading) == [{1}, set(), {2}, set(), {3}, set()]


def test_ink_added_on_a_tablet_is_seen_though_the_scan_under_it_is_one_picture() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(SCANNED)) as pdf:
        appearance = pdf.make_stream(b"0 0 100 100 re f", BBox=[0, 0, 100, 100])
        appearance.Type, appearance.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Stamp,
            Rect=[200, 300, 300, 400],
            F=4,
            AP=pikepdf.Dictionary(N=appearance),
        )
        pdf.pages[0].Annots = pdf.make_indirect([note])
        pdf.save(out)
    page = read_file(out.getvalue(), "a.pdf").pages[0]
    image = page_image(out.getvalue(), "a.pdf", page)
    x, y = int(250 / 72 * page.dpi), int((842 - 350) / 72 * page.dpi)
    assert image[y, x] < 50


@pytest.mark.parametrize(
    ("data", "name", "problem"),
    [
        (b"", "a.pdf", "empty_file"),
        (b"hei", "a.txt", "unreadable_kind"),
        (SCANNED[:-300], "a.pdf", "damaged"),
        (b"%PDF-1.7\nnothing here\n%%EOF\n", "a.pdf", "damaged"),
        (SCANS[0][:-300], "a.jpg", "damaged"),
        (b"PK\x03\x04", "a.docx", "damaged"),
        (b"II*\0" + b"\xff" * 40, "a.tif", "damaged"),
    ],
)
def test_what_cannot_be_read_is_a_value_with_a_reason(data: bytes, name: str, problem: str) -> None:
    reading = read_file(data, name)
    assert reading.problems == (problem,)
    assert problem in READING_PROBLEMS
    assert reading.pages == ()


def test_an_encrypted_pdf() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(SCANNED)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    reading = read_file(out.getvalue(), "a.pdf")
    assert reading.encrypted
    assert reading.problems == ("encrypted",)


def test_a_huge_page_is_drawn_smaller_and_a_huge_picture_is_refused() -> None:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(14000, 14000))
        pdf.save(out)
    (page,) = read_file(out.getvalue(), "a.pdf").pages
    assert page.blank
    assert page.size_px[0] * page.size_px[1] <= 20_100_000
    picture = picture_bytes(Image.new("1", (10000, 9000), 1), "TIFF", compression="group4")
    reading = read_file(picture, "a.tif")
    assert reading.problems == ("too_large",)
    for damaged_page in reading.pages:
        with pytest.raises(Unreadable):
            page_image(picture, "a.tif", damaged_page)


def test_a_word_file_says_whether_it_holds_a_digital_signature() -> None:
    assert not read_file(word_file("word/document.xml"), "a.docx").digital_signature
    signed = word_file("word/document.xml", "_xmlsignatures/sig1.xml")
    assert read_file(signed, "a.docx").digital_signature


def test_cut_pages_keep_their_pictures_byte_for_byte() -> None:
    cut = cut_pages(SCANNED, [3, 1])
    assert cut == cut_pages(SCANNED, [3, 1])
    with pikepdf.open(io.BytesIO(cut)) as pdf:
        pictures = [next(iter(page.get_images().values())).read_raw_bytes() for page in pdf.pages]
    assert pictures == [SCANS[2], SCANS[0]]
    assert page_numbers(read_file(cut, "a.pdf")) == [{3}, {1}]


@pytest.mark.parametrize("data", [GREY_TIFF, FAX_TIFF], ids=["grey", "fax"])
def test_cut_tiff_pages_keep_every_pixel(data: bytes) -> None:
    cut = cut_pages(data, [2, 3])
    assert cut == cut_pages(data, [2, 3])
    before, after = read_file(data, "a.tif"), read_file(cut, "a.tif")
    assert page_numbers(after) == [{2}, {3}]
    for old, new in zip(before.pages[1:], after.pages, strict=True):
        assert new.dpi == 200
        same = page_image(data, "a.tif", old) == page_image(cut, "a.tif", new)
        assert np.all(same)


def test_a_single_picture_is_never_changed_by_cutting() -> None:
    assert cut_pages(SCANS[0], [1]) == SCANS[0]


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["a.pdf", "a.tif", "a.jpg", "a.docx", "a"]))
def test_no_bytes_break_the_reader(tail: bytes, name: str) -> None:
    for head in (
        b"",
        b"%PDF-1.7\n",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"II*\0",
        b"PK\x03\x04",
    ):
        reading = read_file(head + tail + b"%%EOF", name)
        assert reading.problems or reading.kind == "docx"


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_scan_with_changed_bytes_is_read_or_refused(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from([SCANNED, GREY_TIFF, FAX_TIFF, SCANS[0]]))
    spoiled = bytearray(source)
    for _ in range(data.draw(st.integers(1, 4))):
        spoiled[data.draw(st.integers(0, len(source) - 1))] = data.draw(st.integers(0, 255))
    reading = read_file(bytes(spoiled), "a.pdf")
    wrong = [seen.code for page in reading.pages for seen in page.codes if seen.code not in CODES]
    assert wrong == []


@pytest.mark.soak
def test_every_one_of_300_damaged_pages_is_read() -> None:
    unread = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        fold, stain, streak, hole, spoiled = (bool(hit) for hit in rng.random(5) < 0.25)
        damage = Damage(fold, stain, streak, hole, spoiled)
        scanner = POOR if seed % 3 == 0 else Scanner()
        reading = read_file(as_pdf(scan(FORM, seed=seed, scanner=scanner, damage=damage)), "a.pdf")
        unread += sum(not page.codes for page in reading.pages)
    assert unread <= 1


def test_a_telephones_own_bytes_after_the_picture_do_no_harm() -> None:
    jpeg = SCANS[0]
    assert is_whole(jpeg + b"SEFH" + bytes(30_000), "image")
    assert read_file(jpeg + b"\x01" * 500, "a.jpg").pages[0].codes
    assert not is_whole(jpeg + b"\x01" * 70_000, "image")


def test_the_end_of_a_small_picture_inside_is_not_the_end() -> None:
    small = picture_bytes(Image.new("L", (64, 64), 200), "JPEG")
    with Image.open(io.BytesIO(SCANS[0])) as image:
        jpeg = picture_bytes(image, "JPEG", comment=small)
    assert small in jpeg
    assert is_whole(jpeg + b"\x01", "image")
    assert not is_whole(jpeg[:40_000], "image")
