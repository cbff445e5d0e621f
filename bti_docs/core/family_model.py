"""One named person's copy of the case, as finished sentences and a list of papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bti_docs.core.model import DocumentFile
from bti_docs.core.profile import Municipality
from bti_docs.core.relay_model import BatonLine, ConsentLine, GoalLine, MeetingLine, Said


@dataclass(frozen=True, slots=True)
class Paper:
    """A document in the copy: its own number, and the files that count."""

    number: int
    ref: str
    shown_ref: str
    type: str
    title: str
    day: date | None
    day_text: str
    state_text: str
    replaced: bool
    files: tuple[DocumentFile, ...]
    """What came back, one file a return; what was issued when nothing has come back."""
    readable: tuple[DocumentFile, ...]
    """Where the text of each is best read: the Word file that came with it, if there is one."""
    printed: DocumentFile | None
    """The paper as it was issued: its text is read when the return is a picture of it."""
    by_hand: bool
    """A form to be written on: its empty lines are what it asks."""


@dataclass(frozen=True, slots=True)
class Held:
    """Something that is held back, and may be told of."""

    title: str
    day_text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the copy's own timeline. No event number: gaps would tell."""

    day_text: str
    text: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FamilyCopy:
    """What one named person gets."""

    case_id: str
    language: str
    person: str
    reader: str
    """The person's name."""
    child: str
    """Given name."""
    youth: bool
    """Whether the reader is the person whom the case is about."""
    on_text: str
    since_text: str
    """«» for the whole case."""
    head_hash: str
    """The hash alone: a count would tell of what is not here."""
    municipality: Municipality
    unit: str
    unit_phone: str
    level_text: str
    closed_text: str
    baton: BatonLine | None
    decisions: tuple[Said, ...]
    goals: tuple[GoalLine, ...]
    ended_goals: tuple[GoalLine, ...]
    next_meetings: tuple[MeetingLine, ...]
    consents: tuple[ConsentLine, ...]
    waiting: tuple[str, ...]
    """What is waited for: an answer of the reader's, a form that nobody has read yet."""
    child_voice: tuple[Said, ...]
    timeline: tuple[Moment, ...]
    papers: tuple[Paper, ...]
    held: tuple[Held, ...]
    complaint: str
    word_list: tuple[tuple[str, str], ...]
    urgent: tuple[tuple[str, str], ...]
    """Telephone and what it is for."""
