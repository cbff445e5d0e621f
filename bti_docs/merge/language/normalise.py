"""A part of a Word file as a Jinja2 source, made on its tree and not by patterns over its XML.

Word cuts tags into pieces wherever a person has stopped, corrected or formatted: measured, three
of four tags in real templates. Each tag is put together again within its paragraph, tags with a
scope take the place of their row, cell, paragraph or run, and nothing else is moved.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from lxml import etree

from bti_docs.merge.language.noise import tidy
from bti_docs.merge.language.normalise_cells import shape_cells
from bti_docs.merge.language.normalise_dashes import join_paragraphs
from bti_docs.merge.language.normalise_marks import Marks
from bti_docs.merge.language.normalise_paragraphs import PARAGRAPH_TEXTS, join_tags
from bti_docs.merge.language.normalise_scan import scan
from bti_docs.merge.language.normalise_scopes import replace_scopes
from bti_docs.merge.word.xml import Element

_SIGNS: Final = ("{{", "{%", "{#", "{_", "_}")
_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_ENCODED_TAG: Final = re.compile(r"(?:%7B|\{){2}.*?(?:%7D|\}){2}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """A part as Jinja2 reads it."""

    text: str
    run_properties: tuple[str, ...]
    """The looks (`<w:rPr>…</w:rPr>` or nothing) that `|_rich(n)` in the text counts from 0."""


def story(root: Element) -> Source:
    """The source of a part with paragraphs. The tree stays as it is; never raises for its tags."""
    own = copy.deepcopy(root)
    tidy(own)
    marks = Marks(own)
    join_tags(own, marks.mark)
    join_paragraphs(own, marks)
    replace_scopes(own, marks)
    shape_cells(own, marks)
    _mark_elsewhere(own, marks)
    return Source(marks.written(own), tuple(marks.run_properties))


def property_source(root: Element) -> str:
    """The source of a part with properties or relationships, where tags stand in one piece."""
    own = copy.deepcopy(root)
    for entry in own.iter(_RELATIONSHIP):
        target = entry.get("Target", "")
        entry.set("Target", _ENCODED_TAG.sub(lambda tag: unquote(tag[0]), target))
    marks = Marks(own)
    _mark_elsewhere(own, marks)
    return marks.written(own)


def _mark_elsewhere(root: Element, marks: Marks) -> None:
    """Tags in attributes (alternative texts, tool tips) and in what is no paragraph's text."""
    for element in root.iter(etree.Element):
        if element.tag not in PARAGRAPH_TEXTS and element.text:
            element.text = _marked(element.text, marks)
        for name, value in element.attrib.items():
            element.set(name, _marked(str(value), marks))


def _marked(text: str, marks: Marks) -> str:
    if not any(sign in text for sign in _SIGNS):
        return text
    written, at = "", 0
    for sign in scan(text):
        written += text[at : sign.start] + marks.mark(sign)
        at = sign.end
    return written + text[at:]
