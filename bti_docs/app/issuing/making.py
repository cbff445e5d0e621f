"""From a wish to the papers: the Word file that leaves, the stamped PDF, where people sign.

A PDF is accepted only when its text holds everything that the Word file shows; otherwise
LibreOffice makes it; otherwise the document is a problem and is not issued.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bti_docs.app.issuing.row import Wish
from bti_docs.app.issuing.values import with_defaults
from bti_docs.app.office import Office
from bti_docs.core.completeness import is_complete
from bti_docs.core.context import Making, block_choices, context, signature_lines
from bti_docs.core.deadlines import due_date
from bti_docs.core.letters import people_of
from bti_docs.core.model import Case
from bti_docs.core.paper import Place
from bti_docs.core.person_codes import current_people
from bti_docs.core.problems import Problem
from bti_docs.core.references import PageCode, Reference, show_reference
from bti_docs.errors import MergeError
from bti_docs.merge import Template, print_form, visible_texts
from bti_docs.pdf import (
    ANOTHER_ENGINE,
    Converter,
    NoPrintCopy,
    PrintCopy,
    PrintJob,
    code_picture,
)


@dataclass(frozen=True, slots=True)
class Paper:
    """One document, made and checked, not yet written."""

    wish: Wish
    ref: Reference
    docx: bytes
    pdf: bytes | None
    """None when it leaves as a Word file only."""
    pages: int
    """0 without a PDF: nobody has counted them."""
    places: tuple[Place, ...]
    values: Mapping[str, Any]
    """As JSON has them."""
    complete: bool
    """Whether nothing is left to fill in."""
    due: date | None
    pair: tuple[str, str]
    """The hashes of the official Word file and manifest it was made from."""


class Maker:
    """Makes papers for one office; holds the opened templates and the PDF engine."""

    def __init__(self, office: Office, *, pdf: bool = True) -> None:
        self._office = office
        self._pdf = pdf
        self._choices = block_choices(office.library.case_manifest(), office.profile)
        self._templates: dict[tuple[str, str], tuple[Template, tuple[str, str]]] = {}
        settings = office.settings
        self._engine = Converter(
            settings.pdf_engine, soffice=settings.soffice, workers=settings.workers
        )
        self._second = Converter("libreoffice", soffice=settings.soffice)

    def make(self, wishes: Iterable[tuple[Wish, Case]]) -> Iterator[Paper | Problem]:
        """A paper for each wish in its case, in order; or why it cannot be made."""
        drafts = (self._draft(wish, case) for wish, case in wishes)
        if not self._pdf:
            yield from (d if isinstance(d, Problem) else self._as_word(d) for d in drafts)
            return
        with self._engine, self._second:
            yield from self._finished(drafts)

    def _finished(self, drafts: Iterable[_Draft | Problem]) -> Iterator[Paper | Problem]:
        waiting: deque[_Draft | Problem] = deque()

        def jobs() -> Iterator[PrintJob]:
            for draft in drafts:
                waiting.append(draft)
                if isinstance(draft, _Draft):
                    yield self._job(draft)

        for copy in self._engine.print_copies(jobs()):
            yield from _problems_first(waiting)
            yield self._paper(_next_draft(waiting), copy)
        yield from _problems_first(waiting)

    def _draft(self, wish: Wish, case: Case) -> _Draft | Problem:
        office, manifest = self._office, wish.manifest
        values = with_defaults(wish.entry, wish.manifest, office.profile, office.today)
        due = due_date(manifest.due, values, issued=office.today)
        ref = office.new_reference()
        making = Making(
            manifest=manifest,
            profile=office.profile,
            choices=self._choices,
            say=office.say(wish.language),
            language=wish.language,
            case_id=case.chain,
            record=case.record_now,
            people=people_of(current_people(case)),
            letter=wish.letter,
            reference=show_reference(ref),
            on=office.today,
            due=due,
            allowed=case.allowed,
            complete=is_complete(manifest, values),
            replaces_made_on=wish.replaces.issued_on if wish.replaces else None,
        )
        try:
            return self._rendered(_Draft(wish, making, ref, values, due))
        except MergeError as error:
            params = {"template": f"{manifest.type}.{wish.language}", **error.params}
            return Problem(error.code, wish.entry.place, params)

    def _rendered(self, draft: _Draft) -> _Draft:
        wish, office = draft.wish, self._office
        template, _ = self._template(wish.manifest.type, wish.language)
        code = PageCode(office.archive.name, draft.ref, 0, 0).text()
        docx = template.render(
            context(draft.making, draft.values),
            pictures={"kode": code_picture(code)},
            properties={"BTI-ref": draft.ref, "BTI-type": wish.manifest.type},
            placeholder=draft.making.say("write_here"),
            refuse_unknown=False,
        )
        return replace(draft, docx=docx, print_docx=print_form(docx) if self._pdf else b"")

    def _template(self, type_code: str, language: str) -> tuple[Template, tuple[str, str]]:
        known = self._templates.get((type_code, language))
        if known is None:
            library = self._office.library
            docx, manifest = library.pair_bytes(type_code, language)
            pair = self._office.archive.store_template(docx, manifest)
            empties = library.manifest(type_code).empties(library.case_manifest())
            known = Template.open(docx, language=language, empties=empties), pair
            self._templates[type_code, language] = known
        return known

    def _job(self, draft: _Draft) -> PrintJob:
        return PrintJob(
            draft.print_docx,
            visible_texts(draft.print_docx),
            {line["kode"]: line["etikett"] for line in signature_lines(draft.making)},
            self._office.archive.name,
            draft.ref,
            draft.wish.manifest.title.of(draft.wish.language),
            draft.wish.language,
        )

    def _paper(self, draft: _Draft, copy: PrintCopy | NoPrintCopy) -> Paper | Problem:
        if isinstance(copy, NoPrintCopy) and copy.code in ANOTHER_ENGINE:
            copy = self._second.print_copy(self._job(draft))
        if isinstance(copy, NoPrintCopy):
            params = {"type": draft.wish.manifest.type, **copy.params}
            return Problem(copy.code, draft.wish.entry.place, params)
        return self._as_word(draft, copy)

    def _as_word(self, draft: _Draft, copy: PrintCopy | None = None) -> Paper:
        """The paper; without a print copy, nobody knows yet on which page people sign."""
        _, pair = self._template(draft.wish.manifest.type, draft.wish.language)
        pdf, pages, places = (copy.pdf, copy.pages, copy.places) if copy else (None, 0, ())
        return Paper(
            draft.wish,
            draft.ref,
            draft.docx,
            pdf,
            pages,
            places,
            draft.values,
            draft.making.complete,
            draft.due,
            pair,
        )


@dataclass(frozen=True, slots=True)
class _Draft:
    """A wish on its way: filled in, not yet a PDF."""

    wish: Wish
    making: Making
    ref: Reference
    values: Mapping[str, Any]
    due: date | None
    docx: bytes = b""
    print_docx: bytes = b""


def _problems_first(waiting: deque[_Draft | Problem]) -> Iterator[Problem]:
    """Take out the problems that stand before the next draft."""
    while waiting and isinstance(waiting[0], Problem):
        problem = waiting.popleft()
        if isinstance(problem, Problem):
            yield problem


def _next_draft(waiting: deque[_Draft | Problem]) -> _Draft:
    draft = waiting.popleft()
    if isinstance(draft, Problem):
        raise TypeError
    return draft
