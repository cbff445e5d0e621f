"""Where tags stand in a text, and what they say once Word's typing habits are taken out of them.

The notation is docxtpl's: Jinja2's three kinds of tags, with `p`, `tr`, `tc` or `r` written close
to the opening sign when the tag stands for its whole paragraph, row, cell or run. A tag ends at
its own closing sign outside quotes, as in Jinja2; it never holds another opening sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_LONGEST: Final = 1_000
"""Characters in a quoted text; what goes on for longer was never closed."""
_CLOSING: Final = {"{{": "}}", "{%": "%}", "{#": "#}"}
_LITERALS: Final = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}
_OPENING: Final = re.compile(r"\{\{|\{%|\{#|\{_\{|\}_\}|\{_%|%_\}")
_SCOPE: Final = re.compile(r"(?:tr|tc|p|r)(?=\s)")
_DOUBLE: Final = '"“”„«»'
_SINGLE: Final = "'‘’‚‛"
_NEXT: Final = re.compile(
    rf"(?P<end>[-+]?(?:%\}}|\}}\}}))|(?P<opening>\{{\{{|\{{%|\{{#)|[{_DOUBLE}{_SINGLE}]"
)
_PLAIN: Final = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f", " "),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"),
        **dict.fromkeys(_DOUBLE, '"'),
        **dict.fromkeys(_SINGLE, "'"),
    }
)
"""Spaces, invisible characters and quotes that Word puts in the place of plain ones."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One tag: `{%tr for t in tiltak %}` opens with `{%`, has scope `tr`, body `for t in tiltak`.

    A literal sign, `{_{` for two braces on paper, has no opening; its body is what is printed.
    """

    start: int
    end: int
    """From where to where it stands in the text, counted in characters."""
    opening: str
    scope: str
    body: str
    joins_before: bool
    """Whether it has a dash at its beginning: `{%-`."""
    joins_after: bool
    """Whether it has a dash at its end: `-%}`."""

    @property
    def word(self) -> str:
        """Its first word: `for`, `endif`; the empty text for a value or a comment."""
        words = self.body.split(maxsplit=1)
        return words[0] if self.opening == "{%" and words else ""

    @property
    def source(self) -> str:
        """The tag as Jinja2 reads it: without scope and dashes; a comment is nothing."""
        if not self.opening:
            return f"{{% raw %}}{self.body}{{% endraw %}}"
        if self.opening == "{#":
            return ""
        return f"{self.opening} {self.body} {_CLOSING[self.opening]}"

    @property
    def text(self) -> str:
        """The tag as a person would write it."""
        if not self.opening:
            return f"{self.body[0]}_{self.body[1]}"
        before, after = "-" * self.joins_before, "-" * self.joins_after
        return f"{self.opening}{before}{self.scope} {self.body} {after}{_CLOSING[self.opening]}"


def scan(text: str) -> Iterator[Sign]:
    """The text's tags in order. What opens and never closes is no tag. Takes linear time."""
    last_comment_end = text.rfind("#}")
    at = 0
    while (opening := _OPENING.search(text, at)) is not None:
        sign = _sign(text, opening, last_comment_end)
        at = opening.end() if sign is None else sign.end
        if sign is not None:
            yield sign


def _sign(text: str, opening: re.Match[str], last_comment_end: int) -> Sign | None:
    kind, start, inside = opening[0], opening.start(), opening.end()
    if kind in _LITERALS:
        return Sign(start, inside, "", "", _LITERALS[kind], joins_before=False, joins_after=False)
    if kind != "{#":
        found = _body(text, inside, _CLOSING[kind])
        return None if found is None else _made(kind, start, *found)
    if last_comment_end < inside:
        return None
    end = text.index("#}", inside)
    return _made(kind, start, text[inside:end], end + 2)


def _made(kind: str, start: int, inner: str, end: int) -> Sign:
    before = inner.startswith(("-", "+"))
    after = inner.endswith(("-", "+")) and len(inner) > 1
    plain = inner[before : len(inner) - after]
    scope = _SCOPE.match(plain)
    body = plain[scope.end() :].strip() if scope else plain.strip()
    if not body:  # `{{p }}`: a field of that name
        scope, body = None, plain.strip()
    joins = {"joins_before": inner.startswith("-"), "joins_after": after and inner[-1] == "-"}
    return Sign(start, end, kind, scope[0] if scope else "", body, **joins)


def _body(text: str, at: int, closing: str) -> tuple[str, int] | None:
    """What the tag says, plainly typed, and where it ends; None when it does not close."""
    pieces: list[str] = []
    done = at
    while (found := _NEXT.search(text, at)) is not None:
        if found["opening"] or (found["end"] and not found["end"].endswith(closing)):
            return None
        if found["end"]:
            pieces.append(text[done : found.end() - 2].translate(_PLAIN))
            return "".join(pieces), found.end()
        quoted = _STRINGS[found[0]].match(text, found.start(), found.start() + _LONGEST)
        at = found.end()
        if quoted is not None:
            pieces += [text[done : found.start()].translate(_PLAIN), _requoted(quoted)]
            at = done = quoted.end()
    return None


def _requoted(quoted: re.Match[str]) -> str:
    """A quoted text between plain quotes; within them it stays as typed."""
    quote = '"' if quoted[0][0] in _DOUBLE else "'"
    content = next(group for group in quoted.groups() if group is not None)
    return f"{quote}{content}{quote}"


def _string(quote: str, others: str) -> re.Pattern[str]:
    """A text that opens with a plain quote: closed by one, else by a typographic one.

    Only when neither closes it within the tag may it hold a closing sign, as in Jinja2.
    """
    end, start = r"(?!%\}|\}\})", r"(?!\{\{|\{%)"
    return re.compile(
        rf"{quote}(?:((?:\\.|{end}[^{quote}\\])*){quote}"
        rf"|((?:\\.|{end}[^{quote}{others}\\])*)[{others}]"
        rf"|((?:\\.|{start}[^{quote}\\])*){quote})",
        re.DOTALL,
    )


def _typographic(quotes: str, plain: str) -> re.Pattern[str]:
    closing = quotes + plain
    return re.compile(rf"[{quotes}]((?:(?!%\}}|\}}\}})[^{closing}])*)[{closing}]", re.DOTALL)


_STRINGS: Final = {
    '"': _string('"', "“”„«»"),
    "'": _string("'", "‘’‚‛"),
    **dict.fromkeys("“”„", _typographic("“”„", '"')),
    **dict.fromkeys("«»", _typographic("«»", '"')),
    **dict.fromkeys("‘’‚‛", _typographic("‘’‚‛", "'")),
}
