"""What became of a file that came in."""

from __future__ import annotations

import os
from dataclasses import dataclass

from bti_docs.core.filing import Reason


@dataclass(frozen=True, slots=True)
class Filed:
    """A return that was filed by itself, or by a person from the tray."""

    ref: str
    case_id: str
    type: str
    document: str
    """Path relative to the archive."""
    signed: bool
    signatures: tuple[tuple[str, bool], ...]
    """Each signer that is asked for, and whether a return shows ink, or somebody answers for it."""
    pages: int
    unread: tuple[str, ...] = ()
    """What a Word file says and the program could not read, as people call it."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Codes of those whose signature is still asked for."""
        return tuple(code for code, seen in self.signatures if not seen)


@dataclass(frozen=True, slots=True)
class InTray:
    """Something that waits for a person."""

    item: str
    file: str
    """The name it came with; shown to the person who put it there, never logged."""
    reasons: tuple[Reason, ...]
    guess_ref: str | None = None
    guess_case: str | None = None
    seen: tuple[str, ...] = ()
    """Codes of the signers of the guessed document whose ink is seen."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file, or of several."""

    filed: tuple[Filed, ...] = ()
    tray: tuple[InTray, ...] = ()
    duplicates: tuple[str, ...] = ()
    """Names of files, or references of documents, that said nothing new."""
    waiting: tuple[tuple[str, str], ...] = ()
    """Files that are not whole yet: name, and why as a code."""
    sheets: int = 0
    """Pages that say something: blank backs do not count."""
    completed: tuple[str, ...] = ()
    """Items of the tray that waited for these papers, and do not any more."""

    def __add__(self, other: Taken) -> Taken:
        """Both together, *other* after this: what it completed does not wait any more."""
        return Taken(
            self.filed + other.filed,
            tuple(one for one in self.tray if one.item not in other.completed) + other.tray,
            self.duplicates + other.duplicates,
            self.waiting + other.waiting,
            self.sheets + other.sheets,
            self.completed + other.completed,
        )


def shown_name(name: str) -> str:
    """A file's name as text that can be stored and printed, also when it is not UTF-8."""
    return os.fsencode(name).decode("utf-8", "replace")
