"""One row of an input on its way to letters: those to make, those there, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bti_docs.app.issuing.checks import (
    consent_warnings,
    names_a_child,
    paper_warnings,
    protection_problems,
    responsibility_problems,
)
from bti_docs.app.issuing.comparing import rules_of
from bti_docs.app.issuing.known import Slot, letter_key
from bti_docs.app.issuing.values import fingerprint, with_defaults
from bti_docs.app.issuing.wording import changes_text
from bti_docs.app.office import Office
from bti_docs.core.events import ChainId
from bti_docs.core.intake import DocumentEntry
from bti_docs.core.intake_changes import Change, row_changes
from bti_docs.core.letters import APPROVER, Letter, letters, people_of
from bti_docs.core.manifest import Manifest
from bti_docs.core.model import Document
from bti_docs.core.problems import Problem
from bti_docs.core.references import Reference, show_reference


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


class RowPlan:
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
        self._changed: list[Document] = []

    def plan(self) -> None:
        """Find the row's letters, or what stands in the way."""
        self.problems += self._moved()
        made = () if self.problems else self._letters()
        for letter in made:
            for manifest in (self.manifest, *_slips(self.office, self.manifest)):
                self._wish(manifest, letter)
        if not made and not self.problems:
            nobody = Problem("nobody_to_write_to", self.entry.place)
            self.problems += self._unclear() or (nobody,)
        if self.wishes:
            self._check()
        if self.slot.broken:
            self.wishes = []
        self.problems += self._changes()

    def _moved(self) -> Iterator[Problem]:
        """Whether letters of the row are in another case: its Sak was changed since."""
        if self.slot.series:
            return
        for chain in self.office.index.chains_of_row(self.entry.key):
            if chain != self.slot.number:
                code = "row_moved" if self.slot.case else "row_moved_new"
                params = {"old": chain, "case": self.slot.number}
                yield Problem(code, self.entry.place, params)

    def _check(self) -> None:
        """What stands in the way of new letters; those that are there are there."""
        place, letters = self.entry.place, [wish.letter for wish in self.wishes]
        found = protection_problems(
            self.entry, self.slot, self.manifest, letters, alone=self.alone
        )  # fmt: skip
        found += self._unclear()
        if self.slot.case and not self.slot.case.open:
            found = (Problem("case_has_ended", place, {"case": self.slot.case.chain}),)
        if names_a_child(self.office, self.entry, self.slot):
            found = (Problem("anonymous_names_child", place),)
        if found:
            self.wishes = []
        self.problems += found
        if self.wishes:
            self.problems += paper_warnings(self.office, self.slot, self.manifest, place)
        self.problems += consent_warnings(self.office, self.entry, self.slot, self.manifest)

    def _unclear(self) -> tuple[Problem, ...]:
        office = self.office
        return responsibility_problems(
            self.entry, self.slot, self.manifest, office.today, office.profile
        )

    def _changes(self) -> Iterator[Problem]:
        """That the row says something else than its letters do: old and new, once a row."""
        if not self._changed:
            return
        say = self.office.say(self.office.settings.language)
        refs = ", ".join(show_reference(Reference(document.ref)) for document in self._changed)
        params = {"old": refs, "changes": changes_text(self._differences(), say)}
        yield Problem("row_changed", self.entry.place, params)

    def _differences(self) -> tuple[Change, ...]:
        """What is new since the letter; nothing can be told of one that has come back filled in."""
        old = next((d for d in self._changed if d.type == self.entry.type), None)
        if old is None or old.returned_on or not old.record:
            return ()
        made_on = old.issued_on or self.office.today
        new = with_defaults(self.entry, self.manifest, self.office.profile, made_on)
        return row_changes(self.manifest, old.record, new, rules_of(self.office))

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
            self._changed.append(before)
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
