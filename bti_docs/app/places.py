"""Folders outside the office that a person names for copies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.errors import InputError
from bti_docs.files import NewFile


def fill_folder(office: Office, folder: Path, wanted: Mapping[str, bytes]) -> None:
    """Write *wanted*, by names relative to *folder*, into a folder that is new or empty.

    A run that was stopped may have begun to fill it with just this; then it is filled up.

    Raises:
        InputError: the folder holds something else, or is a part of the office.
    """
    folder = folder.absolute()
    _refuse_own(office, folder)
    _refuse_filled(folder, wanted)
    for parent in dict.fromkeys((folder / name).parent for name in wanted):
        files.ensure_folder(office.disk, parent)
    files.publish(office.disk, [NewFile(folder / name, data) for name, data in wanted.items()])


def _refuse_own(office: Office, folder: Path) -> None:
    settings = office.settings
    for own in (settings.archive, settings.inbox, settings.outbox, settings.templates):
        if folder.resolve().is_relative_to(own.resolve()):
            raise InputError("folder_inside_office")


def _refuse_filled(folder: Path, wanted: Mapping[str, bytes]) -> None:
    if folder.exists() and not folder.is_dir():
        raise InputError("target_not_empty")
    there = [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []
    for path in there:
        if wanted.get(path.relative_to(folder).as_posix()) != files.read(path):
            raise InputError("target_not_empty")
