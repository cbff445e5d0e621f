"""A tag taken out of its template, so that it can be judged without its neighbours."""

from __future__ import annotations

from typing import Final

from bti_docs.merge.language.tags import SCOPES, Tag
from bti_docs.merge.word.xml import Element

OPENING: Final = frozenset({"for", "if"})
MIDDLE: Final = frozenset({"elif", "else"})
CLOSING: Final = {"endfor": "for", "endif": "if"}
CELL: Final = frozenset({"colspan", "cellbg", "vm", "hm"})
"""What merges or colours the table cell that it stands in."""
WORDS: Final = OPENING | MIDDLE | frozenset(CLOSING) | CELL | {"set"}
"""The words that a `{% %}` tag may begin with."""
_EMPTY: Final = "''"
"""Stands where a neighbour's expression would: it names no field."""


def alone(tag: Tag) -> str:
    """The tag as a whole template."""
    if tag.sign == "{{":
        return f"{{{{ {tag.body} }}}}"
    if tag.word in CELL:
        value = tag.body.removeprefix(tag.word).strip()
        return f"{{{{ {value} }}}}" if value else ""
    if tag.word in OPENING:
        return f"{{% {tag.body} %}}{{% end{tag.word} %}}"
    if tag.word in MIDDLE:
        return f"{{% if {_EMPTY} %}}{{% {tag.body} %}}{{% endif %}}"
    if tag.word in CLOSING:
        start = f"for x in {_EMPTY}" if tag.word == "endfor" else f"if {_EMPTY}"
        return f"{{% {start} %}}{{% {tag.body} %}}"
    return f"{{% {tag.body} %}}"


def unit(tag: Tag) -> Element | None:
    """What the tag takes with it: its paragraph, row, cell or run; None outside such a one."""
    if tag.scope in {"", "p", "r"}:
        return tag.paragraph
    return next(tag.paragraph.iterancestors(SCOPES[tag.scope]), None)
