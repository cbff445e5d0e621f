"""Parts as trees, their rendering by plain Jinja2, and a form in which equal parts are equal."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import Any

from docxtpl import DocxTemplate
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined
from lxml import etree
from markupsafe import Markup, escape

from bti_docs.merge.language.filters import OWN
from bti_docs.merge.language.noise import tidy
from bti_docs.merge.language.normalise import story
from bti_docs.merge.word.xml import XML_SPACE
from tests.edges.docx_samples import NAMESPACES, W

WORD = f"{{{W}}}"
BOLD = "<w:rPr><w:b/></w:rPr>"
DATA: dict[str, Any] = {"a": "Ola", "b": {"c": "Kari"}, "ja": True, "rader": [{"n": 1}, {"n": 2}]}
ODD = st.text(st.sampled_from(list("{{{}}}%%#_-+\"'“”«»’ \u00a0aprtcx|.\n\\")), max_size=60)
"""Text of all that a tag is made of."""
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def part(body: str) -> etree._Element:
    return etree.fromstring(f'<w:body {NAMESPACES} xmlns:mc="{MC}">{body}</w:body>')


def inner(source: str) -> str:
    """What stands in the part's root."""
    return source.partition(">")[2].rpartition("</w:body>")[0]


def plain(text: str) -> str:
    """A source's text without its XML."""
    return re.sub("<[^>]*>", "", text)


def source(body: str) -> str:
    return inner(story(part(body)).text)


def jinja(run_properties: tuple[str, ...] = ()) -> Environment:
    environment = Environment(undefined=StrictUndefined, autoescape=True)

    def rich(value: object, number: int) -> Markup:
        looks = run_properties[number] if run_properties else ""
        return Markup(f"<w:r>{looks}<w:t>{escape(value)}</w:t></w:r>")  # noqa: S704

    environment.filters |= {**OWN, "_rich": rich, "store": lambda value: str(value).upper()}
    return environment


def rendered(body: str, data: Mapping[str, Any]) -> etree._Element:
    """The part after our normaliser."""
    own = story(part(body))
    return etree.fromstring(jinja(own.run_properties).from_string(own.text).render(data))


def rendered_by_docxtpl(body: str, data: Mapping[str, Any]) -> etree._Element:
    """The part after docxtpl's."""
    text = etree.tostring(part(body), encoding="unicode")
    patched = DocxTemplate(io.BytesIO()).patch_xml(text)
    return etree.fromstring(jinja().from_string(patched).render(data))


def canonical(root: etree._Element) -> str:
    """Equal for parts that show the same: runs joined or gone, cells' properties sorted."""
    tidy(root)
    _drop(root, "t", lambda text: not text.text)
    _drop(root, "r", lambda run: all(child.tag == WORD + "rPr" for child in run))
    tidy(root)
    for text in root.iter(WORD + "t"):
        text.attrib.pop(XML_SPACE, None)
    for properties in root.iter(WORD + "tcPr"):
        properties[:] = sorted(properties, key=lambda one: str(one.tag))
    return etree.tostring(root, method="c14n2").decode()


def _drop(root: etree._Element, name: str, when: Callable[[etree._Element], bool]) -> None:
    for element in list(root.iter(WORD + name)):
        parent = element.getparent()
        if parent is not None and when(element):
            parent.remove(element)


def shown(root: etree._Element) -> list[str]:
    """The paragraphs' texts."""
    return [
        "".join(text.text or "" for text in paragraph.iter(WORD + "t"))
        for paragraph in root.iter(WORD + "p")
    ]
