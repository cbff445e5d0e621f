"""Papers that we did not make: a letter, a drawing, a remark become part of a child's case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bti_docs.app.acts import check_day, reason
from bti_docs.app.office import Office
from bti_docs.app.relay import refresh_logs
from bti_docs.app.taking.filing import ABOUT, Piece
from bti_docs.app.taking.holding import item_of, let_go, suffix_of
from bti_docs.app.taking.results import Filed
from bti_docs.app.taking.signed import sidecar_pieces
from bti_docs.core.events import Act, ChainId, Json, NewDocument
from bti_docs.core.model import Case
from bti_docs.errors import InputError

FOREIGN_TYPES: Final = ("INN", "MRK")
"""What nobody issues: a paper that came in, and the family's remark."""
_ENDS: Final = {"received": "mottatt", ABOUT: "signatur"}


@dataclass(frozen=True, slots=True)
class ForeignPaper:
    """A paper that we did not make: which case, of what kind, its date, and who it is from."""

    case: ChainId
    type: str
    date: date
    sender: str


def file_foreign(office: Office, item: str, paper: ForeignPaper, why: str) -> Filed:
    """A letter, a drawing or another paper that we did not make becomes part of the case.

    Raises:
        InputError: no such item, case or type, a day to come, or no reason.
    """
    because = reason(why)
    body, data = item_of(office, item), office.archive.tray_original(item)
    check_type(office, paper.type)
    check_day(office, paper.date)
    case = persons_case(office, paper.case)
    key = f"tray-filed:{item}"
    if office.index.act(key) is None:
        pieces = (Piece(data, suffix_of(body), "received"), *sidecar_pieces(office, item))
        act = _act(office, paper, pieces, {"key": key, "why": because})
        case = office.write(case, act)
    filed = _result(office, case, key)
    let_go(office, item, "filed", filed.ref, because)
    refresh_logs(office, [case.chain])
    return filed


def persons_case(office: Office, chain: str) -> Case:
    """The case of one child or pregnant person: where a paper about a person belongs.

    Raises:
        InputError: there is no such case, or it is a series.
    """
    if chain not in office.archive.chains():
        raise InputError("unknown_case", case=chain)
    case = office.case(ChainId(chain))
    if case.kind != "sak":
        raise InputError("series_takes_no_paper", case=chain)
    return case


def check_type(office: Office, type_code: str) -> None:
    """Let only the office's own types be filed, and what it does not issue.

    Raises:
        InputError: the office has no such type.
    """
    known = sorted({*office.library.types(), *FOREIGN_TYPES})
    if type_code not in known:
        raise InputError("paper_type_unknown", known=", ".join(known))


def _act(
    office: Office, paper: ForeignPaper, pieces: Sequence[Piece], payload: Mapping[str, Any]
) -> Act:
    ref = office.new_reference()
    stem = f"{office.today.isoformat()}_{paper.type}_{ref}"
    codes = {"type": paper.type, "on": office.today.isoformat(), "dated": paper.date.isoformat(),
             "audience": "review"}  # fmt: skip
    said: Json = {**payload, "from": paper.sender}
    documents = tuple(
        NewDocument(
            f"{stem}_{_ENDS[piece.role]}{piece.suffix}", piece.data, piece.media, piece.role
        )
        for piece in pieces
    )
    return Act("filed", office.actor, ref, codes, said, documents)


def _result(office: Office, case: Case, key: str) -> Filed:
    act = office.index.act(key)
    document = next(d for d in case.documents if act and d.issued_n == act.n)
    folder = office.archive.folder(case.chain).relative_to(office.archive.root).as_posix()
    path = next(file.path for file in document.files if file.role == "received")
    return Filed(
        document.ref, case.chain, document.type, f"{folder}/{path}",
        signed=False, signatures=(), pages=0,
    )  # fmt: skip
