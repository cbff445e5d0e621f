"""rust-docxtpl: docxtpl's package of the same name, with its slowest steps in Rust."""

from __future__ import annotations

import io
import sys
from typing import Any

from _turns import missing, take_turns

try:
    import docxtpl
except ImportError:
    missing()
if not hasattr(docxtpl, "__rust_docxtpl_version__"):
    missing()


def render(record: dict[str, Any]) -> bytes:
    """One document; its README keeps docxtpl's way, and caches by itself."""
    template = docxtpl.DocxTemplate(sys.argv[1])
    template.render(record, autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


take_turns(docxtpl.__rust_docxtpl_version__, render)
