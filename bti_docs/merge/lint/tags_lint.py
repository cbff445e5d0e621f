"""What is wrong with a template's tags, said with the paragraph where it is."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Final

from bti_docs.merge.language.dialect import Environment, syntax_error
from bti_docs.merge.language.tags import SCOPES, Paragraph, Tag
from bti_docs.merge.word.findings import Finding
from bti_docs.merge.word.xml import Element

_OPENING: Final = frozenset({"for", "if"})
_MIDDLE: Final = frozenset({"elif", "else"})
_CLOSING: Final = {"endfor": "for", "endif": "if"}


def tag_findings(paragraphs: Iterable[Paragraph], environment: Environment) -> Iterator[Finding]:
    """Everything that is wrong with the tags of one part."""
    tags: list[Tag] = []
    for paragraph in paragraphs:
        tags += [tag for tag in paragraph.tags if tag.sign == "{%"]
        if paragraph.loose:
            params = {"sign": paragraph.loose}
            yield Finding("tpl_tag_unclosed", "error", paragraph.place, params)
        for tag in paragraph.tags:
            yield from _tag_findings(tag, environment)
        yield from _lost_text(paragraph)
    yield from _blocks(tags)


def _tag_findings(tag: Tag, environment: Environment) -> Iterator[Finding]:
    if tag.sign == "{#":
        return
    params = {"tag": tag.text}
    if tag.dash:
        yield Finding("tpl_dash_tag", "error", tag.place, params, tag.text)
    if tag.sign == "{{" and tag.scope:
        yield Finding("tpl_rich_tag", "error", tag.place, params, f"{{{{ {tag.body} }}}}")
    if tag.sign == "{%" and tag.word not in _OPENING | _MIDDLE | frozenset(_CLOSING):
        yield Finding("tpl_forbidden", "error", tag.place, {"construct": tag.word})
        return
    error = syntax_error(environment, _alone(tag))
    if error is not None:
        yield Finding("tpl_syntax", "error", tag.place, params)
        return
    for code, values in environment.refusals(environment.parse(_alone(tag))):
        suggestion = _nearest(values.get("filter", ""), environment)
        yield Finding(code, "error", tag.place, values, suggestion)


def _alone(tag: Tag) -> str:
    """The tag as a whole template, so that it can be judged without its neighbours."""
    if tag.sign == "{{":
        return f"{{{{ {tag.body} }}}}"
    if tag.word in _OPENING:
        return f"{{% {tag.body} %}}{{% end{tag.word} %}}"
    if tag.word in _MIDDLE:
        return f"{{% if x %}}{{% {tag.body} %}}{{% endif %}}"
    start = "for x in y" if tag.word == "endfor" else "if x"
    return f"{{% {start} %}}{{% {tag.body} %}}"


def _nearest(name: str, environment: Environment) -> str:
    near = difflib.get_close_matches(name, sorted(environment.author_filters()), n=1)
    return near[0] if near else ""


def _lost_text(paragraph: Paragraph) -> Iterator[Finding]:
    """A `p` or `tr` tag takes its whole paragraph or row with it, and what else stands there."""
    scoped = [tag for tag in paragraph.tags if tag.scope in {"p", "tr", "tc"}]
    if not scoped:
        return
    scope = scoped[0].scope
    text = paragraph.rest.strip()
    if scope != "p":
        container = next(paragraph.element.iterancestors(SCOPES[scope]), None)
        if container is None:
            params = {"tag": scoped[0].text, "scope": scope}
            yield Finding("tpl_scope_outside", "error", paragraph.place, params)
            return
        text = _other_text(container, scoped[0])
    if text or len(paragraph.tags) > 1:
        params = {"tag": scoped[0].text, "scope": scope}
        yield Finding("tpl_text_beside_tag", "error", paragraph.place, params)


def _other_text(container: Element, tag: Tag) -> str:
    own = "".join(str(t) for t in tag.paragraph.itertext()).strip()
    whole = "".join(str(t) for t in container.itertext()).strip()
    return "" if whole == own and own.startswith(tag.sign) and own.count(tag.sign) == 1 else whole


def _blocks(tags: list[Tag]) -> Iterator[Finding]:
    """Every `for` and `if` has its end, of the same kind and in the same place of the document."""
    waiting: list[Tag] = []
    for tag in tags:
        if tag.word in _OPENING:
            waiting.append(tag)
        elif tag.word in _MIDDLE and waiting:
            yield from _pair(waiting[-1], tag)
        elif tag.word in _CLOSING:
            if not waiting or waiting[-1].word != _CLOSING[tag.word]:
                yield Finding("tpl_end_without_start", "error", tag.place, {"tag": tag.text})
                return
            yield from _pair(waiting.pop(), tag)
        elif tag.word in _MIDDLE:
            yield Finding("tpl_end_without_start", "error", tag.place, {"tag": tag.text})
    for tag in waiting:
        suggestion = f"{{%{tag.scope} end{tag.word} %}}"
        yield Finding("tpl_start_without_end", "error", tag.place, {"tag": tag.text}, suggestion)


def _pair(start: Tag, other: Tag) -> Iterator[Finding]:
    if start.scope != other.scope:
        suggestion = f"{{%{start.scope} {other.body} %}}"
        params = {"tag": other.text, "start": start.text}
        yield Finding("tpl_tag_kinds_differ", "error", other.place, params, suggestion)
    elif _container(start) is not _container(other):
        suggestion = f"{{%p {start.body} %}}" if not start.scope else ""
        params = {"tag": start.text, "end": other.text}
        yield Finding("tpl_block_crosses", "error", start.place, params, suggestion)


def _container(tag: Tag) -> Element | None:
    """What a block must begin and end in: a paragraph, or what holds the paragraphs or rows."""
    if tag.scope in {"", "r"}:
        return tag.paragraph
    element = (
        tag.paragraph
        if tag.scope == "p"
        else next(tag.paragraph.iterancestors(SCOPES[tag.scope]), None)
    )
    return None if element is None else element.getparent()
