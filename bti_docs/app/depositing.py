"""What an archivist imports into the municipality's archive: the files and a list of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bti_docs.app.office import Office
from bti_docs.app.places import fill_folder
from bti_docs.app.relay import refresh_logs, title_in
from bti_docs.core.deposit import COLUMNS, Deposited, deposit_lines
from bti_docs.core.events import Act
from bti_docs.core.model import Case
from bti_docs.core.wording import Words
from bti_docs.errors import InputError
from bti_docs.workbook.listing import list_csv, list_xlsx

_FILES: Final = "dokumenter"
_LIST: Final = "liste"


@dataclass(frozen=True, slots=True)
class Deposit:
    """What was made."""

    case: Case
    folder: Path
    documents: int


def deposit(office: Office, case: Case, target: Path) -> Deposit:
    """Write the archive versions of a case and a list of them to an empty folder, and note it.

    Raises:
        InputError: the case has no document yet, or *target* cannot be used.
    """
    lines = deposit_lines(case, office.library.manifests(), _words(office, case))
    if not lines:
        raise InputError("deposit_nothing", case=case.chain)
    fill_folder(office, target, _files(office, case, lines))
    refs = [{"ref": d.line.reference, "sha256": d.line.sha256} for d in lines]
    codes = {"on": office.today.isoformat(), "count": len(lines)}
    act = Act("deposited", office.actor, codes=codes, payload={"papers": refs})
    case = office.write(case, act)
    refresh_logs(office, [case.chain])
    return Deposit(case, target.absolute(), len(lines))


def _words(office: Office, case: Case) -> Words:
    language = case.language
    return Words(language, office.say(language), lambda t, lang: title_in(office, t, lang),
                 office.profile)  # fmt: skip


def _files(office: Office, case: Case, lines: tuple[Deposited, ...]) -> dict[str, bytes]:
    """The documents as they lie in the case, and the list twice."""
    say = office.say(office.settings.language)
    header = [say(f"deposit_column_{name}") for name in COLUMNS]
    rows = [item.line.cells() for item in lines]
    found = {
        f"{_FILES}/{item.line.file}": office.archive.document(case.chain, item.source.path)
        for item in lines
    }
    found[f"{_LIST}.xlsx"] = list_xlsx(case.chain, header, rows)
    found[f"{_LIST}.csv"] = list_csv(header, rows)
    return found
