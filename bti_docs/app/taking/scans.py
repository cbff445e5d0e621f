"""One scanned file: its pages become documents again, and each is filed or waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bti_docs.app.office import Office
from bti_docs.app.taking.filing import Piece, Return, file_return
from bti_docs.app.taking.guessing import guess_by_print
from bti_docs.app.taking.holding import hold, let_go, page_pictures
from bti_docs.app.taking.looking import Source, expected_of, look
from bti_docs.app.taking.results import InTray, Taken
from bti_docs.app.taking.waiting import Waiting, completed, page_body, waiting_items
from bti_docs.core.events import Json
from bti_docs.core.filing import Decision, Duplicate, Evidence, File, Tray, decide, refuse
from bti_docs.core.grouping import Group, gather
from bti_docs.core.model import Case, Document
from bti_docs.inbox import cut_pages


@dataclass(slots=True)
class _Work:
    """A file on its way, with the waiting items whose missing pages it may hold."""

    office: Office
    source: Source
    sources: dict[str, Source]
    items: dict[str, Waiting] = field(default_factory=dict)
    """What waits for pages, by the hash of its bytes."""


def take_scan(office: Office, source: Source) -> tuple[Taken, tuple[Json, ...]]:
    """File or hold every page of a scan; what became of it, and the map of its pages."""
    work = _Work(office, source, {source.sha256: source})
    groups = gather(source.scanned(), office.archive.name)
    work.items = {one.source.sha256: one for one in waiting_items(office, source)}
    work.sources |= {sha256: one.source for sha256, one in work.items.items()}
    taken, pages = Taken(sheets=sum(not page.blank for page in source.reading.pages)), list[Json]()
    for own in groups:
        group = completed(own, _waiting_for(work, own), office.archive.name)
        part = _take_group(work, group, alone=len(groups) == 1)
        taken += part
        pages += _page_map(source, group, part)
    return taken, tuple(pages)


def _waiting_for(work: _Work, group: Group) -> tuple[Waiting, ...]:
    return tuple(one for one in work.items.values() if one.reference == group.reference)


def _page_map(source: Source, group: Group, taken: Taken) -> Iterator[Json]:
    """Each page of the file, with its reference and what became of it."""
    outcome = "filed" if taken.filed else "tray" if taken.tray else "duplicate"
    item = {"item": taken.tray[0].item} if taken.tray else {}
    for page in group.pages:
        if page.source == source.sha256:
            yield {"page": page.number, "ref": group.reference, "outcome": outcome, **item}


def _take_group(work: _Work, group: Group, *, alone: bool) -> Taken:
    office = work.office
    case, document = _document_of(office, group.reference)
    back = _return_of(work, group, alone=alone)
    if document and case and office.index.act(back.key):
        return _filed(work, group, case, document, back)
    decision = _decide(work, group, case, document)
    match decision:
        case File() if case and document:
            signed = replace(back, seen=decision.signatures)
            return _filed(work, group, case, document, signed)
        case Duplicate():
            office.archive.keep_heap(work.source.data, work.source.suffix)
            return Taken(duplicates=(decision.reference,))
        case Tray():
            return Taken(tray=(_hold(work, group, back, decision),))
    raise TypeError(type(decision).__name__)


def _document_of(
    office: Office, reference: str | None
) -> tuple[Case, Document] | tuple[None, None]:
    """The document with a reference. One that others made a moment ago is looked for, too."""
    if reference is None:
        return None, None
    if office.index.chain_of(reference) is None:
        office.refresh()
    chain = office.index.chain_of(reference)
    case = office.case(chain) if chain else None
    document = case.document(reference) if case else None
    return (case, document) if case and document else (None, None)


def _decide(work: _Work, group: Group, case: Case | None, document: Document | None) -> Decision:
    broken = _page_problems(work, group)
    if broken:
        return refuse(broken)
    if case is None or document is None or document.removed:
        decision = decide(group, None, Evidence())
        if group.kind == "codeless" and isinstance(decision, Tray):
            return replace(decision, guess=guess_by_print(work.office, group, work.sources))
        return decision
    if not _has_issued_pdf(
        document
    ):  # printed from Word: nobody knows its pages, or who signs where
        return decide(group, expected_of(document), Evidence())
    evidence = look(work.office, case, document, group, work.sources)
    return decide(group, expected_of(document), evidence)


def _has_issued_pdf(document: Document) -> bool:
    return any(f.role == "issued" and f.media == "application/pdf" for f in document.files)


def _page_problems(work: _Work, group: Group) -> tuple[str, ...]:
    found = (work.sources[p.source].page(p.number).problem for p in group.pages)
    return tuple(dict.fromkeys(problem for problem in found if problem))


def _return_of(work: _Work, group: Group, *, alone: bool) -> Return:
    """The bytes of a group: the file itself when it is nothing else, or pages cut from it."""
    source = work.source
    own = [page for page in group.pages if page.source == source.sha256]
    numbers = [page.number for page in own]
    whole = alone and len(own) == len(source.reading.pages)
    piece = Piece(
        source.data if whole else cut_pages(source.data, numbers),
        source.suffix,
        "received" if whole else "cut",
        tuple(map(page_body, own)),
    )
    return Return(f"scan:{source.sha256}:{group.reference}:{numbers[0]}", (piece,))


def _filed(work: _Work, group: Group, case: Case, document: Document, back: Return) -> Taken:
    """File the pages, with those that waited, and let go of the items they waited in."""
    office = work.office
    used = {page.source for page in group.pages}
    early = tuple(one.piece() for sha256, one in work.items.items() if sha256 in used)
    filed = file_return(office, case, document, replace(back, pieces=(*early, *back.pieces)))
    waited = _waiting_for(work, group)
    done = [w for w in waited if w.source.sha256 in used or w.adds_nothing_to(filed)]
    for one in done:
        if one.source.sha256 not in used:
            office.archive.keep_heap(one.source.data, one.source.suffix)
        let_go(office, one.item, "completed", document.ref, "")
        del work.items[one.source.sha256]
    return Taken(filed=(filed,), completed=tuple(one.item for one in done))


def _hold(work: _Work, group: Group, back: Return, decision: Tray) -> InTray:
    pictures = page_pictures(group, work.sources)
    (piece,) = back.pieces
    return hold(
        work.office, work.source, piece.data, decision, pages=piece.pages, pictures=pictures
    )
