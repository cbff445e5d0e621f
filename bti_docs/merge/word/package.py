"""A Word file as its parts: opened with limits, written with the same bytes every time."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, cast

from lxml import etree

from bti_docs.errors import MergeError
from bti_docs.merge.word.container import raw_members, unpacked
from bti_docs.merge.word.member_names import place_of
from bti_docs.merge.word.xml import Element, parse, serialise

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an encrypted or a pre-2007 Word file begins."""
CONTENT_TYPES: Final = "[Content_Types].xml"
_TYPES_URI: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS_URI: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
RELATIONSHIP: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STRICT: Final = "http://purl.oclc.org/ooxml/"
_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_DOTX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_ACTIVE: Final = {
    "docx_macros": ("vbaproject", "vbadata", "ms-word.attachedtoolbars", "macroenabled"),
    "docx_activex": ("activex",),
}
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_PACKED: Final = zipfile.ZIP_DEFLATED


@dataclass(frozen=True, slots=True)
class Relationship:
    """What one part points at."""

    id: str
    namespace: str
    """Its type's beginning, up to the last slash."""
    kind: str
    """The last word of its type: `header`, `image`, `attachedTemplate`."""
    target: str
    """A part's name, or an address when it is external."""
    external: bool


@dataclass(frozen=True, slots=True)
class Package:
    """The members by name, in the file's order."""

    members: Mapping[str, bytes]

    def with_members(self, changed: Mapping[str, bytes]) -> Package:
        """The same package with some members changed, and new ones at the end."""
        return replace(self, members={**self.members, **changed})

    def relationships(self, part: str) -> tuple[Relationship, ...]:
        """What *part* points at; the package itself is the part with the empty name."""
        content = self.members.get(relationships_name(part))
        if content is None:
            return ()
        folder = posixpath.dirname(part)
        root = parse(content, relationships_name(part))
        return tuple(_relationship(entry, folder) for entry in root.iterchildren("{*}*"))

    def main_part(self) -> str:
        """The name of the document's part.

        Raises:
            MergeError: `docx_no_document`.
        """
        for one in self.relationships(""):
            if one.kind == "officeDocument" and one.target in self.members:
                return one.target
        raise MergeError("docx_no_document")

    def related(self, part: str, *kinds: str) -> Iterator[str]:
        """The names of the parts of these kinds that *part* points at, each once."""
        seen = set()
        for one in self.relationships(part):
            if one.kind in kinds and not one.external and one.target in self.members:
                if one.target not in seen:
                    yield one.target
                seen.add(one.target)

    def content_type(self, part: str) -> str:
        """The type that the package declares for *part*, or the empty text."""
        return _type_of(part, _declared(self.members[CONTENT_TYPES]))

    def xml_parts(self) -> tuple[str, ...]:
        """The members that are XML, by their names or by their declared types."""
        declared = _declared(self.members[CONTENT_TYPES])
        return tuple(n for n in self.members if _is_xml(n, _type_of(n, declared).lower()))

    def to_bytes(self) -> bytes:
        """The file. Fixed times and order, so that the same parts give the same bytes."""
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", _PACKED) as archive:
            for name, content in self.members.items():
                info = zipfile.ZipInfo(name, _EPOCH)
                info.compress_type = _PACKED
                info.create_system = 0
                archive.writestr(info, content)
        return written.getvalue()


def open_package(content: bytes) -> Package:
    """Open a Word file that somebody else made.

    Raises:
        MergeError: As `raw_members` and `unpacked` for the file around the parts; `docx_macros`,
            `docx_activex`, `docx_doctype`, `docx_encoding`, `docx_too_much_markup` or `docx_xml`
            for a part; `docx_no_document` or `docx_strict` for the whole.
    """
    if content.startswith(OLE):
        raise MergeError("docx_encrypted")
    package = Package({member.name: unpacked(member) for member in raw_members(content)})
    types = package.members.get(CONTENT_TYPES)
    if types is None:
        raise MergeError("docx_no_document")
    _refuse_active(package, _declared(types))
    for name in package.xml_parts():
        parse(package.members[name], name)
    _refuse_other_kinds(package)
    return package


def _declared(types: bytes) -> dict[str, str]:
    """The declared content types by part or, as `.png`, by extension; the keys in lower case."""
    found: dict[str, str] = {}
    for entry in parse(types, CONTENT_TYPES).iterchildren("{*}*"):
        extension = entry.get("Extension")
        name = entry.get("PartName", "").lstrip("/") if extension is None else f".{extension}"
        if name.lower() in found:  # two readers could believe one each
            raise MergeError("docx_damaged")
        found[name.lower()] = entry.get("ContentType", "")
    return found


def _type_of(part: str, declared: Mapping[str, str]) -> str:
    # `_rels/.rels` has the extension `rels`, which splitext does not see
    extension = part.lower().rpartition("/")[2].rpartition(".")[2]
    return declared.get(part.lower(), declared.get(f".{extension}", ""))


def _refuse_active(package: Package, declared: Mapping[str, str]) -> None:
    """Programs: macros and ActiveX controls, by their names and by what they are declared as."""
    told = [*zip(package.members, package.members, strict=True), *declared.items()]
    for code, words in _ACTIVE.items():
        for part, text in told:
            if any(word in text.lower() for word in words):
                raise MergeError(code, part=place_of(part))


def _is_xml(name: str, declared: str) -> bool:
    # pictures are never read here, and an SVG's document type is none of our business
    if declared.startswith("image/"):
        return False
    return name.lower().endswith((".xml", ".rels")) or declared.endswith(("+xml", "/xml"))


def _refuse_other_kinds(package: Package) -> None:
    main = package.main_part()
    root = parse(package.members[main], main)
    strict = any(one.namespace.startswith(_STRICT) for one in package.relationships(""))
    if strict or str(root.tag).startswith(f"{{{_STRICT}"):
        raise MergeError("docx_strict")
    if package.content_type(main) not in {_DOCX, _DOTX}:
        raise MergeError("docx_no_document")


def as_document(package: Package) -> Package:
    """The package as a plain document, should it be a Word template (.dotx)."""
    types = package.members[CONTENT_TYPES].replace(_DOTX.encode(), _DOCX.encode())
    return package.with_members({CONTENT_TYPES: types})


def relationships_name(part: str) -> str:
    """The name of the member that holds *part*'s relationships."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relationship(entry: Element, folder: str) -> Relationship:
    target = entry.get("Target", "")
    external = entry.get("TargetMode") == "External" or _ADDRESS.match(target) is not None
    if not external:
        absolute = target.startswith("/")
        target = posixpath.normpath(target.lstrip("/") if absolute else f"{folder}/{target}")
        target = target.lstrip("/")
    namespace, _, kind = entry.get("Type", "").rpartition("/")
    return Relationship(entry.get("Id", ""), namespace, kind, target, external)


def add_relationship(package: Package, part: str, kind: str, target: str) -> tuple[Package, str]:
    """Let *part* point at the part *target*; gives the package and the relationship's id."""
    name = relationships_name(part)
    content = package.members.get(name)
    root = (
        etree.Element(f"{{{_RELS_URI}}}Relationships", nsmap=_default(_RELS_URI))
        if content is None
        else parse(content, name)
    )
    taken = {entry.get("Id") for entry in root}
    new = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
    typed = RELATIONSHIP + kind
    values = {"Id": new, "Type": typed, "Target": f"/{target}"}
    etree.SubElement(root, f"{{{_RELS_URI}}}Relationship", values)
    return package.with_members({name: serialise(root)}), new


def _default(uri: str) -> dict[str, str]:
    # lxml's stubs do not know that None stands for the default prefix
    return cast("dict[str, str]", {None: uri})


def drop_relationships(package: Package, part: str, ids: frozenset[str]) -> Package:
    """Let *part* no longer point at what these relationships name."""
    name = relationships_name(part)
    root = parse(package.members[name], name)
    for entry in [entry for entry in root if entry.get("Id") in ids]:
        root.remove(entry)
    return package.with_members({name: serialise(root)})


def declare(package: Package, part: str, content_type: str) -> Package:
    """Declare the type of one part in the package's list."""
    root = parse(package.members[CONTENT_TYPES], CONTENT_TYPES)
    if package.content_type(part) != content_type:
        values = {"PartName": f"/{part}", "ContentType": content_type}
        etree.SubElement(root, f"{{{_TYPES_URI}}}Override", values)
    return package.with_members({CONTENT_TYPES: serialise(root)})


def undeclare(package: Package, parts: frozenset[str]) -> Package:
    """Take parts that are gone out of the package's list of types."""
    root = parse(package.members[CONTENT_TYPES], CONTENT_TYPES)
    gone = [e for e in root.iterchildren("{*}*") if e.get("PartName", "").lstrip("/") in parts]
    for entry in gone:
        root.remove(entry)
    return package.with_members({CONTENT_TYPES: serialise(root)}) if gone else package
