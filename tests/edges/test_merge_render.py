"""Filling templates: what comes out, and what is refused by name."""

from __future__ import annotations

import io
import pickle
import random
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docxtpl import DocxTemplate
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined
from openxml_audit import OpenXmlValidator

from bti_docs.errors import MergeError
from bti_docs.merge import Template, print_form
from tests.edges.docx_samples import (
    body_xml,
    docx,
    field,
    members,
    p,
    r,
    sdt,
    tbl,
    tr,
)

LETTER = docx(
    p("Hei {{ barn.navn }}, vi møtes {{ moete.dato|dato_dag }} {{ moete.tid|kl }}.")
    + p("{%p if tema %}")
    + p("Tema: {{ tema }}")
    + p("{%p endif %}")
    + tbl(
        tr("<w:p/>", "<w:p/>", "<w:p/>"),
        tr(p("{%tr for t in tiltak %}"), p(""), p("")),
        tr(p("{{ loop.index }}"), p("{{ t.maal }}"), p("{{ t.frist|dato }}")),
        tr(p("{%tr endfor %}"), p(""), p("")),
    ),
    header=p("{{ kommune.navn }}"),
    footer=f"<w:p>{r('Side ')}{field('PAGE')}{r(' av ')}{field('NUMPAGES')}</w:p>",
    title="Brev om {{ barn.navn }}",
)
DATA: dict[str, Any] = {
    "barn": {"navn": "Ola Eksempel"},
    "kommune": {"navn": "Testkommunen"},
    "moete": {"dato": date(2026, 12, 3), "tid": "9:00"},
    "tema": "",
    "tiltak": [{"maal": "Sove", "frist": "2026-12-10"}, {"maal": "Lese", "frist": ""}],
}


def template(body: str, **parts: str) -> Template:
    return Template.open(docx(body, **parts))


def text(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    lines = [one.text for one in document.paragraphs]
    lines += [
        " | ".join(cell.text for cell in row.cells)
        for table in document.tables
        for row in table.rows
    ]
    return "\n".join(lines)


def problem(body: str, data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    with pytest.raises(MergeError) as caught:
        template(body).render(data)
    return caught.value.code, caught.value.params


def test_fills_body_table_header_and_title() -> None:
    made = Template.open(LETTER).render(DATA)
    shown = text(made)
    assert "Hei Ola Eksempel, vi møtes torsdag 3. desember 2026 kl. 09.00." in shown
    assert "Tema" not in shown
    assert "1 | Sove | 10.12.2026" in shown
    assert "2 | Lese | " in shown
    assert b"Testkommunen" in members(made)["word/header1.xml"]
    assert "Brev om Ola Eksempel" in members(made)["docProps/core.xml"].decode()


def test_same_input_gives_the_same_bytes_in_many_threads_and_after_pickling() -> None:
    one = Template.open(LETTER)
    first = one.render(DATA)
    with ThreadPoolExecutor(4) as threads:
        assert {first} == set(threads.map(lambda _: one.render(DATA), range(16)))
    again: Template = pickle.loads(pickle.dumps(one))  # noqa: S301  (our own bytes)
    assert again.render(DATA) == first
    assert again.fields == one.fields


def test_word_opens_it_without_repair(tmp_path: Path) -> None:
    made = Template.open(LETTER).render({**DATA, "tiltak": []}, properties={"BTI-ref": "7K3MQ2XP"})

    def errors(content: bytes) -> set[str]:
        path = tmp_path / "made.docx"
        path.write_bytes(content)
        return {error.description for error in OpenXmlValidator().validate(path).errors}

    known = errors(LETTER)
    assert errors(made) <= known
    assert errors(print_form(made)) <= known


def test_agrees_with_docxtpl_where_docxtpl_is_right() -> None:
    environment = Environment(undefined=StrictUndefined, autoescape=True)
    body = (
        p("{{ a }} og {{ b.c }}")
        + p("{%p for x in liste %}")
        + p("– {{ x.n }}{% if x.ja %} (ja){% else %} (nei){% endif %}")
        + p("{%p endfor %}")
        + tbl(
            tr(p("{%tr for x in liste %}"), p("")),
            tr(p("{{ loop.index }}"), p("{{ x.n }}")),
            tr(p("{%tr endfor %}"), p("")),
            columns=2,
        )
    )
    data = {
        "a": "<æ> & ø",
        "b": {"c": "linje 1\nlinje 2\tetter"},
        "liste": [{"n": "en", "ja": True}, {"n": "to", "ja": False}],
    }
    oracle = DocxTemplate(io.BytesIO(docx(body)))
    oracle.render(data, environment)
    written = io.BytesIO()
    oracle.save(written)
    assert text(template(body).render(data)) == text(written.getvalue())


@pytest.mark.parametrize(
    ("body", "data", "code", "params"),
    [
        (p("{{ a.b }}"), {"a": {}}, "missing_field", {"field": "a.b"}),
        (p("{{ a }}"), {}, "missing_field", {"field": "a"}),
        (p("{{ a.b }}"), {}, "missing_field", {"field": "a"}),
        (p("{% if a.b %}x{% endif %}"), {"a": {}}, "missing_field", {"field": "a.b"}),
        (p("{{ a.d|dato }}"), {"a": {}}, "missing_field", {"field": "a.d"}),
        (p("{% if a == 'x' %}x{% endif %}"), {}, "missing_field", {"field": "a"}),
        (p("{{ a }}"), {"a": None}, "none_value", {"field": "a"}),
        (p("{{ a }}"), {"a": "\x0b"}, "bad_character", {"field": "a", "character": "U+000B"}),
        (p(""), {"a": ["\f"]}, "bad_character", {"field": "a[1]", "character": "U+000C"}),
        (p("{{ a }}"), {"a": "\ud800"}, "bad_character", {"field": "a", "character": "U+D800"}),
        (p("{{ a }}"), {"a": "\ufffe"}, "bad_character", {"field": "a", "character": "U+FFFE"}),
        (p("{{ a }}"), {"a": b"x"}, "bad_value", {"field": "a", "kind": "bytes"}),
        (p("{{ a }}"), {"a": float("nan")}, "bad_value", {"field": "a", "kind": "float"}),
        (p("{{ a.b }}"), {"a": {"b": True}}, "unprintable_value", {"field": "a.b"}),
        (p("{{ a }}"), {"a": ["x"]}, "unprintable_value", {"field": "a"}),
        (p("{% for x in a %}{{ x }}{% endfor %}"), {"a": "tekst"}, "not_a_list", {"field": "a"}),
        (p("{{ a|dato }}"), {"a": "i morgen"}, "filter_value", {"filter": "dato", "field": "a"}),
        (p("{% if a < 3 %}x{% endif %}"), {"a": "x"}, "bad_comparison", {"part": "body"}),
    ],
)  # fmt: skip
def test_refuses_by_name(
    body: str, data: dict[str, Any], code: str, params: dict[str, Any]
) -> None:
    assert problem(body, data) == (code, params)


def test_a_missing_field_of_a_row_is_named_with_its_row() -> None:
    body = p("{%p for t in tiltak %}") + p("{{ t.frist }}") + p("{%p endfor %}")
    rows: list[dict[str, str]] = [{"frist": "x"}, {}]
    assert problem(body, {"tiltak": rows}) == ("missing_field", {"field": "tiltak[2].frist"})


def test_unknown_fields_are_refused_where_asked_to() -> None:
    one = template(p("{{ a.b }}") + p("{%p for x in c %}") + p("{{ x.d }}") + p("{%p endfor %}"))
    data = {"a": {"b": "1"}, "c": [{"d": "2", "e": "3"}]}
    one.render(data, refuse_unknown=False)
    with pytest.raises(MergeError) as caught:
        one.render(data)
    assert (caught.value.code, caught.value.params["field"]) == ("unknown_field", "c.e")


def test_too_much_output_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bti_docs.merge.engine.parts.MAX_CHARACTERS", 10_000)
    body = p("{% for x in a %}{% for y in a %}{{ y }}{% endfor %}{% endfor %}")
    assert problem(body, {"a": ["x" * 100] * 100})[0] == "output_too_large"


def test_data_that_looks_like_a_tag_or_like_xml_comes_out_literally() -> None:
    for value in ("{{ b }}", "{_{ b }_}", "{% if %}", "<w:p>&amp;</w:t>", "]]>", "{# x #}"):
        assert value in text(template(p("{{ a }}")).render({"a": value}))


def test_line_breaks_and_tabs_become_words_own_also_in_attributes_and_titles() -> None:
    one = template(
        p("{{ a }}") + p("{{ a|linjer }}") + p("{{ b|linjer }}"),
        title="{{ a }}",
        header=p("{{ a }}"),
    )
    made = one.render({"a": "en\r\nto\ttre", "b": ["fire", "fem"]})
    xml = body_xml(made)
    assert xml.count("<w:br/>") == 3
    assert xml.count("<w:tab/>") == 2
    assert "en\nto\ttre" in members(made)["docProps/core.xml"].decode().replace(
        "&#10;", "\n"
    ).replace("&#9;", "\t")


def test_values_are_composed() -> None:
    assert "Åse Ø" in text(template(p("{{ a }}")).render({"a": "A\u030ase Ø"}))


def test_a_key_may_be_called_like_a_dictionarys_method() -> None:
    data = {"a": {"items": "en", "keys": "to", "path": "tre"}}
    assert "en to tre" in text(template(p("{{ a.items }} {{ a.keys }} {{ a.path }}")).render(data))


def test_what_loops_leave_behind_is_put_right() -> None:
    body = tbl(tr(p("{%p if nei %}") + p("x") + p("{%p endif %}"), p("a")), columns=2) + tbl(
        tr(p("{%tr for x in tom %}")), tr(p("{{ x.y }}")), tr(p("{%tr endfor %}")), columns=1
    )
    body += p("{%p for x in to %}") + sdt("k", "K", p("{{ x }}"), "") + p("{%p endfor %}")
    xml = body_xml(template(body).render({"nei": False, "tom": [], "to": ["1", "2"]}))
    assert xml.count("<w:tbl>") == 1
    assert "</w:tcPr><w:p/></w:tc>" in xml
    ids = [part.split('"')[1] for part in xml.split("<w:id ")[1:]]
    assert len(ids) == len(set(ids)) == 2


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=40)


@given(TEXT)
@settings(max_examples=60, deadline=None)
def test_any_text_survives_whole(value: str) -> None:
    made = TEMPLATE_OF_ONE.render({"a": value})
    assert f"[{unicodedata.normalize('NFC', value)}]" in text(made)


TEMPLATE_OF_ONE = template(p("[{{ a }}]"))


@given(st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_a_tag_may_be_split_over_runs_anywhere(chance: random.Random) -> None:
    sentence = "Hei {{ barn.navn }} den {{ dato|dato_lang }}{% if x %}, ja{% endif %}."
    cuts = sorted(chance.sample(range(1, len(sentence)), 6))
    pieces = [sentence[a:b] for a, b in zip([0, *cuts], [*cuts, len(sentence)], strict=True)]
    run_properties = '<w:rPr><w:lang w:val="nb-NO"/></w:rPr>'
    mark = '<w:proofErr w:type="gramEnd"/>'
    body = f"<w:p>{mark.join(r(piece, run_properties) for piece in pieces)}</w:p>"
    made = template(body).render({"barn": {"navn": "Ola"}, "dato": "2026-12-03", "x": True})
    assert "Hei Ola den 3. desember 2026, ja." in text(made)
