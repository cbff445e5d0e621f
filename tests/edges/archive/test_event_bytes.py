from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bti_docs.core.events import (
    OFFICE,
    ChainId,
    Event,
    event_bytes,
    parse_event,
)
from bti_docs.errors import IntegrityError

neutral = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=12)
value = st.recursive(
    st.none() | st.booleans() | st.integers() | neutral,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(neutral, inner, max_size=3),
    max_leaves=6,
)


@given(
    st.builds(
        Event,
        chain=st.sampled_from([ChainId("2026-0147"), ChainId("E07-TVT-2026"), OFFICE]),
        n=st.integers(1, 999_999),
        prev=st.just("") | st.text("0123456789abcdef", min_size=64, max_size=64),
        at=st.datetimes(datetime(2000, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
            lambda at: at.replace(microsecond=0)
        ),
        actor=neutral,
        program=st.just("bti-docs 1.0.0"),
        kind=neutral,
        ref=st.none() | neutral,
        data=st.none() | neutral,
        codes=st.dictionaries(neutral, value, max_size=4),
        more=st.dictionaries(st.sampled_from(["newer", "keys"]), value, max_size=2),
    )
)
def test_an_event_comes_back_as_it_was(event: Event) -> None:
    data = event_bytes(event)
    assert parse_event(data) == event
    assert event_bytes(parse_event(data)) == data
    assert data.endswith(b"}\n")
    assert data.count(b"\n") == 1


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_do_more_than_be_unreadable(data: bytes) -> None:
    with pytest.raises(IntegrityError):
        parse_event(data)
