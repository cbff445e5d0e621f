"""A template made ready: opened, linted and compiled once, to be run many times."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from jinja2 import TemplateSyntaxError, nodes

from bti_docs.errors import MergeError
from bti_docs.merge.engine.anchors import anchor
from bti_docs.merge.engine.building import CrossingError, ForgedError
from bti_docs.merge.engine.outfit import Anchored
from bti_docs.merge.engine.packing import Packing
from bti_docs.merge.engine.parts import Part, UnsoundError, fixed_text, make_part
from bti_docs.merge.engine.rendering import Press
from bti_docs.merge.language.dialect import RICH, Environment
from bti_docs.merge.language.empties import Policy, apply_policies
from bti_docs.merge.language.fields import field_tree
from bti_docs.merge.language.noise import drop_instructions
from bti_docs.merge.language.normalise import Source, property_source, story
from bti_docs.merge.language.shape import shape_of
from bti_docs.merge.language.tags import paragraphs
from bti_docs.merge.lint.layout_lint import alias_findings, layout_findings
from bti_docs.merge.lint.tags_lint import tag_findings
from bti_docs.merge.word.controls import Control, field_controls
from bti_docs.merge.word.findings import FieldNode, Finding, Place
from bti_docs.merge.word.kinds import Kinds, kinds_of
from bti_docs.merge.word.package import (
    Package,
    as_document,
    open_package,
)
from bti_docs.merge.word.parts import (
    TextPart,
    address_parts,
    comment_parts,
    property_parts,
    story_parts,
)
from bti_docs.merge.word.structure import make_whole
from bti_docs.merge.word.trust import make_trusted
from bti_docs.merge.word.xml import W_URI, Element, W, parse, w

_SIGN: Final = b"{"
"""What a part must hold to hold a comment or a literal brace, which nobody is to see as typed."""
_STYLES: Final = "styles"
_PROMPT_STYLE: Final = "placeholder text"
"""Word's own name for the style of prompts, in every language."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What `compile_template` knows of a template. It does not change."""

    press: Press | None
    """What prints; None when the template has errors."""
    fields: tuple[FieldNode, ...]
    problems: tuple[Finding, ...]
    aliases: Mapping[str, str]
    """Alias → tag of the controls, for files whose tags are gone."""
    kinds: Kinds
    """What the fields' controls take: dates, choices, rows."""


def compile_template(
    content: bytes, language: str, packing: Packing, empties: Mapping[str, Policy]
) -> Compiled:
    """Open, check and compile a Word template. See `Template.open`.

    Raises:
        MergeError: As `open_package`; `docx_prefix` when its XML calls Word's names something
            else than `w`; `tpl_language`.
    """
    environment = Environment(language)
    package = as_document(open_package(content))
    package, told = make_trusted(package)
    problems = list(told)
    stories = {part: _root(package, part) for part in story_parts(package)}
    for part, root in stories.items():
        problems += _story_findings(part, root, environment)
    controls = [(part, one) for part, root in stories.items() for one in field_controls(root)]
    problems += alias_findings(controls)
    sources, anchored = _sources(package, stories, empties)
    blamed = {problem.place.part for problem in problems if problem.severity == "error"}
    trees, more = _trees({part: one.text for part, one in sources.items()}, environment, blamed)
    problems += more
    fields = field_tree(trees.values())
    press = None
    if not any(problem.severity == "error" for problem in problems):
        parts: list[Part] = []
        for part, tree in trees.items():
            made = _made(part, tree, environment, sources[part].run_properties, packing)
            parts += [made] if isinstance(made, Part) else []
            problems += [made] if isinstance(made, Finding) else []
            if made is None and _SIGN in package.members[part.name]:
                package = package.with_members({part.name: fixed_text(tree).encode()})
        press = Press(package, tuple(parts), anchored, environment, fields, shape_of(fields))
    if any(problem.severity == "error" for problem in problems):
        press = None
    aliases = _aliases(control for _, control in controls)
    return Compiled(press, fields, tuple(problems), aliases, kinds_of(stories.values()))


def _made(
    part: TextPart,
    tree: nodes.Template,
    environment: Environment,
    run_properties: tuple[str, ...],
    packing: Packing,
) -> Part | Finding | None:
    """The part that can be printed, or why it cannot; None when it never changes."""
    try:
        return make_part(part, tree, environment, run_properties, in_blocks=packing == "blocks")
    except (CrossingError, UnsoundError):
        return Finding("tpl_unsound", "error", Place(part.label))
    except ForgedError:
        return Finding("tpl_unknown_filter", "error", Place(part.label), {"filter": RICH})


def _sources(
    package: Package, stories: Mapping[TextPart, Element], empties: Mapping[str, Policy]
) -> tuple[dict[TextPart, Source], tuple[Anchored, ...]]:
    """The parts with tags as text of the language, and the pictures taken out of them."""
    style = _prompt_style(package)
    sources: dict[TextPart, Source] = {}
    anchored: list[Anchored] = []
    for part, original in stories.items():
        root = copy.deepcopy(original)
        drop_instructions(root)
        make_whole(root)
        apply_policies(root, empties)
        found = anchor(root, style)
        anchored += [Anchored(part, number, one) for number, one in found.items()]
        sources[part] = story(root)
    for part in comment_parts(package):
        sources[part] = story(parse(package.members[part.name], part.label))
    for part in (*property_parts(package), *address_parts(package)):
        root = parse(package.members[part.name], part.label)
        sources[part] = Source(property_source(root), ())
    return sources, tuple(anchored)


def _root(package: Package, part: TextPart) -> Element:
    root = parse(package.members[part.name], part.label)
    if root.nsmap.get("w") != W_URI:
        raise MergeError("docx_prefix", part=part.label)
    return root


def _story_findings(part: TextPart, root: Element, environment: Environment) -> Iterator[Finding]:
    return chain(
        tag_findings(paragraphs(root, part.label), environment),
        layout_findings(root, part),
    )


def _trees(
    sources: Mapping[TextPart, str], environment: Environment, told: set[str]
) -> tuple[dict[TextPart, nodes.Template], list[Finding]]:
    """The parts' syntax trees; and what is wrong in them that no paragraph has told already."""
    trees: dict[TextPart, nodes.Template] = {}
    findings: list[Finding] = []
    for part, source in sources.items():
        try:
            tree = environment.parse(source)
        except TemplateSyntaxError:
            if part.label not in told:
                findings.append(Finding("tpl_syntax", "error", Place(part.label), {"tag": ""}))
            continue
        refusals = list(environment.refusals(tree, normalised=True))
        if refusals and part.label not in told:
            findings += [Finding(c, "error", Place(part.label), v) for c, v in refusals]
        if not refusals:
            trees[part] = tree
    return trees, findings


def _aliases(controls: Iterable[Control]) -> dict[str, str]:
    found: dict[str, str] = {}
    for control in controls:
        if control.alias and control.tag:
            found.setdefault(control.alias, control.tag)
    return found


def _prompt_style(package: Package) -> str | None:
    for name in package.related(package.main_part(), _STYLES):
        for style in parse(package.members[name], name).iter(W + "style"):
            named = style.find(W + "name")
            if named is not None and (w(named, "val") or "").lower() == _PROMPT_STYLE:
                return w(style, "styleId")
    return None
