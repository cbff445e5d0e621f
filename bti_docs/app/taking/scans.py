"""One scanned file: its pages become documents again, and each is filed or waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from bti_docs.app.office import Office
from bti_docs.app.taking.filing import Return, file_return
from bti_docs.app.taking.holding import hold, page_pictures, reasons_of
from bti_docs.app.taking.looking import Source, expected_of, look
from bti_docs.app.taking.results import Filed, InTray, Taken
from bti_docs.core.events import Json
from bti_docs.core.filing import Decision, Duplicate, Evidence, File, Tray, decide, refuse
from bti_docs.core.grouping import Group, ScannedPage, gather
from bti_docs.core.model import Case, Document
from bti_docs.inbox import cut_pages, read_file

MEDIA: Final = {
    ".pdf": "application/pdf",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


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
    completed = tuple(_with_waiting(work, group) for group in groups)
    taken, pages = Taken(sheets=len(source.reading.pages)), list[Json]()
    for group in completed:
        outcome, part = _take_group(work, group, alone=len(completed) == 1)
        taken += part
        pages += [
            {"page": page.number, "ref": group.reference, "outcome": outcome}
            for page in group.pages
            if page.source == source.sha256
        ]
    return taken, tuple(pages)


def _with_waiting(work: _Work, group: Group) -> Group:
    """The group with the pages of items that wait for just its pages."""
    if group.reference is None:
        return group
    found = list(_waiting_sources(work, group.reference))
    if not found:
        return group
    pages = [page for source in found for page in source.scanned()]
    joined = gather([*pages, *group.pages], work.office.archive.name)
    return next((g for g in joined if g.reference == group.reference), group)


def _waiting_sources(work: _Work, reference: str) -> Iterator[Source]:
    archive = work.office.archive
    for item in archive.tray_items():
        body = archive.tray_get(item)
        guess = (body or {}).get("guess") or {}
        codes = {reason.code for reason in reasons_of(body or {})}
        if guess.get("ref") != reference or "page_missing" not in codes:
            continue
        data = archive.tray_original(item)
        name = str((body or {}).get("original", "scan.pdf"))
        waiting = Source(name, data, read_file(data, name))
        work.sources[waiting.sha256] = waiting
        work.items[waiting.sha256] = item
        yield waiting


def _take_group(work: _Work, group: Group, *, alone: bool) -> tuple[str, Taken]:
    office = work.office
    chain = office.index.chain_of(group.reference) if group.reference else None
    case = office.case(chain) if chain else None
    document = case.document(group.reference or "") if case else None
    back = _return_of(work, group, alone=alone)
    if document and case and office.index.act(back.key):
        return "filed", Taken(filed=(file_return(office, case, document, back),))
    decision = _decide(work, group, case, document)
    match decision:
        case File() if case and document:
            filed = _file(work, group, case, document, back, decision)
            return "filed", Taken(filed=(filed,))
        case Duplicate():
            return "duplicate", Taken(duplicates=(decision.reference,))
        case Tray():
            return "tray", Taken(tray=(_hold(work, group, back, decision),))
    raise TypeError(type(decision).__name__)


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
    own = [page.number for page in group.pages if page.source == source.sha256]
    waited = [page for page in group.pages if page.source != source.sha256]
    whole = alone and not waited and len(own) == len(source.reading.pages)
    suffix = PurePath(source.name).suffix.lower()
    suffix = suffix if suffix in MEDIA else ".pdf"
    data = source.data if whole else cut_pages(source.data, own)
    return Return(
        key=f"scan:{source.sha256}:{group.reference}:{own[0] if own else 0}",
        data=data,
        suffix=suffix,
        media=MEDIA[suffix],
        role="received" if whole else "cut",
        pages=tuple(_page_body(page) for page in group.pages if page.source == source.sha256),
    )


def _page_body(page: ScannedPage) -> Json:
    code = page.codes[0] if page.codes else None
    return {
        "page": code.page if code else 0,
        "of": code.pages if code else 0,
        "source": page.source,
        "source_page": page.number,
    }


def _file(
    work: _Work, group: Group, case: Case, document: Document, back: Return, decision: File
) -> Filed:
    """File the pages, those that waited first, and let go of the items they waited in."""
    office = work.office
    for sha256, item in list(work.items.items()):
        pages = [page for page in group.pages if page.source == sha256]
        if not pages:
            continue
        waited = work.sources[sha256]
        suffix = PurePath(waited.name).suffix.lower()
        early = Return(
            key=f"scan:{sha256}:{document.ref}:1", data=waited.data, suffix=suffix,
            media=MEDIA.get(suffix, "application/pdf"), role="cut",
            pages=tuple(_page_body(page) for page in pages),
        )  # fmt: skip
        file_return(office, case, document, early)
        case = office.case(case.chain)
        document = case.document(document.ref) or document
        office.archive.tray_remove(item)
        del work.items[sha256]
    last = Return(
        back.key, back.data, back.suffix, back.media, back.role, back.pages, decision.signatures
    )
    return file_return(office, case, document, last)


def _hold(work: _Work, group: Group, back: Return, decision: Tray) -> InTray:
    pictures = page_pictures(group, work.sources)
    return hold(work.office, work.source, back.data, decision, pages=back.pages, pictures=pictures)
