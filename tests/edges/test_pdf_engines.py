"""Both PDF engines over every shipped template, and what happens when one of them fails."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import pytest

from bti_docs.core.context import signature_lines
from bti_docs.core.paper import Place
from bti_docs.core.references import ArchiveName, Reference, page_codes
from bti_docs.merge import print_form, visible_texts
from bti_docs.pdf import (
    Converter,
    NoPrintCopy,
    PrintCopy,
    PrintJob,
    UnclearLabels,
    extract_texts,
    find_places,
    page_count,
    stamp,
    texts_missing,
)
from bti_docs.pdf.able import (
    DROPPED_RUN_PROPERTIES,
    MOVING_FIELDS,
    drawable_characters,
    missing_glyphs,
    needs_libreoffice,
)
from bti_docs.pdf.text import fold
from tests.edges.docx_samples import docx, field, p, r
from tests.paper_samples import FOLDER, GUARDIAN, case, filled, making, manifest, values

SOFFICE = shutil.which("soffice")
office = pytest.mark.office
needs_soffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
ARCHIVE, REF = ArchiveName("K7QM"), Reference("7K3MQ2XP")
YOUTH = {"fornavn": "Ola", "etternavn": "Prøvesen", "foedselsdato": "2010-04-09", "slag": "ungdom"}
PARENTS = [
    GUARDIAN | {"navn": "Marianne Abrahamsen-Johansen Eksempel"},
    GUARDIAN | {"navn": "Christoffer Abrahamsen-Johansen Eksempel"},
]
LENGTHS = {
    "short": {},
    "long": {"words": "et langt svar som fyller flere linjer " * 4, "rows": 6},
}
LETTER = docx(p("Testkommunen – innkalling") + p("x ") * 3)


def _paper(path: Path, length: str) -> tuple[bytes, dict[str, str]]:
    code, language, _ = path.name.split(".")
    record = None if manifest(code).chain == "serie" else case(barn=YOUTH, foresatte=PARENTS)
    made = making(code, language, record)
    labels = {line["kode"]: line["etikett"] for line in signature_lines(made)}
    return print_form(filled(made, values(code, **LENGTHS[length]))), labels  # type: ignore[arg-type]


def _job(document: bytes, labels: dict[str, str] | None = None) -> PrintJob:
    expected = visible_texts(document) if document.startswith(b"PK") else ("x",)
    return PrintJob(document, expected, labels or {}, ARCHIVE, REF, "Samtykke – Ø", "nb")


@office
@needs_soffice
def test_both_engines_show_the_same_text_and_every_label() -> None:
    papers = {
        (path.stem, length): _paper(path, length)
        for path in sorted(FOLDER.glob("*.docx"))
        for length in LENGTHS
    }
    documents = [document for document, _ in papers.values()]
    with Converter("dxpdf", workers=2) as one, Converter("libreoffice", workers=2) as other:
        pairs = zip(one.convert_many(documents), other.convert_many(documents), strict=True)
        lines = [""]
        for ((name, length), (document, labels)), (ours, theirs) in zip(
            papers.items(), pairs, strict=True
        ):
            assert isinstance(ours, bytes)
            assert isinstance(theirs, bytes)
            places = [find_places(pdf, labels) for pdf in (ours, theirs)]
            apart = f", places apart by {_apart(*places):.1f} mm" if labels else ""
            pages = f"{page_count(ours)} / {page_count(theirs)}"
            lines.append(f"{name:<8} {length:<6} pages {pages}{apart}")
            for pdf in (ours, theirs):
                assert texts_missing(pdf, visible_texts(document)) == (), name
            assert _words(ours) == _words(theirs), name
    sys.stdout.write("\n".join([*lines, ""]))


def _apart(*found: tuple[Place, ...] | UnclearLabels) -> float:
    one, other = (places for places in found if not isinstance(places, UnclearLabels))
    assert [place.signer for place in one] == [place.signer for place in other]
    return max(abs(a.box.y - b.box.y) for a, b in zip(one, other, strict=True))


def _words(pdf: bytes) -> set[str]:
    """Every word, whatever the page it stands on and its place there; page numbers are digits."""
    words = " ".join(extract_texts(pdf)).split()
    return {fold(word) for word in words if not word.isdigit()} - {""}


@pytest.mark.parametrize("engine", ["dxpdf", pytest.param("libreoffice", marks=[office])])
def test_a_print_copy_is_what_converting_and_stamping_make(engine: str) -> None:
    if engine == "libreoffice" and SOFFICE is None:
        pytest.skip("LibreOffice is not installed")
    document, labels = _paper(FOLDER / "SAM.nb.docx", "short")
    with Converter("dxpdf" if engine == "dxpdf" else "libreoffice") as converter:
        made = converter.print_copy(_job(document, labels))
        pdf = converter.convert(document)
    assert isinstance(made, PrintCopy)
    assert made.pages == page_count(pdf) == page_count(made.pdf)
    assert [place.signer for place in made.places] == list(labels)
    if engine == "dxpdf":
        codes = page_codes(ARCHIVE, REF, made.pages)
        assert made.pdf == stamp(pdf, codes, title="Samtykke – Ø", language="nb")
        assert made.places == find_places(pdf, labels)


def test_why_there_is_no_print_copy_is_a_value_and_costs_no_other() -> None:
    jobs = [
        _job(LETTER),
        _job(b"no docx"),
        _job(docx(p("ሰላም"))),
        _job(LETTER, {"f1": "Underskrift foresatt 1"}),
        _job(LETTER),
    ]
    with Converter(workers=2) as converter:
        made = list(converter.print_copies(jobs))
    outcomes = [one.code if isinstance(one, NoPrintCopy) else one.pages for one in made]
    assert outcomes == [1, "pdf_engine_refused", "pdf_text_missing", "signature_place_missing", 1]
    assert made[0] == made[4]


def test_workers_end_when_the_caller_stops_listening() -> None:
    with Converter(workers=2) as converter:
        stream = converter.convert_many(LETTER for _ in range(1000))
        assert isinstance(next(stream), bytes)
        started = time.monotonic()
        stream.close()  # type: ignore[attr-defined]
        assert time.monotonic() - started < 5


# --- what dxpdf can show ------------------------------------------------------------------------


def test_everyday_letters_are_in_every_face() -> None:
    assert set(range(0x20, 0x7F)) | set(range(0xA1, 0x180)) <= drawable_characters() | {0xAD}
    assert not needs_libreoffice("Åse «Ø» Šđŋ – 50 % ☒ ☐ ✓ → €")
    assert not needs_libreoffice("")
    assert not needs_libreoffice("e\u0301 Ж α")


@pytest.mark.parametrize("text", ["ሰላም", "中文", "محمد", "שלום", "👨\u200d👩", "o\u0302\u0302"])
def test_what_dxpdf_cannot_set_is_known_beforehand(text: str) -> None:
    assert needs_libreoffice(f"Hei {text}")


def test_the_missing_glyphs_are_those_that_come_out_blank() -> None:
    text = "Aሰ中Жก€𝐀"
    with Converter() as converter:
        shown = "".join(extract_texts(converter.convert(docx(p(text)))))
    assert missing_glyphs(text) == tuple(one for one in text if one not in shown)


def test_what_dxpdf_drops_is_what_we_say_it_drops() -> None:
    def run(properties: str) -> bytes:
        return docx(f"<w:p>{r('Prøve', f'<w:rPr>{properties}</w:rPr>')}</w:p>")

    with Converter(workers=2) as converter:
        plain = converter.convert(run(""))
        for name in sorted(DROPPED_RUN_PROPERTIES):
            value = ' w:val="dot"' if name == "em" else ""
            assert converter.convert(run(f"<w:{name}{value}/>")) == plain, name
        for code in sorted(MOVING_FIELDS):
            moving = f"<w:p>{field(code, 'fast')}</w:p>"
            assert texts_missing(converter.convert(docx(moving)), ["fast"]) == ("fast",)
