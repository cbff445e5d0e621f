"""From Word to paper: converted, asked what it says, stamped, read again, put in a heap."""

from __future__ import annotations

import io
import logging
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from bti_docs.core.paper import CODE_BOTTOM_LEFT, CODE_TOP_RIGHT, PAGE, Place
from bti_docs.core.references import ArchiveName, PageCode, Reference, parse_page_code
from bti_docs.errors import MergeError
from bti_docs.merge import Template, print_form
from bti_docs.pdf import (
    Converter,
    UnclearLabels,
    convert,
    convert_many,
    extract_texts,
    find_places,
    heap,
    page_count,
    stamp,
    texts_missing,
)
from bti_docs.pdf.stamp import modules
from bti_docs.pdf.text import fold
from tests.edges.docx_samples import docx, field, p, r, sdt, tbl, tr

SOFFICE = shutil.which("soffice")
LINE = (
    '<w:pPr><w:pBdr><w:top w:val="single" w:sz="4" w:space="1" w:color="000000"/></w:pBdr></w:pPr>'
)
LABELS = {
    "f1": "Underskrift foresatt 1: Kari Eksempel",
    "f2": "Underskrift foresatt 2: Kari Eksempelsen",
}
TEMPLATE = Template.open(
    docx(
        p("Samtykke – ☒ ☐ ✓ → • Sámi: áčđŋšŧž ŽŠ")
        + f"<w:p>{r('Navn: ')}{sdt('navn', 'Navn', r('{{ navn }}'))}{r(' slutt')}</w:p>"
        + tbl(
            tr(p("Mål"), p("Frist"), p("")),
            tr(p("{%tr for t in tiltak %}"), "<w:p/>", "<w:p/>"),
            tr(sdt("tiltak.maal", "Mål", p("{{ t.maal }}"), ""), p("{{ t.frist|dato }}"), "<w:p/>"),
            tr(p("{%tr endfor %}"), "<w:p/>", "<w:p/>"),
        )
        + p("{{ langt }}")
        + "".join(p("") + p("") + p(label, LINE) for label in LABELS.values()),
        header=p("Testkommunen"),
        footer=f"<w:p>{r('Side ')}{field('PAGE')}{r(' av ')}{field('NUMPAGES')}</w:p>",
    )
)
LONG = " ".join(f"Ord{number} i en lang tekst." for number in range(220))
DATA = {
    "navn": "Åse «Ø» Prøvesen & sønn",
    "tiltak": [{"maal": f"Mål {n}\nmed to linjer", "frist": "2026-12-03"} for n in range(3)],
    "langt": LONG,
}
DOCX = print_form(TEMPLATE.render(DATA))


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    with Converter(workers=2) as one:
        yield one


@pytest.fixture(scope="module")
def pdf(converter: Converter) -> bytes:
    return converter.convert(DOCX)


def codes(pages: int) -> list[str]:
    archive, reference = ArchiveName("K7QM"), Reference("7K3MQ2XP")
    return [PageCode(archive, reference, n, pages).text() for n in range(1, pages + 1)]


@pytest.fixture(scope="module")
def stamped(pdf: bytes) -> bytes:
    return stamp(pdf, codes(page_count(pdf)), title="Samtykke – Ø", language="nb")


def test_the_whole_text_is_on_the_pages(pdf: bytes) -> None:
    assert page_count(pdf) == 2
    values = ["Samtykke – ☒ ☐ ✓ → • Sámi: áčđŋšŧž ŽŠ", f"Navn: {DATA['navn']} slutt", LONG]
    values += [row["maal"] for row in DATA["tiltak"]]  # type: ignore[union-attr,index]
    values += ["03.12.2026", "Testkommunen", "Side 1 av 2", "Side 2 av 2", *LABELS.values(), ""]
    assert texts_missing(pdf, values) == ()
    assert texts_missing(pdf, ["Mål 1 med tre linjer", "Skriv her"]) == (
        "Mål 1 med tre linjer",
        "Skriv her",
    )
    assert all("Testkommunen" in text for text in extract_texts(pdf))


def test_a_glyph_that_no_face_has_is_found_missing(converter: Converter) -> None:
    made = converter.convert(print_form(TEMPLATE.render({**DATA, "navn": "ሰላም"})))
    assert texts_missing(made, ["ሰላም"]) == ("ሰላም",)


def test_only_the_fonts_that_travel_with_the_program_are_used(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = {
            str(item.FontName).partition("+")[2]
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and "/FontName" in item
        }
    assert names == {"Carlito", "DejaVuSans"}


def test_the_same_document_gives_the_same_bytes(pdf: bytes, stamped: bytes) -> None:
    assert convert(DOCX) == pdf
    assert stamp(pdf, codes(2), title="Samtykke – Ø", language="nb") == stamped


def test_many_come_in_order_and_one_bad_one_fails_alone() -> None:
    documents = [DOCX, b"no docx", DOCX, b"", DOCX]
    made = list(convert_many(documents, workers=2))
    outcomes = [one.code if isinstance(one, MergeError) else page_count(one) for one in made]
    assert outcomes == [2, "pdf_engine_refused", 2, "pdf_engine_refused", 2]


def test_a_crash_or_a_hang_of_the_engine_costs_one_document() -> None:
    with Converter(seconds=60) as one:
        one.convert(DOCX)
        worker = one._idle.get()
        one._idle.put(worker)
        assert worker._process is not None
        worker._process.kill()
        with pytest.raises(MergeError) as caught:
            one.convert(DOCX)
        assert caught.value.code == "pdf_engine_crashed"
        assert page_count(one.convert(DOCX)) == 2
        assert worker._process is not None
        os.kill(worker._process.pid, signal.SIGSTOP)
        threading.Timer(0.2, worker._process.kill).start()
        with pytest.raises(MergeError):
            one.convert(DOCX)


def test_a_document_that_takes_too_long_is_given_up() -> None:
    with Converter(seconds=0.001) as one, pytest.raises(MergeError) as caught:
        one.convert(DOCX)
    assert caught.value.code == "pdf_engine_crashed"


@pytest.mark.parametrize("dots_per_inch", [150, 200])
def test_every_page_has_its_code_twice_where_paper_says(stamped: bytes, dots_per_inch: int) -> None:
    with pypdfium2.PdfDocument(stamped) as document:
        for number, expected in enumerate(codes(2)):
            bitmap = document[number].render(scale=dots_per_inch / 72, grayscale=True)
            found = zxingcpp.read_barcodes(
                bitmap.to_numpy().squeeze(), formats=zxingcpp.BarcodeFormat.QRCode
            )
            assert [one.text for one in found] == [expected, expected]
            assert {one.extra["Version"] for one in found} == {"2"}
            assert {one.ec_level for one in found} == {"Q"}
            corners = sorted((one.position.top_left for one in found), key=lambda at: at.y)
            for corner, box in zip(corners, (CODE_TOP_RIGHT, CODE_BOTTOM_LEFT), strict=True):
                assert corner.x / dots_per_inch * 25.4 == pytest.approx(box.x, abs=0.3)
                assert corner.y / dots_per_inch * 25.4 == pytest.approx(box.y, abs=0.3)


def test_the_print_copy_is_archivable_and_says_what_it_is(stamped: bytes) -> None:
    with pikepdf.open(io.BytesIO(stamped)) as document:
        with document.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "2"
            assert metadata["dc:title"] == "Samtykke – Ø"
            assert "xmp:MetadataDate" not in metadata
        assert str(document.Root.Lang) == "nb"
        assert str(document.docinfo.Title) == "Samtykke – Ø"


def test_stamping_says_nothing(pdf: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        stamp(pdf, codes(2), title="x", language="nn")
    assert caplog.records == []


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("pdf_page_count", ["BTI1/K7QM/7K3MQ2XP/1/1/C8"]),
        ("pdf_code_size", ["BTI1/K7QM/7K3MQ2XP/11/22/C8XXX"] * 2),
        ("pdf_code_size", ["BTI1"] * 2),
    ],
)
def test_what_cannot_be_stamped_is_refused(pdf: bytes, code: str, values: list[str]) -> None:
    with pytest.raises(MergeError) as caught:
        stamp(pdf, values, title="x", language="nb")
    assert caught.value.code == code


def test_only_upright_a4_is_stamped() -> None:
    for size, turn in (((612, 792), 0), ((595, 842), 90)):
        with pikepdf.new() as document:
            page = document.add_blank_page(page_size=size)
            page.rotate(turn, relative=False)
            written = io.BytesIO()
            document.save(written)
        with pytest.raises(MergeError) as caught:
            stamp(written.getvalue(), codes(1), title="x", language="nb")
        assert (caught.value.code, caught.value.params) == ("pdf_not_a4", {"page": 1})


@given(st.integers(1, 99), st.integers(0, 98), st.integers(0, 2**40 - 1))
@settings(max_examples=40, deadline=None)
def test_every_page_code_fits_the_symbol(pages: int, back: int, number: int) -> None:
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    reference = Reference("".join(alphabet[number >> 5 * i & 31] for i in range(8)))
    text = PageCode(ArchiveName("K7QM"), reference, max(1, pages - back), pages).text()
    assert [len(row) for row in modules(text)] == [25] * 25
    assert parse_page_code(text) is not None


def test_damaged_files_are_refused() -> None:
    for call in (page_count, extract_texts):
        with pytest.raises(MergeError) as caught:
            call(b"%PDF-1.7 nothing")
        assert caught.value.code == "pdf_damaged"
    with pytest.raises(MergeError) as caught:
        stamp(b"%PDF-1.7 nothing", [], title="x", language="nb")
    assert caught.value.code == "pdf_damaged"


def test_signature_places_stand_above_their_labels(pdf: bytes) -> None:
    places = find_places(pdf, LABELS)
    assert not isinstance(places, UnclearLabels)
    assert [(place.signer, place.label, place.page) for place in places] == [
        ("f1", LABELS["f1"], 2),
        ("f2", LABELS["f2"], 2),
    ]
    for place in places:
        box = place.box
        assert (box.w, box.h) == (75.0, 12.0)
        assert box.x == pytest.approx(20.0, abs=0.3)
        assert box.x + box.w <= PAGE.w
        assert _lowest_line(pdf, place) == pytest.approx(box.y + box.h, abs=0.3)


def _lowest_line(pdf: bytes, place: Place) -> float:
    """The printed line nearest to the box's lower edge, in millimetres from the page's top."""
    with pypdfium2.PdfDocument(pdf) as document:
        grey = document[place.page - 1].render(scale=300 / 72, grayscale=True).to_numpy().squeeze()
    millimetre = 300 / 25.4
    column = grey[:, int((place.box.x + 70) * millimetre)]
    rows = [row / millimetre for row in range(len(column)) if column[row] < 128]
    return min(rows, key=lambda row: abs(row - place.box.y - place.box.h))


def test_labels_that_are_not_there_exactly_once_are_told(pdf: bytes) -> None:
    wanted = {"f1": LABELS["f1"], "x": "Underskrift", "y": "Underskrift foresatt 3: Ingen"}
    assert find_places(pdf, wanted) == UnclearLabels({"x": 2, "y": 0})
    assert find_places(pdf, {}) == ()


def test_a_label_on_two_lines_is_found(converter: Converter) -> None:
    label = "Underskrift foresatt 1: " + " ".join(["Navnesen-Prøvesen"] * 8)
    made = converter.convert(docx(p("x") + p(label, LINE)))
    places = find_places(made, {"f1": label})
    assert not isinstance(places, UnclearLabels)
    assert places[0].box.x == pytest.approx(20.0, abs=0.3)


def test_a_heap_keeps_order_and_pads_for_both_sides(stamped: bytes, converter: Converter) -> None:
    one = converter.convert(docx(p("ett ark")))
    first = converter.convert(docx(p("Bunke: 3 dokumenter")))
    made = heap([one, stamped, one], first_sheet=first)
    texts = [fold(text) for text in extract_texts(made)]
    expected = ["Bunke:", "", "ettark", "", "Testko", "Testko", "ettark", ""]
    assert [text[:6] for text in texts] == expected
    assert page_count(heap([one, stamped, one], duplex=False)) == 4
    assert heap([one, stamped, one], first_sheet=first) == made
    with pytest.raises(MergeError) as caught:
        heap([one, b"%PDF-"])
    assert (caught.value.code, caught.value.params) == ("pdf_damaged", {"document": 2})


def test_a_heap_of_nothing_is_refused() -> None:
    with pytest.raises(MergeError) as caught:
        heap([])
    assert caught.value.code == "pdf_heap_empty"


def test_text_over_a_page_break_counts_as_whole(pdf: bytes) -> None:
    pages = [fold(text) for text in extract_texts(pdf)]
    whole = fold(LONG)
    assert all(whole not in page for page in pages)
    assert texts_missing(pdf, [LONG]) == ()
    assert texts_missing(pdf, [LONG.replace("Ord200 i", "Ord200 ikke i")]) != ()


def test_libreoffice_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")  # where it is looked for when the settings do not name it
    for program in (None, "/nowhere/soffice"):
        with pytest.raises(MergeError) as caught:
            convert(DOCX, engine="libreoffice", soffice=program)
        assert caught.value.code == "pdf_engine_missing"


@pytest.mark.office
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_makes_the_same_text_and_can_be_stamped() -> None:
    with Converter("libreoffice", soffice=SOFFICE, workers=2) as one:
        made = list(one.convert_many([DOCX, b"PK no docx", DOCX]))
    good = made[0]
    assert isinstance(good, bytes)
    assert isinstance(made[2], bytes)
    assert texts_missing(good, [LONG, "☒ ☐ ✓", "Side 1 av 2", *LABELS.values()]) == ()
    places = find_places(good, LABELS)
    assert not isinstance(places, UnclearLabels)
    done = stamp(good, codes(page_count(good)), title="Samtykke", language="nb")
    assert page_count(done) == page_count(good)


@pytest.mark.office
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_that_takes_too_long_is_ended_with_its_children() -> None:
    before = _running()
    with (
        Converter("libreoffice", soffice=SOFFICE, seconds=0.01) as one,
        pytest.raises(MergeError) as caught,
    ):
        one.convert(DOCX)
    assert caught.value.code == "pdf_engine_crashed"
    assert _running() <= before


def _running() -> int:
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return sum("bti-docs-lo-" in line for line in listed.stdout.splitlines())


@pytest.mark.office
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not here")
def test_words_from_right_to_left_are_found_by_their_letters() -> None:
    name = "محمد الأحمد"
    made = convert(
        print_form(docx(p(f"Vi inviterer {name}."))), engine="libreoffice", soffice=SOFFICE
    )
    assert texts_missing(made, [f"Vi inviterer {name}."]) == ()
    assert texts_missing(made, [f"Vi inviterer {name} سلمى."]) != ()
