"""A person decides about an item in Til avklaring: file it, or say that it is not ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from bti_docs import files
from bti_docs.app.acts import reason
from bti_docs.app.office import Office
from bti_docs.app.relay import refresh_logs
from bti_docs.app.taking.filing import Piece, Return, check_signers, done_by_look, file_return
from bti_docs.app.taking.holding import item_of, let_go, reasons_of, suffix_of
from bti_docs.app.taking.results import Filed, InTray
from bti_docs.app.taking.signed import sidecar_pieces
from bti_docs.app.taking.words import read_by_person
from bti_docs.core.model import Document
from bti_docs.core.references import Reference
from bti_docs.files import NewFile

FOREIGN_FOLDER: Final = "ikke-vart"


def tray_items(office: Office) -> Iterator[InTray]:
    """Everything that waits, oldest first."""
    for item in office.archive.tray_items():
        body = office.archive.tray_get(item)
        if body:
            guess = body.get("guess") or {}
            yield InTray(
                item, str(body.get("file", "")), reasons_of(body), guess.get("ref"),
                guess.get("case_id"), tuple(body.get("seen", ())),
            )  # fmt: skip


def unanswered(office: Office, item: str, ref: Reference) -> tuple[str, ...]:
    """Codes of the signers of a document whom a person who files the item must answer for.

    Raises:
        InputError: no such item or reference.
    """
    _, document = office.document(ref)
    seen = _seen(item_of(office, item), document)
    return tuple(code for code in document.missing_signers if code not in seen)


def file_under_reference(
    office: Office,
    item: str,
    ref: Reference,
    why: str,
    *,
    signed: Sequence[str] = (),
    unsigned: Sequence[str] = (),
) -> Filed:
    """A person has looked: the item is a return of this document.

    It has the signatures whose ink was seen, and those of *signed*, whom the person answers for;
    but not those of *unsigned*. For all others the document stays open.

    Raises:
        InputError: no such item or reference, a code that is not to sign, or no reason.
    """
    because = reason(why)
    body, data = item_of(office, item), office.archive.tray_original(item)
    case, document = office.document(ref)
    check_signers(document, (*signed, *unsigned))
    shown = (_seen(body, document) | set(signed)) - set(unsigned)
    seen = tuple(c for c in document.signers if c in shown and c not in document.signed_by)
    if suffix_of(body) == ".docx":
        what, unread = read_by_person(office, data, case, document)
    else:
        what, unread = Return("", (_piece(body, data), *sidecar_pieces(office, item))), ()
    key, done = f"tray-filed:{item}:{ref}", done_by_look(document, seen)
    back = replace(what, key=key, seen=seen, done=done, why=because)
    filed = replace(file_return(office, case, document, back), unread=unread)
    let_go(office, item, "filed", ref, because)
    refresh_logs(office, [case.chain])
    return filed


def _seen(body: Mapping[str, Any], document: Document) -> set[str]:
    """Whose ink was seen on the item, when it was looked at as a return of this document."""
    guess = (body.get("guess") or {}).get("ref")
    return set(body.get("seen", ())) if guess == document.ref else set()


def _piece(body: Mapping[str, Any], data: bytes) -> Piece:
    return Piece(data, suffix_of(body), "received", tuple(body.get("pages", ())))


def dismiss(office: Office, item: str, why: str) -> str:
    """The item is not ours: it goes to `inbox/ikke-vart/` for its owner.

    Raises:
        InputError: no such item, or no reason.
    """
    because = reason(why)
    body, data = item_of(office, item), office.archive.tray_original(item)
    folder = office.settings.inbox / FOREIGN_FOLDER
    files.ensure_folder(office.disk, folder)
    path = folder / f"{item}{suffix_of(body)}"
    files.publish(office.disk, [NewFile(path, data)])
    let_go(office, item, "dismissed", None, because)
    return path.name
