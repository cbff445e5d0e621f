"""Digitally signed files come back: filed whole, or held whole, and never saved again."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from bti_docs.app.exporting import export
from bti_docs.app.office import Office
from bti_docs.app.taking import Taken
from bti_docs.app.taking.foreign import ForeignPaper, file_foreign
from bti_docs.app.taking.signed import signed_item
from bti_docs.app.taking.signed_words import signed_body, signed_text
from bti_docs.app.taking.tray import dismiss, file_under_reference
from bti_docs.archive import verify
from bti_docs.core.events import ChainId
from bti_docs.core.model import Case, Document
from bti_docs.core.references import Reference
from bti_docs.messages import LANGUAGES
from bti_docs.signed import checking, read_signed_json, worker
from bti_docs.simulate import as_pdf, as_zip
from tests.edges.signed_samples import (
    NATIONAL_NUMBER,
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
)
from tests.flow.offices import (
    FATHER,
    MOTHER,
    TODAY,
    batch,
    case,
    consent,
    copy_office,
    docx_of,
    drop,
    issue_all,
    minutes,
    opened,
    papers,
    pdf_of,
    scanned,
)

MONA, PER = "Mona Prøvesen", "Per Eksempel"


@pytest.fixture(scope="session")
def signed_folder(office_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office that trusts the test issuer, with a consent for each of two guardians."""
    root = copy_office(office_folder, tmp_path_factory.mktemp("signert") / "kontor")
    folder = root / "utstedere"
    folder.mkdir()
    (folder / "ca.pem").write_bytes(issuer().pem)
    (folder / "liste.toml").write_text("dato = 2026-11-01\n", encoding="utf-8")
    config = root / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(f'{text}\n[signatur]\nutstedere = "utstedere"\n', encoding="utf-8")
    with opened(root) as made:
        issue_all(made, batch([case()], [consent()]))
    return root


@pytest.fixture
def office(
    signed_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """A copy of it. Files are checked here and not in a process, which takes a second to start."""
    monkeypatch.setattr(checking, "_run", lambda job: asyncio.run(worker.check(job)))
    with opened(copy_office(signed_folder, tmp_path / "kontor")) as made:
        yield made


def sheet(office: Office, signer: str = "f1") -> Document:
    """The consent that one guardian is to sign."""
    return next(d for _, d in papers(office, "SAM") if d.signers == (signer,))


def now(office: Office, ref: str) -> tuple[Case, Document]:
    """The document as it stands."""
    return office.document(Reference(ref))


def codes(taken: Taken) -> list[str]:
    """Why the one item waits."""
    (item,) = taken.tray
    assert not taken.filed
    return [reason.code for reason in item.reasons]


def held(office: Office, taken: Taken) -> bytes:
    """The bytes of the one item."""
    return office.archive.tray_original(taken.tray[0].item)


def filed_bytes(office: Office, ref: str, role: str) -> list[bytes]:
    """A document's files with a role."""
    found, document = now(office, ref)
    return [office.archive.document(found.chain, f.path) for f in document.files if f.role == role]


# --- filed by itself ------------------------------------------------------------------------


def test_a_sealed_file_is_the_return_of_our_paper(office: Office) -> None:
    paper = sheet(office)
    data = sealed_pdf(pdf_of(office, paper.ref), [person()])
    taken = drop(office, "signert.pdf", data)
    (filed,) = taken.filed
    assert (filed.ref, filed.signed, filed.pages) == (paper.ref, True, paper.pages + 1)
    assert filed.document.endswith("_retur.pdf")
    _, document = now(office, paper.ref)
    assert document.signed_by == {"f1"}
    assert document.waits_for == "read"  # signed is not read
    assert filed_bytes(office, paper.ref, "received") == [data]
    (told,) = filed_bytes(office, paper.ref, "signature")
    facts = read_signed_json(told)
    assert facts is not None
    assert [one.role for one in facts.signatures] == ["seal", "attached"]
    assert all(f.path.endswith("_signatur.json") for f in document.files if f.role == "signature")
    assert verify(office.archive).ok
    again = drop(office, "igjen.pdf", data)
    assert (again.filed, again.tray, again.duplicates) == ((), (), ("igjen.pdf",))


def test_a_persons_own_certificate_checked_in_a_process(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    paper = sheet(office, "f2")
    data = signed_pdf(pdf_of(office, paper.ref), person(PER))
    assert drop(office, "a.pdf", data).filed[0].signed
    assert filed_bytes(office, paper.ref, "received") == [data]


def test_a_container_with_our_paper(office: Office) -> None:
    paper = sheet(office)
    data = asice({"samtykke.pdf": pdf_of(office, paper.ref)}, person())
    assert drop(office, "a.asice", data).filed[0].signed
    assert filed_bytes(office, paper.ref, "received") == [data]


def test_a_signed_file_in_a_zip_is_taken_in_as_it_is(office: Office) -> None:
    paper = sheet(office)
    data = sealed_pdf(pdf_of(office, paper.ref), [person()])
    assert [one.ref for one in drop(office, "a.zip", as_zip({"a.pdf": data})).filed] == [paper.ref]
    assert filed_bytes(office, paper.ref, "received") == [data]


def test_of_two_who_sign_the_same_paper_one_may_come_first(office: Office) -> None:
    home = [MOTHER, FATHER | {"husstand": "A", "adresse": "Testveien 1"}]
    issue_all(office, batch([case("s2", home, {"fornavn": "Nils"})], [consent("b", "s2")], "neste"))
    paper = next(d for _, d in papers(office, "SAM") if len(d.signers) == 2)
    pdf = pdf_of(office, paper.ref)
    taken = drop(office, "a.pdf", sealed_pdf(pdf, [person()]))
    assert taken.filed[0].missing == ("f2",)
    taken = drop(office, "b.pdf", sealed_pdf(pdf, [person(), person(PER)]))
    assert taken.filed[0].missing == ()
    assert now(office, paper.ref)[1].signed_by == {"f1", "f2"}


# --- a person looks -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (flipped, {"signed_changed"}),
        (edited, {"signed_changed", "signed_not_whole"}),
        (resaved, {"signed_changed", "signed_not_whole"}),
        (lambda data: data + b"\n% mer\n", {"signed_not_whole"}),
    ],
)
def test_what_was_changed_afterwards_waits_with_its_facts(
    office: Office, change: object, expected: set[str]
) -> None:
    assert callable(change)
    paper = sheet(office)
    data = change(sealed_pdf(pdf_of(office, paper.ref), [person()]))
    taken = drop(office, "a.pdf", data)
    assert expected | {"signature_look"} == set(codes(taken))
    assert (held(office, taken), taken.tray[0].guess_ref, taken.tray[0].seen) == (
        data,
        paper.ref,
        (),
    )
    item = taken.tray[0].item
    kept = (office.archive.tray_folder(item) / "signatur.json").read_bytes()
    file_under_reference(office, item, Reference(paper.ref), "Sett", signed=["f1"])
    assert filed_bytes(office, paper.ref, "received") == [data]
    assert filed_bytes(office, paper.ref, "signature") == [kept]


def test_an_issuer_that_is_not_on_the_list(office: Office) -> None:
    other, paper = issuer("En annen CA"), sheet(office)
    pdf = pdf_of(office, paper.ref)
    assert "signed_issuer_unknown" in codes(
        drop(office, "a.pdf", sealed_pdf(pdf, [person(by=other)]))
    )
    for path in (office.settings.root / "utstedere").glob("*.pem"):
        path.unlink()
    assert "signed_issuer_unknown" in codes(drop(office, "b.pdf", sealed_pdf(pdf, [person()])))


def test_somebody_else_has_signed(office: Office) -> None:
    pdf = pdf_of(office, sheet(office).ref)
    taken = drop(office, "a.pdf", sealed_pdf(pdf, [person("Mona Ny Prøvesen")]))
    assert codes(taken) == ["signed_other_name", "signature_look"]
    taken = drop(office, "b.pdf", sealed_pdf(pdf, []))  # a seal alone says who has sealed
    assert codes(taken) == ["signature_look"]


def test_another_text_under_our_codes(office: Office) -> None:
    pdf = pdf_of(office, sheet(office).ref)
    taken = drop(office, "a.pdf", signed_pdf(laid_out(pdf, front=False), person()))
    assert "signed_other_content" in codes(taken)
    taken = drop(
        office, "b.pdf", sealed_pdf(pdf, [person()], signs=pdf_of(office, sheet(office, "f2").ref))
    )
    assert "signed_other_content" in codes(taken)


def test_pages_that_no_service_lays_there(office: Office) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(laid_out(pdf_of(office, sheet(office).ref)))) as pdf:
        pdf.pages.append(pdf.pages[0])
        pdf.save(out)
    assert "signed_more_pages" in codes(
        drop(office, "a.pdf", signed_pdf(out.getvalue(), service()))
    )


def test_several_documents_in_a_signed_file_are_not_cut(office: Office) -> None:
    out = io.BytesIO()
    with pikepdf.new() as both:
        for signer in ("f1", "f2"):
            with pikepdf.open(io.BytesIO(pdf_of(office, sheet(office, signer).ref))) as one:
                both.pages.extend(one.pages)
        both.save(out)
    data = signed_pdf(out.getvalue(), service())
    taken = drop(office, "a.pdf", data)
    assert codes(taken) == ["signed_several"]
    assert held(office, taken) == data


def test_a_signed_letter_of_somebody_elses_waits_in_one_piece(office: Office) -> None:
    jpeg = scanned(office, sheet(office).ref)[0]
    data = signed_pdf(as_pdf([jpeg[:-2] + b"\xff\xd9"]), person())  # page 1 of 2
    taken = drop(office, "a.pdf", data)
    assert "page_missing" in codes(taken)
    assert held(office, taken) == data
    name = dismiss(office, taken.tray[0].item, "Ikke vårt")
    assert (office.settings.inbox / "ikke-vart" / name).read_bytes() == data


def test_a_signed_letter_is_filed_with_what_was_found_out(office: Office) -> None:
    data = signed_pdf(plain_pdf(), person("Nils Test"))
    taken = drop(office, "a.pdf", data)
    assert codes(taken) == ["no_code"]
    chain = papers(office, "SAM")[0][0]
    paper = ForeignPaper(ChainId(chain), "INN", TODAY, "Skolen")
    filed = file_foreign(office, taken.tray[0].item, paper, "Brev")
    assert filed.document.endswith("_mottatt.pdf")
    assert filed_bytes(office, filed.ref, "received") == [data]
    assert len(filed_bytes(office, filed.ref, "signature")) == 1
    assert verify(office.archive).ok


def test_the_familys_copy_has_the_file_as_it_came(office: Office, tmp_path: Path) -> None:
    paper = sheet(office)
    data = sealed_pdf(pdf_of(office, paper.ref), [person()])
    drop(office, "a.pdf", data)
    found = now(office, paper.ref)[0]
    export(office, found, "f1", tmp_path / "kopi", since=None, paper=False)
    copied = [path for path in (tmp_path / "kopi").rglob("*") if path.is_file()]
    assert data in [path.read_bytes() for path in copied]
    assert not [path for path in copied if path.suffix == ".json"]


def test_what_is_settled_already_is_shown_and_not_thrown_away(office: Office) -> None:
    paper = sheet(office)
    drop(office, "a.pdf", sealed_pdf(pdf_of(office, paper.ref), [person()]))
    later = sealed_pdf(pdf_of(office, paper.ref), [person()], embed=True)
    taken = drop(office, "b.pdf", later)
    assert codes(taken) == ["already_settled"]
    assert held(office, taken) == later


def test_a_signed_word_file_that_was_written_in_afterwards(office: Office) -> None:
    child = {"fornavn": "Nils"}
    issue_all(office, batch([case("s2", child=child)], [minutes("ref", "s2")], "moete"))
    word = docx_of(office, papers(office, "REF")[0][1].ref)
    taken = drop(office, "a.docx", signed_word(word))
    assert "digital_signature_unchecked" in codes(taken)
    assert "signed_changed" not in codes(taken)
    with zipfile.ZipFile(io.BytesIO(word)) as parts:
        main = parts.read("word/document.xml")
    later = signed_word(word, then={"word/document.xml": main + b"\n"})
    taken = drop(office, "b.docx", later)
    assert "signed_changed" in codes(taken)
    assert held(office, taken) == later


# --- what is told ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_facts_in_words(office: Office, language: str) -> None:
    data = sealed_pdf(pdf_of(office, sheet(office).ref), [person("Nils Test")])
    facts = signed_item(office, drop(office, "a.pdf", data).tray[0].item)
    assert facts is not None
    lines = list(signed_text(facts, language))
    assert len(lines) == 2 * (1 + 4) + 1
    assert any("Nils Test" in line for line in lines)
    body = signed_body(facts)
    assert [one["trusted"] for one in body] == [True, True]
    json.dumps(body)


def test_no_national_number_is_written_anywhere_but_in_the_file_itself(office: Office) -> None:
    ref = sheet(office).ref
    data = sealed_pdf(pdf_of(office, ref), [person()])
    drop(office, "a.pdf", data)
    drop(office, "b.pdf", flipped(data))
    others = [
        path
        for path in office.settings.root.rglob("*")
        if path.is_file() and not path.name.endswith("retur.pdf") and path.name != "original.pdf"
    ]
    assert any(path.name == "signatur.json" for path in others)
    assert any(path.name.endswith("_signatur.json") for path in others)
    assert [path for path in others if NATIONAL_NUMBER.encode() in path.read_bytes()] == []
