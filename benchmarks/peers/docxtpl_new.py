"""docxtpl as its README says: a new object a document. Autoescape, or `&` would break the file."""

from __future__ import annotations

import io
import sys
from importlib.metadata import version
from typing import Any

from _turns import missing, take_turns

try:
    from docxtpl import DocxTemplate
except ImportError:
    missing()


def render(record: dict[str, Any]) -> bytes:
    """One document."""
    template = DocxTemplate(sys.argv[1])
    template.render(record, autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


take_turns(version("docxtpl"), render)
