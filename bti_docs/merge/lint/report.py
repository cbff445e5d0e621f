"""Everything that can be said of a template by looking at it, with its places."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from bti_docs.merge.language.dialect import Environment
from bti_docs.merge.language.tags import own_text, paragraphs
from bti_docs.merge.lint.access_lint import access_findings
from bti_docs.merge.lint.page_lint import Sheet, page_findings
from bti_docs.merge.lint.print_lint import print_findings
from bti_docs.merge.lint.uses import StrayLoopName, Use, uses_of
from bti_docs.merge.lint.whole import Whole, lay_open
from bti_docs.merge.word.controls import field_controls
from bti_docs.merge.word.findings import Finding, Place
from bti_docs.merge.word.xml import W


@dataclass(frozen=True, slots=True)
class ControlPlace:
    """A content control that holds a field."""

    tag: str
    alias: str
    place: Place


@dataclass(frozen=True, slots=True)
class Report:
    """What the lint knows of one file."""

    findings: tuple[Finding, ...]
    """In the order of the file, each with its whole place."""
    uses: tuple[Use, ...]
    controls: tuple[ControlPlace, ...]
    text: str
    """All text that stands on the pages, tags included, words parted by single spaces."""


def look_through(
    content: bytes,
    *,
    language: str,
    known: Iterable[Finding] = (),
    fonts: Collection[str] = (),
    sheet: Sheet | None = None,
) -> Report:
    """Look a template through.

    Args:
        content: The Word file.
        language: `nb`, `nn` or `en`.
        known: What `Template.problems` says of it; it is given its places here.
        fonts: The fonts that an engine has; without any, fonts are not looked at.
        sheet: The page that is printed on; without one, pages are not looked at.

    Raises:
        MergeError: As `Template.open`.
    """
    whole = lay_open(content, language)
    uses = list(_uses(whole))
    found = [*known, *_stray(uses), *access_findings(whole), *print_findings(whole, fonts)]
    found += () if sheet is None else page_findings(whole, sheet)
    located = (replace(one, place=whole.atlas.located(one.place)) for one in found)
    return Report(
        tuple(sorted(_once(located), key=_in_order(whole))),
        tuple(_placed(whole, uses)),
        tuple(_controls(whole)),
        " ".join(" ".join(own_text(p) for _, r in whole.shown() for p in r.iter(W + "p")).split()),
    )


def _uses(whole: Whole) -> Iterator[Use | StrayLoopName]:
    environment = Environment(whole.language)
    for part, root in whole.roots.items():
        tags = [tag for one in paragraphs(root, part.label) for tag in one.tags]
        yield from uses_of(tags, environment)


def _stray(uses: Iterable[Use | StrayLoopName]) -> Iterator[Finding]:
    for one in uses:
        if isinstance(one, StrayLoopName):
            params = {"name": one.name, "tag": one.tag, "loop": one.loop or "{% for … %}"}
            yield Finding("tpl_loop_name_outside", "error", one.place, params)


def _placed(whole: Whole, uses: Iterable[Use | StrayLoopName]) -> Iterator[Use]:
    for one in uses:
        if isinstance(one, Use):
            yield replace(one, place=whole.atlas.located(one.place))


def _controls(whole: Whole) -> Iterator[ControlPlace]:
    for part, root in whole.roots.items():
        for control in field_controls(root):
            place = whole.atlas.of(control.element, part)
            yield ControlPlace(control.tag, control.alias, place)


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Each finding once: Word keeps a text box twice in the file, for old readers."""
    told: set[tuple[str, str, Place]] = set()
    for one in findings:
        place = replace(one.place, paragraph=None) if one.place.text_box else one.place
        key = (one.code, repr(sorted(one.params.items())), place)
        if key not in told:
            told.add(key)
            yield one


def _in_order(whole: Whole) -> Callable[[Finding], tuple[int, int]]:
    """Sorts findings as the file goes: the body, headers and footers, notes, and the rest."""
    parts = {part.label: number for number, part in enumerate(whole.roots)}

    def key(one: Finding) -> tuple[int, int]:
        return parts.get(one.place.part, len(parts)), one.place.paragraph or 0

    return key
