"""Lawful removal: kassasjon when the time is up, sletting of what should never have been here.

Two members of staff answer for it. Events stay, so the chain still verifies; contents go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.app.relay import refresh_logs
from bti_docs.app.staff import staff
from bti_docs.core.events import Act, ChainId
from bti_docs.core.model import Case, Document
from bti_docs.core.references import Reference, show_reference
from bti_docs.errors import InputError

GROUNDS: Final = ("kassasjon", "sletting")


@dataclass(frozen=True, slots=True)
class Disposed:
    """What went."""

    case: ChainId
    events: int
    paths: tuple[str, ...]


def dispose(
    office: Office,
    case: Case,
    refs: Sequence[Reference],
    *,
    ground: str,
    law: str,
    second: str,
    why: str,
) -> Disposed:
    """Remove the contents of a case, or of the documents *refs*, for good.

    Raises:
        InputError: the second person is not another member of staff, the case is still open, the
            law is not in the profile, or there is nothing left to remove.
    """
    _check(office, case, refs, ground=ground, law=law, second=second)
    numbers = tuple(_numbers(office, case, refs))
    if not numbers:
        raise InputError("nothing_to_dispose", case=case.chain)
    codes = {"of": list(numbers), "ground": ground, "law": law, "second": second,
             "on": office.today.isoformat()}  # fmt: skip
    payload = {"why": why}
    act = Act("disposed", office.actor, codes=codes, payload=payload)
    entry = office.archive.append(case.chain, case.head, act, office.clock())
    paths = office.archive.remove_disposed(case.chain)
    office.after_writing((entry,))
    _clear_outbox(office, [d for d in case.documents if not refs or d.ref in refs])
    if refs:
        refresh_logs(office, [case.chain])
    return Disposed(case.chain, len(numbers), paths)


def _check(
    office: Office, case: Case, refs: Sequence[Reference], *, ground: str, law: str, second: str
) -> None:
    if second == office.actor or second not in staff(office):
        raise InputError("second_person_needed", person=second)
    if ground == "kassasjon" and case.open:
        raise InputError("case_still_open", case=case.chain)
    if not any(reference.key == law for reference in office.profile.law):
        known = ", ".join(dict.fromkeys(reference.key for reference in office.profile.law))
        raise InputError("unknown_law", law=law, known=known)
    for ref in refs:
        if case.document(ref) is None:
            raise InputError("unknown_reference", ref=show_reference(ref))


def _numbers(office: Office, case: Case, refs: Sequence[Reference]) -> Iterator[int]:
    """The events whose payload is still there, of the documents named or of the whole case."""
    wanted = set(refs)
    for entry in office.archive.history(case.chain):
        event = entry.event
        there = entry.payload is not None and event.kind != "disposed"
        if there and (not wanted or event.ref in wanted):
            yield event.n


def _clear_outbox(office: Office, documents: Sequence[Document]) -> None:
    """Copies to print from go at once, and the heaps they were printed in."""
    outbox = office.settings.outbox
    marks = {f"_{document.ref}_" for document in documents}
    marks |= {f"{document.batch}_" for document in documents if document.batch}
    for name in files.listing(outbox):
        if any(mark in name for mark in marks):
            files.remove(office.disk, outbox / name)
