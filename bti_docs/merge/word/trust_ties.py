"""What a package's relationships lead to: other files, programs, leftovers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from lxml import etree

from bti_docs.merge.word.findings import Finding, Place
from bti_docs.merge.word.package import (
    CONTENT_TYPES,
    Package,
    Relationship,
    drop_relationships,
    relationships_name,
    undeclare,
)
from bti_docs.merge.word.trust_fields import is_safe_link
from bti_docs.merge.word.trust_part import CODES, UNWANTED, Part, place_in, refusal, removal
from bti_docs.merge.word.xml import Element, R, W, detach

_O: Final = "{urn:schemas-microsoft-com:office:office}"
REFUSED: Final = frozenset(
    (W + "altChunk", W + "control", W + "object", W + "subDoc", _O + "OLEObject")
)
"""Elements that show what another program made."""
_SPARE: Final = frozenset(("externalData", "hlinkClick", "hlinkHover", "hlinkMouseOver"))
"""Elements that only lead somewhere: a chart keeps its figures without the workbook behind it."""


def untied(package: Package, part: Part) -> tuple[Package, list[Finding]]:
    """The package with the part's ties to what it should not lead to cut, where they can be."""
    unwanted = [one for one in package.relationships(part.name) if _is_unwanted(one)]
    if not unwanted:
        return package, []
    references = {} if part.root is None else _references(part.root)
    gone: set[str] = set()
    found: list[Finding] = []
    for one in unwanted:
        cut, told = _cut(part, one, references.get(one.id, []))
        found += told
        gone |= {one.id} if cut else set()
    return (drop_relationships(package, part.name, frozenset(gone)) if gone else package), found


def _is_unwanted(one: Relationship) -> bool:
    if one.external:
        return one.kind != "hyperlink" or not is_safe_link(one.target)
    kind = one.kind.lower()
    return kind in UNWANTED or kind in CODES


def _cut(
    part: Part, one: Relationship, references: list[tuple[Element, str]]
) -> tuple[bool, list[Finding]]:
    """Whether the tie could be cut, and what there is to say about it."""
    place = place_in(part, references[0][0]) if references else Place(part.label)
    if any(element.tag in REFUSED for element, _ in references):
        return False, []  # the element itself has been told
    if not all(_is_spare(element, name) for element, name in references):
        return False, [refusal(one.kind, place)]
    for element, name in references:
        if etree.QName(element).localname in _SPARE:
            detach(element)
        else:
            del element.attrib[name]
    return True, [removal(one.kind, place)]


def _references(root: Element) -> dict[str, list[tuple[Element, str]]]:
    """By relationship, the elements that use it, each with the attribute that says so."""
    found: dict[str, list[tuple[Element, str]]] = {}
    for element in root.iter("{*}*"):
        for name, value in element.attrib.items():
            if str(name).startswith(R) or str(name).endswith("}relid"):
                found.setdefault(str(value), []).append((element, str(name)))
    return found


def _is_spare(element: Element, attribute: str) -> bool:
    """Whether nothing visible is lost when the element no longer points there."""
    local = etree.QName(element).localname
    if element.tag == W + "hyperlink" or local in _SPARE:
        return True
    if local == "blip":
        return attribute == R + "link" and element.get(R + "embed") is not None
    return local == "imagedata" and attribute == R + "href" and element.get(R + "id") is not None


def without_spare_parts(package: Package) -> tuple[Package, int]:
    """The package without the parts that nothing leads to, and how many those were."""
    reached = _reached(package)
    kept = {
        name: content
        for name, content in package.members.items()
        if name == CONTENT_TYPES or name in reached
    }
    spare = frozenset(package.members) - frozenset(kept)
    if not spare:
        return package, 0
    count = sum(not name.endswith(".rels") for name in spare)
    return undeclare(replace(package, members=kept), spare), count


def _reached(package: Package) -> set[str]:
    """The parts that the package leads to, and their relationships."""
    names = {_same(name): name for name in package.members}
    reached: set[str] = set()
    waiting = [""]
    while waiting:
        part = waiting.pop()
        reached |= {part, names.get(_same(relationships_name(part)), "")}
        for one in package.relationships(part):
            target = names.get(_same(one.target))
            if not one.external and target is not None and target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def _same(name: str) -> str:
    return unquote(name.partition("#")[0]).casefold()
