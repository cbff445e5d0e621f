"""How a paragraph looks by its own word, letter by letter, so that two versions can be compared.

What its styles say is compared style by style, and not told again of each paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bti_docs.merge.language.normalise_paragraphs import text_pieces
from bti_docs.merge.language.normalise_tree import own_nodes
from bti_docs.merge.word.xml import Element, W, on, w

Looks = Mapping[str, str]
"""What is said of letters: `bold` → `on`, `colour` → `FFFFFF`, `size` → `11`."""

_SWITCHES: Final = {
    "b": "bold", "i": "italic", "strike": "strike", "dstrike": "dstrike", "caps": "caps",
    "smallCaps": "small_caps", "vanish": "vanish", "specVanish": "vanish",
}  # fmt: skip
_VALUES: Final = {
    "u": "underline", "color": "colour", "highlight": "highlight", "vertAlign": "raised",
    "rStyle": "letter_style",
}  # fmt: skip
_NOTHING: Final = frozenset({"", "auto", "none", "baseline", "left", "start", "clear"})


@dataclass(frozen=True, slots=True)
class ParagraphLooks:
    """The looks of a paragraph as a whole, and of its letters in order, blanks left out."""

    whole: Looks
    letters: Sequence[tuple[int, Looks]]
    """So many letters in a row look like this."""


@dataclass(frozen=True, slots=True)
class LookChange:
    """One look that is not as it was; nothing stands for what nobody has asked for."""

    look: str
    old: str
    new: str


def looks_of_paragraph(paragraph: Element) -> ParagraphLooks:
    """Read a paragraph's own looks, and those of the row and cell that it stands in."""
    letters: list[tuple[int, Looks]] = []
    for node, text in text_pieces(paragraph):
        count = len("".join(text.split()))
        run = next(node.iterancestors(W + "r"))
        looks = letter_looks(run.find(W + "rPr"))
        if letters and letters[-1][1] == looks:
            letters[-1] = (letters[-1][0] + count, looks)
        elif count:
            letters.append((count, looks))
    return ParagraphLooks(dict(_whole(paragraph)), letters)


def letter_looks(holder: Element | None) -> Looks:
    """What a `w:rPr` says of letters."""
    return {} if holder is None else dict(_of_letters(holder))


def look_changes(
    old: ParagraphLooks, new: ParagraphLooks, *, same_text: bool
) -> Iterator[LookChange]:
    """What looks otherwise: letter by letter where the text is the same, else as a whole."""
    yield from changes(old.whole, new.whole)
    pairs = list(_pairs(old.letters, new.letters)) if same_text else [_merged(old, new)]
    told: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for before, after in pairs:
        for one in changes(before, after):
            was, now = told.setdefault(one.look, ({}, {}))
            was[one.old] = now[one.new] = None
    for look, (was, now) in told.items():
        yield LookChange(look, _joined(was), _joined(now))


def changes(old: Looks, new: Looks) -> Iterator[LookChange]:
    """What two sets of looks do not agree on."""
    for look in dict.fromkeys([*old, *new]):
        before, after = old.get(look, ""), new.get(look, "")
        if before != after:
            yield LookChange(look, before, after)


def _joined(values: Mapping[str, None]) -> str:
    return ", ".join(filter(None, values))


def _merged(old: ParagraphLooks, new: ParagraphLooks) -> tuple[Looks, Looks]:
    """All looks that each version has anywhere: what of its letters stayed nobody knows."""
    return _all_of(old.letters), _all_of(new.letters)


def _all_of(letters: Sequence[tuple[int, Looks]]) -> Looks:
    found: dict[str, dict[str, None]] = {}
    for _, looks in letters:
        for look, value in looks.items():
            found.setdefault(look, {})[value] = None
    return {look: ", ".join(sorted(values)) for look, values in found.items()}


def _pairs(
    old: Sequence[tuple[int, Looks]], new: Sequence[tuple[int, Looks]]
) -> Iterator[tuple[Looks, Looks]]:
    """The looks of the same letters, then and now."""
    left, right = list(old), list(new)
    while left and right:
        count = min(left[0][0], right[0][0])
        yield left[0][1], right[0][1]
        for waiting in (left, right):
            rest = waiting[0][0] - count
            waiting[:1] = [(rest, waiting[0][1])] if rest else []


# --- reading -----------------------------------------------------------------------------------


def _of_letters(holder: Element) -> Iterator[tuple[str, str]]:
    for name, look in _SWITCHES.items():
        element = holder.find(W + name)
        if element is not None:
            yield look, "on" if on(element) else "off"
    for name, look in _VALUES.items():
        value = _value(holder, name)
        if value not in _NOTHING:
            yield look, value
    size = _value(holder, "sz")
    if size:
        yield "size", f"{float(size) / 2:g}" if size.isdigit() else size
    yield from _shade(holder)
    fonts = holder.find(W + "rFonts")
    if fonts is not None:
        font = w(fonts, "ascii") or w(fonts, "asciiTheme") or ""
        yield from [("font", font)] if font else []


def _whole(paragraph: Element) -> Iterator[tuple[str, str]]:
    holder = paragraph.find(W + "pPr")
    if holder is not None:
        for name, look in (("pStyle", "paragraph_style"), ("jc", "alignment")):
            value = _value(holder, name)
            if value not in _NOTHING:
                yield look, value
        if holder.find(W + "framePr") is not None:
            yield "frame", "on"
        spacing = holder.find(W + "spacing")
        if spacing is not None and w(spacing, "lineRule") == "exact":
            yield "line_height", w(spacing, "line") or ""
        yield from _shade(holder, "paragraph_shade")
    told = " ".join(
        (node.text or w(node, "instr") or "").strip()
        for node in own_nodes(paragraph, W + "instrText", W + "fldSimple")
    )
    yield from [("instruction", " ".join(told.split()))] if told.strip() else []
    for around in paragraph.iterancestors(W + "tr", W + "tc"):
        yield from _of_row(around) if around.tag == W + "tr" else _of_cell(around)


def _of_row(row: Element) -> Iterator[tuple[str, str]]:
    if on(row.find(f"{W}trPr/{W}hidden")):
        yield "hidden_row", "on"
    height = row.find(f"{W}trPr/{W}trHeight")
    if height is not None and w(height, "hRule") == "exact":
        yield "row_height", w(height, "val") or ""


def _of_cell(cell: Element) -> Iterator[tuple[str, str]]:
    properties = cell.find(W + "tcPr")
    if properties is not None:
        yield from _shade(properties, "cell_shade")


def _shade(holder: Element, look: str = "shade") -> Iterator[tuple[str, str]]:
    shade = holder.find(W + "shd")
    if shade is not None:
        fill = w(shade, "color" if w(shade, "val") == "solid" else "fill") or ""
        yield from [] if fill in _NOTHING else [(look, fill)]


def _value(holder: Element, name: str) -> str:
    found = holder.find(W + name)
    return "" if found is None else w(found, "val") or ""
