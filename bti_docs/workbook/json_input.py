"""A JSON input as rows: `saker` and `dokumenter`, keys flat (`moete.dato`) or nested."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from bti_docs.core.layout import parts_of
from bti_docs.core.manifest import Manifest, ManifestField
from bti_docs.core.problems import Place, Problem
from bti_docs.core.raw import BASE, CASE, RawInput, Row, Value
from bti_docs.core.values import as_text, nearest, quote
from bti_docs.errors import InputError
from bti_docs.workbook.plan import Plan

_TOP: Final = ("batch", "saker", "dokumenter")
_DOCUMENT: Final = ("id", "type", "sak", "maalform", "mottakere", "felter")
_SCALARS: Final = (str, int, float, bool)
_TRIES: Final = ("utf-8-sig", "utf-16")


def read_json(data: bytes, name: str, plan: Plan) -> RawInput:
    """Read a JSON input.

    Args:
        data: the file's bytes.
        name: the file's, without its ending: the rows' identity when it names no batch.
        plan: the document types.

    Raises:
        InputError: the bytes are not JSON.
    """
    doubles: list[str] = []
    try:
        encoding = _TRIES[1] if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else _TRIES[0]
        body = json.loads(
            data.decode(encoding),
            parse_constant=str,
            object_pairs_hook=lambda pairs: _object(pairs, doubles),
        )
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise InputError("input_bad_json", line=line) from error
    reader = _Reader(plan)
    raw = reader.read(body, name)
    twice = (Problem("key_twice", Place(), {"value": quote(key)}) for key in doubles)
    return RawInput(raw.identity, raw.cases, raw.documents, (*raw.problems, *twice))


def _object(pairs: list[tuple[str, Any]], doubles: list[str]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) < len(pairs):
        keys = [key for key, _ in pairs]
        doubles += sorted({key for key in keys if keys.count(key) > 1})
    return body


class _Reader:
    """Walks the objects; what does not fit is a problem, and the rest is read."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._problems: list[Problem] = []

    def read(self, body: object, name: str) -> RawInput:
        """The whole file."""
        if not isinstance(body, dict):
            self._shape(Place(), "{}")
            body = {}
        self._known_only(body, _TOP, Place())
        batch = body.get("batch")
        identity = as_text(batch).strip() if isinstance(batch, str | int) else ""
        cases = [self._case(entry, n) for n, entry in self._entries(body, "saker")]
        documents = [self._document(entry, n) for n, entry in self._entries(body, "dokumenter")]
        return RawInput(identity or name, tuple(cases), tuple(documents), tuple(self._problems))

    def _entries(self, body: Mapping[str, Any], key: str) -> list[tuple[int, dict[str, Any]]]:
        entries = body.get(key) or []
        if not isinstance(entries, list):
            self._shape(Place(sheet=key), "[]")
            return []
        found = []
        for number, entry in enumerate(entries, 1):
            if isinstance(entry, dict):
                found.append((number, entry))
            else:
                self._shape(Place(sheet=key, row=number), "{}")
        return found

    def _case(self, entry: dict[str, Any], number: int) -> Row:
        values = {key: value for key, value in entry.items() if key != "id"}
        row = Row("", CASE, "saker", number, {})
        cells, lists = self._fields(values, self._plan.case_manifest, row)
        row_id = self._scalar(entry.get("id"), row.place("id"))
        return Row(as_text(row_id).strip() or _case_id(cells), CASE, "saker", number, cells, lists)

    def _document(self, entry: dict[str, Any], number: int) -> Row:
        place = Place(sheet="dokumenter", row=number)
        self._known_only(entry, _DOCUMENT, place)
        type_code = as_text(self._scalar(entry.get("type"), place)).strip().upper()
        row = Row("", type_code, "dokumenter", number, {})
        base = {
            BASE + key: value
            for key in ("sak", "maalform", "mottakere")
            if (value := self._cell(entry.get(key), row.place(key))) is not None
        }
        manifest = self._plan.manifests.get(type_code)
        fields = entry.get("felter") or {}
        if not isinstance(fields, dict):
            self._shape(row.place("felter"), "{}")
            fields = {}
        cells, lists = self._fields(fields, manifest, row) if manifest else ({}, {})
        row_id = as_text(self._scalar(entry.get("id"), row.place("id"))).strip()
        return Row(row_id or str(number), type_code, "dokumenter", number, {**base, **cells}, lists)

    def _fields(
        self, body: Mapping[str, Any], manifest: Manifest, row: Row
    ) -> tuple[dict[str, Value], dict[str, tuple[Row, ...]]]:
        """The values of one entry by key; `{"moete": {"dato": …}}` is `moete.dato`."""
        cells: dict[str, Value] = {}
        lists: dict[str, tuple[Row, ...]] = {}
        for key, value in _flat(body, frozenset(f.key for f in manifest.fields)):
            field = manifest.find(key) or self._block_part(key, manifest)
            if field is None:
                self._unknown(row.place(key), key, _all_keys(manifest, self._plan.case_manifest))
            elif value is None:
                continue
            elif field.repeated:
                lists[key] = self._rows(value, field, row)
            elif field.is_block:
                cells |= self._block(value, field, row, f"{key}.")
            else:
                cells[key] = self._cell(value, row.place(key))
        return cells, lists

    def _block_part(self, key: str, manifest: Manifest) -> ManifestField | None:
        """The part that a flat key `samtykke.formaal` names."""
        outer, _, inner = key.rpartition(".")
        field = manifest.find(outer)
        if field is None or not field.is_block or field.repeated:
            return None
        return next((p for p in parts_of(field, self._plan.case_manifest) if p.key == inner), None)

    def _rows(self, value: object, field: ManifestField, row: Row) -> tuple[Row, ...]:
        if not isinstance(value, list):
            self._shape(row.place(field.key), "[]")
            return ()
        rows = []
        for index, item in enumerate(value):
            path = f"{field.key}[{index}]."
            child = Row(str(index), row.type, row.sheet, row.number, {}, path=path)
            cells = self._block(item, field, child, "")
            if cells:
                rows.append(Row(child.id, row.type, row.sheet, row.number, cells, path=path))
        return tuple(rows)

    def _block(
        self, value: object, field: ManifestField, row: Row, prefix: str
    ) -> dict[str, Value]:
        if not isinstance(value, dict):
            self._shape(row.place(prefix.rstrip(".")), "{}")
            return {}
        known = [part.key for part in parts_of(field, self._plan.case_manifest)]
        self._known_only(value, known, row.place(), row.path + prefix)
        return {
            prefix + key: self._cell(value[key], row.place(prefix + key))
            for key in known
            if value.get(key) not in (None, "", [])
        }

    def _cell(self, value: object, place: Place) -> Value:
        """A scalar, or a list of texts for a field with several choices."""
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return ";".join(value)
        return self._scalar(value, place)

    def _scalar(self, value: object, place: Place) -> Value:
        if value is None or isinstance(value, _SCALARS):
            return value
        self._shape(place, '"…"')
        return None

    def _known_only(
        self,
        body: Mapping[str, Any],
        known: tuple[str, ...] | list[str],
        place: Place,
        path: str = "",
    ) -> None:
        for key in body:
            if key not in known:
                at = Place(place.sheet, place.row, None, path + key)
                self._unknown(at, key, tuple(known))

    def _unknown(self, place: Place, key: str, known: tuple[str, ...]) -> None:
        near = nearest(key, known)
        if near:
            params: dict[str, str | int] = {"value": quote(key), "nearest": near}
            self._problems.append(Problem("unknown_key_near", place, params))
        else:
            self._problems.append(Problem("unknown_key", place, {"value": quote(key)}))

    def _shape(self, place: Place, wanted: str) -> None:
        self._problems.append(Problem("bad_shape", place, {"wanted": wanted}))


def _flat(
    body: Mapping[str, Any], known: frozenset[str], prefix: str = ""
) -> list[tuple[str, Any]]:
    """The pairs of nested objects by dotted key, as deep as a field's key goes."""
    pairs: list[tuple[str, Any]] = []
    for key, value in body.items():
        full = prefix + key
        groups = any(k.startswith(f"{full}.") for k in known)
        if full not in known and groups and isinstance(value, dict):
            pairs += _flat(value, known, f"{full}.")
        else:
            pairs.append((full, value))
    return pairs


def _all_keys(manifest: Manifest, case_manifest: Manifest) -> tuple[str, ...]:
    keys = [field.key for field in manifest.fields]
    for field in manifest.fields:
        if field.is_block and not field.repeated:
            keys += [f"{field.key}.{part.key}" for part in parts_of(field, case_manifest)]
    return tuple(keys)


def _case_id(cells: Mapping[str, Value]) -> str:
    """The identity of a case without an id: its number, or a digest of name and birth date."""
    number = as_text(cells.get("sak")).strip()
    if number:
        return number
    names = (cells.get(f"barn.{key}") for key in ("fornavn", "etternavn", "foedselsdato"))
    marks = "\n".join(" ".join(as_text(name).casefold().split()) for name in names)
    return hashlib.sha256(marks.encode(errors="replace")).hexdigest()[:16]
