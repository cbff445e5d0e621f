"""The nouns of a case as the fold of its events gives them. Frozen, without behaviour that decides.

Nothing here is stored: it is what the archive's events say when read from the first to the last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bti_docs.core.events import EMPTY, ChainId, Head, Json
from bti_docs.core.paper import Place
from bti_docs.core.records import CaseRecord, Person


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """One file of a document, as it lies in the case folder."""

    path: str
    media: str
    role: str
    """issued, received, cut, preservation or reading."""
    n: int
    """The event that brought it."""
    sha256: str
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """One reference and all that has happened to it."""

    ref: str
    type: str
    language: str = "nb"
    recipient: str | None = None
    """A person's code in the case; None: the document has no one recipient."""
    set: str = ""
    """What the papers of one row have in common."""
    batch: str = ""
    audience: str = "family"
    settles: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    """All who must sign the papers of its set, when they are more than this one's signers."""
    pages: int = 0
    by_hand: bool = False
    """Meant to be written on, so ink outside the signature lines says nothing."""
    issued_on: date | None = None
    issued_n: int = 0
    due: date | None = None
    sent_on: date | None = None
    sent_how: str = ""
    signed_by: frozenset[str] = frozenset()
    heard: frozenset[str] = frozenset()
    """Signers of a consent who have said yes aloud instead, while others are still to answer."""
    done: frozenset[str] = frozenset()
    """Steps that are done, besides what `signed_by` shows."""
    returned_on: date | None = None
    settled_how: str = ""
    settled_on: date | None = None
    superseded_by: str = ""
    supersedes: str = ""
    moved: bool = False
    key: str = ""
    """Identity of the act that made it: workbook, sheet, row."""
    record: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    """Hash of the values as they were issued; in the payload, never in an event."""
    places: tuple[Place, ...] = ()
    files: tuple[DocumentFile, ...] = ()
    removed: bool = False
    """Its payload was removed by a lawful act."""
    blocked: bool = False
    """Sperret: kept, and closed to all but two named persons."""

    @property
    def addressees(self) -> tuple[str, ...]:
        """Codes of those it is written to: a sheet for a household is to all who live there."""
        household = (
            (code for code in self.signers if code.startswith("f")) if self.recipient else ()
        )
        return tuple(dict.fromkeys((*filter(None, (self.recipient,)), *household)))

    @property
    def unfinished(self) -> bool:
        """Whether it is a form that nobody has written yet, also when it will never be written."""
        if "completed" not in self.settles or "completed" in self.done:
            return False
        return self.returned_on is None or self.waits_for == "completed"

    @property
    def missing_signers(self) -> tuple[str, ...]:
        """Person codes that are asked to sign and have not been seen to, or heard."""
        return tuple(code for code in self.signers if code not in self.signed_by | self.heard)

    @property
    def waits_for(self) -> str | None:
        """The first step that is not done; None when the document has ended."""
        if self.settled_how or self.superseded_by or self.moved:
            return None
        return next((step for step in self.settles if not self._is_done(step)), None)

    @property
    def over(self) -> bool:
        """Whether it has ended, in whichever way."""
        return self.waits_for is None

    @property
    def unread_consent(self) -> bool:
        """A consent that has come in and gives nothing yet: signed is not read (rule 1)."""
        came_in = self.returned_on is not None and "signed" in self.settles
        return came_in and self.waits_for == "read"

    def _is_done(self, step: str) -> bool:
        if step == "signed" and self.signers:
            return not self.missing_signers
        if step == "sent":
            return self.sent_on is not None
        return step in self.done


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as it stands after the last document that spoke of it."""

    id: str
    goal: str = ""
    measure: str = ""
    arena: str = ""
    owner: str = ""
    service: str = ""
    start: str = ""
    due: str = ""
    result: str = ""
    evaluation: str = ""
    evaluate_on: str = ""
    status: str = "ny"
    ref: str | None = None
    numbered: bool = False
    """A paper has said its number; otherwise the log has given it one."""

    @property
    def open(self) -> bool:
        """Whether somebody still has something to do."""
        return self.status != "avsluttes"


@dataclass(frozen=True, slots=True)
class Consent:
    """What the family has said about sharing: one answer, or one set of sheets."""

    id: str
    """The set of the sheets, or the event's number for what was said."""
    outcome: str
    """given, partly, refused or withdrawn."""
    services: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    purpose: str = ""
    information: str = ""
    exclusions: str = ""
    limits: Mapping[str, str] = field(default_factory=dict)
    valid_from: date | None = None
    valid_to: date | None = None
    by: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    how: str = "written"
    ref: str | None = None
    withdrawn_on: date | None = None

    @property
    def complete(self) -> bool:
        """Whether everybody who must say yes has been heard and read."""
        return self.asked <= self.by


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that is planned or was held."""

    date: str
    type: str = ""
    start: str = ""
    end: str = ""
    place: str = ""
    planned: bool = False
    participants: tuple[Mapping[str, str], ...] = ()
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Baton:
    """Who holds the relay baton, since when."""

    holder: Person
    since: date
    accepted: bool = True
    n: int = 0


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as the timeline shows it."""

    n: int
    at: datetime
    actor: str
    kind: str
    ref: str | None
    codes: Mapping[str, Any]
    facts: tuple[Json, ...] = ()
    why: str = ""
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A case or a series, as its events tell it."""

    chain: ChainId
    head: Head = EMPTY
    kind: str = "sak"
    opened_on: date | None = None
    closed_on: date | None = None
    language: str = "nb"
    level: str = ""
    log: str = "own"
    """shared, or own: the family said no or has not been asked."""
    record: CaseRecord | None = None
    """None for a series, or when the payload was removed."""
    people: Mapping[str, Json] = field(default_factory=dict)
    key: str = ""
    batons: tuple[Baton, ...] = ()
    offered: Baton | None = None
    """A hand-over that is offered and not yet accepted."""
    measures: tuple[Measure, ...] = ()
    consents: tuple[Consent, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    child_voice: tuple[Json, ...] = ()
    decisions: tuple[Json, ...] = ()
    audiences: Mapping[str, Json] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()
    """What may be printed although an address is protected: school, unit, place, recipients."""
    """Recorded decisions: by reference, by `n17` (an event), or by a person's code."""
    blocked: frozenset[int] = frozenset()
    """Numbers of the events that are closed to all but two named persons."""
    documents: tuple[Document, ...] = ()
    happenings: tuple[Happening, ...] = ()

    @property
    def open(self) -> bool:
        """Whether work goes on."""
        return self.closed_on is None

    @property
    def baton(self) -> Baton | None:
        """Who holds the baton now."""
        return self.batons[-1] if self.batons else None

    @property
    def record_now(self) -> CaseRecord | None:
        """The record with the level and the relay holder that the log has come to since."""
        if self.record is None:
            return None
        holder = self.baton.holder if self.baton else self.record.relay_holder
        level = self.level or self.record.level
        return self.record.model_copy(update={"relay_holder": holder, "level": level})

    def document(self, ref: str) -> Document | None:
        """The document with *ref*."""
        return next((d for d in self.documents if d.ref == ref), None)
