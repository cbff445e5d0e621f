"""One part of a template, ready to be written for any record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Final

from jinja2 import nodes as jinja

from bti_docs.errors import MergeError
from bti_docs.merge.engine.balance import soundness
from bti_docs.merge.engine.building import build
from bti_docs.merge.engine.expressions import DIALECTS
from bti_docs.merge.engine.generating import Writer, generate
from bti_docs.merge.engine.nodes import Block, Print, Text, inner_blocks
from bti_docs.merge.engine.packing import Blocks, Member, quick_member
from bti_docs.merge.engine.runtime import NotPlainError, State, TooManyPiecesError
from bti_docs.merge.language.dialect import Environment
from bti_docs.merge.language.values import prepare
from bti_docs.merge.word.lines import lines_to_paragraphs
from bti_docs.merge.word.parts import TextPart
from bti_docs.merge.word.structure import make_whole
from bti_docs.merge.word.trust_fields import leads_safely, unlink_fields
from bti_docs.merge.word.xml import parse, serialise

MAX_CHARACTERS: Final = 32 * 1024 * 1024
"""How much XML one part may become."""
_DECLARATION: Final = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_BEFORE_HOLES: Final[Mapping[str, tuple[str, ...]]] = {
    "w:tc": ("</w:tcPr>", "<w:tcPr/>", "<w:tc>", "</w:tbl>", '">', '"/>'),
    "w:tr": ("</w:trPr>", "<w:trPr/>", "<w:tr>", '">', '"/>'),
    "w:tbl": ("</w:tblGrid>", "<w:tblGrid/>", "</w:tblPr>", "<w:tblPr/>", "<w:tbl>", '"/>'),
    "w:sdtContent": ("<w:sdtContent>",),
    "w:txbxContent": ("<w:txbxContent>", "</w:tbl>", '"/>'),
    "w:hdr": ('">', "</w:tbl>", '"/>'),
    "w:ftr": ('">', "</w:tbl>", '"/>'),
    "w:footnote": ('">', "</w:tbl>", '"/>'),
    "w:endnote": ('">', "</w:tbl>", '"/>'),
    "w:comment": ('">', "</w:tbl>", '"/>'),
}
"""What stands before an element's end, in a serialised part, when blocks that were left out have
left a hole: its properties, its beginning, a table, or a bookmark's end."""
_LINK: Final = re.compile(r"<Relationship\b[^>]*\bTargetMode=\"External\"[^>]*>")
_TARGET: Final = re.compile(r'\bTarget="([^"]*)"')
_SURPRISES: Final = (LookupError, TypeError, NotPlainError, MergeError, TooManyPiecesError)


class UnsoundError(Exception):
    """A part whose blocks begin and end in different places of the XML."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part and the functions that write it."""

    part: TextPart
    plain: Writer
    """For records that may go in as they are."""
    escaping: Writer
    """For records that `prepare` has made."""
    explaining: Writer
    """For records that a quick one has stumbled over: it says where."""
    holes: tuple[str, ...]
    """What to look for in the text: signs of cells, tables or controls with nothing in them."""
    moves_columns: bool
    """Whether rows have more cells for one record than for another."""
    tells_fields: bool
    """Whether values stand in the instructions of Word's own fields."""
    blocks: Blocks | None

    def member(self, data: Mapping[str, object], state: State, *, plain: bool) -> Member:
        """The part for a record, packed.

        Args:
            data: The record; with *plain* as `is_plain` has seen it, else as `prepare` made it.
            state: Fresh, with the pictures and the prompt.
            plain: Whether the plain function will do.

        Raises:
            MergeError: See `Template.render`.
        """
        pieces = self._pieces(data, state, plain=plain)
        if sum(map(len, pieces)) > MAX_CHARACTERS:
            raise MergeError("output_too_large", part=self.part.label)
        text = "".join(pieces)
        if self.part.kind == "relationships" and not all(map(_is_safe, _LINK.findall(text))):
            raise MergeError("unsafe_link", part=self.part.label)
        if self.tells_fields and any(unlink_fields(parse(text.encode(), ""), leads_safely)):
            raise MergeError("unsafe_link", part=self.part.label)
        if self.moves_columns or state.broken_line or any(hole in text for hole in self.holes):
            return quick_member(self.part.name, _mended(text))
        if self.blocks is not None:
            return self.blocks.member(self.part.name, pieces, text.encode())
        return quick_member(self.part.name, text.encode())

    def _pieces(self, data: Mapping[str, object], state: State, *, plain: bool) -> list[str]:
        pieces: list[str] = []
        try:
            (self.plain if plain else self.escaping)(data, state, pieces)
        except _SURPRISES:
            return self._explained(prepare(data) if plain else data, state)
        return pieces

    def _explained(self, data: Mapping[str, object], state: State) -> list[str]:
        """The pieces once more, slowly: what was a surprise is a fault with a name, or none."""
        pieces: list[str] = []
        state.begin_again()
        try:
            self.explaining(data, state, pieces)
        except TypeError as error:
            raise MergeError("bad_comparison", part=self.part.label) from error
        except TooManyPiecesError as error:
            raise MergeError("output_too_large", part=self.part.label) from error
        return pieces


def make_part(
    part: TextPart,
    tree: jinja.Template,
    environment: Environment,
    run_properties: Sequence[str] = (),
    *,
    in_blocks: bool = False,
) -> Part | None:
    """The part that *tree* describes; None when it is the same in every document.

    Raises:
        UnsoundError: some documents of it would not be well-formed.
        CrossingError: a block crosses the edge of a content control.
        ForgedError: an author has written the normaliser's own filter.
    """
    block = (Text(_DECLARATION), *build(tree, run_properties))
    if all(isinstance(node, Text) for node in block):
        return None
    found = soundness(block)
    if not found.well_formed:
        raise UnsoundError
    plain, escaping, explaining = (
        generate(block, environment.filters, dialect) for dialect in DIALECTS
    )
    return Part(
        part,
        plain,
        escaping,
        explaining,
        tuple(_signs(found.holes)),
        found.moves_columns,
        _tells_fields(block),
        Blocks(_texts(block)) if in_blocks else None,
    )


def fixed_text(tree: jinja.Template) -> str:
    """The XML of a part for which `make_part` gives None."""
    return "".join(
        node.xml for node in (Text(_DECLARATION), *build(tree, ())) if isinstance(node, Text)
    )


def _signs(holes: Iterable[str]) -> Iterator[str]:
    for name in sorted(holes):
        yield from (f"{before}</{name}>" for before in _BEFORE_HOLES[name])


def _is_safe(link: str) -> bool:
    """Whether an outward relationship, made with a record's values, is a link one may follow."""
    target = _TARGET.search(link)
    return "/hyperlink" in link and target is not None and leads_safely(unescape(target[1]))


def _mended(text: str) -> bytes:
    """The part with what only shows in a whole tree put right."""
    root = parse(text.encode(), "")
    lines_to_paragraphs(root)
    make_whole(root)
    return serialise(root)


def _tells_fields(block: Block) -> bool:
    return any(
        (isinstance(node, Print) and node.in_field) or any(map(_tells_fields, inner_blocks(node)))
        for node in block
    )


def _texts(block: Block) -> Iterator[str]:
    for node in block:
        if isinstance(node, Text):
            yield node.xml
        else:
            for inner in inner_blocks(node):
                yield from _texts(inner)
