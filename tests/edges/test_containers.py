"""What is in e-mails, ZIPs and signed containers; and that nothing in them breaks the reader."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from bti_docs.inbox import contents_of, is_whole, kind_of, page_image, read_file
from bti_docs.inbox.containers import MAX_MEMBERS
from bti_docs.inbox.kinds import Kind
from bti_docs.simulate import as_asic, as_mail, as_zip

PDF = b"%PDF-1.7\nhei\n%%EOF\n"
HEIC = (Path(__file__).parent / "data" / "telefon.heic").read_bytes()
MAIL = as_mail({"skjema.pdf": PDF, "bilde.heic": HEIC}, text="Hei")
BAG = as_zip({"mappe/skjema.pdf": PDF, "b.heic": HEIC})
SIGNED = as_asic({"skjema.pdf": PDF})


def picture(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height), 255).save(out, "PNG")
    return out.getvalue()


def names(data: bytes, kind: Kind) -> list[str]:
    return [member.name for member in contents_of(data, kind).members]


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (MAIL, "a", "mail"),
        (b"Return-Path: <a@b>\r\nDate: x\r\nFrom: a\r\nTo: b\r\n\r\nhei", "a.txt", "mail"),
        (b"Fra: Ola\nTil: Kari\n\nHei", "a.eml", "mail"),
        (b"From: a\n\nhei", "a.txt", "other"),
        (BAG, "a", "zip"),
        (as_zip({"skjema.pdf": PDF}, packed=False), "a.pdf", "zip"),
        (b"PK\x03\x04 kuttet", "a.zip", "zip"),
        (SIGNED, "a.zip", "asic"),
        (as_zip({"META-INF/signatures001.xml": b"<x/>", "a.pdf": PDF}), "a", "asic"),
        (as_zip({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "a.zip", "other"),
        (as_zip({"mimetype": b"application/vnd.oasis.opendocument.text"}), "a.zip", "other"),
        (HEIC, "a", "image"),
        (b"kuttet", "IMG_1.HEIC", "image"),
    ],
)
def test_a_container_is_known_by_its_content(data: bytes, name: str, kind: str) -> None:
    assert kind_of(data, name) == kind


@pytest.mark.parametrize("data", [MAIL, BAG, SIGNED, HEIC], ids=["mail", "zip", "asic", "heic"])
def test_a_whole_one_is_whole_and_no_beginning_of_it_is(data: bytes) -> None:
    kind = kind_of(data, "")
    assert is_whole(data, kind)
    assert not any(is_whole(data[: len(data) * part // 20], kind) for part in range(20))
    tail = len(data) - len(data) // 5
    assert not is_whole(data[:tail] + bytes(len(data) - tail), kind)


def test_members_come_as_they_are_and_without_their_folders() -> None:
    assert [m.data for m in contents_of(MAIL, "mail").members] == [PDF, HEIC]
    assert [m.data for m in contents_of(BAG, "zip").members] == [PDF, HEIC]
    bag = as_zip({"../../etc/a.pdf": PDF, "C:\\b\\c.pdf": PDF, ".skjult": PDF, "x/": b""})
    assert names(bag, "zip") == ["a.pdf", "c.pdf"]
    assert names(SIGNED, "asic") == ["skjema.pdf"]


def test_a_small_picture_in_a_mails_text_is_decoration_and_a_photograph_is_not() -> None:
    mail = EmailMessage()
    mail.set_content("Hei")
    mail.add_alternative("<p>Hei</p><img src='cid:1'>", subtype="html")
    html = mail.get_payload()[1]  # type: ignore[index]
    for cid, size in (("1", (200, 60)), ("2", (1200, 1600))):
        html.add_related(  # type: ignore[union-attr]
            picture(*size), "image", "png", cid=cid, filename=f"{cid}.png"
        )
    assert names(mail.as_bytes(), "mail") == ["2.png"]


@pytest.mark.parametrize(
    ("text", "html", "says"),
    [
        ("Hei", None, True),
        (" \r\n-- \r\n", None, False),
        ("", "<html><head><style>p {color: red}</style></head><p>&nbsp;</p></html>", False),
        ("", "<html><head><title>x</title></head><body><p>Jeg samtykker ikke</p>", True),
    ],
)
def test_whether_a_mail_says_something(text: str, html: str | None, says: bool) -> None:  # noqa: FBT001
    mail = EmailMessage()
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    assert contents_of(mail.as_bytes(), "mail").says_something is says


def test_names_in_a_mail_are_decoded_and_lose_their_path() -> None:
    head = b"Content-Type: application/pdf\nContent-Disposition: attachment; filename="
    assert names(head + b'"=?utf-8?q?sk=C3=A5n.pdf?="\n\nx', "mail") == ["skån.pdf"]
    assert names(head + b'"..\\\\..\\\\a.pdf"\n\nx', "mail") == ["a.pdf"]
    assert names(head + b'"=?nix?q?x?="\n\nx', "mail") == ["=?nix?q?x?="]


def test_a_mail_that_only_its_receiver_can_open_waits() -> None:
    sealed = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIAG"
    assert contents_of(sealed, "mail").troubles == ("encrypted",)


@pytest.mark.parametrize(
    "bag",
    [
        as_zip({f"{n}.txt": b"x" for n in range(MAX_MEMBERS + 1)}),
        as_zip({"null.bin": bytes(70_000_000)}),
    ],
    ids=["many", "bomb"],
)
def test_what_is_too_large_inside_stays_inside(bag: bytes) -> None:
    found = contents_of(bag, "zip")
    assert (found.members, found.troubles) == ((), ("too_large",))


def test_a_zip_that_lies_of_its_sizes_is_not_believed() -> None:
    bag = bytearray(as_zip({"a": bytes(5_000_000)}))
    at = bag.rindex(b"PK\x01\x02") + 24
    bag[at : at + 4] = (100).to_bytes(4, "little")
    found = contents_of(bytes(bag), "zip")
    assert found.troubles == ("damaged",)


def test_members_that_lie_on_top_of_each_other_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bag:
        bag.writestr("a", bytes(1_000_000))
        bag.filelist += [bag.filelist[0]] * 2000
    assert contents_of(out.getvalue(), "zip").troubles == ("too_large",)


def test_a_deep_mail_is_not_followed_down() -> None:
    mail = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)
    )
    assert contents_of(mail, "mail").troubles == ("damaged",)


def test_a_telephones_heic_is_read_like_any_other_picture() -> None:
    reading = read_file(HEIC, "IMG_0001.HEIC")
    (page,) = reading.pages
    assert [seen.code.page for seen in page.codes] == [1, 1]
    assert page_image(HEIC, "a", page).shape == page.size_px[::-1]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["mail", "zip", "asic"]))
@example(b"Content-Type: multipart/mixed; boundary=\xff\n\n--\xff\n", "mail")
@example(b"Content-Type: text/plain; charset=nix\nContent-Transfer-Encoding: x\n\n\xff", "mail")
def test_any_bytes_are_read_to_something(data: bytes, kind: Kind) -> None:
    contents_of(data, kind)
    is_whole(data, kind)
    read_file(data, "a.eml")


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([MAIL[:4000], as_zip({"a.pdf": PDF, "b.txt": b"hei" * 50}), SIGNED]),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_a_container_with_changed_bytes_is_read_to_something(
    data: bytes, changes: list[tuple[int, int]]
) -> None:
    changed = bytearray(data)
    for place, value in changes:
        changed[place % len(changed)] = value
    kind = kind_of(bytes(changed), "")
    contents_of(bytes(changed), "mail" if kind == "other" else kind)
    is_whole(bytes(changed), kind)


@pytest.mark.parametrize("part", range(12))
def test_a_damaged_heic_is_read_or_damaged(part: int) -> None:
    at = len(HEIC) * part // 12
    changed = HEIC[:at] + bytes(60) + HEIC[at + 60 :]
    reading = read_file(changed, "a.heic")
    assert set(reading.problems) <= {"damaged", "too_large"}
