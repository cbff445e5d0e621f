"""Til avklaring: put what a person must decide on where it is seen, with a picture and reasons."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from itertools import chain, count
from pathlib import PurePath
from typing import Any, Final

from PIL import Image

from bti_docs.app.office import Office
from bti_docs.app.taking.looking import Source, Sources
from bti_docs.app.taking.results import InTray
from bti_docs.archive import item_id
from bti_docs.core.events import Act, Json, digest, instant_text
from bti_docs.core.filing import Reason, Tray
from bti_docs.core.grouping import Group
from bti_docs.errors import InputError
from bti_docs.inbox import Unreadable, page_image

_PICTURE_WIDTH: Final = 850
_MAX_PICTURES: Final = 20
_LEVELS: Final = [round(level / 17) * 17 for level in range(256)]
"""Sixteen greys: enough to read by, a ninth of the bytes, since a scanner's noise is gone."""


def hold(
    office: Office,
    source: Source,
    data: bytes,
    decision: Tray,
    *,
    pages: Sequence[Json] = (),
    pictures: Mapping[str, bytes] | None = None,
) -> InTray:
    """Put bytes in the tray, once; *data* are the file's own or the pages cut from it."""
    item = _known_item(office, data) or _new_item(office, data)
    guess_case = office.index.chain_of(decision.guess) if decision.guess else None
    if item not in office.archive.tray_items():
        body: dict[str, Any] = {
            "file": source.name,
            "source": source.sha256,
            "at": instant_text(office.clock()),
            "reasons": [{"code": r.code, "params": dict(r.params)} for r in decision.reasons],
            "guess": {"ref": decision.guess, "case_id": guess_case} if decision.guess else None,
            "pages": list(pages),
            "seen": list(decision.seen),
        }
        office.archive.tray_put(item, source.suffix, data, body, pictures or {})
    key = f"tray:{item}"
    if office.index.act(key) is None:
        codes = {"item": item, "reasons": sorted({r.code for r in decision.reasons})}
        office.note(Act("tray_in", office.actor, decision.guess, codes, {"key": key}))
    return InTray(item, source.name, decision.reasons, decision.guess, guess_case, decision.seen)


def _known_item(office: Office, data: bytes) -> str | None:
    """An item of the same bytes from a day before: a run that was stopped over midnight."""
    mark = digest(data)[:12]
    return next((item for item in office.archive.tray_items() if mark in item.split("-")), None)


def _new_item(office: Office, data: bytes) -> str:
    """A name that no item of the day has had, be it decided on or not."""
    first = item_id(office.clock(), data)
    names = chain([first], (f"{first}-{number}" for number in count(2)))
    return next(name for name in names if office.index.act(decided_key(name)) is None)


def decided_key(item: str) -> str:
    """Identity of the act that decides on an item."""
    return f"decided:{item}"


def let_go(office: Office, item: str, outcome: str, ref: str | None, why: str) -> None:
    """The decision on an item is an event with who and why; then the item is taken away."""
    key = decided_key(item)
    if office.index.act(key) is None:
        codes = {"item": item, "outcome": outcome}
        payload = {"key": key} | ({"why": why} if why else {})
        office.note(Act("tray_decided", office.actor, ref, codes, payload))
    office.archive.tray_remove(item)


def page_pictures(group: Group, sources: Sources) -> dict[str, bytes]:
    """A picture of each page, for the person who decides."""
    pictures = {}
    for number, page in enumerate(group.pages[:_MAX_PICTURES], start=1):
        source = sources[page.source]
        try:
            grey = page_image(source.data, source.name, source.page(page.number))
        except Unreadable:
            continue
        pictures[f"side-{number}.png"] = _png(Image.fromarray(grey))
    return pictures


def _png(image: Image.Image) -> bytes:
    height = round(image.height * _PICTURE_WIDTH / image.width)
    small = image.resize((_PICTURE_WIDTH, height)) if image.width > _PICTURE_WIDTH else image
    out = io.BytesIO()
    small.point(_LEVELS).save(out, "PNG")
    return out.getvalue()


def item_of(office: Office, item: str) -> Mapping[str, Any]:
    """What is known of an item.

    Raises:
        InputError: no such item.
    """
    body = office.archive.tray_get(item)
    if body is None:
        raise InputError("unknown_item", item=item)
    return body


def suffix_of(item: Mapping[str, Any]) -> str:
    """The ending of an item's original."""
    return PurePath(str(item.get("original", ""))).suffix.lower() or ".bin"


def reasons_of(item: Mapping[str, Any]) -> tuple[Reason, ...]:
    """An item's reasons as it holds them."""
    return tuple(Reason(r["code"], r.get("params", {})) for r in item.get("reasons", ()))
