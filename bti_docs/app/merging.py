"""The merge engine on its own: a template, values as JSON, and files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bti_docs import files
from bti_docs.app.writing import write_file
from bti_docs.errors import InputError
from bti_docs.files import Disk, NameTaken, NewFile
from bti_docs.merge import Template
from bti_docs.merge.bulk import Outcome, Refused, bulk

Progress = Callable[[int, int], None]
"""Told (records merged, of all)."""

_BATCH: Final = 256
"""Documents that are made durable together."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of a merge."""

    files: tuple[Path, ...]
    refused: tuple[Refused, ...] = ()
    """The records of a list that did not fit the template; the others have their files."""


@dataclass(frozen=True, slots=True)
class _Records:
    """A list of records that can be gone through again, and how long it is."""

    records: Callable[[], Iterator[Mapping[str, Any]]]
    length: int


def merge_files(
    template: Path, data: Path, out: Path, *, progress: Progress | None = None
) -> Merged:
    """Fill *template* with *data*: one JSON object makes the file *out*.

    A list, or a .jsonl file with an object a line, makes `0001.docx` … in the folder *out*. A
    record that does not fit is told of and leaves its number free.

    Raises:
        InputError: a file is missing, is no JSON, or would be written over.
        MergeError: the template has errors, or does not fit the one object.
    """
    engine = Template.open(_bytes(template), language=_language(template))
    found = _values(data)
    if isinstance(found, _Records):
        return _merge_many(engine, found, out, progress)
    write_file(Disk(), out, engine.render(found))
    return Merged((out,))


def _merge_many(engine: Template, found: _Records, out: Path, progress: Progress | None) -> Merged:
    folder = _Folder(out, max(4, len(str(found.length))))

    def write(outcome: Outcome) -> None:
        folder.take(outcome)
        if progress:
            progress(outcome.number, found.length)

    bulk(engine, found.records(), write)
    folder.publish()
    return Merged(tuple(folder.made), tuple(folder.refused))


@dataclass(slots=True)
class _Folder:
    """The folder that a list is merged into: documents gather, and are published in batches."""

    path: Path
    width: int
    made: list[Path] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    _batch: list[NewFile] = field(default_factory=list)

    def take(self, outcome: Outcome) -> None:
        """Keep one outcome."""
        if isinstance(outcome, Refused):
            self.refused.append(outcome)
            return
        target = self.path.absolute() / f"{outcome.number:0{self.width}}.docx"
        self._batch.append(NewFile(target, outcome.content))
        if len(self._batch) >= _BATCH:
            self.publish()

    def publish(self) -> None:
        """Write what has gathered."""
        if not self._batch:
            return
        disk = Disk()
        files.ensure_folder(disk, self.path.absolute())
        try:
            files.publish(disk, self._batch)
        except NameTaken as taken:
            raise InputError("file_exists", file=taken.paths[0].name) from taken
        self.made += [self.path / new.path.name for new in self._batch]
        self._batch.clear()


def _language(template: Path) -> str:
    word = template.name.split(".")[-2:][0]
    return word if word in {"nb", "nn", "en"} else "nb"


def _values(path: Path) -> _Records | Mapping[str, Any]:
    if path.suffix.lower() == ".jsonl":
        _refuse_missing(path)
        length = sum(1 for _ in _lines(path))  # all of it is read once before anything is made
        return _Records(lambda: _lines(path), length)
    found = _parsed(_bytes(path), path)
    if isinstance(found, Mapping):
        return found
    if not isinstance(found, Sequence) or not all(isinstance(one, Mapping) for one in found):
        raise InputError("merge_data", file=path.name)
    return _Records(lambda: iter(found), len(found))


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines):
            text = line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line
            if text.strip():
                yield _line(text, path, number + 1)


def _line(text: bytes, path: Path, number: int) -> Mapping[str, Any]:
    try:
        one = _parsed(text, path)
    except InputError as error:
        raise InputError("merge_line", file=path.name, line=number) from error
    if not isinstance(one, Mapping):
        raise InputError("merge_line", file=path.name, line=number)
    return one


def _parsed(text: bytes, path: Path) -> object:
    try:
        return json.loads(text.decode("utf-8-sig"), object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        raise InputError("merge_data", file=path.name) from error


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are all different: JSON would let the last of two win."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("two values for one key")
    return found


def _bytes(path: Path) -> bytes:
    _refuse_missing(path)
    data = files.read(path)
    if data is None:
        raise InputError("input_missing", file=path.name)
    return data


def _refuse_missing(path: Path) -> None:
    if not path.is_file():
        raise InputError("input_missing", file=path.name)
