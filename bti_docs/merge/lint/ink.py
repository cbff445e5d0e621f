"""Whether a reader can see a piece of text: hidden, as pale as the paper, or too small.

Looks are looked up as Word does: the run itself, its style, the paragraph's, the table's, and the
document's defaults.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bti_docs.merge.lint.looks import Looks, Style
from bti_docs.merge.word.xml import Element, W, on, w

_HIDING: Final = ("vanish", "specVanish")
_STRUCK: Final = ("strike", "dstrike")
_POINTS: Final = 6.0
"""Letters below this size cannot be read on paper."""
_TWIPS_IN_A_POINT: Final = 20
_CONTRAST: Final = 1.5
"""WCAG's measure of two colours; from 1 (the same) to 21. Text below this is not seen."""
_PAPER: Final = "FFFFFF"
_THEME_PAPER: Final = frozenset({"background1", "light1"})
_MARKERS: Final = {
    "black": "000000", "darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000",
    "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000", "darkGray": "808080",
    "lightGray": "C0C0C0", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00",
    "magenta": "FF00FF", "red": "FF0000", "yellow": "FFFF00", "white": "FFFFFF",
}  # fmt: skip
_HEX: Final = 6
_LINEAR_BELOW: Final = 0.03928


@dataclass(frozen=True, slots=True)
class Ink:
    """What keeps a text from being read."""

    hidden: bool
    struck: bool
    pale: bool
    """Nearly of the colour that it stands on."""
    tiny: bool

    @property
    def readable(self) -> bool:
        """Whether nothing does."""
        return not (self.hidden or self.struck or self.pale or self.tiny)


def ink_of(node: Element, looks: Looks) -> Ink:
    """How the text in *node*, a piece of a run, is seen on paper."""
    run = next((one for one in node.iterancestors(W + "r")), node)
    holders = list(_holders(run, looks))
    return Ink(
        any(on(_first(holders, name)) for name in _HIDING) or _in_hidden_row(run),
        any(on(_first(holders, name)) for name in _STRUCK),
        _is_pale(run, holders, looks),
        _is_tiny(run, holders),
    )


def _holders(run: Element, looks: Looks) -> Iterator[Element]:
    """All that says how the run looks, what counts most first."""
    own = run.find(W + "rPr")
    if own is not None:
        yield own
    paragraph = next(run.iterancestors(W + "p"), None)
    table = next(run.iterancestors(W + "tbl"), None)
    names = [
        _style_of(own, "rStyle"),
        _style_of(None if paragraph is None else paragraph.find(W + "pPr"), "pStyle")
        or next((one.id for one in looks.styles.values() if _is_normal(one)), ""),
        _style_of(None if table is None else table.find(W + "tblPr"), "tblStyle"),
    ]
    for name in names:
        for style in looks.lineage(name):
            found = style.element.find(W + "rPr")
            if found is not None:
                yield found
    if looks.defaults is not None:
        yield looks.defaults


def _is_normal(style: Style) -> bool:
    return style.is_default and style.kind == "paragraph"


def _style_of(holder: Element | None, name: str) -> str:
    mark = None if holder is None else holder.find(W + name)
    return "" if mark is None else w(mark, "val") or ""


def _first(holders: list[Element], name: str) -> Element | None:
    return next((e for holder in holders if (e := holder.find(W + name)) is not None), None)


def _in_hidden_row(run: Element) -> bool:
    return any(on(row.find(f"{W}trPr/{W}hidden")) for row in run.iterancestors(W + "tr"))


def _is_tiny(run: Element, holders: list[Element]) -> bool:
    size = _first(holders, "sz")
    if size is not None and _number(size, "val", 2 * _POINTS) < 2 * _POINTS:
        return True
    heights = [
        (one, "line", "lineRule")
        for paragraph in run.iterancestors(W + "p")
        for one in paragraph.findall(f"{W}pPr/{W}spacing")
    ]
    heights += [
        (one, "val", "hRule")
        for row in run.iterancestors(W + "tr")
        for one in row.findall(f"{W}trPr/{W}trHeight")
    ]
    least = _POINTS * _TWIPS_IN_A_POINT
    return any(
        w(e, rule) == "exact" and _number(e, name, least) < least for e, name, rule in heights
    )


def _number(element: Element, name: str, otherwise: float) -> float:
    try:
        return float(w(element, name) or otherwise)
    except ValueError:
        return otherwise


# --- colours -----------------------------------------------------------------------------------


def _is_pale(run: Element, holders: list[Element], looks: Looks) -> bool:
    colour = _first(holders, "color")
    ink = "" if colour is None else w(colour, "val") or ""
    theme = None if colour is None else w(colour, "themeColor")
    if colour is not None and theme in _THEME_PAPER and not _is_shaded(colour):
        ink = _PAPER
    paper = _paper(run, holders, looks)
    return _is_colour(ink) and _is_colour(paper) and _contrast(ink, paper) < _CONTRAST


def _is_shaded(colour: Element) -> bool:
    return w(colour, "themeTint") is not None or w(colour, "themeShade") is not None


def _paper(run: Element, holders: list[Element], looks: Looks) -> str:
    """The colour behind a run; nothing when it cannot be told."""
    marker = _first(holders, "highlight")
    if marker is not None and w(marker, "val") != "none":
        return _MARKERS.get(w(marker, "val") or "", "")
    for shade in _shades(run, holders, looks):
        solid = w(shade, "val") == "solid"
        fill = w(shade, "color" if solid else "fill") or ""
        if _is_colour(fill):
            return fill
    if next(run.iterancestors(W + "txbxContent"), None) is not None:
        return ""
    return "" if _stands_on_styled_table(run, looks) else _PAPER


def _shades(run: Element, holders: list[Element], looks: Looks) -> Iterator[Element]:
    own = _first(holders, "shd")
    found = [] if own is None else [own]
    for paragraph in run.iterancestors(W + "p"):
        found += paragraph.findall(f"{W}pPr/{W}shd")
        for style in looks.lineage(_style_of(paragraph.find(W + "pPr"), "pStyle")):
            found += style.element.findall(f"{W}pPr/{W}shd")
    for cell in run.iterancestors(W + "tc"):
        found += cell.findall(f"{W}tcPr/{W}shd")
    yield from found


def _stands_on_styled_table(run: Element, looks: Looks) -> bool:
    """Whether the table's style has colours of its own, for rows and columns that Word picks."""
    for table in run.iterancestors(W + "tbl"):
        for style in looks.lineage(_style_of(table.find(W + "tblPr"), "tblStyle")):
            if next(style.element.iter(W + "shd"), None) is not None:
                return True
    return False


def _is_colour(text: str) -> bool:
    return len(text) == _HEX and all(one in "0123456789abcdefABCDEF" for one in text)


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (
        part / 12.92 if part <= _LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
