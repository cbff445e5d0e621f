"""Which field each control of a returned document holds, also when a program has lost its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bti_docs.merge.word.controls import field_controls
from bti_docs.merge.word.xml import Element, W


def name_controls(
    root: Element, aliases: Mapping[str, str], tags: frozenset[str], issued: Sequence[str] | None
) -> dict[Element, str]:
    """Control → field key, in order; controls of no field are taken out and their text stays.

    By tag; else by alias; else, for what LibreOffice leaves of dates and choices, by the fields
    that stood between the same two neighbours in the issued document.

    Args:
        root: The part.
        aliases: Alias → tag, from the template.
        tags: The template's tags.
        issued: The keys of the issued document's part, in order.
    """
    found: list[tuple[Element, str]] = []
    for control in field_controls(root):
        key = control.tag if control.tag in tags else aliases.get(control.alias, "")
        is_foreign = not key and bool(control.tag or control.alias)
        if not is_foreign:
            found.append((control.element, key))
    keys = _between([key for _, key in found], issued or ())
    named = {e: key for (e, _), key in zip(found, keys, strict=True) if key}
    _unwrap_others(root, named)
    return named


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
        parent = element.getparent()
        if element not in named and parent is not None:
            content = element.find(W + "sdtContent")
            at = parent.index(element)
            parent[at : at + 1] = [] if content is None else list(content)
