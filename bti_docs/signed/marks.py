"""XML signatures (XML-DSig with XAdES), as far as they can be checked without guessing.

Only what the services use: canonical XML, SHA-2, RSA and ECDSA, references to parts of the same
file or to a document by its hash. Anything else, and SHA-1, is «not checked»; transformations that
could compute something are never run.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from asn1crypto import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.x509 import load_der_x509_certificate
from lxml import etree

from bti_docs.core.signatures import Answer

DS: Final = "{http://www.w3.org/2000/09/xmldsig#}"
_XADES: Final = ("{http://uri.etsi.org/01903/v1.3.2#}", "{http://uri.etsi.org/01903/v1.4.1#}")
_PROPERTIES: Final = "http://uri.etsi.org/01903#SignedProperties"
_CANON: Final[Mapping[str, bool]] = {
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315": False,
    "http://www.w3.org/2006/12/xml-c14n11": False,
    "http://www.w3.org/2001/10/xml-exc-c14n#": True,
}
"""Canonical XML by its address: whether it is the exclusive kind."""
_EXCLUSIVE: Final = "{http://www.w3.org/2001/10/xml-exc-c14n#}"
_METHOD: Final = f"{DS}CanonicalizationMethod"
_ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
HASHES: Final[Mapping[str, str]] = {
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
_KEYS: Final[Mapping[str, tuple[str, hashes.HashAlgorithm]]] = {
    f"{_MORE}{kind}-{name}": (kind, algorithm)
    for kind in ("rsa", "ecdsa")
    for name, algorithm in (
        ("sha256", hashes.SHA256()),
        ("sha384", hashes.SHA384()),
        ("sha512", hashes.SHA512()),
    )
}
_MOST: Final = 200
_KEYS_TRIED: Final = 10


@dataclass(frozen=True, slots=True)
class Outside:
    """A document that a signature names by its hash."""

    uri: str
    algorithm: str
    value: bytes

    def is_of(self, data: bytes) -> bool:
        """Whether it is the hash of these bytes."""
        return hashlib.new(self.algorithm, data).digest() == self.value


@dataclass(frozen=True, slots=True)
class Mark:
    """One XML signature."""

    intact: Answer
    """Of itself: what it says is signed with the key in its certificate."""
    outside: tuple[Outside, ...] = ()
    certificates: tuple[x509.Certificate, ...] = ()
    """The signer's own is the first."""
    claimed: datetime | None = None
    """The time it says it was made."""


def read_xml(data: bytes) -> etree._Element | None:
    """The root, or None for what is no XML or wants anything from outside."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if root.getroottree().docinfo.internalDTD is not None else root


def marks(root: etree._Element) -> tuple[Mark, ...]:
    """Every XML signature in a file that stands for itself: a signature on one is part of it."""
    found = [one for one in root.iter(f"{DS}Signature") if not _inside_another(one)]
    return tuple(_mark(one) for one in found[:_MOST])


def _inside_another(one: etree._Element) -> bool:
    return next(one.iterancestors(f"{DS}Signature"), None) is not None


class _Unchecked(Exception):  # noqa: N818  (it travels three functions up, and no further)
    """Something in it is of a kind that is not checked here."""


def _mark(one: etree._Element) -> Mark:
    certificates = _certificates(one)
    try:
        references = list(one.iterfind(f"{DS}SignedInfo/{DS}Reference"))[:_MOST]
        pairs = [(ref, _outside(ref)) for ref in references]
        inside = [_holds(one, ref) for ref, outside in pairs if outside is None]
        signer = _signer(one, certificates)
    except _Unchecked:
        return Mark("unknown", (), certificates, None)
    intact = all(inside) and bool(pairs) and signer is not None
    first = sorted(certificates, key=lambda found: found is not signer)
    outside = tuple(found for _, found in pairs if found)
    return Mark("yes" if intact else "no", outside, tuple(first), _claimed(one, pairs))


def _certificates(one: etree._Element) -> tuple[x509.Certificate, ...]:
    found = []
    for element in one.iterfind(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate"):
        try:
            loaded = x509.Certificate.load(_bytes(element), strict=True)
            _ = loaded.subject.native, loaded.public_key.native
        except (ValueError, TypeError, _Unchecked):
            continue
        found.append(loaded)
    return tuple(found)


def _bytes(element: etree._Element | None) -> bytes:
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True) \
            if element is not None else b""  # fmt: skip
    except binascii.Error as error:
        raise _Unchecked from error


def _outside(ref: etree._Element) -> Outside | None:
    """What a reference says of a document elsewhere; None for one to a part of this file."""
    uri = ref.get("URI")
    if uri is None or uri == "" or uri.startswith("#"):
        if uri is None:
            raise _Unchecked
        return None
    if _transforms(ref):
        raise _Unchecked
    return Outside(uri, _hash_name(ref), _bytes(ref.find(f"{DS}DigestValue")))


def _hash_name(ref: etree._Element) -> str:
    method = ref.find(f"{DS}DigestMethod")
    name = HASHES.get(method.get("Algorithm", "") if method is not None else "")
    if name is None:
        raise _Unchecked
    return name


def _transforms(ref: etree._Element) -> list[etree._Element]:
    return list(ref.iterfind(f"{DS}Transforms/{DS}Transform"))


def _holds(one: etree._Element, ref: etree._Element) -> bool:
    """Whether the part of this file that it refers to has the hash it says."""
    target = _target(one, ref.get("URI", ""))
    how: etree._Element | None = None
    for transform in _transforms(ref):
        kind = transform.get("Algorithm", "")
        if kind == _ENVELOPED and target is not None:
            target = _without(target, one)
        elif kind in _CANON:
            how = transform
        else:
            raise _Unchecked
    if target is None:
        return False
    said, name = _bytes(ref.find(f"{DS}DigestValue")), _hash_name(ref)
    # without a word on it the plain kind is meant; some programs use that of the signature itself
    ways = [how] if how is not None else [None, one.find(f"{DS}SignedInfo/{_METHOD}")]
    return any(hashlib.new(name, _canonical(target, way)).digest() == said for way in ways)


def _target(one: etree._Element, uri: str) -> etree._Element | None:
    """The one element with that name; None when there is none, or two that could be meant."""
    root = one.getroottree().getroot()
    if uri == "":
        return root
    named = [e for e in root.iter() if uri[1:] in (e.get("Id"), e.get("ID"), e.get("id"))]
    return named[0] if len(named) == 1 else None


def _without(target: etree._Element, one: etree._Element) -> etree._Element:
    """A copy of the whole file without the signature itself."""
    if target is not target.getroottree().getroot():
        raise _Unchecked
    copy = deepcopy(target)
    place = next(at for at, element in enumerate(target.iter()) if element is one)
    inner = next(element for at, element in enumerate(copy.iter()) if at == place)
    parent = inner.getparent()
    if parent is None:
        raise _Unchecked
    before = inner.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (inner.tail or "")
    else:
        parent.text = (parent.text or "") + (inner.tail or "")
    parent.remove(inner)
    return copy


def _canonical(element: etree._Element, how: etree._Element | None) -> bytes:
    exclusive = _CANON.get(how.get("Algorithm", ""), False) if how is not None else False
    kept = how.find(f"{_EXCLUSIVE}InclusiveNamespaces") if how is not None else None
    prefixes = kept.get("PrefixList", "").split() if kept is not None else []
    return etree.tostring(
        element, method="c14n", exclusive=exclusive, with_comments=False, with_tail=False,
        inclusive_ns_prefixes=prefixes or None,
    )  # fmt: skip


def _signer(
    one: etree._Element, certificates: tuple[x509.Certificate, ...]
) -> x509.Certificate | None:
    """The certificate whose key has signed what it says; None when no key fits."""
    info = one.find(f"{DS}SignedInfo")
    if info is None or not certificates:
        raise _Unchecked
    how = info.find(_METHOD)
    if how is None or how.get("Algorithm") not in _CANON:
        raise _Unchecked
    method = info.find(f"{DS}SignatureMethod")
    kind = _KEYS.get(method.get("Algorithm", "") if method is not None else "")
    if kind is None:
        raise _Unchecked
    value = _bytes(one.find(f"{DS}SignatureValue"))
    said = _canonical(info, how)
    return next((own for own in certificates[:_KEYS_TRIED] if _fits(own, kind, value, said)), None)


def _fits(
    own: x509.Certificate, kind: tuple[str, hashes.HashAlgorithm], value: bytes, said: bytes
) -> bool:
    name, algorithm = kind
    try:
        key = load_der_x509_certificate(own.dump()).public_key()
        if name == "rsa" and isinstance(key, rsa.RSAPublicKey):
            key.verify(value, said, padding.PKCS1v15(), algorithm)
        elif name == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            half = len(value) // 2
            numbers = (int.from_bytes(value[:half]), int.from_bytes(value[half:]))
            key.verify(utils.encode_dss_signature(*numbers), said, ec.ECDSA(algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    except (UnsupportedAlgorithm, ValueError) as error:
        raise _Unchecked from error
    return True


def _claimed(
    one: etree._Element, pairs: list[tuple[etree._Element, Outside | None]]
) -> datetime | None:
    """The time in the properties that are signed with the rest."""
    for ref, outside in pairs:
        properties = _target(one, ref.get("URI", "")) if outside is None else None
        if ref.get("Type") == _PROPERTIES and properties is not None:
            return next(_times(properties), None)
    return None


def _times(properties: etree._Element) -> Iterator[datetime]:
    for name in _XADES:
        for element in properties.iter(f"{name}SigningTime"):
            try:
                at = datetime.fromisoformat((element.text or "").strip())
            except ValueError:
                continue
            yield at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
