"""From a part's XML to a Jinja source and back: the one place that knows docxtpl's notation."""

from __future__ import annotations

import io
import re
from typing import Final

from docxtpl import DocxTemplate
from lxml import etree

from bti_docs.merge.language.values import LINE_BREAK, TAB
from bti_docs.merge.word.xml import Element

_MARKED_TAG: Final = re.compile(f"<[^>]*[{LINE_BREAK}{TAB}][^>]*>")
_BREAK: Final = '</w:t><w:br/><w:t xml:space="preserve">'
_TABULATOR: Final = '</w:t><w:tab/><w:t xml:space="preserve">'


def story_source(root: Element) -> str:
    """The Jinja source of a part with paragraphs: tags joined over runs, `p`/`tr` tags lifted."""
    text = etree.tostring(root, encoding="unicode")
    source: str = DocxTemplate(io.BytesIO()).patch_xml(text)
    return source


def property_source(root: Element) -> str:
    """The Jinja source of a part with properties, where a tag stands in one piece."""
    return etree.tostring(root, encoding="unicode")


def expand_story(text: str) -> str:
    """Marks of line breaks and tabs become Word's elements; within an attribute, characters."""
    if LINE_BREAK not in text and TAB not in text:
        return text
    in_tags = _MARKED_TAG.sub(lambda tag: expand_property(tag[0]), text)
    return in_tags.replace(LINE_BREAK, _BREAK).replace(TAB, _TABULATOR)


def expand_property(text: str) -> str:
    """Marks of line breaks and tabs become character references."""
    return text.replace(LINE_BREAK, "&#10;").replace(TAB, "&#9;")
