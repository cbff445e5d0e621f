"""The relay log is the fold of a chain's events. Total: whatever stands there, something comes out.

Unknown kinds and facts of a newer program stay in the timeline; a payload that was removed by a
lawful act shows as removed. No sentence is made here, and nothing is decided about what to do next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from bti_docs.core.events import ChainId, Entry, Head, Json
from bti_docs.core.fold_facts import apply_fact
from bti_docs.core.model import Baton, Case, Document, DocumentFile, Happening
from bti_docs.core.paper import Box, Place
from bti_docs.core.records import CaseRecord, Person

OSLO = ZoneInfo("Europe/Oslo")
_GUARDIAN, _PARTICIPANT = "f", "d"


def fold(chain: ChainId, entries: Iterable[Entry]) -> Case:
    """The case (or series) that *entries* tell, in their order."""
    case = Case(chain)
    for entry in entries:
        case = _step(case, entry)
    return case


def local_day(at: datetime) -> date:
    """The day in Norway at an instant."""
    return at.astimezone(OSLO).date()


def _step(case: Case, entry: Entry) -> Case:
    event, payload = entry.event, entry.payload or {}
    facts = tuple(fact for fact in payload.get("facts", ()) if isinstance(fact, dict))
    happening = Happening(
        event.n, event.at, event.actor, event.kind, event.ref, event.codes, facts,
        str(payload.get("why", "")), entry.removed,
    )  # fmt: skip
    case = replace(
        case,
        head=Head(event.n, entry.hash),
        happenings=(*case.happenings, happening),
    )
    case = _apply_kind(case, entry, payload)
    for fact in facts:
        case = apply_fact(case, fact, happening)
    return case


def _apply_kind(case: Case, entry: Entry, payload: Json) -> Case:
    event = entry.event
    match event.kind:
        case "opened" | "changed":
            return _with_people(case, entry, payload)
        case "issued":
            return _with_issued(case, entry, payload)
        case "closed":
            return replace(case, closed_on=local_day(event.at))
        case "reopened":
            return replace(case, closed_on=None)
        case "disposed" | "moved":
            return _with_removed(case, entry, payload)
        case _:
            return _with_document_step(case, entry, payload)


# --- people ---------------------------------------------------------------------------------


def _with_people(case: Case, entry: Entry, payload: Json) -> Case:
    event, codes = entry.event, entry.event.codes
    record = _case_record(payload.get("record"))
    if event.kind == "opened":
        case = replace(
            case,
            kind=str(codes.get("kind", "sak")),
            opened_on=_day(codes.get("on")) or local_day(event.at),
            key=str(payload.get("key", "")),
        )
    case = replace(
        case,
        language=str(codes.get("language", case.language)),
        level=str(codes.get("level", case.level)),
        people={**case.people, **payload.get("people", {})},
        record=record or case.record,
    )
    if event.kind == "opened" and record and record.relay_holder.name:
        since = case.opened_on or local_day(event.at)
        return replace(case, batons=(Baton(record.relay_holder, since, n=event.n),))
    return case


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
        recipient=codes.get("recipient"),
        set=str(codes.get("set", "")),
        batch=str(codes.get("batch", "")),
        audience=str(codes.get("audience", "family")),
        settles=tuple(codes.get("settles", ())),
        signers=tuple(codes.get("signers", ())),
        pages=int(codes.get("pages", 0)),
        issued_on=_day(codes.get("on")) or local_day(event.at),
        issued_n=event.n,
        due=_day(codes.get("due")),
        done=frozenset(codes.get("done", ())),
        supersedes=str(codes.get("supersedes", "")),
        key=str(payload.get("key", "")),
        record=payload.get("record", {}),
        fingerprint=str(payload.get("fingerprint", "")),
        places=tuple(_place(p) for p in payload.get("places", ())),
        files=_files(event.n, payload),
        removed=entry.removed,
    )
    return replace(case, documents=(*case.documents, document))


def _with_document_step(case: Case, entry: Entry, payload: Json) -> Case:
    event, day = entry.event, _day(entry.event.codes.get("on")) or local_day(entry.event.at)
    document = case.document(event.ref or "")
    if document is None:
        return _with_foreign_paper(case, entry, payload) if event.ref else case
    files = (*document.files, *_files(event.n, payload))
    codes = event.codes
    match event.kind:
        case "sent":
            changed = replace(
                document, sent_on=day, sent_how=str(codes.get("how", "")),
                due=_day(codes.get("due")) or document.due,
            )  # fmt: skip
        case "filed":
            changed = replace(
                document,
                returned_on=day,
                signed_by=document.signed_by | set(codes.get("seen", ())),
                done=document.done | set(codes.get("done", ())),
                record=payload.get("record") or document.record,
            )
        case "read" | "accepted" | "noted" | "approved":
            changed = replace(document, done=document.done | {event.kind, *codes.get("done", ())})
        case "settled":
            changed = replace(document, settled_how=str(codes.get("how", "")), settled_on=day)
        case "superseded":
            changed = replace(document, superseded_by=str(codes.get("by", "")), settled_on=day)
        case _:
            changed = document
    return _put(case, replace(changed, files=files))


def _with_foreign_paper(case: Case, entry: Entry, payload: Json) -> Case:
    """A paper that we did not make (INN) or that was moved here has no `issued` event."""
    event, codes = entry.event, entry.event.codes
    if event.kind != "filed":
        return case
    day = _day(codes.get("on")) or local_day(event.at)
    document = Document(
        ref=event.ref or "",
        type=str(codes.get("type", "INN")),
        audience=str(codes.get("audience", "review")),
        issued_on=day,
        issued_n=event.n,
        returned_on=day,
        files=_files(event.n, payload),
        removed=entry.removed,
    )
    return replace(case, documents=(*case.documents, document))


def _with_removed(case: Case, entry: Entry, payload: Json) -> Case:
    gone = set(entry.event.codes.get("of", ()))
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


def _put(case: Case, document: Document) -> Case:
    documents = tuple(document if d.ref == document.ref else d for d in case.documents)
    return replace(case, documents=documents)


def _files(n: int, payload: Json) -> tuple[DocumentFile, ...]:
    return tuple(
        DocumentFile(
            str(d.get("path", "")), str(d.get("media", "")), str(d.get("role", "")), n,
            str(d.get("sha256", "")), int(d.get("bytes", 0)),
        )
        for d in payload.get("documents", ())
    )  # fmt: skip


def _place(body: Mapping[str, Any]) -> Place:
    box = Box(*(float(body.get(side, 0)) for side in "xywh"))
    return Place(body.get("signer"), str(body.get("label", "")), int(body.get("page", 1)), box)


def place_body(place: Place) -> Json:
    """A place as a payload holds it."""
    box = place.box
    sides = {"x": round(box.x, 2), "y": round(box.y, 2), "w": round(box.w, 2), "h": round(box.h, 2)}
    return {"signer": place.signer, "label": place.label, "page": place.page, **sides}


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None


def person_codes(record: CaseRecord, known: Mapping[str, Json]) -> dict[str, Json]:
    """Codes for the people of *record*: known ones keep theirs, new ones get the next number.

    A code is given once and never reused; people are recognised by name.
    """
    people: dict[str, Json] = {"barn": record.child.norwegian()}
    for letter, group in ((_GUARDIAN, record.guardians), (_PARTICIPANT, record.participants)):
        by_name = {
            str(body.get("navn", "")): code for code, body in known.items() if code[0] == letter
        }
        number = max((int(c[1:]) for c in known if c[0] == letter and c[1:].isdigit()), default=0)
        for person in group:
            body = person.norwegian()
            code = by_name.get(str(body["navn"]))
            if code is None:
                number += 1
                code = f"{letter}{number}"
            people[code] = body
    return people


def guardian_codes(case: Case) -> dict[str, Json]:
    """The guardians among the people of *case*, by code."""
    return {c: body for c, body in case.people.items() if c[0] == _GUARDIAN and c[1:].isdigit()}


def holder_person(body: Mapping[str, Any]) -> Person:
    """A baton's holder, whatever keys a newer program has added."""
    known = {k: str(v) for k, v in body.items() if k in Person.model_fields}
    return Person.model_validate(known)
