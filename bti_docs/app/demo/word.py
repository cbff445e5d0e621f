"""A person finishes minutes in Word: types into the content controls, and saves."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from lxml import etree


def finish(issued: bytes, values: Mapping[str, Any]) -> bytes:
    """The Word file with *values* typed in; a list's rows go into the table's rows in order."""
    document = docx.Document(io.BytesIO(issued))
    wanted = _by_tag(values)
    for control in document.element.iter(qn("w:sdt")):
        texts = wanted.get(_tag(control))
        text = next(texts, None) if texts else None
        if text is not None:
            _type_into(control, text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _by_tag(values: Mapping[str, Any]) -> dict[str, Iterator[str]]:
    """What is typed into the controls with each tag, from the first to the last."""
    typed: dict[str, Iterator[str]] = {}
    for key, value in values.items():
        if isinstance(value, str):
            typed[key] = iter((value,))
        else:
            typed |= {f"{key}.{part}": texts for part, texts in _columns(value)}
    return typed


def _columns(rows: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, Iterator[str]]]:
    for part in dict.fromkeys(part for row in rows for part in row):
        yield part, iter([row.get(part, "") for row in rows])


def _tag(control: BaseOxmlElement) -> str:
    tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
    return "" if tag is None else str(tag.get(qn("w:val")))


def _type_into(control: BaseOxmlElement, text: str) -> None:
    """As Word does: the prompt goes, and what was typed stands in its place."""
    prompting = control.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}")
    if prompting is not None:
        _remove(prompting)
    first, *rest = control.iter(qn("w:r"))
    for run in rest:
        _remove(run)
    for child in list(first):
        first.remove(child)
    typed = OxmlElement("w:t")
    typed.text = text
    first.append(typed)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
