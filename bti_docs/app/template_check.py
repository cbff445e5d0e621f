"""The lint of an office's templates: Word file, manifest, profile and other language together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.app.template_fields import against_manifest
from bti_docs.app.template_problem import TemplateProblem
from bti_docs.core.paper import CODE_BOTTOM_LEFT, CODE_TOP_RIGHT, PAGE, quiet_zone
from bti_docs.errors import InputError, MergeError
from bti_docs.merge import FieldNode, Finding, Place, Template
from bti_docs.merge.lint.page_lint import Corner, Sheet
from bti_docs.merge.lint.report import Report, look_through
from bti_docs.pdf.families import font_families

_DROPPED: Final = frozenset({"tpl_lost_style", "tpl_picture_kind"})
"""What dxpdf leaves out without a word, and LibreOffice draws."""
_ITS_OWN: Final = frozenset({"tpl_font_missing", "tpl_other_script"})
"""What matters to dxpdf only, which has no fonts but ours."""
_KINDS: Final = ("body", "header", "footer", "footnotes", "endnotes")
_SHEET: Final = Sheet(
    PAGE.w,
    PAGE.h,
    tuple(
        Corner(code, box.x, box.y, box.x + box.w, box.y + box.h)
        for code, box in (
            ("tpl_corner_top_right", quiet_zone(CODE_TOP_RIGHT)),
            ("tpl_corner_bottom_left", quiet_zone(CODE_BOTTOM_LEFT)),
        )
    ),
)


@dataclass(frozen=True, slots=True)
class CheckedTemplate:
    """One Word file with all that is wrong with it, and the fields it wants."""

    file: str
    problems: tuple[TemplateProblem, ...]
    fields: tuple[FieldNode, ...] = ()
    content: bytes = field(default=b"", repr=False)
    """What was checked."""

    @property
    def ok(self) -> bool:
        """Whether documents can be made of it."""
        return not any(problem.severity == "error" for problem in self.problems)


def check_templates(office: Office, chosen: Sequence[Path] = ()) -> tuple[CheckedTemplate, ...]:
    """Check the Word files *chosen*, or all of the office's.

    A file that is not there, named without a folder, is looked for among the office's templates.

    Raises:
        InputError: a file is not there.
    """
    library = office.library
    paths = [in_office(office, path) for path in chosen] or [
        library.word_file(code, language)
        for code in library.types()
        for language in library.languages(code)
    ]
    round_ = _Round(office)
    return tuple(round_.checked(path) for path in paths)


def in_office(office: Office, path: Path) -> Path:
    """The path; a bare name that is no file here is that of one of the office's templates."""
    own = office.library.folder / path.name
    is_bare = path.parent == Path() and not path.is_file()
    return own if is_bare and own.is_file() else path


class _Round:
    """One round of checks: a file that is asked for twice, as a sibling too, is opened once."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._opened: dict[Path, Template | MergeError] = {}

    def checked(self, path: Path) -> CheckedTemplate:
        """One file."""
        data = files.read(path) if path.is_file() else None
        if data is None:
            raise InputError("input_missing", file=path.name)
        code, language = _name_parts(path)
        template = self._open(path, data, language)
        if isinstance(template, MergeError):
            return _unreadable(path, data, template)
        try:
            report = self._report(data, code, language, template)
        except MergeError as error:
            return _unreadable(path, data, error)
        problems = [*self._of_file(report), *self._of_type(path, code, language, template, report)]
        in_order = tuple(sorted(problems, key=_order))
        return CheckedTemplate(path.name, in_order, template.fields, data)

    def _report(self, data: bytes, code: str, language: str, template: Template) -> Report:
        library = self._office.library
        is_known = code in library.types()
        return look_through(
            data,
            language=language,
            known=template.problems,
            fonts=font_families(),
            sheet=_SHEET,
            empties=library.manifest(code).empties(library.case_manifest()) if is_known else {},
        )

    def _open(self, path: Path, data: bytes, language: str) -> Template | MergeError:
        known = self._opened.get(path)
        if known is None:
            try:
                known = Template.open(data, language=language)
            except MergeError as error:
                known = error
            self._opened[path] = known
        return known

    def _of_file(self, report: Report) -> Iterator[TemplateProblem]:
        """What the file itself says, weighed for the engine that the office prints with."""
        own_fonts_only = self._office.settings.pdf_engine == "dxpdf"
        for one in report.findings:
            if one.code in _DROPPED:
                yield replace(_problem_of(one), severity="error" if own_fonts_only else "info")
            elif own_fonts_only or one.code not in _ITS_OWN:
                yield _problem_of(one)

    def _of_type(
        self, path: Path, code: str, language: str, template: Template, report: Report
    ) -> Iterator[TemplateProblem]:
        if code not in self._office.library.types():
            params = {"file": path.name}
            yield TemplateProblem("word_file_without_manifest", "warning", None, params)
            return
        manifest = self._office.library.manifest(code)
        yield from against_manifest(self._office, manifest, language, template.fields, report)
        yield from self._against_sibling(path, template, language, report)

    def _against_sibling(
        self, path: Path, template: Template, language: str, report: Report
    ) -> Iterator[TemplateProblem]:
        """What only one of the two målformer prints."""
        other = "nn" if language == "nb" else "nb"
        sibling = path.with_name(f"{path.name.split('.')[0]}.{other}.docx")
        data = files.read(sibling)
        if data is None:
            params = {"file": sibling.name}
            yield TemplateProblem("tpl_other_language_missing", "warning", None, params)
            return
        theirs = self._open(sibling, data, other)
        if isinstance(theirs, MergeError):
            return  # said of that file itself
        places = _first_places(report)
        for name in sorted(_deep(template.fields) - _deep(theirs.fields)):
            params = {"field": name, "file": sibling.name}
            yield TemplateProblem("tpl_languages_differ", "warning", places.get(name), params)


def _unreadable(path: Path, data: bytes, error: MergeError) -> CheckedTemplate:
    problem = TemplateProblem(error.code, "error", None, {**error.params, "file": path.name})
    return CheckedTemplate(path.name, (problem,), (), data)


def _order(problem: TemplateProblem) -> tuple[int, str, int]:
    """As one reads the file: the text, what stands around it, the file as a whole."""
    place = problem.place
    if place is None:
        return len(_KINDS) + 1, "", 0
    kind = _KINDS.index(place.kind) if place.kind in _KINDS else len(_KINDS)
    return kind, place.part, place.paragraph or 0


def _problem_of(finding: Finding) -> TemplateProblem:
    return TemplateProblem(
        finding.code, finding.severity, finding.place, finding.params, finding.suggestion
    )


def _name_parts(path: Path) -> tuple[str, str]:
    """`SAM.nb.docx` → SAM, nb."""
    parts = path.name.split(".")
    language = parts[1] if len(parts) > 2 and parts[1] in {"nb", "nn"} else "nb"  # noqa: PLR2004
    return parts[0], language


def _first_places(report: Report) -> Mapping[str, Place]:
    places: dict[str, Place] = {}
    for use in report.uses:
        places.setdefault(use.path, use.place)
    return places


def _deep(nodes: Sequence[FieldNode], prefix: str = "") -> frozenset[str]:
    names = {f"{prefix}{node.name}" for node in nodes}
    below = (_deep(node.children, f"{prefix}{node.name}.") for node in nodes)
    return frozenset(names).union(*below)
