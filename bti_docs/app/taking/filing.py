"""File one return: the bytes, then the payload, then the event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bti_docs.app.office import Office
from bti_docs.app.taking.results import Filed
from bti_docs.core.events import Act, Json, NewDocument
from bti_docs.core.letters import APPROVER
from bti_docs.core.model import Case, Document


@dataclass(frozen=True, slots=True)
class Return:
    """What is to be filed under a reference."""

    key: str
    """Identity of the act: the file and its pages, so that a repetition is seen."""
    data: bytes
    suffix: str
    media: str
    role: str
    """received (the file as it came) or cut (pages of a heap)."""
    pages: tuple[Json, ...]
    seen: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    record: Mapping[str, Any] | None = None
    facts: tuple[Json, ...] = ()
    why: str = ""


def file_return(office: Office, case: Case, document: Document, back: Return) -> Filed:
    """Append the `filed` event with its document; the same again only says what was filed."""
    if office.index.act(back.key) is None:
        case = office.write(case, _act(office, document, back))
    document = case.document(document.ref) or document
    path = next((f.path for f in reversed(document.files) if f.role in {"received", "cut"}), "")
    folder = office.archive.folder(case.chain).relative_to(office.archive.root).as_posix()
    return Filed(
        document.ref,
        case.chain,
        document.type,
        f"{folder}/{path}",
        signed=bool(document.signers) and not document.missing_signers,
        signatures=tuple((code, code in document.signed_by) for code in document.signers),
        pages=len(back.pages),
    )


def _act(office: Office, document: Document, back: Return) -> Act:
    number = 1 + sum(1 for f in document.files if f.role in {"received", "cut"})
    name = f"{office.today.isoformat()}_{document.type}_{document.ref}_retur"
    name += f"-{number}" if number > 1 else ""
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
    new = NewDocument(f"{name}{back.suffix}", back.data, back.media, back.role, back.pages)
    return Act("filed", office.actor, document.ref, codes, payload, (new,))


def steps_done(document: Document, back: Return) -> Sequence[str]:
    """Which of its manifest's steps a return completes: signatures are counted on their own."""
    shown = document.signed_by | set(back.seen)
    done = list(back.done)
    if "completed" in document.settles and not document.signers:
        done.append("completed")
    if "approved" in document.settles and APPROVER in shown:
        done.append("approved")
    if "accepted" in document.settles and document.signers and set(document.signers) <= shown:
        done.append("accepted")
    return tuple(dict.fromkeys(done))
