"""Word files that lead somewhere, and what is said of them."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

from bti_docs.merge.word.findings import Finding
from bti_docs.merge.word.package import Package, open_package
from bti_docs.merge.word.trust import make_trusted
from tests.edges.docx_samples import REL

RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
MS = "http://schemas.microsoft.com/office/2011/relationships"
UNC = "file:///\\\\tjener\\deling\\mal.dotx"
TYPES = "[Content_Types].xml"
MORE = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:wp15="http://schemas.microsoft.com/office/word/2012/wordprocessingDrawing"'
)


def tie(kind: str, target: str, *, external: bool = True, number: int = 77, base: str = REL) -> str:
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="rId{number}" Type="{base}/{kind}" Target={quoteattr(target)}{mode}/>'


def ties(*entries: str) -> str:
    return f'<Relationships xmlns="{RELS}">{"".join(entries)}</Relationships>'


def trusted(content: bytes) -> tuple[Package, list[tuple[str, str, str, dict[str, Any]]]]:
    """The package, and of each finding its code, severity, place and parameters."""
    package, findings = make_trusted(open_package(content))
    return package, [told(one) for one in findings]


def told(one: Finding) -> tuple[str, str, str, dict[str, Any]]:
    return one.code, one.severity, str(one.place), dict(one.params)


def body(package: Package) -> str:
    return package.members["word/document.xml"].decode()


def links(package: Package, part: str = "document") -> str:
    return package.members[f"word/_rels/{part}.xml.rels"].decode()
