"""Who of a family may have a copy, and what of the case is theirs to have. Pure.

Held back is of two kinds: *told* (they read that it is held back, why, and how to complain) and
*silent*. Silent is also what belongs to somebody else: another guardian's letters, an event that a
recorded decision keeps from the family. It leaves no mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from bti_docs.core.deadlines import age_on
from bti_docs.core.events import Json
from bti_docs.core.model import Case, Document, Happening
from bti_docs.core.profile import Profile
from bti_docs.core.records import CaseRecord
from bti_docs.core.view import moved_out

CHILD: Final = "barn"
Standing = Literal["given", "told", "silent"]

_OPEN_DECISIONS: Final = frozenset({"family", "recipient", "youth"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why this person gets no copy: a code with its sentence in the catalogues."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


def refusal(case: Case, person: str, *, on: date, profile: Profile) -> Refusal | None:
    """Why *person* may not have a copy on *on*; None when they may."""
    if case.kind != "sak":
        return Refusal("family_series")
    if case.record is None or person not in case.people:
        return Refusal("family_unknown_person", {"person": person})
    decision = case.audiences.get(person)
    if decision is not None:
        let = decision.get("audience") in _OPEN_DECISIONS
        return None if let else Refusal("family_decided_no", {"person": person})
    if person == CHILD:
        code = _youth_refusal(case.record, on, profile)
    elif person[0] == "f":
        code = _guardian_refusal(case, person, on, profile)
    else:
        code = "family_not_family"
    return Refusal(code, {"person": person}) if code else None


def _youth_refusal(record: CaseRecord, on: date, profile: Profile) -> str:
    child = record.child
    if child.kind == "gravid":
        return ""
    if child.birth_date is None:
        return "family_age_unknown"
    return "family_too_young" if age_on(child.birth_date, on) < profile.ages.signs else ""


def _guardian_refusal(case: Case, person: str, on: date, profile: Profile) -> str:
    record = case.record
    if record is None:
        return "family_unknown_person"
    child, body = record.child, case.people[person]
    grown = child.birth_date is not None and age_on(child.birth_date, on) >= profile.ages.adult
    responsibility = body.get("foreldreansvar", "ikke_avklart")
    protected_elsewhere = record.protected and body.get("adressesperre", "ingen") == "ingen"
    reasons = (
        ("family_adult_decides", grown or child.kind == "gravid"),
        ("family_no_responsibility", responsibility == "nei"),
        ("family_responsibility_unclear", responsibility != "ja"),
        ("family_not_informed", record.guardians_not_informed),
        ("family_protected", protected_elsewhere),
    )
    return next((code for code, holds in reasons if holds), "")


@dataclass(frozen=True, slots=True)
class Access:
    """What of one case is for one person."""

    case: Case
    person: str
    closed: frozenset[str] = frozenset()
    """References of what is the family's only with their consent, when there is none."""

    def document(self, document: Document) -> Standing:
        """Whether the person is given a document, told that it is held back, or neither."""
        if document.moved or document.blocked or document.unfinished:
            return "silent"
        decision = self.case.audiences.get(document.ref)
        if decision is not None:
            return self._decided(decision, document.recipient)
        hidden = document.ref in self.closed or self._is_anothers(document)
        return "silent" if hidden else self._audience(document)

    def counts(self, document: Document) -> bool:
        """Whether what a document tells is for the person, also when the paper is not.

        The other parent's sheet of the same consent is theirs alone, but what it says decides
        whether the consent holds.
        """
        if self.document(document) == "given":
            return True
        if not document.set or document.ref in self.case.audiences or document.blocked:
            return False
        same = (d for d in self.case.documents if d.set == document.set and d.signers)
        return bool(document.signers) and any(self.document(d) == "given" for d in same)

    def may_know_meeting(self, document: Document) -> bool:
        """Whether the meeting that another's letter calls to is one that the person may know of.

        It belongs to the case: the youth knows of it, and everybody of what is for the family.
        """
        kept_back = document.moved or document.blocked or document.ref in self.closed
        if kept_back or document.ref in self.case.audiences:
            return False
        if self.person == CHILD:
            return document.audience in {"family", "recipient"}
        protected = self.case.record is not None and self.case.record.protected
        return document.audience == "family" and not protected

    def happening(self, happening: Happening) -> bool:
        """Whether what an event tells is for the person."""
        if happening.n in self.case.blocked or happening.n in moved_out(self.case):
            return False
        decision = self.case.audiences.get(f"n{happening.n}")
        if decision is not None:
            return self._decided(decision, None) == "given"
        if happening.ref:
            document = self.case.document(happening.ref)
            return document is not None and self.counts(document)
        return self._word(str(happening.codes.get("audience", "family")), None)

    def listed(self, happening: Happening) -> bool:
        """Whether an event has a place in the person's timeline."""
        document = self.case.document(happening.ref or "")
        given = document is None or self.document(document) == "given"
        return given and self.happening(happening)

    def _decided(self, decision: Json, recipient: str | None) -> Standing:
        whose = str(decision.get("person") or recipient or "") or None
        if self._word(str(decision.get("audience", "")), whose):
            return "given"
        return "told" if decision.get("told") else "silent"

    def _audience(self, document: Document) -> Standing:
        if document.audience == "review":
            return "told"
        own = self.person == document.recipient or self.person in document.signers
        whose = self.person if own else document.recipient
        return "given" if self._word(document.audience, whose) else "silent"

    def _word(self, audience: str, whose: str | None) -> bool:
        """Whether an audience's word takes the person in; an unknown word takes nobody in."""
        if audience == "recipient":
            return whose == self.person
        if audience == "youth":
            return self.person == CHILD
        return audience == "family"

    def _is_anothers(self, document: Document) -> bool:
        """A paper with another of the family's name and address on it."""
        recipient = document.recipient
        if recipient is None or recipient == self.person or self.person in document.signers:
            return False
        return not self._live_together(recipient) or document.audience == "recipient"

    def _live_together(self, other: str) -> bool:
        homes = [_home(self.case.people.get(code, {})) for code in (self.person, other)]
        return bool(homes[0]) and homes[0] == homes[1]


def _home(body: Json) -> str:
    if body.get("adressesperre", "ingen") != "ingen":
        return ""
    return str(body.get("husstand") or "").casefold()
