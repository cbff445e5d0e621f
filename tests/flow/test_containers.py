"""E-mails, ZIPs and signed containers: each file in them as if dropped, and none lost."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from bti_docs.app.office import Office
from bti_docs.app.sweeping import sweep_once
from bti_docs.app.taking import Taken, take_in_file
from bti_docs.app.taking.tray import dismiss, tray_items
from bti_docs.app.tidying import tidy
from bti_docs.core.events import OFFICE, digest
from bti_docs.simulate import as_asic, as_mail, as_pdf, as_zip
from tests.flow.kills import kill, sample, steps_of
from tests.flow.offices import (
    FATHER,
    MOTHER,
    assert_sound,
    batch,
    case,
    consent,
    copy_office,
    drop,
    held_bytes,
    issue_all,
    opened,
    papers,
    pdf_of,
    scanned,
    story,
)

TEXT = "Hei! Her er skjemaet. Vi er litt usikre på punkt 2.\n"


@pytest.fixture(scope="module")
def desk(office_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_office(office_folder, tmp_path_factory.mktemp("pakker") / "kontor")
    with opened(root) as office:
        body = batch(
            [case(guardians=[MOTHER]), case("s2", [FATHER], {"fornavn": "Ola"})],
            [consent("a"), consent("b", "s2")],
        )
        assert len(issue_all(office, body).issued) == 2
    return root


@pytest.fixture(scope="module")
def forms(desk: Path) -> tuple[bytes, bytes]:
    """Two consents that came back, a file each."""
    with opened(desk) as office:
        (_, one), (_, two) = papers(office, "SAM")
        return as_pdf(scanned(office, one.ref)), as_pdf(scanned(office, two.ref, seed=2))


@pytest.fixture
def root(desk: Path, tmp_path: Path) -> Path:
    return copy_office(desk, tmp_path / "kontor")


def codes_of(taken: Taken) -> list[list[str]]:
    return [[reason.code for reason in item.reasons] for item in taken.tray]


def test_each_attachment_is_filed_and_the_letter_itself_is_read_by_a_person(
    office: Office, forms: tuple[bytes, bytes]
) -> None:
    mail = as_mail({"samtykke.pdf": forms[0]}, text=TEXT)
    taken = drop(office, "E-post.eml", mail)
    assert [filed.signed for filed in taken.filed] == [True]
    assert codes_of(taken) == [["mail_to_read"]]
    (item,) = tray_items(office)
    assert item.guess_ref == taken.filed[0].ref
    assert office.archive.tray_original(item.item) == mail
    assert {digest(mail), digest(forms[0])} <= held_bytes(office)
    assert list(office.settings.inbox.glob("*.eml")) == []
    assert_sound(office)


def test_an_email_without_a_word_is_kept_and_noted(
    office: Office, forms: tuple[bytes, bytes]
) -> None:
    mail = as_mail({"a.pdf": forms[0], "b.pdf": forms[1]})
    taken = drop(office, "skann.eml", mail)
    assert (len(taken.filed), taken.tray) == (2, ())
    assert office.archive.heap_path(digest(mail)) is not None
    event = next(e for e in office.archive.history(OFFICE) if "members" in e.event.codes)
    assert event.event.codes["members"] == 2
    assert event.payload is not None
    assert [m["sha256"] for m in event.payload["members"]] == [digest(form) for form in forms]
    assert_sound(office)


def test_a_zip_is_unpacked_one_level_and_what_is_packed_in_it_waits(
    office: Office, forms: tuple[bytes, bytes]
) -> None:
    inner = as_zip({"b.pdf": forms[1]})
    bag = as_zip({"mappe/a.pdf": forms[0], "mappe/flere.zip": inner, "__MACOSX/._a.pdf": b"x"})
    taken = drop(office, "papirer.zip", bag)
    assert len(taken.filed) == 1
    assert codes_of(taken) == [["container_inside"]]
    assert office.archive.tray_original(taken.tray[0].item) == inner
    (office.settings.inbox / "flere.zip").write_bytes(inner)
    assert codes_of(drop(office, "flere.zip", inner)) == []  # it waits already
    assert_sound(office)


def test_the_same_container_again_says_nothing_new(
    office: Office, forms: tuple[bytes, bytes]
) -> None:
    mail = as_mail({"a.pdf": forms[0]}, text=TEXT)
    drop(office, "a.eml", mail)
    before = len(office.archive.events(OFFICE))
    assert drop(office, "igjen.eml", mail) == Taken(duplicates=("igjen.eml",))
    again = drop(office, "b.zip", as_zip({"a.pdf": forms[0]}))
    assert (again.duplicates, again.filed, again.tray) == (("a.pdf",), (), ())
    assert len(office.archive.events(OFFICE)) == before + 1
    assert_sound(office)


def test_what_was_dismissed_comes_again_and_what_was_not_does_not(
    office: Office, forms: tuple[bytes, bytes]
) -> None:
    bag = as_zip({"a.pdf": forms[0], "b.txt": b"huskelapp"})
    taken = drop(office, "a.zip", bag)
    assert codes_of(taken) == [["unreadable_kind"]]
    dismiss(office, taken.tray[0].item, "Ikke vårt")
    again = drop(office, "a.zip", bag)
    assert (again.duplicates, codes_of(again)) == (("a.pdf",), [["unreadable_kind"]])
    assert_sound(office)


@pytest.mark.parametrize(
    ("data", "name", "codes"),
    [
        (as_zip({}), "tom.zip", ["container_empty"]),
        (as_mail({}), "tom.eml", ["container_empty"]),
        (as_zip({"null": bytes(70_000_000)}), "stor.zip", ["too_large"]),
        (as_zip({"a.pdf": b"%PDF-1.4\n%%EOF"})[:-30], "kuttet.zip", ["damaged"]),
        (as_mail({"a.txt": b"x"}, text="Hei")[:-12], "kuttet.eml", ["mail_to_read", "damaged"]),
    ],
    ids=["empty-zip", "empty-mail", "bomb", "cut-zip", "cut-mail"],
)
def test_a_container_that_cannot_be_taken_apart_waits_whole(
    office: Office, data: bytes, name: str, codes: list[str]
) -> None:
    taken = drop(office, name, data)
    assert codes in codes_of(taken)
    assert digest(data) in held_bytes(office)
    assert_sound(office)


def test_one_locked_file_in_a_zip_holds_up_no_other(
    office: Office, forms: tuple[bytes, bytes]
) -> None:
    bag = bytearray(as_zip({"a.pdf": forms[0], "laast.pdf": b"hemmelig"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        bag[bag.rindex(mark) + offset] |= 1
    taken = drop(office, "a.zip", bytes(bag))
    assert len(taken.filed) == 1
    assert codes_of(taken) == [["encrypted"]]
    assert office.archive.tray_original(taken.tray[0].item) == bytes(bag)


def test_a_signed_container_stays_one_document_and_shows_what_it_holds(office: Office) -> None:
    _, paper = papers(office, "SAM")[0]
    data = as_asic({"samtykke.pdf": pdf_of(office, paper.ref)})
    taken = drop(office, "signert.asice", data)
    assert codes_of(taken) == [["digital_signature_unchecked", "signature_look"]]
    (item,) = taken.tray
    assert item.guess_ref == paper.ref
    assert office.archive.tray_original(item.item) == data
    folder = office.settings.archive / "til-avklaring" / item.item
    assert len(list(folder.glob("side-*.png"))) == paper.pages
    assert_sound(office)


def test_a_container_is_kept_as_long_as_a_heap_and_leaves_with_an_event(
    office: Office, forms: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = as_zip({"a.pdf": forms[0]})
    drop(office, "a.zip", bag)
    assert tidy(office).heaps == 0
    monkeypatch.setattr("bti_docs.files.is_older", lambda *_: True)
    assert tidy(office).heaps == 2  # the container, and the two pages that were in it
    assert office.archive.heap_path(digest(bag)) is None
    assert_sound(office)


def test_a_mail_in_a_mail_waits(office: Office, forms: tuple[bytes, bytes]) -> None:
    outer, inner = EmailMessage(), EmailMessage()
    inner["From"], inner["Subject"] = "a@example.org", "Vedlegg"
    inner.set_content("x")
    inner.add_attachment(forms[0], maintype="application", subtype="pdf", filename="a.pdf")
    outer["From"], outer["To"], outer["Subject"] = "b@example.org", "c@example.org", "Fwd"
    outer.set_content("Se vedlegg")
    outer.add_attachment(inner)
    taken = drop(office, "videresendt.eml", outer.as_bytes())
    assert codes_of(taken) == [["container_inside"], ["mail_to_read"]]


def test_a_container_is_swept_with_the_others(office: Office, forms: tuple[bytes, bytes]) -> None:
    (office.settings.inbox / "a.zip").write_bytes(as_zip({"a.pdf": forms[0]}))
    (office.settings.inbox / "b.eml").write_bytes(as_mail({"b.pdf": forms[1]}, text=TEXT)[:-9])
    sweep = sweep_once(office, pause=lambda _: None)
    assert len(sweep.taken.filed) == 1
    assert [(one.file, one.reason) for one in sweep.waiting] == [("b.eml", "not_whole")]


@pytest.mark.parametrize(
    "wanted", [6, pytest.param(10_000, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])]
)
def test_killed_between_any_two_steps(
    root: Path, forms: tuple[bytes, bytes], tmp_path: Path, wanted: int
) -> None:
    mail = as_mail({"a.pdf": forms[0], "b.pdf": forms[1], "notat.txt": b"hei"}, text=TEXT)
    with opened(root) as office:
        (office.settings.inbox / "a.eml").write_bytes(mail)

    def act(office: Office) -> object:
        return take_in_file(office, office.settings.inbox / "a.eml")

    whole = copy_office(root, tmp_path / "whole")
    steps = steps_of(whole, act)
    with opened(whole) as office:
        expected = story(office)
    for step in sample(steps, wanted):
        again = copy_office(root, tmp_path / str(step))
        kill(again, step, act)
        with opened(again) as office:
            assert digest(mail) in held_bytes(office)
            act(office)
            assert story(office) == expected, step
            assert {digest(mail), *map(digest, forms), digest(b"hei")} <= held_bytes(office)
            assert not (office.settings.inbox / "a.eml").exists()
            assert_sound(office)
