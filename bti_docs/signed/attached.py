"""XAdES signatures that lie beside a document: attached to a sealed PDF, or in an ASiC-E container.

They name the document by its hash. Whether that is a document we know of is looked up among those
embedded with it and those we issued.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import unquote

from bti_docs.core.signatures import Answer, Signature
from bti_docs.signed.certificates import certificate
from bti_docs.signed.chains import Anchors
from bti_docs.signed.marks import Mark, marks, read_xml

BROKEN_ZIP: Final = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError
)  # fmt: skip
_META: Final = "META-INF/"
_MEMBERS: Final = 200
_BYTES: Final = 200 * 1024 * 1024


async def check_attached(
    files: Mapping[str, bytes], known: Sequence[bytes], anchors: Anchors
) -> tuple[Signature, ...]:
    """The signatures in the XML files among *files*.

    *known* are documents as we issued them; without any, what is embedded has to do.
    """
    found: list[Signature] = []
    for data in files.values():
        root = read_xml(data) if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<" else None
        for mark in marks(root) if root is not None else ():
            whole = _named(mark, known or files.values())
            found.append(await _signature(mark, whole, anchors, len(found) + 1))
    return tuple(found)


async def check_asice(data: bytes, anchors: Anchors) -> tuple[Signature, ...]:
    """The signatures of an ASiC-E container, each with whether it covers all documents in it.

    Raises:
        ValueError: it is no sound ZIP container, or too large.
    """
    members = zip_members(data)
    documents = {n: d for n, d in members.items() if not n.startswith(_META) and n != "mimetype"}
    found: list[Signature] = []
    for name, body in members.items():
        root = read_xml(body) if name.startswith(_META) and "signature" in name.lower() else None
        for mark in marks(root) if root is not None else ():
            one = await _signature(mark, _covers(mark, documents), anchors, len(found) + 1)
            found.append(one)
    return tuple(found)


def zip_members(data: bytes) -> dict[str, bytes]:
    """The files in a ZIP container, by name.

    Raises:
        ValueError: it is broken, locked or too large, or a name is there twice.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            infos = [info for info in container.infolist() if not info.is_dir()]
            names = {info.filename for info in infos}
            large = sum(info.file_size for info in infos) > _BYTES
            if large or len(infos) > _MEMBERS or len(names) != len(infos):
                raise ValueError(len(infos))
            return {info.filename: container.read(info) for info in infos}
    except BROKEN_ZIP as error:
        raise ValueError(len(data)) from error


async def _signature(mark: Mark, whole: Answer, anchors: Anchors, number: int) -> Signature:
    place = f"XAdES {number}"
    if not mark.certificates:
        return Signature("attached", mark.intact, whole, at=mark.claimed, place=place)
    own, *others = mark.certificates
    trusted, doubt, chain = await anchors.lead_from(own, others)
    return Signature(
        "attached",
        mark.intact,
        whole,
        trusted,
        doubt,
        who=certificate(own),
        chain=chain,
        at=mark.claimed,
        place=place,
    )


def _named(mark: Mark, documents: Iterable[bytes]) -> Answer:
    """Whether all that it names are among *documents*."""
    if not mark.outside:
        return "unknown"
    all_of = list(documents)
    named = all(any(one.is_of(document) for document in all_of) for one in mark.outside)
    return "yes" if named else "unknown"


def _covers(mark: Mark, documents: Mapping[str, bytes]) -> Answer:
    """Whether it names every document in the container by its hash, and no hash is wrong."""
    if mark.intact == "unknown":
        return "unknown"
    named = {unquote(one.uri).removeprefix("./"): one for one in mark.outside}
    right = {name for name, data in documents.items() if name in named and named[name].is_of(data)}
    return "yes" if right and right == documents.keys() == named.keys() else "no"
