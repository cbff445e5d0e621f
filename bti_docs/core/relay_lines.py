"""The parts of the relay log: consents, measures, meetings and documents as lines. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bti_docs.core.consent import in_force
from bti_docs.core.loose import day
from bti_docs.core.model import Baton, Case, Consent, Document, DocumentFile, Measure, Meeting
from bti_docs.core.naming import Names
from bti_docs.core.outstanding import days_overdue
from bti_docs.core.references import Reference, show_reference
from bti_docs.core.relay_model import (
    BatonLine,
    ConsentLine,
    DocumentLine,
    FileLine,
    GoalLine,
    MeasureLine,
    MeetingLine,
)
from bti_docs.core.wording import Words, sentence

CONSENT_NOTICE: Final = timedelta(days=30)
"""How long before its end a consent is said to end soon (users.md C, SAM)."""

_WAITING_STATES: Final[Mapping[str, str]] = {
    "sent": "made",
    "completed": "unfinished",
    "approved": "unapproved",
    "accepted": "unaccepted",
    "read": "unread",
    "noted": "unnoted",
}


@dataclass(frozen=True, slots=True)
class Lines:
    """Makes lines of one case on one day."""

    case: Case
    on: date
    words: Words
    names: Names

    def baton(self, baton: Baton, code: str = "log_baton_since") -> BatonLine:
        """Who holds the baton, with the sentence *code*."""
        holder, person = self.names.holder(baton.holder), baton.holder
        return BatonLine(
            holder=holder,
            title=person.title,
            service=self.words.service(person.service),
            phone=person.phone if self.names.shown else "",
            since=baton.since,
            text=self.words.t(code, holder=holder, day=self.words.day(baton.since)),
        )

    def consents(self) -> tuple[ConsentLine, ...]:
        """Every consent, in the order they came."""
        now = {consent.id for consent in in_force(self.case, self.on)}
        return tuple(self._consent(c, counts=c.id in now) for c in self.case.consents)

    def _consent(self, consent: Consent, *, counts: bool) -> ConsentLine:
        labels = tuple(self.words.service(key) for key in consent.services)
        by = tuple(sorted(consent.by))
        soon = consent.valid_to is not None and consent.valid_to - self.on <= CONSENT_NOTICE
        withdrawn = consent.withdrawn_on is not None and consent.withdrawn_on <= self.on
        return ConsentLine(
            id=consent.id,
            ref=consent.ref,
            outcome="withdrawn" if withdrawn else consent.outcome,
            in_force=counts,
            services=consent.services,
            service_labels=labels,
            scope=consent.scope,
            scope_labels=tuple(self.words.choice("log_scope", key) for key in consent.scope),
            limits=self._limits(consent),
            purpose=self.names.free(consent.purpose),
            valid_from=consent.valid_from,
            valid_to=consent.valid_to,
            withdrawn_on=consent.withdrawn_on,
            by=by,
            by_text=self.names.persons(by),
            missing=tuple(sorted(consent.asked - consent.by)),
            ends_soon=counts and soon,
            text=self._consent_text(consent, labels, counts=counts),
        )

    def _limits(self, consent: Consent) -> tuple[str, ...]:
        limits = [
            f"{self.words.service(key)}: {text}" for key, text in sorted(consent.limits.items())
        ]
        if consent.exclusions:
            limits.append(self.words.t("log_exclusions", text=consent.exclusions))
        return tuple(sentence(self.names.free(limit)) for limit in limits)

    def _consent_text(self, consent: Consent, labels: tuple[str, ...], *, counts: bool) -> str:
        services = self.words.listed(labels) or self.words.t("log_no_services")
        until = self.words.day(consent.valid_to)
        if counts:
            code = "log_consent_until" if until else "log_consent_open"
        elif consent.withdrawn_on is not None:
            code = "log_consent_withdrawn"
        elif consent.outcome == "refused":
            code = "log_consent_refused"
        elif not consent.complete:
            code = "log_consent_incomplete"
        elif consent.valid_from is not None and consent.valid_from > self.on:
            code = "log_consent_later"
        else:
            code = "log_consent_ended"
        missing = self.names.persons(consent.asked - consent.by)
        start, end = self.words.day(consent.valid_from), self.words.day(consent.withdrawn_on)
        return self.words.t(
            code, services=services, until=until, missing=missing, start=start, end=end
        )

    def goals(self, *, ended: bool) -> tuple[GoalLine, ...]:
        """The measures that are open, or those that have ended, under their goals."""
        groups: dict[str, list[MeasureLine]] = {}
        for measure in self.case.measures:
            if measure.open is not ended:
                line = self.measure(measure)
                groups.setdefault(line.goal, []).append(line)
        return tuple(GoalLine(goal, tuple(lines)) for goal, lines in groups.items())

    def measure(self, measure: Measure) -> MeasureLine:
        """One measure, with what is late about it."""
        due, evaluate = day(measure.due), day(measure.evaluate_on)
        return MeasureLine(
            id=measure.id,
            ref=measure.ref,
            goal=self.names.free(measure.goal),
            measure=self.names.free(measure.measure),
            arena=self.words.arena(measure.arena),
            owner=self.names.owner(measure.owner, measure.service),
            service=self.words.service(measure.service),
            start=measure.start,
            due=measure.due,
            due_text=self.words.iso(measure.due),
            result=self.names.free(measure.result),
            evaluation=self.names.free(measure.evaluation),
            evaluate_on=measure.evaluate_on,
            evaluate_text=self._evaluate_text(measure),
            status=measure.status,
            status_text=self.words.choice("log_measure", measure.status),
            open=measure.open,
            overdue=measure.open and due is not None and due < self.on,
            evaluate_now=measure.open
            and evaluate is not None
            and evaluate <= self.on
            and not measure.evaluation,
        )

    def _evaluate_text(self, measure: Measure) -> str:
        if not measure.evaluate_on:
            return ""
        return self.words.t("log_evaluate_on", day=self.words.iso(measure.evaluate_on))

    def meetings(self) -> tuple[MeetingLine, ...]:
        """Meetings by their day."""
        return tuple(self.meeting(meeting) for meeting in self.case.meetings)

    def meeting(self, meeting: Meeting) -> MeetingLine:
        """One meeting. A planned one whose day is past is said to be without minutes."""
        when, ahead = day(meeting.date), meeting.planned
        parts = (
            self.words.iso(meeting.date),
            self.words.clock(meeting.start, meeting.end),
            self.names.free(meeting.place),
        )
        text = ", ".join(part for part in parts if part)
        late = ahead and when is not None and when < self.on
        code = "log_meeting_no_minutes" if late else "log_meeting_ahead" if ahead else ""
        return MeetingLine(
            date=meeting.date,
            text=self.words.t(code, text=text) if code else sentence(text),
            type=self._meeting_type(meeting),
            planned=meeting.planned,
            participants=tuple(self._participant(body) for body in meeting.participants),
            ref=meeting.ref,
        )

    def _meeting_type(self, meeting: Meeting) -> str:
        """What kind it is; where minutes name none, what the minutes are called."""
        if meeting.type:
            return self.words.choice("log_meeting_type", meeting.type)
        minutes = None if meeting.planned else self.case.document(meeting.ref or "")
        return self.words.title(minutes.type) if minutes else ""

    def _participant(self, body: Mapping[str, object]) -> str:
        name = self.names.free(str(body.get("name") or "")) if self.names.shown else ""
        service = self.words.service(str(body.get("service") or ""))
        status = str(body.get("status") or "")
        present = self.words.choice("log_status", status) if status else ""
        parts = (name, self.names.free(str(body.get("role") or "")), service, present)
        return ", ".join(part for part in parts if part)

    def documents(self, documents: Iterable[Document]) -> tuple[DocumentLine, ...]:
        """The lines of *documents*, in their order."""
        return tuple(self.document(document) for document in documents)

    def document(self, document: Document) -> DocumentLine:
        """One document with its state in words."""
        state, late = state_of(document), 0
        if not document.over:
            late = days_overdue(document.due, self.on)
        missing = document.missing_signers if "signed" in document.settles else ()
        return DocumentLine(
            ref=document.ref,
            shown_ref=show_reference(Reference(document.ref)),
            type=document.type,
            title=self.words.title(document.type),
            recipient=self.names.persons(document.addressees),
            day=_day_of(document),
            day_text=self.words.day(_day_of(document)),
            state=state,
            state_text=self.words.choice("log_state", state),
            waits=not document.over,
            due=document.due,
            due_text=self.words.day(document.due),
            days_overdue=late,
            overdue_text=self.words.count("log_overdue", late) if late else "",
            missing=missing if not document.over else (),
            missing_text=self.names.persons(missing) if not document.over else "",
            replaced=bool(document.superseded_by),
            files=tuple(self._file(file) for file in document.files),
        )

    def _file(self, file: DocumentFile) -> FileLine:
        word = self.words.choice("log_file", file.role)
        return FileLine(file.path, f"{word} ({file.path.rpartition('.')[2].lower()})")


def state_of(document: Document) -> str:
    """A key for where the document has come; the catalogue has the words."""
    ended = (
        ("moved", document.moved),
        ("replaced", document.superseded_by),
        ("removed", document.removed),
        (document.settled_how, document.settled_how),
    )
    over = next((key for key, holds in ended if holds), None)
    if over:
        return over
    step = document.waits_for
    if step == "signed" or (step == "read" and document.returned_on is None):
        return _signed_state(document)
    if step is None:
        filed = document.returned_on or not document.settles
        return "filed" if filed else document.settles[-1]
    return _WAITING_STATES.get(step, step)


def _signed_state(document: Document) -> str:
    if document.returned_on:
        return "signature"
    return "waiting" if document.sent_on else "made"


def _day_of(document: Document) -> date | None:
    return document.returned_on or document.issued_on
