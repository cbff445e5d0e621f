"""A workbook's zip package: whether it is one, its sheets, its own id. Guarded against bombs."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from bti_docs.errors import InputError

ID_PROPERTY: Final = "BTI-arbeidsbok"
"""The custom document property that tells one workbook from its siblings."""

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MAX_ENTRIES: Final = 5_000
_MAX_BYTES: Final = 400_000_000
"""Unpacked; a workbook of 20,000 rows and 40 columns is about 60 MB."""

_REL: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REL_STRICT: Final = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet: its name, where its XML is in the package, and whether it is shown."""

    name: str
    path: str
    hidden: bool


def open_package(data: bytes) -> zipfile.ZipFile:
    """Open an .xlsx after asking whether it is one.

    Raises:
        InputError: `input_encrypted`, `input_old_excel`, `input_too_large`, `input_unreadable`.
    """
    if data.startswith(OLE):
        raise InputError("input_encrypted" if _ENCRYPTED in data else "input_old_excel")
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        entries = package.infolist()
        if len(entries) > _MAX_ENTRIES or sum(e.file_size for e in entries) > _MAX_BYTES:
            raise InputError("input_too_large")
        if package.testzip() is not None or "xl/workbook.xml" not in package.namelist():
            raise InputError("input_unreadable")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise InputError("input_unreadable") from error
    return package


def sheet_parts(package: zipfile.ZipFile) -> tuple[SheetPart, ...]:
    """The worksheets in order; chart sheets are left out.

    Raises:
        InputError: the package's own XML is broken.
    """
    workbook = parse_part(package, "xl/workbook.xml")
    targets = dict(_relations(package))
    return tuple(_sheet_parts(workbook, targets, frozenset(package.namelist())))


def workbook_id(package: zipfile.ZipFile) -> str | None:
    """The workbook's own id, when it has one."""
    if "docProps/custom.xml" not in package.namelist():
        return None
    for item in parse_part(package, "docProps/custom.xml").iter("{*}property"):
        if item.get("name") == ID_PROPERTY:
            return "".join(str(text) for text in item.itertext()).strip() or None
    return None


def parse_part(package: zipfile.ZipFile, path: str) -> etree._Element:
    """Parse one small part of the package."""
    try:
        return etree.fromstring(
            package.read(path), etree.XMLParser(resolve_entities=False, no_network=True)
        )
    except (etree.XMLSyntaxError, KeyError) as error:
        raise InputError("input_unreadable") from error


def _relations(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    for relation in parse_part(package, "xl/_rels/workbook.xml.rels").iter("{*}Relationship"):
        target = relation.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        yield relation.get("Id", ""), posixpath.normpath(path)


def _sheet_parts(
    workbook: etree._Element, targets: dict[str, str], names: frozenset[str]
) -> Iterator[SheetPart]:
    for sheet in workbook.iter("{*}sheet"):
        relation = sheet.get(_REL) or sheet.get(_REL_STRICT) or ""
        path = targets.get(relation, "")
        if path in names and "worksheets/" in path:
            hidden = sheet.get("state", "visible") != "visible"
            yield SheetPart(sheet.get("name", ""), path, hidden)
