"""From a record to the bytes of a docx file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from operator import itemgetter
from typing import Final

from bti_docs.errors import MergeError
from bti_docs.merge.engine.outfit import (
    Anchored,
    Outfit,
    OutfitKey,
    make_outfit,
    picture_member,
    property_values,
)
from bti_docs.merge.engine.parts import Part
from bti_docs.merge.engine.runtime import State
from bti_docs.merge.language.dialect import Environment
from bti_docs.merge.language.fields import unknown_keys
from bti_docs.merge.language.shape import Shape, fits
from bti_docs.merge.language.values import is_plain, prepare
from bti_docs.merge.word.findings import FieldNode
from bti_docs.merge.word.package import Package
from bti_docs.merge.word.pictures import PictureKind, inspect

_OUTFITS: Final = 32
"""How many kinds of pictures and properties are remembered; an office needs two or three."""


@dataclass(frozen=True, slots=True)
class Request:
    """One rendering. See `Template.render`."""

    data: Mapping[str, object]
    pictures: Mapping[str, bytes]
    properties: Mapping[str, str]
    prompt: str
    refuse_unknown: bool


@dataclass(frozen=True, slots=True)
class Press:
    """A template that can be printed from: all that does not depend on a record is done."""

    package: Package
    parts: tuple[Part, ...]
    anchored: tuple[Anchored, ...]
    environment: Environment
    fields: tuple[FieldNode, ...]
    shape: Shape
    _outfits: dict[OutfitKey, Outfit] = field(default_factory=dict)

    def render(self, request: Request) -> bytes:
        """The document.

        Raises:
            MergeError: See `Template.render`.
        """
        data, plain = self._checked(request)
        wanted = {one.placeholder.key for one in self.anchored}
        kinds = {k: inspect(picture, k) for k, picture in request.pictures.items() if k in wanted}
        outfit = self._outfit(kinds, request.properties)
        if request.properties:
            plain = plain and is_plain(dict(request.properties))
            properties = request.properties if plain else prepare(request.properties)
            data = {**data, **property_values(properties)}
            data = data if plain else prepare(data)
        prompt = escape(request.prompt, quote=False)
        members = [
            part.member(data, State(outfit.pictures.get(part.part.name, {}), prompt), plain=plain)
            for part in outfit.parts
        ]
        members += [
            picture_member(key, kind, request.pictures[key]) for key, kind in sorted(kinds.items())
        ]
        return outfit.shell.file(members)

    def _checked(self, request: Request) -> tuple[Mapping[str, object], bool]:
        """The record, and whether it is plain; nothing that is in it goes unseen."""
        plain = is_plain(request.data)
        data = request.data if plain else prepare(request.data)
        if request.refuse_unknown and not fits(data, self.shape):
            unknown = unknown_keys(self.fields, data)
            if unknown:
                raise MergeError("unknown_field", field=unknown[0], count=len(unknown))
        return data, plain

    def _outfit(self, kinds: Mapping[str, PictureKind], properties: Mapping[str, str]) -> Outfit:
        key = tuple(sorted(kinds.items(), key=itemgetter(0))), tuple(properties)
        known = self._outfits.get(key)
        if known is None:
            if len(self._outfits) >= _OUTFITS:
                self._outfits.clear()
            known = make_outfit(self.package, self.parts, self.anchored, self.environment, key)
            self._outfits[key] = known
        return known
