"""What a running template calls: the little that is not in its generated function."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bti_docs.errors import MergeError
from bti_docs.merge.engine.rich import rich_runs
from bti_docs.merge.language.filters import Filter
from bti_docs.merge.language.values import Record, attribute_xml, printed, text_xml

_TAGS: Final = re.compile(r"^[^<>]*>|<[^>]*>|<[^>]*$")
_PICTURE_ID: Final = re.compile(r'(?<=<wp:docPr id=")\d+')
_FIRST_ID: Final = 1_000_000
MAX_ROUNDS: Final = 4_000_000
"""How often all loops of a part may go round together: a second or two, if they write nothing."""


@dataclass(slots=True)
class State:
    """What one rendering of one part knows beside its data."""

    pictures: Mapping[int, str]
    """Number → the picture's XML, or nothing where none is given."""
    prompt: str
    """What an empty control asks for, as XML."""
    broken_line: bool = False
    """Whether a value of several lines stands in a content control."""
    used: dict[str, None] = field(default_factory=dict)
    """Identifiers and once-only pieces that have been written, in order."""
    fresh: int = _FIRST_ID
    rounds: int = 0
    """How often loops have gone round."""

    def forget(self, mark: int) -> None:
        """Take back what was used since there were *mark* of them: it is not written after all."""
        while len(self.used) > mark:
            self.used.popitem()

    def begin_again(self) -> None:
        """Forget what was written."""
        self.used.clear()
        self.broken_line = False
        self.fresh = _FIRST_ID
        self.rounds = 0

    def counted(self, rows: list[object]) -> list[object]:
        """The rows that a loop is about to go through.

        Raises:
            TooManyPiecesError: loops in loops would go round beyond all measure.
        """
        self.rounds += len(rows)
        if self.rounds > MAX_ROUNDS:
            raise TooManyPiecesError
        return rows

    def serial(self, identifier: str) -> str:
        """The identifier, or another one when it is taken."""
        if identifier not in self.used:
            self.used[identifier] = None
            return identifier
        self.fresh += 1
        return str(self.fresh)

    def once(self, xml: str) -> str:
        """The XML the first time, then nothing."""
        if xml in self.used:
            return ""
        self.used[xml] = None
        return xml

    def picture(self, number: int) -> str:
        """The picture, with identifiers of its own."""
        return _PICTURE_ID.sub(lambda found: self.serial(found[0]), self.pictures[number])

    def lines(self, value: object, path: str) -> str:
        """As `text_xml`, for a value in a content control."""
        text = printed(value, path)
        if "\n" in text:
            self.broken_line = True
        return text_xml(text, path)


class NotPlainError(Exception):
    """The record is not of the kind that the plain function is made for."""


class TooManyPiecesError(Exception):
    """A part has grown, or its loops go round, beyond all measure."""


def has_words(xml: str) -> bool:
    """Whether a piece of XML, cut off anywhere, says anything between its tags."""
    return bool(_TAGS.sub("", xml).strip())


def is_blank(pieces: Sequence[str], start: int) -> bool:
    """Whether what was written from *start* on says nothing."""
    return not has_words("".join(pieces[start:]))


def rows_of(value: object) -> list[object]:
    """The list, in the plain function.

    Raises:
        NotPlainError: it is something else.
    """
    if type(value) is list:
        return value
    raise NotPlainError


def item_of(value: object, index: int | str) -> object:
    """One item of a list or object, in the plain function. Raises as `rows_of`, or LookupError."""
    if type(value) is list and isinstance(index, int):
        return value[index]
    if type(value) is dict:
        return value[index]
    raise NotPlainError


def shown(value: object, path: str) -> str:
    """A value that is no text, in the plain function. Raises as `printed`."""
    return printed(value, path)


def get(owner: object, key: str | int, path: str) -> object:
    """The value that *owner* has under *key*.

    Raises:
        MergeError: `missing_field`.
    """
    if isinstance(owner, Record):
        if key in owner:
            return owner[str(key)]
        path = f"{owner.path}.{key}" if owner.path else str(key)
    elif isinstance(owner, list) and isinstance(key, int) and -len(owner) <= key < len(owner):
        return owner[key]
    raise MergeError("missing_field", field=path)


def has(owner: object, keys: Sequence[str]) -> bool:
    """Whether the data has a value at the end of these keys."""
    for key in keys:
        if not isinstance(owner, dict) or key not in owner:
            return False
        owner = owner[key]
    return owner is not NOTHING


def need(value: object, path: str) -> object:
    """The value of a name that `set` may have given.

    Raises:
        MergeError: `missing_field` when it has not.
    """
    if value is NOTHING:
        raise MergeError("missing_field", field=path)
    return value


def each(value: object, path: str) -> list[object]:
    """The rows to go through.

    Raises:
        MergeError: `not_a_list`.
    """
    if not isinstance(value, list):
        raise MergeError("not_a_list", field=path)
    return value


def length(value: object, path: str) -> int:
    """How many rows, keys or characters. Raises as `each`."""
    if isinstance(value, str | list | dict):
        return len(value)
    raise MergeError("not_a_list", field=path)


def naming(function: Filter) -> Callable[[object, str], str]:
    """*function*, with errors that name the field."""

    def call(value: object, path: str) -> str:
        try:
            return function(value)
        except MergeError as error:
            raise MergeError(error.code, **{**error.params, "field": path}) from error

    return call


def too_large() -> None:
    """Stop a part that grows beyond all measure.

    Raises:
        TooManyPiecesError: always.
    """
    raise TooManyPiecesError


NOTHING: Final = object()
"""The value of a name before `set` has given it one."""

FUNCTIONS: Final[Mapping[str, object]] = {
    "attribute_xml": attribute_xml,
    "each": each,
    "get": get,
    "has": has,
    "has_words": has_words,
    "is_blank": is_blank,
    "item_of": item_of,
    "length": length,
    "need": need,
    "NOTHING": NOTHING,
    "rich_runs": rich_runs,
    "rows_of": rows_of,
    "shown": shown,
    "text_xml": text_xml,
    "too_large": too_large,
}
"""What generated code may name, apart from Python's own `len` and `enumerate`."""
