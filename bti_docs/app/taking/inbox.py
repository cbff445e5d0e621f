"""The inbox: one file from the folder to where it belongs, and only then out of the folder.

Every step can be repeated. What is filed or held has an identity made of the file's own hash, so
a run that was killed is finished by the next one, with nothing twice and nothing missing.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.app.relay import refresh_logs
from bti_docs.app.taking.holding import decided_key, hold
from bti_docs.app.taking.looking import Source
from bti_docs.app.taking.results import Taken, shown_name
from bti_docs.app.taking.scans import take_scan
from bti_docs.app.taking.signed import take_signed as take_signed_pdf
from bti_docs.app.taking.unpacking import (
    file_key,
    hold_inner,
    note_package,
    take_package,
    take_signed,
)
from bti_docs.app.taking.words import take_word
from bti_docs.core.events import OFFICE, Act, ChainId, Json
from bti_docs.core.filing import refuse
from bti_docs.errors import Conflict
from bti_docs.inbox import PACKAGES, read_file

_TRIES: Final = 5


def take_in_file(office: Office, path: Path) -> Taken:
    """Take in one whole file; the original is removed last.

    A file that was taken in before says nothing new: its bytes are archived, in the tray, or left
    by an event that says so. One that was dismissed comes again because somebody wants it to.

    Raises:
        Conflict: others write to the same cases all the time; the file is still there.
    """
    data = files.read(path)
    if data is None:
        return Taken()
    taken = _take_in(office, shown_name(path.name), data, {})
    if files.read(path) == data:
        files.remove(office.disk, path)
    return taken


def _take_in(office: Office, name: str, data: bytes, origin: Json) -> Taken:
    """Take in the bytes of a file, or of a file in a container: *origin* says in which."""
    key = file_key(data)
    came = office.index.act(key)
    if came and office.act_in_archive(key) and not _was_dismissed(office, key):
        return Taken(duplicates=(name,))
    after = came.n if came else 0
    source = Source(name, data, read_file(data, name))
    if source.reading.kind in PACKAGES and not origin:
        return _take_apart(office, source, after)
    taken, pages = _taken(office, source)
    refresh_logs(office, [ChainId(filed.case_id) for filed in taken.filed])
    _account_for(office, source, taken, {"pages": list(pages), **origin}, after=after)
    return taken


def _take_apart(office: Office, source: Source, after: int) -> Taken:
    key = file_key(source.data)
    decided = bool(after) and not _items_dismissed(office, _payload(office, key))
    taken, body = take_package(office, source, partial(_take_in, office), decided=decided)
    note_package(office, key, source.name, body, after=after)
    return taken


def _was_dismissed(office: Office, key: str) -> bool:
    """Whether a person has said of some part of the file that it is not ours."""
    payload = _payload(office, key)
    members = (f"file:{member['sha256']}" for member in payload.get("members", ()))
    return _items_dismissed(office, payload) or any(
        _items_dismissed(office, _payload(office, member)) for member in members
    )


def _items_dismissed(office: Office, payload: Json) -> bool:
    """Whether the last word on some item that a receipt tells of is that it is not ours."""
    history = office.archive.history(OFFICE)
    pages = payload.get("pages", ())
    acts = (office.index.act(decided_key(page["item"])) for page in pages if "item" in page)
    decisions = (history[act.n - 1].event for act in acts if act)
    return any(event.codes.get("outcome") == "dismissed" for event in decisions)


def _payload(office: Office, key: str) -> Json:
    """What the receipt of a file tells; nothing when it never came."""
    came = office.index.act(key)
    history = office.archive.history(OFFICE) if came else ()
    return (history[came.n - 1].payload or {}) if came else {}


def _taken(office: Office, source: Source) -> tuple[Taken, tuple[Json, ...]]:
    """Take it in; read and decide again when somebody has written to a case meanwhile."""
    for _ in range(_TRIES):
        try:
            return _take(office, source)
        except Conflict:
            office.refresh()
    return _take(office, source)


def _take(office: Office, source: Source) -> tuple[Taken, tuple[Json, ...]]:
    reading = source.reading
    if reading.problems and (reading.kind != "pdf" or not reading.pages):
        held = hold(office, source, source.data, refuse(reading.problems))
        page = {"outcome": "tray", "item": held.item}
        return Taken(tray=(held,), sheets=len(reading.pages)), (page,)
    if reading.kind == "docx":
        return take_word(office, source)
    if reading.kind == "pdf" and reading.digital_signature:
        return take_signed_pdf(office, source)
    if reading.kind == "asic":
        return take_signed(office, source)
    if reading.kind in PACKAGES:
        return hold_inner(office, source)
    if len(reading.pages) > 1:
        office.archive.keep_heap(source.data, source.suffix)
    return take_scan(office, source)


def _account_for(office: Office, source: Source, taken: Taken, body: Json, *, after: int) -> None:
    """The receipt for every page, in the office's own chain, once for each time it came."""
    codes = {
        "sheets": taken.sheets,
        "filed": len(taken.filed),
        "tray": len(taken.tray),
        "duplicates": len(taken.duplicates),
    }
    payload: Json = {"key": file_key(source.data), "file": source.name, **body}
    office.note(Act("heap", office.actor, codes=codes, payload=payload), after=after)
