"""The relay log of a case, and the page of it that lies in the case folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from bti_docs.app.office import Office
from bti_docs.app.staff import staff_names
from bti_docs.core.events import ChainId
from bti_docs.core.model import Case
from bti_docs.core.relay_log import relay_log
from bti_docs.core.relay_model import RelayLog
from bti_docs.export import log_html

_TOGETHER: Final = 64
"""Pages that are written and made durable together."""


def log_of(
    office: Office,
    case: Case,
    *,
    language: str | None = None,
    names: bool,
    staff: Mapping[str, str] | None = None,
) -> RelayLog:
    """The relay log, with people's names or with their codes.

    *staff* is what `staff_names` gives, for who makes many logs.
    """
    speech = language or case.language
    return relay_log(
        case,
        on=office.today,
        profile=office.profile,
        language=speech,
        say=office.say(speech),
        titles=lambda type_code, tongue: title_in(office, type_code, tongue),
        staff=staff_names(office, names=names) if staff is None else staff,
        names=names,
    )


def title_in(office: Office, type_code: str, language: str) -> str:
    """A document type's title in a language; types of other offices and times by their code."""
    if type_code in office.library.types():
        return office.library.manifest(type_code).title.of(language)
    return office.say(language)(f"type_{type_code}")


def refresh_logs(office: Office, chains: Iterable[ChainId]) -> None:
    """Write `stafettlogg.html` anew: it is derived, outside chain and manifest."""
    wanted = iter(dict.fromkeys(chains))
    while some := tuple(islice(wanted, _TOGETHER)):
        write_logs(office, [office.case(chain) for chain in some])


def write_logs(office: Office, cases: Iterable[Case]) -> None:
    """As `refresh_logs`, of cases as they now are: nothing is read again."""
    staff = staff_names(office, names=True)
    office.archive.rewrite_logs({case.chain: log_page(office, case, staff) for case in cases})


def log_page(office: Office, case: Case, staff: Mapping[str, str] | None = None) -> bytes:
    """The relay log as a page for staff."""
    log = log_of(office, case, names=True, staff=staff)
    return log_html(log, office.profile)
