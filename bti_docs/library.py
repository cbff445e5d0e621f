"""The office's document types as they lie on disk: Word files, manifests and the profile.

Everything is read once, when the library is opened, so that a template somebody saves in the middle
of a run does not make a document whose hash is another's. A municipality adds a type by laying a
Word file and a manifest in the folder; nothing here knows which types there are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel

from bti_docs.core.events import digest
from bti_docs.core.manifest import Manifest
from bti_docs.core.manifest_check import check_manifest
from bti_docs.core.problems import Place, Problem
from bti_docs.core.profile import Profile
from bti_docs.errors import ConfigError, InputError
from bti_docs.toml_model import Flaw, parse_toml

LANGUAGES: Final = ("nb", "nn")
_SHIPPED: Final = (
    "config.toml",
    "templates/*.toml",
    "templates/docx/*.docx",
    "templates/docx/*.toml",
    "inbox/LES-MEG.txt",
    "outbox/LES-MEG.txt",
    "archive/LES-MEG.txt",
)
_LITTER: Final = ("~", ".")
"""How the names of Word's lock files and of hidden files begin."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Library:
    """The document types of an office, and its profile, as they were when it was opened."""

    folder: Path
    warnings: tuple[Problem, ...]
    """What is odd and stops nothing: Word files that no manifest speaks of."""
    _profile: Profile = field(repr=False)
    _manifests: Mapping[str, Manifest] = field(repr=False)
    _files: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def open(cls, templates_folder: Path, profile_path: Path) -> Library:
        """Read the manifests and Word files of *templates_folder*, and the profile.

        Raises:
            InputError: something does not hold; the problems are all of them, with file and key.
        """
        problems: list[Problem] = []
        files = _read_folder(templates_folder, profile_path, problems)
        profile = _parse(Profile, profile_path.name, _read(profile_path, problems), problems)
        manifests = _manifests(files, problems)
        if profile is not None:
            for type_code, manifest in manifests.items():
                file = f"{type_code}.toml"
                problems += check_manifest(manifest, profile, manifests, file)
        problems += _without_word_file(manifests, files)
        if profile is None or problems:
            raise InputError("library_not_whole", tuple(problems), count=len(problems))
        return cls(templates_folder, tuple(_strays(manifests, files)), profile, manifests, files)

    def profile(self) -> Profile:
        """What the municipality has decided for itself."""
        return self._profile

    def types(self) -> tuple[str, ...]:
        """The codes of the document types, sorted."""
        return tuple(self._manifests)

    def manifests(self) -> Mapping[str, Manifest]:
        """The manifests by type code."""
        return dict(self._manifests)

    def manifest(self, type_code: str) -> Manifest:
        """The manifest of *type_code*.

        Raises:
            ConfigError: the office has no such type.
        """
        try:
            return self._manifests[type_code]
        except KeyError:
            raise ConfigError("type_unknown", type=type_code) from None

    def case_manifest(self) -> Manifest:
        """The fields of a case, in the form of a document type's."""
        return case_manifest()

    def languages(self, type_code: str) -> tuple[str, ...]:
        """The målformer that *type_code* has a Word file in."""
        self.manifest(type_code)
        return tuple(
            language for language in LANGUAGES if _word_name(type_code, language) in self._files
        )

    def word_file(self, type_code: str, language: str) -> Path:
        """Where the Word file lies. What it held when the library was opened: `pair_bytes`.

        Raises:
            ConfigError: the office has no such type, or not in this language.
        """
        if language not in self.languages(type_code):
            raise ConfigError("type_without_language", type=type_code, language=language)
        return self.folder / _word_name(type_code, language)

    def pair_bytes(self, type_code: str, language: str) -> tuple[bytes, bytes]:
        """The Word file and the manifest: what is approved, and archived, together."""
        word = self.word_file(type_code, language).name
        return self._files[word], self._files[f"{type_code}.toml"]

    def pair_hash(self, type_code: str, language: str) -> tuple[str, str]:
        """SHA-256 of the Word file and of the manifest."""
        docx, toml = self.pair_bytes(type_code, language)
        return digest(docx), digest(toml)


@cache
def case_manifest() -> Manifest:
    """The fields of a case; it travels with the program, since the program knows what they mean."""
    text = resources.files("bti_docs").joinpath("assets", "SAK.toml").read_text(encoding="utf-8")
    return Manifest.model_validate(tomllib.loads(text))


def shipped_folder() -> Path:
    """Where the templates and settings that travel with the program lie.

    In an installed program a folder inside the package, in a checkout the checkout itself.
    """
    package = Path(str(resources.files("bti_docs")))
    shipped = package / "shipped"
    return shipped if shipped.is_dir() else package.parent


def shipped_files() -> Iterator[tuple[str, bytes]]:
    """What a new office begins with: each file's path in the office, and its bytes."""
    root = shipped_folder()
    for pattern in _SHIPPED:
        for path in sorted(root.glob(pattern)):
            if not path.name.startswith(_LITTER):
                yield path.relative_to(root).as_posix(), path.read_bytes()


def _word_name(type_code: str, language: str) -> str:
    return f"{type_code}.{language}.docx"


def _read_folder(folder: Path, profile: Path, problems: list[Problem]) -> dict[str, bytes]:
    """The Word files and manifests by name; what cannot be read becomes a problem.

    An office may keep its profile in the same folder; it is no manifest.
    """
    if not folder.is_dir():
        problems.append(_problem("library_no_folder", folder.name))
        return {}
    wanted = (
        path
        for path in sorted(folder.iterdir())
        if path.suffix in {".docx", ".toml"} and not path.name.startswith(_LITTER)
        if path != profile
    )
    found = {path.name: _read(path, problems) for path in wanted}
    return {name: data for name, data in found.items() if data is not None}


def _read(path: Path, problems: list[Problem]) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        problems.append(_problem("library_file_unreadable", path.name))
        return None


def _manifests(files: Mapping[str, bytes], problems: list[Problem]) -> dict[str, Manifest]:
    found: dict[str, Manifest] = {}
    for name, data in files.items():
        stem, _, suffix = name.rpartition(".")
        manifest = _parse(Manifest, name, data, problems) if suffix == "toml" else None
        if manifest is not None and manifest.type != stem:
            problems.append(_problem("manifest_other_type", name, type=manifest.type))
        elif manifest is not None:
            found[stem] = manifest
    return found


def _parse(
    model: type[Model], file: str, data: bytes | None, problems: list[Problem]
) -> Model | None:
    if data is None:
        return None
    parsed = parse_toml(model, data)
    if not isinstance(parsed, tuple):
        return parsed
    problems += (_flaw_problem(file, flaw) for flaw in parsed)
    return None


def _flaw_problem(file: str, flaw: Flaw) -> Problem:
    place = Place(sheet=file, field=flaw.key or None)
    return Problem(flaw.code, place, {"file": file, **flaw.params})


def _problem(code: str, file: str, **params: str) -> Problem:
    return Problem(code, Place(sheet=file), {"file": file, **params})


def _without_word_file(
    manifests: Mapping[str, Manifest], files: Mapping[str, bytes]
) -> Iterator[Problem]:
    for type_code in manifests:
        names = [_word_name(type_code, language) for language in LANGUAGES]
        if not any(name in files for name in names):
            yield _problem("manifest_without_word_file", f"{type_code}.toml", word=names[0])


def _strays(manifests: Mapping[str, Manifest], files: Mapping[str, bytes]) -> Iterator[Problem]:
    spoken_for = {_word_name(code, language) for code in manifests for language in LANGUAGES}
    for name in files:
        if name.endswith(".docx") and name not in spoken_for:
            yield Problem(
                "word_file_without_manifest", Place(sheet=name), {"file": name}, "warning"
            )
