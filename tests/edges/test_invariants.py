"""What must hold of every document from every template, whatever is filled in."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openxml_audit import OpenXmlValidator

from bti_docs.merge import Template
from bti_docs.merge.word.package import Package, open_package
from bti_docs.merge.word.parts import story_parts
from bti_docs.merge.word.text import text_of
from bti_docs.merge.word.trust import make_trusted
from bti_docs.merge.word.xml import WP, R, W, parse, w
from tests.edges.docx_samples import (
    PIXEL,
    docx,
    field,
    p,
    picture,
    r,
    saved_by_word,
    sdt,
    tbl,
    tc,
    tr,
)
from tests.paper_samples import FOLDER, blank, case, filled, making, manifest, values

SOFFICE = shutil.which("soffice")
FILES = sorted(FOLDER.glob("*.docx"))
LONG = "Blåbærsyltetøy & <krem> «til» 'alle' – " * 30
GIVEN: dict[str, dict[str, Any]] = {
    "short": {"words": "kort"},
    "long": {"words": LONG, "rows": 30},
    "lines": {"words": "én\nto\n\ntre\tfire", "rows": 1},
}


def rendered(path: Path, how: str) -> bytes:
    code, language, _ = path.name.split(".")
    made = making(code, language, None if manifest(code).chain == "serie" else case())
    return filled(made, blank(code) if how == "blank" else values(code, **GIVEN[how]))


ROW = sdt("t.a", "A", r("{{ t.a }}"))
BOX = (
    "<w:p><w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox>"
    f"<w:txbxContent>{p('I boks {{ a }}')}</w:txbxContent>"
    "</v:textbox></v:shape></w:pict></w:r></w:p>"
)
MARK = '<w:bookmarkStart w:id="1" w:name="m"/><w:bookmarkEnd w:id="1"/>'
BODIES = {
    "rows": tbl(
        tr(p("A"), p("B"), p("C"), properties="<w:trPr><w:tblHeader/></w:trPr>"),
        tr(p("{%tr for t in rader %}"), p(""), p("")),
        tr(f"<w:p>{ROW}</w:p>", p("{{ t.b }}") + picture("logo", number=7), p("{{ loop.index }}")),
        tr(p("{%tr endfor %}"), p(""), p("")),
    ),
    "paragraphs": p("{%p for t in rader %}")
    + f"<w:p>{MARK}{r('{{ t.a }} ')}{field('PAGE')}</w:p>"
    + picture("bilde:logo", number=7)
    + p("{%p endfor %}"),
    "conditions": p("{%p if a %}") + p("Har {{ a }}") + p("{%p else %}") + p("Ikke")
    + p("{%p endif %}") + f"<w:p>{r('x {% if a %}ja{% else %}nei{% endif %} y')}</w:p>",
    "controls": sdt("a", "A", p("{{ a }}"), "") + f"<w:p>{sdt('b', 'B', r('{{ a }}'))}</w:p>",
    "an empty cell": tbl(tr(p("{%p if a %}") + p("{{ a }}") + p("{%p endif %}"), p("x"), p("y"))),
    "a table in a cell": tbl(
        f"<w:tr>{tc(tbl(tr(p('{{ a }}'), columns_of := p('x'), p('y'))) + p(''))}"
        f"{tc(columns_of)}{tc(columns_of)}</w:tr>"
    ),
    "a text box": BOX,
}  # fmt: skip
RECORDS: dict[str, dict[str, Any]] = {
    "short": {"a": "x", "rader": [{"a": "1", "b": "2"}]},
    "long": {"a": LONG, "rader": [{"a": LONG, "b": "2\n3"}] * 40},
    "nothing": {"a": "", "rader": []},
}
PICTURES = {"bilde:logo": PIXEL}


def built(name: str) -> bytes:
    """A file as Word leaves it, with a header and a title that are filled too."""
    body = BODIES[name] + p("{{ a }}{% for t in rader %}{{ t.a }} {{ t.b }} {% endfor %}")
    return saved_by_word(docx(body, header=p("Topp {{ a }}") + picture("logo", number=7)))


@cache
def errors(content: bytes, folder: Path) -> Counter[tuple[str, str]]:
    """What the schema and the rules beyond it say, without where in the part it is."""
    file = folder / "x.docx"
    file.write_bytes(content)
    found = OpenXmlValidator().validate(str(file)).errors
    return Counter((one.part_uri, one.description) for one in found)


def whole(package: Package) -> list[str]:
    """What does not hold together: ids, ties, declarations."""
    wrong: list[str] = []
    for name in package.xml_parts():
        if name.endswith(".rels") or name == "[Content_Types].xml":
            continue
        root = parse(package.members[name], name)
        ties = {one.id for one in package.relationships(name)}
        used = {v for e in root.iter("{*}*") for k, v in e.attrib.items() if k.startswith(R)}
        wrong += [f"{name}: {tie} leads nowhere" for tie in used - ties]
        wrong += twice(name, "docPr", [e.get("id") for e in root.iter(WP + "docPr")])
        controls = [w(e, "val") for s in root.iter(W + "sdtPr") for e in s.findall(W + "id")]
        wrong += twice(name, "sdt", controls)
        wrong += twice(name, "bookmark", [w(e, "name") for e in root.iter(W + "bookmarkStart")])
    for name in ("", *package.members):
        for one in package.relationships(name):
            if not one.external and one.target not in package.members:
                wrong.append(f"{name}: {one.target} is missing")
    return wrong + [f"{name}: no type" for name in package.members if not package.content_type(name)
                    and name != "[Content_Types].xml"]  # fmt: skip


def twice(part: str, what: str, ids: list[str | None]) -> list[str]:
    return [f"{part}: {what} {one} twice" for one, count in Counter(ids).items() if count > 1]


def check(template: bytes, document: bytes, folder: Path) -> None:
    before, after = open_package(template), open_package(document)
    assert whole(after) == []
    assert errors(document, folder) - errors(template, folder) == Counter()
    dynamic = {
        name for name, content in before.members.items() if b"{{" in content or b"{%" in content
    }
    dynamic |= {one.name for one in story_parts(before)}
    dynamic |= {name for name in before.members if name.endswith(".rels")} | {"[Content_Types].xml"}
    static = before.members.keys() - dynamic
    assert {name: after.members.get(name) for name in static if "/media/" not in name} == {
        name: before.members[name] for name in static if "/media/" not in name
    }
    assert make_trusted(after)[1] == ()


@pytest.mark.parametrize(
    ("path", "how"),
    [
        pytest.param(path, how, id=f"{path.stem}-{how}")
        for path in FILES
        for how in [*GIVEN, "blank"]
        if how == "long" or ".nb." in path.name  # the twins differ in words only
    ],
)
def test_shipped_templates(path: Path, how: str, tmp_path: Path) -> None:
    check(path.read_bytes(), rendered(path, how), tmp_path)


@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize("name", BODIES)
def test_built_templates(name: str, record: str, tmp_path: Path) -> None:
    template = built(name)
    check(template, Template.open(template).render(RECORDS[record], pictures=PICTURES), tmp_path)


def shown(docx_bytes: bytes) -> Counter[str]:
    """The words of the body, counted."""
    package = open_package(docx_bytes)
    body = story_parts(package)[0]
    return Counter(text_of(parse(package.members[body.name], body.label)).split())


def texts_of_libreoffice(files: Mapping[str, bytes], folder: Path) -> dict[str, Counter[str]]:
    """What LibreOffice reads in each file: one start for all of them."""
    for name, content in files.items():
        (folder / f"{name}.docx").write_bytes(content)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--convert-to", "txt:Text (encoded):UTF8", "--outdir", folder,
         *(folder / f"{name}.docx" for name in files)],
        check=True, capture_output=True, timeout=110,
    )  # fmt: skip
    read = {name: (folder / f"{name}.txt").read_text("utf-8-sig") for name in files}
    return {name: Counter(text.split()) for name, text in read.items()}


@pytest.mark.office
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_same_text(tmp_path: Path) -> None:
    files = {f"{path.stem}-{how}": rendered(path, how) for path in FILES for how in GIVEN}
    files |= {
        f"{number}-{record}": Template.open(built(name)).render(given, pictures=PICTURES)
        for number, name in enumerate(BODIES) if name != "a text box"  # drawn, not in the text
        for record, given in RECORDS.items()
    }  # fmt: skip
    read = texts_of_libreoffice(files, tmp_path)
    for name, content in files.items():
        ours, theirs = shown(content), read[name]
        assert [word for word in ours - theirs if not word.isdigit()] == [], name  # page numbers
        added = [word for word in theirs - ours if not re.fullmatch(r"\d+[.)]?|[•–-]", word)]
        assert added == [], name
