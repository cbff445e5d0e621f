"""What a rendering has beside its record: pictures and the file's own properties.

Documents of one kind have pictures of the same size and properties of the same names. What follows
from those is worked out for the first of them, and used for all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TypeAlias

from bti_docs.errors import MergeError
from bti_docs.merge.engine.packing import Member, Shell, member
from bti_docs.merge.engine.parts import Part, make_part
from bti_docs.merge.language.dialect import Environment
from bti_docs.merge.language.normalise import property_source
from bti_docs.merge.word.package import Package, add_relationship, declare
from bti_docs.merge.word.parts import TextPart, address_parts, property_parts
from bti_docs.merge.word.pictures import PictureKind, Placeholder, drawing_xml
from bti_docs.merge.word.properties import write_properties
from bti_docs.merge.word.xml import parse

OutfitKey: TypeAlias = "tuple[tuple[tuple[str, PictureKind], ...], tuple[str, ...]]"
"""The pictures' keys and kinds, and the properties' names."""
_PROPERTY: Final = "_property_"
"""How the template knows a property: by a name that no author may write."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """A placeholder picture, and where it is."""

    part: TextPart
    number: int
    placeholder: Placeholder


@dataclass(frozen=True, slots=True)
class Outfit:
    """What all documents with the same kinds of pictures and properties share."""

    shell: Shell
    pictures: Mapping[str, Mapping[int, str]]
    """Part → number → the XML of the picture that stands there."""
    parts: tuple[Part, ...]
    """What depends on the record."""


def property_values(properties: Mapping[str, object]) -> dict[str, object]:
    """The properties as data of the outfit's parts, beside the record's."""
    return {f"{_PROPERTY}{n}": value for n, value in enumerate(properties.values())}


def make_outfit(
    package: Package,
    parts: Sequence[Part],
    anchored: Sequence[Anchored],
    environment: Environment,
    key: OutfitKey,
) -> Outfit:
    """Work out what documents of this kind share.

    Args:
        package: The template's.
        parts: What depends on the record.
        anchored: The template's placeholder pictures.
        environment: The template's language.
        key: The pictures and properties that are given.

    Raises:
        MergeError: `bad_key` for a property's name that holds a tag, or what XML cannot hold.
    """
    kinds, names = dict(key[0]), key[1]
    for name in names:
        if "{" in name or not name.isprintable():
            raise MergeError("bad_key", field=name)
    tags = {name: f"{{{{ {_PROPERTY}{number} }}}}" for number, name in enumerate(names)}
    dressed = write_properties(package, tags)
    pictures: dict[str, dict[int, str]] = {}
    for part, group in groupby(anchored, key=lambda one: one.part):
        dressed, pictures[part.name] = _pictures(dressed, part, list(group), kinds)
    own = {one.part.name: one for one in parts} | _remade(package, dressed, environment)
    given = {kind.member_name(name) for name, kind in kinds.items()}
    shared = (
        member(name, content, stored=name.endswith((".png", ".jpg", ".jpeg")))
        for name, content in dressed.members.items()
        if name not in own and name not in given
    )
    return Outfit(Shell(shared), pictures, tuple(own.values()))


def picture_member(key: str, kind: PictureKind, content: bytes) -> Member:
    """The member that holds a given picture."""
    return member(kind.member_name(key), content, stored=True)


def _remade(before: Package, after: Package, environment: Environment) -> dict[str, Part]:
    """The parts without paragraphs that pictures or properties have changed, by name."""
    found = {}
    for part in (*property_parts(after), *address_parts(after)):
        if after.members[part.name] != before.members.get(part.name):
            root = parse(after.members[part.name], part.label)
            made = make_part(part, environment.parse(property_source(root)), environment)
            if made is not None:
                found[part.name] = made
    return found


def _pictures(
    package: Package, part: TextPart, places: Sequence[Anchored], kinds: Mapping[str, PictureKind]
) -> tuple[Package, dict[int, str]]:
    """The package in which *part* points at its pictures, and their XML by number."""
    found: dict[int, str] = {}
    ids: dict[str, str] = {}
    namespaces = parse(package.members[part.name], part.label).nsmap
    for one in places:
        key = one.placeholder.key
        kind = kinds.get(key)
        if kind is None:
            found[one.number] = ""
            continue
        if key not in ids:
            name = kind.member_name(key)
            package = declare(package, name, kind.media_type)
            package, ids[key] = add_relationship(package, part.name, "image", name)
        xml = drawing_xml(one.placeholder, kind, ids[key])
        for prefix, uri in namespaces.items():
            xml = xml.replace(f' xmlns:{prefix}="{uri}"', "")
        found[one.number] = xml
    return package, found
