"""A test issuer, made anew in each run, and files that it has sealed, signed and stamped.

Nothing of it is ever shipped: the keys live as long as the test.
"""

from __future__ import annotations

import base64
import hashlib
import io
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pikepdf
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from lxml import etree
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from bti_docs.signed import TrustList

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""The office's clock in these tests."""
NATIONAL_NUMBER = "17081512345"
"""Eleven digits as a certificate may hold; no such number exists."""

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
_QC = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Identity:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Key
    issuer: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def asn1(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.der)

    def asn1_key(self) -> asn1_keys.PrivateKeyInfo:
        return asn1_keys.PrivateKeyInfo.load(
            self.key.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )


def _name(parts: Mapping[Any, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts.items()])


@cache
def issuer(name: str = "Prøveutsteder CA") -> Identity:
    """A self-signed issuer."""
    key = rsa.generate_private_key(65537, 2048)
    subject = _name({NameOID.COMMON_NAME: name, NameOID.ORGANIZATION_NAME: "Prøveutsteder"})
    built = _builder(subject, subject, key, NOW - timedelta(days=2000), NOW + timedelta(days=2000))
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    built = built.add_extension(_usage(ca=True), critical=True)
    certificate = built.sign(key, hashes.SHA256())
    return Identity(certificate, key, certificate)


def _builder(
    subject: x509.Name, by: x509.Name, key: Key, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca, content_commitment=not ca, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=ca, crl_sign=ca,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _issued(
    parts: Mapping[Any, str],
    by: Identity,
    days: tuple[int, int],
    *extensions: tuple[x509.ExtensionType, bool],
    elliptic: bool = False,
) -> Identity:
    key: Key = (
        ec.generate_private_key(ec.SECP256R1())
        if elliptic
        else rsa.generate_private_key(65537, 2048)
    )
    start, end = (NOW + timedelta(days=day) for day in days)
    built = _builder(_name(parts), by.certificate.subject, key, start, end)
    built = built.add_extension(_usage(ca=False), critical=True)
    for extension, critical in extensions:
        built = built.add_extension(extension, critical=critical)
    assert isinstance(by.key, rsa.RSAPrivateKey)
    return Identity(built.sign(by.key, hashes.SHA256()), key, by.certificate)


@cache
def service(by: Identity | None = None, days: tuple[int, int] = (-300, 300)) -> Identity:
    """A signing service with a seal."""
    parts = {
        NameOID.COMMON_NAME: "Prøvesignering",
        NameOID.ORGANIZATION_NAME: "Prøvesignering AS",
        NameOID.ORGANIZATION_IDENTIFIER: "NTRNO-999888777",
    }
    return _issued(parts, by or issuer(), days)


@cache
def person(
    name: str = "Mona Prøvesen",
    by: Identity | None = None,
    days: tuple[int, int] = (-300, 300),
    *,
    elliptic: bool = False,
) -> Identity:
    """Somebody's own qualified certificate."""
    given, _, family = name.rpartition(" ")
    parts = {
        NameOID.COMMON_NAME: f"{family}, {given}",
        NameOID.GIVEN_NAME: given,
        NameOID.SURNAME: family,
        NameOID.SERIAL_NUMBER: f"UN:NO-9578-4050-{NATIONAL_NUMBER}",
        NameOID.ORGANIZATION_NAME: f"Prøvebanken {NATIONAL_NUMBER}",
    }
    statement = bytes.fromhex("3015301306 0604008e460106300906 0704008e46010601".replace(" ", ""))
    qualified = (x509.UnrecognizedExtension(_QC, statement), False)
    return _issued(parts, by or issuer(), days, qualified, elliptic=elliptic)


@cache
def clock() -> Identity:
    """A time stamp authority."""
    usage = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
    return _issued({NameOID.COMMON_NAME: "Prøvetid"}, issuer(), (-300, 300), usage)


def trust(*anchors: Identity) -> TrustList:
    """A list of issuers from the first of November."""
    return TrustList(tuple(one.der for one in anchors or (issuer(),)), datetime(2026, 11, 1).date())  # noqa: DTZ001


# --- PDF -----------------------------------------------------------------------------------


def plain_pdf(pages: int = 2) -> bytes:
    """A PDF with something on each page."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for number in range(1, pages + 1):
            pdf.add_blank_page(page_size=(595, 842))
            _write(pdf, number - 1, f"Side {number}", 700)
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _write(pdf: pikepdf.Pdf, index: int, text: str, y: int) -> None:
    page = pdf.pages[index]
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    name = page.add_resource(pdf.make_indirect(font), pikepdf.Name.Font)
    drawn = f"q BT {name} 9 Tf 72 {y} Td ({text}) Tj ET Q".encode("latin-1")
    page.contents_add(drawn)


def signed_pdf(
    pdf: bytes,
    by: Identity,
    *,
    field: str = "Signatur1",
    stamped: datetime | None = None,
    at: datetime = NOW,
    chain: Sequence[Identity] = (),
) -> bytes:
    """*pdf* with a signature added to it, and a time stamp in that when *stamped* is given."""
    store = SimpleCertificateStore()
    store.register_multiple([asn1_x509.Certificate.load(_der(by.issuer))])
    store.register_multiple([one.asn1() for one in chain])
    signer = signers.SimpleSigner(
        signing_cert=by.asn1(), signing_key=by.asn1_key(), cert_registry=store
    )
    meta = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    stamper = _stamper(stamped) if stamped else None
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = signers.PdfSigner(meta, signer=signer, timestamper=stamper)
        out: Any = made.sign_pdf(writer)
    del at
    return bytes(out.getvalue())


def _stamper(at: datetime) -> timestamps.DummyTimeStamper:
    store = SimpleCertificateStore()
    store.register_multiple([issuer().asn1()])
    return timestamps.DummyTimeStamper(
        tsa_cert=clock().asn1(), tsa_key=clock().asn1_key(), certs_to_embed=store, fixed_dt=at
    )


def timestamped_pdf(pdf: bytes, at: datetime) -> bytes:
    """*pdf* with a time stamp over all of it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    out: Any = PdfTimeStamper(_stamper(at)).timestamp_pdf(writer, "sha256", validation_context=None)
    return bytes(out.getvalue())


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def laid_out(
    pdf: bytes, attached: Mapping[str, bytes] | None = None, *, front: bool = True
) -> bytes:
    """What a service makes of *pdf* before it is sealed: front page, footers, attachments."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as made:
        for index in range(len(made.pages)):
            _write(made, index, "Dokumentet er signert med Prøvesignering", 12)
        if front:
            made.add_blank_page(page_size=(595, 842))
            _write(made, len(made.pages) - 1, "Dokumentet er signert av disse", 700)
            made.pages.insert(0, made.pages[-1])
            del made.pages[-1]
        for name, body in (attached or {}).items():
            made.attachments[name] = pikepdf.AttachedFileSpec(made, body, filename=name)
        made.save(out, deterministic_id=True)
    return out.getvalue()


def sealed_pdf(
    pdf: bytes,
    people: Sequence[Identity],
    *,
    by: Identity | None = None,
    signs: bytes | None = None,
    embed: bool = False,
) -> bytes:
    """*pdf* as a service hands it back: each person's XAdES attached, the whole sealed.

    *signs* is the document they signed when it is another one; *embed* puts that beside them.
    """
    document = pdf if signs is None else signs
    attached = {
        f"signatur-{n}.xml": xades({"dokument.pdf": document}, one)
        for n, one in enumerate(people, start=1)
    }
    if embed:
        attached["dokument.pdf"] = document
    return signed_pdf(laid_out(pdf, attached), by or service())


def flipped(data: bytes) -> bytes:
    """*data* with one byte changed where text is drawn, so that it still opens."""
    at = data.index(b"stream\n", len(data) // 20) + 12
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def edited(data: bytes) -> bytes:
    """*data* with a page edited in a revision of its own, as editors do."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = pyhanko_number(180)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pyhanko_number(value: int) -> Any:  # noqa: ANN401
    """A PDF number."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415

    return generic.NumberObject(value)


def resaved(data: bytes) -> bytes:
    """*data* opened and saved in another program."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


# --- XAdES ---------------------------------------------------------------------------------


def xades(
    documents: Mapping[str, bytes], by: Identity, *, at: str = "2026-11-20T12:30:00+01:00"
) -> bytes:
    """An XML signature with XAdES properties that names *documents* by their hash."""
    root = etree.Element(f"{{{DS}}}Signature", nsmap={"ds": DS}, Id="S1")
    info = etree.SubElement(root, f"{{{DS}}}SignedInfo")
    kind = "rsa" if isinstance(by.key, rsa.RSAPrivateKey) else "ecdsa"
    etree.SubElement(info, f"{{{DS}}}CanonicalizationMethod", Algorithm=_C14N)
    method = f"http://www.w3.org/2001/04/xmldsig-more#{kind}-sha256"
    etree.SubElement(info, f"{{{DS}}}SignatureMethod", Algorithm=method)
    for name, data in documents.items():
        _reference(info, name, hashlib.sha256(data).digest())
    value = etree.SubElement(root, f"{{{DS}}}SignatureValue")
    keys = etree.SubElement(etree.SubElement(root, f"{{{DS}}}KeyInfo"), f"{{{DS}}}X509Data")
    for der in (_der(by.issuer), by.der):  # the signer's own need not be the first
        etree.SubElement(keys, f"{{{DS}}}X509Certificate").text = base64.b64encode(der).decode()
    signed = _properties(root, at)
    _reference(info, "#P1", _hash(signed), type_=f"{XADES.replace('/v1.3.2', '')}SignedProperties")
    value.text = base64.b64encode(_signed_with(by.key, _canonical(info))).decode()
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _properties(root: Any, at: str) -> Any:  # noqa: ANN401
    holder = etree.SubElement(root, f"{{{DS}}}Object")
    names = {"xades": XADES}
    outer = etree.SubElement(holder, f"{{{XADES}}}QualifyingProperties", nsmap=names, Target="#S1")
    signed = etree.SubElement(outer, f"{{{XADES}}}SignedProperties", Id="P1")
    of = etree.SubElement(signed, f"{{{XADES}}}SignedSignatureProperties")
    etree.SubElement(of, f"{{{XADES}}}SigningTime").text = at
    return signed


def _reference(info: Any, uri: str, value: bytes, *, type_: str = "") -> None:  # noqa: ANN401
    ref = etree.SubElement(info, f"{{{DS}}}Reference", URI=uri)
    if type_:
        ref.set("Type", type_)
        transforms = etree.SubElement(ref, f"{{{DS}}}Transforms")
        etree.SubElement(transforms, f"{{{DS}}}Transform", Algorithm=_C14N)
    etree.SubElement(ref, f"{{{DS}}}DigestMethod", Algorithm=_SHA256)
    etree.SubElement(ref, f"{{{DS}}}DigestValue").text = base64.b64encode(value).decode()


def _canonical(element: Any) -> bytes:  # noqa: ANN401
    return etree.tostring(element, method="c14n", exclusive=True)


def _hash(element: Any) -> bytes:  # noqa: ANN401
    return hashlib.sha256(_canonical(element)).digest()


def _signed_with(key: Key, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    from cryptography.hazmat.primitives.asymmetric.utils import (  # noqa: PLC0415
        decode_dss_signature,
    )

    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


# --- containers ----------------------------------------------------------------------------


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A ZIP container."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in members.items():
            container.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 12, 0, 0)), data)
    return out.getvalue()


def asice(documents: Mapping[str, bytes], by: Identity, **more: bytes) -> bytes:
    """An ASiC-E container whose one signature covers *documents*; *more* is put in besides."""
    return zipped({
        "mimetype": b"application/vnd.etsi.asic-e+zip",
        **documents,
        **{name.replace("_", "."): data for name, data in more.items()},
        "META-INF/signatures.xml": xades(documents, by),
    })  # fmt: skip


def signed_word(docx: bytes, *, then: Mapping[str, bytes] | None = None) -> bytes:
    """A Word file with a signature over its main part; *then* are parts changed afterwards."""
    with zipfile.ZipFile(io.BytesIO(docx)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    value = base64.b64encode(hashlib.sha256(parts["word/document.xml"]).digest()).decode()
    uri = "/word/document.xml?ContentType=application/x"
    parts["_xmlsignatures/sig1.xml"] = (
        f'<Signature xmlns="{DS}"><Object Id="idPackageObject"><Manifest>'
        f'<Reference URI="{uri}"><DigestMethod Algorithm="{_SHA256}"/>'
        f"<DigestValue>{value}</DigestValue></Reference>"
        '<Reference URI="/_rels/.rels"><Transforms/><DigestMethod '
        f'Algorithm="{_SHA256}"/><DigestValue>AA==</DigestValue></Reference>'
        "</Manifest></Object></Signature>"
    ).encode()
    return zipped(parts | dict(then or {}))
