"""Write what was made: documents, payload, event; the old letter replaced; copies in the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bti_docs import files
from bti_docs.app.issuing.making import Paper
from bti_docs.app.issuing.plan import plain
from bti_docs.app.office import Office
from bti_docs.core.events import Act, Json, NewDocument
from bti_docs.core.facts import facts_of
from bti_docs.core.fold import place_body
from bti_docs.core.manifest import Manifest
from bti_docs.core.model import Case

DOCX_MEDIA: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF_MEDIA: Final = "application/pdf"


def write_papers(
    office: Office, papers: Sequence[tuple[Paper, Case]], *, batch: str, sets: dict[str, str]
) -> None:
    """Archive *papers* in one round, then copy them to the outbox.

    *sets* remembers the set of each row, so that its papers are told to belong together.
    """
    now = office.clock()
    acts = []
    for paper, case in papers:
        own_set = sets.setdefault(paper.wish.entry.key, paper.ref)
        acts.append((case.chain, case.head, issued_act(office, paper, batch, own_set)))
        if paper.wish.replaces:
            old = paper.wish.replaces.ref
            codes = {"by": paper.ref, "on": office.today.isoformat()}
            acts.append((case.chain, case.head, Act("superseded", office.actor, old, codes)))
    office.after_writing(office.archive.append_many(acts, now))
    for paper, _ in papers:
        copy_to_outbox(office, file_name(office, paper, "pdf"), paper.pdf)
        copy_to_outbox(office, file_name(office, paper, "docx"), paper.docx)


def issued_act(office: Office, paper: Paper, batch: str, own_set: str) -> Act:
    """The `issued` event of one paper, with its documents and payload."""
    wish, day = paper.wish, office.today.isoformat()
    complete = is_complete(wish.manifest, paper.values)
    codes: dict[str, Any] = {
        "type": wish.manifest.type,
        "language": wish.language,
        "recipient": wish.letter.recipient,
        "set": own_set,
        "batch": batch,
        "audience": wish.manifest.audience,
        "settles": list(wish.manifest.settled),
        "signers": list(wish.letter.signers),
        "pages": paper.pages,
        "on": day,
        "done": ["completed"] if complete and "completed" in wish.manifest.settled else [],
    }
    codes |= {"by_hand": True} if wish.manifest.by_hand else {}
    codes |= {"due": paper.due.isoformat()} if paper.due else {}
    codes |= {"supersedes": wish.replaces.ref} if wish.replaces else {}
    return Act(
        "issued",
        office.actor,
        paper.ref,
        {key: value for key, value in codes.items() if value is not None},
        _payload(office, paper, complete=complete),
        _documents(office, paper),
    )


def _payload(office: Office, paper: Paper, *, complete: bool) -> Json:
    wish = paper.wish
    docx, manifest = office.library.pair_hash(wish.manifest.type, wish.language)
    waits = "completed" in wish.manifest.settled and not complete
    planned = "sent" in wish.manifest.settled and "completed" not in wish.manifest.settled
    facts = () if waits else facts_of(wish.manifest, paper.values, planned=planned)
    body: Json = {
        "key": wish.key,
        "fingerprint": wish.fingerprint,
        "record": plain(paper.values),
        "template": docx,
        "manifest": manifest,
        "places": [place_body(place) for place in paper.places],
    }
    return body | ({"facts": plain(facts)} if facts else {})


def is_complete(manifest: Manifest, values: object) -> bool:
    """Whether everything that must be there when the document is finished, is there."""
    known = values if isinstance(values, dict) else {}
    return all(known.get(f.key) for f in manifest.fields if f.required != "never")


def _documents(office: Office, paper: Paper) -> tuple[NewDocument, ...]:
    pages = tuple({"page": n, "of": paper.pages} for n in range(1, paper.pages + 1))
    return (
        NewDocument(file_name(office, paper, "docx"), paper.docx, DOCX_MEDIA, "issued"),
        NewDocument(file_name(office, paper, "pdf"), paper.pdf, PDF_MEDIA, "issued", pages),
    )


def file_name(office: Office, paper: Paper, suffix: str) -> str:
    """`2026-11-22_SAM_7K3MQ2XP_utstedt.pdf`: neutral, never a name or a school."""
    return f"{office.today.isoformat()}_{paper.wish.manifest.type}_{paper.ref}_utstedt.{suffix}"


def copy_to_outbox(office: Office, name: str, data: bytes) -> Path:
    """A copy to print from or send; the outbox may be emptied any day."""
    path = office.settings.outbox / name
    files.rewrite(office.disk, path, data)
    return path
