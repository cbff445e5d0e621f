"""The family's copy (familiens mappe) of a case, made for one named person. Pure.

The case is told again from what is for this person, so that what is held back in silence leaves no
gap, number, date or hash; only the head's hash says which state of the case the copy was made from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bti_docs.core.family_access import CHILD, Access, Refusal, refusal
from bti_docs.core.family_model import FamilyCopy, Held, Moment, Paper
from bti_docs.core.family_own import case_for
from bti_docs.core.loose import day
from bti_docs.core.model import Case, Document, DocumentFile, Happening
from bti_docs.core.naming import full_name, names_of
from bti_docs.core.profile import Profile
from bti_docs.core.references import Reference, show_reference
from bti_docs.core.relay_lines import Lines, state_of
from bti_docs.core.relay_model import Said
from bti_docs.core.timeline import Teller, day_of
from bti_docs.core.wording import Say, Words

__all__ = ["FamilyCopy", "Refusal", "family_copy", "settled_files"]

_SHOWN: Final = frozenset(
    {
        "opened", "issued", "sent", "filed", "read", "settled", "superseded", "accepted",
        "approved", "noted", "exported", "deposited", "closed", "reopened",
    }
)  # fmt: skip
"""Kinds with a place in a family's timeline; moves, blocks and newer kinds have none."""

_BACK: Final = frozenset({"received", "cut"})
_ROLE_ORDER: Final = ("cut", "received", "preservation", "reading", "issued")
_PDF: Final = "application/pdf"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def family_copy(  # noqa: PLR0913  (what the copy is made of, each by its name)
    case: Case,
    person: str,
    *,
    on: date,
    profile: Profile,
    language: str,
    say: Say,
    titles: Callable[[str, str], str],
    staff: Mapping[str, str],
    with_consent: Collection[str] = (),
    since: date | None = None,
) -> FamilyCopy | Refusal:
    """The copy of *case* for the person with the code *person* (barn, f1 …), or why there is none.

    Args:
        case: The fold of the case's events.
        person: Whom the copy is for.
        on: The day the copy is made.
        profile: Names of levels and services, ages, laws, word list, telephone numbers.
        language: `nb`, `nn` or `en`.
        say: The sentence of a code and its parameters in *language*.
        titles: A document type's title by (type, language); blank when no manifest has it.
        staff: Shown names of members of staff by their codes.
        with_consent: Document types that the family has only when there is a consent.
        since: Only what has happened from this day on, after «Dette gjelder nå».
    """
    refused = refusal(case, person, on=on, profile=profile)
    if refused is not None:
        return refused
    words = Words(language, say, titles, profile)
    own, access = case_for(case, person, on=on, with_consent=with_consent)
    making = _Making(
        Lines(own, on, words, names_of(own, words, staff, shown=True)), access, on, since
    )
    return making.copy(case)


@dataclass(frozen=True, slots=True)
class _Making:
    """What a copy is made from: the case as it is for one person."""

    lines: Lines
    access: Access
    on: date
    since: date | None

    def copy(self, case: Case) -> FamilyCopy:
        lines, words, own = self.lines, self.lines.words, self.lines.case
        unit = words.profile.unit(case.record.unit) if case.record else None
        return FamilyCopy(
            case_id=case.chain,
            language=words.language,
            person=self.access.person,
            reader=full_name(case.people[self.access.person]),
            child=case.record.child.given_name if case.record else "",
            youth=self.access.person == CHILD,
            on_text=words.day(self.on),
            since_text=words.day(self.since),
            head_hash=case.head.hash,
            municipality=words.profile.municipality,
            unit=unit.name if unit else "",
            unit_phone=unit.phone if unit else "",
            level_text=words.level(own.level),
            closed_text=self._closed(),
            baton=lines.baton(own.baton) if own.baton else None,
            decisions=tuple(self._said(fact) for fact in own.decisions[::-1] if fact.get("text")),
            goals=lines.goals(ended=False),
            ended_goals=lines.goals(ended=True),
            next_meetings=tuple(m for m in lines.meetings() if m.planned and self._ahead(m.date)),
            consents=tuple(c for c in lines.consents() if c.in_force),
            waiting=tuple(self._waiting()),
            child_voice=tuple(self._said(fact) for fact in own.child_voice if fact.get("text")),
            timeline=tuple(self._moments()),
            papers=self._papers(),
            held=tuple(self._held(case)),
            complaint=words.profile.complaint.of(words.language),
            word_list=tuple(_word(t.of(words.language)) for t in words.profile.words),
            urgent=tuple((u.phone, u.text(words.language)) for u in words.profile.urgent),
        )

    def _closed(self) -> str:
        closed = next((h for h in reversed(self.lines.case.happenings) if h.kind == "closed"), None)
        if closed is None or self.lines.case.open:
            return ""
        return self.lines.words.t("log_status_closed", day=self.lines.words.day(day_of(closed)))

    def _ahead(self, text: str) -> bool:
        when = day(text)
        return when is not None and when >= self.on

    def _said(self, fact: Mapping[str, object]) -> Said:
        when = self.lines.words.iso(str(fact.get("at", "")))
        return Said(str(fact["text"]), when, str(fact.get("how") or ""))

    def _waiting(self) -> Iterator[str]:
        words = self.lines.words
        for document in self._given():
            params = {
                "title": words.title(document.type),
                "day": words.day(document.returned_on or document.sent_on or document.issued_on),
                "due": words.day(document.due),
            }
            mine = self.access.person in document.missing_signers
            if document.waits_for == "signed" and mine and document.sent_on:
                yield words.t(
                    "family_waits_you_by" if document.due else "family_waits_you", **params
                )
            elif document.waits_for == "read" and document.returned_on:
                yield words.t("family_waits_reading", **params)

    def _given(self) -> Iterator[Document]:
        return (d for d in self.lines.case.documents if self.access.document(d) == "given")

    # --- timeline ---------------------------------------------------------------------------

    def _moments(self) -> Iterator[Moment]:
        lines = self.lines
        teller = Teller(lines.case, lines.words, lines.names, for_family=True)
        for happening in lines.case.happenings:
            if self._is_shown(happening):
                entry = teller.entry(happening)
                told = [text for text in (entry.text, *entry.details) if text]
                if told:
                    yield Moment(entry.day_text, told[0], tuple(told[1:]))

    def _is_shown(self, happening: Happening) -> bool:
        if happening.kind not in _SHOWN or not self.access.listed(happening):
            return False
        if self.since and day_of(happening) < self.since:
            return False
        if happening.kind == "exported":
            return happening.codes.get("recipient") == self.access.person
        if happening.kind == "noted" and not happening.removed:
            return any(fact.get("fact") in _FAMILY_FACTS for fact in happening.facts)
        return True

    # --- papers -----------------------------------------------------------------------------

    def _papers(self) -> tuple[Paper, ...]:
        given = [d for d in self._given() if self._is_new(d)]
        given.sort(key=lambda d: d.returned_on or d.issued_on or date.min)
        return tuple(self._paper(number, d) for number, d in enumerate(given, start=1))

    def _is_new(self, document: Document) -> bool:
        if self.since is None:
            return True
        steps = (h for h in self.lines.case.happenings if h.ref == document.ref)
        return any(day_of(h) >= self.since for h in steps)

    def _paper(self, number: int, document: Document) -> Paper:
        words, when = self.lines.words, document.returned_on or document.issued_on
        files = settled_files(document)
        state = words.choice("family_state", state_of(document), "log_nothing")
        return Paper(
            number=number,
            ref=document.ref,
            shown_ref=show_reference(Reference(document.ref)),
            type=document.type,
            title=words.title(document.type),
            day=when,
            day_text=words.day(when),
            state_text=state or words.choice("log_state", state_of(document)),
            replaced=bool(document.superseded_by),
            files=tuple(_without_number(f) for f in files),
            readable=tuple(_without_number(_word_beside(f, document)) for f in files),
            printed=_printed(document),
            by_hand=document.by_hand,
        )

    # --- what is held back ------------------------------------------------------------------

    def _held(self, case: Case) -> Iterator[Held]:
        words = self.lines.words
        for document in case.documents:
            if self.access.document(document) == "told" and self._is_recent(document):
                title = words.title(document.type)
                yield Held(title, words.day(document.issued_on), self._reason(document))

    def _is_recent(self, document: Document) -> bool:
        return self.since is None or (document.issued_on or date.min) >= self.since

    def _reason(self, document: Document) -> str:
        words = self.lines.words
        decision = self.access.case.audiences.get(document.ref, {})
        if not decision or decision.get("audience") == "review":
            return str(decision.get("reason") or "") or words.t("family_held_review")
        law = words.profile.law_on(str(decision.get("ground", "")), self.on)
        reason = str(decision.get("reason") or "") or words.t("family_held_decided")
        if law is None:
            return reason
        return f"{reason} {words.t('family_held_law', law=law.text(words.language))}"


_FAMILY_FACTS: Final = frozenset(
    {
        "measure", "meeting", "next_meeting", "consent", "baton", "level", "child_voice",
        "decision", "log", "closing",
    }
)  # fmt: skip


def settled_files(document: Document) -> tuple[DocumentFile, ...]:
    """The files that count: one of each return, or the one that was issued (users.md rule 9)."""
    returns = sorted({f.n for f in document.files if f.role in _BACK})
    if not returns:
        best = _best(document.files)
        return (best,) if best else ()
    found = (_best(f for f in document.files if f.n == n and f.role != "issued") for n in returns)
    return tuple(file for file in found if file)


def _without_number(file: DocumentFile) -> DocumentFile:
    """The event's number would tell how much there is that is not shown."""
    return replace(file, n=0)


def _printed(document: Document) -> DocumentFile | None:
    issued = _best(file for file in document.files if file.role == "issued")
    return _without_number(_word_beside(issued, document)) if issued else None


def _word_beside(file: DocumentFile, document: Document) -> DocumentFile:
    """The Word file that came in the same act, where text has its order; else the file itself."""
    return next((f for f in document.files if f.n == file.n and f.media == _WORD), file)


def _best(files: Iterator[DocumentFile] | tuple[DocumentFile, ...]) -> DocumentFile | None:
    """The file that a family can open: PDF before pictures before Word."""
    return min(files, key=_rank, default=None)


def _rank(file: DocumentFile) -> tuple[int, int, str]:
    media = 0 if file.media == _PDF else 1 if file.media.startswith("image/") else 2
    known = file.role in _ROLE_ORDER
    return media, _ROLE_ORDER.index(file.role) if known else len(_ROLE_ORDER), file.path


def _word(line: str) -> tuple[str, str]:
    """«word: meaning» as its two parts."""
    word, _, meaning = line.partition(": ")
    return word, meaning
