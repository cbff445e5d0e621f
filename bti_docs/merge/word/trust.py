"""What a template may not carry into every letter: ties to other files, programs, leftovers.

What can be cut away without anything visible being lost is cut away and told; what cannot is
refused, and a person puts the content itself into the template.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from lxml import etree

from bti_docs.merge.word.findings import Finding, Place, Severity
from bti_docs.merge.word.package import CONTENT_TYPES, Package
from bti_docs.merge.word.trust_fields import leads_safely, unlink_fields
from bti_docs.merge.word.trust_part import Part, label_of, place_in, refusal, removal
from bti_docs.merge.word.trust_paths import leaks
from bti_docs.merge.word.trust_ties import REFUSED, untied, without_spare_parts
from bti_docs.merge.word.xml import Element, R, W, detach, parse, serialise

_O: Final = "{urn:schemas-microsoft-com:office:office}"
_VML: Final = "{urn:schemas-microsoft-com:vml}"
_LAST_EDITOR: Final = (
    "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}lastModifiedBy"
)
"""Who saved the template last: in every file that Word writes, and in no letter of ours."""
_REMOVED: Final = {
    W + "attachedTemplate": "attachedTemplate",
    W + "linkStyles": "attachedTemplate",
    W + "mailMerge": "mailMerge",
    W + "printerSettings": "printerSettings",
    W + "saveThroughXslt": "transform",
    W + "sourceFileName": "frame",
    "{http://schemas.microsoft.com/office/word/2012/wordprocessingDrawing}webVideoPr": "webVideo",
}
"""Elements that show nothing and fetch something, and the relationship each of them uses."""


def make_trusted(package: Package) -> tuple[Package, tuple[Finding, ...]]:
    """The package without what it should not carry, and what was found.

    A `warning` tells what was cut away (or, `tpl_path_leak` and `tpl_property_leak`, what a person
    should look at); an `error` tells what cannot be cut away without loss and is still there.

    Raises:
        MergeError: As `bti_docs.merge.word.xml.parse`.
    """
    found: list[Finding] = []
    for part in list(_parts(package)):
        before = None if part.root is None else etree.tostring(part.root)
        found += _clean(part)
        package, told = untied(package, part)
        found += told
        if part.root is not None:
            found += leaks(part.label, part.root)
            if etree.tostring(part.root) != before:
                package = package.with_members({part.name: serialise(part.root)})
    package, spare = without_spare_parts(package)
    if spare:
        found.append(Finding("tpl_spare_parts", "warning", Place("body"), {"count": spare}))
    return package, tuple(_once(found))


def _parts(package: Package) -> Iterator[Part]:
    main, readable = package.main_part(), package.xml_parts()
    yield Part("", "")
    for name, content in package.members.items():
        label = label_of(name, main)
        if name not in readable:
            yield Part(name, label)
        elif name != CONTENT_TYPES and not name.endswith(".rels"):
            root = parse(content, name)
            numbers = {p: number for number, p in enumerate(root.iter(W + "p"), start=1)}
            yield Part(name, label, root, numbers)


def _clean(part: Part) -> Iterator[Finding]:
    """Cut away what the part's own elements fetch."""
    if part.root is not None:
        yield from _elements(part, part.root)
        yield from _drawings(part, part.root)
        yield from _fields(part, part.root)


def _elements(part: Part, root: Element) -> Iterator[Finding]:
    for name in list(root.iter(_LAST_EDITOR)):
        if "{" not in (name.text or ""):  # a tag names the one who issues
            detach(name)
    for element in list(root.iter(*_REMOVED)):
        kind = _REMOVED[str(element.tag)]
        yield removal(kind, place_in(part, element))
        detach(element)
    for element in root.iter(*REFUSED):
        if next(element.iterancestors(*REFUSED), None) is None:
            params = {"element": etree.QName(element).localname}
            yield Finding("tpl_foreign_content", "error", place_in(part, element), params)


def _drawings(part: Part, root: Element) -> Iterator[Finding]:
    """VML names other files in plain attributes, with no relationship to tell of it."""
    for element in root.iter(_VML + "*"):
        for name in ("href", _O + "href", _O + "althref", "src"):
            address = element.get(name)
            if address is None or (name == "href" and leads_safely(address)):
                continue
            kind = etree.QName(name).localname
            embedded = {R + "id", _O + "relid"} & set(element.attrib)
            if name == "src" and not embedded:
                yield refusal(kind, place_in(part, element))
            else:
                yield removal(kind, place_in(part, element))
                del element.attrib[name]


def _fields(part: Part, root: Element) -> Iterator[Finding]:
    for one in unlink_fields(root):
        code = "tpl_outside_field_removed" if one.removed else "tpl_outside_field"
        severity: Severity = "warning" if one.removed else "error"
        yield Finding(code, severity, place_in(part, one.element), {"field": one.name})


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """A tie and the element that uses it are one matter; the more exact place is told."""
    told: set[tuple[str, str, tuple[tuple[str, str | int], ...]]] = set()
    for one in findings:
        key = (one.code, str(one.place), tuple(one.params.items()))
        bare = (one.code, one.place.part, tuple(one.params.items()))
        if key not in told and (one.place.paragraph is not None or bare not in told):
            told |= {key, bare}
            yield one
