"""What became of a file that came in."""

from __future__ import annotations

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
    """Each signer that is asked for, and whether a return shows ink."""
    pages: int


@dataclass(frozen=True, slots=True)
class InTray:
    """Something that waits for a person."""

    item: str
    file: str
    """The name it came with; shown to the person who put it there, never logged."""
    reasons: tuple[Reason, ...]
    guess_ref: str | None = None
    guess_case: str | None = None


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

    def __add__(self, other: Taken) -> Taken:
        """Both together."""
        return Taken(
            self.filed + other.filed,
            self.tray + other.tray,
            self.duplicates + other.duplicates,
            self.waiting + other.waiting,
            self.sheets + other.sheets,
        )
