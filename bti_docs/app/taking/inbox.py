"""The inbox: one file from the folder to where it belongs, and only then out of the folder.

Every step can be repeated. What is filed or held has an identity made of the file's own hash, so
a run that was killed is finished by the next one, with nothing twice and nothing missing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.app.relay import refresh_logs
from bti_docs.app.taking.holding import decided_key, hold
from bti_docs.app.taking.looking import Source
from bti_docs.app.taking.results import Taken, shown_name
from bti_docs.app.taking.scans import take_scan
from bti_docs.app.taking.words import take_word
from bti_docs.core.events import OFFICE, Act, ChainId, Json, digest
from bti_docs.core.filing import refuse
from bti_docs.errors import Conflict
from bti_docs.inbox import read_file

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
    name = shown_name(path.name)
    key = f"file:{digest(data)}"
    came = office.index.act(key)
    if came and office.act_in_archive(key) and not _was_dismissed(office, key):
        files.remove(office.disk, path)
        return Taken(duplicates=(name,))
    taken, pages = _taken(office, Source(name, data, read_file(data, name)))
    refresh_logs(office, [ChainId(filed.case_id) for filed in taken.filed])
    _account_for(office, key, name, taken, pages, after=came.n if came else 0)
    if files.read(path) == data:
        files.remove(office.disk, path)
    return taken


def _was_dismissed(office: Office, key: str) -> bool:
    """Whether a person has said of some page of the file that it is not ours."""
    came = office.index.act(key)
    history = office.archive.history(OFFICE)
    pages = (history[came.n - 1].payload or {}).get("pages", ()) if came else ()
    acts = (office.index.act(decided_key(page["item"])) for page in pages if "item" in page)
    decisions = (history[act.n - 1].event for act in acts if act)
    return any(event.codes.get("outcome") == "dismissed" for event in decisions)


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
    if len(reading.pages) > 1:
        office.archive.keep_heap(source.data, source.suffix)
    return take_scan(office, source)


def _account_for(
    office: Office, key: str, name: str, taken: Taken, pages: tuple[Json, ...], *, after: int
) -> None:
    """The receipt for every page, in the office's own chain, once for each time it came."""
    codes = {
        "sheets": taken.sheets,
        "filed": len(taken.filed),
        "tray": len(taken.tray),
        "duplicates": len(taken.duplicates),
    }
    payload: Json = {"key": key, "file": name, "pages": list(pages)}
    office.note(Act("heap", office.actor, codes=codes, payload=payload), after=after)
