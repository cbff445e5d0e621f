"""The relay log (stafettlogg) of a case as people read it, and as other programs do. Pure.

The case is the fold of its events; here it becomes finished sentences in one language. What is
closed to the reader (sperret) is told nothing of: the log is made from the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bti_docs.core.events import Json, instant_text
from bti_docs.core.model import Case, Document, Happening
from bti_docs.core.naming import names_of
from bti_docs.core.profile import Profile
from bti_docs.core.relay_lines import Lines
from bti_docs.core.relay_model import (
    ConsentLine,
    DocumentLine,
    MeasureLine,
    RelayLog,
    Said,
    TimelineEntry,
)
from bti_docs.core.timeline import Teller
from bti_docs.core.view import is_blocked, without_blocked
from bti_docs.core.wording import Say, Words


def relay_log(  # noqa: PLR0913  (what the log is made of, each by its name)
    case: Case,
    *,
    on: date,
    profile: Profile,
    language: str,
    say: Say,
    titles: Callable[[str, str], str],
    staff: Mapping[str, str],
    names: bool,
) -> RelayLog:
    """The relay log of *case* on the day *on*.

    Args:
        case: The fold of the case's events.
        on: The day that decides what is overdue and which consents are in force.
        profile: The municipality's names for levels, services and arenas.
        language: `nb`, `nn` or `en`.
        say: The sentence of a code and its parameters in *language*.
        titles: A document type's title by (type, language); blank when no manifest has it.
        staff: Shown names of members of staff by their codes.
        names: Whether people are shown by name; otherwise by role and code.
    """
    words = Words(language, say, titles, profile)
    seen = without_blocked(case)
    people = names_of(case, words, staff, shown=names)
    return _Making(case, Lines(seen, on, words, people)).log()


@dataclass(frozen=True, slots=True)
class _Making:
    """What the log is made from."""

    case: Case
    lines: Lines

    def log(self) -> RelayLog:
        case, lines, words = self.case, self.lines, self.lines.words
        seen, documents = lines.case, self._documents()
        main = lines.documents(d for d in documents if not d.superseded_by)
        return RelayLog(
            case_id=case.chain,
            kind=case.kind,
            language=words.language,
            on=lines.on,
            on_text=words.day(lines.on),
            names=lines.names.shown,
            child=_child(case, words) if lines.names.shown else "",
            status="open" if case.open else "closed",
            status_text=_status(case, words),
            level=seen.level,
            level_text=words.level(seen.level),
            log_text=words.choice("log_shared", seen.log, "log_shared_own"),
            head=case.head,
            baton=lines.baton(seen.baton) if seen.baton else None,
            earlier_batons=tuple(lines.baton(b, "log_baton_was") for b in seen.batons[:-1]),
            offered=lines.baton(seen.offered, "log_baton_offered") if seen.offered else None,
            consents=tuple(c for c in lines.consents() if c.in_force),
            other_consents=tuple(c for c in lines.consents() if not c.in_force),
            unread=tuple(_unread(d, words) for d in documents if d.unread_consent),
            goals=lines.goals(ended=False),
            ended_goals=lines.goals(ended=True),
            meetings=lines.meetings(),
            documents=main,
            replaced=lines.documents(d for d in documents if d.superseded_by),
            outstanding=tuple(sorted((d for d in main if d.waits), key=_urgency)),
            child_voice=self._said(seen.child_voice),
            decisions=self._said(seen.decisions),
            timeline=_timeline(case, Teller(seen, words, lines.names)),
        )

    def _documents(self) -> tuple[Document, ...]:
        return tuple(d for d in self.lines.case.documents if not d.moved)

    def _said(self, facts: Iterable[Json]) -> tuple[Said, ...]:
        return tuple(_said(f, self.lines) for f in facts if f.get("text"))


def _timeline(case: Case, teller: Teller) -> tuple[TimelineEntry, ...]:
    """One entry an event; of a closed one only that it is closed."""
    return tuple(teller.entry(_shown(case, happening)) for happening in case.happenings)


def _shown(case: Case, happening: Happening) -> Happening:
    """The number stays, since the chain has it."""
    if not is_blocked(case, happening):
        return happening
    return Happening(happening.n, happening.at, happening.actor, "blocked", None, {})


def _child(case: Case, words: Words) -> str:
    if case.record is None:
        return ""
    child = case.record.child
    if child.birth_date is None:
        return child.name
    return words.t("log_child_born", name=child.name, year=child.birth_date.year)


def _status(case: Case, words: Words) -> str:
    if case.closed_on:
        return words.t("log_status_closed", day=words.day(case.closed_on))
    return words.t("log_status_open", day=words.day(case.opened_on))


def _unread(document: Document, words: Words) -> str:
    day = words.day(document.returned_on)
    return words.t("log_unread", title=words.title(document.type), day=day)


def _said(fact: Json, lines: Lines) -> Said:
    free, day = lines.names.free, lines.words.iso(str(fact.get("at", "")))
    return Said(free(str(fact["text"])), day, free(str(fact.get("how") or "")))


def _urgency(line: DocumentLine) -> tuple[int, date, str]:
    return -line.days_overdue, line.due or date.max, line.ref


# --- for other programs ---------------------------------------------------------------------


def as_json(log: RelayLog) -> Json:
    """The log by the keys of the outer contract; it holds names only when the log does."""
    return {
        "case_id": log.case_id,
        "kind": log.kind,
        "language": log.language,
        "on": log.on.isoformat(),
        "names": log.names,
        "status": log.status,
        "level": log.level,
        "relay_holder": log.baton.holder if log.baton else None,
        "relay_holder_since": log.baton.since.isoformat() if log.baton else None,
        "head": {"count": log.head.count, "hash": log.head.hash},
        "events": [_event_json(entry) for entry in log.timeline],
        "measures": [_measure_json(measure) for measure in log.measures],
        "consents": [_consent_json(c) for c in (*log.consents, *log.other_consents)],
        "documents": [_document_json(d) for d in (*log.documents, *log.replaced)],
        "meetings": [
            {"date": m.date, "type": m.type, "planned": m.planned, "ref": m.ref}
            for m in log.meetings
        ],
    }


def _event_json(entry: TimelineEntry) -> Json:
    return {
        "n": entry.n,
        "at": instant_text(entry.at),
        "by": entry.by,
        "kind": entry.kind,
        "ref": entry.ref,
        "text": entry.whole,
    }


def _measure_json(line: MeasureLine) -> Json:
    keys = (
        "id", "goal", "measure", "arena", "owner", "service", "start", "due", "result",
        "evaluation", "evaluate_on", "status", "ref", "overdue",
    )  # fmt: skip
    return {key: getattr(line, key) for key in keys}


def _consent_json(line: ConsentLine) -> Json:
    return {
        "id": line.id,
        "services": list(line.services),
        "scope": list(line.scope),
        "from": line.valid_from.isoformat() if line.valid_from else None,
        "to": _last_day(line),
        "withdrawn_on": line.withdrawn_on.isoformat() if line.withdrawn_on else None,
        "outcome": line.outcome,
        "by": list(line.by),
        "ref": line.ref,
        "in_force": line.in_force,
        "missing": list(line.missing),
    }


def _last_day(line: ConsentLine) -> str | None:
    """The last day on which it holds: a withdrawal counts from its own day."""
    if line.withdrawn_on:
        return (line.withdrawn_on - timedelta(days=1)).isoformat()
    return line.valid_to.isoformat() if line.valid_to else None


def _document_json(line: DocumentLine) -> Json:
    return {
        "ref": line.ref,
        "type": line.type,
        "state": line.state,
        "due": line.due.isoformat() if line.due else None,
        "days_overdue": line.days_overdue,
        "missing": list(line.missing),
        "replaced": line.replaced,
        "files": [file.path for file in line.files],
    }
