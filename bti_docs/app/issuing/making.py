"""From a wish to the papers: the Word file that leaves, the stamped PDF, where people sign.

A PDF is accepted only when its text holds everything that the Word file shows; otherwise
LibreOffice makes it; otherwise the document is a problem and is not issued.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
from bti_docs.core.references import (
    MAX_PAGES,
    PageCode,
    Reference,
    page_codes,
    show_reference,
)
from bti_docs.errors import MergeError
from bti_docs.merge import Template, print_form, visible_texts
from bti_docs.pdf import (
    Converter,
    UnclearLabels,
    code_picture,
    find_places,
    page_count,
    stamp,
    texts_missing,
)


@dataclass(frozen=True, slots=True)
class Paper:
    """One document, made and checked, not yet written."""

    wish: Wish
    ref: Reference
    docx: bytes
    pdf: bytes
    pages: int
    places: tuple[Place, ...]
    values: Mapping[str, Any]
    due: date | None
    pair: tuple[str, str]
    """The hashes of the official Word file and manifest it was made from."""


class Maker:
    """Makes papers for one office; holds the opened templates and the PDF engine."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._templates: dict[tuple[str, str], tuple[Template, tuple[str, str]]] = {}
        settings = office.settings
        self._engine = Converter(
            settings.pdf_engine, soffice=settings.soffice, workers=settings.workers
        )
        self._second = Converter("libreoffice", soffice=settings.soffice)

    def make(self, wishes: Iterable[tuple[Wish, Case]]) -> Iterator[Paper | Problem]:
        """A paper for each wish in its case, in order; or why it cannot be made."""
        drafts = (self._draft(wish, case) for wish, case in wishes)
        with self._engine, self._second:
            yield from self._finished(drafts)

    def _finished(self, drafts: Iterable[_Draft | Problem]) -> Iterator[Paper | Problem]:
        waiting: list[_Draft | Problem] = []

        def prints() -> Iterator[bytes]:
            for draft in drafts:
                waiting.append(draft)
                if isinstance(draft, _Draft):
                    yield draft.print_docx

        pdfs = self._engine.convert_many(prints())
        for pdf in pdfs:
            yield from self._problems_before(waiting)
            yield self._paper(_next_draft(waiting), pdf)
        yield from self._problems_before(waiting)

    @staticmethod
    def _problems_before(waiting: list[_Draft | Problem]) -> Iterator[Problem]:
        while waiting and isinstance(waiting[0], Problem):
            problem = waiting.pop(0)
            if isinstance(problem, Problem):
                yield problem

    def _draft(self, wish: Wish, case: Case) -> _Draft | Problem:
        office, manifest = self._office, wish.manifest
        values = with_defaults(wish.entry, wish.manifest, office.profile, office.today)
        due = due_date(manifest.due, values, issued=office.today)
        ref = office.new_reference()
        making = Making(
            manifest=manifest,
            profile=office.profile,
            choices=block_choices(office.library.case_manifest(), office.profile),
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
        )
        return _Draft(
            wish, draft.making, draft.ref, draft.values, draft.due, docx, print_form(docx)
        )

    def _template(self, type_code: str, language: str) -> tuple[Template, tuple[str, str]]:
        known = self._templates.get((type_code, language))
        if known is None:
            docx, manifest = self._office.library.pair_bytes(type_code, language)
            pair = self._office.archive.store_template(docx, manifest)
            known = Template.open(docx, language=language), pair
            self._templates[type_code, language] = known
        return known

    def _paper(self, draft: _Draft, pdf: bytes | MergeError) -> Paper | Problem:
        place, expected = draft.wish.entry.place, visible_texts(draft.print_docx)
        if isinstance(pdf, MergeError) or texts_missing(pdf, expected):
            try:
                pdf = self._second.convert(draft.print_docx)
            except MergeError as error:
                return Problem(error.code, place, error.params)
            if texts_missing(pdf, expected):
                return Problem("pdf_text_missing", place, {"type": draft.wish.manifest.type})
        return self._stamped(draft, pdf)

    def _stamped(self, draft: _Draft, pdf: bytes) -> Paper | Problem:
        pages = page_count(pdf)
        if pages > MAX_PAGES:
            return Problem("too_many_pages", draft.wish.entry.place, {"pages": pages})
        labels = {line["kode"]: line["etikett"] for line in signature_lines(draft.making)}
        places = find_places(pdf, labels)
        if isinstance(places, UnclearLabels):
            return Problem("signature_place_missing", draft.wish.entry.place)
        codes = page_codes(self._office.archive.name, draft.ref, pages)
        title = draft.wish.manifest.title.of(draft.wish.language)
        stamped = stamp(pdf, codes, title=title, language=draft.wish.language)
        _, pair = self._template(draft.wish.manifest.type, draft.wish.language)
        return Paper(
            draft.wish, draft.ref, draft.docx, stamped, pages, places, draft.values, draft.due, pair
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


def _next_draft(waiting: list[_Draft | Problem]) -> _Draft:
    draft = waiting.pop(0)
    if isinstance(draft, Problem):
        raise TypeError
    return draft
