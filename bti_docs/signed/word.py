"""A signed Word file: whether the signed parts still are what they were. Nothing more is checked.

After any change in another program the signature still lies there, so its presence says nothing.
The parts that were signed as they are can be counted over again; those that were transformed first
cannot without guessing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote, urlsplit

from lxml import etree

from bti_docs.core.signatures import Answer, Signature
from bti_docs.signed.attached import zip_members
from bti_docs.signed.marks import DS, HASHES, read_xml

_FOLDER: Final = "_xmlsignatures/"
_OLD: Final = "http://www.w3.org/2000/09/xmldsig#sha1"
"""What older Word writes. Good enough to see that a text was changed, and used for nothing else."""


def check_word(data: bytes) -> tuple[Signature, ...]:
    """One for each signature part: `intact` is no when a signed part is changed, else unknown.

    Raises:
        ValueError: it is no sound ZIP container, or too large.
    """
    parts = zip_members(data)
    signed = (name for name in parts if name.startswith(_FOLDER) and name.endswith(".xml"))
    roots = [root for name in signed if (root := read_xml(parts[name])) is not None]
    return tuple(
        Signature("word", intact=_changed(root, parts), place=f"{_FOLDER}{number}")
        for number, root in enumerate(roots, start=1)
    )


def _changed(root: etree._Element, parts: Mapping[str, bytes]) -> Answer:
    wrong = any(
        part not in parts or hashlib.new(name, parts[part], usedforsecurity=False).digest() != value
        for part, name, value in _references(root)
    )
    return "no" if wrong else "unknown"


def _references(root: etree._Element) -> Iterator[tuple[str, str, bytes]]:
    """Each part that was signed as it is: its name, the hash's name, and the hash."""
    for ref in root.iterfind(f".//{DS}Manifest/{DS}Reference"):
        method, said = ref.find(f"{DS}DigestMethod"), ref.findtext(f"{DS}DigestValue")
        algorithm = method.get("Algorithm", "") if method is not None else ""
        name = "sha1" if algorithm == _OLD else HASHES.get(algorithm)
        if name and said and ref.find(f"{DS}Transforms") is None:
            part = unquote(urlsplit(ref.get("URI", "")).path).removeprefix("/")
            yield part, name, _value(said)


def _value(said: str) -> bytes:
    """The hash as bytes; none for what is none, which then differs."""
    try:
        return base64.b64decode("".join(said.split()), validate=True)
    except binascii.Error:
        return b""
