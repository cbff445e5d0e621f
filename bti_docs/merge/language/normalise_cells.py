"""docxtpl's tags for table cells: `colspan`, `cellbg`, `vm` and `hm`.

They change their own cell's properties. Unlike docxtpl this puts each property where the format
wants it, for Word calls a file damaged whose cell properties are out of order.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Final

from lxml import etree

from bti_docs.merge.language.normalise_marks import Marks
from bti_docs.merge.language.normalise_scan import Sign
from bti_docs.merge.language.normalise_tree import put_after, put_before, take_out, take_out_text
from bti_docs.merge.word.xml import Element, W, w

_ORDER: Final = (
    "cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd", "noWrap", "tcMar",
    "textDirection", "tcFitText", "vAlign", "hideMark", "headers", "cellIns", "cellDel",
    "cellMerge", "tcPrChange",
)  # fmt: skip
_FIRST: Final = "{% if loop.first %}"
_ELSE: Final = "{% else %}"
_END: Final = "{% endif %}"


def shape_cells(root: Element, marks: Marks) -> None:
    """Carry out the cells' tags. Outside a table they stay, and Jinja2 refuses them."""
    for node, number, sign in list(marks.standing(root)):
        act = _ACTS.get(sign.word) if not sign.scope else None
        cell = next(node.iterancestors(W + "tc"), None)
        if act is not None and cell is not None:
            node.text = (node.text or "").replace(marks.written_as(number), "")
            if not node.text:
                take_out_text(node)
            act(cell, sign, marks)


def _span(cell: Element, sign: Sign, marks: Marks) -> None:
    value = marks.literal(f"{{{{ {_operand(sign)}|_columns }}}}")
    _set(cell, "gridSpan", {"val": value})


def _background(cell: Element, sign: Sign, marks: Marks) -> None:
    colour = marks.literal(f"{{{{ {_operand(sign)}|_colour }}}}")
    _set(cell, "shd", {"val": "clear", "color": "auto", "fill": colour})


def _merge_down(cell: Element, _: Sign, marks: Marks) -> None:
    """The cell of the loop's first round, and empty cells below that continue it."""
    properties = _properties(cell)
    restart = _set(cell, "vMerge", {"val": "restart"})
    goes_on = etree.Element(W + "vMerge", {W + "val": "continue"})
    restart.addnext(goes_on)
    put_before(restart, marks.literal(_FIRST))
    put_after(restart, marks.literal(_ELSE))
    put_after(goes_on, marks.literal(_END))
    model = cell.find(f"{W}p/{W}pPr")
    put_after(properties, marks.literal(_FIRST))
    empty = etree.SubElement(cell, W + "p")
    put_before(empty, marks.literal(_ELSE))
    if model is not None:
        empty.append(copy.deepcopy(model))
    put_after(empty, marks.literal(_END))


def _merge_across(cell: Element, _: Sign, marks: Marks) -> None:
    """One cell as wide as all rounds of the loop."""
    properties = cell.find(W + "tcPr")
    known = None if properties is None else properties.find(W + "gridSpan")
    width = (w(known, "val") or "1") if known is not None else "1"
    times = "loop.length" if width == "1" else f"{width} * loop.length"
    _set(cell, "gridSpan", {"val": marks.literal(f"{{{{ {times} }}}}")})
    put_before(cell, marks.literal(_FIRST))
    put_after(cell, marks.literal(_END))


def _operand(sign: Sign) -> str:
    return sign.body.partition(sign.word)[2].strip()


def _properties(cell: Element) -> Element:
    found = cell.find(W + "tcPr")
    if found is None:
        found = etree.Element(W + "tcPr")
        cell.insert(0, found)
    return found


def _set(cell: Element, name: str, values: dict[str, str]) -> Element:
    """The cell's property of that name, made anew in its place."""
    properties = _properties(cell)
    for old in properties.findall(W + name):
        take_out(old)
    before = {W + one for one in _ORDER[: _ORDER.index(name)]}
    made = etree.Element(W + name, {W + key: value for key, value in values.items()})
    properties.insert(sum(1 for child in properties if child.tag in before), made)
    return made


_ACTS: Final[dict[str, Callable[[Element, Sign, Marks], None]]] = {
    "colspan": _span,
    "cellbg": _background,
    "vm": _merge_down,
    "hm": _merge_across,
}
