"""Every `for` and `if` has its end: of the same kind, in the same place, none across another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bti_docs.merge.language.tags import Tag
from bti_docs.merge.lint.alone import CLOSING, MIDDLE, OPENING, unit
from bti_docs.merge.word.findings import Finding
from bti_docs.merge.word.xml import Element


class Blocks:
    """The blocks of one part, followed from tag to tag."""

    def __init__(self) -> None:
        self.shared: list[Element] = []
        """Paragraphs and rows in which a block both begins and ends, and so disappears."""
        self._open: list[Tag] = []
        self._ended: set[int] = set()
        """The open tags that have had their `else`."""

    def findings(self, tags: Iterable[Tag]) -> Iterator[Finding]:
        """What is wrong with how the tags belong together."""
        for tag in tags:
            if tag.word in OPENING:
                self._open.append(tag)
            elif tag.word in MIDDLE:
                yield from self._middle(tag)
            elif tag.word in CLOSING:
                yield from self._close(tag)
        for tag in self._open:
            suggestion = f"{{%{tag.scope} end{tag.word} %}}"
            yield Finding("tpl_start_without_end", "error", tag.place, _of(tag), suggestion)

    def _middle(self, tag: Tag) -> Iterator[Finding]:
        start = self._open[-1] if self._open else None
        misplaced = start is None or (start.word == "for" and tag.word == "elif")
        if start is None or misplaced or id(start) in self._ended:
            yield Finding("tpl_end_without_start", "error", tag.place, _of(tag))
            return
        if tag.word == "else":
            self._ended.add(id(start))
        yield from self._pair(start, tag)

    def _close(self, tag: Tag) -> Iterator[Finding]:
        wanted = CLOSING[tag.word]
        at = next((n for n in reversed(range(len(self._open))) if self._open[n].word == wanted), -1)
        if at < 0:
            yield Finding("tpl_end_without_start", "error", tag.place, _of(tag))
            return
        if at < len(self._open) - 1:
            inner = self._open[-1]
            suggestion = f"{{%{inner.scope} end{inner.word} %}}"
            params = {"tag": tag.text, "open": inner.text}
            yield Finding("tpl_blocks_crossed", "error", tag.place, params, suggestion)
        else:
            yield from self._pair(self._open[at], tag)
        del self._open[at]

    def _pair(self, start: Tag, other: Tag) -> Iterator[Finding]:
        first, second = unit(start), unit(other)
        if start.scope != other.scope:
            suggestion = f"{{%{start.scope} {other.body} %}}"
            params = {"tag": other.text, "start": start.text}
            yield Finding("tpl_tag_kinds_differ", "error", other.place, params, suggestion)
        elif start.scope in {"p", "tr"} and first is not None and first is second:
            self.shared.append(first)
            params = {"tag": start.text, "end": other.text}
            code = "tpl_same_row" if start.scope == "tr" else "tpl_same_paragraph"
            yield Finding(code, "error", start.place, params)
        elif _holder(start, first) is not _holder(other, second) and not _joined(start, other):
            suggestion = f"{{%p {start.body} %}}" if not start.scope else ""
            params = {"tag": start.text, "end": other.text}
            yield Finding("tpl_block_crosses", "error", start.place, params, suggestion)


def _holder(tag: Tag, taken: Element | None) -> Element | None:
    """What a block must begin and end in: a paragraph, or what holds the paragraphs or rows."""
    if tag.scope in {"", "r"} or taken is None:
        return taken
    return taken.getparent()


def _of(tag: Tag) -> dict[str, str]:
    return {"tag": tag.text}


def _joined(start: Tag, other: Tag) -> bool:
    """Whether dashes join the tags' paragraphs into one before the block is written."""
    return start.dash and other.dash
