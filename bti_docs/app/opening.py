"""Make an office, and open one."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from bti_docs import files
from bti_docs.app.approvals import approve_unapproved
from bti_docs.app.office import Office, index_path, today_at, utc_now
from bti_docs.app.staff import staff_code
from bti_docs.archive import Archive
from bti_docs.config import is_office, read_settings
from bti_docs.core.references import make_archive_name
from bti_docs.errors import ConfigError
from bti_docs.files import Disk, NewFile, publish
from bti_docs.index import Index
from bti_docs.library import Library, shipped_files

_LITTER: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".git", ".gitignore"})


def init_office(
    folder: Path, *, disk: Disk | None = None, clock: Callable[[], datetime] = utc_now
) -> bool:
    """Make an office of the shipped templates and profile; True when there was none before.

    Harmless when repeated: what is there stays as it is, and what is missing is added.

    Raises:
        ConfigError: the folder holds something else.
    """
    disk = disk or Disk()
    new = not is_office(folder)
    if new and _holds_anything(folder):
        raise ConfigError("folder_not_empty", folder=str(folder))
    files.ensure_folder(disk, folder)
    wanted = (NewFile(folder / name, data) for name, data in shipped_files())
    missing = [file for file in wanted if not file.path.exists()]
    for file in missing:
        files.ensure_folder(disk, file.path.parent)
    publish(disk, missing)
    make_archive(folder, disk, clock)
    with open_office(folder, clock=clock) as office:
        approve_unapproved(office)
    return new


def _holds_anything(folder: Path) -> bool:
    return folder.exists() and any(entry.name not in _LITTER for entry in folder.iterdir())


def make_archive(folder: Path, disk: Disk, clock: Callable[[], datetime] = utc_now) -> None:
    """The folders that *config.toml* names, and an archive when there is none."""
    settings = read_settings(folder)
    for path in (settings.inbox, settings.outbox, settings.archive):
        files.ensure_folder(disk, path)
    if not (settings.archive / "bti-archive.toml").exists():
        name = make_archive_name(secrets.randbits)
        Archive.create(settings.archive, name=name, at=clock(), disk=disk)


def open_office(
    root: Path,
    *,
    actor: str | None = None,
    login: str = "",
    today: date | None = None,
    clock: Callable[[], datetime] = utc_now,
    disk: Disk | None = None,
) -> Office:
    """Open the office in *root*; close it, or use it as a context manager.

    *today* moves deadlines and document dates, never an event's instant. Without an *actor* the
    staff code of *login* is used, and a new login gets one when it first writes.

    Raises:
        ConfigError: the settings, templates or profile do not hold.
        ArchiveError: there is no archive, or it is of a newer format.
        IntegrityError: the office's own chain is broken.
    """
    disk = disk or Disk()
    settings = read_settings(root)
    archive = Archive.open(settings.archive, disk)
    library = Library.open(settings.templates, settings.profile)
    index = Index(index_path(settings, archive.name))
    office = Office(settings, library, archive, index, disk, clock, today or today_at(clock))
    office.refresh()
    return replace(office, actor=actor or staff_code(office, login))
