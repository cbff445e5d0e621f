"""A TOML file against a pydantic model: everything that is wrong with it, as codes with places.

Used for config.toml, the profile and the manifests, so that the same mistake is told the same way.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Model = TypeVar("Model", bound=BaseModel)

_LINE: Final = re.compile(r"line (\d+)")
_CHOICE: Final = re.compile(r"'([^']*)'")
_LONGEST_QUOTE: Final = 60


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong in a TOML file: a code, the dotted key, and what the sentence needs."""

    code: str
    key: str
    params: Mapping[str, str | int]


def parse_toml(model: type[Model], data: bytes) -> Model | tuple[Flaw, ...]:
    """Read *data* as *model*, or say all that is wrong with it.

    A byte order mark is accepted, since Windows' own editor writes one.
    """
    table = _table(data)
    if isinstance(table, Flaw):
        return (table,)
    try:
        return model.model_validate(table)
    except ValidationError as error:
        names = _known_names(model)
        return tuple(_flaw(detail, names) for detail in error.errors(include_url=False))


def _table(data: bytes) -> dict[str, Any] | Flaw:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Flaw("toml_not_utf8", "", {})
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        return Flaw("toml_unreadable", "", {"line": int(found[1]) if found else 1})


def _flaw(detail: ErrorDetails, names: frozenset[str]) -> Flaw:
    key = _dotted(detail["loc"])
    kind = detail["type"]
    if kind == "extra_forbidden":
        return _unknown(key, names)
    if kind == "missing":
        return Flaw("toml_missing_key", key, {"key": key})
    if kind == "literal_error":
        choices = ", ".join(_CHOICE.findall(detail["ctx"]["expected"]))
        return Flaw("toml_not_a_choice", key, {"key": key, "choices": choices})
    if kind.startswith("toml_"):  # a model's own check, raised with a code of the catalogue
        return Flaw(kind, key, {**detail["ctx"]})
    return Flaw("toml_bad_value", key, {"key": key, "value": _quoted(detail["input"])})


def _unknown(key: str, names: frozenset[str]) -> Flaw:
    nearest = difflib.get_close_matches(key.rpartition(".")[2], sorted(names), n=1)
    if nearest:
        return Flaw("toml_unknown_key", key, {"key": key, "nearest": nearest[0]})
    return Flaw("toml_strange_key", key, {"key": key})


def _dotted(place: tuple[int | str, ...]) -> str:
    """`field[2].label.nn`: the place as a person counts it, from 1."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _quoted(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"


def _known_names(model: type[BaseModel]) -> frozenset[str]:
    schema = model.model_json_schema(by_alias=True)
    return frozenset(_properties([schema, *schema.get("$defs", {}).values()]))


def _properties(schemas: list[dict[str, Any]]) -> Iterator[str]:
    for schema in schemas:
        yield from schema.get("properties", {})
