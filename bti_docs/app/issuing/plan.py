"""What a batch will make: new cases, letters, and what is there already. Writes nothing.

A row's identity is its workbook, sheet and number. The same identity with the same values makes
nothing; with other values it is shown as changed and made again only when that is asked for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bti_docs.app.issuing.checks import (
    consent_warnings,
    names_a_child,
    paper_warnings,
    protection_problems,
)
from bti_docs.app.issuing.known import Slot, find_slots, letter_key
from bti_docs.app.office import Office
from bti_docs.core.events import ChainId
from bti_docs.core.intake import Checked, DocumentEntry
from bti_docs.core.letters import APPROVER, Letter, letters, people_of
from bti_docs.core.manifest import Manifest
from bti_docs.core.model import Document
from bti_docs.core.problems import Problem


@dataclass(frozen=True, slots=True)
class Wish:
    """One document that is to be made."""

    key: str
    """Identity of the act: the row's, the recipient's code and, for a reply slip, its type."""
    entry: DocumentEntry
    manifest: Manifest
    language: str
    slot: Slot
    letter: Letter
    fingerprint: str
    replaces: Document | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a batch would do, and everything that is wrong with it."""

    slots: tuple[Slot, ...] = ()
    """Cases that are to be opened or changed."""
    wishes: tuple[Wish, ...] = ()
    problems: tuple[Problem, ...] = ()
    skipped: int = 0
    """Letters that were made before, with the same values."""
    known: tuple[str, ...] = field(default=())
    """The references of those."""
    sets: Mapping[str, str] = field(default_factory=dict)
    """What the papers of a row that are there already have in common, by the row's key."""
    unmarked: tuple[tuple[ChainId, str, str], ...] = ()
    """Letters (case, old, new) that were replaced, and no event tells so: the run was stopped."""


def plan_batch(office: Office, checked: Checked, *, replace: bool, only: str | None) -> Plan:
    """Plan every letter of *checked*; *only* keeps the rows of one case."""
    slots, problems = find_slots(office, checked, replace=replace)
    problems = [*checked.problems, *problems]
    rows: list[_Row] = []
    entries = [e for e in checked.documents if only is None or e.case_id == only]
    for entry in entries:
        slot = slots.of(entry)
        if _is_broken(entry, problems):
            continue
        if slot is None:
            problems.append(Problem("case_missing", entry.place))
            continue
        rows.append(_Row(office, entry, slot, replace=replace, alone=len(entries) == 1))
        rows[-1].plan()
        problems += rows[-1].problems
    known = tuple(document for row in rows for document in row.known)
    return Plan(
        slots.touched(only),
        tuple(wish for row in rows for wish in row.wishes),
        tuple(problems),
        len(known),
        tuple(document.ref for document in known),
        {row.entry.key: document.set for row in rows for document in row.known},
        tuple(found for row in rows for found in row.unmarked()),
    )


def _is_broken(entry: DocumentEntry, problems: Sequence[Problem]) -> bool:
    """Whether the row has an error of its own."""
    return any(
        (p.place.sheet, p.place.row) == (entry.place.sheet, entry.place.row)
        for p in problems
        if p.severity == "error"
    )


class _Row:
    """One row of the input on its way to letters: `wishes`, those `known`, and `problems`."""

    def __init__(
        self, office: Office, entry: DocumentEntry, slot: Slot, *, replace: bool, alone: bool
    ) -> None:
        self.office, self.entry, self.slot = office, entry, slot
        self.replace, self.alone = replace, alone
        self.manifest = office.library.manifest(entry.type)
        self.wishes: list[Wish] = []
        self.known: list[Document] = []
        self.problems: list[Problem] = []

    def plan(self) -> None:
        """Find the row's letters, or what stands in the way."""
        made = self._letters()
        for letter in made:
            for manifest in (self.manifest, *_slips(self.office, self.manifest)):
                self._wish(manifest, letter)
        if not made and not self.problems:
            self.problems.append(Problem("nobody_to_write_to", self.entry.place))
        if self.wishes:
            self._check()

    def _check(self) -> None:
        """What stands in the way of new letters; those that are there are there."""
        found = protection_problems(self.entry, self.slot, self.manifest, alone=self.alone)
        if self.slot.case and not self.slot.case.open:
            found = (Problem("case_has_ended", self.entry.place, {"case": self.slot.case.chain}),)
        if names_a_child(self.office, self.entry, self.slot):
            found = (Problem("anonymous_names_child", self.entry.place),)
        if found:
            self.wishes = []
        self.problems += found
        if self.wishes:
            place = self.entry.place
            self.problems += paper_warnings(self.office, self.slot, self.manifest, place)
        self.problems += consent_warnings(self.office, self.entry, self.slot, self.manifest)

    def _letters(self) -> tuple[Letter, ...]:
        people = people_of(self.slot.people)
        if self.manifest.signers == "approver":
            name = str(self.entry.values.get(self.manifest.approver or "", ""))
            return (Letter(None, (name,), (APPROVER,)),)
        if people is None or self.slot.series:
            return (Letter(None),)
        wanted = self.entry.recipients
        stranger = next((code for code in wanted or () if code not in people.names), None)
        if stranger:
            self.problems.append(
                Problem("unknown_recipient", self.entry.place, {"value": stranger})
            )
            return ()
        return letters(
            self.manifest, people, wanted=wanted, profile=self.office.profile, on=self.office.today
        )

    def _wish(self, manifest: Manifest, letter: Letter) -> None:
        key = letter_key(self.entry, letter.recipient, manifest.type)
        print_of = fingerprint(self.entry, letter)
        before = _made_before(self.slot, key)
        if before and before.fingerprint == print_of:
            self.known.append(before)
            return
        if before and not self.replace:
            self.problems.append(Problem("row_changed", self.entry.place, {"old": before.ref}))
            return
        language = self.entry.language or self.slot.language
        own = letter if manifest is self.manifest else Letter(letter.recipient, letter.names)
        self.wishes.append(
            Wish(key, self.entry, manifest, language, self.slot, own, print_of, before)
        )

    def unmarked(self) -> Iterator[tuple[ChainId, str, str]]:
        """The letters that one of *known* replaced, when no event of their own tells so."""
        case = self.slot.case
        told = {h.ref for h in case.happenings if h.kind == "superseded"} if case else set()
        for document in self.known:
            if case and document.supersedes and document.supersedes not in told:
                yield case.chain, document.supersedes, document.ref


def _slips(office: Office, manifest: Manifest) -> Iterator[Manifest]:
    """The reply slips that are made in the same act."""
    return (m for m in office.library.manifests().values() if m.reply_to == manifest.type)


def _made_before(slot: Slot, key: str) -> Document | None:
    documents = slot.case.documents if slot.case else ()
    return next((d for d in documents if d.key == key and not d.superseded_by), None)


def fingerprint(entry: DocumentEntry, letter: Letter) -> str:
    """A hash of what a letter says: the row's normalised values, its language and its names."""
    body = {
        "type": entry.type,
        "language": entry.language,
        "names": letter.names,
        "signers": letter.signers,
        "values": plain(entry.values),
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:  # noqa: ANN401  (JSON in, JSON out)
    """Values as JSON has them: dates as ISO texts, tuples as lists."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
