"""Masks in words do what masks in bytes do, away from their edges; lines of dust go."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bti_docs.inbox import bits, morphology
from bti_docs.inbox.morphology import Mask
from bti_docs.inbox.streaks import without_streaks

ODD = st.sampled_from([1, 3, 5, 13, 37, 61])
EDGE = 70


@st.composite
def masks(draw: st.DrawFn) -> Mask:
    height, width = draw(st.integers(1, 30)), draw(st.integers(1, 150))
    ink = np.random.default_rng(draw(st.integers(0, 1000))).random((height, width)) < 0.6
    return np.pad(ink, EDGE)


@settings(deadline=None)
@given(masks(), ODD, ODD)
def test_growing_and_shrinking_are_the_same_as_on_bytes(
    mask: Mask, height: int, width: int
) -> None:
    packed, wide = bits.pack(mask), mask.shape[1]
    grown = bits.unpack(bits.grown(packed, height, width), wide)
    assert np.array_equal(grown, morphology.widen(mask, height, width))
    shrunk = bits.unpack(bits.shrunk(packed, height, width), wide)
    bytes_shrunk = morphology.erode(mask.view(np.uint8), height, width).view(np.bool_)
    assert np.array_equal(shrunk, bytes_shrunk)


@settings(deadline=None)
@given(masks(), ODD)
def test_runs_specks_and_counts_are_the_same_as_on_bytes(mask: Mask, length: int) -> None:
    packed, wide = bits.pack(mask), mask.shape[1]
    assert np.array_equal(bits.unpack(packed, wide), mask)
    assert np.array_equal(bits.unpack(bits.runs(packed, length), wide),
                          morphology.runs(mask, length))  # fmt: skip
    assert np.array_equal(bits.unpack(bits.without_specks(packed), wide),
                          morphology.without_specks(mask))  # fmt: skip
    assert int(bits.octet_counts(packed).sum()) == int(mask.sum())


@pytest.mark.parametrize("axis", [0, 1])
def test_a_line_of_dust_across_the_page_is_filled_and_a_short_one_stays(axis: int) -> None:
    page = np.full((400, 300), 240, dtype=np.uint8)
    page[150:152] = 120
    page[250:252, 40:120] = 120
    turned = page if axis == 0 else np.ascontiguousarray(page.T)
    clean = without_streaks(turned)
    upright = clean if axis == 0 else clean.T
    assert int(upright[150:152].min()) == 240
    assert int(upright[250:252, 40:120].max()) == 120


def test_a_picture_smaller_than_a_line_of_dust_is_left_alone() -> None:
    tiny = np.zeros((5, 5), dtype=np.uint8)
    assert np.array_equal(without_streaks(tiny), tiny)
