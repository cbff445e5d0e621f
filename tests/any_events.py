"""Events that nobody should have written, for what must cope with whatever stands in a chain."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from bti_docs.core.events import ChainId, Entry, Event

KINDS = [
    "opened",
    "changed",
    "issued",
    "sent",
    "filed",
    "read",
    "settled",
    "superseded",
    "accepted",
    "noted",
    "moved",
    "exported",
    "deposited",
    "closed",
    "reopened",
    "disposed",
    "blocked",
    "approved",
    "staff",
    "something_new",
]
FACTS = [
    "measure",
    "meeting",
    "next_meeting",
    "consent",
    "baton",
    "level",
    "child_voice",
    "decision",
    "log",
    "audience",
    "closing",
    "disclosure",
    "journal",
    "something_new",
]
KEYS = [
    "fact",
    "id",
    "goal",
    "measure",
    "owner",
    "due",
    "status",
    "date",
    "start",
    "place",
    "planned",
    "participants",
    "outcome",
    "services",
    "scope",
    "limits",
    "from",
    "to",
    "by",
    "asked",
    "on",
    "holder",
    "accepted",
    "level",
    "text",
    "ref",
    "audience",
    "person",
    "told",
    "allow",
    "reason",
]
CODES = [
    "on",
    "due",
    "type",
    "recipient",
    "set",
    "audience",
    "settles",
    "signers",
    "seen",
    "done",
    "of",
    "way",
    "by",
    "asked",
    "how",
    "pages",
    "supersedes",
    "kind",
    "level",
    "language",
    "ground",
]
PAYLOAD = ["facts", "people", "record", "documents", "places", "why", "key", "fingerprint"]
SMALL = (
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.sampled_from(
        ["", "f1", "f2", "barn", "2026-10-08", "2026-02-30", "given", "withdrawn", "7K3MQ2XP", "ny"]
    )
)
ANY = st.recursive(
    SMALL, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["path", "role", "f1", "barn", "navn", "name", "x", "page"]), inner,
        max_size=3,
    ), max_leaves=6,
)  # fmt: skip
FACT = st.builds(
    lambda kind, more: {"fact": kind, **more},
    st.sampled_from(FACTS),
    st.dictionaries(st.sampled_from(KEYS[1:]), ANY, max_size=6),
)
BODY = st.none() | st.builds(
    lambda facts, more: {**more, "facts": facts},
    st.lists(FACT | SMALL, max_size=3) | SMALL,
    st.dictionaries(st.sampled_from(PAYLOAD[1:]), ANY, max_size=5),
)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.sampled_from([None, "7K3MQ2XP", "7K3MQ2XQ"]),
        st.dictionaries(st.sampled_from(CODES), ANY, max_size=6),
        BODY,
        st.booleans(),
    ),
    max_size=12,
)


Told = list[tuple[str, str | None, dict[str, Any], Any, bool]]


def entries(told: Told) -> list[Entry]:
    """A chain of what Hypothesis has thought of."""
    at = datetime(2026, 9, 1, 9, tzinfo=UTC)
    chain = ChainId("2026-0147")
    return [
        Entry(
            Event(chain, n, "", at, "u-01", "bti-docs 1.0.0", kind, ref,
                  "00" if body is not None or removed else None, codes),
            f"{n:064x}", body,
        )
        for n, (kind, ref, codes, body, removed) in enumerate(told, start=1)
    ]  # fmt: skip
