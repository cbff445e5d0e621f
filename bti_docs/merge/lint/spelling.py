"""What a wrong word in a tag might have meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from bti_docs.merge.language.dialect import Environment, syntax_error
from bti_docs.merge.language.tags import SCOPES, Tag
from bti_docs.merge.lint.alone import CLOSING, WORDS, alone

_NORWEGIAN: Final = {
    "hvis": "if", "viss": "if", "dersom": "if", "ellers": "else", "elles": "else", "slutt": "endif",
    "elseif": "elif", "elsif": "elif", "end": "endif",
}  # fmt: skip
_OTHERS: Final = frozenset(
    {
        "raw", "endraw", "call", "endcall", "macro", "endmacro", "include", "import", "from",
        "extends", "block", "endblock", "filter", "endfilter", "with", "endwith", "endset",
        "autoescape", "endautoescape", "do", "trans", "endtrans", "pluralize", "break",
        "continue", "debug",
    }
)  # fmt: skip
"""Words of Jinja2's that a template may not use: whoever wrote one meant it."""
_OPERATORS: Final = (
    (re.compile(r"(?<![=!<>])=(?!=)"), "=="),
    (re.compile(r"\b(?:og|&&)\b|&&"), "and"),
    (re.compile(r"\beller\b|\|\|"), "or"),
    (re.compile(r"\b(?:ikke|ikkje)\b|!(?!=)"), "not "),
    (re.compile(r"\belse if\b"), "elif"),
    (re.compile(r"(?<=[\wæøå])\s*\)+$"), ""),
    (re.compile(r"(?<=[\wæøå]) (?=[\wæøå])"), "."),
)
"""Slips of those who write Norwegian or another programming language, most likely first."""


def nearest(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """The known name most like *name*, or nothing."""
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=cutoff) if name else []
    return near[0] if near else ""


def better_word(tag: Tag) -> str:
    """The tag with a first word that exists, or nothing."""
    body = _better(tag)
    return f"{{%{tag.scope} {body} %}}" if body else ""


def _better(tag: Tag) -> str:
    if tag.word in _OTHERS:
        return ""
    word = _NORWEGIAN.get(tag.word.lower()) or nearest(tag.word.lower(), WORDS)
    if not word:
        return ""
    return word if word in CLOSING else f"{word}{tag.body.removeprefix(tag.word)}"


def repaired(tag: Tag) -> Tag:
    """The tag as it was meant, so that one slip is not told again at every tag that needs it."""
    if tag.sign != "{%" or tag.word in WORDS:
        return tag
    scope, body = tag.scope, tag.body
    if not scope and tag.word in SCOPES:
        scope, body = tag.word, tag.body.removeprefix(tag.word).strip()
    moved = replace(tag, scope=scope, body=body)
    return moved if moved.word in WORDS else replace(moved, body=_better(moved) or moved.body)


def better_body(tag: Tag, environment: Environment) -> str:
    """The tag put right where one small change is enough, or nothing."""
    for body in _tries(tag):
        text = f"{{%{tag.scope} {body} %}}" if tag.sign == "{%" else f"{{{{{tag.scope} {body} }}}}"
        changed = replace(tag, body=body)
        if _is_whole(changed, environment):
            return text
    return ""


def _tries(tag: Tag) -> Iterator[str]:
    if tag.word in CLOSING:
        yield tag.word
        return
    for pattern, right in _OPERATORS:
        if pattern.search(tag.body):
            head, rest = _split(tag)
            yield " ".join(f"{head}{pattern.sub(right, rest)}".split())


def _split(tag: Tag) -> tuple[str, str]:
    """What is left alone, and what may be put right."""
    if tag.word and not tag.body.startswith("else if"):
        return f"{tag.word} ", tag.body.removeprefix(tag.word).strip()
    return "", tag.body


def _is_whole(tag: Tag, environment: Environment) -> bool:
    if tag.sign == "{%" and tag.word not in WORDS:
        return False
    if syntax_error(environment, alone(tag)) is not None:
        return False
    return not any(True for _ in environment.refusals(environment.parse(alone(tag))))
