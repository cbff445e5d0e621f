"""The same documents as docxtpl makes, wherever docxtpl is right; and where it is not."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docxtpl import DocxTemplate
from jinja2 import ChainableUndefined, Environment
from lxml import etree

from bti_docs.merge import Template
from bti_docs.merge.language.noise import drop_instructions
from bti_docs.merge.language.normalise import story
from bti_docs.merge.word.findings import FieldNode
from bti_docs.merge.word.package import open_package
from bti_docs.merge.word.parts import story_parts
from bti_docs.merge.word.xml import parse
from tests.edges.docx_samples import docx, p, r, saved_by_word, sdt, tbl, tr
from tests.edges.normaliser_samples import (
    canonical,
    part,
    rendered,
    rendered_by_docxtpl,
    shown,
)

DATA: dict[str, Any] = {
    "a": "æ",
    "b": {"c": "ø"},
    "n": 2,
    "og": "a & b",
    "ja": True,
    "nei": False,
    "farge": "FF0000",
    "rader": [{"n": "en", "ja": True}, {"n": "to", "ja": False}, {"n": "tre", "ja": True}],
    "tom": [],
}
BOLD = "<w:rPr><w:b/></w:rPr>"
RIGHT = {
    "value": p("Hei {{ a }} og {{ b.c }}."),
    "filter": p("{{ a|store }}"),
    "value in pieces": "<w:p>" + r("Hei {") + r("{ a ", BOLD) + r("}") + r("}, du") + "</w:p>",
    "condition in a line": p("x{% if ja %} ja{% else %} nei{% endif %}{% if nei %} nei{% endif %}"),
    "block over runs": f"<w:p>{r('{% if ja %}a')}{r('b', BOLD)}{r('c{% endif %}')}</w:p>",
    "paragraphs": p("{%p if ja %}") + p("x") + p("{%p else %}") + p("y") + p("{%p endif %}"),
    "loop": p("{%p for x in rader %}") + p("{{ loop.index }} {{ x.n }}") + p("{%p endfor %}"),
    "empty loop": p("{%p for x in tom %}") + p("{{ x.n }}") + p("{%p endfor %}"),
    "rows": tbl(
        tr(p("{%tr for x in rader %}"), p(""), p("")),
        tr(p("{{ x.n }}"), p("{% if x.ja %}ja{% endif %}"), p("z")),
        tr(p("{%tr endfor %}"), p(""), p("")),
    ),
    "columns": tbl(
        tr(p("{%tc for x in rader %}"), p("{{ x.n }}"), p("{%tc endfor %}")), columns=1
    ),
    "table in a table": tbl(
        tr(
            tbl(
                tr(p("{%tr for x in rader %}")),
                tr(p("{{ x.n }}")),
                tr(p("{%tr endfor %}")),
                columns=1,
            )
            + p("{{ a }}")
        ),
        columns=1,
    ),
    "runs": p("a{%r if ja %}b{%r endif %}{%r if nei %}c{%r endif %}"),
    "span": tbl(tr(p("{% colspan n %}{{ a }}")), columns=2),
    "background": tbl(tr(p("{% cellbg farge %}{{ a }}")), columns=1),
    "merged down": p("{%p for x in rader %}")
    + tbl(tr(p("{% vm %}x"), p("{{ x.n }}")), columns=2)
    + p("{%p endfor %}"),
    "merged across": tbl(
        tr(p("{%tc for x in rader %}"), p("{% hm %}x"), p("{%tc endfor %}")), columns=3
    ),
    "dashes": p("Huset er")
    + p("{%- if ja -%}")
    + p("i byen")
    + p("{%- else -%}")
    + p("på landet")
    + p("{%- endif -%}")
    + p(" og fint."),
    "comment": p("a{# tull #}b") + p("{#p tull #}") + tbl(tr(p("{#tr tull #}")), tr(p("x"))),
    "typographic quotes": p("{% if a == “æ” %}x{% endif %}{% if a == ‘æ’ %}y{% endif %}"),
    "less and more": p("{% if n < 3 and n > 1 %}x{% endif %}"),
    "control": sdt("a", "A", p("{{ a }}")) + f"<w:p>{sdt('b', 'B', r('{{ b.') + r('c }}'))}</w:p>",
    "link": f'<w:p><w:hyperlink r:id="rId9">{r("{{ ")}{r("a }}")}</w:hyperlink></w:p>',
    "text box": (
        f"<w:p><w:r><w:pict><w:txbxContent>{p('{{ a }}')}</w:txbxContent></w:pict></w:r></w:p>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_equal_where_docxtpl_is_right(name: str) -> None:
    body = RIGHT[name]
    assert canonical(rendered(body, DATA)) == canonical(rendered_by_docxtpl(body, DATA))


WRONG = {
    # it gives the text behind a tag in pieces the looks of the tag's beginning
    "looks after a tag": (f"<w:p>{r('{{ a')}{r(' }}, du', BOLD)}</w:p>", ["æ, du"]),
    "looks within a condition": (
        f"<w:p>{r('{% if j')}{r('a %}x{%', BOLD)}{r(' endif %}')}</w:p>",
        ["x"],
    ),
    # it takes the end of an element away that a tag in pieces begins in
    "insertion": (
        f'<w:p><w:ins w:id="1" w:author="x">{r("{{ a")}</w:ins>{r(" }}")}</w:p>',
        ["æ"],
    ),
    # it takes a bookmark away that stands between the pieces of a tag
    "bookmark": (
        f'<w:p>{r("{{ ")}<w:bookmarkStart w:id="1" w:name="x"/>{r("a }}")}</w:p>',
        ["æ"],
    ),
    # it gives what follows a run's tag no looks
    "looks after a run's tag": (f"<w:p>{r('a{%r if ja %}b{%r endif %}c', BOLD)}</w:p>", ["abc"]),
    # it leaves & in a tag as XML writes it
    "ampersand": (p("{% if og == 'a & b' %}x{% endif %}"), ["x"]),
    # it eats the text before a dash within a paragraph, and the paragraph before
    "dash within a paragraph": (p("a") + p("Hei {%- if ja %}, du{% endif %}"), ["a", "Hei, du"]),
    # it keeps only the last of a row's own tags
    "two tags of a row": (
        tbl(
            tr(p("{%tr for x in rader %}"), p("{%tr if x.ja %}")),
            tr(p("{{ x.n }}"), p("")),
            tr(p("{%tr endif %}"), p("{%tr endfor %}")),
            columns=2,
        ),
        ["en", "", "tre", ""],
    ),
    # it does not know the quotes that Norwegian Word types
    "Norwegian quotes": (p("{% if a == «æ» %}x{% endif %}"), ["x"]),
    # it reads a tag that goes over two lines as one word
    "line break in a tag": (
        f"<w:p>{r('{% if ja')}<w:r><w:br/></w:r>{r('and n %}x{% endif %}')}</w:p>",
        ["x"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_right_where_docxtpl_is_not(name: str) -> None:
    body, expected = WRONG[name]
    ours = rendered(body, DATA)
    assert shown(ours) == expected
    try:
        theirs = canonical(rendered_by_docxtpl(body, DATA))
    except Exception as error:  # noqa: BLE001  (whatever goes wrong in there)
        theirs = type(error).__name__
    assert canonical(ours) != theirs


def test_an_office_file_saved_by_word_gives_the_same_text() -> None:
    content = saved_by_word(docx(p("Hei {{ a }} og {{ b.c }}.") + RIGHT["loop"] + RIGHT["rows"]))
    package = open_package(content)
    root = parse(package.members[package.main_part()], "body")
    text = etree.tostring(root, encoding="unicode")
    environment = Environment(autoescape=True)
    ours = environment.from_string(story(root).text).render(DATA)
    theirs = environment.from_string(DocxTemplate(io.BytesIO()).patch_xml(text)).render(DATA)
    mine = etree.fromstring(ours)
    assert shown(mine) == shown(etree.fromstring(theirs))
    # docxtpl takes a bookmark away with each tag that it stood in
    assert ours.count("_GoBack") > theirs.count("_GoBack")


TEMPLATES = sorted(Path("templates/docx").glob("*.docx"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_the_shipped_templates_come_out_as_docxtpl_makes_them(path: Path) -> None:
    data = sample(Template.open(path).fields)
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    for one in story_parts(open_package(path.read_bytes())):
        root = parse(content[one.name], one.label)
        drop_instructions(root)
        text = etree.tostring(root, encoding="unicode")
        ours = sample_jinja().from_string(story(root).text).render(data)
        theirs = sample_jinja().from_string(DocxTemplate(io.BytesIO()).patch_xml(text)).render(data)
        assert canonical(etree.fromstring(ours)) == canonical(etree.fromstring(theirs))


def sample(fields: tuple[FieldNode, ...]) -> dict[str, Any]:
    """A value for each field, so that every block is written twice or once."""
    data: dict[str, Any] = {}
    for node in fields:
        *owners, last = node.name.split(".")
        holder = data
        for owner in owners:
            holder = holder.setdefault(owner, {})
        holder[last] = (
            [sample(node.children), sample(node.children)] if node.kind == "list" else node.name
        )
    return data


def sample_jinja() -> Environment:
    environment = Environment(undefined=ChainableUndefined, autoescape=True)
    own = ("dato", "dato_lang", "dato_dag", "kl", "tall", "liste", "fnr", "linjer", "store")
    environment.filters |= dict.fromkeys(own, str)
    return environment


def test_the_samples_are_parts() -> None:
    assert all(len(part(body)) for body in RIGHT.values())
