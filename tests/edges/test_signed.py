"""Signed files made with a test issuer: four facts each, and what hostile ones come to."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bti_docs.core.signatures import (
    Signature,
    SignedFile,
    digital_evidence,
    list_line,
    same_name,
    signature_lines,
)
from bti_docs.signed import (
    SignedKind,
    TrustList,
    check_signatures,
    read_signed_json,
    read_trust,
    signed_json,
)
from bti_docs.signed.certificates import masked
from bti_docs.signed.checking import MAX_BYTES, MEMORY, Job
from bti_docs.signed.marks import marks, read_xml
from bti_docs.signed.worker import check
from tests.edges.signed_samples import (
    NATIONAL_NUMBER,
    NOW,
    asice,
    edited,
    flipped,
    issuer,
    laid_out,
    person,
    plain_pdf,
    resaved,
    sealed_pdf,
    service,
    signed_pdf,
    signed_word,
    timestamped_pdf,
    trust,
    xades,
    zipped,
)

OURS = plain_pdf()
EXPIRED = (-300, -3)


def signatures(
    data: bytes,
    kind: SignedKind = "pdf",
    known: tuple[bytes, ...] = (),
    trusted: TrustList | None = None,
) -> tuple[Signature, ...]:
    """As the worker finds them, in this process."""
    anchors = (trust() if trusted is None else trusted).anchors
    return asyncio.run(check(Job(data, kind, known, anchors, NOW, 30.0, MEMORY)))


def facts(one: Signature) -> tuple[str, str, str, str]:
    """Intact, whole, trusted or why not, and what the time is."""
    when = "stamp" if one.stamped else "claim" if one.at else "none"
    return one.intact, one.whole, one.doubt or one.trusted, when


CASES = {
    "sealed": (lambda: signed_pdf(OURS, service()), ("yes", "yes", "yes", "claim")),
    "one byte flipped": (
        lambda: flipped(signed_pdf(OURS, service())),
        ("no", "yes", "yes", "claim"),
    ),
    "appended": (
        lambda: signed_pdf(OURS, service()) + b"\n% more\n",
        ("yes", "no", "yes", "claim"),
    ),
    "edited": (lambda: edited(signed_pdf(OURS, service())), ("no", "no", "yes", "claim")),
    "saved again": (lambda: resaved(signed_pdf(OURS, service())), ("no", "no", "yes", "claim")),
    "expired": (
        lambda: signed_pdf(OURS, service(None, EXPIRED)),
        ("yes", "yes", "expired", "claim"),
    ),
    "expired since": (
        lambda: signed_pdf(OURS, service(None, EXPIRED), stamped=NOW - timedelta(days=10)),
        ("yes", "yes", "yes", "stamp"),
    ),
    "unknown issuer": (
        lambda: signed_pdf(OURS, service(issuer("En annen CA"))),
        ("yes", "yes", "issuer", "claim"),
    ),
    "front page": (lambda: signed_pdf(laid_out(OURS), service()), ("yes", "yes", "yes", "claim")),
    "stamped": (
        lambda: signed_pdf(OURS, service(), stamped=NOW - timedelta(days=1)),
        ("yes", "yes", "yes", "stamp"),
    ),
    "a person's own": (lambda: signed_pdf(OURS, person()), ("yes", "yes", "yes", "claim")),
}


@pytest.mark.parametrize("case", sorted(CASES))
def test_the_four_facts_of_a_signed_pdf(case: str) -> None:
    make, expected = CASES[case]
    (one,) = signatures(make())
    assert facts(one) == expected
    assert one.role == ("person" if case == "a person's own" else "seal")
    assert one.who is not None
    assert one.who.name == ("Mona Prøvesen" if one.role == "person" else "Prøvesignering AS")
    if one.trusted == "yes":
        assert [step.name for step in one.chain] == ["Prøveutsteder"]


def test_two_people_sign_one_after_the_other() -> None:
    once = signed_pdf(OURS, person())
    twice = signed_pdf(once, person("Per Eksempel"), field="Signatur2")
    assert [facts(one)[:3] for one in signatures(twice)] == [("yes", "yes", "yes")] * 2
    assert [one.whole for one in signatures(twice + b"\n")] == ["no", "no"]


def test_a_time_stamp_on_the_whole_file_is_evidence() -> None:
    signed, stamp = signatures(timestamped_pdf(signed_pdf(OURS, person()), NOW))
    assert (signed.role, stamp.role, stamp.stamped, stamp.at) == ("person", "stamp", True, NOW)
    assert facts(signed)[:2] == ("yes", "yes")


def test_a_seal_with_the_signers_in_attached_xades() -> None:
    people = [person(), person("Per Eksempel", elliptic=True)]
    seal, *attached = signatures(sealed_pdf(OURS, people), known=(OURS,))
    assert seal.role == "seal"
    assert [one.who.name for one in attached if one.who] == ["Mona Prøvesen", "Per Eksempel"]
    assert [facts(one) for one in attached] == [("yes", "yes", "yes", "claim")] * 2


def test_what_is_embedded_has_to_do_when_nothing_is_known() -> None:
    assert signatures(sealed_pdf(OURS, [person()], embed=True))[1].whole == "yes"
    assert signatures(sealed_pdf(OURS, [person()]))[1].whole == "unknown"
    other = sealed_pdf(OURS, [person()], signs=b"noe annet", embed=True)
    assert signatures(other, known=(OURS,))[1].whole == "unknown"


def test_an_attached_signature_that_was_changed() -> None:
    signed = xades({"a.pdf": OURS}, person())
    (right,) = marks(read_xml(signed))
    assert (right.intact, right.outside[0].is_of(OURS)) == ("yes", True)
    for old, new in ((b"12:30:00", b"12:31:00"), (b'URI="a.pdf"', b'URI="b.pdf"')):
        assert old in signed
        assert marks(read_xml(signed.replace(old, new)))[0].intact == "no"
    weak = signed.replace(b"xmlenc#sha256", b"xmlenc#sha1", 1)
    assert marks(read_xml(weak))[0].intact == "unknown"


def test_signed_properties_that_are_there_twice_are_not_believed() -> None:
    signed = xades({"a.pdf": OURS}, person()).decode()
    start, end = signed.index("<xades:SignedProperties"), signed.index("</xades:Qualifying")
    forged = signed[start:end].replace("2026-11-20", "2020-01-01")
    wrapped = signed[:start] + forged + signed[start:]
    (mark,) = marks(read_xml(wrapped.encode()))
    assert (mark.intact, mark.claimed) == ("no", None)


@pytest.mark.parametrize(
    "data",
    [
        b"<a",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    ],
)
def test_xml_that_wants_anything_from_outside_is_not_read(data: bytes) -> None:
    assert read_xml(data) is None


def test_a_container_and_what_it_covers() -> None:
    (one,) = signatures(asice({"a.pdf": OURS}, person()), "asice")
    assert (facts(one), one.role) == (("yes", "yes", "yes", "claim"), "attached")
    (one,) = signatures(asice({"a.pdf": OURS}, person(), b_pdf=b"noe"), "asice")
    assert one.whole == "no"
    changed = zipped(
        {"a.pdf": OURS + b" ", "META-INF/signatures.xml": xades({"a.pdf": OURS}, person())}
    )
    assert signatures(changed, "asice")[0].whole == "no"


def test_a_signed_word_file_is_checked_as_far_as_is_honest() -> None:
    word = zipped({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<t/>"})
    (one,) = signatures(signed_word(word), "docx")
    assert (one.role, one.intact, one.whole, one.who) == ("word", "unknown", "unknown", None)
    later = signed_word(word, then={"word/document.xml": b"<w>ny</w>"})
    assert [s.intact for s in signatures(later, "docx")] == ["no"]


def test_no_national_number_leaves_the_signed_file() -> None:
    data = sealed_pdf(OURS, [person()])
    told = signed_json(SignedFile("x", NOW, signatures=signatures(data, known=(OURS,))))
    own = signed_json(SignedFile("x", NOW, signatures=signatures(signed_pdf(OURS, person()))))
    for text in (told.decode(), own.decode()):
        assert NATIONAL_NUMBER not in text
        assert "UN:NO" not in text
        assert "Mona Prøvesen" in text
    assert "BEGIN CERTIFICATE" in told.decode()  # the seal's and the issuer's
    people = [s["who"] for s in json.loads(told)["signatures"] if s["who"]["holder"] == "person"]
    assert [who["pem"] for who in people] == [""]


@given(st.text(), st.integers(0, 99_999_999_999))
def test_long_numbers_are_masked(text: str, number: int) -> None:
    shown = masked(f"{text} {number:011} {str(number).zfill(11)[:6]} {str(number).zfill(11)[6:]}")
    assert f"{number:011}" not in shown
    assert masked("NTRNO-999888777") == "NTRNO-999888777"
    assert masked("ola\n\x1b[2J") == "ola[2J"


# --- the process ----------------------------------------------------------------------------


def test_the_process_answers_what_the_file_holds() -> None:
    found = check_signatures(sealed_pdf(OURS, [person()]), "pdf", trust(), NOW, known=[OURS])
    assert (found.trouble, [one.role for one in found.signatures]) == ("", ["seal", "attached"])
    assert found.list_day == date(2026, 11, 1)
    assert read_signed_json(signed_json(found)) == found
    assert read_signed_json(b"{}") is None


def test_a_file_that_takes_too_long_or_is_too_large() -> None:
    assert check_signatures(OURS, "pdf", trust(), NOW, seconds=0.01).trouble == "too_slow"
    assert check_signatures(bytes(MAX_BYTES + 1), "pdf", trust(), NOW).trouble == "too_large"


@pytest.mark.parametrize("kind", ["pdf", "asice", "docx"])
def test_what_cannot_be_read_is_not_checked(kind: SignedKind) -> None:
    assert check_signatures(b"%PDF-1.7\nnoe\n%%EOF", kind, trust(), NOW).trouble == "unreadable"


def test_a_program_that_checks_nothing_does_not_load_the_library() -> None:
    code = (
        "import sys, bti_docs.signed, bti_docs.app.taking.signed; "
        "print([m for m in sys.modules if m.startswith(('pyhanko', 'asn1crypto', 'cryptography'))])"
    )
    run = [sys.executable, "-c", code]
    root = Path(__file__).parents[2]
    done = subprocess.run(run, capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_mutated_xades_is_a_value(data: st.DataObject) -> None:
    whole = xades({"a.pdf": OURS}, person())
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.integers(0, 20))
    mutated = whole[:at] + data.draw(st.binary(max_size=5)) + whole[at + cut :]
    root = read_xml(mutated)
    for mark in marks(root) if root is not None else ():
        assert mark.intact in ("yes", "no", "unknown")
        if mark.intact == "yes":
            assert mark.outside[0].is_of(OURS)


# --- the list of issuers --------------------------------------------------------------------


def test_a_list_of_issuers_is_a_folder_with_a_day(tmp_path: Path) -> None:
    assert read_trust(None) == read_trust(tmp_path / "nei") == TrustList()
    (tmp_path / "a.pem").write_bytes(issuer().pem + issuer("En annen CA").pem)
    (tmp_path / "b.cer").write_bytes(issuer().der)
    (tmp_path / "c.pem").write_bytes(b"ikke et sertifikat")
    (tmp_path / "les-meg.txt").write_bytes(b"hei")
    found = read_trust(tmp_path)
    assert (len(found.anchors), found.day, found.unread) == (2, None, ("c.pem",))
    (tmp_path / "liste.toml").write_text("dato = 2026-11-01\n", encoding="utf-8")
    assert read_trust(tmp_path).day == date(2026, 11, 1)
    (tmp_path / "liste.toml").write_text("dato = 'i går'\n", encoding="utf-8")
    assert read_trust(tmp_path).day is None


def test_the_age_of_the_list_is_told() -> None:
    line = list_line(SignedFile("x", NOW, date(2026, 11, 1), 3))
    assert (line.code, line.params["age"]) == ("signed_list_age", 22)
    assert list_line(SignedFile("x", NOW, None, 3)).code == "signed_list_undated"
    assert list_line(SignedFile("x", NOW)).code == "signed_list_none"


# --- what it says of a document -------------------------------------------------------------

ASKED = {"f1": "Mona Prøvesen", "f2": "Per Eksempel"}


def evidence(data: bytes, *, ours: bool = True) -> tuple[set[str], list[str]]:
    file = SignedFile("x", NOW, signatures=signatures(data, known=(OURS,)))
    found = digital_evidence(file, ASKED, our_content=ours)
    return set(found.signers), [reason.code for reason in found.reasons]


def test_signers_are_matched_by_their_whole_name() -> None:
    assert evidence(sealed_pdf(OURS, [person(), person("Per Eksempel")])) == ({"f1", "f2"}, [])
    assert evidence(sealed_pdf(OURS, [person("Per Ole Eksempel")])) == (
        set(),
        ["signed_other_name"],
    )
    assert evidence(signed_pdf(OURS, person()), ours=False)[1] == ["signed_other_content"]
    assert evidence(sealed_pdf(OURS, [person()], signs=b"annet"))[1] == ["signed_other_content"]
    assert evidence(sealed_pdf(OURS, [person(by=issuer("En annen CA"))]))[1] == [
        "signed_issuer_unknown"
    ]
    assert evidence(OURS)[1] == ["digital_signature_unchecked"]


def test_names_are_compared_without_order_and_case() -> None:
    assert same_name("PRØVESEN, Mona", "Mona Prøvesen")
    assert same_name("A\u030ase Test", "Åse Test")
    assert not same_name("Mona Prøvesen", "Mona Mona Prøvesen")
    assert not same_name("", "")


def test_four_facts_and_no_more() -> None:
    for one in signatures(sealed_pdf(OURS, [person()]), known=(OURS,)):
        intact, whole, who, when = signature_lines(one)
        assert len(intact) == len(whole) == len(when) == 1
        assert [line.code for line in who][1:] == ["signed_trust_yes", "signed_revocation_unknown"]
