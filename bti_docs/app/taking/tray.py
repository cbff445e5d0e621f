"""A person decides about an item in Til avklaring: file it, or say that it is not ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.app.relay import refresh_logs
from bti_docs.app.taking.filing import Piece, Return, file_return
from bti_docs.app.taking.holding import let_go, reasons_of
from bti_docs.app.taking.results import Filed, InTray
from bti_docs.core.events import Act, ChainId, Json, NewDocument
from bti_docs.core.model import Case
from bti_docs.core.references import Reference
from bti_docs.errors import InputError
from bti_docs.files import NewFile

FOREIGN_FOLDER = "ikke-vart"


@dataclass(frozen=True, slots=True)
class ForeignPaper:
    """A paper that we did not make: which case, of what kind, its date, and who it is from."""

    case: ChainId
    type: str
    date: date
    sender: str


def tray_items(office: Office) -> Iterator[InTray]:
    """Everything that waits, oldest first."""
    for item in office.archive.tray_items():
        body = office.archive.tray_get(item)
        if body:
            guess = body.get("guess") or {}
            yield InTray(
                item, str(body.get("file", "")), reasons_of(body), guess.get("ref"),
                guess.get("case_id"),
            )  # fmt: skip


def _item(office: Office, item: str) -> Mapping[str, Any]:
    body = office.archive.tray_get(item)
    if body is None:
        raise InputError("unknown_item", item=item)
    return body


def file_under_reference(
    office: Office, item: str, ref: Reference, why: str, *, unsigned: Sequence[str] = ()
) -> Filed:
    """A person has looked: the item is a return of this document.

    The person answers for the signatures that the program could not see, but for *unsigned*.

    Raises:
        InputError: no such item or reference.
    """
    body, data = _item(office, item), office.archive.tray_original(item)
    case, document = office.document(ref)
    piece = Piece(data, _suffix(body), "received", tuple(body.get("pages", ())))
    seen = tuple(code for code in document.missing_signers if code not in unsigned)
    key = f"tray-filed:{item}:{ref}"
    back = Return(key, (piece,), seen, _by_person(document.settles), why=why)
    filed = file_return(office, case, document, back)
    let_go(office, item, "filed", ref, why)
    refresh_logs(office, [case.chain])
    return filed


def _by_person(settles: tuple[str, ...]) -> tuple[str, ...]:
    """Steps that a person's own look at the paper completes."""
    return tuple(step for step in settles if step in {"completed", "approved", "accepted"})


def file_foreign(office: Office, item: str, paper: ForeignPaper, why: str) -> Filed:
    """A letter, a drawing or another paper that we did not make becomes part of the case.

    Raises:
        InputError: no such item or case.
    """
    body, data = _item(office, item), office.archive.tray_original(item)
    case = office.case(paper.case)
    key = f"tray-filed:{item}"
    if office.index.act(key) is None:
        case = office.write(case, _foreign_act(office, paper, data, _suffix(body), key, why))
    filed = _foreign_result(office, case, key)
    let_go(office, item, "filed", filed.ref, why)
    refresh_logs(office, [case.chain])
    return filed


def _foreign_act(
    office: Office, paper: ForeignPaper, data: bytes, suffix: str, key: str, why: str
) -> Act:
    ref = office.new_reference()
    name = f"{office.today.isoformat()}_{paper.type}_{ref}_mottatt{suffix}"
    piece = Piece(data, suffix, "received")
    codes = {"type": paper.type, "on": office.today.isoformat(), "dated": paper.date.isoformat(),
             "audience": "review"}  # fmt: skip
    payload: Json = {"key": key, "why": why, "from": paper.sender}
    document = NewDocument(name, data, piece.media, "received")
    return Act("filed", office.actor, ref, codes, payload, (document,))


def _foreign_result(office: Office, case: Case, key: str) -> Filed:
    act = office.index.act(key)
    document = next(d for d in case.documents if act and d.issued_n == act.n)
    folder = office.archive.folder(case.chain).relative_to(office.archive.root).as_posix()
    return Filed(
        document.ref, case.chain, document.type, f"{folder}/{document.files[-1].path}",
        signed=False, signatures=(), pages=0,
    )  # fmt: skip


def dismiss(office: Office, item: str, why: str) -> str:
    """The item is not ours: it goes to `inbox/ikke-vart/` for its owner.

    Raises:
        InputError: no such item.
    """
    body, data = _item(office, item), office.archive.tray_original(item)
    folder = office.settings.inbox / FOREIGN_FOLDER
    files.ensure_folder(office.disk, folder)
    path = folder / f"{item}{_suffix(body)}"
    files.publish(office.disk, [NewFile(path, data)])
    let_go(office, item, "dismissed", None, why)
    return path.name


def _suffix(body: Mapping[str, Any]) -> str:
    return PurePath(str(body.get("original", ""))).suffix.lower() or ".bin"
