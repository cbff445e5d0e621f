"""The relay log is the fold of a chain's events. Total: whatever stands there, something comes out.

What a newer program wrote stays in the timeline; what was lawfully removed shows as removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from pydantic import ValidationError

from bti_docs.core.deadlines import event_day, local_day
from bti_docs.core.events import ChainId, Entry, Head, Json
from bti_docs.core.fold_facts import YES, apply_fact, identified
from bti_docs.core.fold_meetings import without_plans_of
from bti_docs.core.loose import day, decimal, mapping, mappings, number, numbers, texts
from bti_docs.core.model import Baton, Case, Document, DocumentFile, Happening
from bti_docs.core.paper import Box, Place
from bti_docs.core.records import CaseRecord

__all__ = ["fold", "local_day"]


def fold(chain: ChainId, entries: Iterable[Entry], *, onto: Case | None = None) -> Case:
    """The case (or series) that *entries* tell, in their order, *onto* what earlier ones told."""
    history = tuple(entries)
    moved_out = _moved_out(history)
    case = onto or Case(chain)
    for entry in history:
        gone = entry.event.n in moved_out
        case = _step(case, replace(entry, payload=None) if gone else entry, moved_out=gone)
    return case


def _moved_out(history: Iterable[Entry]) -> frozenset[int]:
    """The acts that brought a paper which turned out to be another case's.

    What they say never happened here: whoever was to sign is still asked to.
    """
    return frozenset(
        n
        for entry in history
        if entry.event.kind == "moved" and entry.event.codes.get("way") != "in"
        for n in numbers(entry.event.codes.get("of"))
        if n < entry.event.n
    )


def _step(case: Case, entry: Entry, *, moved_out: bool) -> Case:
    event, payload = entry.event, entry.payload or {}
    said = mappings(payload.get("facts"))
    happening = Happening(
        event.n, event.at, event.actor, event.kind, event.ref, event.codes, said,
        str(payload.get("why", "")), entry.removed,
    )  # fmt: skip
    known = case.document(event.ref or "") is not None
    case = replace(case, head=Head(event.n, entry.hash))
    case = case if moved_out and known else _apply_kind(case, entry, payload)
    facts: list[Json] = []
    for fact in said:
        facts.append(identified(case, fact))
        case = apply_fact(case, facts[-1], happening)
    happening = replace(happening, facts=tuple(facts))
    return replace(case, happenings=(*case.happenings, happening))


def _apply_kind(case: Case, entry: Entry, payload: Json) -> Case:
    apply = _KINDS.get(entry.event.kind, _with_document_step)
    return apply(case, entry, payload)


# --- people ---------------------------------------------------------------------------------


def _with_people(case: Case, entry: Entry, payload: Json) -> Case:
    event, codes = entry.event, entry.event.codes
    record, before = _case_record(payload.get("record")), case.record
    if event.kind == "opened":
        case = replace(
            case,
            kind=str(codes.get("kind", "sak")),
            opened_on=event_day(codes, event.at),
            key=str(payload.get("key", "")),
        )
    case = replace(
        case,
        language=str(codes.get("language", case.language)),
        level=str(codes.get("level", case.level)),
        people={**case.people, **_people(payload)},
        record=record or case.record,
    )
    since = event_day(codes, event.at)
    return (
        _with_holder(case, before, Baton(record.relay_holder, since, n=event.n)) if record else case
    )


def _with_holder(case: Case, before: CaseRecord | None, said: Baton) -> Case:
    """The baton goes to the holder that the record names, when it named another one before."""
    name = said.holder.name
    now = case.baton.holder.name if case.baton else ""
    if not name or name in (now, before.relay_holder.name if before else ""):
        return case
    return replace(case, batons=(*case.batons, said), offered=None)


def _case_record(values: object) -> CaseRecord | None:
    if not isinstance(values, Mapping):
        return None
    try:
        return CaseRecord.model_validate(dict(values))
    except ValidationError:
        return None


# --- documents ------------------------------------------------------------------------------


def _with_issued(case: Case, entry: Entry, payload: Json) -> Case:
    event, codes = entry.event, entry.event.codes
    document = Document(
        ref=event.ref or "",
        type=str(codes.get("type", "")),
        language=str(codes.get("language", "nb")),
        recipient=str(codes["recipient"]) if codes.get("recipient") else None,
        set=str(codes.get("set", "")),
        batch=str(codes.get("batch", "")),
        audience=str(codes.get("audience", "family")),
        settles=texts(codes.get("settles")),
        signers=texts(codes.get("signers")),
        asked=texts(codes.get("asked")),
        pages=number(codes.get("pages")),
        by_hand=bool(codes.get("by_hand")),
        issued_on=event_day(codes, event.at),
        issued_n=event.n,
        due=day(codes.get("due")),
        done=frozenset(texts(codes.get("done"))),
        supersedes=str(codes.get("supersedes", "")),
        key=str(payload.get("key", "")),
        record=mapping(payload.get("record")),
        fingerprint=str(payload.get("fingerprint", "")),
        places=tuple(_place(p) for p in mappings(payload.get("places"))),
        files=_files(event.n, payload),
        removed=entry.removed,
    )
    case = _replaced(case, document) if document.supersedes else case
    return replace(case, documents=(*case.documents, document))


def _replaced(case: Case, new: Document) -> Case:
    """The letter that *new* replaces has ended, and calls to no meeting any more.

    Said by the new letter's own event, so that a program that was stopped before it wrote the
    `superseded` one leaves no two letters waiting.
    """
    old = case.document(new.supersedes)
    if old is None:
        return case
    ended = replace(old, superseded_by=new.ref, settled_on=new.issued_on)
    return _put(without_plans_of(case, old.ref), ended)


def _with_document_step(case: Case, entry: Entry, payload: Json) -> Case:
    event, on = entry.event, event_day(entry.event.codes, entry.event.at)
    document = case.document(event.ref or "")
    if document is None:
        return _with_foreign_paper(case, entry, payload) if event.ref else case
    files = (*document.files, *_files(event.n, payload))
    codes = event.codes
    match event.kind:
        case "sent":
            changed = replace(
                document, sent_on=on, sent_how=str(codes.get("how", "")),
                due=day(codes.get("due")) or document.due,
            )  # fmt: skip
        case "filed":
            seen = frozenset(texts(codes.get("seen")))
            # a sheet with a further signature is one that nobody has read yet
            done = document.done - ({"read"} if seen - document.signed_by else frozenset())
            changed = replace(
                document,
                returned_on=on,
                signed_by=document.signed_by | seen,
                done=done | set(texts(codes.get("done"))),
                record=mapping(payload.get("record")) or document.record,
            )
        case "read" | "accepted" | "noted" | "approved":
            step = () if _is_about_paper(payload) else (event.kind,)
            heard = _heard(payload) if event.kind == "noted" else frozenset()
            done = document.done | {*(() if heard else step), *texts(codes.get("done"))}
            changed = replace(document, done=done, heard=document.heard | heard)
        case "settled":
            changed = replace(document, settled_how=str(codes.get("how", "")), settled_on=on)
        case "superseded":
            changed = replace(document, superseded_by=str(codes.get("by", "")), settled_on=on)
        case _:
            changed = document
    return _put(case, replace(changed, files=files))


def _is_about_paper(payload: Json) -> bool:
    """Whether an act only says who may have the paper, or where else it is: no step of its own."""
    facts = mappings(payload.get("facts"))
    return bool(facts) and all(fact.get("fact") in {"audience", "journal"} for fact in facts)


def _heard(payload: Json) -> frozenset[str]:
    """Who says yes to a consent aloud, while its paper still waits for the others."""
    facts = (f for f in mappings(payload.get("facts")) if f.get("fact") == "consent")
    return frozenset(who for f in facts if f.get("outcome") in YES for who in texts(f.get("by")))


def _with_foreign_paper(case: Case, entry: Entry, payload: Json) -> Case:
    """A paper that we did not make (INN) or that was moved here has no `issued` event."""
    event, codes = entry.event, entry.event.codes
    if event.kind != "filed":
        return case
    on = event_day(codes, event.at)
    document = Document(
        ref=event.ref or "",
        type=str(codes.get("type", "INN")),
        audience=str(codes.get("audience", "review")),
        issued_on=on,
        issued_n=event.n,
        returned_on=on,
        files=_files(event.n, payload),
        removed=entry.removed,
    )
    return replace(case, documents=(*case.documents, document))


def _with_removed(case: Case, entry: Entry, payload: Json) -> Case:
    gone = numbers(entry.event.codes.get("of"))
    incoming = entry.event.kind == "moved" and entry.event.codes.get("way") == "in"
    if incoming:
        return _with_foreign_paper(
            case, replace(entry, event=replace(entry.event, kind="filed")), payload
        )
    moved = entry.event.kind == "moved"
    documents = tuple(
        replace(
            d,
            files=tuple(f for f in d.files if f.n not in gone),
            removed=d.removed or d.issued_n in gone,
            moved=d.moved or (moved and d.issued_n in gone),
        )
        for d in case.documents
    )
    return replace(case, documents=documents)


def _with_end(case: Case, entry: Entry, _payload: Json) -> Case:
    closed = entry.event.kind == "closed"
    return replace(case, closed_on=local_day(entry.event.at) if closed else None)


def _with_blocked(case: Case, entry: Entry, _payload: Json) -> Case:
    closed = numbers(entry.event.codes.get("of"))
    documents = tuple(replace(d, blocked=d.blocked or d.issued_n in closed) for d in case.documents)
    return replace(case, documents=documents, blocked=case.blocked | closed)


def _people(payload: Json) -> dict[str, Json]:
    found = mapping(payload.get("people")).items()
    return {code: mapping(body) for code, body in found if code}


def _put(case: Case, document: Document) -> Case:
    documents = tuple(document if d.ref == document.ref else d for d in case.documents)
    return replace(case, documents=documents)


def _files(n: int, payload: Json) -> tuple[DocumentFile, ...]:
    return tuple(
        DocumentFile(
            str(d.get("path", "")), str(d.get("media", "")), str(d.get("role", "")), n,
            str(d.get("sha256", "")), number(d.get("bytes")),
        )
        for d in mappings(payload.get("documents"))
    )  # fmt: skip


def _place(body: Mapping[str, Any]) -> Place:
    box = Box(*(decimal(body.get(side)) for side in "xywh"))
    signer = str(body["signer"]) if body.get("signer") else None
    return Place(signer, str(body.get("label", "")), number(body.get("page")) or 1, box)


_KINDS: Final[Mapping[str, Callable[[Case, Entry, Json], Case]]] = {
    "opened": _with_people,
    "changed": _with_people,
    "issued": _with_issued,
    "closed": _with_end,
    "reopened": _with_end,
    "disposed": _with_removed,
    "moved": _with_removed,
    "blocked": _with_blocked,
}
