"""Which case each row belongs to: one that is there, one to be opened, or a series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bti_docs.app.office import Office
from bti_docs.core.events import ChainId, Json
from bti_docs.core.intake import CaseEntry, Checked, DocumentEntry
from bti_docs.core.model import Case
from bti_docs.core.person_codes import current_people, person_codes
from bti_docs.core.problems import Problem
from bti_docs.core.records import CaseRecord


@dataclass(frozen=True, slots=True)
class Slot:
    """A case as a batch sees it."""

    id: str
    """The case number, or the row's identity for a case that is to be opened."""
    language: str
    case: Case | None = None
    entry: CaseEntry | None = None
    record: CaseRecord | None = None
    people: Mapping[str, Json] = field(default_factory=dict)
    changed: bool = False
    """What the row says differs from what is known, and is to be written."""
    series: ChainId | None = None
    """A series that is to be opened when it is new."""

    @property
    def new(self) -> bool:
        """Whether the chain is to be opened."""
        return self.case is None


class Slots:
    """The slots of a batch, found by what a document row says of its case."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._slots: dict[str, Slot] = {}

    def put(self, slot: Slot, *names: str) -> None:
        """Remember a slot under the names that rows may use for it."""
        for name in (slot.id, *names):
            self._slots[name] = slot

    def touched(self, only: str | None) -> tuple[Slot, ...]:
        """The cases that are to be opened or changed, each once; *only* that one of them."""
        found = {s.id: s for s in self._slots.values() if s.changed or s.new}
        return tuple(slot for slot in found.values() if only in (None, slot.id))

    def of(self, entry: DocumentEntry) -> Slot | None:
        """The slot of a document row; None when nothing says, or no such case is there."""
        series = series_of(self._office, entry)
        if series:
            made = self._office.index.act(letter_key(entry, None, entry.type))
            return self._series(made.chain if made else series, entry)
        name = entry.case_id or entry.case_key or ""
        if name not in self._slots and entry.case_id:
            self._read(entry.case_id)
        return self._slots.get(name)

    def _read(self, case_id: str) -> None:
        chain = ChainId(case_id)
        if self._office.archive.exists(chain):
            self.put(existing_slot(self._office.case(chain)))

    def _series(self, chain: ChainId, entry: DocumentEntry) -> Slot:
        if chain not in self._slots:
            exists = self._office.archive.exists(chain)
            case = self._office.case(chain) if exists else None
            language = entry.language or self._office.profile.language
            self.put(Slot(chain, language, case=case, series=chain))
        return self._slots[chain]


def existing_slot(case: Case) -> Slot:
    """A case that is there, as it is."""
    return Slot(
        case.chain, case.language, case=case, record=case.record, people=current_people(case)
    )


def letter_key(entry: DocumentEntry, recipient: str | None, type_code: str) -> str:
    """Identity of a letter: its row's, the recipient's code and, for a reply slip, its type."""
    return f"{entry.key}#{recipient or ''}#{type_code}"


def series_of(office: Office, entry: DocumentEntry) -> ChainId | None:
    """`E07-TVT-2026`: a unit's series of a type, for types and modes that name no child."""
    manifest = office.library.manifest(entry.type)
    field_key, _, choice = (manifest.anonymous or "").partition("=")
    anonymous = bool(field_key) and entry.values.get(field_key) == choice
    if manifest.chain == "sak" and not anonymous:
        return None
    unit = str(entry.values.get(manifest.unit or "") or "kommunen")
    ascii_unit = "".join(c for c in unit.upper() if c.isascii() and c.isalnum()) or "KOMMUNEN"
    return ChainId(f"{ascii_unit}-{entry.type}-{office.today.year}")


def find_slots(office: Office, checked: Checked, *, replace: bool) -> tuple[Slots, list[Problem]]:
    """The cases of a batch, and what is wrong with their rows."""
    slots, problems = Slots(office), list[Problem]()
    for entry in checked.cases:
        slot = _slot(office, entry, problems, replace=replace)
        if slot is not None:
            slots.put(slot, entry.key, *([entry.case_id] if entry.case_id else []))
    return slots, problems


def _slot(
    office: Office, entry: CaseEntry, problems: list[Problem], *, replace: bool
) -> Slot | None:
    chain = ChainId(entry.case_id) if entry.case_id else office.index.chain_with_key(entry.key)
    if chain is None:
        return _new_slot(office, entry, problems)
    if not office.archive.exists(chain):
        problems.append(Problem("unknown_case_number", entry.place, {"case": chain}))
        return None
    return _compared(office.case(chain), entry, problems, replace=replace)


def _new_slot(office: Office, entry: CaseEntry, problems: list[Problem]) -> Slot | None:
    child = entry.record.child
    birth = child.birth_date.isoformat() if child.birth_date else ""
    known = office.index.chains_of_child(child.name, birth, child.id_number)
    if known:
        problems.append(Problem("child_known", entry.place, {"case": known[0]}))
        return None
    people = person_codes(entry.record, {})
    return Slot(entry.key, entry.record.language, None, entry, entry.record, people)


def _compared(
    case: Case, entry: CaseEntry, problems: list[Problem], *, replace: bool
) -> Slot | None:
    """An existing case with what the row says of it; changes are changes to confirm."""
    slot = existing_slot(case)
    known, said = case.record, entry.record
    if known is None or said in (known, case.record_now):
        return slot
    if _other_child(known, said):
        problems.append(Problem("other_child", entry.place, {"case": case.chain}))
        return None
    if _clears_protection(known, said):
        problems.append(Problem("protection_cleared", entry.place, {"case": case.chain}))
        return None
    if not replace:
        problems.append(Problem("case_changed", entry.place, {"case": case.chain}))
        return None
    return _with_changes(slot, entry)


def _with_changes(slot: Slot, entry: CaseEntry) -> Slot:
    people = person_codes(entry.record, slot.case.people if slot.case else {})
    language = entry.record.language
    return replace(
        slot, language=language, entry=entry, record=entry.record, people=people, changed=True
    )


def _other_child(known: CaseRecord, said: CaseRecord) -> bool:
    a, b = known.child, said.child
    births = a.birth_date and b.birth_date and a.birth_date != b.birth_date
    numbers = a.id_number and b.id_number and a.id_number != b.id_number
    return bool(births or numbers)


def _clears_protection(known: CaseRecord, said: CaseRecord) -> bool:
    """An import never takes a protection away; only a person does, in the case itself."""
    cleared_child = known.child.protection != "ingen" and said.child.protection == "ingen"
    names = {g.name for g in known.guardians if g.protection != "ingen"}
    cleared = any(g.name in names and g.protection == "ingen" for g in said.guardians)
    told = known.guardians_not_informed and not said.guardians_not_informed
    return cleared_child or cleared or told
