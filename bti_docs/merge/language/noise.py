"""Taking out of a part what a person's editing left there and no reader sees."""

from __future__ import annotations

from typing import Final

from lxml import etree

from bti_docs.merge.language.normalise_tree import take_out
from bti_docs.merge.word.xml import W_URI, XML_SPACE, Element, W

_MARKS: Final = (W + "proofErr", W + "lastRenderedPageBreak")
_RSID: Final = W + "rsid"
_TEXTS: Final = frozenset(W + name for name in ("t", "delText", "instrText", "delInstrText"))
_PROPERTIES: Final = W + "rPr"
_SPACES: Final = " \t\r\n"

Looks = tuple[object, ...]


def drop_instructions(root: Element) -> None:
    """Drop XML comments and processing instructions: none is Word's, some may look like ours."""
    for node in list(root.iter(etree.Comment, etree.ProcessingInstruction)):
        take_out(node)


def tidy(root: Element) -> None:
    """Drop revision ids, proofing marks, old page breaks and indentation; join equal runs.

    Revision ids tell in how many sittings, and in which order, a text was written: that is
    nobody's business in a letter. Together with proofing marks they are also a good part of the
    bytes, and they cut sentences into runs that look alike. Nothing visible changes.
    """
    for mark in list(root.iter(*_MARKS)):
        take_out(mark)
    for element in root.iter(etree.Element):
        for name in [name for name in element.attrib if str(name).startswith(_RSID)]:
            del element.attrib[name]
        _drop_indentation(element)
    for holder in {run.getparent(): None for run in root.iter(W + "r")}:
        if holder is not None:
            join_runs(holder)


def join_runs(holder: Element) -> None:
    """Join neighbouring runs that look alike and hold only text."""
    last: Element | None = None
    looks: Looks = ()
    for child in list(holder):
        if not _is_text_run(child):
            last = None
            continue
        own = _looks(child)
        if last is None or last.tail or own != looks or not _join(last, child):
            last, looks = child, own
    for run in holder.iterchildren(W + "r"):
        if _is_text_run(run):
            _join_texts(run)


def _drop_indentation(element: Element) -> None:
    is_leaf = len(element) == 0
    if element.text and not element.text.strip(_SPACES):
        in_word = etree.QName(element).namespace == W_URI and element.tag not in _TEXTS
        if not is_leaf or in_word:
            element.text = None
    for child in element:
        if child.tail and not child.tail.strip(_SPACES):
            child.tail = None


def _is_text_run(element: Element) -> bool:
    return element.tag == W + "r" and not element.text and all(
        child.tag in {_PROPERTIES, W + "t"} and not child.tail for child in element
    )  # fmt: skip


def _looks(run: Element) -> Looks:
    properties = run.find(_PROPERTIES)
    own = () if properties is None or len(properties) == 0 else _shape(properties)
    return (tuple(sorted(run.attrib.items())), own)


def _shape(element: Element) -> Looks:
    attributes = tuple(sorted(element.attrib.items()))
    return (element.tag, attributes, tuple(_shape(child) for child in element))


def _join(first: Element, second: Element) -> bool:
    """Put the second run's texts at the end of the first; False when that would show a space."""
    texts = second.findall(W + "t")
    before = first.findall(W + "t")
    if before and texts and not _joinable(before[-1], texts[0]):
        return False
    first.extend(texts)
    second_tail = second.tail
    take_out(second)
    first.tail = second_tail
    return True


def _join_texts(run: Element) -> None:
    texts = run.findall(W + "t")
    last: Element | None = None
    for text in texts:
        if last is not None and _joinable(last, text):
            last.text = (last.text or "") + (text.text or "")
            if _preserves(text):
                last.set(XML_SPACE, "preserve")
            run.remove(text)
        else:
            last = text


def _joinable(first: Element, second: Element) -> bool:
    """Whether both texts show the spaces at their ends, or neither has any."""
    return len(first) == len(second) == 0 and all(
        _preserves(text) or not _has_edges(text.text or "") for text in (first, second)
    )


def _preserves(text: Element) -> bool:
    return text.get(XML_SPACE) == "preserve"


def _has_edges(text: str) -> bool:
    return text != text.strip(_SPACES)
