"""The sentences people read, one catalogue a language, found by code.

A catalogue is the folder `nb`, `nn` or `en` beside this file: TOML fragments, one a room, each of
flat lines `code = "sentence with {parameter}"`. Logic knows codes and parameters only.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

LANGUAGES: Final = ("nb", "nn", "en")
"""Bokmål and nynorsk as equals, English third."""


def text(code: str, language: str, /, **params: object) -> str:
    """The sentence of *code* in *language*, its parameters filled in.

    Raises:
        KeyError: no such code or language, or a parameter of the sentence was not given.
    """
    return catalogue(language)[code].format_map(params)


def reason_text(code: str, language: str, /, **params: object) -> str:
    """Why something waits: the reason's own sentence where an error has the same code.

    Raises:
        KeyError: as `text`.
    """
    own = f"reason_{code}"
    return text(own if own in catalogue(language) else code, language, **params)


def codes(language: str) -> frozenset[str]:
    """Every code that has a sentence in *language*."""
    return frozenset(catalogue(language))


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The sentences of *language* by code, from all its fragments.

    Raises:
        KeyError: no such language.
        ValueError: two fragments hold the same code, or a line is not a sentence.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    found: dict[str, str] = {}
    folder = resources.files(__name__).joinpath(language)
    for fragment in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if fragment.name.endswith(".toml"):
            _add(found, tomllib.loads(fragment.read_text(encoding="utf-8")))
    return MappingProxyType(found)


def _add(found: dict[str, str], fragment: Mapping[str, object]) -> None:
    for code, sentence in fragment.items():
        if not isinstance(sentence, str) or code in found:
            raise ValueError(code)
        found[code] = sentence
