"""What goes out of the house: one heap to print, and that it was sent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.app.relay import refresh_logs
from bti_docs.app.sheets import first_sheet, reminder_sheet
from bti_docs.app.writing import write_new
from bti_docs.core.deadlines import due_date
from bti_docs.core.events import Act
from bti_docs.core.model import Case, Document, DocumentFile
from bti_docs.errors import InputError
from bti_docs.pdf import heap, page_count


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A document with its case, on its way to a heap."""

    case: Case
    document: Document

    @property
    def mailing_order(self) -> tuple[object, ...]:
        """Class, then family name; each recipient's sheets together."""
        child = self.case.record.child if self.case.record else None
        class_group = child.class_group.casefold() if child else ""
        name = f"{child.family_name} {child.given_name}".casefold() if child else ""
        document = self.document
        return (
            _natural(class_group), name, self.case.chain, document.recipient or "",
            document.issued_n,
        )  # fmt: skip

    @property
    def goes_out(self) -> bool:
        """Whether it is paper to print: a letter, something to sign, or finished minutes.

        What is still to be written stays in Word, and is sent when it is finished.
        """
        document = self.document
        wanted = document.recipient or document.signers or "sent" in document.settles
        return bool(wanted) and document.waits_for != "completed"

    @property
    def has_pdf(self) -> bool:
        """Whether there is something to print here; a letter may have left as a Word file only."""
        return any(is_print(file) for file in self.document.files)

    @property
    def needs_answer(self) -> bool:
        """Whether it is a finished paper that has not ended: there is something to remind of."""
        return self.goes_out and not self.document.over


def heap_of(office: Office, batch: str, refs: Iterable[str]) -> Path | None:
    """The heap of a batch in the outbox: what was issued and has not been replaced."""
    found = [item for item in _found(office, refs) if _is_to_print(item) and item.has_pdf]
    if not found:
        return None
    path = heap_path(office, batch)
    files.rewrite(office.disk, path, heap_bytes(office, found))
    return path


def _is_to_print(item: Outgoing) -> bool:
    return item.goes_out and not item.document.superseded_by


def heap_path(office: Office, batch: str) -> Path:
    """Where the heap of a batch lies while it is to be printed."""
    return office.settings.outbox / f"{batch}_bunke.pdf"


def print_heap(office: Office, refs: Sequence[str], target: Path, *, reminder: bool) -> int:
    """The same bytes again in mailing order, never a new reference; how many documents.

    With *reminder* each recipient's sheets follow a cover sheet, and what has ended is left out.

    Raises:
        InputError: nothing is left to print, or *target* holds something else.
    """
    found = [i for i in _found(office, refs) if i.needs_answer or not reminder]
    if not found:
        raise InputError("nobody_to_remind")
    write_new(office, target, heap_bytes(office, found, reminder=reminder))
    return len(found)


def _found(office: Office, refs: Iterable[str]) -> list[Outgoing]:
    found = [Outgoing(*item) for item in office.documents(refs)]
    return sorted(found, key=lambda item: item.mailing_order)


def heap_bytes(office: Office, items: Sequence[Outgoing], *, reminder: bool = False) -> bytes:
    """One PDF: a first sheet with neutral counts, then every document, padded for duplex."""
    pdfs: list[bytes] = []
    for item in items:
        if reminder:
            pdfs.append(reminder_sheet(office, item.case, item.document))
        pdfs.append(paper_of(office, item.case, item.document))
    counts = Counter(item.document.type for item in items)
    sheet = first_sheet(office, counts, sum(map(_sheets, pdfs)), reminder=reminder)
    return heap(pdfs, duplex=True, first_sheet=sheet)


def _sheets(pdf: bytes) -> int:
    """Sheets of paper, printed on both sides."""
    return (page_count(pdf) + 1) // 2


def is_print(file: DocumentFile) -> bool:
    """Whether a file is the stamped PDF that was issued."""
    return file.role == "issued" and file.media == "application/pdf"


def paper_of(office: Office, case: Case, document: Document) -> bytes:
    """What is printed of a document: the finished version when there is one, or as issued."""
    final = next((f for f in reversed(document.files) if f.role == "reading"), None)
    if final is not None:
        return office.archive.document(case.chain, final.path)
    return stamped_pdf(office, case, document)


def stamped_pdf(office: Office, case: Case, document: Document) -> bytes:
    """The PDF as it was issued.

    Raises:
        InputError: it is not there any more.
    """
    for file in document.files:
        if is_print(file):
            return office.archive.document(case.chain, file.path)
    raise InputError("document_has_no_pdf", ref=document.ref)


@dataclass(frozen=True, slots=True)
class Sent:
    """References: what was written as sent now, what was before, and what cannot be sent yet."""

    now: tuple[str, ...]
    before: tuple[str, ...]
    unfinished: tuple[str, ...]


def mark_sent(office: Office, refs: Sequence[str], how: str, on: date) -> Sent:
    """Write that documents went out; deadlines that run from sending are set.

    A letter that was replaced is not sent, and neither is one that is still to be written.

    Raises:
        InputError: a reference is not known.
    """
    found = [Outgoing(*item) for item in office.documents(dict.fromkeys(refs))]
    fresh = [i for i in found if i.document.sent_on is None and _is_to_print(i)]
    before = [i for i in found if i.document.sent_on is not None]
    acts = [(i.case.chain, i.case.head, _sent_act(office, i.document, how, on)) for i in fresh]
    if acts:
        cases = office.after_writing(office.archive.append_many(acts, office.clock()))
        refresh_logs(office, [case.chain for case in cases])
    now, earlier = (tuple(i.document.ref for i in some) for some in (fresh, before))
    left = (i.document.ref for i in found if i.document.ref not in {*now, *earlier})
    return Sent(now, earlier, tuple(left))


def _sent_act(office: Office, document: Document, how: str, on: date) -> Act:
    codes = {"how": how, "on": on.isoformat()}
    if document.type in office.library.types():
        rule = office.library.manifest(document.type).due
        issued = document.issued_on or on
        due = due_date(rule, document.record, issued=issued, sent=max(on, issued))
        codes |= {"due": due.isoformat()} if due else {}
    return Act("sent", office.actor, document.ref, codes)


def copies_to_clear(office: Office) -> tuple[Path, ...]:
    """Copies in the outbox that are older than the office keeps them."""
    limit = office.settings.outbox_days
    return tuple(
        path
        for name in files.listing(office.settings.outbox)
        if (day := _day_of(name)) is not None and (office.today - day).days > limit
        for path in (office.settings.outbox / name,)
    )


def clear_outbox(office: Office) -> int:
    """Remove what has lain in the outbox too long; the case keeps its own."""
    old = copies_to_clear(office)
    for path in old:
        files.remove(office.disk, path)
    return len(old)


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """5B comes before 10C: numbers in order of size."""
    parts = re.findall(r"\d+|\D+", text)
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)


def _day_of(name: str) -> date | None:
    text = name[2:12] if name.startswith("B-") else name[:10]
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
