"""Word files that a person decides on, and those that nobody can read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from bti_docs.app.moving import Target, move_document
from bti_docs.app.office import Office
from bti_docs.app.sweeping import sweep_once
from bti_docs.app.taking import InTray
from bti_docs.app.taking.tray import file_under_reference
from bti_docs.core.events import OFFICE, ChainId
from bti_docs.core.model import Case, Document
from bti_docs.core.references import Reference
from tests.flow.offices import (
    FATHER,
    assert_sound,
    batch,
    case,
    docx_of,
    drop,
    issue_all,
    minutes,
    papers,
    written,
)
from tests.flow.test_words import ROWS, TEXTS


def now(office: Office, document: Document) -> Document:
    return office.document(Reference(document.ref))[1]


def codes_of(item: InTray) -> list[str]:
    return [reason.code for reason in item.reasons]


@pytest.fixture
def paper(office: Office) -> Document:
    """Minutes that are issued and not yet written."""
    issue_all(office, batch([case()], [minutes()]))
    return papers(office, "REF")[0][1]


def the_case(office: Office) -> Case:
    return office.case(office.archive.chains()[0])


def repacked(docx: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(docx)) as source:
        parts = {name: change(name, source.read(name)) for name in source.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            if data is not None:
                target.writestr(name, data)
    return out.getvalue()


def test_word_minutes_that_a_person_files_say_what_they_say(
    office: Office, paper: Document
) -> None:
    texts = {**TEXTS, "hjemmet.syn": "", "neste_moete.dato": "over nyttår"}
    (item,) = drop(office, "a.docx", written(docx_of(office, paper.ref), texts, ROWS)).tray
    found = {(r.code, str(r.params["label"])) for r in item.reasons}
    assert ("docx_field_missing", "hjemmet.syn") not in found
    wrong = [label for code, label in found if code == "docx_field_wrong"]
    missing = [label for code, label in found if code == "docx_field_missing"]
    assert len(wrong) == len(missing) == 1
    assert "." not in wrong[0] + missing[0]
    filed = file_under_reference(office, item.item, Reference(paper.ref), "Greit likevel")
    assert set(filed.unread) == {*wrong, *missing}
    assert len(the_case(office).measures) == 5
    finished = now(office, paper)
    assert finished.waits_for == "sent"
    assert [file.role for file in finished.files if file.role == "reading"] == ["reading"]
    assert finished.record["beslutning.tekst"] == "Vi fortsetter i seks uker."
    assert_sound(office)


def test_word_minutes_of_the_wrong_child_take_their_measures_along(
    office: Office, paper: Document
) -> None:
    issue_all(office, batch([case("s2", [FATHER], {"fornavn": "Ola"})], [minutes("to", "s2")]))
    (chain, other), = [(c, d) for c, d in papers(office, "REF") if d.ref != paper.ref]  # fmt: skip
    drop(office, "a.docx", written(docx_of(office, paper.ref), TEXTS, ROWS))
    move_document(office, Reference(paper.ref), Target(Reference(other.ref)), "Feil barn")
    assert len(office.case(ChainId(chain)).measures) == 5
    assert not office.case(office.index.chain_of(paper.ref) or OFFICE).measures
    assert sum(file.role == "reading" for file in now(office, other).files) == 1
    assert_sound(office)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda n, b: b[: len(b) // 2] if n == "word/document.xml" else b, "damaged"),
        (lambda n, b: b"junk" if n == "docProps/custom.xml" else b, "damaged"),
        (lambda n, b: b"<a>" + b" " * 300_000_000 if n == "word/document.xml" else b, "too_large"),
    ],
    ids=["half a document", "properties", "bomb"],
)
def test_a_broken_word_file_waits_with_its_reason(
    office: Office,
    paper: Document,
    change: Callable[[str, bytes], bytes | None],
    reason: str,
) -> None:
    (item,) = drop(office, "a.docx", repacked(docx_of(office, paper.ref), change)).tray
    assert codes_of(item) == [reason]


def test_a_word_file_with_a_password_waits_at_once(office: Office) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)
    (office.settings.inbox / "a.docx").write_bytes(data)
    (item,) = sweep_once(office, pause=lambda _: None).taken.tray
    assert codes_of(item) == ["encrypted"]
