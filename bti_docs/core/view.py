"""A case as it would be, had only some of its events been. Pure.

What is closed to the reader, or not meant for the reader, must leave no mark on what is shown:
so the log is told again from the rest, instead of having pieces cut out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bti_docs.core.fold_facts import apply_fact
from bti_docs.core.fold_meetings import without_plans_of
from bti_docs.core.loose import numbers
from bti_docs.core.model import Baton, Case, Document, Happening


def narrowed(
    case: Case, happens: Callable[[Happening], bool], counts: Callable[[Document], bool]
) -> Case:
    """*case* told again from the happenings and documents that pass.

    With everything let through, the answer is *case* itself.
    """
    happenings = tuple(h for h in case.happenings if happens(h))
    documents = tuple(d for d in case.documents if counts(d))
    told = replace(
        case, happenings=happenings, documents=documents, level="", log="own", batons=(),
        offered=None, measures=(), consents=(), meetings=(), child_voice=(), decisions=(),
        audiences={}, allowed=frozenset(),
    )  # fmt: skip
    superseded = {h.ref: h.n for h in case.happenings if h.kind == "superseded" and h.ref}
    for happening in happenings:
        known = _as_of(happening.n, documents, superseded)
        told = _retold(replace(told, documents=known), case, happening)
    return replace(told, documents=documents)


def without_blocked(case: Case) -> Case:
    """*case* without what is closed to all but two named persons."""
    if not case.blocked:
        return case
    return narrowed(case, lambda h: not is_blocked(case, h), lambda d: not d.blocked)


def is_blocked(case: Case, happening: Happening) -> bool:
    """Whether the event itself, or the document it is about, is closed."""
    document = case.document(happening.ref or "")
    return happening.n in case.blocked or (document is not None and document.blocked)


def moved_out(case: Case) -> frozenset[int]:
    """Numbers of the events that brought a paper which belonged in another case."""
    out = (h for h in case.happenings if h.kind == "moved" and h.codes.get("way") != "in")
    return frozenset(n for h in out for n in numbers(h.codes.get("of")))


def _retold(told: Case, case: Case, happening: Happening) -> Case:
    if happening.kind in {"opened", "changed"}:
        told = replace(told, level=str(happening.codes.get("level", told.level)))
        told = _with_batons(told, _record_batons(case, happening))
    if happening.kind == "issued" and happening.codes.get("supersedes"):
        told = without_plans_of(told, str(happening.codes["supersedes"]))
    for fact in happening.facts:
        told = apply_fact(told, fact, happening)
    return told


def _with_batons(told: Case, batons: tuple[Baton, ...]) -> Case:
    return replace(told, batons=(*told.batons, *batons), offered=None) if batons else told


def _record_batons(case: Case, happening: Happening) -> tuple[Baton, ...]:
    """The batons of an event that come from the case's record and not from a fact."""
    told = sum(1 for f in happening.facts if f.get("fact") == "baton" and f.get("accepted"))
    brought = tuple(baton for baton in case.batons if baton.n == happening.n)
    return brought[: len(brought) - told]


def _as_of(
    n: int, documents: tuple[Document, ...], superseded: Mapping[str, int]
) -> tuple[Document, ...]:
    """The documents as they were at event *n*, as far as what consent asks of them goes."""
    return tuple(
        replace(d, superseded_by="") if superseded.get(d.ref, 0) > n else d
        for d in documents
        if d.issued_n <= n
    )
