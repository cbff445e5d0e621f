"""Which field each control of a returned document holds, also when a program has lost its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bti_docs.merge.word.controls import Control, control_of, field_controls, unwrap_one
from bti_docs.merge.word.kinds import Value
from bti_docs.merge.word.xml import Element, W


@dataclass(frozen=True, slots=True)
class Named:
    """The controls that hold a field."""

    keys: dict[Element, str]
    """Control → field key, in order."""
    inner: list[tuple[str, Value]]
    """Fields that stood inside another field's control, where their text now is plain text."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a template gives its controls."""

    aliases: Mapping[str, str]
    """Alias → tag, for controls whose tag a program has deleted."""
    tags: frozenset[str]
    sections: frozenset[str]
    """The aliases of controls around rows, which LibreOffice gives to the first field in them."""

    def key(self, control: Control) -> str:
        """The field that a control says it holds."""
        return control.tag if control.tag in self.tags else self.aliases.get(control.alias, "")

    def is_nameless(self, control: Control) -> bool:
        """Whether a program has deleted the control's own name."""
        return not control.tag and (not control.alias or control.alias in self.sections)


def name_controls(root: Element, names: Names, issued: Sequence[str]) -> Named:
    """Which field each control holds; controls of no field are taken out and their text stays.

    By tag; else by alias; else, for what LibreOffice leaves of dates and choices, by the fields
    that stood between the same two neighbours in the issued document.

    Args:
        root: The part.
        names: The template's.
        issued: The keys of the issued document's part, in order.
    """
    inner = list(_flattened(root, names))
    found: list[tuple[Element, str]] = []
    for control in field_controls(root):
        key = names.key(control)
        if key or names.is_nameless(control):
            found.append((control.element, key))
    keys = _between([key for _, key in found], issued)
    named = {e: key for (e, _), key in zip(found, keys, strict=True) if key}
    _unwrap_others(root, named)
    return Named(named, inner)


def _flattened(root: Element, names: Names) -> Iterator[tuple[str, Value]]:
    """Take out the controls that were pasted into a field's own control."""
    for element in list(root.iter(W + "sdt")):
        outer = control_of(element)
        if outer is None or not names.key(outer) or _gave_its_name(element):
            continue
        for held in reversed(list(element.iterdescendants(W + "sdt"))):
            one = control_of(held)
            key = "" if one is None else names.key(one)
            if one is not None and key:
                yield key, one.value()
            unwrap_one(held)


def _gave_its_name(element: Element) -> bool:
    """Give a control's name to the nameless one in it, which has the value.

    LibreOffice writes so: the name on a control around the paragraph, the box to tick in it.
    """
    for held in element.iterdescendants(W + "sdt"):
        one, properties = control_of(held), held.find(W + "sdtPr")
        if one is not None and properties is not None and not one.tag and not one.alias:
            names = [element.find(f"{W}sdtPr/{W}{name}") for name in ("alias", "tag")]
            properties.extend(name for name in names if name is not None)
            unwrap_one(element)
            return True
    return False


def _between(keys: list[str], issued: Sequence[str]) -> list[str]:
    """*keys* with its gaps filled where the issued order leaves no doubt."""
    filled = list(keys)
    for start, end in _gaps(keys):
        before = keys[start - 1] if start else ""
        after = keys[end] if end < len(keys) else ""
        fitting = set(_candidates(issued, before, after, end - start))
        if len(fitting) == 1:
            filled[start:end] = fitting.pop()
    return filled


def _gaps(keys: list[str]) -> Iterator[tuple[int, int]]:
    start = None
    for number, key in enumerate([*keys, "end"]):
        if not key and start is None:
            start = number
        elif key and start is not None:
            yield start, number
            start = None


def _candidates(
    issued: Sequence[str], before: str, after: str, length: int
) -> Iterator[tuple[str, ...]]:
    """The keys that stood between these two neighbours; an empty neighbour is the part's edge."""
    edged = ["", *issued, ""]
    for number in range(len(edged) - length - 1):
        if edged[number] == before and edged[number + length + 1] == after:
            yield tuple(edged[number + 1 : number + length + 1])


def _unwrap_others(root: Element, named: Mapping[Element, str]) -> None:
    for element in reversed(list(root.iter(W + "sdt"))):
        if element not in named:
            unwrap_one(element)
