"""What a document's styles come to: which are used, and which fonts, looks and headings they give.

The order is Word's: document defaults, the style and those it builds on, the run itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bti_docs.merge.word.package import Package
from bti_docs.merge.word.xml import A, Element, W, on, parse, w

_STYLE_MARKS: Final = (W + "pStyle", W + "rStyle", W + "tblStyle")
_TOP_LEVELS: Final = 9
_SLOTS: Final = ("ascii", "hAnsi")
"""The fonts of Latin letters; those for other scripts are the engine's own choice."""
_THEME_FONTS: Final = {"major": "majorFont", "minor": "minorFont"}


@dataclass(frozen=True, slots=True)
class Style:
    """One style of the file."""

    id: str
    name: str
    kind: str
    based_on: str
    element: Element
    is_default: bool


@dataclass(frozen=True, slots=True)
class Looks:
    """The styles of a file, and the parts that say how text looks."""

    styles: Mapping[str, Style]
    defaults: Element | None
    """The document defaults' `w:rPr`."""
    theme: Mapping[str, str]
    """`major` and `minor` → font."""
    settings: Element | None
    font_table: Element | None

    def headings(self) -> frozenset[str]:
        """The ids of the styles that make a paragraph a heading."""
        return frozenset(one.id for one in self.styles.values() if self._is_heading(one))

    def lineage(self, style_id: str) -> Iterator[Style]:
        """The style and those it builds on."""
        seen: set[str] = set()
        while style_id in self.styles and style_id not in seen:
            seen.add(style_id)
            yield self.styles[style_id]
            style_id = self.styles[style_id].based_on

    def used(self, roots: Iterable[Element]) -> tuple[Style, ...]:
        """The styles that text in *roots* has and those they build on, in the file's order."""
        named = {w(mark, "val") or "" for root in roots for mark in root.iter(*_STYLE_MARKS)}
        named |= {one.id for one in self.styles.values() if one.is_default}
        ids = {style.id for name in named for style in self.lineage(name)}
        return tuple(one for one in self.styles.values() if one.id in ids)

    def fonts(self, holder: Element) -> Iterator[str]:
        """The fonts that a `w:rPr` asks for, theme fonts by their own names."""
        chosen = holder.find(W + "rFonts")
        if chosen is None:
            return
        for slot in _SLOTS:
            theme = w(chosen, f"{slot}Theme")
            name = self.theme.get(theme[:5], "") if theme else w(chosen, slot)
            if name:
                yield name

    def embedded(self) -> frozenset[str]:
        """The fonts that travel in the file."""
        if self.font_table is None:
            return frozenset()
        return frozenset(
            w(font, "name") or ""
            for font in self.font_table.iter(W + "font")
            if any(str(child.tag).startswith(W + "embed") for child in font)
        )

    def _is_heading(self, style: Style) -> bool:
        if style.kind != "paragraph":
            return False
        for one in self.lineage(style.id):
            level = one.element.find(f"{W}pPr/{W}outlineLvl")
            if level is not None:
                value = w(level, "val") or ""
                return value.isdigit() and int(value) < _TOP_LEVELS
        return style.name.lower().startswith(("heading ", "title"))


def looks_of(package: Package) -> Looks:
    """Read the parts that say how text looks. A file may lack any of them."""
    styles = _part(package, "styles")
    found = {} if styles is None else {one.id: one for one in _styles(styles)}
    defaults = None if styles is None else styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    settings = _part(package, "settings")
    return Looks(found, defaults, _theme(package), settings, _part(package, "fontTable"))


def shows(holder: Element, name: str) -> bool:
    """Whether a `w:rPr` turns a look on."""
    return on(holder.find(W + name))


def _styles(root: Element) -> Iterator[Style]:
    for element in root.iter(W + "style"):
        yield Style(
            w(element, "styleId") or "",
            _value(element, "name"),
            w(element, "type") or "",
            _value(element, "basedOn"),
            element,
            w(element, "default") in {"1", "true", "on"},
        )


def _value(element: Element, name: str) -> str:
    found = element.find(W + name)
    return "" if found is None else w(found, "val") or ""


def _theme(package: Package) -> dict[str, str]:
    root = _part(package, "theme")
    if root is None:
        return {}
    found = {}
    for word, name in _THEME_FONTS.items():
        latin = root.find(f".//{A}{name}/{A}latin")
        found[word] = "" if latin is None else latin.get("typeface", "")
    return found


def _part(package: Package, kind: str) -> Element | None:
    name = next(package.related(package.main_part(), kind), None)
    return None if name is None else parse(package.members[name], name)
