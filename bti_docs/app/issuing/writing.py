"""Write what was made: documents, payload, event; and that the old letter is replaced."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from bti_docs.app.issuing.making import Paper
from bti_docs.app.issuing.settled import SettledCases
from bti_docs.app.issuing.values import plain
from bti_docs.app.office import Office
from bti_docs.core.events import Act, ChainId, Json, NewDocument
from bti_docs.core.facts import facts_of
from bti_docs.core.model import Case
from bti_docs.core.paper import place_body
from bti_docs.errors import Conflict

DOCX_MEDIA: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF_MEDIA: Final = "application/pdf"
_TRIES: Final = 20


class Writer:
    """Writes a batch's papers, round after round.

    *sets* is what each row's papers have in common: a paper's that was there before, or that of the
    first one written here.
    """

    def __init__(
        self, office: Office, batch: str, sets: dict[str, str], cases: SettledCases
    ) -> None:
        self._office = office
        self._cases = cases
        self.batch = batch
        self.sets = sets

    def write(self, papers: Sequence[Paper]) -> list[tuple[Paper, ChainId]]:
        """Archive *papers* together; those that are written, which somebody else had not made.

        When others write to the same cases meanwhile, what they wrote is read and the rest is
        decided again.

        Raises:
            Conflict: others write to these cases all the time.
        """
        cases, chains = self._cases, [self._cases.of(paper.wish).chain for paper in papers]
        left = list(zip(papers, chains, strict=True))
        for _ in range(_TRIES):
            left = [item for item in left if not _is_made(item[0], cases.now(item[1]))]
            try:
                self._append(left)
            except Conflict:
                for case in self._office.read_again(dict.fromkeys(chains)):
                    cases.put(case)
                continue
            break
        else:
            raise Conflict("chain_grew", chain=left[0][1])
        return [
            (paper, chain)
            for paper, chain in zip(papers, chains, strict=True)
            if cases.now(chain).document(paper.ref)
        ]

    def _append(self, papers: Sequence[tuple[Paper, ChainId]]) -> None:
        office = self._office
        before = {chain: self._cases.now(chain) for _, chain in papers}
        steps = []
        for paper, chain in papers:
            head = before[chain].head
            own_set = self.sets.setdefault(paper.wish.entry.key, paper.ref)
            steps.append((chain, head, issued_act(office, paper, self.batch, own_set)))
            if paper.wish.replaces:
                act = superseded_act(office, paper.wish.replaces.ref, paper.ref)
                steps.append((chain, head, act))
        if steps:
            entries = office.archive.append_many(steps, office.clock())
            for case in office.grown(before, entries).values():
                self._cases.put(case)


def _is_made(paper: Paper, case: Case) -> bool:
    """Whether the letter is there: this one, or one that somebody made of the row meanwhile."""
    old = paper.wish.replaces.ref if paper.wish.replaces else None
    return any(
        d.key == paper.wish.key and d.ref != old and not d.superseded_by for d in case.documents
    )


def superseded_act(office: Office, old: str, new: str) -> Act:
    """The event that tells of a letter that another has replaced."""
    return Act("superseded", office.actor, old, {"by": new, "on": office.today.isoformat()})


def write_replaced(
    office: Office, unmarked: Sequence[tuple[ChainId, str, str]], cases: SettledCases
) -> None:
    """Tell of letters (case, old, new) whose replacement was written just before a stop."""
    for chain, old, new in unmarked:
        cases.put(office.write(office.case(chain), superseded_act(office, old, new)))


def issued_act(office: Office, paper: Paper, batch: str, own_set: str) -> Act:
    """The `issued` event of one paper, with its documents and payload."""
    wish, day = paper.wish, office.today.isoformat()
    codes: dict[str, Any] = {
        "type": wish.manifest.type,
        "language": wish.language,
        "recipient": wish.letter.recipient,
        "set": own_set,
        "batch": batch,
        "audience": wish.manifest.audience,
        "settles": list(wish.manifest.settled),
        "signers": list(wish.letter.signers),
        "asked": list(wish.letter.asked) or None,
        "pages": paper.pages or None,
        "on": day,
        "done": ["completed"] if paper.complete and "completed" in wish.manifest.settled else [],
    }
    codes |= {"by_hand": True} if wish.manifest.by_hand else {}
    codes |= {"due": paper.due.isoformat()} if paper.due else {}
    codes |= {"supersedes": wish.replaces.ref} if wish.replaces else {}
    return Act(
        "issued",
        office.actor,
        paper.ref,
        {key: value for key, value in codes.items() if value is not None},
        _payload(paper, office.today, first=own_set == paper.ref),
        documents_of(office, paper),
    )


def _payload(paper: Paper, on: date, *, first: bool) -> Json:
    """What the paper is made from. A row's facts travel with one of its papers only.

    That is the first, and later the letter that replaces it.
    """
    wish = paper.wish
    docx, manifest = paper.pair
    old = wish.replaces
    tells = first or (old is not None and old.ref == old.set)
    waits = "completed" in wish.manifest.settled and not paper.complete
    planned = "sent" in wish.manifest.settled and "completed" not in wish.manifest.settled
    facts = (
        facts_of(wish.manifest, paper.values, planned=planned, on=on) if tells and not waits else ()
    )
    body: Json = {
        "key": wish.key,
        "fingerprint": wish.fingerprint,
        "record": paper.values,
        "template": docx,
        "manifest": manifest,
        "places": [place_body(place) for place in paper.places],
    }
    return body | ({"facts": plain(facts)} if facts else {})


def documents_of(office: Office, paper: Paper) -> tuple[NewDocument, ...]:
    """The files of one paper."""
    word = NewDocument(file_name(office, paper, "docx"), paper.docx, DOCX_MEDIA, "issued")
    if paper.pdf is None:
        return (word,)
    pages = tuple({"page": n, "of": paper.pages} for n in range(1, paper.pages + 1))
    return (
        word,
        NewDocument(file_name(office, paper, "pdf"), paper.pdf, PDF_MEDIA, "issued", pages),
    )


def file_name(office: Office, paper: Paper, suffix: str) -> str:
    """`2026-11-22_SAM_7K3MQ2XP_utstedt.pdf`: neutral, never a name or a school."""
    return f"{office.today.isoformat()}_{paper.wish.manifest.type}_{paper.ref}_utstedt.{suffix}"
