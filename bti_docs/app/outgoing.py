"""What goes out of the house: one heap to print, and that it was sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.app.relay import refresh_logs, title_in
from bti_docs.core.deadlines import due_date
from bti_docs.core.events import Act
from bti_docs.core.model import Case, Document
from bti_docs.errors import InputError
from bti_docs.export import Paragraph, word_file
from bti_docs.pdf import convert, heap


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A document with its case, on its way to a heap."""

    case: Case
    document: Document

    @property
    def mailing_order(self) -> tuple[str, ...]:
        """Class, then family name; each recipient's sheets together."""
        child = self.case.record.child if self.case.record else None
        class_group = child.class_group.casefold() if child else ""
        name = f"{child.family_name} {child.given_name}".casefold() if child else ""
        document = self.document
        return (class_group, name, self.case.chain, document.recipient or "", document.type)


def heap_of(office: Office, batch: str, refs: Iterable[str]) -> Path | None:
    """The heap of a batch in the outbox: what was issued and has not been replaced."""
    found = [item for item in _found(office, refs) if not item.document.superseded_by]
    if not found:
        return None
    path = heap_path(office, batch)
    files.rewrite(office.disk, path, heap_bytes(office, found))
    return path


def heap_path(office: Office, batch: str) -> Path:
    """Where the heap of a batch lies while it is to be printed."""
    return office.settings.outbox / f"{batch}_bunke.pdf"


def print_heap(office: Office, refs: Sequence[str], target: Path, *, reminder: bool) -> int:
    """The same bytes again in mailing order, never a new reference; how many documents.

    With *reminder* each recipient's sheets follow a cover sheet.
    """
    found = _found(office, refs)
    files.ensure_folder(office.disk, target.parent)
    files.rewrite(office.disk, target, heap_bytes(office, found, reminder=reminder))
    return len(found)


def _found(office: Office, refs: Iterable[str]) -> list[Outgoing]:
    found = [Outgoing(*item) for item in office.documents(refs)]
    return sorted(found, key=lambda item: item.mailing_order)


def heap_bytes(office: Office, items: Sequence[Outgoing], *, reminder: bool = False) -> bytes:
    """One PDF: a first sheet with neutral counts, then every document, padded for duplex."""
    pdfs: list[bytes] = []
    for item in items:
        if reminder:
            pdfs.append(_reminder_sheet(office, item))
        pdfs.append(stamped_pdf(office, item.case, item.document))
    return heap(pdfs, duplex=True, first_sheet=_first_sheet(office, items))


def stamped_pdf(office: Office, case: Case, document: Document) -> bytes:
    """The PDF as it was issued.

    Raises:
        InputError: it is not there any more.
    """
    for file in document.files:
        if file.role == "issued" and file.media == "application/pdf":
            return office.archive.document(case.chain, file.path)
    raise InputError("document_has_no_pdf", ref=document.ref)


def _first_sheet(office: Office, items: Sequence[Outgoing]) -> bytes:
    language = office.profile.language
    say, counts = office.say(language), dict[str, int]()
    for item in items:
        counts[item.document.type] = counts.get(item.document.type, 0) + 1
    paragraphs = [
        Paragraph("Title", say("heap_title")),
        Paragraph(
            "Normal", say("heap_count", count=len(items), day=office.today.strftime("%d.%m.%Y"))
        ),
    ]
    for type_code, count in sorted(counts.items()):
        title = title_in(office, type_code, language)
        paragraphs.append(Paragraph("ListParagraph", say("heap_line", count=count, title=title)))
    paragraphs.append(Paragraph("Normal", say("heap_order")))
    return _sheet(office, paragraphs, language)


def _reminder_sheet(office: Office, item: Outgoing) -> bytes:
    language = item.document.language
    say = office.say(language)
    due = item.document.due
    paragraphs = [
        Paragraph("Title", say("reminder_title")),
        Paragraph(
            "Normal", say("reminder_text", title=title_in(office, item.document.type, language))
        ),
        Paragraph("Normal", say("reminder_due", day=due.strftime("%d.%m.%Y")) if due else ""),
        Paragraph("Normal", say("reminder_thanks")),
    ]
    return _sheet(office, paragraphs, language)


def _sheet(office: Office, paragraphs: Sequence[Paragraph], language: str) -> bytes:
    docx = word_file(paragraphs, language)
    return convert(docx, engine=office.settings.pdf_engine, soffice=office.settings.soffice)


def mark_sent(office: Office, refs: Sequence[str], how: str, on: date) -> tuple[str, ...]:
    """Write that documents went out; deadlines that run from sending are set. What was new.

    A letter that was replaced is not sent.

    Raises:
        InputError: a reference is not known.
    """
    found = [Outgoing(*item) for item in office.documents(dict.fromkeys(refs))]
    fresh = [i for i in found if i.document.sent_on is None and not i.document.superseded_by]
    acts = [(i.case.chain, i.case.head, _sent_act(office, i.document, how, on)) for i in fresh]
    if acts:
        cases = office.after_writing(office.archive.append_many(acts, office.clock()))
        refresh_logs(office, [case.chain for case in cases])
    return tuple(item.document.ref for item in fresh)


def _sent_act(office: Office, document: Document, how: str, on: date) -> Act:
    codes = {"how": how, "on": on.isoformat()}
    if document.type in office.library.types():
        rule = office.library.manifest(document.type).due
        issued = document.issued_on or on
        due = due_date(rule, document.record, issued=issued, sent=on)
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


def _day_of(name: str) -> date | None:
    text = name[2:12] if name.startswith("B-") else name[:10]
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
