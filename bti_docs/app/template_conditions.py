"""What a template's conditions compare fields with: choices that there are, values of one kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bti_docs.app.office import Office
from bti_docs.app.template_problem import TemplateProblem
from bti_docs.core.context import block_choices, field_options
from bti_docs.core.manifest import Manifest, Option
from bti_docs.merge.lint.spelling import nearest
from bti_docs.merge.lint.uses import Use

_TEXTS: Final = frozenset({"text", "langtekst"})
_SHAPES: Final[Mapping[str, str]] = {"dato": r"\d{4}-\d\d-\d\d", "tid": r"\d\d:\d\d"}
"""How a template must write a value of the kind: a day `2026-12-03`, a time `09:00`."""
_SHOWN: Final = 8
_FAULTS: Final[Mapping[str, str]] = {
    "tall": "tpl_compared_number",
    "dato": "tpl_compared_day",
    "tid": "tpl_compared_time",
    "ja_nei": "tpl_compared_yes_no",
    "flervalg": "tpl_compared_list",
}
"""What is said of a comparison with another kind of value; of texts, `tpl_compared_text`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field as a condition meets it."""

    type: str
    choices: tuple[str, ...] = ()
    """All that it may be; without any, anything."""
    key: str = ""
    """Where the choice's key is asked for, when the field itself is the label."""
    keys: tuple[str, ...] = ()


def asked_fields(office: Office, manifest: Manifest, language: str) -> Mapping[str, Asked]:
    """The manifest's fields, the parts of its blocks, and the keys of its choices, by path."""
    found: dict[str, Asked] = {}
    case_manifest = office.library.case_manifest()
    in_blocks = block_choices(case_manifest, office.profile)
    for one in manifest.fields:
        if one.is_block:
            for part in case_manifest.block(one.type):
                options = in_blocks.get(f"{one.type}.{part.key}", ())
                found[f"{one.key}.{part.key}"] = Asked(part.type, _labels(options, language))
            continue
        options = field_options(one, office.profile)
        labels, keys = _labels(options, language), tuple(option.key for option in options)
        beside = f"{one.key}_valg" if one.type == "valg" else ""
        found[one.key] = Asked(one.type, labels, beside, keys)
        if beside:
            found[beside] = Asked("valg", keys)
    return found


def _labels(options: Sequence[Option], language: str) -> tuple[str, ...]:
    return tuple(option.label(language) for option in options)


def of_condition(use: Use, asked: Asked | None) -> Iterator[TemplateProblem]:
    """A comparison that no value can ever pass, or that would stop the document."""
    for sign, value in use.against if asked is not None else ():
        if asked is not None and value != "":
            yield from _compared(use, asked, sign, value)


def _compared(use: Use, asked: Asked, sign: str, value: str | float) -> Iterator[TemplateProblem]:
    params = {"field": use.written, "tag": use.tag, "value": str(value)}
    if not _is_of_kind(asked, sign, value):
        code = _FAULTS.get(asked.type, "tpl_compared_text")
        yield TemplateProblem(code, "error", use.place, params, _retyped(use, asked, value))
    elif asked.choices and sign in _WHOLE and value not in asked.choices:
        shown = ", ".join(asked.choices[:_SHOWN])
        shown += " …" if len(asked.choices) > _SHOWN else ""
        better = _better(use, asked, str(value))
        yield TemplateProblem(
            "tpl_no_such_choice", "error", use.place, {**params, "choices": shown}, better
        )


_WHOLE: Final = frozenset({"eq", "ne", "contains"})
"""Signs that ask for one choice, and not for a part of its name."""


def _is_of_kind(asked: Asked, sign: str, value: str | float) -> bool:
    """Whether the field can be what it is compared with."""
    is_text = isinstance(value, str)
    if asked.type in _SHAPES:
        return is_text and re.fullmatch(_SHAPES[asked.type], str(value)) is not None
    if asked.type == "tall":
        return not is_text and sign != "contains"
    if asked.type == "ja_nei":
        return isinstance(value, bool)
    if asked.type == "flervalg":
        return is_text and sign == "contains"
    return is_text if asked.type in {*_TEXTS, "valg"} else True


def _retyped(use: Use, asked: Asked, value: str | float) -> str:
    """The tag with the same value written as one of the field's kind."""
    if asked.type == "tall" and str(value).isdigit():
        return re.sub(rf"(['\"]){value}\1", str(value), use.tag, count=1)
    if asked.type in {*_TEXTS, "valg"} and isinstance(value, int):
        return re.sub(rf"(?<![\w.'\"]){value}(?![\w.'\"])", f"'{value}'", use.tag, count=1)
    return ""


def _better(use: Use, asked: Asked, value: str) -> str:
    """The tag with a choice that there is: the key's own field, or the word most alike."""
    quoted = re.compile(rf"(['\"]){re.escape(value)}\1")
    if asked.key and value in asked.keys:
        name = rf"(?<![\w.]){re.escape(use.written)}(?![\w.\[])"
        beside = f"{use.written}_valg"
        return re.sub(name, beside, use.tag, count=1)
    near = nearest(value, asked.choices)
    if not near or quoted.search(use.tag) is None:
        return ""
    return quoted.sub(lambda found: f"{found[1]}{near}{found[1]}", use.tag, count=1)
