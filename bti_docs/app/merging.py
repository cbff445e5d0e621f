"""The merge engine on its own: a template, values as JSON, and files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bti_docs import files
from bti_docs.app.writing import write_file
from bti_docs.errors import InputError
from bti_docs.files import Disk
from bti_docs.merge import Template


def merge_files(template: Path, data: Path, out: Path) -> tuple[Path, ...]:
    """Fill *template* with *data*: one JSON object makes the file *out*.

    A list, or a .jsonl file with an object a line, makes `0001.docx` … in the folder *out*.

    Raises:
        InputError: a file is missing, is no JSON, or would be written over.
        MergeError: template and values do not fit.
    """
    engine = Template.open(_bytes(template), language=_language(template))
    found = _values(data)
    if isinstance(found, Mapping):
        made = [(out, found)]
    else:
        width = max(4, len(str(len(found))))
        made = [(out / f"{n:0{width}}.docx", one) for n, one in enumerate(found, start=1)]
    disk = Disk()
    for path, values in made:
        write_file(disk, path, engine.render(values))
    return tuple(path for path, _ in made)


def _language(template: Path) -> str:
    parts = template.name.split(".")
    return parts[-2] if parts[-2] in {"nb", "nn", "en"} else "nb"


def _values(path: Path) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
    text = _bytes(path).decode("utf-8-sig", "replace")
    lines = [text]
    if path.suffix == ".jsonl":
        lines = [line for line in text.splitlines() if line.strip()]
    try:
        parsed = [json.loads(line) for line in lines]
    except ValueError as error:
        raise InputError("merge_data", file=path.name) from error
    whole = parsed if path.suffix == ".jsonl" else parsed[0]
    objects = whole if isinstance(whole, list) else [whole]
    if not all(isinstance(one, Mapping) for one in objects):
        raise InputError("merge_data", file=path.name)
    return whole


def _bytes(path: Path) -> bytes:
    data = files.read(path) if path.is_file() else None
    if data is None:
        raise InputError("input_missing", file=path.name)
    return data
