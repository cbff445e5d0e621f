"""What a case's row says against what is known: a new case, the same, a change, or another child.

A change is shown, old and new, and made only when that is asked for. Whoever is protected stays so:
an import never takes a protection away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bti_docs.app.issuing.known import Slot, Slots, existing_slot
from bti_docs.app.issuing.wording import changes_text
from bti_docs.app.office import Office
from bti_docs.core.events import ChainId
from bti_docs.core.intake import CaseEntry, Checked
from bti_docs.core.intake_changes import Change, case_changes, other_child
from bti_docs.core.model import Case
from bti_docs.core.problems import Problem
from bti_docs.core.protection import CHILD, guardian_codes, lowered
from bti_docs.core.records import CaseRecord
from bti_docs.core.rows import Rules


def find_slots(office: Office, checked: Checked, *, replace: bool) -> tuple[Slots, list[Problem]]:
    """The cases of a batch, and what is wrong with their rows."""
    slots, problems = Slots(office), list[Problem]()
    for entry in checked.cases:
        slot, found = _slot(office, entry, replace=replace)
        names = (entry.key, entry.case_id) if entry.case_id else (entry.key,)
        if slot is None:
            slots.fail(*names)
        else:
            slots.put(slot, *names)
        problems += found
    return slots, problems


def rules_of(office: Office) -> Rules:
    """What rows are judged by, and the labels that people know."""
    library = office.library
    return Rules(
        library.manifests(), library.case_manifest(), office.profile, office.settings.language
    )


def _slot(office: Office, entry: CaseEntry, *, replace: bool) -> tuple[Slot | None, list[Problem]]:
    chain = ChainId(entry.case_id) if entry.case_id else office.index.chain_with_key(entry.key)
    if chain is None:
        return _new_slot(office, entry)
    if not office.archive.exists(chain):
        return None, [Problem("unknown_case_number", entry.place, {"case": chain})]
    return _compared(office, office.case(chain), entry, replace=replace)


def _new_slot(office: Office, entry: CaseEntry) -> tuple[Slot | None, list[Problem]]:
    child = entry.record.child
    birth = child.birth_date.isoformat() if child.birth_date else ""
    known = office.index.chains_of_child(child.name, birth, child.id_number)
    if known:
        return None, [Problem("child_known", entry.place, {"case": known[0]})]
    return Slot(entry.key, entry.record.language, None, entry.key, entry.record), []


def _compared(
    office: Office, case: Case, entry: CaseEntry, *, replace: bool
) -> tuple[Slot | None, list[Problem]]:
    """An existing case with what the row says of it."""
    slot = existing_slot(case)
    known, said = case.record, entry.record
    if known is None or said in (known, case.record_now):
        return slot, []
    found = [*_another_child(case, known, entry), *_unprotected(slot, known, entry)]
    if found:
        return None, found
    changed = _with_changes(slot, entry)
    if replace:
        return changed, []
    told = changes_text(_changes(office, case, said), office.say(office.settings.language))
    problem = Problem("case_changed", entry.place, {"case": case.chain, "changes": told})
    return _broken(changed), [problem]


def _changes(office: Office, case: Case, said: CaseRecord) -> tuple[Change, ...]:
    if case.record is None or case.record_now is None:
        return ()
    return case_changes(case.record, case.record_now, said, rules_of(office))


def _broken(slot: Slot) -> Slot:
    return replace(slot, broken=True)


def _with_changes(slot: Slot, entry: CaseEntry) -> Slot:
    return replace(slot, language=entry.record.language, record=entry.record, changed=True)


def _another_child(case: Case, known: CaseRecord, entry: CaseEntry) -> Iterator[Problem]:
    by_number = entry.case_id is not None
    if other_child(known.child, entry.record.child, by_number=by_number):
        number = entry.key.rpartition("/")[2]
        params: dict[str, str | int] = {"case": case.chain, "number": number}
        yield Problem("other_child" if by_number else "row_of_other_case", entry.place, params)


def _unprotected(slot: Slot, known: CaseRecord, entry: CaseEntry) -> Iterator[Problem]:
    """Only a person lifts a protection, in the case itself."""
    codes = guardian_codes(slot.people)
    for who in lowered(known, entry.record):
        person = CHILD if who is None else codes[who]
        yield Problem("protection_cleared", entry.place, {"case": slot.id, "person": person})
    if known.guardians_not_informed and not entry.record.guardians_not_informed:
        yield Problem("informed_cleared", entry.place, {"case": slot.id})
