"""What the terminal, the JSON and the page show of a case: finished sentences, no decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bti_docs.core.events import Head


@dataclass(frozen=True, slots=True)
class BatonLine:
    """Who holds the relay baton, or is offered it."""

    holder: str
    title: str
    service: str
    phone: str
    since: date
    text: str
    """The whole sentence."""


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One answer to «may these services talk together»."""

    id: str
    ref: str | None
    outcome: str
    """given, partly, refused or withdrawn."""
    in_force: bool
    services: tuple[str, ...]
    service_labels: tuple[str, ...]
    scope: tuple[str, ...]
    scope_labels: tuple[str, ...]
    limits: tuple[str, ...]
    """Each limit and exclusion as a sentence."""
    purpose: str
    valid_from: date | None
    valid_to: date | None
    withdrawn_on: date | None
    by: tuple[str, ...]
    """Codes of the people who have answered."""
    by_text: str
    missing: tuple[str, ...]
    """Codes of the people who have not been heard and read."""
    ends_soon: bool
    text: str


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure as it stands."""

    id: str
    ref: str | None
    goal: str
    measure: str
    arena: str
    owner: str
    service: str
    start: str
    due: str
    due_text: str
    result: str
    evaluation: str
    evaluate_on: str
    evaluate_text: str
    """«Skal evalueres 3. mars 2027», blank when no day is set."""
    status: str
    status_text: str
    open: bool
    overdue: bool
    evaluate_now: bool
    """The day for evaluating has come, and nothing is said of how it went."""


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal with the measures towards it."""

    goal: str
    measures: tuple[MeasureLine, ...]


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting, planned or held."""

    date: str
    text: str
    """Day, time and place in one sentence."""
    type: str
    planned: bool
    participants: tuple[str, ...]
    ref: str | None


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a document, with the word for what it is."""

    path: str
    label: str


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document with where it has come."""

    ref: str
    shown_ref: str
    type: str
    title: str
    recipient: str
    day: date | None
    day_text: str
    state: str
    """A key: made, sent, waiting, signature, unread, unfinished, unapproved, unaccepted, ended …"""
    state_text: str
    waits: bool
    due: date | None
    due_text: str
    days_overdue: int
    overdue_text: str
    missing: tuple[str, ...]
    missing_text: str
    replaced: bool
    files: tuple[FileLine, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """Something somebody said or decided, with its day."""

    text: str
    day_text: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One event in plain words."""

    n: int
    at: datetime
    day: date
    day_text: str
    by: str
    by_text: str
    kind: str
    ref: str | None
    text: str
    details: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """Text and details as one paragraph."""
        return " ".join((self.text, *self.details))


@dataclass(frozen=True, slots=True)
class RelayLog:
    """The relay log of one case on one day, in one language."""

    case_id: str
    kind: str
    language: str
    on: date
    on_text: str
    names: bool
    child: str
    """Name and birth year where names are shown, else blank."""
    status: str
    """open or closed."""
    status_text: str
    level: str
    level_text: str
    log_text: str
    """Whether the log is shared with the services, as the family has said."""
    head: Head
    baton: BatonLine | None
    earlier_batons: tuple[BatonLine, ...]
    offered: BatonLine | None
    consents: tuple[ConsentLine, ...]
    """Those in force."""
    other_consents: tuple[ConsentLine, ...]
    """Refused, withdrawn, ended, or waiting for somebody."""
    unread: tuple[str, ...]
    """«kommet inn, ikke lest»: signed is not read."""
    goals: tuple[GoalLine, ...]
    ended_goals: tuple[GoalLine, ...]
    meetings: tuple[MeetingLine, ...]
    documents: tuple[DocumentLine, ...]
    replaced: tuple[DocumentLine, ...]
    outstanding: tuple[DocumentLine, ...]
    child_voice: tuple[Said, ...]
    decisions: tuple[Said, ...]
    timeline: tuple[TimelineEntry, ...]

    @property
    def measures(self) -> tuple[MeasureLine, ...]:
        """All measures, open ones first."""
        return tuple(m for goal in (*self.goals, *self.ended_goals) for m in goal.measures)
