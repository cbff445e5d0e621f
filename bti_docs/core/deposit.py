"""What an archivist gets of a case: which files, and what the list says of each. Pure.

Journalposttype: I came in, U was sent out, X is our own. The date is the document's own, not the
day it was scanned (users.md rule 22).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date

from bti_docs.core.family import settled_files
from bti_docs.core.loose import day
from bti_docs.core.manifest import Manifest
from bti_docs.core.model import Case, Document, DocumentFile
from bti_docs.core.naming import full_name
from bti_docs.core.wording import Words

_PDF = "application/pdf"
_BACK = frozenset({"received", "cut"})


@dataclass(frozen=True, slots=True)
class DepositLine:
    """One line of the list; the fields' order is the columns'."""

    number: int
    file: str
    """Name in the deposit's folder."""
    title: str
    """For everybody to see: no name."""
    shielded_title: str
    document_date: str
    """ISO."""
    moved_date: str
    """The day it was received or sent, ISO."""
    entry_type: str
    """I, U or X."""
    parties: str
    access: str
    ground: str
    unit: str
    variant: str
    """A (archive format) or P (production format), as in Noark 5."""
    media: str
    sha256: str
    reference: str
    case: str
    journal: str
    """The number in the municipality's archive, when it has one already."""

    def cells(self) -> tuple[str | int, ...]:
        """The line's values in order."""
        return tuple(getattr(self, field.name) for field in fields(self))


COLUMNS = tuple(field.name for field in fields(DepositLine))


@dataclass(frozen=True, slots=True)
class Deposited:
    """A line with the file it is about."""

    line: DepositLine
    source: DocumentFile


def deposit_lines(
    case: Case, manifests: Mapping[str, Manifest], words: Words
) -> tuple[Deposited, ...]:
    """The settled version of every document of *case*, oldest first."""
    making = _Making(case, manifests, words, _journal_numbers(case))
    documents = [d for d in case.documents if not (d.moved or d.removed or d.blocked)]
    documents = [d for d in documents if not d.superseded_by]
    documents.sort(key=lambda d: (d.issued_on or date.min, d.issued_n))
    pairs = [(d, file) for d in documents for file in _archived(d)]
    return tuple(making.line(n, *pair) for n, pair in enumerate(pairs, start=1))


def _archived(document: Document) -> Iterator[DocumentFile]:
    """What counts, and beside a finished Word file the PDF that was issued, when there is no other.

    A paper that was sent and came back is two: the letter that went out and the return.
    """
    settled = settled_files(document)
    yield from settled
    issued = next((f for f in document.files if f.role == "issued" and f.media == _PDF), None)
    came_back = any(f.role in _BACK for f in settled)
    if issued and issued not in settled and came_back and document.sent_on:
        yield issued


def _journal_numbers(case: Case) -> dict[str, str]:
    """The numbers that the municipality's archive has given, by reference; the newest counts."""
    facts = (f for h in case.happenings for f in h.facts if f.get("fact") == "journal")
    return {str(fact.get("ref", "")): str(fact.get("number", "")) for fact in facts}


@dataclass(frozen=True, slots=True)
class _Making:
    case: Case
    manifests: Mapping[str, Manifest]
    words: Words
    journal: Mapping[str, str]

    def line(self, number: int, document: Document, file: DocumentFile) -> Deposited:
        kind = self._entry_type(document, file)
        moved = document.returned_on if kind == "I" else document.sent_on
        title = self.words.title(document.type)
        ground = self._ground(document)
        return Deposited(
            DepositLine(
                number=number,
                file=f"{number:03}_{file.path.rpartition('/')[2]}",
                title=title,
                shielded_title=self._shielded(title),
                document_date=_iso(self._document_date(document)),
                moved_date=_iso(moved),
                entry_type=kind,
                parties=self._parties(document),
                access=self.words.t("exempt_from_access") if ground else "",
                ground=ground,
                unit=self._unit(),
                variant="A" if file.role == "issued" and file.media == _PDF else "P",
                media=file.media,
                sha256=file.sha256,
                reference=document.ref,
                case=self.case.chain,
                journal=self.journal.get(document.ref, ""),
            ),
            file,
        )

    def _entry_type(self, document: Document, file: DocumentFile) -> str:
        if file.role in _BACK and not file.path.endswith(".docx"):
            return "I"
        return "U" if document.sent_on else "X"

    def _document_date(self, document: Document) -> date | None:
        """A stranger's paper has its own date in the event that filed it."""
        filed = (h for h in self.case.happenings if h.n == document.issued_n)
        dated = next((day(h.codes.get("dated")) for h in filed), None)
        return dated or document.issued_on

    def _shielded(self, title: str) -> str:
        if self.case.record is None:
            return title
        child = self.case.record.child
        born = f", {child.birth_date:%d.%m.%Y}" if child.birth_date else ""
        return f"{title} – {child.name}{born}"

    def _parties(self, document: Document) -> str:
        codes = [document.recipient] if document.recipient else sorted(document.signers)
        return "; ".join(
            name for code in codes if (name := full_name(self.case.people.get(code, {})))
        )

    def _ground(self, document: Document) -> str:
        manifest = self.manifests.get(document.type)
        keys = manifest.law if manifest else ("offl13", "fvl13")
        when = document.issued_on or date.min
        laws = [self.words.profile.law_on(key, when) for key in keys]
        short = [law.short for law in laws if law]
        if len(short) > 1:
            return self.words.t("legal_ground", first=short[0], rest=", ".join(short[1:]))
        return "".join(short)

    def _unit(self) -> str:
        unit = self.words.profile.unit(self.case.record.unit) if self.case.record else None
        return unit.name if unit else ""


def _iso(when: date | None) -> str:
    return when.isoformat() if when else ""
