"""What a manifest says against the profile and the other manifests: everything that cannot hold.

Pydantic has seen that each value is of the right kind; here the names that point elsewhere are
followed, so that a slip in a TOML file is told before a document is made and not in the middle.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Final

from bti_docs.core.manifest import Manifest, ManifestField
from bti_docs.core.problems import Place, Problem
from bti_docs.core.profile import Profile
from bti_docs.core.records import sub_fields

FACTS: Final = frozenset(
    {
        "meeting.date", "meeting.start", "meeting.end", "meeting.place", "meeting.type",
        "next_meeting.date", "next_meeting.type", "level.level", "level.on", "baton.holder",
        "baton.on", "baton.reason", "child_voice.text", "child_voice.how", "decision.text",
    }
)  # fmt: skip
"""The facts of the log that a field may feed."""

LISTS: Final = frozenset({"tjenester", "nivaaer", "arenaer", "enheter"})
"""The profile's lists that a field may choose from."""

_COUNTED_FROM: Final = frozenset({"issued", "sent"})


def check_manifest(
    manifest: Manifest, profile: Profile, types: Collection[str], file: str
) -> Iterator[Problem]:
    """What does not hold together in *manifest*, read from *file*, where *types* are known."""
    found = [*_whole(manifest, profile, types), *_due(manifest)]
    for field in manifest.fields:
        found += [(field.key, code, wrong) for code, wrong in _field(field)]
    for key, code, wrong in found:
        yield Problem(
            code, Place(sheet=file, field=key), {"file": file, "key": key, "value": wrong}
        )


def _whole(
    manifest: Manifest, profile: Profile, types: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    if manifest.reply_to and manifest.reply_to not in types:
        yield "reply_to", "manifest_unknown_type", manifest.reply_to
    known = {law.key for law in profile.law}
    for key in manifest.law:
        if key not in known:
            yield "law", "manifest_unknown_law", key
    if manifest.anonymous and not _names_a_choice(manifest, manifest.anonymous):
        yield "anonymous", "manifest_unknown_choice", manifest.anonymous


def _names_a_choice(manifest: Manifest, rule: str) -> bool:
    key, _, choice = rule.partition("=")
    field = manifest.find(key)
    if field is None or isinstance(field.options, str):
        return False
    return choice in {option.key for option in field.options}


def _due(manifest: Manifest) -> Iterator[tuple[str, str, str]]:
    if manifest.due is None:
        return
    dates = {field.key for field in manifest.fields if field.type == "dato"}
    if manifest.due.from_ not in dates | _COUNTED_FROM:
        yield "due.from", "manifest_not_a_date_field", manifest.due.from_
    if manifest.due.latest and manifest.due.latest not in dates:
        yield "due.latest", "manifest_not_a_date_field", manifest.due.latest


def _field(field: ManifestField) -> Iterator[tuple[str, str]]:
    yield from _options(field)
    allowed = sub_fields(field.type) if field.is_block else ()
    for column in field.columns:
        if column not in allowed:
            yield "manifest_unknown_column", column
    if (field.repeated or field.min_rows) and not field.is_block:
        yield "manifest_repeats_a_scalar", field.type
    if field.fact and field.fact not in FACTS:
        yield "manifest_unknown_fact", field.fact
    if field.type == "dato" and field.example and not _is_date(field.example.nb):
        yield "manifest_bad_example", field.example.nb


def _options(field: ManifestField) -> Iterator[tuple[str, str]]:
    chooses = field.type in {"valg", "flervalg"}
    if chooses and not field.options:
        yield "manifest_no_options", field.type
    if isinstance(field.options, str) and field.options not in LISTS:
        yield "manifest_unknown_list", field.options


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
