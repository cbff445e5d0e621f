"""Everything that can go wrong, in one tree: codes and parameters, never sentences or names.

The sentences stand in `bti_docs.messages`, one catalogue a language. An error carries no personal
data: only references, codes, counts and places. Expected outcomes (an unreadable page, a foreign
paper, a missing signature) are values and do not come through here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol


class ProblemLike(Protocol):
    """What an `InputError` carries: see `bti_docs.core.problems.Problem`."""

    @property
    def code(self) -> str:
        """The problem's code in the message catalogues."""


class BtiError(Exception):
    """The root. `code` finds the sentence, `params` fill it, `exit_code` ends the command."""

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class UsageError(BtiError):
    """The command was given words that do not go together."""

    exit_code = 2
    http_status = 400


class ConfigError(BtiError):
    """config.toml, the profile or the folders are not right."""

    exit_code = 3


class InputError(BtiError):
    """What a person handed in has problems: all of them, each with its place."""

    exit_code = 4
    http_status = 422

    def __init__(
        self, code: str, problems: Sequence[ProblemLike] = (), **params: str | int
    ) -> None:
        super().__init__(code, **params)
        self.problems = tuple(problems)


class MergeError(BtiError):
    """A template and its values do not fit, or the result is not whole."""

    exit_code = 5


class RecogniseError(BtiError):
    """A reading library failed. An unreadable page is a value, not this."""

    exit_code = 6


class ArchiveError(BtiError):
    """The archive could not be read or written."""

    exit_code = 7


class Conflict(ArchiveError):  # noqa: N818  (the field's word: somebody else wrote first)
    """The chain has grown since it was read: read again and decide again."""

    http_status = 409


class IntegrityError(BtiError):
    """A hash or a chain is broken: stop all writing."""

    exit_code = 8


class Busy(BtiError):  # noqa: N818  (says what it is)
    """Somebody else holds what is needed; try again in a moment."""

    exit_code = 10
    http_status = 503
