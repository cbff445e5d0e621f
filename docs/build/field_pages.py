"""docs/felter.md: every field of every document type, from the manifests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from page_parts import Words, code, page, table

from bti_docs.core.context import Making, context
from bti_docs.core.letters import Letter, people_of
from bti_docs.core.manifest import Manifest, ManifestField
from bti_docs.core.manifest_check import FACTS
from bti_docs.core.records import CaseRecord
from bti_docs.library import Library

ROOT: Final = Path(__file__).resolve().parents[2]
ROW: Final = "[]"
"""Marks a part of a list's rows."""


def field_page(words: Words) -> str:
    """The whole page, from the templates that travel with the program."""
    library = Library.open(ROOT / "templates" / "docx", ROOT / "templates" / "profil.toml")
    case_manifest = library.case_manifest()
    parts = [_common(library, words), *_case(case_manifest, words)]
    for manifest in library.manifests().values():
        parts += _type(manifest, words)
    return page("felter", *parts, *_blocks(case_manifest, words), _facts(words))


# --- what every template may name -----------------------------------------------------------


def _common(library: Library, words: Words) -> str:
    """The context's own keys; each must be described, and nothing that is not there."""
    described = words.table("felles")
    there = set(common_keys(library))
    if there ^ set(described):
        raise KeyError(*sorted(there ^ set(described)))
    rows = [(code(key), text) for key, text in described.items()]
    head = (words.of("kolonne", "noekkel"), words.of("kolonne", "hva"))
    return f"## {words.of('felter', 'felles')}\n\n{table(head, rows)}"


def common_keys(library: Library) -> Iterator[str]:
    """Every key that a template of any type may name, rows of lists as `foresatte[].navn`."""
    manifest = library.manifest(library.types()[0]).model_copy(update={"fields": ()})
    return _keys(context(_making(library, manifest), {}), "")


def _making(library: Library, manifest: Manifest) -> Making:
    child = {"fornavn": "Ola", "etternavn": "Eksempel"}
    guardian = {"navn": "Kari Prøvesen", "adresse": "Veien 1", "foreldreansvar": "ja"}
    bodies = {"barn": child, "f1": guardian}
    record = CaseRecord.model_validate({"barn": child, "foresatte": [guardian]})
    letter = Letter("f1", ("Kari Prøvesen",), ("f1",))
    profile = library.profile()
    return Making(
        manifest, profile, {}, lambda *_, **__: "x: y", "nb", "2026-0001", record,
        people_of(bodies), letter, "7K3M-Q2XP", date(2026, 11, 22),
    )  # fmt: skip


def _keys(value: Any, path: str) -> Iterator[str]:  # noqa: ANN401  (as in JSON)
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _keys(item, f"{path}.{key}" if path else key)
        return
    yield path
    if isinstance(value, list) and value and isinstance(value[0], dict):
        yield from _keys(value[0], path + ROW)


# --- tables of fields -----------------------------------------------------------------------


def _case(case_manifest: Manifest, words: Words) -> tuple[str, ...]:
    title = f"## {words.of('felter', 'saken')}"
    return title, _table(case_manifest.fields, words, case_manifest.type)


def _type(manifest: Manifest, words: Words) -> Iterator[str]:
    yield f"## {manifest.type} {manifest.title.nb} / {manifest.title.nn}"
    steps = words.of("felter", "og").join(words.of("steg", step) for step in manifest.settled)
    ends = words.of("felter", "ender").format(steps=steps)
    signers = words.of("felter", "signerer").format(signers=words.of("signerer", manifest.signers))
    yield f"{ends} {signers}"
    yield _table(manifest.fields, words, manifest.type)


def _blocks(case_manifest: Manifest, words: Words) -> Iterator[str]:
    yield f"## {words.of('felter', 'blokker')}"
    for block in case_manifest.blocks:
        if block.name in words.table("engelsk") or block.name in {"person", "sakspunkt"}:
            yield f"### {block.name}"
            yield _table(block.fields, words, block.name)


def _table(fields: tuple[ManifestField, ...], words: Words, group: str) -> str:
    names = ("noekkel", "nb", "nn", "slag", "naar", "rader", "logg", "engelsk")
    own = words.table("engelsk").get(group, {})
    shared = words.table("engelsk", "felles") if group.isupper() and group != "SAK" else {}
    strange = set(own) - {field.key for field in fields}
    if strange:
        raise KeyError(group, *sorted(strange))
    english = {**shared, **own}
    rows = [_row(field, words, english.get(field.key, "")) for field in fields]
    return table([words.of("kolonne", name) for name in names], rows)


def _row(field: ManifestField, words: Words, english: str) -> tuple[str, ...]:
    kind = [code(field.type), _options(field, words)]
    if field.columns:
        columns = ", ".join(map(code, field.columns))
        kind.append(words.of("felter", "del_i").format(columns=columns))
    return (
        code(field.key),
        field.label.nb,
        field.label.nn,
        " ".join(part for part in kind if part),
        words.of("fyll", field.required),
        words.of("felter", "flere") if field.repeated else "",
        code(field.fact or ""),
        ", ".join(code(key) for key in english.split(", ") if key),
    )


def _options(field: ManifestField, words: Words) -> str:
    if not field.options:
        return ""
    if isinstance(field.options, str):
        shown = words.of("felter", "fra_profilen").format(name=field.options)
    else:
        shown = ", ".join(code(option.key) for option in field.options)
    return words.of("felter", "valgene").format(options=shown)


def _facts(words: Words) -> str:
    described = words.table("fakta")
    if set(described) ^ FACTS:
        raise KeyError(*sorted(set(described) ^ FACTS))
    rows = [(code(fact), text) for fact, text in described.items()]
    head = (words.of("kolonne", "noekkel"), words.of("kolonne", "hva"))
    return f"## {words.of('felter', 'fakta')}\n\n{table(head, rows)}"
