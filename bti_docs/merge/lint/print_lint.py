"""What paper and PDF engines make of a template: fonts, looks, picture kinds, letters, the page."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Collection, Iterator
from typing import Final

from bti_docs.merge.language.tags import own_text
from bti_docs.merge.lint.layout_lint import LOST_LOOKS, field_instructions
from bti_docs.merge.lint.looks import shows
from bti_docs.merge.lint.whole import Whole
from bti_docs.merge.word.findings import Finding, Place
from bti_docs.merge.word.parts import TextPart
from bti_docs.merge.word.text import shortened
from bti_docs.merge.word.xml import A, Element, R, W, parse, w

_DRAWN: Final = frozenset(
    {
        "LATIN", "GREEK", "CYRILLIC", "MODIFIER", "MICRO", "FEMININE", "MASCULINE", "KELVIN",
        "ANGSTROM", "OHM",
    }
)  # fmt: skip
"""How the names of letters begin that every engine has; the others need a machine's own fonts."""
_KINDS: Final = frozenset({"wmf", "emf", "svg", "wmz", "emz"})
"""Pictures of lines, which PDF engines leave out."""
_VML_PICTURE: Final = "{urn:schemas-microsoft-com:vml}imagedata"
_MERGE: Final = "MERGEFIELD"
_SAMPLE: Final = 12


def print_findings(whole: Whole, fonts: Collection[str]) -> Iterator[Finding]:
    """Everything of this kind in the file.

    Args:
        whole: The file.
        fonts: The names of the fonts that an engine has, as Word writes them.
    """
    yield from _fonts(whole, frozenset(name.casefold() for name in fonts))
    for style in whole.looks.used([root for _, root in whole.shown()]):
        holder = style.element.find(W + "rPr")
        for look in LOST_LOOKS if holder is not None else ():
            if holder is not None and shows(holder, look):
                yield Finding("tpl_lost_style", "warning", _of_style(style.name), {"style": look})
    for part, root in whole.shown():
        yield from _pictures(whole, part, root)
        yield from _letters(whole, part, root)
        yield from _merge_fields(whole, part, root)


def _of_style(name: str) -> Place:
    return Place("styles", kind="styles", style=name)


def _fonts(whole: Whole, known: Collection[str]) -> Iterator[Finding]:
    """Each font that neither an engine has nor the file brings, where it is first asked for."""
    here = {name.casefold() for name in whole.looks.embedded()} | set(known)
    places: dict[str, Place] = {}
    counts: dict[str, int] = {}
    for font, place in _asked(whole) if known else ():
        if font.casefold() not in here:
            places.setdefault(font, place)
            counts[font] = counts.get(font, 0) + 1
    for font, place in places.items():
        params: dict[str, str | int] = {"font": font, "count": counts[font]}
        yield Finding("tpl_font_missing", "warning", place, params)


def _asked(whole: Whole) -> Iterator[tuple[str, Place]]:
    looks = whole.looks
    for part, root in whole.shown():
        for run in root.iter(W + "r"):
            holder = run.find(W + "rPr")
            if holder is not None and holder.find(W + "rFonts") is not None:
                for font in dict.fromkeys(looks.fonts(holder)):
                    yield font, whole.atlas.of(run, part)
    for style in looks.used([root for _, root in whole.shown()]):
        holder = style.element.find(W + "rPr")
        for font in () if holder is None else dict.fromkeys(looks.fonts(holder)):
            yield font, _of_style(style.name)
    for font in () if looks.defaults is None else dict.fromkeys(looks.fonts(looks.defaults)):
        yield font, Place("styles", kind="styles")
    yield from _list_fonts(whole)


def _list_fonts(whole: Whole) -> Iterator[tuple[str, Place]]:
    """The fonts of the bullets that the text has."""
    package = whole.package
    name = next(package.related(package.main_part(), "numbering"), None)
    if name is None:
        return
    root = parse(package.members[name], name)
    used = _lists_used(whole, root)
    for kind in root.iter(W + "abstractNum"):
        for level in kind.iter(W + "lvl") if w(kind, "abstractNumId") in used else ():
            holder = level.find(W + "rPr")
            for font in () if holder is None else dict.fromkeys(whole.looks.fonts(holder)):
                yield font, used[w(kind, "abstractNumId") or ""]


def _lists_used(whole: Whole, numbering: Element) -> dict[str, Place]:
    """The kinds of list that paragraphs have → the first of those paragraphs."""
    kinds: dict[str, str] = {}
    for one in numbering.iter(W + "num"):
        kind = one.find(W + "abstractNumId")
        kinds[w(one, "numId") or ""] = "" if kind is None else w(kind, "val") or ""
    places: dict[str, Place] = {}
    for part, root in whole.shown():
        for mark in root.iter(W + "numId"):
            places.setdefault(kinds.get(w(mark, "val") or "", ""), whole.atlas.of(mark, part))
    for style in whole.looks.used([root for _, root in whole.shown()]):
        for mark in style.element.iter(W + "numId"):
            places.setdefault(kinds.get(w(mark, "val") or "", ""), _of_style(style.name))
    return places


def _pictures(whole: Whole, part: TextPart, root: Element) -> Iterator[Finding]:
    targets = {one.id: one.target for one in whole.package.relationships(part.name)}
    shown = [(e, e.get(R + "embed", "")) for e in root.iter(A + "blip")]
    shown += [(e, e.get(R + "id", "")) for e in root.iter(_VML_PICTURE)]
    for element, number in shown:
        kind = posixpath.splitext(targets.get(number, ""))[1].lstrip(".").lower()
        if kind in _KINDS:
            place = whole.atlas.of(element, part)
            yield Finding("tpl_picture_kind", "warning", place, {"kind": kind.upper()})


def _letters(whole: Whole, part: TextPart, root: Element) -> Iterator[Finding]:
    """Paragraphs in letters that only a machine's own fonts have."""
    for paragraph in root.iter(W + "p"):
        text = own_text(paragraph)
        strange = "" if text.isascii() else "".join(c for c in text if _is_strange(c))
        if strange:
            place = whole.atlas.of(paragraph, part)
            params = {"letters": shortened(strange[:_SAMPLE])}
            yield Finding("tpl_other_script", "info", place, params)


def _is_strange(character: str) -> bool:
    if character.isascii() or unicodedata.category(character)[0] != "L":
        return False
    return unicodedata.name(character, "UNKNOWN").split()[0] not in _DRAWN


def _merge_fields(whole: Whole, part: TextPart, root: Element) -> Iterator[Finding]:
    """Fields of Word's own mail merge, which nobody fills here."""
    for element, text in field_instructions(root):
        words = text.split()
        if words[:1] and words[0].upper() == _MERGE:
            field = words[1].strip('"') if len(words) > 1 else ""
            place = whole.atlas.of(element, part)
            suggestion = f"{{{{ {field.lower()} }}}}"
            yield Finding("tpl_merge_field", "error", place, {"field": field}, suggestion)
