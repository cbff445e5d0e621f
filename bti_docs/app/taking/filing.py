"""File one return: the bytes, then the payload, then the event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.app.taking.results import Filed
from bti_docs.core.events import Act, Json, NewDocument
from bti_docs.core.letters import APPROVER
from bti_docs.core.model import Case, Document
from bti_docs.errors import InputError

ABOUT: Final = "signature"
"""The role of what was found out about the file before it; it bears the same number."""
_NAME_ENDS: Final = {"received": "retur", "cut": "retur", ABOUT: "signatur"}
_CAME_BACK: Final = frozenset({"received", "cut"})
MEDIA: Final = {
    ".pdf": "application/pdf",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".eml": "message/rfc822",
    ".zip": "application/zip",
    ".asice": "application/vnd.etsi.asic-e+zip",
    ".json": "application/json",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_BY_LOOK: Final = frozenset({"completed", "approved", "accepted"})
_OTHER: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a return: as it came, or the pages cut from a heap."""

    data: bytes
    suffix: str
    role: str
    """received (the file as it came) or cut (pages of a heap)."""
    pages: tuple[Json, ...] = ()

    @property
    def media(self) -> str:
        """Its media type."""
        return MEDIA.get(self.suffix, _OTHER)


@dataclass(frozen=True, slots=True)
class Return:
    """What is to be filed under a reference, in one act."""

    key: str
    """Identity of the act: the file and its pages, so that a repetition is seen."""
    pieces: tuple[Piece, ...]
    """Pages that waited for the last one come first, each in a file of their own."""
    seen: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    record: Mapping[str, Any] | None = None
    facts: tuple[Json, ...] = ()
    why: str = ""


def file_return(office: Office, case: Case, document: Document, back: Return) -> Filed:
    """Append the `filed` event with its documents; the same again only says what was filed."""
    if office.index.act(back.key) is None:
        case = office.write(case, _act(office, case, document, back))
    else:  # perhaps by another program, after the case was read
        case = office.case(case.chain)
    document = case.document(document.ref) or document
    path = next((f.path for f in reversed(document.files) if f.role in _CAME_BACK), "")
    folder = office.archive.folder(case.chain).relative_to(office.archive.root).as_posix()
    return Filed(
        document.ref,
        case.chain,
        document.type,
        f"{folder}/{path}",
        signed=bool(document.signers) and not document.missing_signers,
        signatures=tuple((code, code in document.signed_by) for code in document.signers),
        pages=sum(len(piece.pages) for piece in back.pieces),
    )


def _act(office: Office, case: Case, document: Document, back: Return) -> Act:
    codes: dict[str, Any] = {
        "type": document.type,
        "on": office.today.isoformat(),
        "seen": list(back.seen),
        "done": list(steps_done(document, back)),
    }
    payload: Json = {"key": back.key}
    payload |= {"record": dict(back.record)} if back.record is not None else {}
    payload |= {"facts": list(back.facts)} if back.facts else {}
    payload |= {"why": back.why} if back.why else {}
    names = _free_names(office, case, document, back.pieces)
    new = tuple(
        NewDocument(name, piece.data, piece.media, piece.role, piece.pages)
        for name, piece in zip(names, back.pieces, strict=True)
    )
    return Act("filed", office.actor, document.ref, codes, payload, new)


def _free_names(
    office: Office, case: Case, document: Document, pieces: Sequence[Piece]
) -> tuple[str, ...]:
    """`2026-12-01_SAM_7K3MQ2XP_retur.pdf`, numbered from the second on.

    A name that a stopped run left with other bytes and no event is passed by.
    """
    number = sum(1 for file in document.files if file.role in _CAME_BACK)
    names = []
    for piece in pieces:
        number -= piece.role == ABOUT and number > 0
        taken = True
        while taken:
            number += 1
            word = _NAME_ENDS.get(piece.role, "ferdig")
            name = f"{office.today.isoformat()}_{document.type}_{document.ref}_{word}"
            name += f"-{number}{piece.suffix}" if number > 1 else piece.suffix
            path = office.archive.document_path(case.chain, f"dokumenter/{name}")
            taken = files.read(path) not in (None, piece.data)
        names.append(name)
    return tuple(names)


def check_signers(document: Document, codes: Sequence[str]) -> None:
    """Let a person answer only for those who are asked to sign.

    Raises:
        InputError: one of *codes* is not.
    """
    for code in codes:
        if code not in document.signers:
            known = ", ".join(document.signers) or "–"
            raise InputError("not_asked_to_sign", person=code, known=known)


def done_by_look(document: Document, seen: Sequence[str]) -> tuple[str, ...]:
    """Steps that a person's own look at a paper completes: none while a signature is missing."""
    if set(document.missing_signers) - set(seen):
        return ()
    return tuple(step for step in document.settles if step in _BY_LOOK)


def steps_done(document: Document, back: Return) -> Sequence[str]:
    """Which of its manifest's steps a return completes: signatures are counted on their own."""
    shown = document.signed_by | set(back.seen)
    done = list(back.done)
    if "completed" in document.settles and document.by_hand:
        done.append("completed")  # other forms are finished in Word, or by a person's own look
    if "approved" in document.settles and APPROVER in shown:
        done.append("approved")
    if "accepted" in document.settles and document.signers and set(document.signers) <= shown:
        done.append("accepted")
    return tuple(dict.fromkeys(done))
