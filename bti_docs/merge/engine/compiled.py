"""A template made ready: opened, linted and compiled once, to be run many times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from jinja2 import TemplateSyntaxError, nodes

from bti_docs.errors import MergeError
from bti_docs.merge.language.dialect import Environment, Program
from bti_docs.merge.language.fields import field_tree
from bti_docs.merge.language.source import property_source, story_source
from bti_docs.merge.language.tags import paragraphs
from bti_docs.merge.lint.layout_lint import alias_findings, layout_findings, link_findings
from bti_docs.merge.lint.tags_lint import tag_findings
from bti_docs.merge.word.controls import Control, field_controls
from bti_docs.merge.word.findings import FieldNode, Finding, Place
from bti_docs.merge.word.package import (
    Package,
    as_document,
    drop_relationships,
    open_package,
)
from bti_docs.merge.word.parts import TextPart, property_parts, story_parts
from bti_docs.merge.word.xml import W_URI, Element, W, parse, serialise, w

_STYLES: Final = "styles"
_PROMPT_STYLE: Final = "placeholder text"
"""Word's own name for the style of prompts, in every language."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What `compile_template` knows of a template. It does not change."""

    package: Package
    programs: Mapping[TextPart, Program]
    """The parts with tags; empty when the template has errors."""
    fields: tuple[FieldNode, ...]
    problems: tuple[Finding, ...]
    aliases: Mapping[str, str]
    """Alias → tag of the controls, for files whose tags are gone."""
    prompt_style: str | None


def compile_template(content: bytes, language: str) -> Compiled:
    """Open, check and compile a Word template.

    Raises:
        MergeError: As `open_package`; `docx_prefix` when its XML calls Word's names something
            else than `w`; `tpl_language`.
    """
    environment = Environment(language)
    package = as_document(open_package(content))
    package, problems = _without_attached_template(package)
    stories = {part: _root(package, part) for part in story_parts(package)}
    for part, root in stories.items():
        problems += _story_findings(package, part, root, environment)
    controls = [(part, one) for part, root in stories.items() for one in field_controls(root)]
    problems += alias_findings(controls)
    trees, more = _trees(package, stories, environment, {p.place.part for p in problems})
    problems += more
    broken = any(problem.severity == "error" for problem in problems)
    fields = field_tree(trees.values())  # before compiling, which rewrites the trees
    programs = {} if broken else {p: environment.compile_part(t) for p, t in trees.items()}
    aliases = _aliases(control for _, control in controls)
    return Compiled(package, programs, fields, tuple(problems), aliases, _prompt_style(package))


def _root(package: Package, part: TextPart) -> Element:
    root = parse(package.members[part.name], part.label)
    if root.nsmap.get("w") != W_URI:
        raise MergeError("docx_prefix", part=part.label)
    return root


def _story_findings(
    package: Package, part: TextPart, root: Element, environment: Environment
) -> Iterator[Finding]:
    return chain(
        tag_findings(paragraphs(root, part.label), environment),
        layout_findings(root, part),
        link_findings(package, part),
    )


def _trees(
    package: Package,
    stories: Mapping[TextPart, Element],
    environment: Environment,
    told: set[str],
) -> tuple[dict[TextPart, nodes.Template], list[Finding]]:
    """The parts' syntax trees; and what is wrong in them that no paragraph has told already."""
    sources = {part: story_source(root) for part, root in stories.items()}
    for part in property_parts(package):
        sources[part] = property_source(parse(package.members[part.name], part.label))
    trees: dict[TextPart, nodes.Template] = {}
    findings: list[Finding] = []
    for part, source in sources.items():
        try:
            tree = environment.parse(source)
        except TemplateSyntaxError:
            if part.label not in told:
                findings.append(Finding("tpl_syntax", "error", Place(part.label), {"tag": ""}))
            continue
        refusals = list(environment.refusals(tree))
        if refusals and part.label not in told:
            findings += [Finding(c, "error", Place(part.label), v) for c, v in refusals]
        if not refusals:
            trees[part] = tree
    return trees, findings


def _without_attached_template(package: Package) -> tuple[Package, list[Finding]]:
    """Cut the tie to the file that the template was made from: often an internal server's path."""
    problems: list[Finding] = []
    for settings in package.related(package.main_part(), "settings"):
        tied = frozenset(
            one.id for one in package.relationships(settings) if one.kind == "attachedTemplate"
        )
        root = parse(package.members[settings], settings)
        found = root.findall(W + "attachedTemplate")
        for element in found:
            root.remove(element)
        if found:
            package = package.with_members({settings: serialise(root)})
        if tied:
            package = drop_relationships(package, settings, tied)
            problems.append(Finding("tpl_attached_template", "warning", Place("settings")))
    return package, problems


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
