"""One scanned file: its pages become documents again, and each is filed or waits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bti_docs.app.office import Office
from bti_docs.app.taking.filing import Piece, Return, file_return
from bti_docs.app.taking.holding import hold, let_go, page_pictures, reasons_of
from bti_docs.app.taking.looking import Source, expected_of, look
from bti_docs.app.taking.results import InTray, Taken
from bti_docs.core.events import Json
from bti_docs.core.filing import Decision, Duplicate, Evidence, File, Tray, decide, refuse
from bti_docs.core.grouping import Group, ScannedPage, gather
from bti_docs.core.model import Case, Document
from bti_docs.inbox import cut_pages, read_file


@dataclass(slots=True)
class _Work:
    """A file on its way, with the waiting items whose missing pages it may hold."""

    office: Office
    source: Source
    sources: dict[str, Source]
    items: dict[str, str] = field(default_factory=dict)
    """Hash of a waiting item's bytes → the item."""


def take_scan(office: Office, source: Source) -> tuple[Taken, tuple[Json, ...]]:
    """File or hold every page of a scan; what became of it, and the map of its pages."""
    work = _Work(office, source, {source.sha256: source})
    groups = gather(source.scanned(), office.archive.name)
    waiting = tuple(_waiting_items(office, source))
    completed = tuple(_with_waiting(work, group, waiting) for group in groups)
    taken, pages = Taken(sheets=len(source.reading.pages)), list[Json]()
    for group in completed:
        part = _take_group(work, group, alone=len(completed) == 1)
        taken += part
        pages += _page_map(source, group, part)
    return taken, tuple(pages)


def _page_map(source: Source, group: Group, taken: Taken) -> Iterator[Json]:
    """Each page of the file, with its reference and what became of it."""
    outcome = "filed" if taken.filed else "tray" if taken.tray else "duplicate"
    item = {"item": taken.tray[0].item} if taken.tray else {}
    for page in group.pages:
        if page.source == source.sha256:
            yield {"page": page.number, "ref": group.reference, "outcome": outcome, **item}


def _waiting_items(office: Office, source: Source) -> Iterator[tuple[str, str]]:
    """(reference, item) of all that waits for a page, but for what this very file left there."""
    for item in office.archive.tray_items():
        body = office.archive.tray_get(item) or {}
        ref = (body.get("guess") or {}).get("ref")
        codes = {reason.code for reason in reasons_of(body)}
        if ref and body.get("source") != source.sha256 and "page_missing" in codes:
            yield ref, item


def _with_waiting(work: _Work, group: Group, waiting: Sequence[tuple[str, str]]) -> Group:
    """The group with the pages that wait for just its pages, when it is not whole by itself."""
    mine = [item for ref, item in waiting if ref == group.reference]
    if not mine or _is_whole(group):
        return group
    pages = [page for item in mine for page in _waiting_source(work, item).scanned()]
    joined = gather([*pages, *group.pages], work.office.archive.name)
    return next((g for g in joined if g.reference == group.reference), group)


def _is_whole(group: Group) -> bool:
    pages = [sheet.page for sheet in group.sheets]
    return group.page_counts == {len(pages)} and pages == list(range(1, len(pages) + 1))


def _waiting_source(work: _Work, item: str) -> Source:
    archive = work.office.archive
    data, body = archive.tray_original(item), archive.tray_get(item) or {}
    name = str(body.get("original", "scan.pdf"))
    source = Source(name, data, read_file(data, name))
    work.sources[source.sha256] = source
    work.items[source.sha256] = item
    return source


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
    if case is None or document is None or not _has_issued_pdf(document):
        return decide(group, None, Evidence())
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
        tuple(map(_page_body, own)),
    )
    return Return(f"scan:{source.sha256}:{group.reference}:{numbers[0]}", (piece,))


def _page_body(page: ScannedPage) -> Json:
    code = page.codes[0] if page.codes else None
    return {
        "page": code.page if code else 0,
        "of": code.pages if code else 0,
        "source": page.source,
        "source_page": page.number,
    }


def _filed(work: _Work, group: Group, case: Case, document: Document, back: Return) -> Taken:
    """File the pages, with those that waited, and let go of the items they waited in."""
    waited = [sha256 for sha256 in work.items if any(p.source == sha256 for p in group.pages)]
    early = tuple(_waited_piece(work.sources[sha256], group) for sha256 in waited)
    pieces = (*early, *back.pieces)
    filed = file_return(work.office, case, document, replace(back, pieces=pieces))
    for sha256 in waited:
        let_go(work.office, work.items.pop(sha256), "completed", document.ref, "")
    return Taken(filed=(filed,))


def _waited_piece(source: Source, group: Group) -> Piece:
    pages = tuple(_page_body(page) for page in group.pages if page.source == source.sha256)
    return Piece(source.data, source.suffix, "cut", pages)


def _hold(work: _Work, group: Group, back: Return, decision: Tray) -> InTray:
    pictures = page_pictures(group, work.sources)
    (piece,) = back.pieces
    return hold(
        work.office, work.source, piece.data, decision, pages=piece.pages, pictures=pictures
    )
