"""What keeps people out who listen to a document: no language, no header rows, mute pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from bti_docs.merge.lint.whole import Whole
from bti_docs.merge.word.findings import Finding, Place
from bti_docs.merge.word.tables import cells_of, rows_of
from bti_docs.merge.word.xml import WP, Element, W, on, w

_LANGUAGES: Final = {"nb": ("nb-NO", "no-NO"), "nn": ("nn-NO",), "en": ("en-GB", "en-US")}
_FIRST_ROW: Final = 0x0020
"""The bit of `w:tblLook` that says that the first row is a heading."""
_VML_SHAPE: Final = "{urn:schemas-microsoft-com:vml}shape"
_VML_PICTURE: Final = "{urn:schemas-microsoft-com:vml}imagedata"


def access_findings(whole: Whole) -> Iterator[Finding]:
    """Everything of this kind in the file."""
    yield from _language(whole)
    for part, root in whole.shown():
        for table in root.iter(W + "tbl"):
            if _needs_header(table) and not _has_header(table):
                yield Finding("tpl_no_header_row", "warning", whole.atlas.of(table, part))
        for picture in _mute_pictures(root):
            place = whole.atlas.of(picture, part)
            yield Finding("tpl_picture_without_text", "warning", place)


def _language(whole: Whole) -> Iterator[Finding]:
    """A voice reads the letters as it is told to, so the file must say its language, and rightly.

    Single words in another language are nobody's slip; the language of the whole is.
    """
    wanted = _LANGUAGES.get(whole.language, ())
    found = next(_declared(whole), "")
    suggestion = wanted[0] if wanted else ""
    if not found:
        params = {"language": suggestion}
        yield Finding("tpl_language_missing", "warning", _SETTINGS, params)
    elif wanted and found not in wanted:
        params = {"found": found, "language": suggestion}
        yield Finding("tpl_language_other", "warning", _SETTINGS, params)


_SETTINGS: Final = Place("settings", kind="settings")


def _declared(whole: Whole) -> Iterator[str]:
    """The languages that the file says it is in: of its own style, its defaults, its theme."""
    looks = whole.looks
    normal = next(
        (s for s in looks.styles.values() if s.is_default and s.kind == "paragraph"), None
    )
    holders = (None if normal is None else normal.element.find(W + "rPr"), looks.defaults)
    for holder in holders:
        language = None if holder is None else holder.find(W + "lang")
        if language is not None and w(language, "val"):
            yield w(language, "val") or ""
    theme = None if looks.settings is None else looks.settings.find(W + "themeFontLang")
    if theme is not None and w(theme, "val"):
        yield w(theme, "val") or ""


def _needs_header(table: Element) -> bool:
    """Whether the table has data in its rows, and is not there to lay out a page.

    Word says of a table whether its first row is a heading; where nothing is said, rows that are
    repeated tell.
    """
    rows = rows_of(table)
    if len(rows) < 2 or max(len(cells_of(row)) for row in rows) < 2:  # noqa: PLR2004  (a column)
        return False
    look = table.find(f"{W}tblPr/{W}tblLook")
    if look is not None:
        return _says_first_row(look)
    return any("{%tr for" in _text(row) for row in rows)


def _says_first_row(look: Element) -> bool:
    flag = w(look, "firstRow")
    if flag is not None:
        return flag in {"1", "true", "on"}
    try:
        return bool(int(w(look, "val") or "0", 16) & _FIRST_ROW)
    except ValueError:
        return False


def _has_header(table: Element) -> bool:
    rows = rows_of(table)
    shown = next((r for r in rows if "{%tr" not in _text(r)), rows[0])
    return on(shown.find(f"{W}trPr/{W}tblHeader")) or on(rows[0].find(f"{W}trPr/{W}tblHeader"))


def _text(row: Element) -> str:
    return "".join(node.text or "" for node in row.iter(W + "t"))


def _mute_pictures(root: Element) -> Iterator[Element]:
    for described in root.iter(WP + "docPr"):
        said = (described.get("descr") or described.get("title") or "").strip()
        if not said and not _is_decoration(described):
            yield described
    for shape in root.iter(_VML_SHAPE):
        has_picture = next(shape.iter(_VML_PICTURE), None) is not None
        if has_picture and not (shape.get("alt") or "").strip():
            yield shape


def _is_decoration(described: Element) -> bool:
    return any(
        etree.QName(e).localname == "decorative" and e.get("val") in {"1", "true"}
        for e in described.iter()
        if isinstance(e.tag, str)
    )
