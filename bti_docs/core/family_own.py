"""The case as it is for one person: told again from what is theirs, with numbers of its own. Pure.

The facts of a row travel with one of its letters only. Whoever has another letter of the same set
is told the same, as if the facts had come with that one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from bti_docs.core.consent import in_force
from bti_docs.core.events import Json
from bti_docs.core.family_access import Access
from bti_docs.core.model import Case, Document, Happening
from bti_docs.core.view import narrowed

_MEETINGS: Final = frozenset({"meeting", "next_meeting"})


def case_for(
    case: Case, person: str, *, on: date, with_consent: Collection[str]
) -> tuple[Case, Access]:
    """*case* as it is for *person* on *on*, and what of it is theirs.

    *with_consent* are the types that a family has only when there is a consent. Whether there is
    one is seen from the person's own side, so that a consent they may not know of tells nothing.
    """
    gated = [d for d in case.documents if d.type in with_consent]
    access = Access(case, person, frozenset(d.ref for d in gated))
    own = _told_to(access)
    covered = {d.ref for d in gated if _is_covered(own, d, on)}
    if covered:
        access = replace(access, closed=access.closed - covered)
        own = _told_to(access)
    return _with_own_numbers(own), access


def _is_covered(own: Case, document: Document, on: date) -> bool:
    """Whether a consent held when the paper was made, or came in, or holds now."""
    days = (document.issued_on, document.returned_on, on)
    return any(in_force(own, when) for when in days if when is not None)


def _told_to(access: Access) -> Case:
    shared = replace(access.case, happenings=tuple(_with_shared_facts(access)))
    return narrowed(shared, access.happening, access.counts)


# --- what letters of one set tell ------------------------------------------------------------


def _with_shared_facts(access: Access) -> Iterator[Happening]:
    """The happenings, where what another's letter tells stands with the person's own."""
    moved = dict(_moved_facts(access))
    for happening in access.case.happenings:
        document = _letter_of(access.case, happening)
        if happening.n in moved:
            yield replace(happening, facts=(*happening.facts, *moved[happening.n]))
        elif document is None or not happening.facts or _is_given(access, document):
            yield happening
        elif _own_letter(access, document):
            yield replace(happening, facts=())
        elif facts := _known_meetings(access, document, happening):
            on = {"on": happening.codes.get("on")}
            yield replace(happening, kind="noted", ref=None, codes=on, facts=facts, why="")
        else:
            yield happening


def _moved_facts(access: Access) -> Iterator[tuple[int, tuple[Json, ...]]]:
    """By the event of the person's own letter: what was told with the first of its set."""
    found: set[int] = set()
    for happening in access.case.happenings:
        document = _letter_of(access.case, happening)
        if document is None or not happening.facts or _is_given(access, document):
            continue
        own = _own_letter(access, document)
        if own is not None and own.issued_n not in found:
            found.add(own.issued_n)
            yield own.issued_n, happening.facts


def _letter_of(case: Case, happening: Happening) -> Document | None:
    """The letter that an event made; None for other events, and what is not to be told of."""
    document = case.document(happening.ref or "") if happening.kind == "issued" else None
    if document is None or document.moved or document.blocked or happening.n in case.blocked:
        return None
    return document


def _is_given(access: Access, document: Document) -> bool:
    return access.document(document) == "given"


def _own_letter(access: Access, document: Document) -> Document | None:
    """The person's first letter of the same set."""
    own = (d for d in _of_one_set(access.case, document) if _is_given(access, d))
    return next((d for d in own if not d.removed), None)


def _known_meetings(access: Access, document: Document, happening: Happening) -> tuple[Json, ...]:
    """The meetings of the case in another's letter, until a later letter has told of them anew."""
    newer = access.case.document(document.superseded_by)
    told_anew = newer is not None and _may_know(access, newer)
    if told_anew or not _may_know(access, document):
        return ()
    return tuple(fact for fact in happening.facts if fact.get("fact") in _MEETINGS)


def _may_know(access: Access, document: Document) -> bool:
    return any(map(access.may_know_meeting, _of_one_set(access.case, document)))


def _of_one_set(case: Case, document: Document) -> tuple[Document, ...]:
    """The same letter to each of its recipients."""
    if not document.set:
        return (document,)
    same = (d for d in case.documents if d.set == document.set)
    return tuple(d for d in same if d.type == document.type)


# --- numbers of its own ----------------------------------------------------------------------


def _with_own_numbers(case: Case) -> Case:
    """The measures by the numbers that papers say, the rest counted anew.

    The log's own numbers would tell of measures that are not here. With nothing held back the
    numbers are the log's.
    """
    numbers = _own_numbers(case)
    measures = tuple(replace(m, id=numbers[m.id]) for m in case.measures)
    happenings = tuple(
        replace(h, facts=tuple(_renumbered(fact, numbers) for fact in h.facts))
        for h in case.happenings
    )
    return replace(case, measures=measures, happenings=happenings)


def _own_numbers(case: Case) -> dict[str, str]:
    said = {m.id for m in case.measures if m.numbered}
    numbers: dict[str, str] = {}
    for measure in case.measures:
        number = len(numbers) + 1
        while f"t{number}" in said or f"t{number}" in numbers.values():
            number += 1
        numbers[measure.id] = measure.id if measure.numbered else f"t{number}"
    return numbers


def _renumbered(fact: Json, numbers: dict[str, str]) -> Json:
    if fact.get("fact") != "measure":
        return fact
    known = str(fact.get("id") or "")
    return {**fact, "id": numbers.get(known, known)}
