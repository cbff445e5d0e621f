"""What is wrong with a template's tags, each said where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from bti_docs.merge.language.dialect import Environment, syntax_error
from bti_docs.merge.language.tags import SCOPES, Paragraph, Tag
from bti_docs.merge.lint.alone import CELL, WORDS, alone
from bti_docs.merge.lint.blocks_lint import Blocks
from bti_docs.merge.lint.lost_lint import lost_findings
from bti_docs.merge.lint.spelling import better_body, better_word, nearest, repaired
from bti_docs.merge.word.findings import Finding
from bti_docs.merge.word.text import shortened
from bti_docs.merge.word.xml import W

_FEW: Final = 3
"""Over how many paragraphs a tag is taken to be one tag that was broken."""
_CLOSING_SIGNS: Final = frozenset({"}}", "%}", "#}"})
_SINGLE: Final = re.compile(r"(?<![{%#])\{\s?([a-zæøå_]\w*(?:\.[a-zæøå_]\w*)*)\s?\}(?!\})")


def tag_findings(paragraphs: Iterable[Paragraph], environment: Environment) -> Iterator[Finding]:
    """Everything that is wrong with the tags of one part."""
    whole = list(paragraphs)
    tags = [tag for one in whole for tag in one.tags]
    blocks = Blocks()
    found = list(blocks.findings(repaired(tag) for tag in tags if tag.sign == "{%"))
    for tag in tags:
        found += _of_tag(tag, environment)
    found += _loose(whole)
    found += lost_findings(whole, blocks.shared)
    yield from sorted(found, key=lambda one: one.place.paragraph or 0)


def _of_tag(tag: Tag, environment: Environment) -> Iterator[Finding]:
    if tag.sign == "{#":
        return
    params = {"tag": tag.text}
    if tag.dash:
        yield Finding("tpl_dash_tag", "warning", tag.place, params, tag.text)
    if tag.sign == "{{" and tag.scope not in {"", "r"}:
        yield Finding("tpl_rich_tag", "error", tag.place, params, f"{{{{ {tag.body} }}}}")
    if tag.sign == "{%" and tag.word not in WORDS:
        yield _unknown_word(tag)
        return
    if tag.word in CELL and next(tag.paragraph.iterancestors(W + "tc"), None) is None:
        yield Finding("tpl_cell_tag_outside", "error", tag.place, params)
    if syntax_error(environment, alone(tag)) is not None:
        suggestion = better_body(tag, environment)
        yield Finding("tpl_syntax", "error", tag.place, params, suggestion)
        return
    yield from _refused(tag, environment)


def _refused(tag: Tag, environment: Environment) -> Iterator[Finding]:
    for code, values in environment.refusals(environment.parse(alone(tag))):
        yield Finding(code, "error", tag.place, values, _better_filter(tag, values, environment))


def _better_filter(tag: Tag, values: Mapping[str, str], environment: Environment) -> str:
    """The tag with the filter that is most like the one it names."""
    name = values.get("filter", "")
    near = nearest(name, environment.author_filters())
    return re.sub(rf"\|\s*{re.escape(name)}\b", f"|{near}", tag.text) if near else ""


def _unknown_word(tag: Tag) -> Finding:
    if tag.word in SCOPES and not tag.scope:
        body = tag.body.removeprefix(tag.word).strip()
        suggestion = f"{{%{tag.word} {body} %}}"
        return Finding("tpl_space_in_sign", "error", tag.place, {"tag": tag.text}, suggestion)
    return Finding("tpl_forbidden", "error", tag.place, {"construct": tag.word}, better_word(tag))


def _loose(paragraphs: Sequence[Paragraph]) -> Iterator[Finding]:
    """Signs that belong to no tag, and words that somebody meant for one."""
    joined = -1
    for number, paragraph in enumerate(paragraphs):
        if paragraph.loose and number > joined:
            joined = _end_of_broken(paragraphs, number)
            yield _unclosed(paragraphs[number : joined + 1])
        single = _SINGLE.search(paragraph.rest)
        if single is not None:
            params, tag = {"text": single[0]}, f"{{{{ {single[1]} }}}}"
            yield Finding("tpl_looks_like_tag", "warning", paragraph.place, params, tag)


def _end_of_broken(paragraphs: Sequence[Paragraph], number: int) -> int:
    """Where a tag ends that was begun in paragraph *number*: there, or in one of the next few."""
    if paragraphs[number].loose in _CLOSING_SIGNS:
        return number
    for after in range(number + 1, min(number + _FEW + 1, len(paragraphs))):
        if paragraphs[after].loose:
            return after if paragraphs[after].loose in _CLOSING_SIGNS else number
    return number


def _unclosed(paragraphs: Sequence[Paragraph]) -> Finding:
    first = paragraphs[0]
    if len(paragraphs) == 1:
        return Finding("tpl_tag_unclosed", "error", first.place, {"sign": first.loose})
    text = " ".join(one.text for one in paragraphs)
    broken = " ".join(text[text.find(first.loose) :].split())
    params = {"tag": shortened(broken)}
    return Finding("tpl_tag_over_paragraphs", "error", first.place, params)
