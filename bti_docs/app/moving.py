"""A paper in the wrong child's case: out of it at once, into the right one, and what to call back.

The wrong case keeps a tombstone: its chain still verifies, and nothing of the paper is left in it
(users.md rule 5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath
from typing import Final

from bti_docs.app.office import Office
from bti_docs.app.relay import refresh_logs
from bti_docs.app.taking.filing import Piece, Return, check_signers, done_by_look, file_return
from bti_docs.app.taking.final import READING
from bti_docs.app.taking.foreign import check_type, persons_case
from bti_docs.app.taking.words import read_by_person
from bti_docs.core.events import Act, ChainId, Entry, Json, NewDocument
from bti_docs.core.model import Case, Document, DocumentFile
from bti_docs.core.references import Reference, show_reference
from bti_docs.core.timeline import day_of
from bti_docs.errors import InputError

_TAKEN_OUT: Final = frozenset({"filed", "read"})
"""The acts that a paper which came in has brought; the letter we made ourselves stays."""

_COPIES: Final = frozenset({"exported", "deposited", "issued"})
"""What may hold something of the paper since it was filed in the wrong case."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where the paper belongs: under a reference, or in a case as a paper of some type."""

    ref: Reference | None = None
    case: ChainId | None = None
    type: str = "INN"
    signed: tuple[str, ...] = ()
    """Codes of those who have signed it as the letter *ref*; the person who moves it says so."""


@dataclass(frozen=True, slots=True)
class CallBack:
    """Something that was made while the paper lay in the wrong case."""

    kind: str
    """exported, deposited or issued."""
    day: date | None
    ref: str | None
    recipient: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """What was done, with the facts for the report of the deviation (avvik)."""

    ref: str
    wrong: ChainId
    right: ChainId
    new_ref: str
    filed_on: date | None
    removed: tuple[str, ...]
    """Paths that are no longer in the wrong case."""
    call_back: tuple[CallBack, ...]


def move_document(office: Office, ref: Reference, target: Target, why: str) -> Moved:
    """Take what came in under *ref* out of its case and file it where it belongs.

    Interrupted, the same call again does the rest.

    Raises:
        InputError: no such paper, nothing came in, or the target is not there or the same case.
    """
    wrong, document = office.document(ref)
    out = tuple(_taken_out(office, wrong, document))
    if not out:
        raise InputError("nothing_to_move", ref=show_reference(ref))
    paper = _Paper(office, wrong, document, tuple(entry.event.n for entry in out), why)
    right, new_ref = paper.into(target)
    removed = paper.take_out(right, new_ref)
    refresh_logs(office, [wrong.chain, right])
    return Moved(
        document.ref, wrong.chain, right, new_ref, document.returned_on, removed,
        tuple(_call_back(wrong, min(paper.numbers), document.ref)),
    )  # fmt: skip


def _taken_out(office: Office, case: Case, document: Document) -> Iterator[Entry]:
    """The acts of *case* that the paper brought and that are still whole there."""
    for entry in office.archive.history(case.chain):
        event = entry.event
        brought = event.kind in _TAKEN_OUT or event.codes.get("way") == "in"
        if event.ref == document.ref and brought and entry.payload is not None:
            yield entry


@dataclass(frozen=True, slots=True)
class _Paper:
    """What came in, on its way from one case to another."""

    office: Office
    wrong: Case
    document: Document
    numbers: tuple[int, ...]
    """The events of the wrong case that brought it."""
    why: str

    @property
    def files(self) -> tuple[DocumentFile, ...]:
        """Its files, as they came."""
        return tuple(file for file in self.document.files if file.n in self.numbers)

    @property
    def key(self) -> str:
        """Identity of the act, so that a repetition is seen."""
        return f"moved:{self.wrong.chain}:{'-'.join(map(str, self.numbers))}"

    def into(self, target: Target) -> tuple[ChainId, str]:
        """File it in the right case, once; that case, and the reference it has there."""
        if target.ref is not None:
            return self._under(target.ref, target.signed)
        if target.signed:  # nobody is asked to sign a paper that is no letter of ours
            raise InputError("not_asked_to_sign", person=target.signed[0], known="–")
        right = persons_case(self.office, target.case or "")
        check_type(self.office, target.type)
        self._refuse_same(right)
        done = self.office.index.act(self.key)
        if done is not None:
            events = self.office.archive.events(done.chain)
            return done.chain, events[done.n - 1].ref or ""
        ref = self.office.new_reference()
        self.office.write(right, self._moved_in(ref, target.type))
        return right.chain, ref

    def _under(self, ref: Reference, signed: tuple[str, ...]) -> tuple[ChainId, str]:
        """As a return of a letter that we made; the day it was received stays.

        Ink that was seen in it as another letter tells nothing of who signed this one.
        """
        right, _ = self.office.document(ref)
        self._refuse_same(right)
        then = self.office.on(self.document.returned_on or self.office.today, self.office.clock)
        case, document = then.document(ref)
        came = [file for file in self.files if file.role != READING]
        pieces = tuple(
            Piece(self._bytes(file), PurePosixPath(file.path).suffix, file.role) for file in came
        )
        word = next((piece.data for piece in pieces if piece.suffix == ".docx"), None)
        what = Return(self.key, pieces)
        if word is not None:
            said, _ = read_by_person(then, word, case, document)
            final = tuple(piece for piece in said.pieces if piece.role == READING)
            what = replace(said, key=self.key, pieces=(*pieces, *final))
        check_signers(document, signed)
        seen = tuple(code for code in document.signers if code in signed)
        done = done_by_look(document, seen)
        file_return(then, case, document, replace(what, seen=seen, done=done, why=self.why))
        return right.chain, ref

    def _moved_in(self, ref: str, type_code: str) -> Act:
        came = (self.document.returned_on or self.office.today).isoformat()
        codes = {"type": type_code, "on": came, "way": "in", "from": self.wrong.chain,
                 "audience": "review"}  # fmt: skip
        documents = tuple(
            NewDocument(
                f"{came}_{type_code}_{ref}_mottatt-{number}{PurePosixPath(file.path).suffix}",
                self._bytes(file), file.media, file.role,
            )
            for number, file in enumerate(self.files, start=1)
        )  # fmt: skip
        payload: Json = {"key": self.key, "why": self.why}
        return Act("moved", self.office.actor, ref, codes, payload, documents)

    def take_out(self, right: ChainId, new_ref: str) -> tuple[str, ...]:
        """Leave a tombstone in the wrong case and remove the rest; the paths that went.

        The reason stands in the right case, where it is nobody else's.
        """
        office, chain = self.office, self.wrong.chain
        codes = {"of": list(self.numbers), "on": office.today.isoformat(), "to": right,
                 "by": new_ref}  # fmt: skip
        act = Act("moved", office.actor, self.document.ref, codes)
        entry = office.archive.append(chain, self.wrong.head, act, office.clock())
        removed = office.archive.remove_disposed(chain)
        office.after_writing((entry,))
        return removed

    def _bytes(self, file: DocumentFile) -> bytes:
        return self.office.archive.document(self.wrong.chain, file.path)

    def _refuse_same(self, right: Case) -> None:
        if right.chain == self.wrong.chain:
            raise InputError("moved_to_same_case", case=right.chain)


def _call_back(wrong: Case, first: int, ref: str) -> Iterator[CallBack]:
    """What was made of the case after the paper came, and may have something of it."""
    for happening in wrong.happenings:
        if happening.n > first and happening.kind in _COPIES and happening.ref != ref:
            who = happening.codes.get("recipient")
            yield CallBack(happening.kind, day_of(happening), happening.ref, str(who or "") or None)
