"""From Jinja's syntax tree of a part's XML to `Block`s, with controls and pictures in place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, cast

from jinja2 import nodes as jinja

from bti_docs.merge.engine.anchors import CONTROL, END, MARK, PICTURE, PROMPT, PROMPT_TEXT
from bti_docs.merge.engine.nodes import (
    Assign,
    Block,
    Choice,
    Control,
    Loop,
    Node,
    Once,
    Picture,
    Print,
    Prompt,
    Rich,
    Serial,
    Text,
)
from bti_docs.merge.engine.runtime import has_words
from bti_docs.merge.language.dialect import RICH

_PIECES: Final = re.compile(f"({MARK.pattern.replace('(', '(?:')}|{PROMPT_TEXT})")
_LAST_TAG: Final = re.compile(r"<(/?[^\s/>]+)")
_SIMPLE_FIELD: Final = "<w:fldSimple"
_INSTRUCTION: Final = "w:instrText"
_TEXTS: Final = frozenset({"w:t", _INSTRUCTION, "m:t"})
"""What holds text that tags are read in, and no run."""
_PARAGRAPH_IDS: Final = re.compile(r' w14:(?:paraId|textId)="[^"]*"')
_IDENTIFIERS: Final = re.compile(
    r'(?P<before><w:id w:val="|<wp:docPr\b[^>]*?\bid=")(?P<id>-?\d+)(?=")'
    r"|(?P<bookmark><w:bookmark(?:Start|End)\b[^>]*/>)"
)


class CrossingError(Exception):
    """A block begins inside a control and ends outside it, or the other way round."""


class ForgedError(Exception):
    """The normaliser's own filter, where the normaliser did not put it: no run can stand there."""


@dataclass(frozen=True, slots=True)
class _Mark:
    kind: str
    number: int
    repeated: bool


def build(tree: jinja.Template, run_properties: Sequence[str]) -> Block:
    """The part that *tree* describes.

    Args:
        tree: Jinja's reading of a normalised source, without refusals.
        run_properties: What the normaliser's `_rich` filter numbers.

    Raises:
        CrossingError: a block crosses the edge of a content control.
        ForgedError: an author has written the `_rich` filter where the normaliser would not.
    """
    return _Builder(run_properties).block(tree.body, repeated=False)


class _Builder:
    def __init__(self, run_properties: Sequence[str]) -> None:
        self._run_properties = run_properties
        self._in_text = False
        self._between_runs = False
        self._in_field = False

    def block(self, statements: Iterable[jinja.Node], *, repeated: bool) -> Block:
        items: list[Node | _Mark] = []
        for statement in statements:
            if isinstance(statement, jinja.Output):
                for node in statement.nodes:
                    items += self._output(node, repeated=repeated)
            else:
                items.append(self._statement(statement, repeated=repeated))
        return _folded(_joined(items))

    def _statement(self, node: jinja.Node, *, repeated: bool) -> Node:
        if isinstance(node, jinja.For):
            return Loop(
                cast("jinja.Name", node.target).name,
                cast("jinja.Expr", node.iter),
                cast("jinja.Expr | None", node.test),
                self.block(node.body, repeated=True),
                self.block(node.else_, repeated=repeated),
            )
        if isinstance(node, jinja.If):
            cases = [node, *node.elif_]
            return Choice(
                tuple(
                    (cast("jinja.Expr", case.test), self.block(case.body, repeated=repeated))
                    for case in cases
                ),
                self.block(node.else_, repeated=repeated),
            )
        if isinstance(node, jinja.Assign):
            return Assign(cast("jinja.Name", node.target).name, cast("jinja.Expr", node.node))
        raise TypeError(type(node).__name__)

    def _output(self, node: jinja.Node, *, repeated: bool) -> Iterator[Node | _Mark]:
        if isinstance(node, jinja.TemplateData):
            xml = node.data
            if "<" in xml or ">" in xml:
                in_tag = xml.rfind("<") > xml.rfind(">")
                last = "" if in_tag else "".join(_LAST_TAG.findall(xml)[-1:])
                self._in_text = last == "w:t"
                self._between_runs = not in_tag and last not in _TEXTS
                simple = in_tag and xml.startswith(_SIMPLE_FIELD, xml.rfind("<"))
                self._in_field = simple or last == _INSTRUCTION
            yield from _pieces(xml, repeated=repeated)
        elif isinstance(node, jinja.Filter) and node.name == RICH:
            yield Rich(cast("jinja.Expr", node.node), self._looks(node))
        else:
            yield Print(cast("jinja.Expr", node), self._in_text, self._in_field)

    def _looks(self, node: jinja.Filter) -> str:
        number = node.args[0].value if node.args and isinstance(node.args[0], jinja.Const) else None
        known = range(len(self._run_properties))
        if type(number) is not int or number not in known or not self._between_runs:
            raise ForgedError
        return self._run_properties[number]


def _pieces(xml: str, *, repeated: bool) -> Iterator[Node | _Mark]:
    for piece in _PIECES.split(xml):
        mark = MARK.fullmatch(piece)
        if mark is not None:
            yield _Mark(mark[1], int(mark[2]), repeated)
        elif piece == PROMPT_TEXT:
            yield Prompt()
        elif repeated:
            yield from _identified(piece)
        elif piece:
            yield Text(piece)


def _identified(xml: str) -> Iterator[Node]:
    """The text of a repeated block, in which rounds must not share identifiers.

    Word calls a file with shared identifiers damaged; paragraphs do without theirs.
    """
    plain = _PARAGRAPH_IDS.sub("", xml)
    end = 0
    for match in _IDENTIFIERS.finditer(plain):
        if match["bookmark"]:
            yield Text(plain[end : match.start()])
            yield Once(match["bookmark"])
        else:
            yield Text(plain[end : match.start()] + match["before"])
            yield Serial(match["id"])
        end = match.end()
    yield Text(plain[end:])


def _joined(items: Iterable[Node | _Mark]) -> Iterator[Node | _Mark]:
    """The items with neighbouring texts made one, and empty ones left out."""
    texts: list[str] = []
    for item in items:
        if isinstance(item, Text):
            texts.append(item.xml)
            continue
        if whole := "".join(texts):
            yield Text(whole)
        texts.clear()
        yield item
    if whole := "".join(texts):
        yield Text(whole)


def _folded(items: Iterable[Node | _Mark]) -> Block:
    """The items with what stands between two marks put into one node."""
    open_blocks: list[tuple[str, list[Node]]] = [("", [])]
    for item in items:
        if not isinstance(item, _Mark):
            open_blocks[-1][1].append(item)
        elif item.kind == PICTURE:
            open_blocks[-1][1].append(Picture(item.number, item.repeated))
        elif item.kind in {CONTROL, PROMPT}:
            open_blocks.append((item.kind, []))
        elif item.kind == END:
            if [kind for kind, _ in open_blocks[-2:]] != [CONTROL, PROMPT]:
                raise CrossingError
            prompt, body = open_blocks.pop()[1], open_blocks.pop()[1]
            open_blocks[-1][1].append(_control(tuple(body), tuple(prompt)))
    if len(open_blocks) != 1:
        raise CrossingError
    return tuple(open_blocks[0][1])


def _control(body: Block, prompt: Block) -> Control:
    always_says_something = any(isinstance(n, Text) and has_words(n.xml) for n in body)
    return Control(body, () if always_says_something else prompt)
