"""Tags with a scope: `tr`, `tc`, `p` and `r` stand for their row, cell, paragraph or run."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from bti_docs.merge.language.normalise_marks import Marks
from bti_docs.merge.language.normalise_scan import Sign
from bti_docs.merge.language.normalise_tree import put_after, put_before, take_out
from bti_docs.merge.word.xml import RANGE_ENDS, XML_SPACE, Element, W, w

_BLOCKS: Final = ("tr", "tc", "p")
_SIMPLE: Final = re.compile(r"[\w.]+(?:\s*\|\s*\w+)*")

_Tags = list[tuple[int, Sign]]


def replace_scopes(root: Element, marks: Marks) -> None:
    """Put each tag with a scope in the place of its scope; several in one stand in their order.

    A tag that has no such row, cell or run around it stays as it was written, which Jinja2 refuses.
    """
    for scope in _BLOCKS:
        held: dict[Element, _Tags] = {}
        for node, number, sign in marks.standing(root):
            if sign.scope == scope and sign.opening != "{{":
                container = next(node.iterancestors(W + scope), None)
                if container is not None:
                    held.setdefault(container, []).append((number, sign))
        for container, tags in held.items():
            _replace(container, tags, marks)
    for node in list(root.iter(W + "t")):
        _cut_run(node, marks)


def _replace(container: Element, tags: _Tags, marks: Marks) -> None:
    closes = tags[-1][1].word.startswith("end")
    for spare in list(_open_ranges(container))[:: -1 if closes else 1]:
        spare.tail = None
        if closes:
            container.addnext(spare)
        else:
            container.addprevious(spare)
    for number, _ in tags:
        marks.place(number)
        put_before(container, marks.written_as(number))
    section = container.find(f"{W}pPr/{W}sectPr") if container.tag == W + "p" else None
    if section is None:
        take_out(container)
    else:
        _leave_section_end(container, section)


def _open_ranges(container: Element) -> Iterator[Element]:
    """The ends of bookmarks and comments whose other ends stand outside."""
    found: dict[tuple[str, str | None], list[Element]] = {}
    for edge in container.iter(*RANGE_ENDS):
        found.setdefault((RANGE_ENDS[str(edge.tag)], w(edge, "id")), []).append(edge)
    for edges in found.values():
        if len(edges) == 1:
            yield edges[0]


def _leave_section_end(paragraph: Element, section: Element) -> None:
    """Keep the section's end that stood in the tag's paragraph, and nothing else of it."""
    for child in list(paragraph):
        paragraph.remove(child)
    etree.SubElement(paragraph, W + "pPr").append(section)


def _cut_run(node: Element, marks: Marks) -> None:
    """Cut a text's run in two at each `r` tag, and let the tag stand between."""
    rest: Element | None = node
    while rest is not None:
        found = next((one for one in marks.in_text(rest.text) if one[1].scope == "r"), None)
        rest = None if found is None else _cut(rest, *found, marks)


def _cut(node: Element, found: re.Match[str], sign: Sign, marks: Marks) -> Element | None:
    """The text behind the cut, if there is any."""
    run = node.getparent()
    if run is None or run.tag != W + "r":
        return None
    text, number = node.text or "", int(found[1])
    marks.place(number, _rich(run, sign, marks) if sign.opening == "{{" else None)
    second = etree.Element(W + "r", {str(key): str(value) for key, value in run.attrib.items()})
    properties = run.find(W + "rPr")
    if properties is not None:
        second.append(copy.deepcopy(properties))
    rest = _text(second, text[found.end() :])
    second.extend(list(node.itersiblings()))
    run.addnext(second)
    put_after(run, found[0])
    node.text = text[: found.start()]
    if not node.text:
        run.remove(node)
    for half in (run, second):
        if all(child.tag == W + "rPr" for child in half):
            take_out(half)
    return rest


def _text(run: Element, text: str) -> Element | None:
    if not text:
        return None
    node = etree.SubElement(run, W + "t", {XML_SPACE: "preserve"})
    node.text = text
    return node


def _rich(run: Element, sign: Sign, marks: Marks) -> str:
    """A value that brings its own runs, and the number of the looks that they begin with."""
    properties = run.find(W + "rPr")
    looks = "" if properties is None else _serialised(properties, marks.namespaces)
    if looks not in marks.run_properties:
        marks.run_properties.append(looks)
    value = sign.body if _SIMPLE.fullmatch(sign.body) else f"({sign.body})"
    return f"{{{{ {value}|_rich({marks.run_properties.index(looks)}) }}}}"


def _serialised(properties: Element, known: Mapping[str | None, str]) -> str:
    """The element as it stands in its part, which declares the known namespaces."""
    text = etree.tostring(properties, encoding="unicode", with_tail=False)
    for prefix, uri in known.items():
        text = text.replace(f' xmlns{f":{prefix}" if prefix else ""}="{uri}"', "", 1)
    return text
