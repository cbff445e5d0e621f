"""Which document may a page without a readable code be of? Only a guess: a person decides."""

from __future__ import annotations

from typing import Final

from bti_docs.app.office import Office
from bti_docs.app.taking.looking import Sources
from bti_docs.core.grouping import Group
from bti_docs.core.references import Reference
from bti_docs.inbox import Unreadable, page_image, read_print

_MAX_PAGES: Final = 5
"""Pages of one file that are looked at: each may take some seconds."""


def guess_by_print(office: Office, group: Group, sources: Sources) -> Reference | None:
    """The one reference of ours that is printed on the group's pages, as far as it can be read."""
    known: set[Reference] = set()
    for page in [page for page in group.pages if not page.blank][:_MAX_PAGES]:
        source = sources[page.source]
        try:
            grey = page_image(source.data, source.name, source.page(page.number))
        except Unreadable:
            continue
        printed = read_print(grey)
        references = printed.references if printed else ()
        known |= {reference for reference in references if office.index.chain_of(reference)}
    return known.pop() if len(known) == 1 else None
