"""An e-mail saved as a file (.eml): its attachments, and whether it says something itself.

A picture shown in the text is an attachment, since telephones send photographs so; unless it is
small, like the mark under a signature. An e-mail attached to this one is an attachment, too.
"""

from __future__ import annotations

import contextlib
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from pathlib import PurePosixPath
from typing import Final

from PIL import Image

from bti_docs.inbox.pictures import BROKEN, open_picture

_DECORATION_PIXELS: Final = 250_000
"""A page's codes cannot be read in a picture that is smaller."""
_NOT_PAPERS: Final = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "text/calendar",
        "text/x-amp-html",
    }
)
_SEALED: Final = frozenset(
    {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
)
_MAX_DEPTH: Final = 20
_HIDDEN: Final = (b"head", b"style", b"script", b"title")
_SAYS: Final = re.compile(rb"[\w\x80-\xff]")
_WRONG: Final = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What the standard library's parser raises for mails that nobody should have sent."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with an e-mail."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What an e-mail brought."""

    files: tuple[Attachment, ...]
    says_something: bool
    """Whether its text has as much as a word."""
    encrypted: bool
    """Whether it, or a part of it, can only be opened by the one it was sent to."""


def read_mail(data: bytes) -> Mail | None:
    """Take an e-mail apart; None when it cannot be understood."""
    try:
        leaves = list(_leaves(message_from_bytes(data)))
        files = tuple(_attachments(leaves))
        says = any(_says_something(leaf) for leaf in leaves if _is_text(leaf))
    except _WRONG:
        return None
    return Mail(files, says, any(leaf.get_content_type() in _SEALED for leaf in leaves))


def _leaves(message: Message, depth: int = 0) -> Iterator[Message]:
    """Its parts that have no parts; an attached e-mail is one of them."""
    if depth > _MAX_DEPTH:
        raise RecursionError
    payload = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from _leaves(part, depth + 1)
    else:
        yield message


def _attachments(leaves: list[Message]) -> Iterator[Attachment]:
    for number, leaf in enumerate(leaves, start=1):
        kind = leaf.get_content_type()
        if _is_text(leaf) or kind in _NOT_PAPERS or kind in _SEALED:
            continue
        data = _bytes_of(leaf)
        if data and not _is_decoration(leaf, data):
            yield Attachment(_name_of(leaf, number), data)


def _is_text(leaf: Message) -> bool:
    """Whether it is a part of what the e-mail itself says."""
    named = leaf.get_filename() is not None or leaf.get_content_disposition() == "attachment"
    return leaf.get_content_type() in ("text/plain", "text/html") and not named


def _says_something(leaf: Message) -> bool:
    text = _bytes_of(leaf)
    if leaf.get_content_type() == "text/html":
        text = b" ".join(_texts_of(text)).replace(b"&nbsp;", b" ")
    return bool(_SAYS.search(text))


def _texts_of(html: bytes) -> Iterator[bytes]:
    """What stands between the tags, and is shown."""
    first, *pieces = html.split(b"<")
    yield first
    hidden = b""
    for piece in pieces:
        tag, _, text = piece.partition(b">")
        name = tag.strip(b"/ ").split(None, 1)[0].lower() if tag.strip(b"/ ") else b""
        if hidden:
            hidden = b"" if tag.startswith(b"/") and name == hidden else hidden
        elif name in _HIDDEN and not tag.startswith(b"/"):
            hidden = name
        if not hidden:
            yield text


def _bytes_of(leaf: Message) -> bytes:
    if leaf.get_content_maintype() == "message":
        inner = leaf.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        return first.as_bytes() if isinstance(first, Message) else b""
    payload = leaf.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _is_decoration(leaf: Message, data: bytes) -> bool:
    """A small picture that the text shows: a mark, a portrait, a line."""
    shown = leaf.get("Content-ID") is not None or leaf.get_content_disposition() == "inline"
    if not shown or leaf.get_content_maintype() != "image":
        return False
    try:
        with open_picture(data) as image:
            return image.width * image.height < _DECORATION_PIXELS
    except (*BROKEN, Image.DecompressionBombError):
        return leaf.get_content_subtype() == "gif"


def _name_of(leaf: Message, number: int) -> str:
    """The name the sender gave it, without a path; else its number and the ending of its kind."""
    said = leaf.get_filename()
    if said:
        with contextlib.suppress(*_WRONG):
            said = str(make_header(decode_header(said)))
        return PurePosixPath(said.replace("\\", "/")).name or str(number)
    kind = leaf.get_content_type()
    ending = ".eml" if kind == "message/rfc822" else mimetypes.guess_extension(kind)
    return f"{number}{ending or '.bin'}"
