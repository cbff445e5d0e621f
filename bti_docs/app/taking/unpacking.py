"""Containers: an e-mail or a ZIP is taken apart, and each file in it is taken in as if dropped.

The container itself is kept with the heaps before anything in it is touched, and stays in the inbox
until all of it is accounted for. Each file has the identity of its own bytes, so a run that was
stopped goes on where it was, and a file that came before, alone or in another container, says
nothing new. A container in a container waits for a person; so does an e-mail that says something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from bti_docs.app.office import Office
from bti_docs.app.taking.holding import hold, page_pictures
from bti_docs.app.taking.looking import Source
from bti_docs.app.taking.results import Taken
from bti_docs.app.taking.signed import take_signed as take_signed_file
from bti_docs.core.events import OFFICE, Act, Json, digest
from bti_docs.core.filing import Reason, Tray, refuse
from bti_docs.core.grouping import Group, Sheet
from bti_docs.core.references import Reference
from bti_docs.errors import BtiError, IntegrityError
from bti_docs.inbox import Contents, Member, contents_of, read_file

TakeMember = Callable[[str, bytes, Json], Taken]
"""Takes in one file of a container: its name, its bytes, and where it came from."""

_PAGES_SHOWN: Final = 20


def take_package(
    office: Office, source: Source, take: TakeMember, *, decided: bool
) -> tuple[Taken, Json]:
    """Take in every file of a container; what became of them, and the payload that tells it.

    Args:
        office: the office.
        source: the container.
        take: takes in one of its files.
        decided: whether a person has decided about the container itself, so that only its files
            come again.

    Raises:
        BtiError: some file could not be taken in now; all others were.
    """
    office.archive.keep_heap(source.data, source.suffix)
    contents = contents_of(source.data, source.reading.kind)
    taken, stopped = Taken(), list[BtiError]()
    for number, member in enumerate(contents.members, start=1):
        try:
            origin = {"container": source.sha256, "member": number}
            taken += take(member.name, member.data, origin)
        except BtiError as error:
            if _stops_all(error):
                raise
            stopped.append(error)
    if stopped:
        raise stopped[0]
    members = [_member_body(n, member) for n, member in enumerate(contents.members, start=1)]
    own = Taken() if decided else _held_itself(office, source, contents)
    pages = [{"outcome": "tray", "item": item.item} for item in own.tray]
    return taken + own, {"members": members, "pages": pages}


def note_package(office: Office, key: str, name: str, body: Json, *, after: int) -> None:
    """The receipt of a container: its files have their own, so it tells only of what it is."""
    codes: dict[str, int] = {"members": len(body["members"])}
    if body["pages"]:
        codes |= {"sheets": 0, "filed": 0, "tray": len(body["pages"]), "duplicates": 0}
    payload: Json = {"key": key, "file": name, **body}
    office.note(Act("heap", office.actor, codes=codes, payload=payload), after=after)


def hold_inner(office: Office, source: Source) -> tuple[Taken, tuple[Json, ...]]:
    """Hold a container that came in another one: nobody knows how deep it goes."""
    held = hold(office, source, source.data, refuse(("container_inside",)))
    return Taken(tray=(held,)), ({"outcome": "tray", "item": held.item},)


def take_signed(office: Office, source: Source) -> tuple[Taken, tuple[Json, ...]]:
    """File or hold an ASiC container as the one document it is, never cut or saved again."""
    contents = contents_of(source.data, "asic")
    inside = [Source(one.name, one.data, read_file(one.data, one.name)) for one in contents.members]
    if not contents.troubles:
        return take_signed_file(office, source, inside)
    decision = refuse(contents.troubles)
    pages = [page for one in inside for page in one.scanned()][:_PAGES_SHOWN]
    group = Group("codeless", tuple(Sheet(0, page) for page in pages))
    pictures = page_pictures(group, {one.sha256: one for one in inside})
    held = hold(office, source, source.data, decision, pictures=pictures)
    page = {"ref": decision.guess, "outcome": "tray", "item": held.item}
    return Taken(tray=(held,), sheets=1), (page,)


def _held_itself(office: Office, source: Source, contents: Contents) -> Taken:
    """The container waits for a person when it says something, or something in it stayed there."""
    troubles = dict.fromkeys((*source.reading.problems, *contents.troubles))
    reasons = list(refuse(tuple(troubles)).reasons)
    if contents.says_something:
        reasons.insert(0, Reason("mail_to_read"))
    if not reasons:
        return Taken()
    guess = _guess_of(office, contents)
    return Taken(tray=(hold(office, source, source.data, Tray(tuple(reasons), guess)),))


def _guess_of(office: Office, contents: Contents) -> Reference | None:
    """The one document that the container's papers belong to, as their own receipts tell."""
    refs = {ref for member in contents.members for ref in _refs_of(office, file_key(member.data))}
    return Reference(refs.pop()) if len(refs) == 1 else None


def _refs_of(office: Office, key: str) -> Iterator[str]:
    came = office.index.act(key)
    if came is None:
        return
    payload = office.archive.history(OFFICE)[came.n - 1].payload or {}
    yield from (str(page["ref"]) for page in payload.get("pages", ()) if page.get("ref"))


def _member_body(number: int, member: Member) -> Json:
    return {"member": number, "file": member.name, "sha256": digest(member.data)}


def file_key(data: bytes) -> str:
    """Identity of the receipt of a file."""
    return f"file:{digest(data)}"


def _stops_all(error: BtiError) -> bool:
    """Whether the office's own chain is broken, so that nothing more may be written."""
    own = error.params.get("chain", OFFICE) == OFFICE and "item" not in error.params
    return isinstance(error, IntegrityError) and own
