"""A Word file as its parts: opened with limits, written with the same bytes every time."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, cast

from lxml import etree

from bti_docs.errors import MergeError
from bti_docs.merge.word.xml import Element, parse, serialise

MAX_MEMBERS: Final = 2_000
MAX_BYTES: Final = 64 * 1024 * 1024
"""What a file may unpack to. Measured: a 78 kB bomb made a peer grow by 481 MB."""
MAX_RATIO: Final = 200
_SMALL: Final = 1024 * 1024
"""Members below this may be packed as tightly as they like: blank pictures are."""

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an encrypted or a pre-2007 Word file begins."""
CONTENT_TYPES: Final = "[Content_Types].xml"
_TYPES_URI: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS_URI: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
RELATIONSHIP: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STRICT: Final = "http://purl.oclc.org/ooxml/"
_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_DOTX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_ACTIVE: Final = ("vbaproject", "vbadata", "activex", "ms-word.attachedtoolbars", "macroenabled")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_PACKED: Final = zipfile.ZIP_DEFLATED


@dataclass(frozen=True, slots=True)
class Relationship:
    """What one part points at."""

    id: str
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
        return tuple(_relationship(e, folder) for e in parse(content, relationships_name(part)))

    def main_part(self) -> str:
        """The name of the document's part.

        Raises:
            MergeError: `docx_no_document`, or `docx_strict` for the other flavour of the format.
        """
        for one in self.relationships(""):
            if one.kind == "officeDocument" and one.target in self.members:
                if _STRICT.encode() in self.members[one.target][:4096]:
                    raise MergeError("docx_strict")
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
        root = parse(self.members[CONTENT_TYPES], CONTENT_TYPES)
        for entry in root.iter(f"{{{_TYPES_URI}}}Override"):
            if entry.get("PartName", "").lstrip("/") == part:
                return entry.get("ContentType", "")
        extension = posixpath.splitext(part)[1].lstrip(".").lower()
        for entry in root.iter(f"{{{_TYPES_URI}}}Default"):
            if entry.get("Extension", "").lower() == extension:
                return entry.get("ContentType", "")
        return ""

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
        MergeError: `docx_encrypted`, `docx_not_zip`, `docx_too_large`, `docx_damaged`,
            `docx_macros`, `docx_doctype`, `docx_xml`, `docx_no_document`, `docx_strict`.
    """
    if content.startswith(OLE):
        raise MergeError("docx_encrypted")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            package = Package(_members(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        code = "docx_damaged" if content.startswith(b"PK") else "docx_not_zip"
        raise MergeError(code) from error
    _refuse_active(package)
    return package


def _members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    names = {info.filename.lower() for info in infos}
    if any(info.flag_bits & 1 for info in infos):
        raise MergeError("docx_encrypted")
    total = sum(info.file_size for info in infos)
    if len(infos) > MAX_MEMBERS or total > MAX_BYTES or any(map(_is_bomb, infos)):
        raise MergeError("docx_too_large", members=len(infos), bytes=total)
    if len(names) != len(infos):
        raise MergeError("docx_damaged")
    return {info.filename: _read(archive, info) for info in infos}


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    # the declared size may be a lie: read no more than it says and find out
    with archive.open(info) as stream:
        content = stream.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise MergeError("docx_damaged")
    return content


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    return info.file_size > _SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1)


def _refuse_active(package: Package) -> None:
    types = package.members.get(CONTENT_TYPES)
    if types is None:
        raise MergeError("docx_no_document")
    declared = etree.tostring(parse(types, CONTENT_TYPES)).decode().lower()
    names = " ".join(package.members).lower()
    if any(word in names or word in declared for word in _ACTIVE):
        raise MergeError("docx_macros")
    for name, content in package.members.items():
        if name.endswith((".xml", ".rels")):
            parse(content, name)
    if package.content_type(package.main_part()) not in {_DOCX, _DOTX}:
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
    external = entry.get("TargetMode") == "External"
    target = entry.get("Target", "")
    if not external:
        absolute = target.startswith("/")
        target = posixpath.normpath(target.lstrip("/") if absolute else f"{folder}/{target}")
        target = target.lstrip("/")
    kind = entry.get("Type", "").rpartition("/")[2]
    return Relationship(entry.get("Id", ""), kind, target, external)


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
