"""The names of the fonts that travel with the program, as Word writes them."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import as_file, files
from typing import Final

from PIL import ImageFont

_ALIAS: Final = re.compile(
    r'<match target="pattern">\s*<test[^>]*name="family"[^>]*><string>([^<]+)</string></test>'
    r'\s*<edit name="family" mode="assign"'
)
"""A family that `fonts.conf` sends to one of ours, of the same widths."""


@cache
def font_families() -> frozenset[str]:
    """The families that every engine has, with those that one of ours stands in for."""
    with as_file(files("bti_docs") / "assets" / "fonts") as folder:
        names = {
            ImageFont.truetype(str(path)).getname()[0] or "" for path in folder.glob("*.[to]tf")
        }
        configuration = (folder / "fonts.conf").read_text(encoding="utf-8")
    return frozenset(names | set(_ALIAS.findall(configuration))) - {""}
