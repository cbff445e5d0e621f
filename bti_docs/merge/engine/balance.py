"""Whether every way through a part gives sound XML, seen once, so that no document is parsed.

Values are escaped and cannot open or close anything. So a part is well-formed when each of its
blocks leaves the open elements as it found them, whichever blocks are taken and however often. And
it has no holes (a cell that ends without a paragraph, a table without rows), unless what would fill
them stands in a block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bti_docs.merge.engine.nodes import Block, Text, inner_blocks
from bti_docs.merge.word.xml import RANGE_ENDS, W

_TAG: Final = re.compile(
    r"<(?P<end>/?)(?P<name>[^\s<>/?!]+)[^<>]*?(?P<alone>/?)>|<\?.*?\?>|<!--.*?-->"
)
_VALUE: Final = "0"
_ENDS_IN: Final = frozenset({"w:p", "w:sdt"})
_STORIES: Final = frozenset(
    {"w:tc", "w:hdr", "w:ftr", "w:footnote", "w:endnote", "w:comment", "w:txbxContent"}
)
"""What must end in a paragraph."""
_FILLED_BY: Final = {"w:tbl": "w:tr", "w:tr": "w:tc"}
_NOT_CONTENT: Final = frozenset(name.replace(W, "w:") for name in RANGE_ENDS)


@dataclass(frozen=True, slots=True)
class Soundness:
    """What can become of a part."""

    well_formed: bool
    holes: frozenset[str]
    """The elements that some records would leave without what Word wants in them."""
    moves_columns: bool = False
    """Whether rows have more cells for one record than for another."""


@dataclass(slots=True)
class _Frame:
    """An element that is open."""

    name: str
    filled: bool


class _UnsoundError(Exception):
    """Something is closed that was not open, or a block leaves other elements open."""


def soundness(block: Block) -> Soundness:
    """What can become of the part."""
    reader = _Reader()
    try:
        reader.read(block, [])
    except _UnsoundError:
        return Soundness(well_formed=False, holes=frozenset())
    return Soundness(
        well_formed=True, holes=frozenset(reader.holes), moves_columns=reader.moves_columns
    )


class _Reader:
    def __init__(self) -> None:
        self.holes: set[str] = set()
        self.moves_columns = False

    def read(self, block: Block, stack: list[_Frame]) -> None:
        """Go through the block; *stack* is changed to what is open after it."""
        texts: list[str] = []
        for node in block:
            blocks = [inner for inner in inner_blocks(node) if inner]
            if not blocks:
                texts.append(node.xml if isinstance(node, Text) else _VALUE)
                continue
            xml = "".join(texts)
            texts = []
            if xml.rfind("<") > xml.rfind(">"):
                raise _UnsoundError  # a block within a tag
            self._apply(xml, stack)
            self._choose(blocks, stack)
        self._apply("".join(texts), stack)

    def _choose(self, blocks: list[Block], stack: list[_Frame]) -> None:
        """One of the blocks is written, or none: it may leave its holder unfilled, not fill it."""
        left_whole = True
        self.moves_columns |= bool(stack) and stack[-1].name == "w:tr"
        for inner in blocks:
            frames = [_Frame(frame.name, filled=True) for frame in stack]
            self.read(inner, frames)
            if [frame.name for frame in frames] != [frame.name for frame in stack]:
                raise _UnsoundError
            left_whole = left_whole and all(frame.filled for frame in frames)
        if stack and not left_whole:
            stack[-1].filled = False

    def _apply(self, xml: str, stack: list[_Frame]) -> None:
        if "<" in _TAG.sub("", xml):
            raise _UnsoundError
        for tag in _TAG.finditer(xml):
            name = tag["name"]
            if name is None:
                continue
            if not tag["end"]:
                stack.append(_Frame(name, filled=not _wants_filling(name)))
            elif not stack or stack[-1].name != name:
                raise _UnsoundError
            if tag["end"] or tag["alone"]:
                self._close(stack)

    def _close(self, stack: list[_Frame]) -> None:
        frame = stack.pop()
        if not frame.filled:
            self.holes.add(frame.name)
        if not stack or frame.name in _NOT_CONTENT:
            return
        holder = stack[-1]
        if holder.name in _STORIES:
            holder.filled = frame.name in _ENDS_IN
        elif holder.name == "w:sdtContent" or _FILLED_BY.get(holder.name) == frame.name:
            holder.filled = True


def _wants_filling(name: str) -> bool:
    return name in _STORIES or name in _FILLED_BY or name == "w:sdtContent"
