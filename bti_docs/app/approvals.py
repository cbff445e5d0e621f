"""Official templates: Word file and manifest are approved together, in the office's own chain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from bti_docs.app.office import Office
from bti_docs.app.staff import staff
from bti_docs.app.template_check import CheckedTemplate, check_templates, in_office
from bti_docs.core.events import OFFICE, Act
from bti_docs.errors import ConfigError, InputError

PROGRAM = "program"
"""Who approves the templates that come with the program."""


def approved_pairs(office: Office) -> frozenset[tuple[str, str]]:
    """The hashes (Word file, manifest) of every pair that was ever made official."""
    return frozenset(
        (str(entry.payload["docx"]), str(entry.payload["toml"]))
        for entry in office.archive.history(OFFICE)
        if entry.event.kind == "approved" and entry.payload and "docx" in entry.payload
    )


def unapproved(office: Office, pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Those of *pairs* (type, language) that, as they lie there now, nobody has made official."""
    official = approved_pairs(office)
    return tuple(pair for pair in pairs if office.library.pair_hash(*pair) not in official)


def approve(office: Office, file: Path, by: str) -> tuple[str, ...]:
    """Make a Word file with its manifest official; a manifest, with all its Word files.

    Returns the pairs that were approved, as `SAM.nb`.

    Raises:
        InputError: the file is not one of the office's templates, the lint finds errors in it,
            or nobody in the office has the code *by*.
    """
    if by != office.actor and by not in staff(office):
        raise InputError("unknown_staff", person=by)
    file = in_office(office, file)
    parts = file.name.split(".")
    known = parts[0] in office.library.types()
    if file.resolve().parent != office.library.folder.resolve() or not known:
        raise InputError("template_not_in_office", file=file.name)
    languages = office.library.languages(parts[0])
    if parts[-1] == "docx":
        languages = tuple(language for language in languages if language == parts[1])
    paths = [office.library.word_file(parts[0], language) for language in languages]
    _refuse_faulty(check_templates(office, paths))
    return tuple(_approve(office, parts[0], language, by) for language in languages)


def _refuse_faulty(checked: Sequence[CheckedTemplate]) -> None:
    """What cannot make documents is not made official."""
    for one in checked:
        wrong = tuple(problem for problem in one.problems if problem.severity == "error")
        if wrong:
            raise InputError("template_faulty", wrong, file=one.file, count=len(wrong))


def approve_unapproved(office: Office) -> None:
    """Approve the shipped templates of a new office, in the program's name."""
    if approved_pairs(office):
        return
    for type_code in office.library.types():
        for language in office.library.languages(type_code):
            _approve(office, type_code, language, PROGRAM)


def _approve(office: Office, type_code: str, language: str, by: str) -> str:
    docx, manifest = office.library.pair_hash(type_code, language)
    version = office.library.manifest(type_code).version
    office.note(
        Act(
            "approved",
            office.actor or by,
            codes={"type": type_code, "language": language, "version": version, "by": by},
            payload={"docx": docx, "toml": manifest, "day": office.today.isoformat()},
        )
    )
    return f"{type_code}.{language}"


def require_approved(office: Office, pairs: Iterable[tuple[str, str]]) -> None:
    """The templates are always used: refuse a pair (type, language) that is not official.

    Raises:
        ConfigError: a pair is not approved; the first of them is named.
    """
    for type_code, language in unapproved(office, pairs):
        file = f"{type_code}.{language}.docx"
        raise ConfigError("template_not_approved", file=file, type=type_code)
