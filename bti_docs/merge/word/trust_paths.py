"""Names of people's folders and servers that a Word file tells without showing them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from bti_docs.merge.word.findings import Finding, Place
from bti_docs.merge.word.xml import Element

_PATH: Final = re.compile(r"\bfile:[/\\]|\\\\[\w.$-]+\\|(?<![A-Za-z])[A-Za-z]:\\\w", re.IGNORECASE)
_PROPERTIES: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"
_HIDDEN: Final = ("docProps/", "customXml/")
"""Parts whose text no reader sees."""


def leaks(label: str, root: Element) -> Iterator[Finding]:
    """Paths in the part's attributes, and in its text when that is not shown; a manager's name."""
    names: dict[str, None] = {}
    hidden = label.startswith(_HIDDEN)
    for element in root.iter("{*}*"):
        if hidden and _PATH.search(element.text or ""):
            names[etree.QName(element).localname] = None
        for name, value in element.attrib.items():
            if _PATH.search(str(value)):
                names[etree.QName(str(name)).localname] = None
    for name in names:
        yield Finding("tpl_path_leak", "warning", Place(label), {"name": name})
    manager = root.find(_PROPERTIES + "Manager")
    if manager is not None and (manager.text or "").strip():
        yield Finding("tpl_property_leak", "warning", Place(label), {"property": "Manager"})
