"""Receipts at the scanner: what became of each heap of a day, without names.

Made from the office's own chain, so they are whole again after whatever happened, and may be
thrown away.
"""

from __future__ import annotations

from typing import Final

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.app.taking.holding import reasons_of
from bti_docs.core.deadlines import OSLO, local_day
from bti_docs.core.events import OFFICE, Event
from bti_docs.core.loose import number
from bti_docs.messages import text

FOLDER: Final = "kvitteringer"
ALIVE: Final = "sist-sett.txt"
"""Tells a person who looks that the watcher is awake."""

_PARTS: Final = ("filed", "tray", "duplicates")


def write_receipt(office: Office) -> None:
    """Write today's receipt anew, with a byte order mark so that Notepad shows æ, ø and å."""
    day = local_day(office.clock())
    events = [e for e in office.archive.events(OFFICE) if _is_heap(e) and local_day(e.at) == day]
    language = office.settings.language
    lines = [heap_line(event, language) for event in events]
    waits = _pages_waiting(office)
    lines.append(text("receipt_waiting", language, count=waits) if waits else "")
    lines.append(text("receipt_keep", language))
    _write(office, f"{day.isoformat()}.txt", [line for line in lines if line])


def heap_line(event: Event, language: str) -> str:
    """«Bunke 14.05: 40 ark · 12 dokumenter lagt i sak · 2 til avklaring»."""
    at = event.at.astimezone(OSLO)
    sheets = number(event.codes.get("sheets"))
    code = "receipt_heap" if sheets else "receipt_file"
    parts = [text(code, language, time=f"{at:%H.%M}", sheets=sheets)]
    for key in _PARTS:
        count = number(event.codes.get(key))
        if count:
            parts.append(text(f"receipt_{key}_{'one' if count == 1 else 'many'}", language,
                              count=count))  # fmt: skip
    return " · ".join(parts)


def say_alive(office: Office) -> None:
    """Write when the watcher last looked."""
    at = office.clock().astimezone(OSLO)
    language = office.settings.language
    seen = text("receipt_alive", language, day=f"{at:%d.%m.%Y}", time=f"{at:%H.%M}")
    _write(office, ALIVE, [seen])


def _is_heap(event: Event) -> bool:
    return event.kind == "heap" and "sheets" in event.codes


def _pages_waiting(office: Office) -> int:
    """Items in Til avklaring that wait for a page of theirs."""
    bodies = map(office.archive.tray_get, office.archive.tray_items())
    return sum(any(r.code == "page_missing" for r in reasons_of(b)) for b in bodies if b)


def _write(office: Office, name: str, lines: list[str]) -> None:
    folder = office.settings.inbox / FOLDER
    files.ensure_folder(office.disk, folder)
    data = "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")
    files.rewrite(office.disk, folder / name, data)
