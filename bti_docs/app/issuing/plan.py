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
    protection_problems,
)
from bti_docs.app.issuing.known import Slot, find_slots
from bti_docs.app.office import Office
from bti_docs.core.intake import Checked, DocumentEntry
from bti_docs.core.letters import APPROVER, Letter, People, letters, people_of
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


def plan_batch(office: Office, checked: Checked, *, replace: bool, only: str | None) -> Plan:
    """Plan every letter of *checked*; *only* keeps the rows of one case."""
    slots, problems = find_slots(office, checked, replace=replace)
    problems = [*checked.problems, *problems]
    wishes: list[Wish] = []
    known: list[str] = []
    entries = [e for e in checked.documents if only is None or e.case_id == only]
    for entry in entries:
        row = _Row(office, entry, slots.of(entry), replace=replace, alone=len(entries) == 1)
        if not row.broken(problems):
            row.plan(wishes, known, problems)
    return Plan(slots.touched(), tuple(wishes), tuple(problems), len(known), tuple(known))


class _Row:
    """One row of the input on its way to letters."""

    def __init__(
        self, office: Office, entry: DocumentEntry, slot: Slot | None, *, replace: bool, alone: bool
    ) -> None:
        self.office, self.entry, self.slot = office, entry, slot
        self.replace, self.alone = replace, alone
        self.manifest = office.library.manifest(entry.type)

    def broken(self, problems: list[Problem]) -> bool:
        """Whether the row has an error of its own or no case to go into."""
        place = self.entry.place
        if any(p.place.sheet == place.sheet and p.place.row == place.row and p.severity == "error"
               for p in problems):  # fmt: skip
            return True
        if self.slot is None:
            problems.append(Problem("case_missing", place))
        return self.slot is None

    def plan(self, wishes: list[Wish], known: list[str], problems: list[Problem]) -> None:
        """Add the row's letters, or say what stands in the way."""
        slot = self.slot
        if slot is None:
            return
        found = protection_problems(self.entry, slot, self.manifest, alone=self.alone)
        if names_a_child(self.office, self.entry, slot):
            found = (Problem("anonymous_names_child", self.entry.place),)
        made = () if found else self._letters(people_of(slot.people))
        if not found and not made:
            found = (Problem("nobody_to_write_to", self.entry.place),)
        problems += found
        problems += consent_warnings(self.office, self.entry, slot, self.manifest)
        for letter in made:
            for manifest in (self.manifest, *_slips(self.office, self.manifest)):
                self._wish(manifest, letter, slot, wishes, known, problems)

    def _letters(self, people: People | None) -> tuple[Letter, ...]:
        if self.manifest.signers == "approver":
            name = str(self.entry.values.get(self.manifest.approver or "", ""))
            return (Letter(None, (name,), (APPROVER,)),)
        if people is None or (self.slot and self.slot.series):
            return (Letter(None),)
        return letters(
            self.manifest,
            people,
            wanted=self.entry.recipients,
            profile=self.office.profile,
            on=self.office.today,
        )

    def _wish(
        self,
        manifest: Manifest,
        letter: Letter,
        slot: Slot,
        wishes: list[Wish],
        known: list[str],
        problems: list[Problem],
    ) -> None:
        key = f"{self.entry.key}#{letter.recipient or ''}#{manifest.type}"
        print_of = fingerprint(self.entry, letter)
        before = _made_before(slot, key)
        if before and before.fingerprint == print_of:
            known.append(before.ref)
            return
        if before and not self.replace:
            problems.append(Problem("row_changed", self.entry.place, {"old": before.ref}, "error"))
            return
        language = self.entry.language or slot.language
        own = letter if manifest is self.manifest else Letter(letter.recipient, letter.names)
        wishes.append(Wish(key, self.entry, manifest, language, slot, own, print_of, before))


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
