"""Sheets that the program adds to a heap: the first, with neutral counts, and the reminder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bti_docs.app.office import Office
from bti_docs.app.relay import title_in
from bti_docs.core.addressees import joined
from bti_docs.core.deadlines import add_working_days
from bti_docs.core.letters import address_lines, people_of
from bti_docs.core.model import Case, Document
from bti_docs.core.person_codes import current_people
from bti_docs.export import Paragraph, word_file
from bti_docs.pdf import convert

ANSWER_DAYS: Final = 5
"""Working days that a reminder gives."""
_ADDRESS_LINES: Final = 5
"""Lines that a window shows; blank ones keep the title below it."""


def first_sheet(office: Office, counts: Mapping[str, int], sheets: int, *, reminder: bool) -> bytes:
    """The sheet on top of a heap: how many of what, in which order. No names."""
    language = office.profile.language
    say, day = office.say(language), office.today.strftime("%d.%m.%Y")
    lines = [
        Paragraph("Title", say("heap_title_reminder" if reminder else "heap_title")),
        Paragraph("Normal", say("heap_count", count=sum(counts.values()), sheets=sheets, day=day)),
    ]
    for type_code, count in sorted(counts.items()):
        title = title_in(office, type_code, language)
        lines.append(Paragraph("ListParagraph", say("heap_line", count=count, title=title)))
    lines += [Paragraph("Normal", say("heap_order")), Paragraph("Normal", say("heap_sent"))]
    return _sheet(office, lines, language)


def reminder_sheet(office: Office, case: Case, document: Document) -> bytes:
    """The sheet in front of a paper that nobody has answered: address, what, by when, whom to ask.

    The address stands where a window envelope shows it.
    """
    language, say = document.language, office.say(document.language)
    title = title_in(office, document.type, language)
    by = add_working_days(office.today, ANSWER_DAYS)
    lines = [
        Paragraph("Small", office.profile.municipality.name),
        Paragraph("Window", ""),
        *(Paragraph("Address", line) for line in _address(office, case, document)),
        Paragraph("Title", say("reminder_title")),
        Paragraph("Normal", say("reminder_text", title=title)),
        Paragraph("Normal", say("reminder_due", day=by.strftime("%d.%m.%Y"))),
        Paragraph("Normal", say("reminder_thanks")),
        *_contact(office, case, language),
    ]
    return _sheet(office, lines, language)


def _address(office: Office, case: Case, document: Document) -> Sequence[str]:
    people = people_of(current_people(case))
    lines: list[str] = []
    if people is not None and document.recipient:
        together = [code for code in document.signers if code in people.guardians]
        names = [people.names.get(code, "") for code in together or [document.recipient]]
        lines = [joined(names, office.say(document.language)("and_between"))]
        lines += address_lines(people, document.recipient)
    blank = [" "] * (_ADDRESS_LINES - len(lines))
    return [*lines, *blank][:_ADDRESS_LINES]


def _contact(office: Office, case: Case, language: str) -> Iterable[Paragraph]:
    baton, home = case.baton, office.profile.municipality
    who = (baton.holder.name, baton.holder.phone) if baton else (home.name, home.phone)
    text = ", ".join(part for part in who if part)
    return (Paragraph("Normal", office.say(language)("reminder_contact", who=text)),)


def _sheet(office: Office, paragraphs: Sequence[Paragraph], language: str) -> bytes:
    docx = word_file(paragraphs, language)
    return convert(docx, engine=office.settings.pdf_engine, soffice=office.settings.soffice)
