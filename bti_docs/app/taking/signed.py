"""A signed PDF or container: never cut, never saved again; filed whole with what was found out.

What a service hands back is one document with a front page of its own before it. Anything else
that holds several documents waits for a person, in one piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.app.taking.filing import ABOUT, Piece, Return, file_return
from bti_docs.app.taking.holding import hold, page_pictures
from bti_docs.app.taking.looking import Source, expected_of, zones
from bti_docs.app.taking.results import Taken
from bti_docs.app.taking.waiting import page_body
from bti_docs.core.events import Json
from bti_docs.core.filing import Decision, Evidence, File, Reason, Tray, decide, refuse
from bti_docs.core.grouping import Group, ScannedPage, gather
from bti_docs.core.model import Case, Document
from bti_docs.core.naming import full_name
from bti_docs.core.references import Reference
from bti_docs.core.signatures import DigitalEvidence, SignedFile, digital_evidence
from bti_docs.inbox.signed_pages import same_pages
from bti_docs.signed import SignedKind, check_signatures, read_signed_json, read_trust, signed_json

SIDECAR: Final = "signatur.json"
"""What was found out, beside an original in Til avklaring."""
_PDF: Final = "application/pdf"
_FRONT_PAGES: Final = 2
"""Pages a service lays before a document: one, or two when many have signed."""


@dataclass(frozen=True, slots=True)
class _Signed:
    """A signed file, what is in it, and the document of ours that it shows, if it shows one."""

    office: Office
    source: Source
    inside: tuple[Source, ...]
    """The files whose pages it shows: itself, or what a container holds."""
    groups: tuple[Group, ...]
    known: tuple[tuple[Case, Document], ...]
    """The documents that its pages name."""

    @property
    def container(self) -> bool:
        """Whether it holds documents instead of being one."""
        return self.inside[0] is not self.source

    @property
    def pages(self) -> tuple[ScannedPage, ...]:
        """All its pages in order."""
        return tuple(page for one in self.inside for page in one.scanned())

    @property
    def paper(self) -> Group | None:
        """The pages of one document, when nothing else in it has a code."""
        coded = [group for group in self.groups if group.kind not in ("codeless", "blank")]
        return coded[0] if len(coded) == 1 and coded[0].kind == "document" else None

    @property
    def ours(self) -> tuple[Case, Document] | None:
        """The one document it names."""
        return self.known[0] if len(self.known) == 1 and self.paper else None

    def made(self) -> tuple[bytes, ...]:
        """The PDFs that we made of the documents it names."""
        return tuple(
            self.office.archive.document(case.chain, file.path)
            for case, document in self.known
            for file in document.files
            if file.media == _PDF and file.role in ("issued", "reading")
        )


def take_signed(
    office: Office, source: Source, inside: Sequence[Source] = ()
) -> tuple[Taken, tuple[Json, ...]]:
    """File a signed PDF, or a container of the documents *inside*; or hold it with every reason."""
    own = tuple(inside) or (source,)
    if len(source.reading.pages) > 1:
        office.archive.keep_heap(source.data, source.suffix)
    scanned = [page for file in own for page in file.scanned()]
    groups = gather(scanned, office.archive.name)
    one = _Signed(office, source, own, groups, tuple(_known(office, groups)))
    back = Return(f"signed:{source.sha256}", ())
    if one.ours and office.index.act(back.key):
        return _filed(one, *one.ours, back)
    facts = _facts(one)
    decision = _decide(one, facts)
    if isinstance(decision, Tray):
        return _held(one, facts, decision)
    if one.ours is None or not isinstance(decision, File):
        raise TypeError(type(decision).__name__)
    piece = Piece(source.data, source.suffix, "received", tuple(map(page_body, one.pages)))
    pieces = (piece, _sidecar(signed_json(facts)))
    return _filed(one, *one.ours, replace(back, pieces=pieces, seen=decision.signatures))


def sidecar_pieces(office: Office, item: str) -> tuple[Piece, ...]:
    """What was found out about an item when it came in, to be filed with it."""
    data = files.read(office.archive.tray_folder(item) / SIDECAR)
    return (_sidecar(data),) if data else ()


def signed_item(office: Office, item: str) -> SignedFile | None:
    """What was found out about an item in Til avklaring; None when it is not signed."""
    data = files.read(office.archive.tray_folder(item) / SIDECAR)
    return read_signed_json(data) if data else None


def word_signature(office: Office, docx: bytes) -> tuple[Reason, ...]:
    """Why a signed Word file waits, when its signed parts are not what they were."""
    facts = check_signatures(docx, "docx", read_trust(None), office.clock())
    changed = any(one.intact == "no" for one in facts.signatures)
    return (Reason("signed_changed"),) if changed else ()


def look_at_signatures(office: Office, source: Source) -> SignedFile | None:
    """What can be found out about a signed file without changing anything; None: not signed."""
    if not source.reading.digital_signature:
        return None
    if source.reading.kind == "docx":
        return check_signatures(source.data, "docx", read_trust(None), office.clock())
    groups = gather(source.scanned(), office.archive.name)
    return _facts(_Signed(office, source, (source,), groups, tuple(_known(office, groups))))


def _sidecar(data: bytes) -> Piece:
    return Piece(data, ".json", ABOUT)


def _known(office: Office, groups: Sequence[Group]) -> Iterator[tuple[Case, Document]]:
    for reference in dict.fromkeys(group.reference for group in groups if group.reference):
        if office.index.chain_of(reference) is None:
            office.refresh()  # others may have made it a moment ago
        chain = office.index.chain_of(reference)
        case = office.case(chain) if chain else None
        document = case.document(reference) if case else None
        if case and document and not document.removed:
            yield case, document


def _facts(one: _Signed) -> SignedFile:
    kind: SignedKind = "asice" if one.source.reading.kind == "asic" else "pdf"
    trust = read_trust(one.office.settings.trust)
    at = one.office.clock()
    return check_signatures(one.source.data, kind, trust, at, known=one.made())


def _decide(one: _Signed, facts: SignedFile) -> Decision:
    problems = dict.fromkeys(p for file in one.inside for p in file.reading.problems)
    if problems:
        guess = Reference(one.ours[1].ref) if one.ours else None
        return replace(refuse(tuple(problems)), guess=guess)
    if one.paper is None or one.ours is None:
        return _of_nobody(one, facts)
    case, document = one.ours
    evidence = _evidence(one, facts, case, document)
    reasons = (*evidence.reasons, *_more_pages(one, facts))
    seen = frozenset() if reasons else evidence.signers
    decision = decide(one.paper, expected_of(document), Evidence(signatures=seen))
    if isinstance(decision, File) and not reasons:
        return decision
    others = decision.reasons if isinstance(decision, Tray) else ()
    if not isinstance(decision, Tray | File):
        others = (Reason("already_settled"),)
    return Tray((*reasons, *others), Reference(document.ref), tuple(sorted(seen)))


def _of_nobody(one: _Signed, facts: SignedFile) -> Tray:
    """It does not show one document of ours: several, somebody else's, or none at all."""
    doubts = digital_evidence(facts, {}, our_content=True).reasons
    known = tuple(reason for reason in doubts if reason.code != "signed_other_name")
    coded = [group for group in one.groups if group.kind not in ("codeless", "blank")]
    if len(coded) > 1:
        return Tray((Reason("signed_several"), *known))
    groups = coded or one.groups
    found = decide(groups[0], None, Evidence()) if groups else refuse(("no_code",))
    return Tray((*(found.reasons if isinstance(found, Tray) else ()), *known))


def _evidence(one: _Signed, facts: SignedFile, case: Case, document: Document) -> DigitalEvidence:
    asked = {code: full_name(case.people.get(code, {})) for code in document.signers}
    found = digital_evidence(facts, asked, our_content=True)
    if _needs_a_look(one, facts) and not _our_content(one, document):
        return replace(found, reasons=(*found.reasons, Reason("signed_other_content")))
    return found


def _needs_a_look(one: _Signed, facts: SignedFile) -> bool:
    """Whether what was signed is the file itself, and not our document by its hash."""
    return one.container or any(signature.role == "person" for signature in facts.signatures)


def _our_content(one: _Signed, document: Document) -> bool:
    """Whether its pages are those that we made."""
    made = one.made()
    if one.container:
        return all(file.data in made for file in one.inside)
    if one.paper is None or not made:
        return False
    pairs = {sheet.scan.number: sheet.page for sheet in one.paper.sheets}
    if not set(pairs.values()) <= set(range(1, document.pages + 1)):
        return False
    pages = range(1, document.pages + 1)
    welcome = {n: zones([p for p in document.places if p.page == n]) for n in pages}
    return same_pages(one.source.data, made[0], pairs, welcome)


def _more_pages(one: _Signed, facts: SignedFile) -> tuple[Reason, ...]:
    """Pages without a code, where they are not the front page that a service lays before it."""
    coded = {page.number for page in one.paper.pages} if one.paper else set[int]()
    extra = [page.number for page in one.pages if page.number not in coded]
    sealed = any(signature.role == "seal" for signature in facts.signatures)
    in_front = sealed and extra == list(range(1, len(extra) + 1)) and len(extra) <= _FRONT_PAGES
    return () if in_front or not extra else (Reason("signed_more_pages"),)


def _filed(
    one: _Signed, case: Case, document: Document, back: Return
) -> tuple[Taken, tuple[Json, ...]]:
    filed = file_return(one.office, case, document, back)
    return Taken(filed=(filed,), sheets=_sheets(one)), _page_map(one, document.ref, "filed")


def _held(one: _Signed, facts: SignedFile, decision: Tray) -> tuple[Taken, tuple[Json, ...]]:
    shown = Group("codeless", tuple(s for group in one.groups for s in group.sheets))
    pictures = page_pictures(shown, {file.sha256: file for file in one.inside})
    pictures[SIDECAR] = signed_json(facts)
    bodies = tuple(map(page_body, one.pages))
    held = hold(one.office, one.source, one.source.data, decision, pages=bodies, pictures=pictures)
    page_map = _page_map(one, decision.guess, "tray", item=held.item)
    return Taken(tray=(held,), sheets=_sheets(one)), page_map


def _sheets(one: _Signed) -> int:
    return sum(not page.blank for page in one.pages)


def _page_map(one: _Signed, ref: str | None, outcome: str, **more: str) -> tuple[Json, ...]:
    """Each page with what became of it; a container is one thing."""
    told = {"ref": ref, "outcome": outcome, **more}
    if one.container:
        return (told,)
    return tuple({"page": page.number, **told} for page in one.pages)
