"""The official templates, filled: Word opens them, they fit their paper, they are read back."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from openxml_audit import OpenXmlValidator

from bti_docs.core.manifest import Manifest, ManifestField
from bti_docs.core.paper import CODE_BOTTOM_LEFT, CODE_TOP_RIGHT, Box, quiet_zone
from bti_docs.core.records import sub_fields
from bti_docs.merge import Template, print_form
from bti_docs.pdf import Converter, UnclearLabels, extract_texts, find_places, page_count

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "docx"
FILES = sorted(FOLDER.glob("*.docx"))


@cache
def _manifest(code: str) -> Manifest:
    return Manifest.model_validate(tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8")))


def _of(path: Path) -> tuple[str, str]:
    code, language, _ = path.name.split(".")
    return code, language


def _block(field: ManifestField, number: int, words: str) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(sub_fields(field.type), "")
    dates = {"frist", "evalueres", "start", "fra", "til"}
    for sub in field.columns or values:
        values[sub] = date(2027, 1, 15) if sub in dates else f"{field.key} {sub} {number} {words}"
    if field.type == "samtykke":
        values |= {"tjenester": [f"Tjeneste {n}" for n in range(1, 9)], "kilder": ["Skole", "PPT"]}
        values["omfang"] = [f"Omfang {n}" for n in range(1, 7)]
    values |= {"nr": str(number)} if "nr" in values else {}
    return values | ({"minutter": 10, "tittel": "Velkommen"} if field.type == "sakspunkt" else {})


def _value(field: ManifestField, words: str, rows: int) -> Any:  # noqa: ANN401  (any value there is)
    if field.is_block:
        made = [_block(field, n, words) for n in range(1, rows + 1)]
        return made if field.repeated else made[0]
    example = field.example.nb if field.example else ""
    kinds: dict[str, Any] = {"dato": date(2026, 12, 3), "tid": "09:00", "tall": 5, "ja_nei": False}
    return kinds.get(field.type, example or f"{field.key} {words}")


def _people(code: str) -> list[dict[str, str]]:
    labels = {"guardians_and_youth": ["foresatt 1", "foresatt 2", "ungdom"], "approver": ["leder"]}
    return [
        {"navn": "Kari Eksempel", "rolle": who, "etikett": f"Underskrift {who}: Kari Eksempel"}
        for who in labels.get(_manifest(code).signers, [])
    ]


def _values(code: str, language: str, *, words: str = "kort", rows: int = 4) -> dict[str, Any]:
    """A context as the application makes it, from the manifest alone."""
    given: dict[str, Any] = {
        "kommune": dict.fromkeys(
            ["navn", "adresse", "postnr", "poststed", "telefon", "epost", "nettside", "orgnr"],
            "Eksempel",
        ),
        "enhet": {"navn": "Eksempel skole", "adresse": "Skoleveien 2", "telefon": "00 00 00 09"},
        "dok": dict.fromkeys(["type", "tittel", "versjon", "erstatter", "frist"], "")
        | {"ref": "7K3M-Q2XP", "dato": date(2026, 11, 3), "maalform": language}
        | {"tilgang": "Unntatt offentlighet", "hjemmel": "heimelen", "frist": date(2026, 11, 17)},
        "sak": {"nummer": "2026-0147", "nivaa": "Nivå 2"},
        "barn": dict.fromkeys(["fornavn", "etternavn", "skole", "klasse", "spraak"], "Prøvesen")
        | {"navn": "Ola Prøvesen", "foedselsdato": date(2015, 4, 9), "slag": "barn"},
        "foresatte": [],
        "mottaker": {"navn": "Kari Eksempel", "adresselinjer": ["Storgata 1"], "kode": "f1"},
        "stafettholder": dict.fromkeys(
            ["navn", "stilling", "tjeneste", "telefon", "epost"], "Nils"
        ),
        "underskrifter": _people(code),
        "lover": ["en lov"],
        "haster": [{"tekst": "Ring politiet", "telefon": "112"}],
    }
    for field in _manifest(code).fields:
        head, _, tail = field.key.partition(".")
        value = _value(field, words, rows)
        if tail:
            given.setdefault(head, {})[tail] = value
        else:
            given[head] = value
    return given


def _filled(path: Path, **how: Any) -> bytes:  # noqa: ANN401
    code, language = _of(path)
    return Template.open(path).render(_values(code, language, **how))


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    with Converter() as made:
        yield made


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_word_opens_it_without_repair(path: Path, tmp_path: Path) -> None:
    filled = tmp_path / path.name
    filled.write_bytes(_filled(path))
    for file in (path, filled):
        result = OpenXmlValidator().validate(str(file))
        assert not list(result.errors), file


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_paper_that_works(path: Path, converter: Converter) -> None:
    """Rule 20: as many pages as the manifest says, with four measures and eight services."""
    code, _ = _of(path)
    pdf = converter.convert(print_form(_filled(path)))
    assert page_count(pdf) <= (_manifest(code).max_pages or 99)
    text = " ".join(extract_texts(pdf))
    assert "7K3M-Q2XP" in text
    assert "{" not in text
    places = find_places(pdf, {p["rolle"]: p["etikett"] for p in _people(code)})
    assert not isinstance(places, UnclearLabels)
    for place in places:
        assert _apart(place.box, CODE_TOP_RIGHT) >= 15
        assert _apart(place.box, CODE_BOTTOM_LEFT) >= 15


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_the_codes_have_white_paper_on_every_page(path: Path, converter: Converter) -> None:
    filled = _filled(path, words="et langt svar som fyller flere linjer " * 12, rows=6)
    with pypdfium2.PdfDocument(converter.convert(print_form(filled))) as document:
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
    pdf = converter.convert(print_form(_filled(FOLDER / f"{code}.nb.docx")))
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].get_textpage()
        mm = 72 / 25.4
        inside = page.get_text_bounded(15 * mm, (297 - 80) * mm, 105 * mm, (297 - 40) * mm)
        assert inside.split("\r\n") == ["Kari Eksempel", "Storgata 1"]
        page.close()


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
