"""Is everything here that the office needs? What is missing, and what puts it right."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from bti_docs import files
from bti_docs.app.approvals import unapproved
from bti_docs.app.office import Office
from bti_docs.app.opening import open_office
from bti_docs.app.sweeping import writable
from bti_docs.app.template_check import check_templates
from bti_docs.config import Settings, read_settings
from bti_docs.errors import ArchiveError, BtiError
from bti_docs.files import Disk

_LOW_DISK: Final = 2_000_000_000
"""Bytes: about a year of scans in a small municipality."""

_LANGUAGE: Final = "nor"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    """A code: its sentence is `doctor_NAME`, and what to do `doctor_NAME_advice`."""
    ok: bool
    needed: bool = True
    """Whether the office cannot work without it."""
    params: Mapping[str, str | int] = field(default_factory=dict)
    error: BtiError | None = None
    """What stood in the way, when that says more than the advice."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that was looked at."""

    settings: Settings | None
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is missing that is needed."""
        return all(check.ok or not check.needed for check in self.checks)


def diagnose(root: Path | None) -> Diagnosis:
    """Look at the program, and at the office in *root* when there is one. Changes nothing."""
    program = tuple(_program())
    if root is None:
        return Diagnosis(None, (*program, Check("office", ok=False)))
    try:
        settings = read_settings(root)
    except BtiError as error:
        return Diagnosis(None, (*program, Check("config", ok=False, error=error)))
    system = tuple(_system(settings))
    try:
        office = open_office(root)
    except BtiError as error:
        opened = Check("opens", ok=False, error=error)
        return Diagnosis(settings, (*program, *system, *_folders(settings), opened))
    with office:
        found = (*_folders(settings), Check("opens", ok=True), *_inside(office))
    return Diagnosis(settings, (*program, *system, *found))


def _program() -> Iterator[Check]:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    yield Check("python", ok=True, params={"version": version})
    for module, name in (("dxpdf", "pdf_maker"), ("zxingcpp", "code_reader")):
        yield Check(name, ok=find_spec(module) is not None)


def _system(settings: Settings) -> Iterator[Check]:
    soffice = settings.soffice or shutil.which("soffice") or ""
    wanted = settings.pdf_engine == "libreoffice"
    there = bool(soffice) and shutil.which(soffice) is not None
    yield Check("libreoffice", ok=there, needed=wanted)
    yield Check("tesseract", ok=_reads_norwegian(), needed=False)


def _reads_norwegian() -> bool:
    """Whether OCR is there, with Norwegian."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    try:
        found = subprocess.run(  # noqa: S603  (a program on the path, without input)
            [program, "--list-langs"], capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return _LANGUAGE in found.stdout.decode("utf-8", "replace").split()


def _folders(settings: Settings) -> Iterator[Check]:
    named = {
        "inbox": settings.inbox,
        "outbox": settings.outbox,
        "archive": settings.archive,
        "templates": settings.templates,
    }
    for key, path in named.items():
        yield Check("folder", ok=path.is_dir(), params={"key": key, "folder": str(path)})
    yield from _writable(settings)
    second = settings.checkpoint_to
    yield Check("second_place", ok=second is not None and second.is_dir(), needed=False)
    if settings.archive.is_dir():
        free = shutil.disk_usage(settings.archive).free
        params = {"gigabytes": free // 1_000_000_000}
        yield Check("disk_room", ok=free > _LOW_DISK, needed=False, params=params)


def _writable(settings: Settings) -> Iterator[Check]:
    """Each folder that must be written in; a missing one is told of as missing."""
    archive = settings.archive
    places = [("inbox", settings.inbox), ("outbox", settings.outbox), ("archive", archive)]
    places += [(f"archive/{name}", archive / name) for name in _names(archive)]
    for key, path in places:
        if path.is_dir():
            yield Check("writable", ok=writable(Disk(), path), params={"key": key})


def _names(folder: Path) -> tuple[str, ...]:
    try:
        return files.listing(folder)
    except ArchiveError:
        return ()


def _inside(office: Office) -> Iterator[Check]:
    index = office.index
    yield Check(
        "index", ok=not index.in_memory, needed=False, params={"folder": str(index.path.parent)}
    )
    for chain, error in sorted(office.broken.items()):
        yield Check("whole", ok=False, params={"case": chain}, error=error)
    yield Check("hard_links", ok=_never_overwrites(office), needed=False)
    broken = [one.file for one in check_templates(office) if not one.ok]
    yield Check("templates", ok=not broken, params={"files": ", ".join(broken)})
    library = office.library
    pairs = [(code, lang) for code in library.types() for lang in library.languages(code)]
    open_ones = [f"{code}.{lang}" for code, lang in unapproved(office, pairs)]
    yield Check("approved", ok=not open_ones, params={"files": ", ".join(open_ones)})


def _never_overwrites(office: Office) -> bool:
    """Whether the archive's disk gives a file its name only when nobody has it."""
    try:
        folder = files.temporary_folder(office.disk, office.settings.archive)
    except ArchiveError:
        return False
    first, second = folder / "a", folder / "b"
    try:
        office.disk.write_temporary(first, b"1")
        office.disk.write_temporary(second, b"2")
        return not office.disk.link(first, second) and files.read(second) == b"2"
    except OSError:
        return False
    finally:
        files.remove_folder(office.disk, folder)
