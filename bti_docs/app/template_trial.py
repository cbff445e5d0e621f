"""A trial print of a template: to look at, with UTKAST across it, without reference or code.

It needs no approval, makes no event and leaves nothing in the archive.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from bti_docs.app.input import read_batch
from bti_docs.app.issuing.known import Slot, Slots
from bti_docs.app.issuing.plan import plan_batch
from bti_docs.app.issuing.row import RowPlan, Wish
from bti_docs.app.issuing.values import with_defaults
from bti_docs.app.office import Office
from bti_docs.app.writing import write_new
from bti_docs.core.completeness import is_complete
from bti_docs.core.context import Making, block_choices, context
from bti_docs.core.deadlines import due_date
from bti_docs.core.intake import Checked, check
from bti_docs.core.letters import people_of
from bti_docs.core.manifest import Language, Manifest
from bti_docs.core.person_codes import current_people
from bti_docs.core.problems import Problem
from bti_docs.core.raw import RawInput
from bti_docs.errors import InputError, MergeError
from bti_docs.merge import Template, print_form, visible_texts
from bti_docs.merge.word.watermark import watermarked
from bti_docs.pdf import NoPrintCopy, PrintCopy, PrintJob, convert_print_copy
from bti_docs.pdf.watermark import watermark
from bti_docs.workbook import read_input
from bti_docs.workbook.example import example_office

_KINDS: Final = frozenset({".pdf", ".docx"})


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial print, written."""

    file: Path
    type: str
    language: str
    pages: int
    """0 for a Word file: only its printer counts them."""


def trial(
    office: Office,
    type_code: str,
    out: Path,
    *,
    language: Language | None = None,
    source: Path | None = None,
) -> Trial:
    """Make one document of a type from the templates as they lie there now, approved or not.

    Args:
        office: Whose templates.
        type_code: The document type.
        out: The PDF or Word file to write.
        language: The målform; None: that of the values.
        source: A workbook, JSON or CSV file, whose first fitting row is used; None: invented
            values, those of `workbook --example`.

    Raises:
        InputError: `trial_kind` when *out* is neither PDF nor Word; `trial_no_row` with all that
            is wrong with the input when no row of the type can be used; as `write_new`.
        ConfigError: the office has no such type, or not in this language.
        MergeError: the template does not render, or no engine makes a whole PDF of it.
    """
    if out.suffix.lower() not in _KINDS:
        raise InputError("trial_kind", file=out.name)
    wish = _wish(office, type_code, language, source)
    docx = _filled(office, wish)
    word = office.say(wish.language)("trial_mark")
    if out.suffix.lower() == ".docx":
        write_new(office, out, watermarked(docx, word))
        return Trial(out, type_code, wish.language, 0)
    title = f"{word}: {wish.manifest.title.of(wish.language)}"
    copy = _copy(office, wish, print_form(docx))
    write_new(office, out, watermark(copy.pdf, word, title=title))
    return Trial(out, type_code, wish.language, copy.pages)


def _filled(office: Office, wish: Wish) -> bytes:
    making = _making(office, wish)
    return _opened(office, wish).render(
        context(making, _values(office, wish)),
        placeholder=making.say("write_here"),
        refuse_unknown=False,
    )


def _copy(office: Office, wish: Wish, print_docx: bytes) -> PrintCopy:
    """What the office's engine makes of it, or LibreOffice's: whole, and without codes."""
    settings, title = office.settings, wish.manifest.title.of(wish.language)
    expected = visible_texts(print_docx)
    job = PrintJob(print_docx, expected, {}, office.archive.name, None, title, wish.language)
    copy = convert_print_copy(job, engine=settings.pdf_engine, soffice=settings.soffice)
    if isinstance(copy, NoPrintCopy):
        raise MergeError(copy.code, **{"type": wish.manifest.type, **copy.params})
    return copy


def _opened(office: Office, wish: Wish) -> Template:
    docx, _ = office.library.pair_bytes(wish.manifest.type, wish.language)
    return Template.open(docx, language=wish.language)


def _values(office: Office, wish: Wish) -> dict[str, Any]:
    return with_defaults(wish.entry, wish.manifest, office.profile, office.today)


def _making(office: Office, wish: Wish) -> Making:
    """What a document is made from, with the draft's mark in place of its reference."""
    values, slot, say = _values(office, wish), wish.slot, office.say(wish.language)
    people = slot.people or (current_people(slot.case) if slot.case else {})
    return Making(
        manifest=wish.manifest,
        profile=office.profile,
        choices=block_choices(office.library.case_manifest(), office.profile),
        say=say,
        language=wish.language,
        case_id=slot.number or say("trial_mark"),
        record=slot.record or (slot.case.record_now if slot.case else None),
        people=people_of(people),
        letter=wish.letter,
        reference=say("trial_mark"),
        on=office.today,
        due=due_date(wish.manifest.due, values, issued=office.today),
        allowed=slot.case.allowed if slot.case else frozenset(),
        complete=is_complete(wish.manifest, values),
    )


# --- the values --------------------------------------------------------------------------------


def _wish(office: Office, code: str, language: Language | None, source: Path | None) -> Wish:
    """The first document of the type that the input asks for."""
    manifest = office.library.manifest(code)
    if source is None:
        wishes, problems = _unregistered(
            office, _checked(office, _invented(office, manifest, language))
        )
    else:
        wishes, problems = _planned(office, _checked(office, read_batch(office, source, code)))
    wish = next((one for one in wishes if one.manifest.type == code), None)
    if wish is None:
        raise InputError("trial_no_row", tuple(_errors(problems)), type=code)
    chosen = replace(wish, language=language or wish.language, replaces=None)
    office.library.word_file(code, chosen.language)
    return chosen


def _errors(problems: Sequence[Problem]) -> Iterator[Problem]:
    return (problem for problem in problems if problem.severity == "error")


_Wishes = tuple[Sequence[Wish], Sequence[Problem]]


def _planned(office: Office, checked: Checked) -> _Wishes:
    plan = plan_batch(office, checked, replace=True, only=None, alone=True)
    return plan.wishes, plan.problems


def _unregistered(office: Office, checked: Checked) -> _Wishes:
    """Letters of cases that nobody knows, whoever the office's own register knows by that name."""
    slots = Slots(office)
    for case in checked.cases:
        slots.put(Slot(case.key, case.record.language, None, case.key, case.record), case.key)
    wishes: list[Wish] = []
    problems = list(checked.problems)
    for entry in checked.documents:
        slot = slots.of(entry)
        if slot is not None:
            row = RowPlan(office, entry, slot, replace=True, alone=True)
            row.plan()
            wishes += row.wishes
            problems += row.problems
    return wishes, problems


def _checked(office: Office, raw: RawInput) -> Checked:
    """The rows, known by names of their own: a row that was issued before may be tried again."""
    library = office.library
    checked = check(
        raw, library.manifests(), library.case_manifest(), office.profile,
        office.settings.language, on=office.today, case=None,
    )  # fmt: skip
    tried = tuple(replace(entry, key=f"trial:{entry.key}") for entry in checked.documents)
    return replace(checked, documents=tried)


def _invented(office: Office, manifest: Manifest, language: Language | None) -> RawInput:
    """An invented case with one document; a reply slip's is what it is the reply to."""
    library = office.library
    spoken = language or office.profile.language
    example = example_office(library.case_manifest(), office.profile, spoken, office.today)
    wanted = library.manifest(manifest.reply_to or manifest.type)
    number, values = next(example.documents(wanted))
    cases = [] if number is None else [{**example.cases()[number - 1], "id": "1"}]
    document = {"id": "1", "type": wanted.type, "maalform": spoken, "felter": values}
    if cases:
        document["sak"] = "1"
    body = {"batch": "proeve", "saker": cases, "dokumenter": [document]}
    data = json.dumps(body, ensure_ascii=False, default=str).encode()
    return read_input(
        (data, "proeve.json"),
        manifests=library.manifests(),
        case_manifest=library.case_manifest(),
    )
