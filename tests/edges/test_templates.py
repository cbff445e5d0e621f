"""The official templates, filled: Word opens them, they fit their paper, they are read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from lxml import etree
from openxml_audit import OpenXmlValidator

from bti_docs.core.context import Making, signature_lines
from bti_docs.core.paper import CODE_BOTTOM_LEFT, CODE_TOP_RIGHT, Box, quiet_zone
from bti_docs.core.records import CaseRecord
from bti_docs.merge import Template, print_form
from bti_docs.pdf import Converter, UnclearLabels, extract_texts, find_places, page_count
from tests.edges.docx_samples import members
from tests.paper_samples import (
    FOLDER,
    GROWN_UP,
    GUARDIAN,
    PREGNANT,
    PROTECTED,
    blank,
    case,
    filled,
    making,
    manifest,
    values,
)

FILES = sorted(FOLDER.glob("*.docx"))
YOUTH = {"fornavn": "Ola", "etternavn": "Prøvesen", "foedselsdato": "2010-04-09", "slag": "ungdom"}
PARENTS = [
    GUARDIAN | {"navn": "Marianne Abrahamsen-Johansen Eksempel"},
    GUARDIAN | {"navn": "Christoffer Abrahamsen-Johansen Eksempel"},
]


def _of(path: Path) -> tuple[str, str]:
    code, language, _ = path.name.split(".")
    return code, language


def _record(code: str) -> CaseRecord | None:
    """Two guardians who live together and a youth who signs with them; a series has nobody."""
    return None if manifest(code).chain == "serie" else case(barn=YOUTH, foresatte=PARENTS)


def _making(path: Path) -> Making:
    code, language = _of(path)
    return making(code, language, _record(code))


def _filled(path: Path, **how: Any) -> bytes:  # noqa: ANN401
    return filled(_making(path), values(_of(path)[0], **how))


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    with Converter() as made:
        yield made


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_word_opens_it_without_repair(path: Path, tmp_path: Path) -> None:
    full, empty = tmp_path / "full.docx", tmp_path / "empty.docx"
    full.write_bytes(_filled(path))
    code, language = _of(path)
    alone = None if manifest(code).chain == "serie" else case(**PREGNANT)
    empty.write_bytes(filled(making(code, language, alone, complete=True), blank(code)))
    for file in (path, full, empty):
        result = OpenXmlValidator().validate(str(file))
        assert not list(result.errors), file


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_paper_that_works(path: Path, converter: Converter) -> None:
    """Rule 20: as many pages as the manifest says, with four measures and eight services."""
    code, _ = _of(path)
    pdf = converter.convert(print_form(_filled(path)))
    assert page_count(pdf) <= (manifest(code).max_pages or 99)
    text = " ".join(extract_texts(pdf))
    assert "7K3M-Q2XP" in text
    assert "{" not in text
    labels = {line["kode"]: line["etikett"] for line in signature_lines(_making(path))}
    places = find_places(pdf, labels)
    assert not isinstance(places, UnclearLabels)
    assert len(places) == {"SAM": 3, "RUT": 1}.get(code, 0)
    for place in places:
        assert _apart(place.box, CODE_TOP_RIGHT) >= 15
        assert _apart(place.box, CODE_BOTTOM_LEFT) >= 15


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_the_codes_have_white_paper_on_every_page(path: Path, converter: Converter) -> None:
    long = _filled(path, words="et langt svar som fyller flere linjer " * 12, rows=6)
    with pypdfium2.PdfDocument(converter.convert(print_form(long))) as document:
        for page in document:
            picture = page.render(scale=100 / 72, grayscale=True).to_pil()
            for code in (CODE_TOP_RIGHT, CODE_BOTTOM_LEFT):
                zone = quiet_zone(code)
                corners = (zone.x, zone.y, zone.x + zone.w, zone.y + zone.h)
                darkest, _ = picture.crop([round(mm * 100 / 25.4) for mm in corners]).getextrema()
                assert darkest == 255
            page.close()


def _apart(a: Box, b: Box) -> float:
    across = max(a.x - b.x - b.w, b.x - a.x - a.w, 0)
    down = max(a.y - b.y - b.h, b.y - a.y - a.h, 0)
    return float((across**2 + down**2) ** 0.5)


@pytest.mark.parametrize("code", ["INV", "SAM", "SVR"])
def test_only_the_address_shows_in_the_window(code: str, converter: Converter) -> None:
    """A window envelope shows x 15 to 105 mm, y 40 to 80 mm of the first page."""
    made = making(code, "nb", case())
    inside = _inside(converter.convert(print_form(filled(made, values(code)))), 15, 105, 40, 80)
    assert inside.split("\r\n") == ["Kari Eksempel", "Storgata 1"]


def test_long_names_wrap_in_the_window(converter: Converter) -> None:
    third = GUARDIAN | {"navn": "Elisabeth Abrahamsen-Johansen Eksempel"}
    made = making("SAM", "nb", case(foresatte=[*PARENTS, third]))
    pdf = converter.convert(print_form(filled(made, values("SAM"))))
    shown = " ".join(_inside(pdf, 15, 105, 40, 80).split())
    assert shown == f"{PARENTS[0]['navn']}, {PARENTS[1]['navn']} og {third['navn']} Storgata 1"


def test_names_too_long_for_the_window_push_the_text_down(converter: Converter) -> None:
    people = [GUARDIAN | {"navn": f"{n} Prøvesen" + " Kvalsøysundet" * 7} for n in "ABC"]
    made = making("SAM", "nb", case(foresatte=people))
    lines = extract_texts(converter.convert(print_form(filled(made, values("SAM")))))[0].split()
    assert lines.index("Samtykkeskjema") > lines.index("Storgata")


def _inside(pdf: bytes, left: float, right: float, top: float, foot: float) -> str:
    """The first page's text in a box, in millimetres from the top left."""
    mm = 72 / 25.4
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].get_textpage()
        text = page.get_text_bounded(left * mm, (297 - foot) * mm, right * mm, (297 - top) * mm)
        page.close()
    return str(text)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
@pytest.mark.parametrize("rows", [1, 7])
def test_each_row_of_a_list_is_an_item_of_its_own(path: Path, rows: int) -> None:
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    w15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
    root = etree.fromstring(members(_filled(path, rows=rows))["word/document.xml"])
    numbers = [number.get(f"{w}val") for number in root.iter(f"{w}id")]
    assert len(set(numbers)) == len(numbers)
    for section in root.iter(f"{w15}repeatingSection"):
        items = section.getparent().getnext().findall(f"{w}sdt")
        assert len(items) >= rows
        for item in items:
            assert item.find(f"{w}sdtPr/{w15}repeatingSectionItem") is not None
            assert [held.tag for held in item.find(f"{w}sdtContent")] == [f"{w}tr"]


@pytest.mark.parametrize("code", ["REF", "TVT"])
def test_finished_minutes_are_read_back(code: str) -> None:
    path = FOLDER / f"{code}.nn.docx"
    back = Template.open(path).read_back(_filled(path))
    assert not back.problems
    assert [row["tiltak"] for row in back.rows["tiltak"]] == [
        f"tiltak tiltak {n} kort" for n in range(1, 5)
    ]
    assert len(back.rows["deltakere"]) == 4
    assert back.values["stemme.tekst"]


# --- what is said when something is not there -----------------------------------------------


@pytest.fixture(scope="module")
def read(converter: Converter) -> Any:  # noqa: ANN401
    """The printed text of a paper in one line."""

    def reader(code: str, language: str, given: Mapping[str, Any], **case_parts: Any) -> str:  # noqa: ANN401
        complete = bool(case_parts.pop("complete", False))
        record = None if case_parts.pop("series", False) else case(**case_parts)
        made = making(code, language, record, complete=complete)
        return " ".join(
            " ".join(extract_texts(converter.convert(print_form(filled(made, given))))).split()
        )

    return reader


@pytest.mark.parametrize(
    ("language", "call", "invited"),
    [
        ("nb", "Sted Vi ringer deg om hvor møtet er.", "Disse er invitert"),
        ("nn", "Stad Vi ringjer deg om kvar møtet er.", "Desse er inviterte"),
    ],
)
def test_a_protected_address(read: Any, language: str, call: str, invited: str) -> None:  # noqa: ANN401
    letter, slip = (read(code, language, values(code), **PROTECTED) for code in ("INV", "SVR"))
    assert call in letter
    assert invited not in letter
    assert "Eksempel skole" not in letter + slip
    assert "kl. 09.00 Svar inn" in slip
    assert " , " not in slip
    assert "Eksempel kommune, eller send" in slip


@pytest.mark.parametrize("code", ["INV", "SVR", "SAM", "REF"])
@pytest.mark.parametrize("language", ["nb", "nn"])
def test_no_relay_holder_yet(read: Any, code: str, language: str) -> None:  # noqa: ANN401
    given = values(code) | {"moete.leder": "Åse Døme", "kopi_til": ""}
    text = read(code, language, given, stafettholder={})
    assert "Eksempel skole" in text
    assert "00 00 00 01" in text
    assert not any(broken in text for broken in (" , ", " .", "til eller", "Kontaktperson"))
    assert "afetth" not in text or code == "REF"


@pytest.mark.parametrize("who", [PREGNANT, GROWN_UP], ids=["pregnant", "grown-up"])
@pytest.mark.parametrize("code", ["INV", "SVR", "SAM", "REF"])
def test_nobody_who_decides_alone_is_called_a_child(
    read: Any,  # noqa: ANN401
    code: str,
    who: Mapping[str, Any],
) -> None:
    given = blank(code) | {"stemme.hvordan": "", "kopi_til": "Alle som var til stede"}
    text = read(code, "nb", given, **who).casefold()
    assert not any(word in text for word in ("barnet", "ungdommen", "foresatt"))


def test_what_a_consent_says(read: Any) -> None:  # noqa: ANN401
    text = read("SAM", "nb", blank("SAM"))
    signed = text.partition("Underskrift ")[2]
    assert "Samtykket gjelder: Ola Prøvesen. Tjenester: Skole, Barnehage" in signed
    assert text.count("Samtykket gjelder") == 2
    assert "Stryk det du ikke sier ja til, så ringer vi deg." in text
    assert "Sier du nei, lar du være å skrive under og sier fra til Nils Testesen." in text
    assert "Vi har ikke snakket med barnet om dette ennå" in text


def test_a_slip_names_whose_meeting_it_is(read: Any) -> None:  # noqa: ANN401
    assert "Gjeld: Ola Samarbeidsmøte:" in read(
        "SVR", "nn", values("SVR") | {"moete.type": "samarbeid"}
    )


@pytest.mark.parametrize(
    ("series", "footer"), [(True, "Serie KOMMUNEN-TVT-2026"), (False, "BTI-nummer 2026-0147")]
)
def test_the_footer_names_the_chain(read: Any, footer: str, *, series: bool) -> None:  # noqa: ANN401
    assert footer in read("TVT", "nb", values("TVT"), series=series)


_OPTIONAL = {
    "REF": ("Styrker og det som", "Tolk", "Ny stafettholder", "Møte nr.", "Uenighet"),
    "TVT": ("Styrker og det som", "Det som holder", "Møte nr.", "Det foresatte sier", "Kopi til"),
}


@pytest.mark.parametrize("code", ["REF", "TVT"])
def test_blanks_go_only_when_nothing_is_left_to_fill_in(read: Any, code: str) -> None:  # noqa: ANN401
    open_paper = read(code, "nb", blank(code))
    finished = read(code, "nb", blank(code), complete=True)
    assert [label for label in _OPTIONAL[code] if label not in open_paper] == []
    assert [label for label in _OPTIONAL[code] if label in finished] == []


@pytest.mark.parametrize(
    ("form", "there", "gone"),
    [
        ("anonym", "Legg referatet i serien til teamet.", "samtykke"),
        ("samtykke", "Legg referatet i saka til barnet.", "anonym"),
        ("begge", "når det er samtykke, elles i serien til teamet.", "{"),
    ],
)
def test_a_routine_fits_how_the_team_discusses(read: Any, form: str, there: str, gone: str) -> None:  # noqa: ANN401
    given = values("RUT") | {"droefting.form": form}
    steps = read("RUT", "nn", given, series=True).partition("Før møtet")[2]
    assert there in steps
    assert gone not in steps


# --- tables over two pages ------------------------------------------------------------------


@pytest.mark.parametrize("lines", range(1, 22, 2))
def test_a_header_row_is_never_alone_at_the_foot(lines: int, converter: Converter) -> None:
    long = "\n".join(["En linje."] * lines)
    given = blank("REF") | {"situasjon.naa": long, "situasjon.vurdering": long}
    pdf = converter.convert(print_form(filled(making("REF", "nb", case()), given)))
    (page,) = (page for page in extract_texts(pdf) if "Mål og tiltak" in page)
    assert "tiltak tiltak 1 kort" in " ".join(page.split())


def test_no_arena_of_the_profile_is_broken_in_its_column(converter: Converter) -> None:
    pdf = converter.convert(print_form(filled(making("REF", "nb", case()), values("REF"))))
    assert "Barnehage" in " ".join(extract_texts(pdf)).split()
