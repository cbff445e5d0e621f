"""Tags in places that are printed as they are: charts, diagrams, Word's own building blocks."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final

from bti_docs.merge.lint.whole import Whole
from bti_docs.merge.word.findings import Finding, Place
from bti_docs.merge.word.text import shortened
from bti_docs.merge.word.xml import A, Element, parse

_FOLDERS: Final = ("word/charts/", "word/diagrams/")
_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\{|\{%", re.DOTALL)
_POINT: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}v"


def unfilled_findings(whole: Whole) -> Iterator[Finding]:
    """The first tag of each such part."""
    for name in sorted(whole.package.xml_parts()):
        if name.startswith(_FOLDERS) and not name.endswith(".rels"):
            found = next(_tags(parse(whole.package.members[name], name)), "")
            if found:
                place = Place(posixpath.splitext(name)[0], kind="drawing")
                yield Finding("tpl_tag_unfilled", "error", place, {"tag": shortened(found)})


def _tags(root: Element) -> Iterator[str]:
    texts = ["".join(t.text or "" for t in one.iter(A + "t")) for one in root.iter(A + "p")]
    texts += [one.text or "" for one in root.iter(_POINT, A + "t")]
    for text in texts:
        found = _TAG.search(text)
        if found is not None:
            yield found[0]
