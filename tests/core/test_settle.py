"""When a file in the inbox counts as still."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bti_docs.core.settle import Seen, Stat, settle

STATS = st.builds(Stat, st.integers(0, 5), st.integers(0, 5))
LISTINGS = st.dictionaries(st.sampled_from("abcd"), STATS)


def test_a_file_is_ready_when_it_has_been_still_for_the_quiet_time() -> None:
    listing = {"a.pdf": Stat(10, 1)}
    seen, ready = settle({}, listing, now=100.0, quiet=10.0)
    assert ready == ()
    seen, ready = settle(seen, listing, now=109.9, quiet=10.0)
    assert ready == ()
    _, ready = settle(seen, listing, now=110.0, quiet=10.0)
    assert ready == ("a.pdf",)


def test_a_page_added_by_the_scanner_starts_the_quiet_time_again() -> None:
    seen, _ = settle({}, {"a.pdf": Stat(10, 1)}, now=0.0, quiet=10.0)
    seen, ready = settle(seen, {"a.pdf": Stat(20, 2)}, now=10.0, quiet=10.0)
    assert ready == ()
    assert seen == {"a.pdf": Seen(Stat(20, 2), 10.0)}


def test_an_empty_file_waits_for_ever_and_a_gone_one_is_forgotten() -> None:
    seen, ready = settle({}, {"a.pdf": Stat(0, 1)}, now=0.0, quiet=0.0)
    assert ready == ()
    assert settle(seen, {}, now=99.0, quiet=0.0) == ({}, ())


@given(st.lists(LISTINGS, min_size=1, max_size=8), st.integers(0, 4))
def test_ready_means_unchanged_in_every_listing_of_the_quiet_time(
    listings: list[dict[str, Stat]], quiet: int
) -> None:
    seen: dict[str, Seen] = {}
    ready: tuple[str, ...] = ()
    for second, listing in enumerate(listings):
        seen, ready = settle(seen, listing, float(second), float(quiet))
    last = listings[-1]
    window = listings[max(0, len(listings) - 1 - quiet) :]
    still = {
        path
        for path, stat in last.items()
        if stat.size and len(window) > quiet and all(one.get(path) == stat for one in window)
    }
    assert set(ready) == still
    assert set(seen) == set(last)
