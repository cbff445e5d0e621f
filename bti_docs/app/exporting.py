"""The family's copy: made for one named person, written, and told of in the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from bti_docs.app.office import Office
from bti_docs.app.places import fill_folder
from bti_docs.app.relay import refresh_logs, title_in
from bti_docs.app.staff import staff_names
from bti_docs.core.events import Act
from bti_docs.core.family import FamilyCopy, Refusal, family_copy
from bti_docs.core.model import Case, DocumentFile
from bti_docs.errors import InputError
from bti_docs.export import family_folder
from bti_docs.pdf import convert, heap

START: Final = "START_HER.html"
_TOGETHER: Final = "Samlet.pdf"


@dataclass(frozen=True, slots=True)
class Exported:
    """A copy that was handed out."""

    case: Case
    person: str
    folder: Path
    files: tuple[str, ...]
    refs: tuple[str, ...]
    held: int
    """How many papers are held back and told of in the copy itself."""


def export(
    office: Office, case: Case, person: str, target: Path, *, since: date | None, paper: bool
) -> Exported:
    """Write the copy of *person* to *target* and record to whom it went, and what.

    With *paper* one heap to print is made instead of a folder.

    Raises:
        InputError: the person may not have a copy, or *target* cannot be used.
    """
    copy = _copy(office, case, person, since)
    found = family_folder(copy, read=_reader(office, case), to_pdf=_to_pdf(office))
    wanted = _on_paper(found) if paper else dict(found)
    fill_folder(office, target, wanted)
    case = _noted(office, case, copy, since)
    refs = tuple(item.ref for item in copy.papers)
    return Exported(case, person, target.absolute(), tuple(sorted(wanted)), refs, len(copy.held))


def _copy(office: Office, case: Case, person: str, since: date | None) -> FamilyCopy:
    made = family_copy(
        case,
        person,
        on=office.today,
        profile=office.profile,
        language=case.language,
        say=office.say(case.language),
        titles=lambda type_code, language: title_in(office, type_code, language),
        staff=staff_names(office, names=True),
        with_consent={m.type for m in office.library.manifests().values() if m.with_consent},
        since=since,
    )
    if isinstance(made, Refusal):
        raise InputError(made.code, (), **made.params)
    return made


def _reader(office: Office, case: Case) -> Callable[[DocumentFile], bytes]:
    return lambda file: office.archive.document(case.chain, file.path)


def _to_pdf(office: Office) -> Callable[[bytes], bytes]:
    settings = office.settings
    return lambda docx: convert(docx, engine=settings.pdf_engine, soffice=settings.soffice)


def _on_paper(found: Mapping[str, bytes]) -> dict[str, bytes]:
    """One heap, padded so that it prints on both sides."""
    return {_TOGETHER: heap([found[_TOGETHER]], duplex=True)}


def _noted(office: Office, case: Case, copy: FamilyCopy, since: date | None) -> Case:
    codes = {"recipient": copy.person, "on": office.today.isoformat(), "count": len(copy.papers)}
    codes |= {"since": since.isoformat()} if since else {}
    papers = [
        {"ref": paper.ref, "path": file.path, "sha256": file.sha256}
        for paper in copy.papers
        for file in paper.files
    ]
    people = {copy.person: {"navn": copy.reader}}
    payload = {"to": people, "papers": papers}
    case = office.write(case, Act("exported", office.actor, codes=codes, payload=payload))
    refresh_logs(office, [case.chain])
    return case
