"""A Word file's own properties (`docProps/custom.xml`): what tells our documents from others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lxml import etree

from bti_docs.errors import MergeError
from bti_docs.merge.word.package import Package, add_relationship, declare, open_package
from bti_docs.merge.word.xml import Element, parse, serialise

_URI: Final = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VT: Final = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FORMAT: Final = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_NAME: Final = "docProps/custom.xml"
_FIRST: Final = 2
"""Property numbers begin at 2: the format keeps 0 and 1 for itself."""


def read_properties(docx: bytes) -> dict[str, str]:
    """The file's own properties by name.

    Raises:
        MergeError: As `bti_docs.merge.word.package.open_package`, when it is no sound Word file.
    """
    package = open_package(docx)
    name = next(package.related("", "custom-properties"), None)
    if name is None:
        return {}
    return {
        entry.get("name", ""): "".join(str(text) for text in entry.itertext())
        for entry in parse(package.members[name], name)
        if entry.tag == f"{{{_URI}}}property"
    }


def write_properties(package: Package, properties: Mapping[str, str]) -> Package:
    """The package with these properties set, the others kept.

    Raises:
        MergeError: `bad_character` for a value that XML cannot hold.
    """
    if not properties:
        return package
    name = next(package.related("", "custom-properties"), None)
    if name is None:
        name = _NAME
        root = etree.Element(f"{{{_URI}}}Properties", nsmap={"op": _URI, "vt": _VT})
        package = declare(package, name, _TYPE)
        package, _ = add_relationship(package, "", "custom-properties", name)
    else:
        root = parse(package.members[name], name)
    for key, value in properties.items():
        _set(root, key, value)
    return package.with_members({name: serialise(root)})


def _set(root: Element, key: str, value: str) -> None:
    numbers = [int(entry.get("pid", "1")) for entry in root]
    found = next((entry for entry in root if entry.get("name") == key), None)
    number = str(max([_FIRST - 1, *numbers]) + 1) if found is None else found.get("pid", "")
    entry = etree.Element(f"{{{_URI}}}property", {"fmtid": _FORMAT, "pid": number, "name": key})
    try:
        etree.SubElement(entry, f"{{{_VT}}}lpwstr").text = value
    except ValueError as error:
        raise MergeError("bad_character", field=key) from error
    if found is None:
        root.append(entry)
    else:
        root.replace(found, entry)
