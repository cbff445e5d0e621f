"""The elements that a Word file is made of, for `word_habits`."""

from __future__ import annotations

import copy
import random
from typing import Final

from lxml import etree

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W15: Final = "{http://schemas.microsoft.com/office/word/2012/wordml}"
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"

Element = etree._Element


def new_run(text: str) -> Element:
    run = etree.Element(f"{W}r")
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(run, f"{W}br")
        etree.SubElement(run, f"{W}t", {XML_SPACE: "preserve"}).text = line
    return run


def new_paragraph(text: str) -> Element:
    paragraph = etree.Element(f"{W}p")
    if text:
        paragraph.append(new_run(text))
    return paragraph


def looks(run: Element) -> Element:
    found = run.find(f"{W}rPr")
    if found is None:
        found = etree.Element(f"{W}rPr")
        run.insert(0, found)
    return found


def wrap(element: Element, around: Element) -> None:
    element.addprevious(around)
    around.append(element)


def drop(element: Element) -> None:
    element.getparent().remove(element)


def outermost(row: Element) -> Element:
    content = row.getparent()
    control = content.getparent() if content.tag == f"{W}sdtContent" else None
    is_item = (
        control is not None and control.find(f"{W}sdtPr/{W15}repeatingSectionItem") is not None
    )
    return control if is_item else row


def lift(control: Element, holder: Element) -> None:
    """Let the control hold what holds it."""
    content = control.find(f"{W}sdtContent")
    at = holder.index(control)
    holder[at : at + 1] = list(content)
    holder.addprevious(control)
    content.append(holder)


def cut(run: Element, text: Element, chance: random.Random) -> None:
    words = text.text or ""
    at = chance.randrange(1, len(words))
    second = copy.deepcopy(run)
    for child in [c for c in second if c.tag not in {f"{W}t", f"{W}rPr"}]:
        second.remove(child)
    text.text, second.find(f"{W}t").text = words[:at], words[at:]
    for piece in (text, second.find(f"{W}t")):
        piece.set(XML_SPACE, "preserve")
    rest = [c for c in run if c.tag != f"{W}rPr" and run.index(c) > run.index(text)]
    second.extend(rest)
    run.addnext(second)
    run.addnext(etree.Element(f"{W}bookmarkEnd", {f"{W}id": "99"}))
    run.addnext(etree.Element(f"{W}bookmarkStart", {f"{W}id": "99", f"{W}name": "_GoBack"}))
