"""A workbook as bytes that are the same every time: no clock in the package."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Final

from openpyxl import Workbook

_STAMP: Final = datetime(2000, 1, 1)  # noqa: DTZ001  (Office's own properties have no zone)
_ZIP_STAMP: Final = (2000, 1, 1, 0, 0, 0)
_MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def workbook_bytes(book: Workbook) -> bytes:
    """Save *book*; openpyxl writes the time of day into the package, which is taken out again."""
    book.properties.created = _STAMP
    raw = io.BytesIO()
    book.save(raw)
    result = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as out:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", data)
            info = zipfile.ZipInfo(entry.filename, _ZIP_STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, data)
    return result.getvalue()
