"""docx-mailmerge2: Word's own merge fields. It has no conditions, so its letter has none."""

from __future__ import annotations

import io
import sys
from importlib.metadata import version
from typing import Any

from _turns import missing, take_turns

try:
    from mailmerge import MailMerge
except ImportError:
    missing()


def render(record: dict[str, Any]) -> bytes:
    """One document; a row field is an anchor, and plain values are texts."""
    values = {key: one for key, one in record.items() if isinstance(one, str)}
    with MailMerge(sys.argv[1]) as document:
        document.merge(**values)
        document.merge_rows("maal", record["tiltak"])
        out = io.BytesIO()
        document.write(out)
    return out.getvalue()


take_turns(version("docx-mailmerge2"), render)
