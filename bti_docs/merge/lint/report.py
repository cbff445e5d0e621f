"""Everything that can be said of a template by looking at it, with its places."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from bti_docs.merge.language.dialect import Environment
from bti_docs.merge.language.empties import Policy
from bti_docs.merge.language.tags import Paragraph, Tag, own_text, paragraphs
from bti_docs.merge.lint.access_lint import access_findings
from bti_docs.merge.lint.aside import aside_paragraphs
from bti_docs.merge.lint.controls_lint import ControlPlace, control_findings, control_places
from bti_docs.merge.lint.page_lint import Sheet, page_findings
from bti_docs.merge.lint.print_lint import print_findings
from bti_docs.merge.lint.said import always_said
from bti_docs.merge.lint.seen_lint import seen_findings
from bti_docs.merge.lint.tags_lint import tag_findings
from bti_docs.merge.lint.unfilled_lint import unfilled_findings
from bti_docs.merge.lint.uses import StrayLoopName, Use, uses_of
from bti_docs.merge.lint.whole import Whole, lay_open
from bti_docs.merge.word.findings import Finding, Place
from bti_docs.merge.word.parts import TextPart
from bti_docs.merge.word.xml import W

_NONE: Final[Mapping[str, Policy]] = MappingProxyType({})
_Asides = Mapping[TextPart, Sequence[Paragraph]]


@dataclass(frozen=True, slots=True)
class Report:
    """What the lint knows of one file."""

    findings: tuple[Finding, ...]
    """In the order of the file, each with its whole place."""
    uses: tuple[Use, ...]
    controls: tuple[ControlPlace, ...]
    text: str
    """All text that stands on the pages, tags included, words parted by single spaces."""
    always: str
    """What every document says for all to read: see `always_said`."""


def look_through(
    content: bytes,
    *,
    language: str,
    known: Iterable[Finding] = (),
    fonts: Collection[str] = (),
    sheet: Sheet | None = None,
    empties: Mapping[str, Policy] = _NONE,
) -> Report:
    """Look a template through.

    Args:
        content: The Word file.
        language: `nb`, `nn` or `en`.
        known: What `Template.problems` says of it; it is given its places here.
        fonts: The fonts that an engine has; without any, fonts are not looked at.
        sheet: The page that is printed on; without one, pages are not looked at.
        empties: What stands for fields without a value, as `Template.open`.

    Raises:
        MergeError: As `Template.open`.
    """
    whole = lay_open(content, language)
    environment = Environment(language)
    asides = {part: aside_paragraphs(root, part.label) for part, root in whole.roots.items()}
    uses = list(_uses(whole, asides, environment))
    found = [*_told_once(known, asides, environment), *_stray(uses), *_of_file(whole, fonts)]
    found += () if sheet is None else page_findings(whole, sheet)
    located = (replace(one, place=whole.atlas.located(one.place)) for one in found)
    return Report(
        tuple(sorted(_once(located), key=_in_order(whole))),
        tuple(_placed(whole, uses)),
        tuple(control_places(whole)),
        " ".join(" ".join(own_text(p) for _, r in whole.shown() for p in r.iter(W + "p")).split()),
        always_said(whole, empties),
    )


def _of_file(whole: Whole, fonts: Collection[str]) -> Iterator[Finding]:
    yield from access_findings(whole)
    yield from print_findings(whole, fonts)
    yield from seen_findings(whole)
    yield from control_findings(whole)
    yield from unfilled_findings(whole)


def _told_once(
    known: Iterable[Finding], asides: _Asides, environment: Environment
) -> Iterator[Finding]:
    """What is known, with the places of faults outside the paragraphs' texts, each told once."""
    placed: list[Finding] = []
    for paragraphs_aside in asides.values():
        placed += tag_findings(paragraphs_aside, environment)
    faulty = {(one.place.part, one.code) for one in placed}
    faulty |= {(part, "tpl_syntax") for part, _ in faulty}
    for one in known:
        if one.place.paragraph is not None or (one.place.part, one.code) not in faulty:
            yield one
    yield from placed


def _uses(whole: Whole, asides: _Asides, environment: Environment) -> Iterator[Use | StrayLoopName]:
    for part, root in whole.roots.items():
        tags = [tag for one in paragraphs(root, part.label) for tag in one.tags]
        aside = [tag for one in asides[part] for tag in one.tags]
        yield from uses_of(_in_turn(tags, aside), environment)


def _in_turn(tags: Iterable[Tag], aside: Iterable[Tag]) -> list[Tag]:
    """All tags of a part as the file goes, so that each is read within the loops around it."""
    return sorted([*tags, *aside], key=lambda tag: tag.place.paragraph or 0)


def _stray(uses: Iterable[Use | StrayLoopName]) -> Iterator[Finding]:
    for one in uses:
        if isinstance(one, StrayLoopName):
            params = {"name": one.name, "tag": one.tag, "loop": one.loop or "{% for … %}"}
            yield Finding("tpl_loop_name_outside", "error", one.place, params)


def _placed(whole: Whole, uses: Iterable[Use | StrayLoopName]) -> Iterator[Use]:
    for one in uses:
        if isinstance(one, Use):
            yield replace(one, place=whole.atlas.located(one.place))


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
