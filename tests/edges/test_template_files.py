"""The official Word files as they lie: accessible, equal in both målformer, made by the builder."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from bti_docs.core.manifest import Manifest
from bti_docs.core.paper import CODE_TOP_RIGHT

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "templates" / "docx"
FILES = sorted(FOLDER.glob("*.docx"))
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
BOKMAAL_ONLY = frozenset(
    [
        "jeg",
        "ikke",
        "hva",
        "hvem",
        "hvor",
        "hvordan",
        "hvorfor",
        "foresatte",
        "hjem",
        "møter",
        "tjeneste",
        "tjenester",
        "fra",
        "noe",
        "noen",
        "også",
        "gjøre",
        "legge",
        "skole",
        "skolen",
        "ungdommen",
        "enkelte",
        "dere",
        "innen",
        "sted",
        "saken",
        "være",
    ]
)
NYNORSK_ONLY = frozenset(
    [
        "eg",
        "ikkje",
        "kva",
        "kven",
        "kvar",
        "korleis",
        "kvifor",
        "føresette",
        "heim",
        "teneste",
        "tenester",
        "frå",
        "noko",
        "nokon",
        "òg",
        "saman",
        "leggje",
        "seie",
        "gjere",
        "skule",
        "skulen",
        "ungdomen",
        "einskilde",
        "dykk",
        "innan",
        "stad",
        "saka",
        "vere",
    ]
)


@cache
def _parts(path: Path) -> dict[str, etree._Element]:
    with zipfile.ZipFile(path) as archive:
        return {
            name: etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".xml")
        }


@cache
def _manifest(code: str) -> Manifest:
    return Manifest.model_validate(tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8")))


def _of(path: Path) -> tuple[str, str]:
    code, language, _ = path.name.split(".")
    return code, language


def _content(path: Path) -> Iterator[etree._Element]:
    parts = _parts(path)
    return (parts[name] for name in parts if re.match(r"word/(document|header|footer)", name))


def _text(root: etree._Element) -> str:
    """The text a person reads: tags out, paragraphs apart."""
    lines = ("".join(t.text or "" for t in p.iter(f"{W}t")) for p in root.iter(f"{W}p"))
    return re.sub(r"\{[{%].*?[%}]\}", " ", "\n".join(lines))


def _whole_text(path: Path) -> str:
    return "\n".join(_text(root) for root in _content(path))


def test_there_is_a_pair_for_every_manifest() -> None:
    codes = {path.stem for path in FOLDER.glob("*.toml")}
    assert {"INV", "SVR", "SAM", "REF", "TVT", "RUT"} <= codes
    assert {path.name for path in FILES} == {f"{c}.{m}.docx" for c in codes for m in ("nb", "nn")}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_accessible_and_plain(path: Path) -> None:
    parts, language = _parts(path), _of(path)[1]
    (tag,) = parts["word/styles.xml"].iterfind(f"{W}docDefaults//{W}lang")
    assert tag.get(f"{W}val") == f"{language}-NO"
    (theme,) = parts["word/settings.xml"].iter(f"{W}themeFontLang")
    assert theme.get(f"{W}val") == f"{language}-NO"
    title = parts["docProps/core.xml"].findtext("{http://purl.org/dc/elements/1.1/}title")
    assert title == _manifest(_of(path)[0]).title.of(language)
    heads = [p.get(f"{W}val") for p in parts["word/document.xml"].iter(f"{W}pStyle")]
    assert heads.count("Heading1") == 1
    for root in _content(path):
        assert not list(root.iter(f"{W}txbxContent", f"{W}framePr", f"{W}pict"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_rows_and_header_rows(path: Path) -> None:
    for table in _parts(path)["word/document.xml"].iter(f"{W}tbl"):
        style = table.find(f"{W}tblPr/{W}tblStyle")
        looped = table.xpath("string(.)").count("{%tr for")
        head = table.find(f"{W}tr/{W}trPr/{W}tblHeader")
        if style is not None and style.get(f"{W}val") == "BTITabell" and looped:
            assert head is not None
        rows = [row for row in table.iter(f"{W}tr") if "{%tr" not in row.xpath("string(.)")]
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_page_fields_are_complete(path: Path) -> None:
    parts = _parts(path)
    for name in ("word/footer1.xml", "word/footer2.xml"):
        kinds = [f.get(f"{W}fldCharType") for f in parts[name].iter(f"{W}fldChar")]
        assert kinds == ["begin", "separate", "end"] * 2
        orders = [(i.text or "").strip() for i in parts[name].iter(f"{W}instrText")]
        assert orders == ["PAGE", "NUMPAGES"]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_places_for_pictures(path: Path) -> None:
    header = _parts(path)["word/header1.xml"]
    alts = [p.get("descr") for p in header.iter(f"{WP}docPr")]
    assert alts == ["bilde:logo", "kode"]
    (anchor,) = header.iter(f"{WP}anchor")
    offsets = [int(p.text or 0) / 36000 for p in anchor.iter(f"{WP}posOffset")]
    assert offsets == [CODE_TOP_RIGHT.x, CODE_TOP_RIGHT.y]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_controls_carry_the_manifests_keys(path: Path) -> None:
    manifest = _manifest(_of(path)[0])
    allowed = {f.key for f in manifest.fields if not f.is_block} | {
        f"{f.key}.{sub}" for f in manifest.fields if f.is_block for sub in f.columns
    }
    names: dict[str, str] = {}
    for control in _field_controls(path):
        tag, alias = (control.find(f"{W}{n}").get(f"{W}val") for n in ("tag", "alias"))
        assert tag in allowed
        assert names.setdefault(alias, tag) == tag, f"two fields are called {alias}"
    keys = {tag.rpartition(".")[0] if tag not in allowed else tag for tag in names.values()}
    assert keys == set(names.values())


def _field_controls(path: Path) -> list[etree._Element]:
    """The properties of the controls that hold a value, not rows."""
    return [
        properties
        for properties in _parts(path)["word/document.xml"].iter(f"{W}sdtPr")
        if not any(str(child.tag).startswith(W15) for child in properties)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_words_own_plus_adds_a_row_to_every_list(path: Path) -> None:
    repeated = {f.key for f in _manifest(_of(path)[0]).fields if f.repeated}
    for table in _parts(path)["word/document.xml"].iter(f"{W}tbl"):
        held = {t.get(f"{W}val", "").split(".")[0] for t in table.iter(f"{W}tag")}
        if not held & repeated or "{%tr for" not in table.xpath("string(.)"):
            continue
        (section,) = table.findall(f"{W}sdt")
        assert section.find(f"{W}sdtPr/{W15}repeatingSection") is not None
        assert {section.find(f"{W}sdtPr/{W}tag").get(f"{W}val")} == held & repeated
        loop, item, end = section.find(f"{W}sdtContent")
        assert "{%tr for" in loop.xpath("string(.)")
        assert "{%tr endfor" in end.xpath("string(.)")
        assert item.find(f"{W}sdtPr/{W15}repeatingSectionItem") is not None
        (row,) = item.find(f"{W}sdtContent")
        assert not list(row.iter(f"{W}lock")), "a locked control keeps its row from being deleted"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_each_control_has_its_own_number(path: Path) -> None:
    controls = list(_parts(path)["word/document.xml"].iter(f"{W}sdtPr"))
    assert len({c.find(f"{W}id").get(f"{W}val") for c in controls}) == len(controls)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_every_field_is_printed(path: Path) -> None:
    tags = {t.get(f"{W}val") for t in _parts(path)["word/document.xml"].iter(f"{W}tag")}
    shown = "".join(t.text or "" for t in _parts(path)["word/document.xml"].iter(f"{W}t"))
    manifest = _manifest(_of(path)[0])
    printed_in_letterhead = manifest.unit  # as {{ enhet.navn }}
    for field in manifest.fields:
        if field.key == printed_in_letterhead:
            continue
        wanted = [f"{field.key}.{sub}" for sub in field.columns] if field.is_block else [field.key]
        missing = [key for key in wanted if key not in tags and key not in shown]
        assert not missing


@pytest.mark.parametrize("code", sorted({_of(path)[0] for path in FILES}))
def test_both_languages_have_the_same_fields(code: str) -> None:
    tags = [
        sorted(
            re.findall(r"\{[{%].*?[%}]\}", "".join(t.text or "" for t in root.iter(f"{W}t")))
            for root in _content(FOLDER / f"{code}.{language}.docx")
        )
        for language in ("nb", "nn")
    ]
    assert tags[0] == tags[1]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_words_are_of_one_language(path: Path) -> None:
    wrong = BOKMAAL_ONLY if _of(path)[1] == "nn" else NYNORSK_ONLY
    aliases = (a.get(f"{W}val") or "" for a in _parts(path)["word/document.xml"].iter(f"{W}alias"))
    words = set(re.findall(r"\w+", f"{_whole_text(path)} {' '.join(aliases)}".casefold()))
    assert not words & wrong


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_no_law_is_typed(path: Path) -> None:
    assert not re.search(r"§|\boffl\b|\bfvl\b|loven\b \(|\blov om\b", _whole_text(path))


def test_the_builder_makes_these_files(tmp_path: Path) -> None:
    script = ROOT / "templates" / "build" / "build.py"
    for run in ("a", "b"):
        (tmp_path / run).mkdir()
        subprocess.run([sys.executable, str(script), str(tmp_path / run)], check=True)
    for path in FILES:
        made, again = (tmp_path / run / path.name for run in ("a", "b"))
        assert made.read_bytes() == again.read_bytes()
        assert _members(made.read_bytes()) == _members(path.read_bytes())


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
