"""Files that a person named: written once, never over another."""

from __future__ import annotations

from pathlib import Path

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.errors import InputError
from bti_docs.files import Disk, NameTaken, NewFile


def write_new(office: Office, path: Path, data: bytes) -> None:
    """Write *data* to *path*; the same bytes there already count as written.

    Raises:
        InputError: the path holds something else, or is in the archive, the inbox or the templates.
    """
    settings = office.settings
    for own in (settings.archive, settings.inbox, settings.templates):
        if path.resolve().is_relative_to(own.resolve()):
            raise InputError("file_inside_office", file=path.name)
    write_file(office.disk, path, data)


def write_file(disk: Disk, path: Path, data: bytes) -> None:
    """As `write_new`, without an office.

    Raises:
        InputError: the path holds something else.
    """
    target = path.absolute()
    if target.is_dir():
        raise InputError("file_exists", file=path.name)
    files.ensure_folder(disk, target.parent)
    try:
        files.publish(disk, [NewFile(target, data)])
    except NameTaken as taken:
        raise InputError("file_exists", file=path.name) from taken
