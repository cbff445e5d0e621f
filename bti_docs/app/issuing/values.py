"""A row's values: as JSON has them, with what the profile adds, and the hash that knows them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bti_docs.core.deadlines import months_later
from bti_docs.core.events import Json
from bti_docs.core.intake import DocumentEntry
from bti_docs.core.letters import Letter
from bti_docs.core.loose import day
from bti_docs.core.manifest import Manifest
from bti_docs.core.profile import Profile


def fingerprint(entry: DocumentEntry, letter: Letter) -> str:
    """A hash of what a letter says: the row's normalised values, its language and its names."""
    body = {
        "type": entry.type,
        "language": entry.language,
        "names": letter.names,
        "signers": letter.signers,
        "values": plain(entry.values),
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:  # noqa: ANN401  (JSON in, JSON out)
    """Values as JSON has them: dates as ISO texts, tuples as lists."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def with_defaults(entry: DocumentEntry, manifest: Manifest, profile: Profile, on: date) -> Json:
    """The row's values; a consent without dates runs from *on* for the profile's months."""
    values: Json = dict(plain(entry.values))
    for field in manifest.fields:
        if field.type == "samtykke" and field.key in values:
            consent = dict(values[field.key])
            first = day(consent.get("fra")) or on
            last = months_later(first, profile.consent_months)
            consent["fra"] = first.isoformat()
            consent["til"] = consent.get("til") or last.isoformat()
            values[field.key] = consent
    return values
