"""What a row says that is not what is known: each value, old and new, and another child. Pure.

What a person is shown before they confirm a change (users.md rule 15). Identity numbers and
protected addresses are told to be changed, and not shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from bti_docs.core.events import Json
from bti_docs.core.layout import lower_first, options_of, parts_of
from bti_docs.core.loose import day
from bti_docs.core.manifest import Manifest, ManifestField
from bti_docs.core.moments import show_date
from bti_docs.core.records import CaseRecord, Child
from bti_docs.core.rows import Rules
from bti_docs.core.values import as_text, find_option, nearest, quote

Kind = Literal["value", "hidden", "added", "removed", "rows"]

_NOTHING: Final[tuple[object, ...]] = (None, "", [], (), {})
_NUMBER: Final = "barn.foedselsnummer"
_HOME: Final = frozenset({"adresse", "postnr", "poststed", "skole", "klasse"})


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs."""

    label: str
    old: str = ""
    new: str = ""
    """The texts a person reads; for `rows` how many there are, for `added` and `removed` whom."""
    kind: Kind = "value"


def other_child(known: Child, said: Child, *, by_number: bool) -> bool:
    """Whether the row is about somebody else than the case is.

    One identity number is one person, whatever the names are now. Where only the row's Nr joins row
    and case (*by_number* is false) a new given name is enough: Nr 1 is used again for a sibling.
    """
    numbers = {known.id_number, said.id_number} - {""}
    births = {known.birth_date, said.birth_date} - {None}
    if len(numbers) > 1 or len(births) > 1:
        return True
    if known.id_number and said.id_number:
        return False
    given = _folded(known.given_name) != _folded(said.given_name)
    family = _folded(known.family_name) != _folded(said.family_name)
    if given and family:
        return True
    return given and not by_number and not _alike(known.given_name, said.given_name)


def case_changes(
    known: CaseRecord, now: CaseRecord, said: CaseRecord, rules: Rules
) -> tuple[Change, ...]:
    """What the case's row *said* changes.

    Args:
        known: what the last row said.
        now: the same, with the level and relay holder that the log has come to since; a row that
            says either of the two says nothing new.
        said: what this row says.
        rules: the labels and choices.
    """
    return tuple(_case_changes(known, now, said, rules))


def row_changes(
    manifest: Manifest, old: Mapping[str, Any], new: Mapping[str, Any], rules: Rules
) -> tuple[Change, ...]:
    """What a document's row changes; both as JSON has them, by the manifest's keys."""
    found: list[Change] = []
    for field in manifest.fields:
        before, after = old.get(field.key), new.get(field.key)
        if not _same(before, after):
            found += _field_changes(field, before, after, rules)
    return tuple(found)


def _case_changes(
    known: CaseRecord, now: CaseRecord, said: CaseRecord, rules: Rules
) -> Iterator[Change]:
    first, old, new = (_flat(record) for record in (known, now, said))
    secret = known.protected or said.protected
    for field in rules.case_manifest.fields:
        before, after = old.get(field.key), new.get(field.key)
        if _same(before, after) or _same(first.get(field.key), after):
            continue
        if field.repeated:
            yield from _people_changes(field, before or (), after or (), rules)
        else:
            hidden = field.key == _NUMBER or (secret and _part(field) in _HOME)
            label = field.label.of(rules.language)
            yield _change(field, label, before, after, rules, hidden=hidden)


def _flat(record: CaseRecord) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in record.norwegian().items():
        parts = value.items() if isinstance(value, Mapping) else ()
        flat |= {f"{key}.{part}": inner for part, inner in parts} or {key: value}
    return flat


def _part(field: ManifestField) -> str:
    return field.key.rpartition(".")[2]


def _people_changes(
    field: ManifestField, old: Sequence[Json], new: Sequence[Json], rules: Rules
) -> Iterator[Change]:
    label = field.label.of(rules.language)
    before = {str(person.get("navn")): person for person in old}
    after = {str(person.get("navn")): person for person in new}
    yield from (Change(label, name, kind="removed") for name in before if name not in after)
    yield from (Change(label, new=name, kind="added") for name in after if name not in before)
    for name, person in after.items():
        if name in before:
            yield from _part_changes(field, name, before[name], person, rules)
    if len(old) != len(new) and before.keys() == after.keys():
        yield Change(label, str(len(old)), str(len(new)), "rows")


def _field_changes(
    field: ManifestField,
    old: Any,  # noqa: ANN401  (JSON)
    new: Any,  # noqa: ANN401
    rules: Rules,
) -> Iterator[Change]:
    label = field.label.of(rules.language)
    if field.repeated:
        before, after = list(old or ()), list(new or ())
        if len(before) != len(after):
            yield Change(label, str(len(before)), str(len(after)), "rows")
            return
        for number, (one, two) in enumerate(zip(before, after, strict=True), 1):
            yield from _part_changes(field, f"{label} {number}", one, two, rules)
    elif field.is_block:
        yield from _part_changes(field, label, old or {}, new or {}, rules)
    else:
        yield _change(field, label, old, new, rules)


def _part_changes(
    field: ManifestField, name: str, old: Json, new: Json, rules: Rules
) -> Iterator[Change]:
    secret = any(one.get("adressesperre", "ingen") != "ingen" for one in (old, new))
    for part in parts_of(field, rules.case_manifest):
        before, after = old.get(part.key), new.get(part.key)
        if not _same(before, after):
            label = f"{name}, {lower_first(part.label.of(rules.language))}"
            hidden = secret and part.key in _HOME
            yield _change(part, label, before, after, rules, hidden=hidden)


def _change(
    field: ManifestField,
    label: str,
    old: Any,  # noqa: ANN401
    new: Any,  # noqa: ANN401
    rules: Rules,
    *,
    hidden: bool = False,
) -> Change:
    if hidden:
        return Change(label, kind="hidden")
    return Change(label, _shown(old, field, rules), _shown(new, field, rules))


def _shown(value: Any, field: ManifestField, rules: Rules) -> str:  # noqa: ANN401
    """A value as it is typed: the label of a choice, a date with points."""
    if value in _NOTHING:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(_shown(item, field, rules) for item in value)
    date = day(value) if field.type == "dato" else None
    if date:
        return show_date(date)
    known = find_option(str(value), options_of(field, rules.profile)) if field.options else None
    return known.label(rules.language) if known else quote(as_text(value))


def _same(one: object, two: object) -> bool:
    return one == two or (one in _NOTHING and two in _NOTHING)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _alike(one: str, two: str) -> bool:
    """Whether one name may be the other, spelt otherwise or with a middle name."""
    first, second = _folded(one), _folded(two)
    begins = first.startswith(second) or second.startswith(first)
    return begins or nearest(first, [second]) is not None
