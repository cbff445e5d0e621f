"""config.toml to frozen settings, and where the office is. Nothing else.

Keys in the file are Norwegian, since office staff read it; `docs/innstillinger.md` says what each
one does. What municipalities decide for themselves is not here but in the profile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from bti_docs.errors import ConfigError
from bti_docs.toml_model import Flaw, parse_toml

CONFIG_NAME: Final = "config.toml"
Language = Literal["nb", "nn", "en"]
PdfEngine = Literal["dxpdf", "libreoffice"]

_PACKAGE: Final = Path(__file__).resolve().parent
_OFFICE_MARK: Final = re.compile(r"^\s*\[mapper\]", re.MULTILINE)
_CONTROL: Final = re.compile(r"[\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Settings:
    """An office's settings; every path is absolute."""

    root: Path
    """The office's folder, where config.toml is."""
    inbox: Path
    outbox: Path
    archive: Path
    templates: Path
    """The folder of the Word files and manifests."""
    profile: Path
    """The profile's file."""
    language: Language
    """What the program itself speaks; documents follow the case's målform."""
    pdf_engine: PdfEngine
    soffice: str | None
    """LibreOffice's program; None: looked for on the path."""
    quiet_seconds: float
    """A file in the inbox is whole when it has not changed for so many seconds."""
    heap_days: int
    """How many days a scanned heap is kept when every page of it is accounted for."""
    outbox_days: int
    """How many days a copy lies in the outbox at most."""
    checkpoint_to: Path | None
    """A folder in a second place, where checkpoints are written."""
    trust: Path | None
    """A folder with the certificates of the issuers that signatures are checked against."""
    index_folder: Path | None
    """Where the index lies; None: the user's cache folder."""
    workers: int
    """How many processes make PDFs."""
    demo: bool
    """A throw-away office made by `demo`, which alone may set its clock."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, strict=True)


class Folders(_Table):
    """[mapper]: where things lie, counted from the office's folder."""

    inbox: str = "inbox"
    outbox: str = "outbox"
    archive: str = "archive"
    templates: str = "templates/docx"
    index: str = Field("", alias="indeks")


class Pdf(_Table):
    """[pdf]: what makes PDFs."""

    engine: PdfEngine = Field("dxpdf", alias="motor")
    soffice: str = ""
    workers: int = Field(2, alias="arbeidere", ge=1, le=64)


class Inbox(_Table):
    """[innboks]: how the inbox is watched."""

    quiet_seconds: float = Field(10.0, alias="ro_sekunder", ge=0, le=3600)


class Tidying(_Table):
    """[rydding]: how long working copies lie."""

    heap_days: int = Field(30, alias="bunke_dager", ge=1, le=3650)
    outbox_days: int = Field(30, alias="utboks_dager", ge=1, le=365)


class Safety(_Table):
    """[sikring]: what is written in a second place."""

    checkpoint_to: str = Field("", alias="kontrollpunkt")


class Signatures(_Table):
    """[signatur]: what digital signatures are checked against."""

    trust: str = Field("", alias="utstedere")


class ConfigFile(_Table):
    """config.toml as people write it."""

    profile: str = Field("templates/profil.toml", alias="profil")
    language: Language = Field("nb", alias="spraak")
    demo: bool = False
    folders: Folders = Field(default=Folders.model_validate({}), alias="mapper")
    pdf: Pdf = Field(default=Pdf.model_validate({}))
    inbox: Inbox = Field(default=Inbox.model_validate({}), alias="innboks")
    tidying: Tidying = Field(default=Tidying.model_validate({}), alias="rydding")
    safety: Safety = Field(default=Safety.model_validate({}), alias="sikring")
    signatures: Signatures = Field(default=Signatures.model_validate({}), alias="signatur")


def find_office(start: Path | None, environ_value: str | None) -> Path:
    """The office's folder: *start* or a folder above it, else what the environment names.

    Without either, the current folder or one above it. A config.toml of another program on the way
    is passed by.

    Raises:
        ConfigError: there is no office.
    """
    begin = start or (Path(environ_value) if environ_value else Path.cwd())
    folder = begin.expanduser().absolute()
    for candidate in (folder, *folder.parents):
        if is_office(candidate):
            return candidate
    raise ConfigError("office_not_found", folder=str(folder))


def is_office(folder: Path) -> bool:
    """Whether *folder* has a config.toml of ours, be it whole or not."""
    try:
        text = (folder / CONFIG_NAME).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return bool(_OFFICE_MARK.search(text)) or (folder / "templates" / "docx").is_dir()


def read_settings(root: Path) -> Settings:
    """The settings of the office in *root*.

    Raises:
        ConfigError: config.toml cannot be used; the code and parameters say what to put right.
    """
    try:
        data = (root / CONFIG_NAME).read_bytes()
    except OSError as error:
        raise ConfigError("config_unreadable", folder=str(root)) from error
    parsed = parse_toml(ConfigFile, data)
    if isinstance(parsed, tuple):
        raise _error(parsed[0])
    settings = _settings(root.absolute(), parsed)
    _refuse_overlaps(settings)
    return settings


def _error(flaw: Flaw) -> ConfigError:
    return ConfigError(flaw.code, **{"file": CONFIG_NAME, **flaw.params})


def _settings(root: Path, file: ConfigFile) -> Settings:
    folders = file.folders
    return Settings(
        root=root,
        inbox=_path(root, "mapper.inbox", folders.inbox),
        outbox=_path(root, "mapper.outbox", folders.outbox),
        archive=_path(root, "mapper.archive", folders.archive),
        templates=_path(root, "mapper.templates", folders.templates),
        profile=_path(root, "profil", file.profile),
        language=file.language,
        pdf_engine=file.pdf.engine,
        soffice=file.pdf.soffice or None,
        quiet_seconds=file.inbox.quiet_seconds,
        heap_days=file.tidying.heap_days,
        outbox_days=file.tidying.outbox_days,
        checkpoint_to=_optional(root, "sikring.kontrollpunkt", file.safety.checkpoint_to),
        trust=_optional(root, "signatur.utstedere", file.signatures.trust),
        index_folder=_optional(root, "mapper.indeks", folders.index),
        workers=file.pdf.workers,
        demo=file.demo,
    )


def _optional(root: Path, key: str, text: str) -> Path | None:
    return _path(root, key, text) if text else None


def _path(root: Path, key: str, text: str) -> Path:
    r"""*text* counted from *root*.

    A Windows path in double quotes, `"D:\bti"`, reaches us with a control character for `\b`.
    """
    if not text or _CONTROL.search(text):
        raise ConfigError("config_bad_path", key=key)
    return root / Path(text).expanduser()


def _refuse_overlaps(settings: Settings) -> None:
    for (key, folder), (other_key, other) in combinations(_folders(settings), 2):
        if _overlap(folder, other):
            raise ConfigError("config_folders_overlap", key=key, other=other_key)
    for key, folder in _folders(settings):
        if _overlap(folder, _PACKAGE):
            raise ConfigError("config_folder_in_program", key=key)


def _folders(settings: Settings) -> Iterator[tuple[str, Path]]:
    yield "mapper.inbox", settings.inbox
    yield "mapper.outbox", settings.outbox
    yield "mapper.archive", settings.archive
    yield "mapper.templates", settings.templates
    if settings.trust:
        yield "signatur.utstedere", settings.trust
    if settings.index_folder:
        yield "mapper.indeks", settings.index_folder
    if settings.checkpoint_to:
        yield "sikring.kontrollpunkt", settings.checkpoint_to


def _overlap(one: Path, other: Path) -> bool:
    one, other = one.resolve(), other.resolve()
    return one.is_relative_to(other) or other.is_relative_to(one)
