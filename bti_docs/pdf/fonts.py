"""The private font set, and the fontconfig file that names it to a converter's process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

_SYSTEM: Final = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'


@contextmanager
def font_environment(*, with_system: bool) -> Iterator[dict[str, str]]:
    """Environment variables for a converter's process; its configuration lives as long as this.

    Args:
        with_system: Also offer the machine's own fonts, after ours (LibreOffice writes scripts
            that our faces lack). Off, every Linux machine breaks lines alike.
    """
    with (
        as_file(files("bti_docs") / "assets" / "fonts") as fonts,
        TemporaryDirectory(prefix="bti-docs-fonts-", ignore_cleanup_errors=True) as folder,
    ):
        text = (fonts / "fonts.conf").read_text(encoding="utf-8")
        for word, value in (
            ("{system}", _SYSTEM if with_system else ""),
            ("{fonts}", escape(str(fonts), quote=False)),
            ("{cache}", escape(str(Path(folder, "cache")), quote=False)),
        ):
            text = text.replace(word, value)
        configuration = Path(folder, "fonts.conf")
        configuration.write_text(text, encoding="utf-8")
        yield {**os.environ, "FONTCONFIG_FILE": str(configuration)}
