"""Which case each row belongs to: one that is there, one to be opened, or a series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bti_docs.app.office import Office
from bti_docs.core.events import ChainId, Json
from bti_docs.core.intake import DocumentEntry
from bti_docs.core.model import Case
from bti_docs.core.person_codes import person_codes
from bti_docs.core.records import CaseRecord


@dataclass(frozen=True, slots=True)
class Slot:
    """A case as a batch sees it."""

    id: str
    """The case number, or the row's identity for a case that is to be opened."""
    language: str
    case: Case | None = None
    key: str = ""
    """The identity of the row that opens the case."""
    record: CaseRecord | None = None
    changed: bool = False
    """What the row says differs from what is known, and is to be written."""
    broken: bool = False
    """The case's row has a problem: its documents are looked at, and not made."""
    series: ChainId | None = None
    """A series that is to be opened when it is new."""

    @property
    def new(self) -> bool:
        """Whether the chain is to be opened."""
        return self.case is None

    @property
    def number(self) -> str:
        """The case's number; blank as long as it has none."""
        return self.case.chain if self.case else ""

    @property
    def people(self) -> Mapping[str, Json]:
        """Whom the record names, by their codes; put together when asked for, to save memory."""
        known = self.case.people if self.case else {}
        return person_codes(self.record, known) if self.record else known


class Slots:
    """The slots of a batch, found by what a document row says of its case."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._slots: dict[str, Slot] = {}
        self._failed: set[str] = set()

    def put(self, slot: Slot, *names: str) -> None:
        """Remember a slot under the names that rows may use for it."""
        for name in (slot.id, *names):
            self._slots[name] = slot

    def fail(self, *names: str) -> None:
        """Remember that the case's row is no good, under the names that rows may use for it."""
        self._failed.update(names)

    def touched(self) -> tuple[Slot, ...]:
        """The cases that are to be opened or changed, each once."""
        found = {s.id: s for s in self._slots.values() if (s.changed or s.new) and not s.broken}
        return tuple(found.values())

    def failed(self, entry: DocumentEntry) -> bool:
        """Whether the case of a document row has a row of its own that is no good."""
        return not self._failed.isdisjoint({entry.case_id, entry.case_key})

    def of(self, entry: DocumentEntry) -> Slot | None:
        """The slot of a document row; None when there is no such case."""
        series = series_of(self._office, entry)
        if series:
            made = self._office.index.act(letter_key(entry, None, entry.type))
            return self._series(made.chain if made else series, entry)
        if self.failed(entry):
            return None
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
    return Slot(case.chain, case.language, case=case, record=case.record)


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
