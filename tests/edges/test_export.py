"""The pages and the family's folder, from real PDFs, real scans and a real Word file."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from openxml_audit import OpenXmlValidator
from PIL import Image

from bti_docs.core.family import family_copy
from bti_docs.core.family_model import FamilyCopy
from bti_docs.core.model import Case, DocumentFile
from bti_docs.core.relay_log import relay_log
from bti_docs.export import family_folder, log_html
from bti_docs.export.front import Paragraph
from bti_docs.export.reading import read_file
from bti_docs.export.wordfile import word_file
from bti_docs.pdf import Converter, extract_texts
from bti_docs.simulate import as_pdf, as_tiff, scan
from tests.case_stories import PDF, WORD, Story, a_file, autumn, profile, words
from tests.edges.docx_samples import docx, r

ON = date(2026, 11, 22)
GOLDEN = Path(__file__).parents[1] / "golden"
LANGUAGES = ("nb", "nn", "en")
PRINTED = "Vi ber om ja til at tjenestene kan snakke sammen."
REMARK = "Det var jeg som ringte."


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    with Converter("dxpdf") as running:
        yield running


@pytest.fixture(scope="module")
def papers(converter: Converter) -> Mapping[str, bytes]:
    """By the end of a file's name: what was printed, scanned, photographed and written."""
    word = word_file([Paragraph("Title", "Samtykkeskjema"), Paragraph("Normal", PRINTED)], "nb")
    printed = converter.convert(word)
    sheets = scan(printed, seed=1)
    return {
        "retur-1.pdf": as_pdf(sheets),
        ".tiff": as_tiff(sheets * 2),
        "mottatt.docx": word_file([Paragraph("Normal", REMARK)], "nb"),
        ".docx": word,
        ".pdf": printed,
    }


def told() -> Story:
    """The autumn, and what came by itself: a letter as TIFF, a remark in Word, a sheet not back."""
    story = autumn().later(3)
    letter = a_file("dokumenter/2026-11-03_INN_7K3MQ2XG_mottatt.tiff", "received", "image/tiff")
    story.filed("7K3MQ2XG", type="INN", audience="family", files=[letter])
    remark = a_file("dokumenter/2026-11-03_MRK_7K3MQ2XH_mottatt.docx", "received", WORD)
    story.filed("7K3MQ2XH", type="MRK", audience="family", files=[remark])
    story.issued(
        "SAM", "7K3MQ2XJ", settles=("signed", "read"), signers=("f1",), recipient="f1",
        due="2026-12-01",
    )  # fmt: skip
    return story.sent("7K3MQ2XJ")


def copy_of(case: Case, language: str = "nb", person: str = "f1") -> FamilyCopy:
    copy = family_copy(case, person, on=ON, **words(language))
    assert isinstance(copy, FamilyCopy)
    return copy


def folder(
    case: Case, papers: Mapping[str, bytes], converter: Converter, language: str = "nb"
) -> Mapping[str, bytes]:
    def read(file: DocumentFile) -> bytes:
        return next(data for end, data in papers.items() if file.path.endswith(end))

    return family_folder(copy_of(case, language), read=read, to_pdf=converter.convert)


@pytest.fixture(scope="module")
def made(papers: Mapping[str, bytes], converter: Converter) -> Mapping[str, bytes]:
    return folder(told().case(), papers, converter)


def log_page(language: str = "nb") -> str:
    log = relay_log(told().case(), on=ON, names=True, **words(language))
    return log_html(log, profile()).decode()


# --- the pages ------------------------------------------------------------------------------


class Outline(HTMLParser):
    """The headings' levels, the ids, the links, and the tags that a page may not have."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id" and value:
                self.ids.append(value)
            if name in {"href", "src"} and value:
                self.links.append(value)


@pytest.fixture(
    params=[f"{page}.{language}" for page in ("log", "family") for language in LANGUAGES]
)
def page(request: pytest.FixtureRequest, papers: Mapping[str, bytes], converter: Converter) -> str:
    name, language = request.param.split(".")
    if name == "log":
        return log_page(language)
    return folder(told().case(), papers, converter, language)["START_HER.html"].decode()


def test_a_page_has_no_scripts_and_asks_nobody_for_anything(page: str) -> None:
    outline = Outline(page)
    assert outline.tags.isdisjoint({"script", "iframe", "link", "object", "embed", "form"})
    assert [name for name in outline.attributes if name.startswith("on")] == []
    assert "http://" not in page
    assert "https://" not in page
    assert "url(" not in page
    assert "@import" not in page


def test_a_page_says_its_language_and_its_headings_are_in_order(page: str) -> None:
    outline = Outline(page)
    assert re.search(r'<html lang="(nb|nn|en)">', page)
    assert outline.levels[0] == 1
    assert outline.levels.count(1) == 1
    steps = zip(outline.levels, outline.levels[1:], strict=False)
    assert [(a, b) for a, b in steps if b > a + 1] == []
    assert len(outline.ids) == len(set(outline.ids))
    inside = [link[1:] for link in outline.links if link.startswith("#")]
    assert set(inside) <= set(outline.ids)


def test_what_people_have_written_is_text_and_never_markup(
    papers: Mapping[str, bytes], converter: Converter
) -> None:
    story = autumn().noted({"fact": "decision", "text": "<script>alert(1)</script> & «ja»"})
    page = folder(story.case(), papers, converter)["START_HER.html"].decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; «ja»" in page
    assert "<script" not in page


def test_the_log_links_to_the_files_beside_it_and_is_for_staff() -> None:
    page = log_page()
    assert "Ikke til utlevering" in page
    assert "etter hendelse 24" in page
    assert "Ved mistanke om vold eller overgrep" in page
    assert 'href="dokumenter/2026-09-09_7K3MQ2XA_retur-1.pdf"' in page
    links = [link for link in Outline(page).links if not link.startswith("#")]
    assert all(link.startswith("dokumenter/") for link in links)


def test_the_page_itself_carries_every_papers_text_or_picture(made: Mapping[str, bytes]) -> None:
    page = made["START_HER.html"].decode()
    assert PRINTED in page
    assert REMARK in page
    assert page.count('src="data:image/jpeg;base64,') == 4
    assert page.count("Teksten er fra papiret slik vi laget det.") == 2


def test_the_page_begins_with_what_holds_now(made: Mapping[str, bytes]) -> None:
    page = made["START_HER.html"].decode()
    order = [
        "Dette gjelder nå</h2>", "00 00 00 21", "Vi prøver lesestund", "Lesestund hver dag",
        "3. desember 2026", "Vil du trekke samtykket", "Når det haster</h2>", "116 111",
        "Dette har vi sagt og bestemt</h2>", "Papirene</h2>", "Det vi holder tilbake</h2>",
        "rett til tolk", "Ord som blir brukt</h2>", "Kontakt</h2>", "fingeravtrykk",
    ]  # fmt: skip
    places = [page.index(words) for words in order]
    assert places == sorted(places)


# --- the folder -----------------------------------------------------------------------------


def test_names_are_numbered_ascii_and_say_nothing_of_a_person(made: Mapping[str, bytes]) -> None:
    assert sorted(made) == [
        "START_HER.html",
        "Samlet.pdf",
        "dokumenter/01_2026-09-09_samtykkeskjema.pdf",
        "dokumenter/02_2026-09-15_invitasjon-til-moete.pdf",
        "dokumenter/03_2026-10-10_referat-fra-moete.pdf",
        "dokumenter/04_2026-11-03_innkommet-brev.tiff",
        "dokumenter/05_2026-11-03_merknad.docx",
        "dokumenter/06_2026-11-03_samtykkeskjema.pdf",
        "les-meg.txt",
        "sjekksummer.txt",
    ]


def test_checksums_are_of_everything_in_the_folder(made: Mapping[str, bytes]) -> None:
    lines = made["sjekksummer.txt"].decode().splitlines()
    sums = {name: sum_ for sum_, _, name in (line.partition("  ") for line in lines)}
    assert sums == {
        name: hashlib.sha256(data).hexdigest()
        for name, data in made.items()
        if name != "sjekksummer.txt"
    }
    assert all(
        f"<code>{sum_}</code>" in made["START_HER.html"].decode()
        for name, sum_ in sums.items()
        if name != "START_HER.html"
    )


def test_files_are_the_bytes_that_lie_in_the_case(
    made: Mapping[str, bytes], papers: Mapping[str, bytes]
) -> None:
    assert made["dokumenter/01_2026-09-09_samtykkeskjema.pdf"] == papers["retur-1.pdf"]
    assert made["dokumenter/05_2026-11-03_merknad.docx"] == papers["mottatt.docx"]


def test_the_same_case_gives_the_same_bytes(
    made: Mapping[str, bytes], papers: Mapping[str, bytes], converter: Converter
) -> None:
    assert folder(told().case(), papers, converter) == made


def test_two_cases_that_differ_in_silence_give_the_same_folder(
    made: Mapping[str, bytes], papers: Mapping[str, bytes], converter: Converter
) -> None:
    silent = told().issued("OBS", "7K3MQ2XZ", audience="nobody").filed("7K3MQ2XZ")
    silent.noted({"fact": "child_voice", "text": "Bare mellom oss"}, audience="nobody")
    other = folder(silent.case(), papers, converter)
    changed = {name for name in made if made[name] != other.get(name)}
    assert changed == {"START_HER.html", "sjekksummer.txt"}
    heads = [story.case().head.hash.encode() for story in (told(), silent)]
    assert made["START_HER.html"].replace(heads[0], b"") == other["START_HER.html"].replace(
        heads[1], b""
    )


def test_everything_in_one_pdf_with_bookmarks_labels_and_language(
    made: Mapping[str, bytes],
) -> None:
    with pikepdf.open(io.BytesIO(made["Samlet.pdf"])) as whole:
        with whole.open_outline() as outline:
            marks = [item.title for item in outline.root]
        labels = [page.label for page in whole.pages]
        assert str(whole.Root.Lang) == "nb"
        assert str(whole.docinfo["/Title"]) == "Familiens mappe 2026-0147"
    assert marks == [
        "Først",
        "1. Samtykkeskjema, 9. september 2026",
        "2. Invitasjon til møte, 15. september 2026",
        "3. Referat fra møte, 10. oktober 2026",
        "4. Innkommet brev, 3. november 2026",
        "5. Merknad, 3. november 2026",
        "6. Samtykkeskjema, 3. november 2026",
    ]
    assert labels[0] == "i"
    assert labels[-7:] == ["1-1", "2-1", "3-1", "4-1", "4-2", "5-1", "6-1"]


def test_the_front_of_the_pdf_says_what_the_page_says(made: Mapping[str, bytes]) -> None:
    text = " ".join("".join(extract_texts(made["Samlet.pdf"])).split())
    copy = copy_of(told().case())
    said = [moment.text for moment in copy.timeline]
    said += [measure.measure for goal in copy.goals for measure in goal.measures]
    said += [copy.complaint, copy.reader]
    assert [line for line in said if line not in text] == []


def test_a_pictures_page_is_a4(made: Mapping[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(made["Samlet.pdf"])) as whole:
        boxes = {tuple(round(float(side)) for side in page.mediabox[2:]) for page in whole.pages}
    assert all(abs(w - 595) <= 2 and abs(h - 842) <= 2 for w, h in boxes)


def test_a_broken_or_locked_file_is_given_as_it_is(
    papers: Mapping[str, bytes], converter: Converter
) -> None:
    broken = {**papers, "retur-1.pdf": b"%PDF-1.7 torn", ".tiff": b"torn"}
    files = folder(told().case(), broken, converter)
    assert files["dokumenter/01_2026-09-09_samtykkeskjema.pdf"] == b"%PDF-1.7 torn"
    assert "Åpne filen, eller be oss lese det for deg." in files["START_HER.html"].decode()
    with pikepdf.open(io.BytesIO(files["Samlet.pdf"])) as whole, whole.open_outline() as outline:
        assert [item.title[0] for item in outline.root] == ["F", "2", "5", "6"]
    front = " ".join("".join(extract_texts(files["Samlet.pdf"])).split())
    assert "Innkommet brev ligger som egen fil i mappen dokumenter." in front
    torn = folder(told().case(), {**papers, "mottatt.docx": b"PK torn"}, converter)
    assert torn["dokumenter/05_2026-11-03_merknad.docx"] == b"PK torn"


def test_finished_minutes_are_given_as_the_pdf_that_was_made_of_them(
    papers: Mapping[str, bytes], converter: Converter
) -> None:
    story = Story().opened().issued("REF", "7K3MQ2XA", settles=("completed", "sent"))
    word = a_file("dokumenter/2026-10-10_REF_7K3MQ2XA_mottatt.docx", "received", WORD)
    story.filed("7K3MQ2XA", files=[word], done=["completed"])
    text = folder(story.case(), papers, converter)
    assert sum(name.endswith(".docx") for name in text) == 1
    assert REMARK in " ".join("".join(extract_texts(text["Samlet.pdf"])).split())
    made = [word, a_file("dokumenter/2026-10-10_REF_7K3MQ2XA_lesekopi.pdf", "reading")]
    story = Story().opened().issued("REF", "7K3MQ2XA", settles=("completed", "sent"))
    files = folder(
        story.filed("7K3MQ2XA", files=made, done=["completed"]).case(), papers, converter
    )
    assert [name for name in files if name.startswith("dokumenter/")] == [
        "dokumenter/01_2026-09-01_referat-fra-moete.pdf"
    ]
    assert files["dokumenter/01_2026-09-01_referat-fra-moete.pdf"] == papers[".pdf"]
    assert REMARK in files["START_HER.html"].decode()
    with pikepdf.open(io.BytesIO(files["Samlet.pdf"])) as whole, whole.open_outline() as outline:
        assert [item.title[0] for item in outline.root] == ["F", "1"]


def test_without_papers_there_is_still_a_folder(converter: Converter) -> None:
    files = folder(Story().opened().case(), {}, converter)
    assert sorted(files) == ["START_HER.html", "Samlet.pdf", "les-meg.txt", "sjekksummer.txt"]
    assert "Ingen papirer her." in files["START_HER.html"].decode()


def test_the_small_word_file_lacks_only_parts_that_are_optional(tmp_path: Path) -> None:
    path = tmp_path / "front.docx"
    styles = ("Title", "Heading1", "Heading2", "Heading3", "Normal", "ListParagraph", "Small")
    path.write_bytes(word_file([Paragraph(s, "Æøå & <b>\x07") for s in styles], "nn"))
    assert {e.id for e in OpenXmlValidator().validate(path).errors} <= {
        "Sem_MissingRelationshipType"
    }


# --- reading --------------------------------------------------------------------------------


def test_lines_that_go_on_are_one_line(converter: Converter) -> None:
    sentence = "Vi vil gjerne at skolen og helsestasjonen kan snakke sammen om dette, " * 4
    pdf = converter.convert(word_file([Paragraph("Normal", sentence)], "nb"))
    (text,) = read_file(pdf, PDF).texts
    assert text == sentence.strip()


def test_a_picture_with_a_text_layer_is_still_a_picture(papers: Mapping[str, bytes]) -> None:
    reading = read_file(papers["retur-1.pdf"], PDF)
    assert reading.texts == ()
    assert len(reading.pictures) == 1


def test_other_kinds_are_not_shown() -> None:
    assert read_file(b"whatever", "application/octet-stream").pictures == ()
    assert read_file(b"PK torn", WORD).texts == ()


def test_a_wide_drawing_keeps_its_way(converter: Converter, papers: Mapping[str, bytes]) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 900), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "PNG")
    files = folder(told().case(), {**papers, ".tiff": out.getvalue()}, converter)
    document = pypdfium2.PdfDocument(files["Samlet.pdf"])
    wide = [n for n in range(len(document)) if document[n].get_width() > document[n].get_height()]
    document.close()
    assert len(wide) == 1


def test_a_word_files_tables_and_controls_are_read_as_a_person_reads_them() -> None:
    empty = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    head = "<w:tr><w:trPr><w:tblHeader/></w:trPr>{}</w:tr>"

    def cells(*texts: str, style: str = "") -> str:
        mark = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        return "".join(f"<w:tc><w:p>{mark}{r(t)}</w:p></w:tc>" for t in texts)

    body = f'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>{r("Referat")}</w:p>'
    body += f"<w:p>{r('Sagt: ')}{empty.format(r('Skriv her'))}{r('ingenting')}</w:p>"
    body += f"<w:tbl><w:tr>{cells('Dato', style='Ledetekst')}{cells('3. mai')}"
    body += f"{cells('Tid', style='Ledetekst')}{cells('kl. 9')}</w:tr></w:tbl>"
    body += f"<w:tbl>{head.format(cells('Tiltak', 'Frist'))}"
    for row in (("Lese", "1. juni"), ("", ""), ("Telle", "")):
        body += f"<w:tr>{cells(*row)}</w:tr>"
    body += f"</w:tbl><w:tbl><w:tr>{cells('Her', 'der')}</w:tr></w:tbl>"
    assert read_file(docx(body), WORD).texts[0].splitlines() == [
        "Referat", "Sagt: ingenting", "Dato: 3. mai", "Tid: kl. 9",
        "", "Tiltak: Lese", "Frist: 1. juni", "", "Tiltak: Telle", "Her · der",
    ]  # fmt: skip


def test_what_nobody_has_filled_in_is_left_out_unless_it_is_to_be_written_by_hand() -> None:
    def style(name: str) -> str:
        return f'<w:pPr><w:pStyle w:val="{name}"/></w:pPr>'

    def cell(*lines: str, mark: str = "") -> str:
        return f"<w:tc>{''.join(f'<w:p>{mark}{line}</w:p>' for line in lines)}</w:tc>"

    prompt = f"<w:sdt><w:sdtPr/><w:sdtContent>{r('Skriv her')}</w:sdtContent></w:sdt>"
    label = style("Ledetekst")
    body = f"<w:tbl><w:tr>{cell(r('Kari Eksempel'), r('Prøveveien 1'))}{cell(r('3. mai'))}</w:tr>"
    body += f"</w:tbl><w:p>{style('Heading1')}{r('Referat')}</w:p>"
    for name, value in (("Møte nr.", prompt), ("Tid", r("kl. 09.00 til 10:00"))):
        body += f"<w:tbl><w:tr>{cell(r(name), mark=label)}{cell(value)}</w:tr></w:tbl>"
    body += f"<w:tbl><w:tr>{cell(r('Inviterte'), mark=label)}{cell(r('Ola'), r('Kari'))}</w:tr>"
    body += f"</w:tbl><w:p>{style('Heading2')}{r('Styrker')}</w:p><w:p>{prompt}</w:p>"
    body += f"<w:p>{style('Heading2')}{r('Veien videre')}</w:p><w:p>{r('Tolk: ')}{prompt}</w:p>"
    body += f"<w:p>{r('Vi møtes igjen.')}</w:p>"
    shown = [
        "Kari Eksempel", "Prøveveien 1", "", "3. mai", "", "Referat", "Tid: kl. 09.00 til 10.00",
        "Inviterte:", "Ola", "Kari", "", "Veien videre", "Vi møtes igjen.",
    ]  # fmt: skip
    assert read_file(docx(body), WORD).texts[0].splitlines() == shown
    form = read_file(docx(body), WORD, form=True).texts[0].splitlines()
    assert {"Møte nr.:", "Styrker", "Tolk:"} <= set(form)
    assert "Skriv her" not in "".join(form)


# --- golden files ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nb", "nn"])
@pytest.mark.parametrize("name", ["stafettlogg", "START_HER"])
def test_the_pages_read_as_they_did_when_somebody_last_looked(
    name: str, language: str, papers: Mapping[str, bytes], converter: Converter
) -> None:
    """To change a page on purpose: delete its golden file, run, look at it, keep it."""
    if name == "stafettlogg":
        page = log_page(language)
    else:
        page = folder(told().case(), papers, converter, language)["START_HER.html"].decode()
    page = re.sub(r"<style>.*?</style>", "<style></style>", page, flags=re.DOTALL)
    page = re.sub(r"data:image/jpeg;base64,[^\"]+", "data:", page)
    page = re.sub(r"\b[0-9a-f]{64}\b", "(sum)", page)
    golden = GOLDEN / f"{name}.{language}.html"
    if not golden.exists():
        golden.write_text(page, encoding="utf-8", newline="\n")
        pytest.fail(f"{golden.name} was missing and is written: look at it")
    assert page == golden.read_text(encoding="utf-8")
